/* SPDX-License-Identifier: MIT */
/*
 * regex_syntax.c - what can be told of a regular expression by its syntax.
 *
 * What comes in: an expression that PCRE2 has accepted. What goes out: whether
 * it begins with an endless repeat, and a literal that each match must hold.
 * Both answers are careful: what is not understood counts as "no repeat" and
 * "no literal", which costs speed and never a match.
 */
#include "match_regex.h"

#include <string.h>

enum { DEPTH_MAX = 256 }; /* PCRE2 refuses more than 250 levels of parentheses */

enum token_kind { TOKEN_ATOM, TOKEN_LITERAL, TOKEN_OPEN, TOKEN_LOOK, TOKEN_CLOSE, TOKEN_OR, TOKEN_ANCHOR, TOKEN_EMPTY, TOKEN_END };

struct token {
    enum token_kind kind;
    size_t start, end;     /* without its quantifier */
    size_t next;           /* behind the quantifier */
    bool quantified, optional, endless;
};

static size_t class_end(const char *s, size_t i)
{
    i++; /* [ */
    if (s[i] == '^')
        i++;
    if (s[i] == ']')
        i++;
    while (s[i] && s[i] != ']') {
        if (s[i] == '\\' && s[i + 1]) {
            i += 2;
        } else if (s[i] == '[' && s[i + 1] == ':' && strstr(s + i, ":]")) {
            i = (size_t)(strstr(s + i, ":]") - s) + 2;
        } else {
            i++;
        }
    }
    return s[i] ? i + 1 : i;
}

static void read_escape(const char *s, struct token *t)
{
    char c = s[t->start + 1];
    t->end = t->start + (c ? 2 : 1);
    t->kind = TOKEN_ATOM;
    if (c == 'A' || c == 'G')
        t->kind = TOKEN_ANCHOR;
    else if (c && strchr("bBzZKQE", c))
        t->kind = TOKEN_EMPTY;
    else if (c && strchr("pPxogkN", c) && s[t->end] == '{') /* \p{L}, \x{20ac}, \g{1} */
        t->end += strcspn(s + t->end, "}") + (strchr(s + t->end, '}') != NULL);
    else if (c == 'x')
        t->end += strspn(s + t->end, "0123456789abcdefABCDEF") > 1 ? 2 : strspn(s + t->end, "0123456789abcdefABCDEF");
}

/* "(?<name>", "(?:", "(?=" … */
static void read_open(const char *s, struct token *t)
{
    size_t i = t->start + 1;
    t->kind = TOKEN_OPEN;
    if (s[i] == '?') {
        i++;
        if (s[i] == '#') { /* a comment: all of it */
            i += strcspn(s + i, ")");
            t->kind = TOKEN_EMPTY;
            i += s[i] == ')';
        } else if (s[i] == '=' || s[i] == '!' || (s[i] == '<' && (s[i + 1] == '=' || s[i + 1] == '!'))) {
            t->kind = TOKEN_LOOK;
            i += s[i] == '<' ? 2 : 1;
        } else if (s[i] == '<' || s[i] == '\'' || (s[i] == 'P' && s[i + 1] == '<')) {
            i += s[i] == 'P' ? 2 : 1;
            i += strcspn(s + i, ">'");
            i += s[i] != '\0';
        } else {
            i += strcspn(s + i, ":)|>");
            i += s[i] == ':' || s[i] == '|' || s[i] == '>';
        }
    }
    t->end = i;
}

static bool read_braces(const char *s, size_t *i, struct token *t)
{
    size_t j = *i + 1, digits = strspn(s + j, "0123456789");
    if (!digits)
        return false;
    bool zero = strspn(s + j, "0") == digits;
    j += digits;
    bool comma = s[j] == ',';
    j += comma;
    size_t more = strspn(s + j, "0123456789");
    if (s[j + more] != '}')
        return false;
    t->optional = zero;
    t->endless = comma && !more;
    *i = j + more + 1;
    return true;
}

