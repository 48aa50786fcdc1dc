/* SPDX-License-Identifier: MIT */
/*
 * domains.c - the states of domains as a whole.
 *
 * In: events of addresses. Out: those about the domain (failures, releases, and the first and last delivery of each
 * week), and the state that the policy computes from them. Nothing is refused.
 */
#include "store/domains.h"

#include <stdlib.h>
#include <string.h>

enum { WEEK_S = 7 * EVENT_DAY_S, DELIVERIES = 0, MAX_EVENTS = 4096 };

static bool add_note(struct domain_notes *notes, int64_t domain, int64_t week, int64_t at)
{
    if (notes->count == notes->capacity) {
        size_t capacity = notes->capacity ? 2 * notes->capacity : 1024;
        struct domain_note *more = realloc(notes->all, capacity * sizeof *more);
        if (!more)
            return false;
        notes->all = more;
        notes->capacity = capacity;
    }
    notes->all[notes->count++] = (struct domain_note){domain, week, at, at};
    return true;
}

bool domains_note(struct fold *f, struct domain_notes *notes, int64_t domain, const struct ledger_event *e)
{
    bounce_policy_event event;
    int64_t week = e->at / WEEK_S, key = e->message ? e->message : e->at;
    fold_event(NULL, e, &event);
    if (!(bounce_policy_reach(f->policy, &event) & BOUNCE_REACH_DOMAIN))
        return true;
    if (e->happened == BOUNCE_HAPPENED_DELIVERY)
        return !(e->flags & VERDICT_FINAL) || add_note(notes, domain, week, e->at);
    /* A release has no cause; the column has its because instead. */
    bool is_release = e->happened == BOUNCE_HAPPENED_RELEASE;
    if (!is_release && e->happened != BOUNCE_HAPPENED_BOUNCE)
        return true;
    key = is_release ? -e->at : key;
    db_do(f->context->db, SQL_put_domain_event, "iiiiiiiii", domain, week, key == DELIVERIES ? key + 1 : key, e->at,
          (int64_t)e->happened, (int64_t)e->reason, (int64_t)(is_release ? e->because : e->cause), (int64_t)event.flags,
          e->message);
    return add_note(notes, domain, -1, e->at);
}

static int by_domain(const void *a, const void *b)
{
    const struct domain_note *x = a, *y = b;
    if (x->domain != y->domain)
        return x->domain < y->domain ? -1 : 1;
    if (x->week != y->week)
        return x->week < y->week ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Stores the notes of one domain, failures first. */
static void settle_domain(struct fold *f, const struct domain_note *notes, size_t count, bool any_states)
{
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && notes[end].week == notes[i].week;)
            end++;
        if (notes[i].week >= 0)
            db_do(f->context->db, SQL_put_domain_delivery, "iiii", notes[i].domain, notes[i].week, notes[i].first,
                  notes[end - 1].last);
    }
    if (notes->week < 0 || any_states)
        domains_fold(f, notes->domain);
}

void domains_settle(struct fold *f, struct domain_notes *notes)
{
    bool any_states = notes->count > 0 && db_number(db_run(f->context->db, SQL_any_domain_row, ""), 0) != 0;
    if (notes->count > 1)
        qsort(notes->all, notes->count, sizeof *notes->all, by_domain);
    for (size_t i = 0, end; i < notes->count; i = end) {
        for (end = i + 1; end < notes->count && notes->all[end].domain == notes->all[i].domain;)
            end++;
        settle_domain(f, &notes->all[i], end - i, any_states);
    }
    notes->count = 0;
}

/* A week of deliveries is loaded as two events: the first and the last. */
static size_t load(struct fold *f, int64_t domain, bounce_policy_event events[MAX_EVENTS])
{
    struct db_rows *rows = db_run(f->context->db, SQL_domain_events_of, "i", domain);
    size_t count = 0;
    bool failed = false;
    while (count < MAX_EVENTS && db_next(rows)) {
        bounce_policy_event *e = &events[count++];
        *e = (bounce_policy_event){.time = db_int(rows, 0),
                                   .happened = (int32_t)db_int(rows, 1),
                                   .reason = (int32_t)db_int(rows, 2),
                                   .cause = (int32_t)db_int(rows, 3),
                                   .flags = (uint32_t)db_int(rows, 4),
                                   .message = db_int(rows, 5)};
        failed = failed || e->happened == BOUNCE_HAPPENED_BOUNCE;
        if (e->happened == BOUNCE_HAPPENED_RELEASE) {
            e->because = e->cause;
            e->cause = 0;
        } else if (e->happened == BOUNCE_HAPPENED_DELIVERY) {
            e->flags = BOUNCE_EVENT_FINAL;
            if (count < MAX_EVENTS && db_int(rows, 6) != e->time) {
                events[count] = *e;
                events[count++].time = db_int(rows, 6);
            }
        } else
            e->type = e->flags & BOUNCE_EVENT_PERMANENT ? BOUNCE_TYPE_HARD : BOUNCE_TYPE_SOFT;
    }
    db_end(rows);
    return failed ? count : 0;
}

/* Without a failure there is nothing to compute. */
void domains_fold(struct fold *f, int64_t domain)
{
    struct db *db = f->context->db;
    bounce_domain_state s;
    bounce_policy_decision decision;
    bounce_policy_event *events = malloc(MAX_EVENTS * sizeof *events);
    bounce_state was = BOUNCE_STATE_FREE;
    int64_t was_until = 0;
    f->failed = f->failed || !events;
    size_t count = events ? load(f, domain, events) : 0;
    if (count == 0 || bounce_policy_replay_domain(f->policy, events, count, f->now, &s, &decision) != BOUNCE_OK) {
        free(events);
        return;
    }
    struct db_rows *rows = db_run(db, SQL_domain_state_of, "i", domain);
    if (db_next(rows)) {
        bounce_state_from_name(db_text(rows, 0), &was);
        was_until = db_int(rows, 1);
    }
    db_end(rows);
    const char *state = bounce_state_name((bounce_state)s.state), *basis = bounce_basis_name((bounce_basis)s.basis);
    const char *cause = bounce_reason_name((bounce_reason)s.cause);
    db_do(db, SQL_put_domain_state, "itttiii", domain, state, basis, cause, s.since, s.until, s.next);
    bool passes = was <= BOUNCE_STATE_WATCHED && s.state <= BOUNCE_STATE_WATCHED;
    if (((int)was != s.state || was_until != s.until) && !passes)
        db_do(db, SQL_add_change, "nniittttiit", (int64_t)-1, domain, (int64_t)0, f->now, bounce_state_name(was), state,
              basis, cause, s.since, s.until, decision.why);
    free(events);
}
