/* SPDX-License-Identifier: MIT */
/* log_follow.h - what the lines of one queue id say together, and which of them count. */
#ifndef BOUNCE_LOGS_LOG_FOLLOW_H
#define BOUNCE_LOGS_LOG_FOLLOW_H

#include "logs/log.h"
#include "logs/log_messages.h"

struct log_relays;

struct log_follow {
    struct log_messages *messages;
    struct log_relays *relays;
    bool delivered, inbound, all; /* what is wanted besides failures of deliveries that were tried */
    /* Takes an entry that counts; told is what the table keeps of its recipient, or NULL. */
    void (*take)(void *data, const struct log_entry *e, struct log_told *told);
    /* The entry taken for told is no longer its last outcome, and the new one is not wanted. */
    void (*forget)(void *data, struct log_told *told);
    void *data;
};

/* Takes the entries of one line. They may be changed. */
void log_follow_line(struct log_follow *f, struct log_reader *r);

/* "mx.example.net", "192.0.2.1", "10.0.0.0/8", "fd00::/8": servers to which mail is handed over. False if text is none
 * of these. */
struct log_relays *log_relays_new(void);
void log_relays_free(struct log_relays *relays);
bool log_relays_add(struct log_relays *relays, const char *text);
/* Also true for loopback and private addresses. */
bool log_relays_have(const struct log_relays *relays, struct span name, struct span address);

#endif
