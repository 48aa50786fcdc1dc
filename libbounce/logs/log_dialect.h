/* SPDX-License-Identifier: MIT */
/* log_dialect.h - the words of each log, made of the files of data/logs at build time. doc/logs.md explains these. */
#ifndef BOUNCE_LOGS_LOG_DIALECT_H
#define BOUNCE_LOGS_LOG_DIALECT_H

#include "base/span.h"
#include "bounce.h"

/* What a field or column is. */
enum log_key {
    LOG_KEY_RECIPIENT,
    LOG_KEY_ORIGINAL,
    LOG_KEY_OWNER, /* that a program or a file is of */
    LOG_KEY_SENDER,
    LOG_KEY_HOST,
    LOG_KEY_ADDRESS,
    LOG_KEY_REPORTER,
    LOG_KEY_STATUS,
    LOG_KEY_OUTCOME,
    LOG_KEY_ACTION,
    LOG_KEY_TEXT,
    LOG_KEY_REPLY,
    LOG_KEY_CONTEXT,
    LOG_KEY_SOURCE,
    LOG_KEY_MAILER,
    LOG_KEY_DELAY,
    LOG_KEY_TIME,
    LOG_KEY_QUEUED,
    LOG_KEY_QUEUE_ID,
    LOG_KEY_MESSAGE_ID,
    LOG_KEY_SIZE,
    LOG_KEYS
};

/* What a word for an outcome may mean besides the actions of bounce.h: no outcome, and incoming mail. */
enum { LOG_NO_OUTCOME = -1, LOG_INBOUND = 100 };

struct log_word {
    struct span word;
    int meaning;      /* bounce_action, bounce_command or enum log_key */
    const char *text; /* a meaning that is not one of these */
};

struct log_list {
    const struct log_word *words;
    size_t count;
};

struct log_dialect {
    const char *software;
    struct log_list programs;  /* of syslog; with a slash first, the last part of a name */
    struct log_list outcomes;  /* at the front of what happened */
    struct log_list untried;   /* say that nothing was tried */
    struct log_list servers;   /* precede a server's name */
    struct log_list commands;  /* name the command */
    struct log_list fields;    /* names of fields or columns */
    struct log_list hollow;    /* mean any reply; they count only with this status */
    struct log_list expired;   /* say that a message is given up */
    struct log_list discarded; /* at the front of something that is not an address */
    struct log_list usual;     /* the columns if there is no header: one word */
};

extern const struct log_dialect bounce_log_postfix, bounce_log_exim, bounce_log_sendmail, bounce_log_opensmtpd,
    bounce_log_qmail, bounce_log_courier, bounce_log_haraka, bounce_log_zonemta, bounce_log_kumomta,
    bounce_log_exchange, bounce_log_powermta;

/* The first of the list that the text starts with, in any case; NULL: none. */
const struct log_word *log_word_at_front(const struct log_list *list, struct span text);
/* The first of the list that occurs in the text, in this case. */
const struct log_word *log_word_within(const struct log_list *list, struct span text);
/* The first of the list that the text is, in any case. */
const struct log_word *log_word_same(const struct log_list *list, struct span text);
/* The meaning of the first outcome that the text starts with, or otherwise. */
int log_outcome(const struct log_dialect *d, struct span text, int otherwise);
/* The next field of the text that the dialect has a name for. False at the end of the fields. */
bool log_next_key(const struct log_dialect *d, struct span *rest, const char *separator, enum log_key *key,
                  struct span *value);

#endif
