/* SPDX-License-Identifier: MIT */
/* log_report.h - the report of one entry of a log. */
#ifndef BOUNCE_LOG_REPORT_H
#define BOUNCE_LOG_REPORT_H

#include "logs/log.h"
#include "parser.h"

/* Judges the entry; the report has copies of everything that it needs. */
struct bounce_report *log_report_make(struct bounce_parser *parser, const struct log_entry *e, int64_t seconds,
                                      uint64_t repeated);

#endif
