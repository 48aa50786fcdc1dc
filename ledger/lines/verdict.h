/* SPDX-License-Identifier: MIT */
/* verdict.h - what one object of bounce-classify tells of one recipient. */
#ifndef LEDGER_LINES_VERDICT_H
#define LEDGER_LINES_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERDICT_KEYS = 3, VERDICT_TEXT_BYTES = 1024 };

/* Memory of one batch. */
struct line_pool {
    char *bytes;
    size_t used, size;
    bool full;
};

bool pool_make(struct line_pool *p, size_t size);
char *pool_copy(struct line_pool *p, const char *text, size_t length);

enum verdict_flag {
    VERDICT_PERMANENT = 1,
    VERDICT_PARTIAL = 2,
    VERDICT_SENT_NO = 4,
    VERDICT_SENT_YES = 8,
    VERDICT_INBOUND = 16,
    VERDICT_CANDIDATE = 32, /* one of several recipients, of whom one complained */
    VERDICT_FINAL = 64,     /* a delivery to the recipient's own server */
    VERDICT_HARD = 128,
    VERDICT_SOFT = 256,
    VERDICT_TRUSTED = 512 /* who reports is proved */
};

/* Texts are NULL where the object says nothing. */
struct seen_verdict {
    const char *address;     /* as the sender wrote to it */
    const char *reported;    /* as the report names it */
    const char *returned_to; /* the address that got the report; only where there is no other */
    const char *scope;       /* of the mail that was sent, if that is known: "TENANT/STREAM/LIST" */
    int64_t at;              /* seconds since 1970 */
    unsigned flags;
    int64_t retry_s; /* what the server stated; -1: nothing */
    int reply_code;
    int kind, action, reason, cause, side; /* bounce_kind, bounce_action, bounce_reason twice, bounce_group */
    const char *status, *service, *remote, *provider, *reporter, *software, *sender, *feedback;
    const char *diagnostic, *rule, *message_id, *list;
    int key_count;
    uint64_t keys[VERDICT_KEYS]; /* the same failure has one of them in common */
    size_t recipients;           /* how many the report names */
};

struct verdict_reader {
    const char *scope_from; /* a path of keys, with points; NULL: none */
    int64_t now;            /* when something is told without a time */
};

enum verdict_status { VERDICT_READ, VERDICT_NO_JSON, VERDICT_NO_OBJECT, VERDICT_NOT_OURS, VERDICT_POOL_FULL };

/* Hands each recipient of one line to take(). If the pool is full, nothing of the line was kept that matters: it can be
 * read again. problem: what is wrong with the line, for a person. */
enum verdict_status verdict_read(const struct verdict_reader *r, const char *line, size_t length,
                                 struct line_pool *pool, void (*take)(void *data, const struct seen_verdict *verdict),
                                 void *data, const char **problem);

/* The number that stands for texts that follow each other. */
uint64_t verdict_hash(const char *first, const char *second, const char *third);
/* As in RFC 3339, in UTC. False: it is none. */
bool verdict_time(const char *text, int64_t *seconds);
/* Whether it may be true: clocks and time zones differ by a day at most. */
bool verdict_time_is_past(int64_t at, int64_t now);

#endif
