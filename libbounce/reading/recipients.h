/* SPDX-License-Identifier: MIT */
/*
 * recipients.h - the recipients of a report put right, once their fields are
 * read: each with an address and an action, and each once.
 */
#ifndef BOUNCE_READING_RECIPIENTS_H
#define BOUNCE_READING_RECIPIENTS_H

#include "reading/reading.h"

/* Reply and texts from the diagnostic of a recipient's fields. */
void recipient_read_texts(struct reading *rd, struct bounce_recipient *to);
/* The action of a recipient whose fields state none. */
void recipient_fix_action(struct bounce_recipient *to);
/* Final and original recipient put right, once all of their fields are known. */
void recipient_fix_address(struct bounce_recipient *to);

/* The same mailbox twice becomes one recipient. */
void recipients_merge_same(struct reading *rd);
/* A single recipient without an address takes it from the header, the text or
 * the returned message; one that is a path or pipe, from the writer's own list. */
void recipients_name_from_elsewhere(struct reading *rd);
void recipients_name_from_list(struct reading *rd);
/* Those of several that have no address even then are left out. */
void recipients_drop_nameless(struct reading *rd);

/* VERP: the recipient that hides in the envelope recipient of the report. The
 * first gives it (NULL: none), the second notes it as original recipient where
 * the report names no other. */
const char *reading_verp_address(struct reading *rd);
void reading_verp(struct reading *rd);
/* Final and original recipient put right, once all of their fields are known. */
void recipient_fix_address(struct bounce_recipient *to);

#endif
