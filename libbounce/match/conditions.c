/* SPDX-License-Identifier: MIT */
/*
 * conditions.c - the conditions of dialects and signs, each tested once for a mail.
 *
 * In: the texts of a mail that `know` can test, those of the header first. Out: which groups of conditions can hold,
 * and which of them do. Each text is searched once for the literals of all conditions; a condition whose literals are
 * not there is not tested, and a header field is decoded once, and only if a condition needs it. Nothing is refused.
 */
#include "match/conditions.h"
#include "base/literals.h"

#include <string.h>

struct conditions conditions_of(struct recognition *r, size_t layer)
{
    return (struct conditions){.r = r, .layer = r->m->layers[layer], .layer_index = layer, .state = &r->states[layer]};
}

/* -------------------------------------------------------------- triggers */

static inline void mark_groups(const struct know_groups *g, size_t trigger, uint64_t *bits)
{
    for (uint32_t i = g->first[trigger], end = g->first[trigger + 1]; i < end; i++)
        bits_set(bits, g->triggered[i]);
}

static void pull_trigger(struct conditions *c, size_t trigger)
{
    mark_groups(&c->layer->groups, trigger, c->state->groups);
    mark_groups(&c->layer->sign_groups, trigger, c->state->sign_groups);
    mark_groups(&c->layer->header_groups, trigger, c->state->header_groups);
}

/* Notes that a literal of a condition was found, if this is the text that the condition is about. */
static void note_condition(struct conditions *c, uint32_t index)
{
    const struct know *know = &c->layer->knows[index];
    if (know->key != c->key || (c->key == KNOW_HEADER && know->header_slot != c->header_slot) ||
        bits_have(c->state->has_literal, index))
        return;
    bits_set(c->state->has_literal, index);
    pull_trigger(c, index);
}

/* The literal of an action counts in the two texts that actions are about. */
static void note_action(struct conditions *c, size_t action)
{
    if (c->key != KNOW_SUBJECT && c->key != KNOW_BODY)
        return;
    c->state->action_keys[action] |= (uint8_t)(1u << c->key);
    bits_set(c->state->actions, action);
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
        note_action(c, owner);
    } else {
        bits_set(c->state->patterns, owner - layer->action_count);
    }
}

static void note_hits(void *data, const struct literal_hit *hits, size_t count)
{
    struct conditions *c = data;
    for (size_t i = 0; i < count; i++) {
        const struct literal *item = &c->literals->items[hits[i].literal];
        const uint32_t *owner = c->literals->owners + item->first_owner, *end = owner + item->owner_count;
        for (; owner < end; owner++)
            note_owner(c, *owner);
    }
}

/* Notes the conditions, actions and line patterns that have a literal in a text. */
static void scan_text(struct conditions *c, enum know_key key, const struct norm_text *text)
{
    c->key = key;
    c->literals = key == KNOW_BODY ? c->layer->body_literals : c->layer->head_literals;
    if (text && c->r->m->prefilter)
        literals_scan(c->literals, text->folded, text->folded_length, note_hits, c);
}

/* value: the raw field, if the caller has it. If its s is NULL, the field is looked up: X-Postfix-Queue-ID and the like
 * are in the delivery status. */
static const struct norm_text *decode_header(const struct conditions *c, uint32_t slot, struct span value)
{
    const struct recognition *r = c->r;
    const char *name = layer_string(c->layer, c->layer->header_names[slot]);
    if (!value.s && r->header.fields)
        value = fields_get(r->header.fields, name);
    if (!value.s && r->body.status_fields)
        value = fields_get(r->body.status_fields, name);
    return value.s && r->header.decode ? r->header.decode(r->header.data, value) : NULL;
}

/* The decoded field of a slot. It is decoded and searched when first needed. */
static const struct norm_text *header_of(struct conditions *c, uint32_t slot, struct span value)
{
    const struct norm_text **header = &c->state->headers[slot];
    if (!c->state->header_read[slot]) {
        c->state->header_read[slot] = 1;
        *header = decode_header(c, slot, value);
        c->header_slot = slot;
        if (c->layer->header_searched[slot])
            scan_text(c, KNOW_HEADER, *header);
    }
    return *header;
}

/* Notes that the field of a slot is present, which may itself be a trigger. */
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

