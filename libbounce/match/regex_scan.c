/* SPDX-License-Identifier: MIT */
/*
 * regex_scan.c - reads a regular expression piece by piece, whatever it is made of.
 *
 * In: an expression that PCRE2 accepts. Out: its pieces, in order, each with how often it may occur. The flag (?x) and
 * \Q…\E are understood. Nothing is refused.
 */
#include "match/regex_scan.h"
#include "base/span.h"
#include "match/regex_token.h"

#include <string.h>

void regex_scan_init(struct regex_scan *scan, const char *source)
{
    *scan = (struct regex_scan){.source = source};
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* White space and comments of (?x); "(?#…)"; \E without \Q; an empty \Q\E. */
static size_t ignored(const struct regex_scan *scan, size_t at)
{
    const char *s = scan->source;
    for (size_t before = SIZE_MAX; before != at;) {
        before = at;
        if (begins(s + at, "\\Q\\E"))
            at += 4;
        else if (begins(s + at, "\\E"))
            at += 2;
        else if (begins(s + at, "(?#"))
            at += strcspn(s + at, ")") + (strchr(s + at, ')') != NULL);
        else if (scan->extended[scan->depth] && s[at] == '#')
            at += strcspn(s + at, "\n");
        else if (scan->extended[scan->depth] && s[at] && strchr(" \t\n\v\f\r", s[at]))
            at++;
    }
    return at;
}

/* --------------------------------------------------------------- repeats */

static uint32_t read_number(const char **s)
{
    uint32_t n = 0;
    for (; ascii_is_digit(**s); ++*s)
        n = n < 100000 ? n * 10 + (uint32_t)(**s - '0') : n;
    return n;
}

/* "{,5}" repeats since PCRE2 10.43. Before that it is plain text, whose last character may be repeated. */
static size_t read_open_braces(const char *s, struct regex_piece *piece)
{
    size_t n = 2 + strspn(s + 2, "0123456789");
    if (n == 2 || s[n] != '}')
        return 0;
    piece->min = 0;
    piece->max = REGEX_ENDLESS;
    return n + 1 + strspn(s + n + 1, "*+?");
}

/* "{2}", "{2,}", "{2,5}" */
static size_t read_braces(const char *s, struct regex_piece *piece)
{
    const char *at = s + 1;
    if (*at == ',')
        return read_open_braces(s, piece);
    if (!ascii_is_digit(*at))
        return 0;
    uint32_t min = read_number(&at), max = min;
    if (*at == ',') {
        at++;
        max = ascii_is_digit(*at) ? read_number(&at) : REGEX_ENDLESS;
    }
    if (*at != '}')
        return 0;
    piece->min = min;
    piece->max = max;
    return (size_t)(at + 1 - s);
}

static size_t read_repeat(const char *s, struct regex_piece *piece)
{
    size_t n = 1;
    switch (*s) {
    case '*':
        piece->min = 0;
        piece->max = REGEX_ENDLESS;
        break;
    case '+': piece->max = REGEX_ENDLESS; break;
    case '?': piece->min = 0; break;
    case '{': n = read_braces(s, piece); break;
    default: return 0;
    }
    if (n && s[n] == '+')
        piece->possessive = true;
    return n && (s[n] == '?' || s[n] == '+') ? n + 1 : n;
}

static void end_piece(struct regex_scan *scan, struct regex_piece *piece)
{
    bool repeatable =
        piece->kind != PIECE_OPEN && piece->kind != PIECE_LOOK && piece->kind != PIECE_OR && piece->kind != PIECE_END;
    size_t at = repeatable ? ignored(scan, piece->next) : piece->next, n = 0;
    if (repeatable)
        n = read_repeat(scan->source + at, piece);
    if (n)
        piece->next = at + n;
    scan->at = piece->next;
}

/* ---------------------------------------------------------------- groups */

/* "(?i)", "(?x-m:": whether (?x) is on from here. */
static void read_flags(const char *flags, bool *extended)
{
    bool on = true;
    if (*flags == '^')
        *extended = false;
    for (; *flags && strchr("^imsxnJaUDrT-", *flags); flags++) {
        on = *flags != '-' && on;
        if (*flags == 'x')
            *extended = on;
    }
}

static bool begins_flags(const char *s)
{
    return s[1] == '?' && s[2] && strchr("^imsxnJaUDrT-)", s[2]);
}

/* Reads what opens a group, up to its end: "(?:", "(?<name>", "(?i:". */
static void open_group(struct regex_scan *scan, struct regex_piece *piece, size_t end)
{
    const char *s = scan->source + piece->start;
    bool extended = scan->extended[scan->depth];
    piece->next = piece->end = end;
    piece->atomic = begins(s, "(?>");
    if (begins_flags(s))
        read_flags(s + 2, &extended);
    if (scan->depth == REGEX_NESTING_MAX)
        scan->failed = true;
    else
        scan->extended[++scan->depth] = extended;
}

/* Up to and including the parenthesis that closes it; there are none inside. */
static void pass_parenthesis(struct regex_scan *scan, struct regex_piece *piece, enum regex_piece_kind kind)
{
    const char *s = scan->source + piece->start;
    size_t n = strcspn(s, ")");
    piece->kind = kind;
    piece->next = piece->end = piece->start + n + (s[n] != '\0');
}

/* "(?x)" holds up to the end of the group around it. */
static void set_flags(struct regex_scan *scan, struct regex_piece *piece)
{
    read_flags(scan->source + piece->start + 2, &scan->extended[scan->depth]);
    pass_parenthesis(scan, piece, PIECE_EMPTY);
}

/* "(*VERB)", or "(*atomic:…" and its like, which are groups. */
static void read_star(struct regex_scan *scan, struct regex_piece *piece)
{
    const char *s = scan->source + piece->start;
    size_t n = 2;
    while ((s[n] >= 'a' && s[n] <= 'z') || s[n] == '_')
        n++;
    if (n == 2 || s[n] != ':') {
        pass_parenthesis(scan, piece, PIECE_EMPTY);
        return;
    }
    piece->kind = strchr("pn", s[2]) ? PIECE_LOOK : PIECE_OPEN; /* positive, negative, non-atomic */
    open_group(scan, piece, piece->start + n + 1);
    piece->atomic = begins(s, "(*atomic:");
}

/* "(?(1)", "(?(<name>)": the condition is part of the opening; a look-around as the condition is a group of its own. */
static void read_condition(struct regex_scan *scan, struct regex_piece *piece)
{
    const char *s = scan->source + piece->start;
    bool looks = s[3] == '*' || (s[3] == '?' && s[4] && strchr("=!<", s[4]));
    size_t n = strcspn(s, ")");
    open_group(scan, piece, piece->start + (looks ? 2 : n + (s[n] != '\0')));
}

static bool is_call(const char *s)
{
    return begins(s, "(?P>") || begins(s, "(?&") || begins(s, "(?R") || (s[1] == '?' && ascii_is_digit(s[2])) ||
           (s[1] == '?' && (s[2] == '+' || s[2] == '-') && ascii_is_digit(s[3]));
}

static void read_group(struct regex_scan *scan, struct regex_piece *piece, const struct regex_token *t)
{
    const char *s = scan->source + piece->start;
    piece->kind = t->kind == TOKEN_LOOK ? PIECE_LOOK : PIECE_OPEN;
    if (s[1] == '*')
        read_star(scan, piece);
    else if (begins(s, "(?("))
        read_condition(scan, piece);
    else if (begins(s, "(?C"))
        pass_parenthesis(scan, piece, PIECE_CALLOUT);
    else if (begins(s, "(?P="))
        pass_parenthesis(scan, piece, PIECE_REFERENCE);
    else if (is_call(s))
        pass_parenthesis(scan, piece, PIECE_CALL);
    else if (begins_flags(s) && scan->source[t->end] == ')')
        set_flags(scan, piece);
    else
        open_group(scan, piece, t->end);
}

/* ---------------------------------------------------------------- pieces */

static enum regex_piece_kind kind_of_escape(const char *s)
{
    if (s[1] == 'k' || (s[1] >= '1' && s[1] <= '9'))
        return PIECE_REFERENCE;
    if (s[1] == 'g')
        return s[2] == '<' || s[2] == '\'' ? PIECE_CALL : PIECE_REFERENCE;
    return PIECE_ATOM;
}

static void read_piece(struct regex_scan *scan, struct regex_piece *piece)
{
    const char *s = scan->source;
    const struct regex_token t = regex_next_token(s, scan->at);
    piece->next = piece->end = t.end;
    switch (t.kind) {
    case TOKEN_END: piece->kind = PIECE_END; break;
    case TOKEN_OPEN:
    case TOKEN_LOOK: read_group(scan, piece, &t); break;
    case TOKEN_CLOSE:
        piece->kind = PIECE_CLOSE;
        scan->failed = scan->failed || !scan->depth;
        scan->depth -= scan->depth > 0;
        break;
    case TOKEN_OR: piece->kind = PIECE_OR; break;
    case TOKEN_ANCHOR: piece->kind = PIECE_START; break;
    case TOKEN_EMPTY: piece->kind = PIECE_EMPTY; break;
    default: piece->kind = s[t.start] == '\\' ? kind_of_escape(s + t.start) : PIECE_ATOM;
    }
}

/* One character of \Q…\E. */
static void read_quoted(struct regex_scan *scan, struct regex_piece *piece)
{
    const char *s = scan->source;
    piece->kind = PIECE_ATOM;
    piece->quoted = true;
    piece->end = piece->start + 1;
    while (((unsigned char)s[piece->end] & 0xc0) == 0x80)
        piece->end++;
    piece->next = piece->end;
    scan->quoting = !begins(s + piece->end, "\\E");
    scan->at = piece->next;
    if (!scan->quoting)
        end_piece(scan, piece);
}

struct regex_piece regex_scan_next(struct regex_scan *scan)
{
    if (!scan->quoting)
        scan->at = ignored(scan, scan->at);
    if (!scan->quoting && begins(scan->source + scan->at, "\\Q")) {
        scan->at += 2;
        scan->quoting = true;
    }
    struct regex_piece piece = {.start = scan->at, .end = scan->at, .next = scan->at, .min = 1, .max = 1};
    if (scan->quoting && scan->source[scan->at]) {
        read_quoted(scan, &piece);
        return piece;
    }
    read_piece(scan, &piece);
    end_piece(scan, &piece);
    return piece;
}
