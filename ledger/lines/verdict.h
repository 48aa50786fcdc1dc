/* SPDX-License-Identifier: MIT */
/* verdict.h - what one object of bounce-classify says about each recipient. */
#ifndef LEDGER_LINES_VERDICT_H
#define LEDGER_LINES_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERDICT_KEYS = 3, VERDICT_TEXT_BYTES = 1024 };

/* Memory for the texts of one batch. */
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
    VERDICT_CANDIDATE = 32, /* one of several recipients, one of whom complained */
    VERDICT_FINAL = 64,     /* a delivery to the recipient's own server */
    VERDICT_HARD = 128,
    VERDICT_SOFT = 256,
    VERDICT_TRUSTED = 512 /* the reporter is trusted */
};

/* Texts are NULL where the object says nothing. */
struct seen_verdict {
    const char *address;     /* as the sender wrote it */
    const char *reported;    /* as the report writes it */
    const char *returned_to; /* the address that received the report; only if there is no other */
    const char *scope;       /* of the mail that was sent, if known: "TENANT/STREAM/LIST" */
    int64_t at;              /* seconds since 1970 */
    unsigned flags;
    int64_t retry_s; /* stated by the server; -1: none */
    int reply_code;
    int kind, action, reason, cause, side; /* bounce_kind, bounce_action, bounce_reason twice, bounce_group */
    const char *status, *service, *remote, *provider, *reporter, *software, *sender, *feedback;
    const char *diagnostic, *rule, *message_id, *list;
    int key_count;
    uint64_t keys[VERDICT_KEYS]; /* two reports of the same failure have at least one key in common */
    size_t recipients;           /* how many the report has */
};

struct verdict_reader {
    const char *scope_from; /* a path of keys separated by dots; NULL: none */
    int64_t now;            /* used for verdicts without a time */
};

enum verdict_status { VERDICT_READ, VERDICT_NO_JSON, VERDICT_NO_OBJECT, VERDICT_NOT_OURS, VERDICT_POOL_FULL };

/* Passes each recipient of a line to take(). If the pool is full, drop the line's recipients and read it again later.
 * problem: what is wrong with the line. */
enum verdict_status verdict_read(const struct verdict_reader *r, const char *line, size_t length,
                                 struct line_pool *pool, void (*take)(void *data, const struct seen_verdict *verdict),
                                 void *data, const char **problem);

/* A hash of several texts. */
uint64_t verdict_hash(const char *first, const char *second, const char *third);
/* Parses RFC 3339 in UTC. False: not a time. */
bool verdict_time(const char *text, int64_t *seconds);
/* Whether the time is plausible: clocks and time zones differ by a day at most. */
bool verdict_time_is_past(int64_t at, int64_t now);

#endif
