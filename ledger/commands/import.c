/* SPDX-License-Identifier: MIT */
/*
 * import.c - the command import.
 *
 * In: the suppression list that a sending service exports. Out: an event for each record, with its reason, date
 * and origin: bounces apply to the tenant, complaints and unsubscriptions to --scope, manual entries to that service.
 * Refused: records without an address, each with its number; forgotten addresses.
 */
#include "commands/import.h"

#include "commands/service_lists.h"
#include "lines/lines.h"
#include "output/complain.h"
#include "store/forgotten.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct importing {
    struct session *session;
    struct recorder *recorder;
    const struct service_list *list;
    const char *path;
    struct forgotten forgotten;
    bounce_parser *parser; /* finds the meaning of a server's words */
    char *scope_name;
    int64_t scope, service;
    uint64_t read, bad, refused;
    bool unreadable;   /* a file could not be read */
    uint32_t in_batch; /* 0: no transaction is open */
};

static int reason_of(struct importing *i, const char *text)
{
    bounce_report *report = NULL;
    int reason = BOUNCE_REASON_UNKNOWN;
    if (text && bounce_parse_reply(i->parser, text, strlen(text), NULL, &report, NULL) == BOUNCE_OK)
        reason = (int)bounce_recipient_reason(bounce_report_recipient(report, 0));
    bounce_report_free(report);
    return reason;
}

static bool is_refused(struct importing *i, const char *address)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES], hash[FORGOTTEN_HASH_BYTES];
    if (!i->forgotten.has_keys || bounce_address_key(address, key, sizeof key, NULL) != BOUNCE_OK)
        return false;
    forgotten_hash(&i->forgotten, key, hash);
    struct db_rows *rows = db_run(i->session->db, SQL_is_forgotten, "t", hash);
    bool found = db_next(rows);
    db_end(rows);
    return found;
}

static struct ledger_event event_of(struct importing *i, const struct record *r, const char *address, int64_t at)
{
    /* Addresses entered by hand count like the service's own refusals. */
    static const int happened[] = {BOUNCE_HAPPENED_SUPPRESSION, BOUNCE_HAPPENED_COMPLAINT,
                                   BOUNCE_HAPPENED_UNSUBSCRIPTION, BOUNCE_HAPPENED_BOUNCE};
    enum listed_as as = service_list_meaning(i->list, r);
    const char *detail = i->list->detail ? record_value(r, i->list->detail) : NULL;
    char when[32];
    struct ledger_event e = {.at = at,
                             .last_at = at,
                             .happened = happened[as],
                             .kind = EVENT_KIND_IMPORT,
                             .doors = (int64_t)1 << EVENT_KIND_IMPORT,
                             .flags = VERDICT_TRUSTED | VERDICT_SENT_YES,
                             .scope = i->scope,
                             .service = i->service,
                             .provider = -1,
                             .reporter = -1,
                             .retry_s = -1,
                             .key_count = 1,
                             .note = detail         ? detail
                                     : i->list->why ? record_value(r, i->list->why)
                                                    : NULL,
                             .is_new = true};
    e.reason = as == LISTED_COMPLAINT ? BOUNCE_REASON_COMPLAINT
               : as == LISTED_BY_HAND ? BOUNCE_REASON_SUPPRESSED
               : as == LISTED_BOUNCE  ? reason_of(i, detail)
                                      : BOUNCE_REASON_UNKNOWN;
    if (as == LISTED_BY_HAND)
        e.flags |= VERDICT_HARD | VERDICT_PERMANENT;
    snprintf(when, sizeof when, "%lld %d", (long long)at, e.happened);
    e.keys[0] = verdict_hash(i->list->name, when, address);
    return e;
}

static void tell_bad(struct importing *i, uint64_t number, const char *problem)
{
    char subject[4200];
    snprintf(subject, sizeof subject, "%s: record %llu", input_name(i->path), (unsigned long long)number);
    complain(subject, problem);
    i->bad++;
}

static bool begin_batch(struct importing *i)
{
    struct ids *ids = recorder_context(i->recorder)->ids;
    if (i->in_batch++ > 0)
        return true;
    if (!recorder_begin(i->recorder))
        return false;
    i->scope = ids_scope(ids, "scope", i->scope_name);
    i->service = ids_word(ids, i->list->name);
    return true;
}