static void read_quantifier(const char *s, struct token *t)
{
    size_t i = t->end;
    if (t->kind == TOKEN_OPEN || t->kind == TOKEN_LOOK || t->kind == TOKEN_OR || t->kind == TOKEN_END) {
        t->next = i;
        return;
    }
    if (s[i] && strchr("*+?", s[i])) {
        t->quantified = true;
        t->optional = s[i] != '+';
        t->endless = s[i] != '?';
        i++;
    } else if (s[i] == '{') {
        t->quantified = read_braces(s, &i, t);
    }
    if (t->quantified && (s[i] == '?' || s[i] == '+')) /* lazy, possessive */
        i++;
    t->next = i;
}

static struct token next_token(const char *s, size_t i)
{
    struct token t = {.start = i, .end = i + 1, .kind = TOKEN_LITERAL};
    switch (s[i]) {
    case '\0': t.kind = TOKEN_END; t.end = i; break;
    case '(': read_open(s, &t); break;
    case ')': t.kind = TOKEN_CLOSE; break;
    case '|': t.kind = TOKEN_OR; break;
    case '^': t.kind = TOKEN_ANCHOR; break;
    case '$': t.kind = TOKEN_EMPTY; break;
    case '.': t.kind = TOKEN_ATOM; break;
    case '[': t.kind = TOKEN_ATOM; t.end = class_end(s, i); break;
    case '\\': read_escape(s, &t); break;
    default: /* one character of any script */
        while (((unsigned char)s[t.end] & 0xc0) == 0x80)
            t.end++;
    }
    read_quantifier(s, &t);
    return t;
}

bool regex_begins_unbounded(const char *source, size_t *offset)
{
    /* at_start[d]: nothing that takes up text was read yet on this path. */
    bool at_start[DEPTH_MAX], opened_at_start[DEPTH_MAX], is_look[DEPTH_MAX];
    size_t depth = 0;
    at_start[0] = opened_at_start[0] = true;
    is_look[0] = false;
    for (struct token t = next_token(source, 0); t.kind != TOKEN_END; t = next_token(source, t.next)) {
        switch (t.kind) {
        case TOKEN_OPEN:
        case TOKEN_LOOK:
            if (depth + 1 == DEPTH_MAX)
                return false;
            depth++;
            at_start[depth] = opened_at_start[depth] = at_start[depth - 1];
            is_look[depth] = t.kind == TOKEN_LOOK;
            break;
        case TOKEN_CLOSE:
            if (!depth)
                return false;
            depth--;
            if (!is_look[depth + 1] && at_start[depth] && t.endless) {
                *offset = t.start;
                return true;
            }
            if (!is_look[depth + 1] && !t.optional)
                at_start[depth] = false;
            break;
        case TOKEN_OR:
            at_start[depth] = opened_at_start[depth];
            break;
        case TOKEN_ANCHOR:
            at_start[depth] = false;
            break;
        case TOKEN_ATOM:
        case TOKEN_LITERAL:
            if (at_start[depth] && t.endless) {
                *offset = t.start;
                return true;
            }
            at_start[depth] = at_start[depth] && t.optional;
            break;
        default:
            break;
        }
    }
    return false;
}

/* (?x) and \Q change what the plain characters behind them mean. */
static bool changes_syntax(const char *source)
{
    if (strstr(source, "\\Q"))
        return true;
    for (const char *s = source; (s = strstr(s, "(?")); s += 2)
        if (ascii_is_alpha(s[2]) || s[2] == '^' || s[2] == '-')
            return true;
    return false;
}

struct span regex_sure_literal(const char *source)
{
    struct span best = {source, 0}, run = {source, 0};
    size_t depth = 0;
    if (changes_syntax(source))
        return best;
    for (struct token t = next_token(source, 0); t.kind != TOKEN_END; t = next_token(source, t.next)) {
        bool plain = depth == 0 && t.kind == TOKEN_LITERAL && !t.optional;
        if (t.kind == TOKEN_OR && depth == 0)
            return span_of(source, 0);
        depth += t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK;
        depth -= t.kind == TOKEN_CLOSE && depth;
        if (plain && run.s + run.n == source + t.start)
            run.n += t.end - t.start;
        else
            run = span_of(source + t.start, plain ? t.end - t.start : 0);
        if (run.n > best.n)
            best = run;
        if (t.quantified) /* "ab{2}": what follows is not beside it in the text */
            run = span_of(source + t.next, 0);
        else if (run.n == 0)
            run.s = source + t.next;
    }
    return best;
}
