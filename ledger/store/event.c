/* SPDX-License-Identifier: MIT */
/*
 * event.c - what happened to an address, to and from the tables.
 *
 * In: verdicts; rows. Out: events; rows. Of several sources of one event, the most trusted wins: your own server's log,
 * then the service, then a report with fields, then free text. Refused: nothing.
 */
#include "store/event.h"

#include "bounce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_TEXT_BYTES = EVENT_KEYS * 17 + 1, NAME_BYTES = 1024 };

/* -------------------------------------------------------- from a verdict */

int event_happened(const struct seen_verdict *v)
{
    bool tells = v->kind != BOUNCE_KIND_NONE && v->kind != BOUNCE_KIND_MDN && v->kind != BOUNCE_KIND_AUTO_REPLY &&
                 v->kind != BOUNCE_KIND_CHALLENGE;
    const char *feedback = v->feedback ? v->feedback : "";
    if (!tells)
        return BOUNCE_HAPPENED_NOTHING;
    switch (v->action) {
    case BOUNCE_ACTION_FAILED: return BOUNCE_HAPPENED_BOUNCE;
    case BOUNCE_ACTION_DELAYED: return BOUNCE_HAPPENED_DELAY;
    case BOUNCE_ACTION_DELIVERED:
    case BOUNCE_ACTION_RELAYED: return BOUNCE_HAPPENED_DELIVERY;
    case BOUNCE_ACTION_COMPLAINT: break;
    default: return BOUNCE_HAPPENED_NOTHING;
    }
    if (strcmp(feedback, "not-spam") == 0)
        return BOUNCE_HAPPENED_NOT_SPAM;
    if (strncmp(feedback, "opt-out", 7) == 0 || strncmp(feedback, "unsubscribe", 11) == 0)
        return BOUNCE_HAPPENED_UNSUBSCRIPTION;
    return strcmp(feedback, "auth-failure") == 0 ? BOUNCE_HAPPENED_NOTHING : BOUNCE_HAPPENED_COMPLAINT;
}

static int rank_of(int kind)
{
    switch (kind) {
    case BOUNCE_KIND_LOG: return 0;
    case BOUNCE_KIND_EVENT: return 1;
    case BOUNCE_KIND_DSN:
    case BOUNCE_KIND_ARF: return 2;
    case BOUNCE_KIND_NDR: return 3;
    default: return 4;
    }
}

/* The lowest weight is believed. For two of one kind, a hash decides, so that the order makes no difference. */
static int64_t weight_of(const struct seen_verdict *v, const struct ledger_event *e)
{
    char text[64];
    snprintf(text, sizeof text, "%lld %d %d", (long long)v->at, v->reason, v->reply_code);
    uint64_t hash = verdict_hash(text, v->diagnostic, v->remote);
    return (int64_t)rank_of(e->kind) << 56 | (int64_t)(hash >> 8);
}

/* The last two labels of a host, or three of "mx.example.co.uk": its owner, close enough. */
static const char *organisation(const char *host)
{
    const char *dots[3] = {NULL};
    for (const char *s = host + strlen(host); s-- > host;)
        if (*s == '.' && !dots[2])
            dots[!dots[0] ? 0 : !dots[1] ? 1 : 2] = s;
    bool is_short = dots[0] && dots[1] && strlen(dots[0]) == 3 && dots[0] - dots[1] <= 4;
    const char *dot = is_short ? dots[2] : dots[1];
    return dot ? dot + 1 : host;
}

static bool is_name(const char *host)
{
    return host && strchr(host, '.') && !strchr(host, ':') && host[strspn(host, "0123456789.[]")] != '\0';
}

static int64_t provider_of(struct event_context *c, const struct seen_verdict *v, const char *domain)
{
    return ids_word(c->ids, v->provider ? v->provider : is_name(v->remote) ? organisation(v->remote) : domain);
}

