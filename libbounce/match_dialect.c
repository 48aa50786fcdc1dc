/* SPDX-License-Identifier: MIT */
/*
 * match_dialect.c - which dialect wrote a mail.
 *
 * What comes in: the texts of a mail that `know` can speak of. What goes out:
 * the first dialect one of whose conditions holds. Each text is searched once
 * for the literals of all conditions; each header field is asked for once.
 */
#include "literals.h"
#include "match_parts.h"

#include <string.h>

struct asking {
    struct matcher *m;
    const struct know_facts *facts;
    size_t layer;
    enum know_key key; /* of the text that is being scanned */
    uint32_t header_slot; /* and of the header field, if it is one */
    const struct literals *literals; /* that are looked for */
};

static const struct norm_text *text_of(const struct know_facts *facts, enum know_key key)
{
    switch (key) {
    case KNOW_SUBJECT:
        return facts->subject;
    case KNOW_FROM:
        return facts->from;
    case KNOW_TYPE:
        return facts->type;
    case KNOW_BODY:
        return facts->body;
    case KNOW_REPORTING_MTA:
        return facts->reporting_mta;
    case KNOW_DIAGNOSTIC:
        return facts->diagnostic;
    default:
        return NULL;
    }
}

enum known_bit { HAS_LITERAL = 1, WAS_ASKED = 2, HOLDS = 4 };

static uint8_t *known_of(const struct asking *q)
{
    return q->m->known + q->layer * q->m->known_count;
}

static void note_owner(const struct asking *q, uint32_t index)
{
    const struct layer *layer = ruleset_layer(q->m->rules, q->layer);
    if (index >= layer->know_count && q->facts->body)
        q->m->action_keys[q->layer * q->m->action_count + index - layer->know_count] |= (uint8_t)(1u << q->key);
    else if (index >= layer->know_count)
        return;
    else if (layer->knows[index].key == q->key &&
             (q->key != KNOW_HEADER || layer->knows[index].header_slot == q->header_slot))
        known_of(q)[index] |= HAS_LITERAL;
}

static void note_hit(void *data, uint32_t literal, size_t start)
{
    const struct asking *q = data;
    const struct literal *item = &q->literals->items[literal];
    (void)start;
    for (size_t i = 0; i < item->owner_count; i++)
        note_owner(q, q->literals->owners[item->first_owner + i]);
}

/* Marks the conditions and actions whose literal stands in a text. */
static void scan_texts(struct asking *q)
{
    const struct layer *layer = ruleset_layer(q->m->rules, q->layer);
    for (int key = KNOW_SUBJECT; key <= KNOW_DIAGNOSTIC; key++) {
        const struct norm_text *text = text_of(q->facts, (enum know_key)key);
        q->key = (enum know_key)key;
        q->literals = key == KNOW_BODY ? layer->body_literals : layer->head_literals;
        if (text)
            literals_scan(q->literals, text->folded, text->folded_length, note_hit, q);
    }
}

/* A field is read and scanned when the first condition asks for it. */
static const struct norm_text *header_of(struct asking *q, const struct know *know)
{
    size_t slot = q->layer * q->m->header_count + know->header_slot;
    const struct norm_text **header = &q->m->headers[slot];
    if (!q->m->header_asked[slot]) {
        q->m->header_asked[slot] = true;
        const char *name = layer_string(ruleset_layer(q->m->rules, q->layer), know->header);
        *header = q->facts->header ? q->facts->header(q->facts->data, name) : NULL;
        q->key = KNOW_HEADER;
        q->header_slot = know->header_slot;
        q->literals = ruleset_layer(q->m->rules, q->layer)->head_literals;
        if (*header && q->m->prefilter)
            literals_scan(q->literals, (*header)->folded, (*header)->folded_length, note_hit, q);
    }
    return *header;
}

static bool ask(struct asking *q, const struct know *know, string_at id)
{
    const struct norm_text *text = know->key == KNOW_HEADER ? header_of(q, know) : text_of(q->facts, (enum know_key)know->key);
    bool possible = !know->indexed || !q->m->prefilter || known_of(q)[know->twin] & HAS_LITERAL;
    struct chain_end found;
    return text && possible && (know->any || match_in_norm(q->m, q->layer, &know->pattern, id, text, &found));
}

