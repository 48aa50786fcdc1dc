/* SPDX-License-Identifier: MIT */
/* log_record.h - an entry of a log that is kept until it is judged. */
#ifndef BOUNCE_LOG_RECORD_H
#define BOUNCE_LOG_RECORD_H

#include "log_report.h"

/* An entry with its strings in one block of memory, which can be copied, even to a forked process. */
struct log_record {
    size_t bytes; /* of the whole block */
    int64_t seconds;
    uint64_t repeated, file, line, offset, length; /* of the line */
    struct log_entry entry;                        /* its spans are offsets in text, from 1 */
    char text[];
};

/* To be freed with g_free(). */
struct log_record *log_record_new(const struct log_entry *e);
/* NULL if memory runs out, or if the bytes are not a record. */
struct bounce_report *log_record_judge(struct bounce_parser *parser, const void *bytes, size_t length);

#endif