void sent_path(const char *address_key, char path[SENT_PATH_BYTES])
{
    snprintf(path, SENT_PATH_BYTES, "path:%s", address_key);
}

static int64_t scope_of(struct event_context *c, const struct seen_verdict *v)
{
    char name[NAME_BYTES];
    if (v->scope)
        return ids_scope(c->ids, "scope", v->scope);
    if (!v->list || snprintf(name, sizeof name, "%s%s", c->tenant_stream, v->list) >= (int)sizeof name)
        return c->scope;
    return ids_scope(c->ids, "scope", name);
}

static bool is_own(const struct event_context *c, const char *domain)
{
    for (size_t i = 0; i < c->own_domain_count; i++)
        if (strcmp(c->own_domains[i], domain) == 0)
            return true;
    return false;
}

/* Whether the guard counts it: it says something about the recipient. */
static bool is_counted(const struct ledger_event *e)
{
    return e->happened == BOUNCE_HAPPENED_BOUNCE &&
           (e->side == BOUNCE_GROUP_RECIPIENT || e->reason == BOUNCE_REASON_UNKNOWN) &&
           !(e->flags & (VERDICT_SENT_NO | VERDICT_INBOUND | VERDICT_PARTIAL | EVENT_OWN_DOMAIN));
}

/* Whether one report names many recipients, and nothing proves that the mail was the sender's. */
static bool is_of_many(const struct event_context *c, const struct seen_verdict *v)
{
    bounce_guard counts = {.question = BOUNCE_GUARD_REPORT, .addresses = (int64_t)v->recipients};
    bounce_guard_answer answer;
    return v->recipients > 1 && !(v->flags & (VERDICT_TRUSTED | VERDICT_SENT_YES)) &&
           bounce_policy_guard(c->policy, &counts, &answer) == BOUNCE_OK && answer.tripped;
}

void event_from_verdict(struct event_context *c, const struct seen_verdict *v, const char *domain,
                        struct ledger_event *e)
{
    *e = (struct ledger_event){.at = v->at,
                               .last_at = v->at,
                               .happened = event_happened(v),
                               .kind = v->kind,
                               .action = v->action,
                               .reason = v->reason,
                               .cause = v->cause,
                               .side = v->side,
                               .flags = v->flags,
                               .retry_s = v->retry_s,
                               .reply_code = v->reply_code,
                               .message = bounce_message_key(v->message_id),
                               .key_count = v->key_count,
                               .verdict = v,
                               .is_new = true};
    memcpy(e->keys, v->keys, sizeof v->keys);
    e->doors = (int64_t)1 << v->kind;
    e->weight = weight_of(v, e);
    e->scope = scope_of(c, v);
    e->provider = provider_of(c, v, domain);
    e->reporter = ids_word(c->ids, v->reporter);
    e->service = ids_word(c->ids, v->service);
    if (is_own(c, domain))
        e->flags |= EVENT_OWN_DOMAIN;
    if (is_of_many(c, v))
        e->flags |= EVENT_OF_MANY;
    if (is_counted(e) && !c->first_cleaning)
        e->flags |= EVENT_COUNTED;
}

/* ---------------------------------------------------------------- tables */

bool event_list_add(struct ledger_events *list, const struct ledger_event *e)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        struct ledger_event *more = realloc(list->all, capacity * sizeof *more);
        if (!more)
            return false;
        list->all = more;
        list->capacity = capacity;
    }
    list->all[list->count++] = *e;
    return true;
}

static void keys_from(struct ledger_event *e, const char *text)
{
    char *end;
    for (e->key_count = 0; text && *text && e->key_count < EVENT_KEYS; text = *end ? end + 1 : end)
        e->keys[e->key_count++] = strtoull(text, &end, 16);
}

static void keys_to(const struct ledger_event *e, char text[KEYS_TEXT_BYTES])
{
    size_t n = 0;
    text[0] = '\0';
    for (int i = 0; i < e->key_count; i++)
        n += (size_t)sprintf(text + n, i ? " %016llx" : "%016llx", (unsigned long long)e->keys[i]);
}

