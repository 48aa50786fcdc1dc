/* SPDX-License-Identifier: MIT */
/* reply_codes.h - the codes that stand in a text. Private to reply*.c. */
#ifndef BOUNCE_SMTP_REPLY_CODES_H
#define BOUNCE_SMTP_REPLY_CODES_H

#include "smtp/reply.h"

enum { REPLY_STARTS_MAX = 32 };

/* A reply code, with its enhanced code if one follows, or such a one alone. */
struct reply_start {
    size_t at;  /* of the code, or of the enhanced code if there is no code */
    size_t end; /* behind code and enhanced code */
    int code;   /* 0: none */
    struct enhanced status;
};

/* Those of a text, in order; gives their number. *repeats: the three bytes at
 * its start may stand where another code can, too. False is sure. */
size_t reply_find_starts(struct span text, struct reply_start starts[REPLY_STARTS_MAX], bool *repeats);

/* True if the n bytes at s begin with three digits that can be a reply code. */
static inline bool reply_code_at(const char *s, size_t n)
{
    return n >= 3 && (s[0] == '2' || s[0] == '4' || s[0] == '5') && s[1] >= '0' && s[1] <= '9' &&
           ascii_is_digit(s[2]) && (s[1] <= '5' || (s[0] == '5' && s[1] == '7')); /* 57x: 571 is common */
}
/* Where the enhanced code ends that follows a reply code which ends at i; i if
 * there is none. */
size_t reply_enhanced_after(struct span text, size_t i, struct enhanced *status);

#endif
