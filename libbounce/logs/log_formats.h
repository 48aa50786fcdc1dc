/* SPDX-License-Identifier: MIT */
/* log_formats.h - the readers of the single logs; log_words.c says when each is called. */
#ifndef BOUNCE_LOGS_LOG_FORMATS_H
#define BOUNCE_LOGS_LOG_FORMATS_H

#include "logs/log.h"
#include "logs/log_dialect.h"
#include "logs/log_head.h"

/* Each appends entries for the message of a line. False if the line is not from this log. */
typedef bool log_format_fn(struct log_reader *r, const struct log_head *head);

log_format_fn log_read_postfix, log_read_exim, log_read_sendmail, log_read_opensmtpd, log_read_qmail, log_read_courier,
    log_read_csv, log_read_kumomta, log_read_haraka, log_read_zonemta;

/* Whether one more recipient of the line is read. If not, that is noted. */
bool log_has_room(struct log_reader *r);
/* One more entry; at the limit the last one again, and that is noted. */
struct log_entry *log_add(struct log_reader *r, enum log_event event, const char *software);
/* Sender, Message-ID or size of a queue id that are known now; those with s NULL stay unknown. */
void log_add_message(struct log_reader *r, const char *software, struct span id, struct span sender,
                     struct span message_id, struct span size);

#endif
