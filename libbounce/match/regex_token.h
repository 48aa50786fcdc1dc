/* SPDX-License-Identifier: MIT */
/* regex_token.h - the tokens of a regular expression. Private to regex_*.c. */
#ifndef BOUNCE_MATCH_REGEX_TOKEN_H
#define BOUNCE_MATCH_REGEX_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_ATOM,    /* matches text: a class, a dot, an escape */
    TOKEN_LITERAL, /* one character that matches itself */
    TOKEN_OPEN,
    TOKEN_LOOK, /* opens a look-ahead or look-behind */
    TOKEN_CLOSE,
    TOKEN_OR,
    TOKEN_ANCHOR, /* ^ \A \G */
    TOKEN_EMPTY,  /* $, \b, a comment: consumes no text */
    TOKEN_END
};

struct regex_token {
    enum token_kind kind;
    size_t start, end; /* without its quantifier */
    size_t next;       /* after the quantifier */
    bool quantified, optional, endless;
};

/* The token at an offset of an expression. Of a group, all of "(?<name>". */
struct regex_token regex_next_token(const char *s, size_t i);
/* Bytes of an escape, a character or a "[:alpha:]" inside a class. */
size_t regex_class_item(const char *s);
/* How deep parentheses are nested. */
size_t regex_nesting(const char *source);
/* False for recursion, conditions, flags, verbs and \Q, which change what plain
 * characters mean: only groups, look-around, names and comments are understood. */
bool regex_is_plain(const char *source);

#endif
