/* SPDX-License-Identifier: MIT */
/*
 * recorder.c - batches of verdicts into the ledger.
 *
 * In: verdicts, in any order. Out: events, each once; the counts of the guard; the states of all addresses and domains
 * that this concerns; all of a batch, or nothing of it. Refused: recipients whose verdict is not about a delivery. A
 * verdict without an address that matches no sent mail is stored as unresolved.
 */
#include "store/recorder.h"

#include "store/addresses.h"
#include "store/batch.h"
#include "store/domains.h"
#include "store/fold.h"
#include "store/guard.h"
#include "store/hours.h"
#include "store/merge.h"

#include <stdlib.h>
#include <string.h>

/* Memory for the lines of a batch, and for the addresses that sent mails resolve. */
enum { POOL_BYTES = 12 * 1024 * 1024, RESOLVED_BYTES = 2 * 1024 * 1024, TICK_AT_ONCE = 5000 };

struct recorder {
    struct recorder_options options;
    struct event_context context;
    struct guard guard;
    struct fold fold;
    struct hours hours;
    struct address_set concerned, domains;
    struct domain_notes notes;
    struct ledger_events events, counted; /* of an address; of the batch, for the guard */
    struct line_pool pool;
    struct batch_item *items;
    size_t count;
    char *tenant_stream, *scope;
    struct recorder_counts counts, counts_before; /* counts_before: before the current line */
    size_t count_before, used_before;
    bool failed, begun, overfull;
};

/* ---------------------------------------------------------------- set-up */

static bool set_up(struct recorder *r)
{
    struct event_context *c = &r->context;
    const char *scope = r->options.scope, *slash = strrchr(scope, '/');
    r->tenant_stream = strndup(scope, slash ? (size_t)(slash - scope) + 1 : 0);
    r->scope = strdup(scope);
    r->items = malloc(r->options.batch * sizeof *r->items);
    *c = (struct event_context){.db = r->options.db,
                                .ids = ids_new(r->options.db),
                                .policy = r->options.policy,
                                .tenant_stream = r->tenant_stream,
                                .own_domains = r->options.own_domains,
                                .own_domain_count = r->options.own_domain_count,
                                .first_cleaning = r->options.first_cleaning};
    r->fold = (struct fold){.context = c, .guard = &r->guard, .policy = r->options.policy, .now = r->options.now};
    bool has_pool = pool_make(&r->pool, POOL_BYTES + RESOLVED_BYTES);
    r->pool.size = POOL_BYTES;
    return has_pool && r->items && r->tenant_stream && r->scope && c->ids;
}

struct recorder *recorder_new(const struct recorder_options *options)
{
    struct recorder *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->options = *options;
    if (set_up(r))
        return r;
    recorder_free(r);
    return NULL;
}

void recorder_free(struct recorder *r)
{
    if (!r)
        return;
    ids_free(r->context.ids);
    fold_free(&r->fold);
    hours_free(&r->hours);
    free(r->concerned.ids);
    free(r->domains.ids);
    free(r->notes.all);
    free(r->events.all);
    free(r->counted.all);
    free(r->pool.bytes);
    free(r->items);
    free(r->tenant_stream);
    free(r->scope);
    free(r);
}

const struct recorder_counts *recorder_counts(const struct recorder *r)
{
    return &r->counts;
}

struct line_pool *recorder_pool(struct recorder *r)
{
    return &r->pool;
}

struct event_context *recorder_context(struct recorder *r)
{
    return &r->context;
}

bool recorder_is_overfull(const struct recorder *r)
{
    return r->overfull || r->pool.full;
}

bool recorder_is_full(const struct recorder *r)
{
    return r->count == r->options.batch || r->pool.full;
}

/* --------------------------------------------------------- one recipient */

/* The key of an address, and its domain within it. */
static bool make_key(struct recorder *r, const char *address, struct batch_item *item)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    size_t length = 0;
    item->key = NULL;
    if (!address || bounce_address_key(address, key, sizeof key, &length) != BOUNCE_OK)
        return true;
    item->key = pool_copy(&r->pool, key, length);
    const char *at = item->key ? strrchr(item->key, '@') : NULL;
    item->domain = at ? at + 1 : "";
    return item->key != NULL;
}

void recorder_add(void *recorder, const struct seen_verdict *v)
{
    struct recorder *r = recorder;
    r->counts.recipients++;
    if (event_happened(v) == BOUNCE_HAPPENED_NOTHING) {
        r->counts.ignored++;
        return;
    }
    if (r->count == r->options.batch) {
        r->overfull = true;
        return;
    }
    struct batch_item *item = &r->items[r->count];
    item->verdict = *v;
    if (make_key(r, v->address, item))
        r->count++;
}

