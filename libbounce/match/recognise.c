/* SPDX-License-Identifier: MIT */
/*
 * recognise.c - which dialect wrote a mail, and whether its header shows
 * any sign of a report.
 *
 * What comes in: the texts of a mail that `know` can speak of; those of its
 * header first, then the others. What goes out: the first dialect one of whose
 * conditions holds. Each text is searched once for the literals of all
 * conditions; only groups of conditions whose trigger was seen are looked at
 * (rules/dialect_index.c), and each header field is asked for once.
 */
#include "base/literals.h"
#include "match/matcher.h"

#include <glib.h>
#include <string.h>

/* What is known so far about the mail at hand, for one layer. */
struct dialect_state {
    uint8_t *known;  /* of each condition: enum known_bit */
    uint32_t *asked; /* the conditions that were asked */
    size_t asked_count;
    uint64_t *groups;                 /* one bit for each group whose trigger was seen */
    uint64_t *signs;                  /* likewise */
    uint8_t *action_keys;             /* of each action: bits 1 << enum know_key of the texts that hold its literal */
    uint64_t *actions;                /* one bit for each action that may be stated */
    uint64_t *patterns;               /* one bit for each of a line whose literal stands in the body */
    const struct norm_text **headers; /* of each slot, once it was asked for */
    bool *header_asked;
};

struct asking {
    struct matcher *m;
    const struct know_facts *facts;
    const struct layer *layer;
    size_t layer_index;
    struct dialect_state *state;
    enum know_key key;               /* of the text that is being scanned */
    uint32_t header_slot;            /* and of the header field, if it is one */
    const struct literals *literals; /* that are looked for */
};

enum known_bit { HAS_LITERAL = 1, WAS_ASKED = 2, HOLDS = 4 };

static inline size_t words_of(size_t bits)
{
    return bits / 64 + 1;
}

struct dialect_state *dialect_states_new(bounce_rules *rules)
{
    size_t count = ruleset_layers(rules);
    struct dialect_state *states = g_new0(struct dialect_state, count);
    for (size_t i = 0; i < count; i++) {
        const struct layer *layer = ruleset_layer(rules, i);
        states[i].known = g_new0(uint8_t, layer->know_count + 1);
        states[i].asked = g_new0(uint32_t, layer->know_count + 1);
        states[i].groups = g_new0(uint64_t, words_of(layer->groups.group_count));
        states[i].signs = g_new0(uint64_t, words_of(layer->signs.group_count));
        states[i].action_keys = g_new0(uint8_t, layer->action_count + 1);
        states[i].actions = g_new0(uint64_t, words_of(layer->action_count));
        states[i].patterns = g_new0(uint64_t, words_of(layer->pattern_count - layer->first_line_pattern));
        states[i].headers = g_new0(const struct norm_text *, layer->header_count + 1);
        states[i].header_asked = g_new0(bool, layer->header_count + 1);
    }
    return states;
}

void dialect_states_free(struct dialect_state *states, size_t count)
{
    for (size_t i = 0; states && i < count; i++) {
        g_free(states[i].known);
        g_free(states[i].asked);
        g_free(states[i].groups);
        g_free(states[i].signs);
        g_free(states[i].action_keys);
        g_free(states[i].actions);
        g_free(states[i].patterns);
        g_free(states[i].headers);
        g_free(states[i].header_asked);
    }
    g_free(states);
}

static struct asking asking_of(struct matcher *m, const struct know_facts *facts, size_t layer)
{
    return (struct asking){.m = m,
                           .facts = facts,
                           .layer = ruleset_layer(m->rules, layer),
                           .layer_index = layer,
                           .state = &m->dialects[layer]};
}

/* -------------------------------------------------------------- triggers */

static void pull(const struct know_groups *g, size_t trigger, uint64_t *bits)
{
    for (uint32_t i = g->first[trigger]; i < g->first[trigger + 1]; i++)
        bits[g->triggered[i] / 64] |= (uint64_t)1 << (g->triggered[i] % 64);
}

