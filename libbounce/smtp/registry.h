/* SPDX-License-Identifier: MIT */
/* registry.h - what codes mean by themselves, without any words. */
#ifndef BOUNCE_SMTP_REGISTRY_H
#define BOUNCE_SMTP_REGISTRY_H

#include "bounce.h"
#include "smtp/enhanced.h"

/* True for a code whose subject and detail are registered. */
bool registry_has(struct enhanced e);
/* The meaning of a specific enhanced code by RFC 3463 and its registry; UNKNOWN for a
 * generic or unregistered one. */
bounce_reason registry_reason(struct enhanced e);
/* The meaning of the subject of a generic code (X.0.0, X.7.1 …); UNKNOWN for X.0.0. */
bounce_reason registry_subject_reason(struct enhanced e);
/* The meaning of a reply code to that command. */
bounce_reason registry_reply_reason(int code, bounce_command command);

#endif
