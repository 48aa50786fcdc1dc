/* SPDX-License-Identifier: MIT */
/*
 * log.h - the main header of logs: what one line of a mail server's log says.
 *
 * In: lines, one at a time, of the logs that log_words.c lists; the line itself shows which log it is from. Out:
 * entries, with spans of the line or of the reader's arena that are valid until the next line. Lines that are not about
 * a delivery have no entry. logs sees base, mail and smtp; it judges nothing.
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

/* What precedes the message of a line; log_head.c reads it. */
enum log_stamp { STAMP_NONE, STAMP_SYSLOG, STAMP_ISO, STAMP_EPOCH, STAMP_TAI64N };

struct log_head {
    enum log_stamp kind;
    struct span stamp;         /* as written; STAMP_EPOCH: seconds, with or without a fraction */
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
    struct span text;                                    /* what the server said, to be judged */
    struct span status;                                  /* dsn=, as written */
    struct span remote, address;                         /* the server, and its IP address */
    uint64_t port, size;                                 /* 0: not stated */
    int reply_code;                                      /* 0: see the text */
    bounce_action action;
    bounce_command command;
    int64_t delay_s, attempts; /* -1: not stated */
    bool not_attempted, inbound, local, expired;
    const char *service; /* "smtp": the part of the software that logged it; NULL: not known */
};

enum { LOG_COLUMNS = 48, LOG_ENTRIES = 64 };

/* The columns of a CSV log: the key of each that is known. */
struct log_columns {
    const struct log_csv *format; /* NULL: no header was seen */
    int8_t of[LOG_COLUMNS];       /* the place in its list of names, or -1 */
    size_t count;
};

struct log_messages;

enum { LOG_PROGRAMS = 32, LOG_PROGRAM_BYTES = 30 };

/* A program that was looked up, with the number of the log that its lines belong to; -1: none. */
struct log_program {
    unsigned char n; /* 0: none */
    signed char number;
    char name[LOG_PROGRAM_BYTES];
};

struct log_reader {
    struct log_program programs[LOG_PROGRAMS];
    struct arena scratch; /* of the current line */
    struct log_columns columns;
    struct log_messages *deliveries; /* of qmail and Courier, whose deliveries end in a later line */
    struct log_entry entries[LOG_ENTRIES];
    size_t count;
    struct log_head head; /* of the line */
    struct log_time time; /* stated by the record itself; else see log_reader_time() */
    const char *known;    /* the software that wrote the line; NULL: none that is known */
    uint64_t repeated;    /* how often it was logged; 1 unless the line says more */
    bool again;           /* "last message repeated": it repeats the line before */
    int64_t now;          /* the time of the file, for stamps without a year */
    int32_t zone_s;       /* of times without one */
    bool too_many;        /* recipients of one row */
};

void log_reader_init(struct log_reader *r);
void log_reader_free(struct log_reader *r);
/* Reads a line without its end; the result is in r->entries, r->count, r->time and r->repeated. */
void log_read_line(struct log_reader *r, struct span line);
/* The time of the line, parsed only when it is needed: most lines have no entry. */
struct log_time log_reader_time(const struct log_reader *r);
/* Whether a line may be from a log that log_read_line() knows; changes nothing. */
bool log_is_known_line(struct span line);

#endif
