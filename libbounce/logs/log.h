/* SPDX-License-Identifier: MIT */
/*
 * log.h - the main header of logs: what one line of a mail server's log tells.
 *
 * In: lines, one at a time, of the logs that log_words.c lists; which log a line is of, is found
 * out by looking. Out: entries, spans into the line or into the reader's arena, which live until
 * the next line. What is no delivery gives no entry. logs sees base, mail and smtp; it judges nothing.
 */
#ifndef BOUNCE_LOGS_LOG_H
#define BOUNCE_LOGS_LOG_H

#include "base/arena.h"
#include "bounce.h"

#include <stdint.h>

enum log_event {
    LOG_NOTHING,
    LOG_MESSAGE,  /* sender, Message-ID or size of a queue id */
    LOG_DELIVERY, /* the outcome of one attempt for one recipient, or of none */
    LOG_END       /* the queue id is free again */
};

/* Where a time came from, and what it lacks. */
struct log_time {
    int64_t seconds; /* INT64_MIN: not known */
    bool no_year, no_zone;
};

/* What stands in front of the message of a line; log_head.c reads it. */
enum log_stamp { STAMP_NONE, STAMP_SYSLOG, STAMP_ISO, STAMP_EPOCH, STAMP_TAI64N };

struct log_head {
    enum log_stamp kind;
    struct span stamp;         /* as it stands; STAMP_EPOCH: seconds, with or without a fraction */
    struct span host, program; /* "postfix/smtp"; n 0: none */
    struct span message;
    bool from_syslog; /* a host and a program were there */
};

struct log_entry {
    enum log_event event;
    const char *software;
    struct span host; /* that wrote the line */
    struct span queue_id, next_id;
    struct span recipient, original, sender, message_id; /* s NULL: not stated */
    struct span text;                                    /* what was said of it, to be judged */
    struct span status;                                  /* dsn=, as it stands */
    struct span remote, address;                         /* the server, and its IP address */
    uint64_t port, size;                                 /* 0: not stated */
    int reply_code;                                      /* 0: the text tells */
    bounce_action action;
    bounce_command command;
    int64_t delay_s, attempts; /* -1: not stated */
    bool not_attempted, inbound, local, expired;
    const char *service; /* "smtp": the part of the software that said it; NULL: not known */
};

enum { LOG_COLUMNS = 48, LOG_ENTRIES = 64 };

/* What the columns of a CSV log are called: the number of each that is known. */
struct log_columns {
    const struct log_csv *format; /* NULL: no header was seen */
    int8_t of[LOG_COLUMNS];       /* the place in its list of names, or -1 */
    size_t count;
};

struct log_messages;

enum { LOG_PROGRAMS = 32, LOG_PROGRAM_BYTES = 30 };

/* A program that was looked up: whose lines are its lines, as a number; -1: nobody's. */
struct log_program {
    unsigned char n; /* 0: none */
    signed char number;
    char name[LOG_PROGRAM_BYTES];
};

struct log_reader {
    struct log_program programs[LOG_PROGRAMS];
    struct arena scratch; /* of the current line */
    struct log_columns columns;
    struct log_messages *deliveries; /* of qmail and Courier: what a later line ends */
    struct log_entry entries[LOG_ENTRIES];
    size_t count;
    struct log_head head; /* of the line */
    struct log_time time; /* that a record states itself; else see log_reader_time() */
    const char *known;    /* the software of the line; NULL: it is of none */
    uint64_t repeated;    /* times that the line stands for; 1 unless it says so */
    bool again;           /* "last message repeated": it stands for the line before */
    int64_t now;          /* the time of the file, for years that are missing */
    int32_t zone_s;       /* of times without one */
    bool too_many;        /* recipients of one row */
};

void log_reader_init(struct log_reader *r);
void log_reader_free(struct log_reader *r);
/* Reads a line without its end; r->entries, r->count, r->time and r->repeated say what it tells. */
void log_read_line(struct log_reader *r, struct span line);
/* When that was. It is worked out only when it is asked for: most lines hold nothing. */
struct log_time log_reader_time(const struct log_reader *r);
/* Whether this may be a log that log_read_line() knows, by one of its lines; it changes nothing. */
bool log_is_known_line(struct span line);

#endif