static void pull_both(struct asking *q, size_t trigger)
{
    pull(&q->layer->groups, trigger, q->state->groups);
    pull(&q->layer->signs, trigger, q->state->signs);
}

static void note_condition(struct asking *q, uint32_t index)
{
    const struct know *know = &q->layer->knows[index];
    if (q->state->known[index] & HAS_LITERAL || know->key != q->key ||
        (q->key == KNOW_HEADER && know->header_slot != q->header_slot))
        return;
    q->state->known[index] |= HAS_LITERAL;
    pull_both(q, index);
}

static void note_owner(struct asking *q, size_t index)
{
    const struct layer *layer = q->layer;
    if (index < layer->know_count) {
        note_condition(q, (uint32_t)index);
        return;
    }
    index -= layer->know_count;
    if (index < layer->action_count) {
        q->state->action_keys[index] |= (uint8_t)(1u << q->key);
        q->state->actions[index / 64] |= (uint64_t)1 << (index % 64);
    } else
        q->state->patterns[(index - layer->action_count) / 64] |= (uint64_t)1 << ((index - layer->action_count) % 64);
}

static void note_hits(void *data, const struct literal_hit *hits, size_t count)
{
    struct asking *q = data;
    for (size_t i = 0; i < count; i++) {
        const struct literal *item = &q->literals->items[hits[i].literal];
        for (size_t k = 0; k < item->owner_count; k++)
            note_owner(q, q->literals->owners[item->first_owner + k]);
    }
}

/* Marks the conditions, actions and patterns whose literal stands in a text. */
static void scan_text(struct asking *q, enum know_key key, const struct norm_text *text)
{
    q->key = key;
    q->literals = key == KNOW_BODY ? q->layer->body_literals : q->layer->head_literals;
    if (text && q->m->prefilter)
        literals_scan(q->literals, text->folded, text->folded_length, note_hits, q);
}

/* A field is read and searched once. */
static const struct norm_text *header_of(struct asking *q, uint32_t slot, struct span value)
{
    const struct norm_text **header = &q->state->headers[slot];
    if (!q->state->header_asked[slot]) {
        q->state->header_asked[slot] = true;
        const char *name = layer_string(q->layer, q->layer->header_names[slot]);
        *header = q->facts->header ? q->facts->header(q->facts->data, name, value) : NULL;
        q->header_slot = slot;
        scan_text(q, KNOW_HEADER, *header);
    }
    return *header;
}

/* The field in this slot is there, which may be a trigger itself. */
static void note_field(struct asking *q, uint32_t slot, struct span value)
{
    pull_both(q, q->layer->know_count + slot);
    if (q->layer->header_searched[slot])
        header_of(q, slot, value);
}

/* The header fields that are there trigger what asks for them. */
static void note_fields(struct asking *q, const struct field_group *fields)
{
    const struct layer *layer = q->layer;
    for (size_t i = 0; fields && i < fields->count; i++) {
        struct span name = fields->fields[i].name;
        for (uint32_t slot = layer->header_heads[fields_name_bit(name)]; slot; slot = layer->header_next[slot - 1])
            if (span_equal_nocase(name, layer_string(layer, layer->header_names[slot - 1])))
                note_field(q, slot - 1, fields->fields[i].value);
    }
}

/* ------------------------------------------------------------- conditions */

static const struct norm_text *text_of(const struct know_facts *facts, enum know_key key)
{
    switch (key) {
    case KNOW_SUBJECT: return facts->subject;
    case KNOW_FROM: return facts->from;
    case KNOW_TYPE: return facts->type;
    case KNOW_BODY: return facts->body;
    case KNOW_REPORTING_MTA: return facts->reporting_mta;
    case KNOW_DIAGNOSTIC: return facts->diagnostic;
    default: return NULL;
    }
}

