/* SPDX-License-Identifier: MIT */
/* log_head.h - what stands in front of the message of a log line: time, host, program. */
#ifndef BOUNCE_LOGS_LOG_HEAD_H
#define BOUNCE_LOGS_LOG_HEAD_H

#include "logs/log.h"

enum log_stamp { STAMP_NONE, STAMP_SYSLOG, STAMP_ISO, STAMP_EPOCH, STAMP_TAI64N };

struct log_head {
    enum log_stamp kind;
    struct span stamp;         /* as it stands; STAMP_EPOCH: seconds, with or without a fraction */
    struct span host, program; /* "postfix/smtp"; n 0: none */
    struct span message;
    bool from_syslog; /* a host and a program were there */
};

/* Nothing is refused: a line without any of it is all message. */
void log_head_read(struct span line, struct log_head *head);
/* The time of the stamp alone at the start of text, which it is taken off; false if there is none. */
bool log_head_stamp(struct span *text, struct log_head *head);
/* now: the time of the file, from which a year that is missing is counted back. */
struct log_time log_head_time(const struct log_head *head, int64_t now, int32_t zone_s);

#endif
