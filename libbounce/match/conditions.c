/* SPDX-License-Identifier: MIT */
/*
 * conditions.c - the conditions of dialects, each tested once for a mail.
 *
 * What comes in: the texts of a mail that `know` can test, those of the header
 * first. What goes out: which groups of conditions can hold, and which of them
 * do. Each text is searched once for the literals of all conditions; a condition
 * whose literals are not there is not tested, and a header field is decoded once,
 * and only if a condition needs it. Nothing is refused.
 */
#include "match/conditions.h"
#include "base/literals.h"

#include <glib.h>

enum known_bit { HAS_LITERAL = 1, WAS_TESTED = 2, HOLDS = 4 };

struct condition_state *condition_states_new(const bounce_rules *rules)
{
    size_t count = ruleset_layers(rules);
    struct condition_state *states = g_new0(struct condition_state, count);
    for (size_t i = 0; i < count; i++) {
        const struct layer *layer = ruleset_layer(rules, i);
        states[i].known = g_new0(uint8_t, layer->know_count + 1);
        states[i].tested = g_new0(uint32_t, layer->know_count + 1);
        states[i].groups = g_new0(uint64_t, bits_words(layer->groups.group_count));
        states[i].signs = g_new0(uint64_t, bits_words(layer->signs.group_count));
        states[i].action_keys = g_new0(uint8_t, layer->action_count + 1);
        states[i].actions = g_new0(uint64_t, bits_words(layer->action_count));
        states[i].patterns = g_new0(uint64_t, bits_words(layer->pattern_count - layer->first_line_pattern));
        states[i].headers = g_new0(const struct norm_text *, layer->header_count + 1);
        states[i].header_read = g_new0(bool, layer->header_count + 1);
    }
    return states;
}

void condition_states_free(struct condition_state *states, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_free(states[i].known);
        g_free(states[i].tested);
        g_free(states[i].groups);
        g_free(states[i].signs);
        g_free(states[i].action_keys);
        g_free(states[i].actions);
        g_free(states[i].patterns);
        g_free(states[i].headers);
        g_free(states[i].header_read);
    }
    g_free(states);
}

struct conditions conditions_of(struct matcher *m, const struct know_facts *facts, size_t layer)
{
    return (struct conditions){
        .m = m, .facts = facts, .layer = m->layers[layer], .layer_index = layer, .state = &m->dialects[layer]};
}

/* -------------------------------------------------------------- triggers */

static void mark_groups(const struct know_groups *g, size_t trigger, uint64_t *bits)
{
    for (uint32_t i = g->first[trigger]; i < g->first[trigger + 1]; i++)
        bits_set(bits, g->triggered[i]);
}

static void pull_trigger(struct conditions *c, size_t trigger)
{
    mark_groups(&c->layer->groups, trigger, c->state->groups);
    mark_groups(&c->layer->signs, trigger, c->state->signs);
}

/* A literal of a condition was found: it counts if this is the text that the condition is about. */
static void note_condition(struct conditions *c, uint32_t index)
{
    const struct know *know = &c->layer->knows[index];
    if (c->state->known[index] & HAS_LITERAL || know->key != c->key ||
        (c->key == KNOW_HEADER && know->header_slot != c->header_slot))
        return;
    c->state->known[index] |= HAS_LITERAL;
    pull_trigger(c, index);
}

static void note_owner(struct conditions *c, size_t owner)
{
    const struct layer *layer = c->layer;
    if (owner < layer->know_count) {
        note_condition(c, (uint32_t)owner);
        return;
    }
    owner -= layer->know_count;
    if (owner < layer->action_count) {
        c->state->action_keys[owner] |= (uint8_t)(1u << c->key);
        bits_set(c->state->actions, owner);
    } else {
        bits_set(c->state->patterns, owner - layer->action_count);
    }
}

static void note_hits(void *data, const struct literal_hit *hits, size_t count)
{
    struct conditions *c = data;
    for (size_t i = 0; i < count; i++) {
        const struct literal *item = &c->literals->items[hits[i].literal];
        for (size_t k = 0; k < item->owner_count; k++)
            note_owner(c, c->literals->owners[item->first_owner + k]);
    }
}

/* Notes the conditions, actions and line patterns that have a literal in a text. */
static void scan_text(struct conditions *c, enum know_key key, const struct norm_text *text)
{
    c->key = key;
    c->literals = key == KNOW_BODY ? c->layer->body_literals : c->layer->head_literals;
    if (text && c->m->prefilter)
        literals_scan(c->literals, text->folded, text->folded_length, note_hits, c);
}

/* The decoded field of a slot. It is decoded and searched when first needed. */
static const struct norm_text *header_of(struct conditions *c, uint32_t slot, struct span value)
{
    const struct norm_text **header = &c->state->headers[slot];
    if (!c->state->header_read[slot]) {
        c->state->header_read[slot] = true;
        const char *name = layer_string(c->layer, c->layer->header_names[slot]);
        *header = c->facts->header ? c->facts->header(c->facts->data, name, value) : NULL;
        c->header_slot = slot;
        scan_text(c, KNOW_HEADER, *header);
    }
    return *header;
}

