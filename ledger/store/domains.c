/* SPDX-License-Identifier: MIT */
/*
 * domains.c - the states of domains as a whole.
 *
 * In: events of addresses. Out: those that tell of the domain (failures, and of each week the
 * first and the last delivery), and the state that follows from them by the policy. Nothing is refused.
 */
#include "store/domains.h"

#include <stdlib.h>
#include <string.h>

enum { WEEK_S = 7 * EVENT_DAY_S, FIRST_DELIVERY = 0, LAST_DELIVERY = 1, MAX_EVENTS = 4096 };

bool domains_note(struct fold *f, int64_t domain, const struct ledger_event *e)
{
    bounce_policy_event event;
    struct db *db = f->context->db;
    int64_t week = e->at / WEEK_S;
    fold_event(NULL, e, &event);
    if (!(bounce_policy_reach(f->policy, &event) & BOUNCE_REACH_DOMAIN))
        return false;
    if (e->happened == BOUNCE_HAPPENED_DELIVERY) {
        if (!(e->flags & VERDICT_FINAL))
            return false;
        db_do(db, SQL_put_domain_first, "iiiii", domain, week, (int64_t)FIRST_DELIVERY, e->at, (int64_t)e->happened);
        db_do(db, SQL_put_domain_last, "iiiii", domain, week, (int64_t)LAST_DELIVERY, e->at, (int64_t)e->happened);
        return true;
    }
    int64_t key = e->message ? e->message : e->at;
    db_do(db, SQL_put_domain_event, "iiiiiiiii", domain, week, key == 0 || key == 1 ? key + 2 : key, e->at,
          (int64_t)e->happened, (int64_t)e->reason, (int64_t)e->cause, (int64_t)event.flags, e->message);
    return true;
}

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
        if (e->happened == BOUNCE_HAPPENED_DELIVERY)
            e->flags = BOUNCE_EVENT_FINAL;
        else
            e->type = e->flags & BOUNCE_EVENT_PERMANENT ? BOUNCE_TYPE_HARD : BOUNCE_TYPE_SOFT;
    }
    db_end(rows);
    return failed ? count : 0;
}

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
