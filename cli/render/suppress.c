/* SPDX-License-Identifier: MIT */
/*
 * suppress.c - the addresses that advice says to suppress, each once.
 *
 * In: reports; for each recipient a line is kept: why it counts, the address as the sender wrote to it, the provider,
 * the reason. Out: the addresses in input order, and on standard error how many were left out and why. Refused: all of
 * them, if most have one reason at one provider: when a provider fails, it may call every address unknown, and a list
 * would lose them all.
 */
#include "render/suppress.h"

#include "count/sketch.h"
#include "output/complain.h"
#include "render/host_owner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NOT_YOURS = 'n', NO_ADDRESS = 'a', LISTED = 's' };

struct entry {
    const char *address, *provider, *reason;
    size_t number;
    bool repeated;
};

/* ------------------------------------------------------------ collecting */

/* One line per address: nothing in it may end the line or steer a terminal. A quoted local part may contain spaces. */
static bool is_clean(const char *address)
{
    if (!address || !*address)
        return false;
    for (const unsigned char *c = (const unsigned char *)address; *c; c++)
        if (*c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0) || (*c == 0xe2 && (c[1] == 0x80 || c[1] == 0x81)))
            return false;
    return true;
}

static bool advises(const bounce_recipient *r, bounce_advice advice)
{
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++)
        if (bounce_recipient_advice(r, i) == advice)
            return true;
    return false;
}

static void put_word(struct output *o, const char *word)
{
    for (; *word; word++)
        output_putc(o, (unsigned char)*word < ' ' ? '?' : *word);
    output_putc(o, '\t');
}

void render_suppress_report(struct output *o, const bounce_report *report, const struct selection *filter)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        const char *address = bounce_recipient_address_to_suppress(r);
        bool not_yours = bounce_report_sent(report) == BOUNCE_SENT_NO;
        if (!filter_passes(filter, report, r))
            continue;
        if (not_yours ? bounce_recipient_type(r) != BOUNCE_TYPE_HARD : !advises(r, BOUNCE_ADVICE_SUPPRESS))
            continue;
        output_putc(o, not_yours ? NOT_YOURS : is_clean(address) ? LISTED : NO_ADDRESS);
        if (!not_yours && is_clean(address)) {
            put_word(o, address);
            put_word(o, host_owner(r, address));
            put_word(o, bounce_reason_name(bounce_recipient_reason(r)));
        }
        output_putc(o, '\n');
    }
}

static void take(struct output *o)
{
    struct suppress *s = (struct suppress *)(void *)((char *)o - offsetof(struct suppress, in));
    if (s->n + o->n + 1 > s->capacity && !o->error_number) {
        size_t capacity = (s->n + o->n + 1) * 2;
        char *grown = realloc(s->text, capacity);
        if (!grown) {
            o->error_number = ENOMEM;
            return;
        }
        s->text = grown;
        s->capacity = capacity;
    }
    if (o->error_number)
        return;
    memcpy(s->text + s->n, o->bytes, o->n);
    s->n += o->n;
}

bool suppress_begin(struct suppress *s)
{
    *s = (struct suppress){.in = {.fd = -1, .capacity = OUTPUT_BYTES, .hand_over = take}};
    s->in.bytes = malloc(OUTPUT_BYTES);
    return s->in.bytes != NULL;
}

/* --------------------------------------------------------------- listing */

struct list {
    struct entry *entries;
    size_t count, not_yours, no_address, repeated;
};

static int by_address(const void *a, const void *b)
{
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    int order = strcasecmp(x->address, y->address);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

/* Moves *at past the next tab, which is replaced by NUL. */
static const char *next_word(char **at)
{
    char *word = *at, *end = word + strcspn(word, "\t");
    *at = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static void read_line(struct list *l, char *line)
{
    struct entry *e = &l->entries[l->count];
    char *at = line + 1;
    l->not_yours += *line == NOT_YOURS;
    l->no_address += *line == NO_ADDRESS;
    if (*line != LISTED)
        return;
    e->address = next_word(&at);
    e->provider = next_word(&at);
    e->reason = next_word(&at);
    e->number = l->count++;
}

/* False if memory runs out. */
static bool read_list(struct list *l, const struct suppress *s)
{
    size_t lines = 0;
    for (size_t i = 0; i < s->n; i++)
        lines += s->text[i] == '\n';
    l->entries = calloc(lines + 1, sizeof *l->entries);
    if (!l->entries)
        return false;
    for (char *line = s->text, *end; line && line < s->text + s->n; line = end + 1) {
        end = line + strcspn(line, "\n");
        *end = '\0';
        read_line(l, line);
    }
    return true;
}

static bool mark_repeated(struct list *l)
{
    struct entry **e = malloc((l->count + 1) * sizeof *e);
    if (!e)
        return false;
    for (size_t i = 0; i < l->count; i++)
        e[i] = &l->entries[i];
    qsort((void *)e, l->count, sizeof *e, by_address);
    for (size_t i = 1; i < l->count; i++) {
        e[i]->repeated = strcasecmp(e[i]->address, e[i - 1]->address) == 0;
        l->repeated += e[i]->repeated;
    }
    free((void *)e);
    return true;
}

/* True, after a message, if most addresses have one cause at one provider. */
static bool is_suspicious(const struct list *l, bool *no_memory)
{
    const struct sketch_counts one = {.all = 1};
    struct sketch causes = {.count = 0};
    char text[512];
    for (size_t i = 0; i < l->count; i++) {
        const struct entry *e = &l->entries[i];
        snprintf(text, sizeof text, "%s at %.200s", e->reason, e->provider);
        for (char *c = text; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
        if (!e->repeated)
            sketch_add(&causes, text, &one, NULL);
    }
    *no_memory = causes.no_memory;
    const struct sketch_value *most = sketch_majority(&causes);
    if (most) {
        snprintf(text, sizeof text,
                 "%llu of %zu addresses have one cause at one provider, %.300s: the provider may be at fault, so "
                 "none is printed; --force prints them",
                 (unsigned long long)(most->counts.all - most->error), l->count - l->repeated, most->key);
        complain("--suppress", text);
    }
    sketch_free(&causes);
    return most != NULL;
}

static void tell(const struct list *l)
{
    char text[256];
    snprintf(text, sizeof text,
             "%zu %s to suppress; left out: %zu repeated, %zu in reports of mail that you did not send, %zu "
             "without an address",
             l->count - l->repeated, l->count - l->repeated == 1 ? "address" : "addresses", l->repeated, l->not_yours,
             l->no_address);
    complain(NULL, text);
}

bool suppress_end(struct suppress *s, struct output *o, bool force)
{
    struct list l = {NULL, 0, 0, 0, 0};
    bool no_memory = false, refused = false;
    output_flush(&s->in);
    if (s->in.error_number || !read_list(&l, s) || !mark_repeated(&l))
        no_memory = true;
    else if (!force)
        refused = is_suspicious(&l, &no_memory);
    for (size_t i = 0; !no_memory && !refused && i < l.count; i++) {
        if (l.entries[i].repeated)
            continue;
        output_puts(o, l.entries[i].address);
        output_putc(o, '\n');
    }
    output_flush(o);
    if (no_memory)
        complain("--suppress", strerror(ENOMEM));
    else if (!refused)
        tell(&l);
    free(l.entries);
    free(s->text);
    free(s->in.bytes);
    return !no_memory && !refused;
}