/* Takes the address of a sent mail, if its id belongs to only one address. */
static bool look_up(struct recorder *r, struct batch_item *item, const char *id)
{
    struct db_rows *rows = db_run(r->options.db, SQL_find_sent, "t", id);
    char *address = NULL, *scope = NULL;
    if (db_next(rows)) {
        address = strdup(db_text(rows, 0));
        scope = strdup(db_text(rows, 1));
    }
    bool is_one = address && scope && !db_next(rows);
    db_end(rows);
    if (is_one) {
        item->verdict.address = pool_copy(&r->pool, address, strlen(address));
        item->verdict.scope = *scope && !item->verdict.list ? pool_copy(&r->pool, scope, strlen(scope)) : NULL;
        make_key(r, item->verdict.address, item);
    }
    free(address);
    free(scope);
    return is_one;
}

/* Finds the address by the return path, if each mail has its own (VERP), or by the Message-ID. */
static void resolve(struct recorder *r, struct batch_item *item)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES], path[SENT_PATH_BYTES];
    const struct seen_verdict *v = &item->verdict;
    bool found = false;
    if (v->returned_to && bounce_address_key(v->returned_to, key, sizeof key, NULL) == BOUNCE_OK) {
        sent_path(key, path);
        found = look_up(r, item, path);
    }
    if (!found && v->message_id)
        look_up(r, item, v->message_id);
}

/* Counted in the statistics; the address is never guessed. */
static void keep_unresolved(struct recorder *r, const struct seen_verdict *v)
{
    r->counts.unresolved++;
    db_do(r->options.db, SQL_add_unresolved, "iiiitt", (int64_t)v->keys[0], v->at, (int64_t)v->reason,
          (int64_t)v->action, v->provider, v->remote);
}

/* ------------------------------------------------------------ one address */

static void note_domain(struct recorder *r, const char *domain, const struct ledger_event *e)
{
    int64_t id = ids_domain(r->context.ids, domain);
    if (!domains_note(&r->fold, &r->notes, id, e))
        r->failed = true;
}

static void merge_one(struct recorder *r, int64_t address, const struct batch_item *item)
{
    struct ledger_event e;
    size_t before = r->events.count;
    event_from_verdict(&r->context, &item->verdict, item->domain, &e);
    note_domain(r, item->domain, &e);
    address_add_name(&r->context, address, item->key, item->verdict.reported);
    if (!merge_event(&r->events, &e, r->context.scope))
        r->failed = true;
    if (e.message && (e.flags & EVENT_COUNTED) && !event_list_add(&r->counted, &e))
        r->failed = true;
    if (r->events.count > before)
        r->counts.recorded++;
    else
        r->counts.known++;
}

static void load_events(struct recorder *r, int64_t address)
{
    if (!event_list_load(r->options.db, address, &r->events))
        r->failed = true;
}

/* Merges the items of one address, which are adjacent. */
static void merge_address(struct recorder *r, const struct batch_item *items, size_t count)
{
    int64_t address = address_find(r->options.db, items->key);
    bool is_new = address < 0;
    r->events.count = 0;
    if (!is_new)
        load_events(r, address);
    else
        address = address_add(&r->context, items->key, items->verdict.address, items->domain);
    if (!hours_count(&r->hours, &r->events, -1))
        r->failed = true;
    for (size_t i = 0; i < count; i++)
        merge_one(r, address, &items[i]);
    merge_leaders(&r->events);
    if (!hours_count(&r->hours, &r->events, 1))
        r->failed = true;
    event_list_save(&r->context, address, &r->events);
    if (guard_may_hold(&r->events)) {
        r->failed = !address_set_add(&r->concerned, address) || r->failed;
    } else {
        fold_events(&r->fold, address, &r->events);
        fold_save(&r->fold, address, is_new);
    }
}

static void refold(struct recorder *r, int64_t address)
{
    load_events(r, address);
    merge_leaders(&r->events);
    fold_events(&r->fold, address, &r->events);
    fold_save(&r->fold, address, false);
}

/* Computes everything that depends on the stored events. */
static void settle(struct recorder *r)
{
    size_t changed = hours_sort(&r->hours);
    hours_save(r->options.db, &r->hours, changed);
    guard_judge(&r->guard, &r->hours, changed, &r->concerned);
    hours_clear(&r->hours);
    address_set_sort(&r->concerned);
    for (size_t i = 0; i < r->concerned.count; i++)
        refold(r, r->concerned.ids[i]);
    domains_settle(&r->fold, &r->notes);
    address_set_sort(&r->domains);
    for (size_t i = 0; i < r->domains.count; i++)
        domains_fold(&r->fold, r->domains.ids[i]);
    r->concerned.count = r->domains.count = 0;
    r->failed = r->failed || r->fold.failed || r->guard.failed;
}

/* ---------------------------------------------------------------- batches */

static int by_key(const void *a, const void *b)
{
    const struct batch_item *x = a, *y = b;
    if (!x->key || !y->key)
        return (x->key != NULL) - (y->key != NULL);
    int order = strcmp(x->key, y->key);
    return order ? order : (x->verdict.at > y->verdict.at) - (x->verdict.at < y->verdict.at);
}

static void resolve_all(struct recorder *r)
{
    r->pool.full = false;
    r->pool.size = POOL_BYTES + RESOLVED_BYTES;
    for (size_t i = 0; i < r->count; i++)
        if (!r->items[i].key)
            resolve(r, &r->items[i]);
    r->failed = r->failed || r->pool.full;
    r->pool.size = POOL_BYTES;
}

