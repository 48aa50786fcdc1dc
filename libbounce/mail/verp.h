/* SPDX-License-Identifier: MIT */
/* verp.h - recipients hidden in envelope addresses (VERP), and wrapped senders (BATV, SRS). */
#ifndef BOUNCE_MAIL_VERP_H
#define BOUNCE_MAIL_VERP_H

#include "base/arena.h"

/* The recipient hidden in an envelope address: VERP of Mailman and qmail (list-bounces+user=example.net@,
 * list-return-12-user=example.net@), of SES and others (bounce-user=example.net@), of Sympa (==a==). BATV and SRS are
 * unwrapped first; the original sender that they hide is not a recipient. pattern: the caller's own
 * (bounce_options_set_verp), tried first; may be NULL. NULL if no recipient is hidden. */
char *verp_recipient(struct arena *a, struct span envelope, const char *pattern);

/* Undoes what a sender wrapped around its own address: BATV (prvs=, btv1==, msprvs1=) and SRS0, SRS1, "+SRS=". Returns
 * the plain address, which is envelope itself (without brackets) if nothing is wrapped; NULL if it has no '@'. */
char *verp_unwrap(struct arena *a, struct span envelope);

/* Whether a pattern is valid, for bounce_options_set_verp(). */
bool verp_pattern_is_valid(const char *pattern);

#endif