int64_t event_id(int64_t address, int64_t n)
{
    return address * EVENTS_OF_ADDRESS + n;
}

bool event_list_load(struct db *db, int64_t address, struct ledger_events *list)
{
    struct db_rows *rows =
        db_run(db, SQL_events_of, "ii", event_id(address, 0), event_id(address, EVENTS_OF_ADDRESS - 1));
    list->count = 0;
    while (db_next(rows)) {
        struct ledger_event e = {.n = db_int(rows, 0) % EVENTS_OF_ADDRESS,
                                 .at = db_int(rows, 1),
                                 .last_at = db_int(rows, 2),
                                 .scope = db_int(rows, 3),
                                 .doors = db_int(rows, 5),
                                 .weight = db_int(rows, 6),
                                 .flags = db_int(rows, 7),
                                 .happened = (int)db_int(rows, 8),
                                 .because = (int)db_int(rows, 9),
                                 .message = db_int(rows, 10),
                                 .kind = (int)db_int(rows, 11),
                                 .action = (int)db_int(rows, 12),
                                 .reason = (int)db_int(rows, 13),
                                 .cause = (int)db_int(rows, 14),
                                 .side = (int)db_int(rows, 15),
                                 .retry_s = db_is_null(rows, 16) ? -1 : db_int(rows, 16),
                                 .provider = db_is_null(rows, 17) ? -1 : db_int(rows, 17),
                                 .reporter = db_is_null(rows, 18) ? -1 : db_int(rows, 18),
                                 .service = db_is_null(rows, 19) ? -1 : db_int(rows, 19)};
        keys_from(&e, db_text(rows, 4));
        if (!event_list_add(list, &e)) {
            db_end(rows);
            return false;
        }
    }
    return true;
}

static int64_t or_null(int64_t value)
{
    return value ? value : -1;
}

/* Stores all columns. Message numbers may be negative; both databases accept a string of digits as a number. */
static void save_all(struct event_context *c, int64_t address, const struct ledger_event *e)
{
    static const struct seen_verdict nothing;
    const struct seen_verdict *v = e->verdict ? e->verdict : &nothing;
    char keys[KEYS_TEXT_BYTES];
    keys_to(e, keys);
    db_do(c->db, SQL_put_event, "iiiiitiiiiiiiiiiitnnnnnnnntttt", event_id(address, e->n), address, e->at, e->last_at,
          e->scope, keys, e->doors, e->weight, e->flags, (int64_t)e->happened, (int64_t)e->because, e->message,
          (int64_t)e->kind, (int64_t)e->action, (int64_t)e->reason, (int64_t)e->cause, (int64_t)e->side, v->status,
          or_null(e->reply_code), e->retry_s, e->provider, ids_word(c->ids, v->remote), e->reporter,
          ids_word(c->ids, v->software), e->service, ids_word(c->ids, v->sender), v->diagnostic, v->rule, v->message_id,
          e->note);
}

static void save_changed(struct event_context *c, int64_t address, const struct ledger_event *e)
{
    char keys[KEYS_TEXT_BYTES];
    keys_to(e, keys);
    db_do(c->db, SQL_change_event, "iiiitiii", event_id(address, e->n), e->at, e->last_at, e->scope, keys, e->doors,
          e->flags, e->message);
}

void event_list_save(struct event_context *c, int64_t address, struct ledger_events *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct ledger_event *e = &list->all[i];
        if (e->is_gone && !e->is_new)
            db_do(c->db, SQL_drop_event, "i", event_id(address, e->n));
        else if (!e->is_gone && (e->is_new || e->verdict))
            save_all(c, address, e);
        else if (!e->is_gone && e->is_changed)
            save_changed(c, address, e);
        e->is_new = e->is_changed = false;
        e->verdict = NULL;
    }
}