static bool ask(struct asking *q, uint32_t index, string_at id)
{
    const struct know *know = &q->layer->knows[index];
    enum know_key key = (enum know_key)know->key;
    const struct norm_text *text =
        key == KNOW_HEADER ? header_of(q, know->header_slot, span_of(NULL, 0)) : text_of(q->facts, key);
    bool possible = !know->indexed || !q->m->prefilter || q->state->known[index] & HAS_LITERAL;
    struct chain_end found;
    return text && possible && (know->any || match_in_norm(q->m, q->layer_index, &know->pattern, id, text, &found));
}

/* Conditions that ask the same share one answer. */
static bool condition_holds(struct asking *q, uint32_t index, string_at id)
{
    uint8_t *known = &q->state->known[index];
    if (!(*known & WAS_ASKED)) {
        *known |= ask(q, index, id) ? WAS_ASKED | HOLDS : WAS_ASKED;
        q->state->asked[q->state->asked_count++] = index;
    }
    return *known & HOLDS;
}

/* Without asking: false is sure. */
static inline bool may_hold(const struct asking *q, uint32_t index)
{
    const struct know *know = &q->layer->knows[index];
    uint8_t state = q->state->known[index];
    if (state & WAS_ASKED)
        return state & HOLDS;
    return !know->indexed || !q->m->prefilter || state & HAS_LITERAL;
}

/* What is cheap to tell is looked at first: few conditions have to be asked. */
static bool group_holds(struct asking *q, const struct know_groups *groups, const struct know_group *group,
                        string_at id)
{
    const uint32_t *conditions = groups->conditions + group->first;
    for (size_t i = 0; i < group->count; i++)
        if (!may_hold(q, conditions[i]))
            return false;
    for (size_t i = 0; i < group->count; i++)
        if (!condition_holds(q, conditions[i], id))
            return false;
    return true;
}

/* ---------------------------------------------------------------- the mail */

/* The first bit that is set in [from, end); end if none is. */
static size_t next_bit(const uint64_t *bits, size_t from, size_t end)
{
    while (from < end) {
        uint64_t word = bits[from / 64] >> (from % 64);
        if (word) {
            from += (size_t)__builtin_ctzll(word);
            break;
        }
        from = (from | 63) + 1;
    }
    return from < end ? from : end;
}

static void begin_layer(struct asking *q)
{
    const struct layer *layer = q->layer;
    int fill = q->m->prefilter ? 0 : 0xff;
    memset(q->state->known, 0, layer->know_count);
    q->state->asked_count = 0;
    memset(q->state->groups, fill, words_of(layer->groups.group_count) * sizeof *q->state->groups);
    memset(q->state->signs, fill, words_of(layer->signs.group_count) * sizeof *q->state->signs);
    memset(q->state->header_asked, 0, layer->header_count * sizeof *q->state->header_asked);
    pull_both(q, layer->know_count + layer->header_count);
}

static void begin_actions(struct asking *q)
{
    memset(q->state->action_keys, 0, q->layer->action_count);
    memcpy(q->state->actions, q->layer->unsure_actions, words_of(q->layer->action_count) * sizeof *q->state->actions);
}

void match_dialect_begin(struct matcher *m, const struct know_facts *facts)
{
    for (size_t i = 0; i < ruleset_layers(m->rules); i++) {
        struct asking q = asking_of(m, facts, i);
        begin_layer(&q);
        if (!facts->keeps_actions)
            begin_actions(&q);
        scan_text(&q, KNOW_SUBJECT, facts->subject);
        scan_text(&q, KNOW_FROM, facts->from);
        scan_text(&q, KNOW_TYPE, facts->type);
        note_fields(&q, facts->fields);
    }
}

bool match_sign(struct matcher *m, const struct know_facts *facts)
{
    for (size_t i = 0; i < ruleset_layers(m->rules); i++) {
        struct asking q = asking_of(m, facts, i);
        const struct know_groups *signs = &q.layer->signs;
        for (size_t k = 0; (k = next_bit(q.state->signs, k, signs->group_count)) < signs->group_count; k++)
            if (group_holds(&q, signs, &signs->groups[k], 0))
                return true;
    }
    return false;
}

