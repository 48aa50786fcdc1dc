/* SPDX-License-Identifier: MIT */
/* event.h - what happened to an address, as the ledger keeps it. */
#ifndef LEDGER_STORE_EVENT_H
#define LEDGER_STORE_EVENT_H

#include "bounce.h"
#include "db/db.h"
#include "lines/verdict.h"
#include "store/ids.h"

enum { EVENT_KEYS = 12, EVENT_HOUR_S = 3600, EVENT_DAY_S = 86400, EVENTS_OF_ADDRESS = 1 << 20 };

/* Beside those of enum verdict_flag. */
enum event_flag {
    EVENT_OWN_DOMAIN = 1024,
    EVENT_OF_MANY = 2048,  /* its report names so many that the guard tripped */
    EVENT_COUNTED = 65536, /* the guard counts it; the tables know this number */
    EVENT_LEADS = 131072   /* it is the first of its cause in a day of this address */
};

/* Where something comes from that no report told; after the values of bounce_kind. */
enum { EVENT_KIND_IMPORT = 20, EVENT_KIND_PERSON = 21 };
enum { EVENT_ALL_SCOPES = 0 }; /* as the scope of what a person says of an address */

struct ledger_event {
    int64_t n, at, last_at, scope, doors, weight, flags, message, provider, retry_s, reporter, service;
    int happened, because, kind, action, reason, cause, side, reply_code;
    int key_count;
    uint64_t keys[EVENT_KEYS];
    const struct seen_verdict *verdict; /* whose texts are to be kept with it; NULL: those that are there */
    const char *note;                   /* likewise */
    bool is_new, is_changed, is_gone;
};

struct ledger_events {
    struct ledger_event *all;
    size_t count, capacity;
};

/* What is the same for all events that one run records. */
struct event_context {
    struct db *db;
    struct ids *ids;
    const bounce_policy *policy;
    int64_t scope;             /* of what states none */
    const char *tenant_stream; /* "TENANT/STREAM/", in front of the list that a verdict states */
    const char *const *own_domains;
    size_t own_domain_count;
    bool first_cleaning; /* the guard does not count */
};

/* What a verdict makes happen: a bounce_happened. */
int event_happened(const struct seen_verdict *v);
/* domain: that of the address. */
void event_from_verdict(struct event_context *c, const struct seen_verdict *v, const char *domain,
                        struct ledger_event *e);
bool event_list_add(struct ledger_events *list, const struct ledger_event *e);
/* All of an address, in the order of their times. */
void event_list_load(struct db *db, int64_t address, struct ledger_events *list);
/* The id of event number n of an address; those of all are from 0 to EVENTS_OF_ADDRESS - 1. */
int64_t event_id(int64_t address, int64_t n);
/* Writes what is new, changed or gone. */
void event_list_save(struct event_context *c, int64_t address, struct ledger_events *list);

#endif
