/* SPDX-License-Identifier: MIT */
/*
 * regex.h - regular expressions as rules use them: compiling and running.
 *
 * regex.c is the only file that sees PCRE2.
 */
#ifndef BOUNCE_MATCH_REGEX_H
#define BOUNCE_MATCH_REGEX_H

#include "base/span.h"

#include <stdint.h>

struct match_captures; /* match/match.h */
struct regex;          /* a compiled expression: immutable, shared by threads */
struct regex_engine;   /* what one thread needs to run them */

struct regex_problem {
    size_t offset; /* in bytes, inside the expression */
    char message[160];
};

/* The caller owns the result. NULL, and *problem (problem may be NULL), if the
 * expression cannot be used. jit: also compile it to machine code, where that
 * works; elsewhere it is interpreted. */
struct regex *regex_compile(const char *source, bool jit, struct regex_problem *problem);
void regex_free(struct regex *regex); /* NULL: does nothing */
/* The number of its named groups. *unknown (unknown may be NULL): the first name that is not a member of struct
 * match_captures, owned by regex; or NULL. */
size_t regex_named_captures(const struct regex *regex, const char **unknown);

struct regex_engine *regex_engine_new(bool jit);
void regex_engine_free(struct regex_engine *engine); /* NULL: does nothing */

/* The account of all texts, in steps: what expressions may still cost. Unlimited at first. */
uint64_t regex_engine_left(const struct regex_engine *engine);
void regex_engine_allow(struct regex_engine *engine, uint64_t steps);

enum regex_result {
    REGEX_NO_MATCH,
    REGEX_MATCH,
    REGEX_UNDECIDED /* an account is empty, a limit of PCRE2 was hit, or text is not UTF-8 */
};
/* The cost is taken from *account, the account of the text, and from that of all texts. Searches the first
 * LIMIT_SEARCHED_BYTES of text, which should be valid UTF-8. *found (found may be NULL) is the whole match, in text.
 * captures may be NULL; those whose group took no part are cleared, and all of them if there is no match. */
enum regex_result regex_match(struct regex_engine *engine, const struct regex *regex, struct span text,
                              uint64_t *account, struct span *found, struct match_captures *captures);

#endif
