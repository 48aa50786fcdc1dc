/* SPDX-License-Identifier: MIT */
/*
 * reply_codes.c - the codes of SMTP replies inside texts.
 *
 * In: one decoded text. Out: its reply codes and enhanced codes (RFC 2034) and
 * where they stand. Refused: numbers that only look like such codes. RFC 5321
 * 4.2, RFC 3463 2.
 */
#include "smtp/reply_codes.h"
#include "base/chunk.h"

#include <string.h>

/* A number of one to three digits at *i, which moves behind it. */
static inline bool read_number(struct span s, size_t *i, unsigned *number)
{
    size_t first = *i, end = s.n - first < 3 ? s.n : first + 3;
    *number = 0;
    for (; *i < end && ascii_is_digit(s.s[*i]); ++*i)
        *number = *number * 10 + (unsigned)(s.s[*i] - '0');
    return *i > first;
}

bool enhanced_parse(struct span s, struct enhanced *out, size_t *used)
{
    size_t i = 2;
    unsigned subject, detail;
    if (s.n < 5 || s.s[1] != '.' || (s.s[0] != '2' && s.s[0] != '4' && s.s[0] != '5'))
        return false;
    if (!read_number(s, &i, &subject) || i == s.n || s.s[i++] != '.' || !read_number(s, &i, &detail))
        return false;
    /* 5.1.1.7 is an address or a version, 5.1.1000 is nothing. */
    if (i < s.n && (ascii_is_digit(s.s[i]) || (s.s[i] == '.' && i + 1 < s.n && ascii_is_digit(s.s[i + 1]))))
        return false;
    if (subject > 9) /* subjects are 0 to 7 by the registry; some MTAs invent 8 and 9 */
        return false;
    *out = (struct enhanced){(uint16_t)(s.s[0] - '0'), (uint16_t)subject, (uint16_t)detail};
    if (used)
        *used = i;
    return true;
}

bool enhanced_is_generic(struct enhanced e)
{
    return e.subject == 0 && e.detail == 0;
}

