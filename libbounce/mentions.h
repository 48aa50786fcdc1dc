/* SPDX-License-Identifier: MIT */
/*
 * mentions.h - which line of the report's text names which mailbox. All lines
 * are read once, however many recipients ask.
 */
#ifndef BOUNCE_MENTIONS_H
#define BOUNCE_MENTIONS_H

#include "reading.h"

#define MENTIONS_NONE SIZE_MAX

/* The number of a mailbox, the same for all of its spellings; MENTIONS_NONE if
 * no line names it. */
size_t mentions_find(struct reading *rd, const char *address);
/* The lines that name mailbox id, one after the other, each once;
 * MENTIONS_NONE at the end. *cursor is the caller's and begins with MENTIONS_NONE. */
size_t mentions_next(struct reading *rd, size_t id, size_t *cursor);
bool mentions_in_line(struct reading *rd, size_t line, size_t id);
/* True if the line names others in brackets, and not this mailbox. */
bool mentions_other(struct reading *rd, size_t line, size_t id);

#endif
