/* SPDX-License-Identifier: MIT */
/*
 * guard.c - bounces of one cause that are too many to be believed: they are held.
 *
 * In: the counts of each hour, and which of them have changed. Out: the table trips: the windows, by their last hour,
 * in which the policy's guard has tripped; and the addresses with events in windows that have changed. An event is held
 * if one of its windows has tripped: so the guard also acts on earlier events, and their order makes no difference.
 * Nothing is refused.
 */
#include "store/guard.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_TO_ASK = 10, MAX_REASONS = 64, MAX_HOURS = 20 * 366 * 24 };

/* ------------------------------------------------------------- addresses */

bool address_set_add(struct address_set *set, int64_t id)
{
    if (set->count == set->capacity) {
        size_t capacity = set->capacity ? 2 * set->capacity : 1024;
        int64_t *more = realloc(set->ids, capacity * sizeof *more);
        if (!more)
            return false;
        set->ids = more;
        set->capacity = capacity;
    }
    set->ids[set->count++] = id;
    return true;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void address_set_sort(struct address_set *set)
{
    size_t kept = 0;
    if (set->count > 1)
        qsort(set->ids, set->count, sizeof *set->ids, by_id);
    for (size_t i = 0; i < set->count; i++)
        if (kept == 0 || set->ids[kept - 1] != set->ids[i])
            set->ids[kept++] = set->ids[i];
    set->count = kept;
}

/* ----------------------------------------------------------------- setup */

/* Rounded up, so a window has at least one hour. */
static int64_t hours_of(int64_t seconds)
{
    return (seconds + EVENT_HOUR_S - 1) / EVENT_HOUR_S;
}

void guard_begin(struct guard *g, struct db *db, const bounce_policy *policy)
{
    int64_t window = EVENT_DAY_S, history = 28 * EVENT_DAY_S;
    bounce_policy_setting(policy, "guard-window", 0, &window);
    bounce_policy_setting(policy, "guard-history", 0, &history);
    *g = (struct guard){.db = db, .policy = policy, .window_h = hours_of(window), .history_h = hours_of(history)};
    g->has_trips = db_number(db_run(db, SQL_any_trip, ""), 0) != 0;
    g->has_sent = db_number(db_run(db, SQL_any_sent, ""), 0) != 0;
}

/* --------------------------------------------- one subject, hour by hour */

/* The counts of each hour from `first` on. */
struct course {
    int64_t first, count;
    int64_t *events, *outcomes;
    int64_t *sent; /* mails to the provider; NULL: not loaded yet */
    bool *tripped; /* as stored in the table */
};

static int64_t sum(const int64_t *numbers, int64_t from, int64_t to)
{
    int64_t total = 0;
    for (int64_t i = from < 0 ? 0 : from; i < to; i++)
        total += numbers[i];
    return total;
}

/* The sum over all hours of the course. */
static int64_t total(struct guard *g, const struct hour *one, const struct course *c)
{
    struct db_rows *rows = db_run(g->db, SQL_hours_of, "iiiii", (int64_t)one->question, one->subject,
                                  (int64_t)one->reason, c->first, c->first + c->count - 1);
    int64_t events = 0;
    while (db_next(rows))
        events += db_int(rows, 1);
    return events;
}

static void fill(struct guard *g, int question, int64_t subject, int reason, const struct course *c, int64_t *numbers)
{
    struct db_rows *rows = db_run(g->db, SQL_hours_of, "iiiii", (int64_t)question, subject, (int64_t)reason, c->first,
                                  c->first + c->count - 1);
    while (db_next(rows))
        numbers[db_int(rows, 0) - c->first] = db_int(rows, 1);
}

static int64_t first_record(struct guard *g, int64_t subject)
{
    return db_number(db_run(g->db, SQL_first_hour, "i", subject), 0);
}

/* Mails sent to domains whose addresses bounced at this provider. Loaded only if the guard would trip without them.
 * False: memory ran out. */
static bool fill_sent(struct guard *g, int64_t subject, struct course *c)
{
    c->sent = calloc((size_t)c->count, sizeof *c->sent);
    if (!c->sent) {
        g->failed = true;
        return false;
    }
    struct db_rows *rows = db_run(g->db, SQL_sent_to_provider, "iii", subject, c->first * EVENT_HOUR_S,
                                  (c->first + c->count) * EVENT_HOUR_S);
    while (db_next(rows))
        c->sent[db_int(rows, 0) - c->first] = db_int(rows, 1);
    return true;
}

/* Judges the window that ends with hour number `at` of the course. */
static bool trips(struct guard *g, const struct hour *one, struct course *c, int64_t at, int64_t addresses,
                  int64_t first, bounce_guard_answer *answer)
{
    bounce_guard counts = {.question = one->question, .addresses = addresses};
    int64_t begin = at + 1 - g->window_h, known = c->first + begin - first;
    if (one->question == BOUNCE_GUARD_PROVIDER) {
        counts.before = sum(c->events, begin - g->history_h, begin);
        counts.before_s = (known < 0 ? 0 : known > g->history_h ? g->history_h : known) * EVENT_HOUR_S;
        counts.outcomes = sum(c->outcomes, begin, at + 1);
    }
    bool tripped = bounce_policy_guard(g->policy, &counts, answer) == BOUNCE_OK && answer->tripped;
    if (!tripped || !g->has_sent || one->question != BOUNCE_GUARD_PROVIDER ||
        (!c->sent && !fill_sent(g, one->subject, c)))
        return tripped;
    /* What bounces in one window may have been sent in the previous one. */
    int64_t sent_before = sum(c->sent, begin - g->window_h, begin);
    counts.sent = sum(c->sent, begin, at + 1);
    counts.sent = counts.sent > sent_before ? counts.sent : sent_before;
    return bounce_policy_guard(g->policy, &counts, answer) == BOUNCE_OK && answer->tripped;
}

static void add_concerned(struct guard *g, int question, int64_t subject, int reason, int64_t from, int64_t to,
                          struct address_set *concerned)
{
    enum sql_name name = question == BOUNCE_GUARD_PROVIDER ? SQL_counted_between : SQL_complaints_between;
    struct db_rows *rows = db_run(g->db, name, "iiii", subject, (int64_t)reason, from, to);
    while (db_next(rows))
        g->failed = !address_set_add(concerned, db_int(rows, 0)) || g->failed;
}

static void set_trip(struct guard *g, const struct hour *one, int64_t hour, bool tripped, const char *why)
{
    if (tripped)
        db_do(g->db, SQL_add_trip, "iiiit", (int64_t)one->question, one->subject, (int64_t)one->reason, hour, why);
    else
        db_do(g->db, SQL_drop_trip, "iiii", (int64_t)one->question, one->subject, (int64_t)one->reason, hour);
    g->has_trips = g->has_trips || tripped;
}

/* Judges the windows from hour number `from` to the end of the course. */
static void judge_windows(struct guard *g, const struct hour *one, struct course *c, int64_t from,
                          struct address_set *concerned)
{
    int64_t in_window = sum(c->events, from - g->window_h, from), first = -1, changed_from = -1, changed_to = -1;
    for (int64_t at = from; at < c->count; at++) {
        bounce_guard_answer answer = {.tripped = false};
        in_window += c->events[at] - (at >= g->window_h ? c->events[at - g->window_h] : 0);
        if (in_window >= LEAST_TO_ASK) {
            first = first < 0 ? first_record(g, one->subject) : first;
            trips(g, one, c, at, in_window, first, &answer);
        }
        if (answer.tripped == c->tripped[at])
            continue;
        set_trip(g, one, c->first + at, answer.tripped, answer.why);
        changed_from = changed_from < 0 ? at : changed_from;
        changed_to = at;
    }
    if (changed_from >= 0)
        add_concerned(g, one->question, one->subject, one->reason,
                      (c->first + changed_from + 1 - g->window_h) * EVENT_HOUR_S,
                      (c->first + changed_to + 1) * EVENT_HOUR_S, concerned);
}

/* Judges one subject and reason, from the first to the last changed hour. Windows contain a change for as long as they
 * last, and have it in their history for longer. */
static void judge_subject(struct guard *g, const struct hour *first, const struct hour *last,
                          struct address_set *concerned)
{
    int64_t before = g->window_h + g->history_h;
    int64_t after = first->question == BOUNCE_GUARD_PROVIDER ? before : g->window_h;
    struct course c = {.first = first->hour - before, .count = last->hour - first->hour + before + after};
    if (c.count > MAX_HOURS)
        c = (struct course){.first = last->hour - MAX_HOURS / 2, .count = MAX_HOURS / 2 + after};
    /* Most subjects have few events, in hours that are far apart. */
    if (!g->has_trips && total(g, first, &c) < LEAST_TO_ASK)
        return;
    c.events = calloc((size_t)c.count, 2 * sizeof *c.events + sizeof *c.tripped);
    if (!c.events) {
        g->failed = true;
        return;
    }
    c.outcomes = c.events + c.count;
    c.tripped = (bool *)(c.outcomes + c.count);
    fill(g, first->question, first->subject, first->reason, &c, c.events);
    struct db_rows *rows = db_run(g->db, SQL_trips_of, "iiiii", (int64_t)first->question, first->subject,
                                  (int64_t)first->reason, c.first, c.first + c.count - 1);
    while (db_next(rows))
        c.tripped[db_int(rows, 0) - c.first] = true;
    if (first->question == BOUNCE_GUARD_PROVIDER)
        fill(g, first->question, first->subject, -1, &c, c.outcomes);
    judge_windows(g, first, &c, before < c.count ? before : 0, concerned);
    free(c.events);
    free(c.sent);
}

/* More deliveries may show that a cause is less than half of the outcomes. */
static void judge_reasons(struct guard *g, const struct hour *first, const struct hour *last,
                          struct address_set *concerned)
{
    int reasons[MAX_REASONS], count = 0;
    struct db_rows *rows =
        db_run(g->db, SQL_reasons_of, "iii", first->subject, first->hour - g->window_h, last->hour + g->window_h);
    while (db_next(rows) && count < MAX_REASONS)
        reasons[count++] = (int)db_int(rows, 0);
    db_end(rows);
    for (int i = 0; i < count; i++) {
        struct hour one = *first;
        one.reason = reasons[i];
        judge_subject(g, &one, last, concerned);
    }
}

void guard_judge(struct guard *g, const struct hours *h, size_t count, struct address_set *concerned)
{
    for (size_t i = 0, end; i < count; i = end) {
        const struct hour *one = &h->slots[i];
        for (end = i + 1; end < count && h->slots[end].question == one->question &&
                          h->slots[end].subject == one->subject && h->slots[end].reason == one->reason;)
            end++;
        if (one->question == BOUNCE_GUARD_PROVIDER && one->reason < 0)
            judge_reasons(g, one, &h->slots[end - 1], concerned);
        else
            judge_subject(g, one, &h->slots[end - 1], concerned);
    }
}

void guard_judge_all(struct guard *g)
{
    struct hours firsts = {0};
    struct address_set nobody = {0};
    struct db_rows *rows = db_run(g->db, SQL_subjects, "i", (int64_t)LEAST_TO_ASK);
    bool done = true;
    for (size_t i = 0; done && db_next(rows); i++) {
        done = hours_reserve(&firsts, 2 * i + 2);
        for (size_t k = 0; done && k < 2; k++)
            firsts.slots[2 * i + k] = (struct hour){.question = (int)db_int(rows, 0),
                                                    .subject = db_int(rows, 1),
                                                    .reason = (int)db_int(rows, 2),
                                                    .hour = db_int(rows, k == 0 ? 3 : 4)};
        firsts.count = done ? 2 * i + 2 : firsts.count;
    }
    db_end(rows);
    g->failed = g->failed || !done;
    db_do(g->db, SQL_drop_trips, "");
    for (size_t i = 0; i < firsts.count; i += 2)
        judge_subject(g, &firsts.slots[i], &firsts.slots[i + 1], &nobody);
    free(nobody.ids);
    hours_free(&firsts);
}

/* ------------------------------------------------------------ one message */

static bool has_trip(struct guard *g, int question, int64_t subject, int reason, int64_t from, int64_t to)
{
    struct db_rows *rows = db_run(g->db, SQL_trips_of, "iiiii", (int64_t)question, subject, (int64_t)reason, from, to);
    bool found = db_next(rows);
    db_end(rows);
    return found;
}

/* Counts the day and the one before. The count of a message only grows: once tripped, it stays tripped. */
static void judge_day(struct guard *g, const struct ledger_event *e, int64_t day, struct address_set *concerned)
{
    struct hour one = {.question = BOUNCE_GUARD_MESSAGE, .subject = e->message, .reason = e->reason};
    bounce_guard counts = {.question = BOUNCE_GUARD_MESSAGE};
    bounce_guard_answer answer;
    counts.addresses = db_number(db_run(g->db, SQL_count_of_message, "iii", day, e->message, (int64_t)e->reason), 0);
    counts.recipients = db_number(db_run(g->db, SQL_sent_of_message, "ii", day, e->message), 0);
    if (bounce_policy_guard(g->policy, &counts, &answer) != BOUNCE_OK || !answer.tripped ||
        has_trip(g, one.question, one.subject, one.reason, day, day))
        return;
    set_trip(g, &one, day, true, answer.why);
    struct db_rows *rows = db_run(g->db, SQL_addresses_of_message, "iii", day, e->message, (int64_t)e->reason);
    while (db_next(rows))
        g->failed = !address_set_add(concerned, db_int(rows, 0)) || g->failed;
}

/* An event may trip the window that ends with its day, or with the next one. */
void guard_judge_message(struct guard *g, const struct ledger_event *e, struct address_set *concerned)
{
    int64_t day = e->at / EVENT_DAY_S;
    struct db_rows *rows =
        db_run(g->db, SQL_near_message, "iiii", day, e->message, (int64_t)e->reason, (int64_t)LEAST_TO_ASK - 1);
    if (db_number(rows, 0) == 0)
        return;
    judge_day(g, e, day, concerned);
    judge_day(g, e, day + 1, concerned);
}

/* ---------------------------------------------------------------- answers */

bool guard_may_hold(const struct ledger_events *list)
{
    for (size_t i = 0; i < list->count; i++)
        if ((list->all[i].flags & EVENT_COUNTED) || list->all[i].happened == BOUNCE_HAPPENED_COMPLAINT)
            return true;
    return false;
}

bool guard_holds(struct guard *g, const struct ledger_event *e)
{
    int64_t hour = e->at / EVENT_HOUR_S, day = e->at / EVENT_DAY_S;
    if (!g->has_trips)
        return false;
    if (e->flags & EVENT_COUNTED)
        return has_trip(g, BOUNCE_GUARD_PROVIDER, e->provider, e->reason, hour, hour + g->window_h - 1) ||
               (e->message && has_trip(g, BOUNCE_GUARD_MESSAGE, e->message, e->reason, day, day + 1));
    return e->happened == BOUNCE_HAPPENED_COMPLAINT && e->reporter >= 0 &&
           !(e->flags & (VERDICT_TRUSTED | VERDICT_SENT_YES)) &&
           has_trip(g, BOUNCE_GUARD_REPORTER, e->reporter, 0, hour, hour + g->window_h - 1);
}
