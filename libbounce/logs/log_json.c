/* SPDX-License-Identifier: MIT */
/*
 * log_json.c - values of a line that is one JSON object (RFC 8259).
 *
 * In: a line, and the name of a value. Out: the value as text. The line is scanned once for each value, without
 * building a tree: only few values of a record are needed. Refused: lines deeper than LIMIT_LOG_JSON_DEPTH, or not an
 * object, have no values.
 */
#include "logs/log_json.h"

#include "base/limits.h"

#include <stdint.h>

static void skip_space(struct span *s)
{
    while (s->n && ascii_is_space(s->s[0]))
        s->s++, s->n--;
}

/* Takes a string with its quotes. False if it has no end. */
static bool take_string(struct span *s, struct span *raw)
{
    if (!s->n || s->s[0] != '"')
        return false;
    for (size_t i = 1; i < s->n; i++) {
        if (s->s[i] == '\\') {
            i++;
        } else if (s->s[i] == '"') {
            *raw = span_of(s->s + 1, i - 1);
            *s = span_of(s->s + i + 1, s->n - i - 1);
            return true;
        }
    }
    return false;
}

/* Takes one value of any kind. */
static bool take_value(struct span *s, struct span *value)
{
    size_t depth = 0;
    const char *start;
    struct span raw;
    skip_space(s);
    start = s->s;
    do {
        skip_space(s);
        if (!s->n)
            return false;
        char c = s->s[0];
        if (c == '"') {
            if (!take_string(s, &raw))
                return false;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_LOG_JSON_DEPTH)
                return false;
            s->s++, s->n--;
        } else if (c == '}' || c == ']') {
            if (!depth--)
                return false;
            s->s++, s->n--;
        } else if (c == ',' || c == ':') {
            if (!depth)
                return false;
            s->s++, s->n--;
        } else {
            while (s->n && !memchr(",:{}[]\" \t", s->s[0], 9))
                s->s++, s->n--;
        }
    } while (depth);
    *value = span_of(start, (size_t)(s->s - start));
    return value->n > 0;
}

/* The member of this name; false if there is none. */
static bool find_member(struct span object, struct span name, struct span *value)
{
    struct span key;
    skip_space(&object);
    if (!object.n || object.s[0] != '{')
        return false;
    object.s++, object.n--;
    for (;;) {
        skip_space(&object);
        if (!take_string(&object, &key))
            return false;
        skip_space(&object);
        if (!object.n || object.s[0] != ':')
            return false;
        object.s++, object.n--;
        if (!take_value(&object, value))
            return false;
        if (key.n == name.n && memcmp(key.s, name.s, name.n) == 0)
            return true;
        skip_space(&object);
        if (!object.n || object.s[0] != ',')
            return false;
        object.s++, object.n--;
    }
}

/* The item of this number in an array; false if there is none. */
static bool find_item(struct span array, struct span number, struct span *value)
{
    if (!number.n || number.n > 4 || !ascii_is_digit(number.s[0]))
        return false;
    int left = 0;
    for (size_t i = 0; i < number.n && ascii_is_digit(number.s[i]); i++)
        left = left * 10 + number.s[i] - '0';
    array.s++, array.n--;
    for (; left >= 0; left--) {
        skip_space(&array);
        if (!array.n || array.s[0] == ']' || !take_value(&array, value))
            return false;
        skip_space(&array);
        if (array.n && array.s[0] == ',')
            array.s++, array.n--;
    }
    return true;
}

static int hex4(struct span s, size_t at, uint32_t *value)
{
    *value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < s.n ? ascii_lower(s.s[i]) : '\0';
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return 0;
        *value = *value << 4 | (uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return 4;
}

/* "\u00e9", at its u; how many bytes were read. */
static size_t put_unicode(struct strbuf *b, struct span s, size_t at)
{
    uint32_t high, low;
    if (!hex4(s, at + 1, &high))
        return 1;
    size_t used = 5;
    if (high >= 0xd800 && high < 0xdc00 && at + 6 < s.n && s.s[at + 5] == '\\' && s.s[at + 6] == 'u' &&
        hex4(s, at + 7, &low) && low >= 0xdc00 && low < 0xe000) {
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        used = 11;
    }
    strbuf_putu(b, high == 0 || (high >= 0xd800 && high < 0xe000) ? 0xfffd : high);
    return used;
}

static struct span decode(struct arena *a, struct span raw)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    if (!raw.n || !memchr(raw.s, '\\', raw.n))
        return raw;
    struct strbuf b;
    strbuf_init(&b, a);
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.s[i] != '\\' || i + 1 == raw.n) {
            strbuf_putc(&b, raw.s[i]);
            continue;
        }
        const char *escape = memchr(from, raw.s[++i], sizeof from - 1);
        if (raw.s[i] == 'u')
            i += put_unicode(&b, raw, i) - 1;
        else
            strbuf_putc(&b, escape ? to[escape - from] : raw.s[i]);
    }
    return span_of(b.s, b.n);
}

/* "[112,111,115]" */
static struct span decode_bytes(struct arena *a, struct span array)
{
    struct strbuf b;
    strbuf_init(&b, a);
    for (size_t i = 1; i < array.n; i++) {
        unsigned value = 0;
        size_t digits = 0;
        for (; i < array.n && ascii_is_digit(array.s[i]) && value < 256; i++, digits++)
            value = value * 10 + (unsigned)(array.s[i] - '0');
        if (digits)
            strbuf_putc(&b, value && value < 256 ? (char)value : '?');
    }
    return span_of(b.s, b.n);
}

static struct span as_text(struct arena *a, struct span value)
{
    struct span raw;
    if (value.n && value.s[0] == '"')
        return take_string(&value, &raw) ? decode(a, raw) : span_of(NULL, 0);
    if (value.n > 1 && value.s[0] == '[') {
        if (ascii_is_digit(value.s[1]))
            return decode_bytes(a, value);
        struct span rest = span_of(value.s + 1, value.n - 1), first;
        return take_value(&rest, &first) && first.s[0] != '[' ? as_text(a, first) : span_of(NULL, 0);
    }
    bool nothing = !value.n || value.s[0] == '{' || value.s[0] == '[' || span_equal_nocase(value, "null");
    return nothing ? span_of(NULL, 0) : value;
}

struct span log_json(struct arena *a, struct span object, const char *path)
{
    while (*path) {
        size_t n = strcspn(path, ".");
        struct span name = span_of(path, n);
        bool found =
            object.n && object.s[0] == '[' ? find_item(object, name, &object) : find_member(object, name, &object);
        if (!found)
            return span_of(NULL, 0);
        path += n + (path[n] == '.');
    }
    return as_text(a, object);
}

bool log_json_is_whole(struct span line)
{
    struct span rest = line, value;
    if (!take_value(&rest, &value) || value.s[0] != '{')
        return false;
    skip_space(&rest);
    return rest.n == 0;
}
