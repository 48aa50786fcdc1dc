/* SPDX-License-Identifier: MIT */
/* reasons.h - the table of reasons: group, type, default class, codes, advice. */
#ifndef BOUNCE_SMTP_REASONS_H
#define BOUNCE_SMTP_REASONS_H

#include "bounce.h"
#include "smtp/names.h"
#include "smtp/reply.h"

enum { REASON_COUNT = BOUNCE_REASON_DELIVERED + 1, REASON_CODES_MAX = 16 };

/* subject.detail of RFC 3463, packed for comparing. */
#define CODE(subject, detail) ((uint32_t)(subject)*1000u + (uint32_t)(detail))

struct reason_info {
    struct name name;
    bounce_group group;
    bounce_type type;                 /* of a permanent failure */
    uint8_t default_class;            /* 5, 4, or 2 where nothing failed */
    uint32_t codes[REASON_CODES_MAX]; /* CODE(); the first is the one to report; 0 ends the list */
    size_t code_count;
    bounce_advice advice[3]; /* in order; NONE ends the list */
    const char *meaning;     /* for people */
    const char *advice_text; /* for people */
};

const struct reason_info *reason_info(bounce_reason reason); /* never NULL */
/* True if the table lists this subject.detail for the reason. */
bool reason_has_code(bounce_reason reason, struct enhanced e);

/* registry.c: true for a code whose subject and detail are registered. */
bool registry_has(struct enhanced e);
/* What a specific enhanced code means by RFC 3463 and its
 * registry; UNKNOWN for a generic or unregistered one. */
bounce_reason registry_reason(struct enhanced e);
/* What a generic code (X.0.0, X.7.1 …) says by its subject; UNKNOWN for X.0.0. */
bounce_reason registry_subject_reason(struct enhanced e);
/* What a reply code says at that command, without any words. */
bounce_reason registry_reply_reason(int code, bounce_command command);

#endif
