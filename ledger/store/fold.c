/* SPDX-License-Identifier: MIT */
/*
 * fold.c - what follows from the events of an address: its states.
 *
 * In: all events of an address. Out: a state for each scope, tenant or service that one of them reaches, computed by
 * the library's policy; where it differs from the tables, the row and a row of changes. The same events give the same
 * states, in any order. Refused: more scopes of one address than are kept.
 */
#include "store/fold.h"

#include <stdlib.h>
#include <string.h>

/* No policy waits longer for a time that a server stated. */
enum { YEAR_S = 366 * EVENT_DAY_S };

void fold_event(struct guard *guard, const struct ledger_event *e, bounce_policy_event *to)
{
    static const struct {
        int64_t ours;
        unsigned theirs;
    } flags[] = {{VERDICT_PERMANENT, BOUNCE_EVENT_PERMANENT}, {VERDICT_FINAL, BOUNCE_EVENT_FINAL},
                 {VERDICT_TRUSTED, BOUNCE_EVENT_TRUSTED},     {VERDICT_INBOUND, BOUNCE_EVENT_INBOUND},
                 {VERDICT_PARTIAL, BOUNCE_EVENT_PARTIAL},     {EVENT_OWN_DOMAIN, BOUNCE_EVENT_OWN_DOMAIN},
                 {VERDICT_CANDIDATE, BOUNCE_EVENT_CANDIDATE}};
    *to = (bounce_policy_event){.happened = e->happened,
                                .reason = e->reason,
                                .cause = e->cause,
                                .because = e->because,
                                .time = e->at,
                                .message = e->message};
    to->type = e->flags & VERDICT_HARD   ? BOUNCE_TYPE_HARD
               : e->flags & VERDICT_SOFT ? BOUNCE_TYPE_SOFT
                                         : BOUNCE_TYPE_NONE;
    to->sent = e->flags & VERDICT_SENT_NO    ? BOUNCE_SENT_NO
               : e->flags & VERDICT_SENT_YES ? BOUNCE_SENT_YES
                                             : BOUNCE_SENT_UNKNOWN;
    to->retry_at = e->retry_s >= 0 ? e->at + (e->retry_s < YEAR_S ? e->retry_s : YEAR_S) : 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (e->flags & flags[i].ours)
            to->flags |= flags[i].theirs;
    bool of_many = (e->flags & EVENT_OF_MANY) && !(e->flags & VERDICT_SENT_YES);
    if (of_many || (guard && guard_holds(guard, e)))
        to->flags |= BOUNCE_EVENT_GUARDED;
}

/* ------------------------------------------------------- whom it reaches */

static void add_target(struct fold *f, int64_t scope)
{
    for (int i = 0; i < f->count; i++)
        if (f->targets[i].scope == scope)
            return;
    if (scope >= 0 && f->count < FOLD_TARGETS)
        f->targets[f->count++] = (struct target){.scope = scope};
}

/* The scopes that an event counts for, at most four. */
static int reached(struct fold *f, const struct ledger_event *e, unsigned reach, int64_t scopes[4])
{
    struct ids *ids = f->context->ids;
    int count = 0;
    if (reach & BOUNCE_REACH_SCOPE)
        scopes[count++] = e->scope;
    if (reach & BOUNCE_REACH_TENANT)
        scopes[count++] = ids_tenant(ids, e->scope);
    if (reach & BOUNCE_REACH_EVERYWHERE)
        scopes[count++] = ids_scope(ids, "all", "");
    if (reach & BOUNCE_REACH_SERVICE)
        scopes[count++] = ids_service(ids, e->service);
    return count;
}

/* A decision without a scope is for all of them. */
static bool reaches(struct fold *f, const struct ledger_event *e, unsigned reach, int64_t scope)
{
    if (e->scope == EVENT_ALL_SCOPES)
        return true;
    int64_t scopes[4];
    int count = reached(f, e, reach, scopes);
    for (int i = 0; i < count; i++)
        if (scopes[i] == scope)
            return true;
    return false;
}

/* A delivery alone needs no state. */
static bool makes_state(const struct ledger_event *e)
{
    switch (e->happened) {
    case BOUNCE_HAPPENED_BOUNCE:
    case BOUNCE_HAPPENED_COMPLAINT:
    case BOUNCE_HAPPENED_UNSUBSCRIPTION:
    case BOUNCE_HAPPENED_SUPPRESSION: return e->scope != EVENT_ALL_SCOPES;
    default: return false;
    }
}

static bool make_room(struct fold *f, size_t count)
{
    if (2 * count <= f->capacity)
        return true;
    free(f->events);
    f->capacity = 2 * count + 64;
    f->events = malloc(f->capacity * sizeof *f->events);
    if (!f->events)
        f->capacity = 0;
    f->failed = f->failed || !f->events;
    return f->events != NULL;
}

static void fold_target(struct fold *f, struct target *t, const struct ledger_events *list)
{
    bounce_policy_event *own = f->events + list->count;
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!list->all[i].is_gone && reaches(f, &list->all[i], bounce_policy_reach(f->policy, &f->events[i]), t->scope))
            own[count++] = f->events[i];
    if (f->sent_at)
        own[count++] = (bounce_policy_event){.happened = BOUNCE_HAPPENED_SENT, .time = f->sent_at};
    bounce_status status = bounce_policy_replay(f->policy, own, count, f->now, &t->state, &t->decision);
    f->failed = f->failed || status == BOUNCE_ERROR_MEMORY;
}

