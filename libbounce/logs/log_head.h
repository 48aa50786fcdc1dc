/* SPDX-License-Identifier: MIT */
/* log_head.h - what precedes the message of a log line: time, host, program. */
#ifndef BOUNCE_LOGS_LOG_HEAD_H
#define BOUNCE_LOGS_LOG_HEAD_H

#include "logs/log.h"

/* Nothing is refused: a line without any of these is all message. */
void log_head_read(struct span line, struct log_head *head);
/* Takes only the stamp off the start of text; false if there is none. */
bool log_head_stamp(struct span *text, struct log_head *head);
/* now: the time of the file; a missing year is the latest one that is not after it. */
struct log_time log_head_time(const struct log_head *head, int64_t now, int32_t zone_s);

#endif