static void write_batch(struct recorder *r)
{
    resolve_all(r);
    if (r->count > 1)
        qsort(r->items, r->count, sizeof *r->items, by_key);
    for (size_t i = 0, end; i < r->count && !db_problem(r->options.db); i = end) {
        const struct batch_item *item = &r->items[i];
        for (end = i + 1; end < r->count && item->key && strcmp(r->items[end].key, item->key) == 0;)
            end++;
        if (item->key)
            merge_address(r, item, end - i);
        else
            keep_unresolved(r, &item->verdict);
    }
    batch_judge_messages(&r->guard, &r->counted, &r->concerned);
    settle(r);
}

/* Begins a transaction, or continues that of a dry run. */
static bool begin(struct recorder *r)
{
    if (r->begun)
        return true;
    if (!db_begin(r->options.db))
        return false;
    ids_begin(r->context.ids);
    r->context.scope = ids_scope(r->context.ids, "scope", r->scope);
    guard_begin(&r->guard, r->options.db, r->options.policy);
    fold_begin(&r->fold);
    r->begun = true;
    return true;
}

static bool end(struct recorder *r)
{
    bool done = !r->failed && !db_problem(r->options.db);
    if (r->options.dry && done)
        return true;
    r->begun = false;
    return done && db_commit(r->options.db);
}

bool recorder_commit(struct recorder *r)
{
    if (r->count > 0 && begin(r)) {
        write_batch(r);
        end(r);
    }
    r->count = r->pool.used = 0;
    r->pool.full = r->overfull = false;
    return !r->failed && !db_problem(r->options.db);
}

void recorder_mark(struct recorder *r)
{
    r->count_before = r->count;
    r->used_before = r->pool.used;
    r->counts_before = r->counts;
}

bool recorder_go_back(struct recorder *r)
{
    r->count = r->count_before;
    r->pool.used = r->used_before;
    r->counts = r->counts_before;
    r->pool.full = r->overfull = false;
    return r->count > 0;
}

/* ------------------------------------------- events without a verdict */

bool recorder_begin(struct recorder *r)
{
    return begin(r);
}

bool recorder_end(struct recorder *r)
{
    settle(r);
    return end(r);
}

int64_t recorder_address(struct recorder *r, const char *spelling, bool may_add)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    if (bounce_address_key(spelling, key, sizeof key, NULL) != BOUNCE_OK)
        return -1;
    int64_t id = address_find(r->options.db, key);
    const char *at = strrchr(key, '@');
    return id < 0 && may_add ? address_add(&r->context, key, spelling, at ? at + 1 : "") : id;
}

/* A release also frees the domain. */
static void note_release(struct recorder *r, int64_t address, const struct ledger_event *e)
{
    int64_t domain = db_number(db_run(r->options.db, SQL_domain_of, "i", address), -1);
    if (domain >= 0 && !domains_note(&r->fold, &r->notes, domain, e))
        r->failed = true;
}

void recorder_event(struct recorder *r, int64_t address, const struct ledger_event *e)
{
    if (e->happened == BOUNCE_HAPPENED_RELEASE)
        note_release(r, address, e);
    load_events(r, address);
    bool counted = hours_count(&r->hours, &r->events, -1);
    if (!merge_event(&r->events, e, r->context.scope) || !address_set_add(&r->concerned, address))
        r->failed = true;
    merge_leaders(&r->events);
    if (!hours_count(&r->hours, &r->events, 1) || !counted)
        r->failed = true;
    event_list_save(&r->context, address, &r->events);
}

static void collect(struct recorder *r, enum sql_name name, struct address_set *set)
{
    struct db_rows *rows = db_run(r->options.db, name, "ii", r->options.now, (int64_t)TICK_AT_ONCE);
    while (db_next(rows))
        if (!address_set_add(set, db_int(rows, 0)))
            r->failed = true;
}

/* A few at a time, so that others can write in between. Once computed, a state has a later time, or none. */
bool recorder_tick(struct recorder *r)
{
    for (size_t count = TICK_AT_ONCE; count >= TICK_AT_ONCE;) {
        collect(r, SQL_ticking_addresses, &r->concerned);
        collect(r, SQL_ticking_domains, &r->domains);
        count = r->concerned.count > r->domains.count ? r->concerned.count : r->domains.count;
        if ((r->concerned.count || r->domains.count) && (!begin(r) || !recorder_end(r)))
            return false;
        r->concerned.count = r->domains.count = 0;
    }
    return !r->failed && !db_problem(r->options.db);
}

bool recorder_replay(struct recorder *r)
{
    if (!begin(r))
        return false;
    guard_judge_all(&r->guard);
    for (int64_t last = -1, before = -2; last != before && !r->failed;) {
        before = last;
        struct db_rows *rows = db_run(r->options.db, SQL_addresses_after, "ii", last, (int64_t)TICK_AT_ONCE);
        while (db_next(rows)) {
            last = db_int(rows, 0);
            if (!address_set_add(&r->concerned, last))
                r->failed = true;
        }
        settle(r);
    }
    return end(r);
}
