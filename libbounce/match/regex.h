/* SPDX-License-Identifier: MIT */
/*
 * regex.h - regular expressions as rules use them. regex.c is the
 * only file that sees PCRE2.
 */
#ifndef BOUNCE_MATCH_REGEX_H
#define BOUNCE_MATCH_REGEX_H

#include "match/match.h"

struct regex;        /* compiled; immutable, shared by threads */
struct regex_engine; /* scratch of one thread */

struct regex_problem {
    size_t offset; /* in bytes, inside the pattern */
    char message[160];
};

/* NULL, and *problem (may be NULL), if it cannot be used. jit: use PCRE2's
 * compiler if it works here; that it does not is no problem. */
struct regex *regex_compile(const char *source, bool jit, struct regex_problem *problem);
void regex_free(struct regex *regex);
/* How many of its captures have a name; and the first name that struct
 * match_captures does not know, or NULL. */
size_t regex_named_captures(const struct regex *regex, const char **unknown);

struct regex_engine *regex_engine_new(bool jit);
void regex_engine_free(struct regex_engine *engine);

enum regex_result { REGEX_NO_MATCH, REGEX_MATCH, REGEX_ABANDONED /* by a limit */ };
/* Searches in text, which must be valid UTF-8, and is cut at
 * LIMIT_SEARCHED_BYTES. found (may be NULL) is the whole match; captures (may
 * be NULL) are cleared where a name did not take part. */
enum regex_result regex_match(struct regex_engine *engine, const struct regex *regex, struct span text,
                              struct span *found, struct match_captures *captures);

/* Syntax alone, without compiling. True if the expression may begin with a
 * repeat without an upper bound ("x*", "(?:a|.+)"), unanchored: such a one is
 * tried at every byte. *offset is where. */
bool regex_begins_unbounded(const char *source, size_t *offset);
/* How many texts that a part of an expression can stand for are worth knowing
 * one by one: more literals tell more, and are found more often. */
enum regex_effort { REGEX_BRIEFLY = 24, REGEX_THOROUGHLY = 128 };
/* Folded texts, in a, of which every text that it matches holds at least one
 * once it is folded, too. Gives their number, 0 if nothing is sure. *others
 * (others may be NULL) are further ones, of which each of them holds one, too;
 * NULL-terminated, or NULL. */
enum { REGEX_LITERALS_MAX = 1024 };
size_t regex_sure_literals(struct arena *a, const char *source, enum regex_effort effort,
                           const char *literals[REGEX_LITERALS_MAX], const char *const **others);
/* The alternatives of "a|b(?:c|d)|e": one of them matches where all of it does
 * and nowhere else, but its captures may differ. 0 if that is not sure. */
enum { REGEX_BRANCHES_MAX = 64 };
size_t regex_branches(const char *source, struct span branches[REGEX_BRANCHES_MAX]);

#endif
