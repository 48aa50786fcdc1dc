/* SPDX-License-Identifier: MIT */
/* log_messages.h - what is known of the messages that are open, by queue id. */
#ifndef BOUNCE_LOGS_LOG_MESSAGES_H
#define BOUNCE_LOGS_LOG_MESSAGES_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* A recipient that a line was about. */
struct log_told {
    uint64_t hash;
    char *address, *text; /* while it waits: its address and last error; else NULL */
    void *final;          /* the caller's: the outcome that is kept until the end */
};

/* Strings belong to the table; NULL if not known. */
struct log_message {
    char *sender, *message_id;
    char *recipient, *text; /* of a delivery that has begun; the first recipient, before it was handed over */
    uint64_t size;
    struct log_told *told;
    uint32_t told_count, told_capacity;
    bool is_next; /* continues another queue id, from which it has the first sender and recipient */
    uint64_t hash;
    struct log_message *next_in_slot, *older, *newer;
    size_t key_bytes;
    char key[]; /* the queue id, next to the rest, so that a search touches little memory */
};

struct log_messages;
/* drop is called, if not NULL, for each message that leaves the table, with the caller's data. */
typedef void log_messages_drop_fn(void *data, struct log_message *m);
struct log_messages *log_messages_new(log_messages_drop_fn *drop, void *data);
void log_messages_free(struct log_messages *t);
/* NULL if there is none. */
struct log_message *log_messages_find(struct log_messages *t, struct span key);
/* Creates it if there is none; beyond LIMIT_LOG_MESSAGES the one that was used least recently is dropped. */
struct log_message *log_messages_get(struct log_messages *t, struct span key);
void log_messages_remove(struct log_messages *t, struct span key);
/* Drops the oldest; false if there is none. */
bool log_messages_drop_oldest(struct log_messages *t);
/* How many were dropped because there were too many. */
uint64_t log_messages_dropped(const struct log_messages *t);
/* Replaces a string of a message; s NULL leaves it as it is. At most LIMIT_ADDRESS_BYTES are kept. */
void log_message_set(char **string, struct span value);
/* What is known of a recipient, which is added if it is new; NULL beyond LIMIT_LOG_TOLD. *before: it was not new. */
struct log_told *log_messages_tell(struct log_messages *t, struct log_message *m, struct span recipient, bool *before);
/* Whether it waits, and what was said last. */
void log_told_wait(struct log_told *told, bool waits, struct span recipient, struct span text);

#endif