static const struct norm_text *text_of(struct conditions *c, const struct know *know)
{
    const struct recognition *r = c->r;
    switch ((enum know_key)know->key) {
    case KNOW_SUBJECT: return r->header.subject;
    case KNOW_FROM: return r->header.from;
    case KNOW_TYPE: return r->header.type;
    case KNOW_HEADER: return header_of(c, know->header_slot, span_of(NULL, 0));
    case KNOW_BODY: return r->body.text;
    case KNOW_REPORTING_MTA: return r->body.reporting_mta;
    case KNOW_DIAGNOSTIC: return r->body.diagnostic;
    case KNOW_FACT:
    case KNOW_SIGN: return NULL; /* a sign has no text */
    }
    return NULL;
}

/* Whether a condition can hold; false is certain. */
static inline bool is_possible(const struct conditions *c, const struct know *know, uint32_t index)
{
    return !know->indexed || !c->r->m->prefilter || bits_have(c->state->has_literal, index);
}

/* The sign that a condition names, with its layer in *c. */
static const struct sign *sign_of(struct conditions *c, const struct know *know)
{
    if (know->below)
        *c = conditions_of(c->r, c->layer_index - 1);
    return &c->layer->signs[know->sign];
}

bool conditions_sign(struct conditions *c, uint32_t index)
{
    const struct sign *sign = &c->layer->signs[index];
    const size_t end = sign->groups.first + sign->groups.count;
    uint8_t *answer = &c->state->signs[index];
    if (*answer != SIGN_NOT_ASKED)
        return *answer == SIGN_SEEN;
    const size_t undecided = c->r->m->undecided.count;
    bool holds = false;
    for (size_t k = sign->groups.first; !holds && (k = bits_next(c->state->sign_groups, k, end)) < end; k++)
        holds = conditions_hold(c, &c->layer->sign_groups, &c->layer->sign_groups.groups[k], sign->name);
    *answer = holds ? SIGN_SEEN : c->r->m->undecided.count > undecided ? SIGN_UNDECIDED : SIGN_NONE;
    return holds;
}

static bool named_sign_holds(const struct conditions *c, const struct know *know)
{
    struct conditions of_sign = *c;
    const struct sign *sign = sign_of(&of_sign, know);
    const uint32_t index = (uint32_t)(sign - of_sign.layer->signs);
    bool seen = conditions_sign(&of_sign, index);
    return know->negated ? of_sign.state->signs[index] == SIGN_NONE : seen;
}

/* A sign whose groups have no trigger in the mail is known not to hold. */
static bool named_sign_can_hold(const struct conditions *c, const struct know *know)
{
    const size_t layer = c->layer_index - (know->below ? 1 : 0);
    const struct condition_state *state = &c->r->states[layer];
    const struct sign *sign = &c->r->m->layers[layer]->signs[know->sign];
    const size_t end = sign->groups.first + sign->groups.count;
    const enum sign_answer answer = state->signs[know->sign];
    return know->negated || (answer == SIGN_NOT_ASKED ? bits_next(state->sign_groups, sign->groups.first, end) < end
                                                      : answer == SIGN_SEEN);
}

/* The word classes in the text of a condition, shared by all conditions on that text; NULL: they are not kept. */
static struct text_classes *classes_of(struct conditions *c, const struct pattern *p, enum know_key key,
                                       const struct norm_text *text)
{
    struct condition_state *s = c->state;
    if (!p->is_row || key == KNOW_HEADER)
        return NULL;
    if (!s->classes)
        s->classes = arena_calloc(c->r->arena, KNOW_SIGN, sizeof *s->classes);
    if (!s->classes[key].text)
        s->classes[key] = text_classes_of(c->r->arena, c->layer, &c->layer->dialect_heads, text);
    return &s->classes[key];
}

bool conditions_match(struct conditions *c, const struct pattern *p, enum know_key key, string_at id,
                      const struct norm_text *text)
{
    struct match_range found;
    c->r->m->account = &c->r->accounts[key];
    return matcher_pattern(c->r->m, c->layer_index, p, id, text, classes_of(c, p, key, text), &found);
}

static bool fact_holds(const struct recognition *r, uint32_t fact)
{
    return fact == FACT_ORDINARY_HEADER ? r->ordinary_header : r->fact && r->fact(r->fact_data, (enum known_fact)fact);
}

/* A condition that several dialects have is tested once. Not kept: that a text is missing, since it may come with the
 * body; and that the result was undecided, so that every caller learns it. */
