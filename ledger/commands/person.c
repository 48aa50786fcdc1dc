/* SPDX-License-Identifier: MIT */
/*
 * person.c - the commands by which a person decides: release, held, forget, prune.
 *
 * In: addresses. Out: an event with who and when, and what follows from it; or the address erased, leaving only a hash
 * if it was suppressed. Refused: addresses that are invalid, unknown, not held (accept and reject), or that a release
 * for this reason does not free, each with a message and exit status 1; a release without a reason.
 */
#include "commands/person.h"

#include "commands/lists.h"
#include "output/complain.h"
#include "store/fold.h"
#include "store/forgotten.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *who(const struct session *s)
{
    const struct passwd *user = s->settings->who ? NULL : getpwuid(getuid());
    return s->settings->who ? s->settings->who : user ? user->pw_name : "nobody";
}

static struct ledger_event event_of(const struct session *s, int happened, int64_t scope, const char *address)
{
    char when[64];
    struct ledger_event e = {.at = s->settings->now,
                             .last_at = s->settings->now,
                             .happened = happened,
                             .because = s->settings->because,
                             .kind = EVENT_KIND_PERSON,
                             .doors = (int64_t)1 << EVENT_KIND_PERSON,
                             .scope = scope,
                             .provider = -1,
                             .reporter = -1,
                             .service = -1,
                             .retry_s = -1,
                             .key_count = 1,
                             .note = who(s),
                             .is_new = true};
    snprintf(when, sizeof when, "%lld %d %lld", (long long)e.at, e.because, (long long)scope);
    e.keys[0] = verdict_hash(bounce_happened_name((bounce_happened)happened), when, address);
    return e;
}

static bool is_held(const struct session *s, int64_t address)
{
    struct db_rows *rows = db_run(s->db, SQL_is_held, "i", address);
    bool held = db_next(rows);
    db_end(rows);
    return held;
}

/* Whether a hash of it was kept; the hash is dropped. */
static bool was_forgotten(struct session *s, const char *spelling)
{
    struct forgotten f;
    char key[BOUNCE_ADDRESS_KEY_BYTES], hash[FORGOTTEN_HASH_BYTES];
    if (bounce_address_key(spelling, key, sizeof key, NULL) != BOUNCE_OK || !forgotten_begin(&f, s->db, false))
        return false;
    forgotten_hash(&f, key, hash);
    struct db_rows *rows = db_run(s->db, SQL_is_forgotten, "t", hash);
    bool found = db_next(rows);
    db_end(rows);
    if (found)
        db_do(s->db, SQL_drop_forgotten, "t", hash);
    return found;
}

/* NULL, or why the address cannot be decided about. */
static const char *refusal(const struct session *s, int64_t address, int happened)
{
    if (address < 0)
        return "the ledger does not know this address";
    return happened == BOUNCE_HAPPENED_RELEASE || is_held(s, address) ? NULL : "the address is not held";
}

/* The scope of the decision. */
static int64_t scope_of(const struct session *s, struct recorder *r)
{
    char *scope = session_scope(s);
    int64_t id = s->settings->scope && scope ? ids_scope(recorder_context(r)->ids, "scope", scope) : EVENT_ALL_SCOPES;
    free(scope);
    return id;
}

/* Decides about one address; false after a message. */
static bool decide(struct session *s, struct recorder *r, const char *spelling, int happened)
{
    int64_t address = recorder_address(r, spelling, false);
    struct ledger_event e = event_of(s, happened, scope_of(s, r), spelling);
    /* A release also ends the suppression of an erased address. */
    bool was = happened == BOUNCE_HAPPENED_RELEASE && was_forgotten(s, spelling);
    const char *refused = was && address < 0 ? NULL : refusal(s, address, happened);
    if (!refused && address >= 0)
        recorder_event(r, address, &e);
    else if (refused && !db_problem(s->db))
        complain(spelling, refused);
    return !refused;
}

/* Reports a suppression that the policy does not let a person lift; false after a message. */
static bool is_released(struct session *s, struct recorder *r, const char *spelling)
{
    int64_t scope = scope_of(s, r), tenant = scope ? ids_tenant(recorder_context(r)->ids, scope) : 0;
    struct db_rows *rows = db_run(s->db, SQL_not_released, "iii", recorder_address(r, spelling, false), scope, tenant);
    bool stays = db_next(rows);
    char text[160];
    if (stays) {
        const char *basis = db_text(rows, 0);
        bool by_person = strstr(basis, "complaint") || strcmp(basis, "unsubscribed") == 0;
        snprintf(text, sizeof text, "not released (%s): %s", basis,
                 by_person ? "only --because resubscribed lifts it" : "what suppresses it came later");
        complain(spelling, text);
    }
    db_end(rows);
    return !stays;
}