static bool end_batch(struct importing *i)
{
    bool has_begun = i->in_batch > 0;
    i->in_batch = 0;
    return !has_begun || recorder_end(i->recorder);
}

static bool take_record(void *data, const struct record *r)
{
    struct importing *i = data;
    int64_t at = i->session->settings->now;
    const char *address = record_value(r, i->list->address), *time = record_value(r, i->list->time);
    address = address ? address : record_value(r, "email");
    time = time ? time : i->list->other_time ? record_value(r, i->list->other_time) : NULL;
    i->read++;
    if (time && !record_time(time, &at)) {
        tell_bad(i, r->number, "the time is not understood");
        return true;
    }
    if (!verdict_time_is_past(at, i->session->settings->now))
        at = i->session->settings->now;
    if (address && is_refused(i, address)) {
        i->refused++;
        return true;
    }
    if (!begin_batch(i))
        return false;
    int64_t id = address ? recorder_address(i->recorder, address, true) : -1;
    if (id < 0) {
        tell_bad(i, r->number, "the address is missing");
    } else {
        struct ledger_event e = event_of(i, r, address, at);
        recorder_event(i->recorder, id, &e);
    }
    return i->in_batch < i->session->settings->batch || end_batch(i);
}

/* Copies standard input to a temporary file, so that no transaction waits for a slow pipe. NULL, with errno, on
 * failure. */
static FILE *whole_input(void)
{
    char bytes[16 * 1024];
    FILE *copy = tmpfile();
    for (size_t n; copy && (n = fread(bytes, 1, sizeof bytes, stdin)) > 0 && fwrite(bytes, 1, n, copy) == n;) {
    }
    if (copy && !ferror(stdin) && !ferror(copy) && fseek(copy, 0, SEEK_SET) == 0)
        return copy;
    int failed = errno;
    if (copy)
        fclose(copy);
    errno = failed;
    return NULL;
}

static void read_list(struct importing *i)
{
    FILE *file = strcmp(i->path, "-") == 0 ? whole_input() : fopen(i->path, "r");
    const char *problem = file ? records_read(file, take_record, i) : NULL;
    if (!file || ferror(file)) {
        complain(input_name(i->path), strerror(errno));
        i->unreadable = true;
    } else if (problem) {
        complain(input_name(i->path), problem);
        i->bad++;
    }
    if (file)
        fclose(file);
}

/* False after a message. */
static bool set_up(struct importing *i)
{
    struct session *s = i->session;
    bounce_rules *rules = bounce_rules_default();
    i->scope_name = session_scope(s);
    i->parser = bounce_parser_new(rules, NULL);
    bounce_rules_unref(rules);
    i->recorder = session_recorder(s);
    forgotten_begin(&i->forgotten, s->db, false);
    if (i->recorder && (!i->scope_name || !i->parser))
        complain(NULL, strerror(ENOMEM));
    return i->scope_name && i->parser && i->recorder;
}

static void tell_counts(const struct importing *i)
{
    fprintf(stderr, "records %llu: bad %llu, of forgotten addresses %llu\n", (unsigned long long)i->read,
            (unsigned long long)i->bad, (unsigned long long)i->refused);
}

int command_import(struct session *s)
{
    struct importing i = {.session = s, .list = service_list_of(s), .path = "-"};
    int64_t before = session_last_change(s);
    if (!i.list)
        return EXIT_USAGE;
    bool done = set_up(&i);
    for (size_t k = 1; done && (k < s->settings->count || k == 1); k++) {
        i.path = s->settings->count > 1 ? s->settings->arguments[k] : "-";
        read_list(&i);
        end_batch(&i);
    }
    if (done && s->settings->dry_run)
        session_show_dry(s, before);
    if (done && !s->settings->quiet && !db_problem(s->db))
        tell_counts(&i);
    recorder_free(i.recorder);
    bounce_parser_free(i.parser);
    free(i.scope_name);
    return session_status(s, !done || i.bad || i.unreadable ? EXIT_READ_OR_WRITE : 0);
}
