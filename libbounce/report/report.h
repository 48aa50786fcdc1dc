/* SPDX-License-Identifier: MIT */
/*
 * report.h - the result: what is known of a message and of each recipient.
 *
 * In: facts, which reading resolves and nobody changes after that; verdicts,
 * which verdict/ makes of them. Out: the accessors of bounce.h, and JSON. May
 * see base, smtp and match. All that a report returns is in its arena.
 */
#ifndef BOUNCE_REPORT_REPORT_H
#define BOUNCE_REPORT_REPORT_H

#include "base/limits.h"
#include "bounce.h"
#include "match/known.h"
#include "match/match.h"
#include "smtp/reply.h"

/* A text that says something about one recipient, and where it was. */
struct fact_text {
    enum text_origin origin;
    const char *where; /* "Diagnostic-Code", "part 1", "subject" */
    struct span raw;   /* decoded UTF-8, lines as they were */
    struct span front; /* of a quoted reply: the words before it, which may say whom it is about; n 0: none */
    bool is_read;      /* its reply was parsed: */
    bool has_lines;    /* false: reply_join_lines() gives it as it is */
    struct enhanced status;
    const struct fact_text *next;
};

struct evidence {
    const char *rule, *file, *where, *text, *why, *tag; /* NULL: none */
    uint32_t line;                                      /* 0: none */
    int tier;                                           /* 0: none */
    size_t offset;                                      /* SIZE_MAX: none */
    enum rule_implies implies;                          /* what the rule says beyond the reason */
    bounce_reason service_reason;                       /* what the service's class means, if the text says otherwise */
};

/* What a sending service itself judged, as its map in data/events reads it. */
struct service_view {
    const char *name, *words; /* the service; its class, or the text that is its own */
    bounce_reason reason;     /* UNKNOWN: its words give none */
    int permanent;            /* 1, 0; -1: its words do not say */
    bool own_text;            /* the text is the service's own words: no server wrote it */
};

/* What the report says of one recipient. Constant once reading has resolved it. */
struct facts {
    const char *address, *address_type, *original;
    bounce_action action;
    struct enhanced field_status; /* of the Status field */
    const char *diagnostic_type, *diagnostic, *remote_mta;
    int reply_code; /* 0: none */
    bounce_command command;
    int64_t last_attempt, will_retry_until; /* INT64_MIN: not stated */
    int64_t attempts;                       /* -1: not stated */
    bool partial;
    bool has_remote_reply;               /* a reply of the receiving server was read */
    bool remote_said;                    /* ... and the text shows that it was said by that server */
    bounce_decided_by stated_decided_by; /* a dialect knows */
    const struct service_view *service;  /* of an event; else NULL */
    const struct fact_text *texts;       /* in scratch: NULL once it was judged */
};

/* What the reply itself states besides the reason; strings are NULL where it does not. verdict/told.c fills it. */
struct told_facts {
    uint64_t retry_s; /* 0: not stated */
    const struct known_blocklist *blocklist;
    const char *ip, *domain, *url; /* those that it refuses */
    const char *help_url, *provider;
};

/* What that means. verdict/ fills it. */
struct verdict {
    bounce_reason reason;
    bounce_group group;
    bool has_cause;
    bounce_reason cause;
    bool permanent;
    bool undecided; /* not all expressions could be tried on it: codes and vague words are not enough to be hard */
    bool of_sender; /* rate-limited: words or code speak of the sender */
    bounce_type type;
    bounce_decided_by decided_by;
    const char *status, *stated_status;
    int64_t queued_for_s; /* -1: not known */
    struct evidence evidence;
    bounce_advice advice[4];
    size_t advice_count;
    const uint32_t *retry_after_s;
    size_t retry_count;
    const char *advice_then, *advice_text;
    bounce_queue queue;
    const char *mend;                                      /* what to fix before the queue goes on; NULL: nothing */
    const struct told_facts *told;                         /* NULL: nothing */
    const char *last_attempt_text, *will_retry_until_text; /* RFC 3339 */
    const char **explain;
    size_t explain_count, explain_capacity;
};

