/* SPDX-License-Identifier: MIT */
/*
 * reply_codes.c - the codes of SMTP replies in texts; see reply_codes.h.
 *
 * In: one decoded text. Out: its reply codes and enhanced codes, and where they
 * are (RFC 5321 4.2, RFC 2034). Refused: numbers that only look like codes.
 */
#include "smtp/reply_codes.h"
#include "base/chunk.h"

#include <string.h>

/* True if the word before i is one that reports put before codes. */
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
    for (size_t w = 0; w < COUNT(words); w++)
        if (words[w].n == n && span_starts_nocase(span_of(s + i - n, n), words[w].text))
            return true;
    return false;
}

/* True if a Chinese or Japanese colon, comma, bracket or full stop (U+FF1A and so on) ends at i. */
static bool ends_wide_mark(const char *s, size_t i)
{
    static const char marks[][4] = {"\xef\xbc\x9a", "\xef\xbc\x8c", "\xef\xbc\x88", "\xe3\x80\x82", "\xe3\x80\x8c"};
    bool is = false;
    for (size_t m = 0; i >= 3 && m < COUNT(marks); m++)
        is |= memcmp(s + i - 3, marks[m], 3) == 0;
    return is;
}

/* "joe@example.net 550 No such user": the address that ends at i is all that precedes the code on its line. */
static bool address_leads(const char *s, size_t i)
{
    enum { ADDRESS_BYTES = 254 };
    size_t k = i;
    bool at = false;
    for (; k && i - k < ADDRESS_BYTES && s[k - 1] != ' ' && s[k - 1] != '\t' && s[k - 1] != '\n'; k--)
        at |= s[k - 1] == '@';
    while (at && k && (s[k - 1] == ' ' || s[k - 1] == '\t'))
        k--;
    return at && (!k || s[k - 1] == '\n');
}

/* True if a reply code may begin at i: at the start of the text, or after a word or
 * punctuation that reports put before codes. */
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
    // clang-format off
    case '\n': case '\0': case ':': case ';': case '\'': case '"': case '<': case '>': case '#': case '(':
    case '`': case '[': case '{': case ',': case '=': case '*': case '|': case ']': case ')': return true;
    // clang-format on
    default: return ascii_is_alpha(s[k - 1]) ? word_introduces(s, k) || address_leads(s, k) : ends_wide_mark(s, k);
    }
}

static bool joins_enhanced(char c)
{
    return c == ' ' || c == '\t' || c == '-' || c == '#' || c == '(' || c == ':' || c == '[' || c == '=';
}

/* "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550 (5.1.1)", "#550 5.1.1" */
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

/* True for a code that is in use, with a hyphen that opens a quoted text: 550-'Unknown user'. */
static bool opens_quote(struct span t, size_t i)
{
    int tens = t.s[i + 1] - '0';
    return i + 5 < t.n && t.s[i + 3] == '-' && (t.s[i + 4] == '\'' || t.s[i + 4] == '"') &&
           (tens == 5 || tens == 2 || tens == 0);
}

/* "(538F24E6)": letters and digits follow the three digits. */
static bool is_identifier(struct span t, size_t i)
{
    while (i < t.n && ascii_is_alpha(t.s[i]))
        i++;
    return i < t.n && ascii_is_digit(t.s[i]);
}

/* True if a reply code may begin at i, judging by what precedes it: even after a word
 * and a dot, if an enhanced code follows. */
static bool may_begin_at(struct span t, size_t i)
{
    if (!i)
        return true;
    char before = t.s[i - 1];
    struct enhanced e;
    if (before == '.')
        return i > 1 && ascii_is_alpha(t.s[i - 2]) && reply_enhanced_after(t, i + 3, &e) > i + 3;
    return !ascii_is_alnum(before) && before != '-' && before != '_';
}

/* True if a reply code may end at i: no longer number, name, path or address continues there. */
static bool may_end_at(struct span t, size_t i)
{
    char next = i < t.n ? t.s[i] : '\0';
    if (next == '.')
        return i + 1 >= t.n || !ascii_is_alnum(t.s[i + 1]);
    return !ascii_is_digit(next) && next != '_' && next != '/' && next != '%' && next != '@';
}

/* "exited with status 255", "error 221": the words before it say that the success code at i is not a reply's. */
static bool is_exit_status(struct span t, size_t i)
{
    enum { WORDS_BYTES = 40 };
    static const struct span programs[] = {SPAN("exit"),           SPAN("died"),   SPAN("terminated"),
                                           SPAN("mailer error"),   SPAN("signal"), SPAN("return code"),
                                           SPAN("returned status")};
    static const struct span failures[] = {SPAN("error"), SPAN("err"), SPAN("failure")};
    const size_t from = i > WORDS_BYTES ? i - WORDS_BYTES : 0;
    const struct span before = span_trim(span_of(t.s + from, i - from));
    if (t.s[i] != '2')
        return false;
    for (size_t w = 0; w < COUNT(programs); w++)
        if (span_find_word(before, programs[w]))
            return true;
    for (size_t w = 0; w < COUNT(failures); w++)
        if (span_ends_with(before, failures[w]))
            return true;
    return false;
}

/* "c=SE;a=400NET;p=OAK": a name in an X.400 address. */
static bool is_x400_value(struct span t, size_t i)
{
    return i > 1 && t.s[i - 1] == '=' && ascii_is_alpha(t.s[i - 2]) && (i == 2 || !ascii_is_alnum(t.s[i - 3]));
}