/* Conditions that ask the same share one answer. */
static bool condition_holds(struct asking *q, uint32_t twin, const struct know *know, string_at id)
{
    uint8_t *known = &known_of(q)[twin];
    if (!(*known & WAS_ASKED))
        *known |= ask(q, know, id) ? WAS_ASKED | HOLDS : WAS_ASKED;
    return *known & HOLDS;
}

/* Without asking: false is sure. */
static inline bool may_hold(const uint8_t *known, const struct know_brief *brief, bool prefilter)
{
    uint8_t state = known[brief->twin];
    return state & WAS_ASKED ? state & HOLDS : !brief->by_literal || !prefilter || state & HAS_LITERAL;
}

/* What is cheap to tell is looked at first: few conditions have to be asked. */
static bool group_holds(struct asking *q, const struct know_brief *briefs, const struct know *knows, string_at id)
{
    const uint8_t *known = known_of(q);
    if (q->m->prefilter && briefs->trigger != UINT32_MAX && !(known[briefs->trigger] & HAS_LITERAL))
        return false;
    for (size_t i = 0; i < briefs->group; i++)
        if (!may_hold(known, &briefs[i], q->m->prefilter))
            return false;
    for (size_t i = 0; i < briefs->group; i++)
        if (!condition_holds(q, briefs[i].twin, &knows[i], id))
            return false;
    return true;
}

/* One `know` that holds, together with every `also` below it, is enough. */
static bool is_known(struct asking *q, const struct dialect *d)
{
    const struct layer *layer = ruleset_layer(q->m->rules, q->layer);
    const struct know_brief *briefs = layer->briefs + d->knows.first;
    for (size_t i = 0; i < d->knows.count; i += briefs[i].group)
        if (group_holds(q, &briefs[i], &layer->knows[d->knows.first + i], d->id))
            return true;
    return false;
}

/* Which layer has the next dialect in order: the higher priority; of equals
 * that of the later layer. SIZE_MAX: none is left. */
static size_t next_layer(const struct matcher *m, const size_t *next, size_t layers)
{
    size_t best = SIZE_MAX;
    int priority = 0;
    for (size_t i = layers; i-- > 0;) {
        const struct layer *layer = ruleset_layer(m->rules, i);
        if (next[i] == layer->dialect_count)
            continue;
        if (best == SIZE_MAX || layer->dialects[next[i]].priority > priority) {
            best = i;
            priority = layer->dialects[next[i]].priority;
        }
    }
    return best;
}

enum { LAYERS_MAX = 2 };

const struct dialect *match_dialect(struct matcher *m, struct arena *a, const struct know_facts *facts, size_t *layer)
{
    struct asking q = {.m = m, .facts = facts};
    size_t next[LAYERS_MAX] = {0}, layers = ruleset_layers(m->rules);
    (void)a; /* nothing needs to outlive the call */
    memset(m->known, 0, m->known_count * layers);
    if (facts->body) /* what was found stays for match_action_possible() */
        memset(m->action_keys, 0, m->action_count * layers);
    memset(m->header_asked, 0, (m->header_count * layers + 1) * sizeof *m->header_asked);
    for (q.layer = 0; q.layer < layers && m->prefilter; q.layer++)
        scan_texts(&q);
    while ((q.layer = next_layer(m, next, layers)) != SIZE_MAX) {
        size_t index = next[q.layer]++;
        const struct dialect *d = &ruleset_layer(m->rules, q.layer)->dialects[index];
        if ((facts->writers_only && !d->software) || (facts->no_reports && d->kind == BOUNCE_KIND_NDR && d->software))
            continue;
        if (!ruleset_dialect_off(m->rules, q.layer, index) && is_known(&q, d)) {
            *layer = q.layer;
            return d;
        }
    }
    return NULL;
}

bool match_action_possible(const struct matcher *m, size_t layer, const struct dialect_action *action, enum know_key key)
{
    size_t index = (size_t)(action - ruleset_layer(m->rules, layer)->actions);
    return !action->indexed || !m->prefilter || m->action_keys[layer * m->action_count + index] >> key & 1;
}
