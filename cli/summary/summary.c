/* SPDX-License-Identifier: MIT */
/*
 * summary.c - the figures of a run.
 *
 * In: records of recipients, in the order of the input. Out: counts by type, reason, day and so on, each in a sketch,
 * so memory does not grow with the input; the sender's own fault; the cause that most failures share. Nothing is
 * refused.
 */
#include "summary/summary.h"

#include "output/complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take(struct output *o);

struct summary *summary_new(void)
{
    struct summary *s = calloc(1, sizeof *s);
    if (s && output_lines(&s->in, take))
        return s;
    free(s);
    return NULL;
}

void summary_free(struct summary *s)
{
    if (!s)
        return;
    for (int by = 0; by < BY_COUNT; by++)
        sketch_free(&s->by[by]);
    free(s->in.bytes);
    free(s);
}

/* ------------------------------------------------------------ counting */

static void add(struct summary *s, enum summary_by by, const struct sketch_counts *counts, const char *key)
{
    sketch_add(&s->by[by], key, counts, NULL);
}

/* Counts a key of `count` parts. */
static void add_parts(struct summary *s, enum summary_by by, const struct sketch_counts *counts, int count, ...)
{
    char key[SKETCH_KEY_BYTES] = "";
    size_t n = 0;
    va_list parts;
    va_start(parts, count);
    for (int i = 0; i < count && n < sizeof key; i++)
        n += (size_t)snprintf(key + n, sizeof key - n, "%s%s", i ? "\t" : "", va_arg(parts, const char *));
    va_end(parts);
    add(s, by, counts, key);
}

static void keep_example(struct summary *s, char *const *field)
{
    for (size_t i = 0; i < s->example_count; i++)
        if (strcmp(s->examples[i].reason, field[RECORD_REASON]) == 0)
            return;
    if (s->example_count == SUMMARY_EXAMPLES)
        return;
    struct summary_example *e = &s->examples[s->example_count++];
    snprintf(e->reason, sizeof e->reason, "%s", field[RECORD_REASON]);
    snprintf(e->address, sizeof e->address, "%s", field[RECORD_ADDRESS]);
    snprintf(e->subject, sizeof e->subject, "%s", field[RECORD_SUBJECT]);
    snprintf(e->words, sizeof e->words, "%s", field[RECORD_WORDS]);
}

/* Counts the record under everything that somebody has to act on. */
static void count_what_to_do(struct summary *s, char *const *field, const struct sketch_counts *counts)
{
    if (strchr(field[RECORD_FLAGS], RECORD_NOT_YOURS)) {
        s->not_yours++;
        return;
    }
    if (*field[RECORD_LIST])
        add_parts(s, BY_LISTING, counts, 4, field[RECORD_REFUSED], field[RECORD_LIST], field[RECORD_LIST_ZONE],
                  field[RECORD_LIST_URL]);
    if (strchr(field[RECORD_FLAGS], RECORD_SUPPRESS)) {
        s->suppress++;
        if (*field[RECORD_ADDRESS])
            add_parts(s, BY_SUPPRESS, counts, 2, field[RECORD_ADDRESS], field[RECORD_REASON]);
    }
    if (*field[RECORD_QUEUE] && *field[RECORD_AFTER])
        add_parts(s, BY_RETRY, counts, 3, field[RECORD_QUEUE], field[RECORD_OWNER], field[RECORD_AFTER]);
    if (*field[RECORD_MEND])
        add_parts(s, BY_MEND, counts, 3, field[RECORD_MEND], field[RECORD_OWNER],
                  *field[RECORD_LIST_URL] ? field[RECORD_LIST_URL] : field[RECORD_HELP_URL]);
}

