/* SPDX-License-Identifier: MIT */
/* log_known.h - entries of logs that were judged before. */
#ifndef BOUNCE_LOG_KNOWN_H
#define BOUNCE_LOG_KNOWN_H

#include "logs/log.h"
#include "report/report.h"

struct log_known;
struct log_known *log_known_new(void);
void log_known_free(struct log_known *k);

/* All that a verdict depends on, in the arena; n 0: more than that may count, and the entry is to be judged by itself.
 */
struct span log_known_key(struct arena *a, const struct log_entry *e);
/* A report of an entry with this key, of which facts and verdict hold; NULL: none is kept. *again: there was one
 * before. */
struct bounce_report *log_known_find(struct log_known *k, struct span key, bool *again);
/* Keeps the report, as a further owner. */
void log_known_keep(struct log_known *k, struct span key, struct bounce_report *report);

#endif
