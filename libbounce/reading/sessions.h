/* SPDX-License-Identifier: MIT */
/* sessions.h - the SMTP sessions that a report quotes. */
#ifndef BOUNCE_READING_SESSIONS_H
#define BOUNCE_READING_SESSIONS_H

#include "reading/reading.h"

/* Adds a finding for each answer of the other side, with its command. */
void sessions_add(struct reading *rd, uint32_t parent);

struct sessions;
/* The answers of the text that name nobody, by host; NULL: none. */
struct sessions *sessions_find(struct reading *rd);
/* The line of what this host answered last. False if that is not known; s may be NULL. */
bool sessions_answer(const struct sessions *s, const char *host, size_t *line);
/* The codes of line i if it is a reply that the reporting server makes of the answer above it, in its own words;
 * empty: it is not one. */
struct span session_retold(const struct reading *rd, size_t i);

#endif