static void count_record(struct summary *s, char *const *field)
{
    const bool hard = strcmp(field[RECORD_TYPE], "hard") == 0, soft = strcmp(field[RECORD_TYPE], "soft") == 0;
    const bool own = strchr(field[RECORD_FLAGS], RECORD_OWN_FAULT) != NULL;
    const struct sketch_counts counts = {1, hard, soft, own};
    char month[8];
    s->recipients++;
    s->failures += hard || soft;
    s->own += own;
    add(s, BY_TYPE, &counts, field[RECORD_TYPE]);
    add(s, BY_REASON, &counts, field[RECORD_REASON]);
    add(s, BY_GROUP, &counts, field[RECORD_GROUP]);
    add(s, BY_DAY, &counts, field[RECORD_DAY]);
    add(s, BY_PROVIDER, &counts, field[RECORD_PROVIDER]);
    add(s, BY_DOMAIN, &counts, field[RECORD_DOMAIN]);
    add(s, BY_REMOTE, &counts, field[RECORD_REMOTE]);
    add(s, BY_SOFTWARE, &counts, field[RECORD_SOFTWARE]);
    add(s, BY_STATUS, &counts, field[RECORD_STATUS]);
    snprintf(month, sizeof month, "%.7s", field[RECORD_DAY]);
    add_parts(s, BY_PROVIDER_MONTH, &counts, 2, field[RECORD_PROVIDER], month);
    if (hard || soft)
        add_parts(s, BY_CAUSE, &counts, 3, field[RECORD_LIST], field[RECORD_REASON],
                  *field[RECORD_LIST] ? "" : field[RECORD_OWNER]);
    count_what_to_do(s, field, &counts);
    keep_example(s, field);
}

/* Parses a line without its end. */
static void read_record(struct summary *s, char *line)
{
    char *field[RECORD_FIELDS];
    for (size_t i = 0; i < RECORD_FIELDS; i++) {
        char *tab = strchr(line, '\t');
        if (!tab)
            return;
        *tab = '\0';
        field[i] = line;
        line = tab + 1;
    }
    count_record(s, field);
}

static void take(struct output *o)
{
    struct summary *s = (struct summary *)(void *)((char *)o - offsetof(struct summary, in));
    char *line;
    for (size_t at = 0; (line = output_next_line(o, &at));)
        read_record(s, line);
}

bool summary_finish(struct summary *s, const struct totals *totals)
{
    bool no_memory = false;
    output_flush(&s->in);
    s->totals = *totals;
    for (int by = 0; by < BY_COUNT; by++) {
        no_memory = no_memory || s->by[by].no_memory;
        sketch_sort(&s->by[by]);
    }
    if (s->by[BY_DAY].count)
        sketch_sort_by_key(&s->by[BY_DAY]);
    if (no_memory)
        complain("--summary", strerror(ENOMEM));
    return !no_memory;
}

/* -------------------------------------------------------------- results */

const char *summary_part(const char *key, size_t number, char *part)
{
    for (; number > 0; number--) {
        key += strcspn(key, "\t");
        key += *key == '\t';
    }
    snprintf(part, RECORD_FIELD_BYTES + 1, "%.*s", (int)strcspn(key, "\t"), key);
    return part;
}

bool summary_shared_cause(const struct summary *s, struct shared_cause *cause)
{
    static char parts[3][RECORD_FIELD_BYTES + 1];
    const struct sketch_value *most = sketch_majority(&s->by[BY_CAUSE]);
    if (!most)
        return false;
    *cause = (struct shared_cause){summary_part(most->key, 0, parts[0]), summary_part(most->key, 1, parts[1]),
                                   summary_part(most->key, 2, parts[2]), most->counts.all - most->error};
    return true;
}

void summary_cause_words(const struct summary *s, const struct shared_cause *cause, char *text, size_t size)
{
    snprintf(text, size, "%llu of %llu failures share one cause, %s %s %s", (unsigned long long)cause->count,
             (unsigned long long)s->failures, cause->reason, *cause->list ? "by" : "at",
             *cause->list ? cause->list : cause->owner);
}

void summary_cause_text(const struct summary *s, const struct shared_cause *cause, char *text, size_t size)
{
    summary_cause_words(s, cause, text, size);
    size_t n = strlen(text);
    snprintf(text + n, size - n, ": %s", SUMMARY_CAUSE_ADVICE);
}

const char *summary_by_name(enum summary_by by)
{
    static const char *const names[BY_COUNT] = {"type",   "reason",     "group",    "day",    "provider",
                                                "domain", "remote_mta", "software", "status", "provider_month",
                                                "cause",  "listing",    "suppress", "retry",  "mend"};
    return names[by];
}

unsigned summary_permille(uint64_t a, uint64_t b)
{
    return b ? (unsigned)((a * 1000 + b / 2) / b) : 0;
}
