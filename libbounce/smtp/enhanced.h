/* SPDX-License-Identifier: MIT */
/* enhanced.h - enhanced status codes: class.subject.detail, such as 5.1.1 (RFC 3463 2). */
#ifndef BOUNCE_SMTP_ENHANCED_H
#define BOUNCE_SMTP_ENHANCED_H

#include "base/arena.h"

struct enhanced {
    uint16_t class_, subject, detail; /* class_ 2, 4 or 5; 0: no code */
};

/* subject.detail as one number, for tables. */
#define CODE(subject, detail) ((uint32_t)(subject)*1000u + (uint32_t)(detail))

/* Reads a code such as "5.1.1" at the start of s; *used, if not NULL, gets its length. */
bool enhanced_parse(struct span s, struct enhanced *out, size_t *used);
/* True for X.0.0, which says only whether it is a success, a transient or a permanent failure. */
bool enhanced_is_generic(struct enhanced e);
char *enhanced_format(struct arena *a, struct enhanced e);

#endif
