/* SPDX-License-Identifier: MIT */
/* event.h - what happened to an address, as the ledger keeps it. */
#ifndef LEDGER_STORE_EVENT_H
#define LEDGER_STORE_EVENT_H

#include "bounce.h"
#include "db/db.h"
#include "lines/verdict.h"
#include "store/ids.h"

enum { EVENT_KEYS = 12, EVENT_HOUR_S = 3600, EVENT_DAY_S = 86400, EVENTS_OF_ADDRESS = 1 << 20 };

/* In addition to enum verdict_flag. */
enum event_flag {
    EVENT_OWN_DOMAIN = 1024,
    EVENT_OF_MANY = 2048,  /* its report has so many recipients that the guard tripped */
    EVENT_COUNTED = 65536, /* the guard counts it; this number is also in the SQL of the tables */
    EVENT_LEADS = 131072   /* it is the first with its cause in a day of this address */
};

/* Origins of events that no report caused; the numbers follow those of bounce_kind. */
enum { EVENT_KIND_IMPORT = 20, EVENT_KIND_PERSON = 21 };
enum { EVENT_ALL_SCOPES = 0 }; /* the scope of a person's decision about all scopes */

struct ledger_event {
    int64_t n, at, last_at, scope, doors, weight, flags, message, provider, retry_s, reporter, service;
    int happened, because, kind, action, reason, cause, side, reply_code;
    int key_count;
    uint64_t keys[EVENT_KEYS];
    const struct seen_verdict *verdict; /* texts to be stored; NULL: keep the stored ones */
    const char *note;                   /* likewise */
    bool is_new, is_changed, is_gone;
};

struct ledger_events {
    struct ledger_event *all;
    size_t count, capacity;
};

/* What all events of one run have in common. */
struct event_context {
    struct db *db;
    struct ids *ids;
    const bounce_policy *policy;
    int64_t scope;             /* for verdicts without a scope */
    const char *tenant_stream; /* "TENANT/STREAM/", a prefix for the list of a verdict */
    const char *const *own_domains;
    size_t own_domain_count;
    bool first_cleaning; /* the guard does not count */
};

/* The size of a return path as an id in the table of sent mails. */
enum { SENT_PATH_BYTES = BOUNCE_ADDRESS_KEY_BYTES + 8 };
void sent_path(const char *address_key, char path[SENT_PATH_BYTES]);

/* The bounce_happened of a verdict. */
int event_happened(const struct seen_verdict *v);
/* domain: the domain of the address. */
void event_from_verdict(struct event_context *c, const struct seen_verdict *v, const char *domain,
                        struct ledger_event *e);
bool event_list_add(struct ledger_events *list, const struct ledger_event *e);
/* All events of an address, in no particular order. False: memory ran out. */
bool event_list_load(struct db *db, int64_t address, struct ledger_events *list);
/* The id of event number n of an address, from 0 to EVENTS_OF_ADDRESS - 1. */
int64_t event_id(int64_t address, int64_t n);
/* Stores new and changed events, and deletes those that are gone. */
void event_list_save(struct event_context *c, int64_t address, struct ledger_events *list);

#endif
