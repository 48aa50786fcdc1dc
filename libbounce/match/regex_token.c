/* SPDX-License-Identifier: MIT */
/*
 * regex_token.c - splits a regular expression into tokens.
 *
 * In: an expression that PCRE2 accepts. Out: its tokens, with their quantifiers. Nothing is refused; regex_is_plain()
 * is false for an expression with constructs that are not understood here.
 */
#include "match/regex_token.h"
#include "base/span.h"

#include <string.h>

/* Bytes of "[:alpha:]" and "[:^alpha:]"; 0: none. */
static size_t posix_class(const char *s)
{
    if (s[0] != '[' || s[1] != ':')
        return 0;
    size_t n = s[2] == '^' ? 3 : 2;
    while (ascii_is_alpha(s[n]))
        n++;
    return s[n] == ':' && s[n + 1] == ']' ? n + 2 : 0;
}

/* Bytes of "\Q…\E", which may lack its end. */
static size_t quoted(const char *s)
{
    const char *end = strstr(s, "\\E");
    return end ? (size_t)(end - s) + 2 : strlen(s);
}

size_t regex_class_item(const char *s)
{
    size_t posix = posix_class(s);
    if (posix)
        return posix;
    if (s[0] == '\\' && s[1] == 'Q')
        return quoted(s);
    return s[0] == '\\' && s[1] ? 2 : 1;
}

static size_t class_end(const char *s, size_t i)
{
    i++; /* [ */
    if (s[i] == '^')
        i++;
    if (s[i] == ']')
        i++;
    while (s[i] && s[i] != ']')
        i += regex_class_item(s + i);
    return s[i] ? i + 1 : i;
}

/* Bytes of an escape after its letter: \p{L}, \pL, \x2d, \k<name>, \g{-1}, \cA,
 * \012. */
static size_t escape_tail(const char *s, char letter)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    if (letter == 'N' && s[0] == '{' && s[1] != 'U') /* "\N{3}" repeats */
        return 0;
    if (strchr("pPxogkN", letter) && *s && strchr("{<'", *s)) {
        size_t n = 1 + strcspn(s + 1, "}>'");
        return n + (s[n] != '\0');
    }
    if (letter == 'p' || letter == 'P' || letter == 'c')
        return *s != '\0';
    if (letter == 'x')
        return strspn(s, hex) < 2 ? strspn(s, hex) : 2;
    return letter == 'g' || ascii_is_digit(letter) ? strspn(s, "+-0123456789") : 0;
}

static void read_backslash(const char *s, struct regex_token *t)
{
    char c = s[t->start + 1];
    t->kind = TOKEN_ATOM;
    t->end = t->start + (c ? 2 : 1);
    if (c == 'A' || c == 'G')
        t->kind = TOKEN_ANCHOR;
    else if (c && strchr("bBzZKQE", c))
        t->kind = TOKEN_EMPTY;
    else if (c)
        t->end += escape_tail(s + t->end, c);
}

/* "(?<name>", "(?:", "(?=" … */
static void read_open(const char *s, struct regex_token *t)
{
    size_t i = t->start + 1;
    t->kind = TOKEN_OPEN;
    if (s[i] == '?') {
        i++;
        if (s[i] == '#') { /* the whole comment */
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

static bool read_braces(const char *s, size_t *i, struct regex_token *t)
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

static void read_quantifier(const char *s, struct regex_token *t)
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
    if (t->quantified && (s[i] == '?' || s[i] == '+')) /* lazy or possessive */
        i++;
    t->next = i;
}

struct regex_token regex_next_token(const char *s, size_t i)
{
    struct regex_token t = {.start = i, .end = i + 1, .kind = TOKEN_LITERAL};
    switch (s[i]) {
    case '\0':
        t.kind = TOKEN_END;
        t.end = i;
        break;
    case '(': read_open(s, &t); break;
    case ')': t.kind = TOKEN_CLOSE; break;
    case '|': t.kind = TOKEN_OR; break;
    case '^': t.kind = TOKEN_ANCHOR; break;
    case '$': t.kind = TOKEN_EMPTY; break;
    case '.': t.kind = TOKEN_ATOM; break;
    case '[':
        t.kind = TOKEN_ATOM;
        t.end = class_end(s, i);
        break;
    case '\\': read_backslash(s, &t); break;
    default: /* one character, perhaps of several bytes */
        while (((unsigned char)s[t.end] & 0xc0) == 0x80)
            t.end++;
    }
    read_quantifier(s, &t);
    return t;
}

size_t regex_nesting(const char *source)
{
    size_t depth = 0, deepest = 0;
    for (struct regex_token t = regex_next_token(source, 0); t.kind != TOKEN_END;
         t = regex_next_token(source, t.next)) {
        depth += t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK;
        depth -= t.kind == TOKEN_CLOSE && depth;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

bool regex_is_plain(const char *source)
{
    for (const char *s = source; *s; s++) {
        if (*s == '\\') {
            if (s[1] == 'Q')
                return false;
            s += s[1] != '\0';
        } else if (*s == '(' && (s[1] == '*' || (s[1] == '?' && (!s[2] || !strchr(":|>=!<'#", s[2]))))) {
            return false;
        }
    }
    return true;
}
