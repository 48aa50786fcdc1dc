/* SPDX-License-Identifier: MIT */
/*
 * regex_scan.h - reads a regular expression piece by piece, whatever it is made of. Private to regex_*.c.
 *
 * Unlike regex_token.h it understands what changes the meaning of plain characters: \Q…\E, (?x), comments, verbs and
 * conditions.
 */
#ifndef BOUNCE_MATCH_REGEX_SCAN_H
#define BOUNCE_MATCH_REGEX_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum regex_piece_kind {
    PIECE_END,
    PIECE_ATOM,      /* consumes text: a character, a class, an escape */
    PIECE_REFERENCE, /* what a group matched, again */
    PIECE_CALL,      /* matches a group afresh: (?1), (?R), (?&name) */
    PIECE_OPEN,
    PIECE_LOOK, /* opens a look-ahead or look-behind */
    PIECE_OR,
    PIECE_CLOSE,
    PIECE_START, /* ^ \A \G */
    PIECE_EMPTY, /* consumes no text */
    PIECE_CALLOUT
};

enum { REGEX_NESTING_MAX = 251 /* PCRE2 refuses more than 250 */ };
#define REGEX_ENDLESS UINT32_MAX

struct regex_piece {
    enum regex_piece_kind kind;
    size_t start, end;   /* without what repeats it; of a quoted character, that character */
    size_t next;         /* after what repeats it */
    uint32_t min, max;   /* how often; of a group at its CLOSE */
    bool possessive;     /* what it matched is never given back */
    bool atomic, quoted; /* an atomic group; a character inside \Q…\E */
};

struct regex_scan {
    const char *source;
    size_t at, depth;
    bool quoting, failed; /* failed: parentheses do not match each other */
    bool extended[REGEX_NESTING_MAX + 1];
};

void regex_scan_init(struct regex_scan *scan, const char *source);
struct regex_piece regex_scan_next(struct regex_scan *scan);

#endif