static char *put_long_number(char *at, unsigned number)
{
    if (number >= 10)
        at = put_long_number(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

/* Nearly all have one digit. */
static inline char *put_number(char *at, unsigned number)
{
    if (number >= 10)
        return put_long_number(at, number);
    *at = (char)('0' + number);
    return at + 1;
}

char *enhanced_format(struct arena *a, struct enhanced e)
{
    char *text = arena_alloc(a, 3 * sizeof "65535"), *at = text;
    at = put_number(at, e.class_);
    *at++ = '.';
    at = put_number(at, e.subject);
    *at++ = '.';
    at = put_number(at, e.detail);
    *at = '\0';
    return text;
}

/* The word that ends before i is one that reports put in front of codes. */
static bool word_introduces(const char *s, size_t i)
{
    static const struct {
        char text[11];
        unsigned char n;
    } words[] = {{"said", 4},     {"code", 4},    {"error", 5},   {"with", 4},        {"reply", 5},  {"response", 8},
                 {"returned", 8}, {"status", 6},  {"returns", 7}, {"was", 3},         {"is", 2},     {"replied", 7},
                 {"by", 2},       {"message", 7}, {"smtp", 4},    {"failure", 7},     {"result", 6}, {"reason", 6},
                 {"rejected", 8}, {"err", 3},     {"rcpt", 4},    {"diagnostic", 10}, {"data", 4},   {"closing", 7},
                 {"mail", 4},     {"connect", 7}};
    size_t n = 0;
    while (n < i && n < sizeof words->text && ascii_is_alnum(s[i - n - 1]))
        n++;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (words[w].n == n && span_starts_nocase(span_of(s + i - n, n), words[w].text))
            return true;
    return false;
}

/* True if the text before i introduces a reply code: it is the beginning, or a
 * mark or word that reports put in front of codes. */
static bool introduces_code(const char *s, size_t i)
{
    size_t k = i;
    while (k && (s[k - 1] == ' ' || s[k - 1] == '\t'))
        k--;
    if (!k)
        return true;
    switch (s[k - 1]) {
    case '.': /* a new sentence */
    case '/':
    case '-': return k < i;
    case '\n':
    case '\0':
    case ':':
    case ';':
    case '\'':
    case '"':
    case '<':
    case '>':
    case '#':
    case '(':
    case '`':
    case '[':
    case '{':
    case ',':
    case '=':
    case '*':
    case '|':
    case ']':
    case ')': return true;
    default: return ascii_is_alpha(s[k - 1]) && word_introduces(s, k);
    }
}

static bool joins_enhanced(char c)
{
    return c == ' ' || c == '\t' || c == '-' || c == '#' || c == '(' || c == ':' || c == '[' || c == '=';
}

/* "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550 (5.1.1)", "#550 5.1.1": the enhanced code behind. */
size_t reply_enhanced_after(struct span t, size_t i, struct enhanced *status)
{
    size_t k = i;
    while (k < t.n && k < i + 4 && joins_enhanced(t.s[k]))
        k++;
    size_t used;
    if (k > i && enhanced_parse(span_of(t.s + k, t.n - k), status, &used))
        return k + used;
    return i;
}

/* A code that MTAs really write, and a hyphen that opens a quoted text: 550-'Unknown user'. */
static bool opens_quote(struct span t, size_t i)
{
    int tens = t.s[i + 1] - '0';
    return i + 5 < t.n && t.s[i + 3] == '-' && (t.s[i + 4] == '\'' || t.s[i + 4] == '"') &&
           (tens == 5 || tens == 2 || tens == 0);
}

/* "(538F24E6)": letters and digits go on behind the three digits. */
static bool is_identifier(struct span t, size_t i)
{
    while (i < t.n && ascii_is_alpha(t.s[i]))
        i++;
    return i < t.n && ascii_is_digit(t.s[i]);
}

/* Tries a reply code at i. */
static bool read_start(struct span t, size_t i, struct reply_start *out)
{
    if (!reply_code_at(t.s + i, t.n - i))
        return false;
    if (i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '.' || t.s[i - 1] == '-' || t.s[i - 1] == '_'))
        if (!(t.s[i - 1] == '.' && i > 1 && ascii_is_alpha(t.s[i - 2]) &&
              reply_enhanced_after(t, i + 3, &out->status) > i + 3))
            return false;
    char next = i + 3 < t.n ? t.s[i + 3] : '\0';
    if (ascii_is_digit(next) || next == '.' || next == '_' || next == '/' || next == '%' || next == '@')
        if (!(next == '.' && (i + 4 >= t.n || !ascii_is_alnum(t.s[i + 4]))))
            return false;
    *out = (struct reply_start){.at = i, .end = i + 3, .code = 0};
    out->end = reply_enhanced_after(t, i + 3, &out->status);
    if (out->end == i + 3) { /* without a status, only where a reply may begin */
        out->status = (struct enhanced){0};
        bool introduced = introduces_code(t.s, i);
        if (!introduced && !opens_quote(t, i))
            return false;
        /* Glued text: "550User unknown". */
        if (ascii_is_alpha(next) && (!introduced || is_identifier(t, i + 3)))
            return false;
    }
    out->code = (t.s[i] - '0') * 100 + (t.s[i + 1] - '0') * 10 + (t.s[i + 2] - '0');
    return true;
}

/* An enhanced code that stands without a reply code: "#5.1.1", "(#4.4.3)", "5.7.1 Access denied". */
static bool read_bare_status(struct span t, size_t i, struct reply_start *out)
{
    size_t used;
    if (i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '.' || t.s[i - 1] == '/' || t.s[i - 1] == '_'))
        return false;
    if (i && t.s[i - 1] == '-' && !(i > 1 && t.s[i - 2] == ' '))
        return false;
    struct enhanced e;
    if (!enhanced_parse(span_of(t.s + i, t.n - i), &e, &used))
        return false;
    char next = i + used < t.n ? t.s[i + used] : '\0';
    if (ascii_is_alnum(next) || next == '_' || next == '/' ||
        (next == '-' && i + used + 1 < t.n && ascii_is_alnum(t.s[i + used + 1])))
        return false;
    /* "version 5.1.1", "Postfix 2.0.1" and the like are no status. */
    size_t k = i;
    while (k && t.s[k - 1] == ' ')
        k--;
    if (k != i && k && (ascii_is_alpha(t.s[k - 1]))) {
        static const char *const no[] = {"version", "exim", "postfix", "sendmail",     "release",
                                         "v",       "mime", "v8",      "spamassassin", NULL};
        for (size_t w = 0; no[w]; w++) {
            size_t n = strlen(no[w]);
            if (k >= n && span_equal_nocase(span_of(t.s + k - n, n), no[w]))
                return false;
        }
    }
    *out = (struct reply_start){.at = i, .end = i + used, .code = 0, .status = e};
    return true;
}

/* Where a code may begin among the bytes from i on: a 2, 4 or 5 in front of a
 * digit or a dot, and not inside of a word or number. */
static unsigned possible_starts(struct span t, size_t i)
{
    size_t n = t.n - i;
    chunk c = n >= CHUNK ? chunk_load(t.s + i) : chunk_load_part(t.s + i, n);
    unsigned digits = chunk_bits(chunk_equal(c, '2') | chunk_equal(c, '4') | chunk_equal(c, '5'));
    if (!digits)
        return 0;
    unsigned before = i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '_');
    chunk numeric = chunk_in_range(c, '0', 10);
    unsigned word = chunk_bits(numeric | chunk_in_range(chunk_lower_letters(c), 'a', 26) | chunk_equal(c, '_'));
    unsigned follows = chunk_bits(numeric | chunk_equal(c, '.'));
    return digits & ~(word << 1 | before) & (follows >> 1 | 1u << (CHUNK - 1));
}

size_t reply_find_starts(struct span t, struct reply_start starts[REPLY_STARTS_MAX], bool *repeats)
{
    size_t count = 0, next = 0;
    *repeats = false;
    for (size_t base = 0; base + 3 <= t.n; base += CHUNK) {
        for (unsigned bits = possible_starts(t, base); bits; bits &= bits - 1) {
            size_t i = base + chunk_first(bits);
            if (i + 3 > t.n)
                continue;
            *repeats |= i && memcmp(t.s + i, t.s, 3) == 0;
            if (i < next)
                continue;
            if (!read_start(t, i, &starts[count]) && !read_bare_status(t, i, &starts[count]))
                continue;
            next = starts[count++].end;
            if (count == REPLY_STARTS_MAX) {
                *repeats = true; /* for all that is known */
                return count;
            }
        }
    }
    return count;
}