/* True if the three digits at i, which no enhanced code follows, are a reply code. */
static bool is_lone_code(struct span t, size_t i)
{
    bool introduced = introduces_code(t.s, i) && !is_exit_status(t, i);
    if (i + 3 < t.n && ascii_is_alpha(t.s[i + 3])) /* glued to the text: "550User unknown" */
        return introduced && !is_identifier(t, i + 3) && !is_x400_value(t, i);
    return introduced || opens_quote(t, i);
}

/* "498 No MX": a text that begins with a three-digit number is a reply, even if the code is not registered; the
 * first digit counts (RFC 5321 4.2.1). */
static bool is_own_code(struct span t, size_t i)
{
    return !i && t.n > 4 && (t.s[0] == '4' || t.s[0] == '5') && ascii_is_digit(t.s[1]) && ascii_is_digit(t.s[2]) &&
           t.s[3] == ' ' && ascii_is_alpha(t.s[4]);
}

static bool is_of_ipv6(char c)
{
    return c == ':' || ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

/* "[2607:f8b0:400d:c03::1b]": the digits at i are part of an IPv6 address. */
static bool is_in_ipv6(struct span t, size_t i)
{
    enum { ADDRESS_BYTES = 40 };
    size_t from = i, to = i, colons = 0;
    while (from && i - from < ADDRESS_BYTES && is_of_ipv6(t.s[from - 1]))
        colons += t.s[--from] == ':';
    while (to < t.n && to - i < ADDRESS_BYTES && is_of_ipv6(t.s[to]))
        colons += t.s[to++] == ':';
    return colons > 1 && !(from && ascii_is_alnum(t.s[from - 1])) && !(to < t.n && ascii_is_alnum(t.s[to]));
}

/* Reads the reply code at i, if there is one. */
static bool read_start(struct span t, size_t i, struct reply_start *out)
{
    const char *s = t.s + i;
    if (!(reply_code_at(s, t.n - i) || is_own_code(t, i)) || !may_begin_at(t, i) || !may_end_at(t, i + 3))
        return false;
    struct enhanced status = {0};
    size_t end = reply_enhanced_after(t, i + 3, &status);
    if (end == i + 3 && (!is_lone_code(t, i) || is_in_ipv6(t, i)))
        return false;
    *out = (struct reply_start){i, end, (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0'), status};
    return true;
}

/* "version 5.1.1", "Postfix 2.0.1" and the like before i: the number is not a status. */
static bool is_version(struct span t, size_t i)
{
    static const struct span products[] = {SPAN("version"),  SPAN("exim"),    SPAN("postfix"),
                                           SPAN("sendmail"), SPAN("release"), SPAN("v"),
                                           SPAN("mime"),     SPAN("v8"),      SPAN("spamassassin")};
    size_t k = i;
    while (k && t.s[k - 1] == ' ')
        k--;
    if (k == i || !k || !ascii_is_alpha(t.s[k - 1]))
        return false;
    for (size_t w = 0; w < COUNT(products); w++)
        if (span_ends_with(span_of(t.s, k), products[w]))
            return true;
    return false;
}

/* Reads an enhanced code that has no reply code: "#5.1.1", "(#4.4.3)", "5.7.1 Access denied". */
static bool read_bare_status(struct span t, size_t i, struct reply_start *out)
{
    size_t used;
    struct enhanced e;
    if (i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '.' || t.s[i - 1] == '/' || t.s[i - 1] == '_'))
        return false;
    if (i && t.s[i - 1] == '-' && !(i > 1 && t.s[i - 2] == ' '))
        return false;
    if (!enhanced_parse(span_of(t.s + i, t.n - i), &e, &used))
        return false;
    char next = i + used < t.n ? t.s[i + used] : '\0';
    if (ascii_is_alnum(next) || next == '_' || next == '/' || next == '@' ||
        (next == '-' && i + used + 1 < t.n && ascii_is_alnum(t.s[i + used + 1])))
        return false;
    if (is_version(t, i))
        return false;
    *out = (struct reply_start){.at = i, .end = i + used, .code = 0, .status = e};
    return true;
}

/* Where in the chunk at i a code may begin, as bits: at a 2, 4 or 5 that is followed by a
 * digit or a dot, and not inside a word or number. */
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

size_t reply_find_starts(struct span t, struct reply_start starts[LIMIT_REPLY_CODES], bool *repeats, bool *cut)
{
    size_t count = 0, next = 0;
    *repeats = *cut = false;
    for (size_t base = 0; base + 3 <= t.n; base += CHUNK) {
        for (unsigned bits = possible_starts(t, base); bits; bits &= bits - 1) {
            size_t i = base + chunk_first(bits);
            if (i + 3 > t.n)
                continue;
            *repeats |= i && memcmp(t.s + i, t.s, 3) == 0;
            if (i < next)
                continue;
            struct reply_start start;
            if (!read_start(t, i, &start) && !read_bare_status(t, i, &start))
                continue;
            if (count == LIMIT_REPLY_CODES) {
                *repeats = true; /* perhaps */
                *cut = true;
                return count;
            }
            starts[count++] = start;
            next = start.end;
        }
    }
    return count;
}
