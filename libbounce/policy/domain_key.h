/* SPDX-License-Identifier: MIT */
/* domain_key.h - domains as A-labels (RFC 5890). */
#ifndef BOUNCE_POLICY_DOMAIN_KEY_H
#define BOUNCE_POLICY_DOMAIN_KEY_H

#include "base/span.h"

enum { DOMAIN_KEY_BYTES = 253 + 1 };

/* A domain or a literal in brackets, in lower case, without a final dot, NUL-terminated. False for what is neither:
 * empty or too long labels, invalid UTF-8, more than 253 bytes. */
bool domain_key(struct span domain, char key[static DOMAIN_KEY_BYTES]);

#endif