static int decide_all(struct session *s, size_t first, int happened)
{
    struct recorder *r = session_recorder(s);
    bool all_known = r && recorder_begin(r);
    for (size_t i = first; r && i < s->settings->count && !db_problem(s->db); i++)
        all_known = decide(s, r, s->settings->arguments[i], happened) && all_known;
    if (r && !recorder_end(r))
        all_known = false;
    for (size_t i = first; r && happened == BOUNCE_HAPPENED_RELEASE && i < s->settings->count; i++)
        all_known = is_released(s, r, s->settings->arguments[i]) && all_known;
    recorder_free(r);
    return session_status(s, all_known ? 0 : EXIT_READ_OR_WRITE);
}

int command_release(struct session *s)
{
    if (s->settings->count < 2)
        return usage_error("release", "no address is given");
    if (!s->settings->because)
        return usage_error("release", "needs --because resubscribed, typo-fixed, confirmed or provider-incident");
    return decide_all(s, 1, BOUNCE_HAPPENED_RELEASE);
}

int command_held(struct session *s)
{
    const char *word = s->settings->count > 1 ? s->settings->arguments[1] : NULL;
    if (!word)
        return command_held_list(s);
    if (s->settings->count > 2 && strcmp(word, "accept") == 0)
        return decide_all(s, 2, BOUNCE_HAPPENED_HELD_ACCEPT);
    if (s->settings->count > 2 && strcmp(word, "reject") == 0)
        return decide_all(s, 2, BOUNCE_HAPPENED_HELD_REJECT);
    return usage_error("held", "takes nothing, or accept or reject and addresses");
}

/* ---------------------------------------------------------------- forget */

/* False after a message: then the address must not be erased. */
static bool keep_hash(struct session *s, int64_t address, const char *key)
{
    struct forgotten f;
    char hash[FORGOTTEN_HASH_BYTES];
    int64_t scopes[FOLD_TARGETS];
    int count = 0;
    struct db_rows *rows = db_run(s->db, SQL_is_suppressed, "i", address);
    while (count < FOLD_TARGETS && db_next(rows))
        scopes[count++] = db_int(rows, 0);
    db_end(rows);
    if (count == 0)
        return true;
    if (!forgotten_begin(&f, s->db, true)) {
        complain(key, "not erased: the system gives no random numbers for its hash");
        return false;
    }
    forgotten_hash(&f, key, hash);
    for (int i = 0; i < count; i++)
        db_do(s->db, SQL_put_forgotten, "ti", hash, scopes[i]);
    return true;
}

static bool forget(struct session *s, struct recorder *r, const char *spelling)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    if (bounce_address_key(spelling, key, sizeof key, NULL) != BOUNCE_OK) {
        complain(spelling, "not an address");
        return false;
    }
    int64_t address = recorder_address(r, spelling, false);
    bool was = s->settings->even_suppression && was_forgotten(s, spelling);
    if (address < 0) {
        if (!was)
            complain(spelling, "the ledger does not know this address");
        return was;
    }
    if (!s->settings->even_suppression && !keep_hash(s, address, key))
        return false;
    db_do(s->db, SQL_forget_sent, "t", key);
    db_do(s->db, SQL_forget_events, "ii", event_id(address, 0), event_id(address, EVENTS_OF_ADDRESS - 1));
    return db_do(s->db, SQL_forget_address, "i", address);
}

int command_forget(struct session *s)
{
    if (s->settings->count < 2)
        return usage_error("forget", "no address is given");
    struct recorder *r = session_recorder(s);
    bool all_known = r && recorder_begin(r);
    for (size_t i = 1; r && i < s->settings->count; i++)
        all_known = forget(s, r, s->settings->arguments[i]) && all_known;
    if (r && !recorder_end(r))
        all_known = false;
    recorder_free(r);
    return session_status(s, all_known ? 0 : EXIT_READ_OR_WRITE);
}

int command_prune(struct session *s)
{
    int64_t before = s->settings->now - (int64_t)s->settings->days * EVENT_DAY_S;
    if (db_begin(s->db)) {
        db_do(s->db, SQL_prune_events, "i", before);
        db_do(s->db, SQL_prune_sent, "i", before);
        db_commit(s->db);
    }
    return session_status(s, 0);
}