/* What was answered without the fields of the delivery status is asked again. */
static void ask_headers_again(struct asking *q)
{
    for (; q->state->asked_count; q->state->asked_count--)
        q->state->known[q->state->asked[q->state->asked_count - 1]] &= HAS_LITERAL;
    for (size_t i = 0; i < q->layer->header_count; i++)
        q->state->header_asked[i] = q->state->header_asked[i] && q->state->headers[i];
}

static void scan_rest(struct asking *q)
{
    if (q->facts->status_fields && q->facts->status_fields->count) {
        ask_headers_again(q);
        note_fields(q, q->facts->status_fields);
    }
    if (q->facts->body)
        memcpy(q->state->patterns, q->layer->unsure_patterns,
               words_of(q->layer->pattern_count - q->layer->first_line_pattern) * sizeof *q->state->patterns);
    scan_text(q, KNOW_BODY, q->facts->body);
    scan_text(q, KNOW_REPORTING_MTA, q->facts->reporting_mta);
    scan_text(q, KNOW_DIAGNOSTIC, q->facts->diagnostic);
}

/* The next group whose trigger was seen, at or behind *next; its dialect, or SIZE_MAX. */
static size_t next_dialect(const struct asking *q, size_t *next)
{
    size_t count = q->layer->groups.group_count;
    *next = next_bit(q->state->groups, *next, count);
    return *next < count ? q->layer->groups.groups[*next].dialect : SIZE_MAX;
}

/* Which layer has the next dialect in order: the higher priority; of equals
 * that of the later layer. SIZE_MAX: none is left. */
static size_t next_layer(const struct asking *q, size_t *next, size_t layers)
{
    size_t best = SIZE_MAX;
    int priority = 0;
    for (size_t i = layers; i-- > 0;) {
        size_t dialect = next_dialect(&q[i], &next[i]);
        if (dialect == SIZE_MAX)
            continue;
        if (best == SIZE_MAX || q[i].layer->dialects[dialect].priority > priority) {
            best = i;
            priority = q[i].layer->dialects[dialect].priority;
        }
    }
    return best;
}

static bool is_meant(const struct know_facts *facts, const struct dialect *d)
{
    return !(facts->writers_only && !d->software) && !(facts->no_reports && d->kind == BOUNCE_KIND_NDR && d->software);
}

const struct dialect *match_dialect(struct matcher *m, const struct know_facts *facts, size_t *layer)
{
    struct asking q[RULESET_LAYERS_MAX];
    size_t next[RULESET_LAYERS_MAX] = {0}, layers = ruleset_layers(m->rules), i;
    for (i = 0; i < layers; i++) {
        q[i] = asking_of(m, facts, i);
        scan_rest(&q[i]);
    }
    while ((i = next_layer(q, next, layers)) != SIZE_MAX) {
        const struct know_group *group = &q[i].layer->groups.groups[next[i]++];
        const struct dialect *d = &q[i].layer->dialects[group->dialect];
        if (is_meant(facts, d) && !ruleset_dialect_off(m->rules, i, group->dialect) &&
            group_holds(&q[i], &q[i].layer->groups, group, d->id)) {
            *layer = i;
            return d;
        }
    }
    return NULL;
}

size_t match_next_action(const struct matcher *m, size_t layer, size_t from, size_t end)
{
    return m->prefilter ? next_bit(m->dialects[layer].actions, from, end) : from;
}

bool match_action_possible(const struct matcher *m, size_t layer, const struct dialect_action *action,
                           enum know_key key)
{
    size_t index = (size_t)(action - ruleset_layer(m->rules, layer)->actions);
    return !action->indexed || !m->prefilter || m->dialects[layer].action_keys[index] >> key & 1;
}

bool match_line_possible(const struct matcher *m, size_t layer, const struct pattern *p)
{
    const struct layer *from = ruleset_layer(m->rules, layer);
    size_t index = (size_t)(p - from->patterns) - from->first_line_pattern;
    return !m->prefilter || m->dialects[layer].patterns[index / 64] >> (index % 64) & 1;
}