/* A fact that may not be known. */
enum tristate { FACT_UNKNOWN, FACT_FALSE, FACT_TRUE };

/* How much a report returns of the message that it is about. */
enum returned { RETURNED_NOT_ASKED, RETURNED_NONE, RETURNED_HEADERS, RETURNED_FULL };

/* What a server of the reader's own found out about a report (RFC 8601). */
struct trust_auth {
    const char *spf, *dkim, *dmarc, *arc, *of; /* NULL: not stated */
};

/* Where a report comes from: facts that decide nothing, and what the sender knows of the
 * message that it is about (sent/), which limits the advice. */
struct trust {
    enum returned returned; /* RETURNED_NOT_ASKED: ordinary mail or a reply */
    enum tristate null_sender, reporter_related;
    bounce_sent_answer sent;
    const char *sent_why;          /* one word; NULL: not asked */
    const struct trust_auth *auth; /* NULL: not known */
    bool signs_mail;               /* what the sender sends can be recognised again */
};

struct recipient_trust {
    enum tristate named_in_original, verp;
};

struct bounce_recipient {
    struct facts facts;
    struct verdict verdict;
    struct recipient_trust trust;
    const char *to_suppress;      /* the address that the sender wrote to, or NULL */
    const struct report_log *log; /* of its report */
};

struct report_warning {
    const char *id, *text;
};

enum { REPORT_FIELDS = BOUNCE_REPORT_SERVICE_ID + 1 };

/* What a feedback report leaves to the returned header. */
enum inferred { INFERRED_SOURCE_IP, INFERRED_MAIL_FROM, INFERRED_ARRIVAL_DATE, INFERRED_RECIPIENTS, INFERRED_COUNT };

/* The fields of one name that the caller asked for. */
struct asked_header {
    const char *name;
    const char *const *values;
    size_t count;
};

/* What only a line of a log states. */
struct report_log {
    bool attempted, inbound;
    uint64_t repeated, size, port; /* size, port 0: not stated */
    const char *remote_address;    /* NULL: not stated */
    uint64_t line, offset, length; /* where it was */
};

/* It is in its own arena, before all that it refers to. */
struct bounce_report {
    struct arena arena;
    bounce_kind kind;
    const char *strings[REPORT_FIELDS];
    struct trust trust;
    bool machine;          /* a program wrote the mail */
    bool left;             /* an automatic reply says that the person has left */
    unsigned inferred;     /* bits 1 << enum inferred */
    int64_t arrival, date; /* INT64_MIN: not stated */
    struct asked_header *headers;
    size_t header_count;
    struct bounce_recipient **recipients;
    size_t recipient_count, recipient_capacity;
    struct report_warning *warnings; /* room for LIMIT_WARNINGS; NULL as long as there is none */
    size_t warning_count;
    const char **trace; /* how it was read; NULL: not wanted */
    size_t trace_count, trace_capacity;
    const char *remarked, *with_remark; /* the last advice that got a remark, and what it became (verdict/doubt.c) */
    struct report_log *log;             /* NULL unless kind is LOG */
    const char *rules_digest;
    char *json; /* last result of bounce_report_json */
    size_t json_capacity;
};

/* An empty report with a copy of the digest unless that is constant, for bounce_report_free(). When memory runs out,
 * it takes the way out, if that is open; *made is the report as soon as there is something to free. */
struct bounce_report *report_make(const char *rules_digest, struct arena *memory, struct arena_exit *way_out,
                                  struct bounce_report **made);
/* Empties a report, and returns the memory that it was in. */
struct arena report_unmake(struct bounce_report *r);
struct bounce_recipient *report_add_recipient(struct bounce_report *r); /* NULL at the cap (warned) */
/* Sets what the report states in a field, unless it is set or there is nothing to set; true if it was. */
bool report_state(struct bounce_report *r, bounce_report_field field, const char *value);
/* Adds a line to the account of the reading. */
void report_trace(struct bounce_report *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_warn(struct bounce_report *r, const char *id, const char *text); /* once an id */
/* Makes room for the fields of these names, in this order; they are copied. */
void report_ask_headers(struct bounce_report *r, char *const *names, size_t count);

#endif
