/* SPDX-License-Identifier: MIT */
/* log_report.h - the report of one entry of a log. */
#ifndef BOUNCE_LOG_REPORT_H
#define BOUNCE_LOG_REPORT_H

#include "log_known.h"
#include "logs/log.h"
#include "parser.h"

/* Judges the entry; the report has a copy of all that it needs. known may be NULL. */
struct bounce_report *log_report_make(struct bounce_parser *parser, struct log_known *known, const struct log_entry *e,
                                      int64_t seconds, uint64_t repeated);

#endif