bool condition_holds(struct conditions *c, uint32_t index, string_at id)
{
    const struct know *know = &c->layer->knows[index];
    if (bits_have(c->state->was_tested, index))
        return bits_have(c->state->holds, index);
    if (know->key == KNOW_SIGN)
        return named_sign_holds(c, know);
    if (know->key == KNOW_FACT)
        return fact_holds(c->r, know->sign);
    const struct norm_text *text = text_of(c, know);
    if (!text)
        return false;
    const size_t undecided = c->r->m->undecided.count;
    bool holds = is_possible(c, know, index) &&
                 (know->any || conditions_match(c, &know->pattern, (enum know_key)know->key, id, text));
    if (c->r->m->undecided.count > undecided)
        return holds;
    bits_set(c->state->was_tested, index);
    if (holds)
        bits_set(c->state->holds, index);
    return holds;
}

/* What is known without testing the condition: false is certain. */
static inline bool condition_can_hold(const struct conditions *c, uint32_t index)
{
    const struct know *know = &c->layer->knows[index];
    if (know->key == KNOW_SIGN)
        return named_sign_can_hold(c, know);
    if (know->key == KNOW_FACT)
        return know->sign == FACT_ORDINARY_HEADER ? c->r->ordinary_header : c->r->fact != NULL;
    return bits_have(c->state->was_tested, index) ? bits_have(c->state->holds, index) : is_possible(c, know, index);
}

/* All conditions must pass the cheap check first, so that few are tested. */
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

/* Nothing is known yet. Without the index, every group is tried. Everything that is cleared is in one block, as bits
 * where possible: every mail pays for it. */
static void make_state(struct conditions *c)
{
    const struct layer *layer = c->layer;
    struct condition_state *s = c->state;
    const size_t of_dialects = bits_words(layer->groups.group_count), knows = bits_words(layer->know_count);
    const size_t of_signs = bits_words(layer->sign_groups.group_count);
    const size_t groups = of_dialects + of_signs + bits_words(layer->header_groups.group_count);
    const size_t actions = bits_words(layer->action_count) * sizeof *s->actions;
    const size_t bytes = layer->action_count + layer->header_count + layer->sign_count;
    s->groups = arena_calloc(c->r->arena, 1, (groups + 3 * knows) * sizeof *s->groups + bytes);
    s->sign_groups = s->groups + of_dialects;
    s->header_groups = s->sign_groups + of_signs;
    s->has_literal = s->groups + groups;
    s->was_tested = s->has_literal + knows;
    s->holds = s->was_tested + knows;
    s->action_keys = (uint8_t *)(s->holds + knows);
    s->header_read = s->action_keys + layer->action_count;
    s->signs = s->header_read + layer->header_count;
    s->headers = arena_alloc(c->r->arena, layer->header_count * sizeof(const struct norm_text *));
    s->actions = memcpy(arena_alloc(c->r->arena, actions), layer->unsure_actions, actions);
    s->patterns = NULL;
    s->classes = NULL;
    if (!c->r->m->prefilter)
        memset(s->groups, 0xff, groups * sizeof *s->groups);
}

void conditions_begin(struct conditions *c)
{
    const struct header_facts *header = &c->r->header;
    make_state(c);
    pull_trigger(c, c->layer->know_count + c->layer->header_count); /* the trigger that always fires */
    scan_text(c, KNOW_SUBJECT, header->subject);
    scan_text(c, KNOW_FROM, header->from);
    scan_text(c, KNOW_TYPE, header->type);
    note_fields(c, header->fields);
}

/* Looks again for fields that were not found before the delivery status was known. */
static void forget_missing(struct conditions *c)
{
    for (size_t i = 0; i < c->layer->header_count; i++)
        c->state->header_read[i] = c->state->header_read[i] && c->state->headers[i];
}

void conditions_complete(struct conditions *c)
{
    const struct body_facts *body = &c->r->body;
    size_t patterns = bits_words(c->layer->pattern_count - c->layer->first_line_pattern) * sizeof *c->state->patterns;
    memset(c->state->signs, SIGN_NOT_ASKED, c->layer->sign_count);
    c->state->patterns = memcpy(arena_alloc(c->r->arena, patterns), c->layer->unsure_patterns, patterns);
    if (body->status_fields && body->status_fields->count) {
        forget_missing(c);
        note_fields(c, body->status_fields);
    }
    scan_text(c, KNOW_BODY, body->text);
    scan_text(c, KNOW_REPORTING_MTA, body->reporting_mta);
    scan_text(c, KNOW_DIAGNOSTIC, body->diagnostic);
}
