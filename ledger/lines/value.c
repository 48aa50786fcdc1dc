/* SPDX-License-Identifier: MIT */
/*
 * value.c - one line of JSON as a tree (RFC 8259).
 *
 * In: a line. Out: its values, in the line's own bytes: a copy of the line in which texts end with NUL in place of
 * their quotation marks, and a row of numbers for each value. Refused: invalid JSON or UTF-8, NUL in a text, and values
 * nested more than 64 deep. doc/ledger.md says why it is not jansson.
 */
#include "lines/value.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 16 * 1024, FIRST_VALUES = 512 };

/* Positions are offsets, because the memory may move as it grows. */
struct value {
    uint32_t name, name_length;
    uint32_t text;  /* where a text or number begins */
    uint32_t first; /* first member of an array, or of an object, whose members are in reverse order */
    uint32_t next;  /* 0: none */
    enum value_type type;
};

static struct {
    char *bytes;
    size_t room;
    struct value *values; /* number 0 means none, number 1 is the line's own value */
    uint32_t count, capacity;
    const char *problem;
} tree;

struct json_place {
    char *at;
    int depth;
};

static bool fail(const char *problem)
{
    if (!tree.problem)
        tree.problem = problem;
    return false;
}

const char *value_problem(void)
{
    return tree.problem;
}

void value_free(void)
{
    free(tree.bytes);
    free(tree.values);
    memset(&tree, 0, sizeof tree);
}

/* Returns 0 if memory runs out. */
static uint32_t add(void)
{
    if (tree.count == tree.capacity) {
        uint32_t capacity = tree.capacity ? 2 * tree.capacity : FIRST_VALUES;
        struct value *more = realloc(tree.values, capacity * sizeof *more);
        if (!more)
            return fail("there is no memory for it");
        tree.values = more;
        tree.capacity = capacity;
    }
    tree.values[tree.count] = (struct value){0};
    return tree.count++;
}

