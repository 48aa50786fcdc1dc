/* SPDX-License-Identifier: MIT */
/* reply_codes.h - the codes of a text. Private to reply*.c. */
#ifndef BOUNCE_SMTP_REPLY_CODES_H
#define BOUNCE_SMTP_REPLY_CODES_H

#include "base/limits.h"
#include "smtp/enhanced.h"

/* A reply code, with its enhanced code if one follows, or an enhanced code alone. */
struct reply_start {
    size_t at;  /* where it begins */
    size_t end; /* after both codes */
    int code;   /* 0: none */
    struct enhanced status;
};

/* Finds the codes of a text, in order, and returns their number. *repeats is false if the three
 * bytes at the start of the text certainly do not occur again where a code may be. */
size_t reply_find_starts(struct span text, struct reply_start starts[LIMIT_REPLY_CODES], bool *repeats, bool *cut);

/* True if the n bytes at s begin with three digits that may be a reply code. */
static inline bool reply_code_at(const char *s, size_t n)
{
    if (n < 3 || (s[0] != '2' && s[0] != '4' && s[0] != '5') || !ascii_is_digit(s[1]) || !ascii_is_digit(s[2]))
        return false;
    if (s[0] == '2' && s[1] == '5' && s[2] > '3') /* 255 is an exit status */
        return false;
    return s[1] <= '5' || (s[0] == '5' && s[1] == '7'); /* 57x: 571 is common */
}
/* The end of the enhanced code that follows a reply code that ends at i; i if there is
 * none. */
size_t reply_enhanced_after(struct span text, size_t i, struct enhanced *status);

#endif
