/* SPDX-License-Identifier: MIT */
/* reasons.h - the table of reasons: group, type, default class, codes, advice. */
#ifndef BOUNCE_SMTP_REASONS_H
#define BOUNCE_SMTP_REASONS_H

#include "bounce.h"
#include "smtp/enhanced.h"
#include "smtp/names.h"

enum { REASON_COUNT = BOUNCE_REASON_DELIVERED + 1, REASON_CODES_MAX = 16 };

struct reason_info {
    struct name name;
    bounce_group group;
    bounce_type type;                 /* of a permanent failure */
    uint8_t default_class;            /* 5, 4, or 2 where nothing failed */
    uint32_t codes[REASON_CODES_MAX]; /* CODE(); the first is the one to report */
    size_t code_count;
    bounce_advice advice[3]; /* in order; NONE ends the list */
    const char *meaning;     /* for people */
    const char *advice_text; /* for people */
};

const struct reason_info *reason_info(bounce_reason reason); /* never NULL */
/* True if the table lists the subject and detail of a code for the reason. */
bool reason_has_code(bounce_reason reason, struct enhanced e);
/* Never NULL: an unknown value is "unknown". */
const struct name *name_of_reason(bounce_reason reason);

#endif