static void skip_blanks(struct json_place *p)
{
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

/* ------------------------------------------------------------------ texts */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* \uXXXX, from the first X. -1: not hexadecimal. */
static int32_t code_unit(const char *at)
{
    int32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static char *put_utf8(char *to, int32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    *to++ = (char)((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | c >> 6 * more);
    while (more-- > 0)
        *to++ = (char)(0x80 | (c >> 6 * more & 0x3f));
    return to;
}

/* After "\u"; the decoded character is never longer. */
static bool read_unit(struct json_place *p, char **to)
{
    int32_t c = code_unit(p->at), low;
    if (c <= 0)
        return fail(c == 0 ? "a text with NUL in it" : "\\u without four digits");
    p->at += 4;
    if (c >= 0xd800 && c < 0xdc00 && p->at[0] == '\\' && p->at[1] == 'u' && (low = code_unit(p->at + 2)) >= 0xdc00 &&
        low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        p->at += 6;
    }
    if (c >= 0xd800 && c < 0xe000)
        return fail("half of a surrogate pair");
    *to = put_utf8(*to, c);
    return true;
}

static bool read_escape(struct json_place *p, char **to)
{
    static const char from[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    char c = *++p->at;
    const char *found = c ? strchr(from, c) : NULL;
    if (c)
        p->at++;
    if (c == 'u')
        return read_unit(p, to);
    if (!found)
        return fail("an escape that JSON does not have");
    *(*to)++ = means[found - from];
    return true;
}

/* Bytes of the character that begins here; 0: invalid (RFC 3629). */
static int utf8_bytes(const unsigned char *s)
{
    int more = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : s[0] < 0xf5 ? 3 : 0;
    bool is_short = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool is_beyond = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
    for (int i = 1; i <= more; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return more == 0 || is_short || is_beyond ? 0 : more + 1;
}

int value_utf8_bytes(const char *text)
{
    return (unsigned char)*text < 0x80 ? 1 : utf8_bytes((const unsigned char *)text);
}

/* A character outside ASCII. */
static bool read_wide(struct json_place *p, char **to)
{
    unsigned char c = (unsigned char)*p->at;
    int bytes = c >= 0x80 ? utf8_bytes((unsigned char *)p->at) : 0;
    for (int i = 0; i < bytes; i++)
        *(*to)++ = *p->at++;
    return bytes > 0 || fail(c >= 0x80 ? "a text that is not UTF-8"
                             : c       ? "a text with a control character in it"
                                       : "an unfinished text");
}

/* Bytes that need no decoding. */
static const bool is_plain[256] = {[' '] = true, [0x21] = true, [0x23 ... 0x5b] = true, [0x5d ... 0x7f] = true};

static char *plain_end(char *at)
{
    while (is_plain[(unsigned char)*at])
        at++;
    return at;
}

/* Starts at the quotation mark. Sets where the text begins, and its length. */
static bool read_text(struct json_place *p, uint32_t *begin, uint32_t *length)
{
    char *to = ++p->at, *first = to;
    for (;;) {
        char *end = plain_end(p->at);
        size_t plain = (size_t)(end - p->at);
        if (to != p->at)
            memmove(to, p->at, plain);
        to += plain;
        p->at = end;
        unsigned char c = (unsigned char)*end; /* decoded bytes may overwrite it */
        if (c == '"')
            break;
        if (c == '\\' ? !read_escape(p, &to) : !read_wide(p, &to))
            return false;
    }
    p->at++;
    *to = '\0';
    *begin = (uint32_t)(first - tree.bytes);
    *length = (uint32_t)(to - first);
    return true;
}

/* --------------------------------------------------------------- numbers */

static bool read_digits(struct json_place *p)
{
    char *begin = p->at;
    while (*p->at >= '0' && *p->at <= '9')
        p->at++;
    return p->at > begin;
}

static bool read_number(struct json_place *p, struct value *v)
{
    v->text = (uint32_t)(p->at - tree.bytes);
    v->type = VALUE_INTEGER;
    p->at += *p->at == '-';
    bool right = *p->at == '0' ? ++p->at != NULL : read_digits(p);
    if (right && *p->at == '.') {
        v->type = VALUE_REAL;
        p->at++;
        right = read_digits(p);
    }
    if (right && (*p->at | 32) == 'e') {
        v->type = VALUE_REAL;
        p->at++;
        p->at += *p->at == '+' || *p->at == '-';
        right = read_digits(p);
    }
    return right || fail("not a valid number");
}

static bool read_word(struct json_place *p, struct value *v)
{
    static const struct {
        const char *word;
        enum value_type type;
    } words[] = {{"null", VALUE_NULL}, {"true", VALUE_TRUE}, {"false", VALUE_FALSE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);
        if (strncmp(p->at, words[i].word, length) == 0) {
            p->at += length;
            v->type = words[i].type;
            return true;
        }
    }
    return fail(*p->at ? "not a value" : "it ends too early");
}

/* ------------------------------------------------------ arrays, objects */

static uint32_t read_value(struct json_place *p);

/* Reads a member of an object, from its name on. */
static uint32_t read_member(struct json_place *p)
{
    uint32_t name, length;
    if (*p->at != '"')
        return fail("a member without a name");
    if (!read_text(p, &name, &length))
        return 0;
    skip_blanks(p);
    if (*p->at++ != ':')
        return fail("a name without a value");
    skip_blanks(p);
    uint32_t member = read_value(p);
    tree.values[member].name = name;
    tree.values[member].name_length = length;
    return member;
}

/* Reads from the bracket on. The last member of an object comes first, so that it is found first. */
static bool read_members(struct json_place *p, uint32_t whole, bool is_object)
{
    char end = is_object ? '}' : ']';
    tree.values[whole].type = is_object ? VALUE_OBJECT : VALUE_ARRAY;
    p->at++;
    skip_blanks(p);
    if (*p->at == end) {
        p->at++;
        return true;
    }
    for (uint32_t before = 0;; p->at++, skip_blanks(p)) {
        uint32_t member = is_object ? read_member(p) : read_value(p);
        if (!member)
            return false;
        if (is_object || !before) {
            tree.values[member].next = tree.values[whole].first;
            tree.values[whole].first = member;
        } else
            tree.values[before].next = member;
        before = member;
        skip_blanks(p);
        if (*p->at == end)
            break;
        if (*p->at != ',')
            return fail(is_object ? "an unfinished object" : "an unfinished array");
    }
    p->at++;
    return true;
}

/* Returns the number of the value; 0: invalid. */
static uint32_t read_value(struct json_place *p)
{
    uint32_t number = add(), length;
    bool right = number != 0;
    if (!right)
        return 0;
    if (*p->at == '{' || *p->at == '[') {
        right = ++p->depth <= VALUE_DEPTH || fail("values nested too deep");
        right = right && read_members(p, number, *p->at == '{');
        p->depth--;
    } else if (*p->at == '"') {
        uint32_t begin = 0;
        right = read_text(p, &begin, &length);
        tree.values[number].text = begin;
        tree.values[number].type = VALUE_TEXT;
    } else if (*p->at == '-' || (*p->at >= '0' && *p->at <= '9')) {
        right = read_number(p, &tree.values[number]);
    } else {
        right = read_word(p, &tree.values[number]);
    }
    return right ? number : 0;
}

static bool make_room(size_t length)
{
    size_t room = tree.room ? tree.room : FIRST_BYTES;
    while (room <= length)
        room *= 2;
    char *more = room > tree.room ? realloc(tree.bytes, room) : tree.bytes;
    if (!more)
        return fail("there is no memory for it");
    tree.bytes = more;
    tree.room = room;
    return true;
}

const struct value *value_read(const char *line, size_t length)
{
    tree.count = 0;
    tree.problem = NULL;
    if (!make_room(length))
        return NULL;
    memcpy(tree.bytes, line, length);
    tree.bytes[length] = '\0';
    add(); /* number 0 means none */
    struct json_place p = {.at = tree.bytes};
    skip_blanks(&p);
    uint32_t root = read_value(&p);
    skip_blanks(&p);
    if (root && p.at != tree.bytes + length)
        root = fail("something after its end");
    return root ? &tree.values[root] : NULL;
}

/* ----------------------------------------------------------------- access */

enum value_type value_type(const struct value *v)
{
    return v ? v->type : VALUE_NULL;
}

static const struct value *at(uint32_t number)
{
    return number ? &tree.values[number] : NULL;
}

const struct value *value_get(const struct value *v, const char *name)
{
    size_t length = strlen(name);
    if (value_type(v) != VALUE_OBJECT)
        return NULL;
    for (v = at(v->first); v; v = at(v->next))
        if (v->name_length == length && memcmp(tree.bytes + v->name, name, length) == 0)
            break;
    return v;
}

const struct value *value_first(const struct value *v)
{
    return value_type(v) == VALUE_ARRAY ? at(v->first) : NULL;
}

const struct value *value_next(const struct value *v)
{
    return at(v->next);
}

const char *value_text(const struct value *v)
{
    return value_type(v) == VALUE_TEXT ? tree.bytes + v->text : NULL;
}

int64_t value_integer(const struct value *v)
{
    return value_type(v) == VALUE_INTEGER ? strtoll(tree.bytes + v->text, NULL, 10) : 0;
}