/* The field of a slot is there, which may be a trigger by itself. */
static void note_field(struct conditions *c, uint32_t slot, struct span value)
{
    pull_trigger(c, c->layer->know_count + slot);
    if (c->layer->header_searched[slot])
        header_of(c, slot, value);
}

static void note_fields(struct conditions *c, const struct field_group *fields)
{
    const struct layer *layer = c->layer;
    for (size_t i = 0; fields && i < fields->count; i++) {
        struct span name = fields->fields[i].name;
        for (uint32_t slot = layer->header_heads[fields_name_bit(name)]; slot; slot = layer->header_next[slot - 1])
            if (span_equal_nocase(name, layer_string(layer, layer->header_names[slot - 1])))
                note_field(c, slot - 1, fields->fields[i].value);
    }
}

/* ------------------------------------------------------------- conditions */

static const struct norm_text *text_for_key(const struct know_facts *facts, enum know_key key)
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

static bool test_condition(struct conditions *c, uint32_t index, string_at id)
{
    const struct know *know = &c->layer->knows[index];
    enum know_key key = (enum know_key)know->key;
    const struct norm_text *text =
        key == KNOW_HEADER ? header_of(c, know->header_slot, span_of(NULL, 0)) : text_for_key(c->facts, key);
    bool possible = !know->indexed || !c->m->prefilter || c->state->known[index] & HAS_LITERAL;
    struct match_range found;
    return text && possible && (know->any || matcher_pattern(c->m, c->layer_index, &know->pattern, id, text, &found));
}

/* The same condition of several dialects is tested once. */
static bool condition_holds(struct conditions *c, uint32_t index, string_at id)
{
    uint8_t *known = &c->state->known[index];
    if (!(*known & WAS_TESTED)) {
        *known |= test_condition(c, index, id) ? WAS_TESTED | HOLDS : WAS_TESTED;
        c->state->tested[c->state->tested_count++] = index;
    }
    return *known & HOLDS;
}

/* What is known without testing the condition: false is certain. */
static inline bool condition_can_hold(const struct conditions *c, uint32_t index)
{
    const struct know *know = &c->layer->knows[index];
    uint8_t known = c->state->known[index];
    if (known & WAS_TESTED)
        return known & HOLDS;
    return !know->indexed || !c->m->prefilter || known & HAS_LITERAL;
}

/* The cheap question is asked of all conditions first, so that few are tested. */
bool conditions_hold(struct conditions *c, const struct know_groups *groups, const struct know_group *group,
                     string_at id)
{
    const uint32_t *conditions = groups->conditions + group->first;
    for (size_t i = 0; i < group->count; i++)
        if (!condition_can_hold(c, conditions[i]))
            return false;
    for (size_t i = 0; i < group->count; i++)
        if (!condition_holds(c, conditions[i], id))
            return false;
    return true;
}

/* ---------------------------------------------------------------- the mail */

static void reset_conditions(struct conditions *c)
{
    const struct layer *layer = c->layer;
    int fill = c->m->prefilter ? 0 : 0xff;
    memset(c->state->known, 0, layer->know_count);
    c->state->tested_count = 0;
    memset(c->state->groups, fill, bits_words(layer->groups.group_count) * sizeof *c->state->groups);
    memset(c->state->signs, fill, bits_words(layer->signs.group_count) * sizeof *c->state->signs);
    memset(c->state->header_read, 0, layer->header_count * sizeof *c->state->header_read);
}

static void reset_actions(struct conditions *c)
{
    memset(c->state->action_keys, 0, c->layer->action_count);
    memcpy(c->state->actions, c->layer->unsure_actions, bits_words(c->layer->action_count) * sizeof *c->state->actions);
}

void conditions_begin(struct conditions *c)
{
    reset_conditions(c);
    pull_trigger(c, c->layer->know_count + c->layer->header_count); /* the one that always happens */
    if (!c->facts->keeps_actions)
        reset_actions(c);
    scan_text(c, KNOW_SUBJECT, c->facts->subject);
    scan_text(c, KNOW_FROM, c->facts->from);
    scan_text(c, KNOW_TYPE, c->facts->type);
    note_fields(c, c->facts->fields);
}

/* Forgets the tests that were made, and the fields that were missed, without the delivery status. */
static void forget_tests(struct conditions *c)
{
    for (; c->state->tested_count; c->state->tested_count--)
        c->state->known[c->state->tested[c->state->tested_count - 1]] &= HAS_LITERAL;
    for (size_t i = 0; i < c->layer->header_count; i++)
        c->state->header_read[i] = c->state->header_read[i] && c->state->headers[i];
}

void conditions_complete(struct conditions *c)
{
    if (c->facts->status_fields && c->facts->status_fields->count) {
        forget_tests(c);
        note_fields(c, c->facts->status_fields);
    }
    if (c->facts->body)
        memcpy(c->state->patterns, c->layer->unsure_patterns,
               bits_words(c->layer->pattern_count - c->layer->first_line_pattern) * sizeof *c->state->patterns);
    scan_text(c, KNOW_BODY, c->facts->body);
    scan_text(c, KNOW_REPORTING_MTA, c->facts->reporting_mta);
    scan_text(c, KNOW_DIAGNOSTIC, c->facts->diagnostic);
}