void fold_begin(struct fold *f)
{
    f->has_sent = db_number(db_run(f->context->db, SQL_any_sent, ""), 0) != 0;
}

/* Soft strikes only fade if something was sent since. */
static int64_t last_sent(struct fold *f, int64_t address)
{
    return db_number(db_run(f->context->db, SQL_last_sent_to, "i", address), 0);
}

void fold_events(struct fold *f, int64_t address, const struct ledger_events *list)
{
    f->count = 0;
    f->sent_at = f->has_sent ? last_sent(f, address) : 0;
    if (!make_room(f, list->count))
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct ledger_event *e = &list->all[i];
        int64_t scopes[4];
        if (e->is_gone)
            continue;
        fold_event(f->guard, e, &f->events[i]);
        int count = makes_state(e) ? reached(f, e, bounce_policy_reach(f->policy, &f->events[i]), scopes) : 0;
        for (int k = 0; k < count; k++)
            add_target(f, scopes[k]);
    }
    for (int i = 0; i < f->count; i++)
        fold_target(f, &f->targets[i], list);
}

/* ---------------------------------------------------------------- tables */

/* A stored state. */
struct old_state {
    int64_t scope, since, until, next;
    bounce_state state;
    bounce_basis basis;
    int cause, retries;
};

static int load_old(struct fold *f, int64_t address, struct old_state old[FOLD_TARGETS])
{
    struct db_rows *rows = db_run(f->context->db, SQL_states_of, "i", address);
    int count = 0;
    while (count < FOLD_TARGETS && db_next(rows)) {
        struct old_state *o = &old[count++];
        *o = (struct old_state){.scope = db_int(rows, 0),
                                .since = db_int(rows, 4),
                                .until = db_int(rows, 5),
                                .next = db_int(rows, 6),
                                .cause = (int)bounce_reason_from_name(db_text(rows, 3)),
                                .retries = (int)db_int(rows, 7)};
        bounce_state_from_name(db_text(rows, 1), &o->state);
        bounce_basis_from_name(db_text(rows, 2), &o->basis);
    }
    db_end(rows);
    return count;
}

/* Free and watched are the same for senders. */
static bool lets_pass(int state)
{
    return state == BOUNCE_STATE_FREE || state == BOUNCE_STATE_WATCHED;
}

static bool is_other(const struct old_state *o, const bounce_address_state *s)
{
    return (int)o->state != s->state || (int)o->basis != s->basis || o->since != s->since || o->until != s->until ||
           o->next != s->next || o->cause != s->cause || o->retries != s->retries;
}

/* Such a state needs no row: an address without one is free. */
static bool is_nothing(const bounce_address_state *s)
{
    return s->state == BOUNCE_STATE_FREE && s->next == 0;
}

static void save_target(struct fold *f, int64_t address, const struct target *t, const struct old_state *old)
{
    static const struct old_state none;
    const bounce_address_state *s = &t->state;
    const struct old_state *o = old ? old : &none;
    const char *state = bounce_state_name((bounce_state)s->state), *basis = bounce_basis_name((bounce_basis)s->basis);
    const char *cause = bounce_reason_name((bounce_reason)s->cause);
    if (old ? !is_other(old, s) : is_nothing(s))
        return;
    if (is_nothing(s))
        db_do(f->context->db, SQL_drop_state, "ii", address, t->scope);
    else
        db_do(f->context->db, SQL_put_state, "iitttiiii", address, t->scope, state, basis, cause, s->since, s->until,
              s->next, (int64_t)s->retries);
    bool news = (int)o->state != s->state || o->until != s->until || (int)o->basis != s->basis;
    if (news && !(lets_pass((int)o->state) && lets_pass(s->state)))
        db_do(f->context->db, SQL_add_change, "iniittttiit", address, (int64_t)-1, t->scope, f->now,
              bounce_state_name(o->state), state, basis, cause, s->since, s->until, t->decision.why);
}

void fold_save(struct fold *f, int64_t address, bool is_new)
{
    struct old_state old[FOLD_TARGETS];
    int count = is_new ? 0 : load_old(f, address, old);
    for (int i = 0; i < f->count; i++) {
        const struct old_state *same = NULL;
        for (int k = 0; k < count; k++)
            if (old[k].scope == f->targets[i].scope)
                same = &old[k];
        save_target(f, address, &f->targets[i], same);
    }
    /* Stored states that no event reaches any more. */
    for (int k = 0; k < count; k++) {
        struct target none = {.scope = old[k].scope};
        bool reached_still = false;
        for (int i = 0; i < f->count; i++)
            reached_still = reached_still || f->targets[i].scope == old[k].scope;
        if (!reached_still)
            save_target(f, address, &none, &old[k]);
    }
}

void fold_free(struct fold *f)
{
    free(f->events);
    f->events = NULL;
    f->capacity = 0;
}
