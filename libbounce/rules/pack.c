/* SPDX-License-Identifier: MIT */
/*
 * pack.c - a layer to flat tables of numbers (match/tables.h).
 *
 * What comes in: the rules and dialects of a layer, in order and indexed, as
 * pointers. What goes out: the same as a few tables that refer to strings, lists
 * and patterns by their places. Equal ones are stored once, and what is only
 * shown comes after what is searched, so that matching touches little memory.
 * Nothing is refused.
 */
#include "rules/pack.h"
#include "base/word_search.h"
#include "match/word_heads.h"
#include "rules/arrays.h"
#include "rules/dialect_index.h"
#include "rules/signs.h"
#include "smtp/reasons.h"

/* Pieces of memory; equal ones are stored once. */
struct pool {
    GByteArray *bytes;
    GHashTable *places; /* piece -> its offset in bytes */
};

struct packer {
    struct arena *arena;
    struct layer *layer;
    struct pool strings, lists, scopes;
    GArray *patterns, *segments, *elements, *decided, *commands;
    list_at *regex_also;
};

static void pool_init(struct pool *p)
{
    p->bytes = g_byte_array_new();
    p->places = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
}

static void pool_free(struct pool *p)
{
    g_hash_table_destroy(p->places);
    g_byte_array_free(p->bytes, TRUE);
}

static uint32_t pool_add(struct pool *p, const void *piece, size_t size)
{
    GBytes *key = g_bytes_new(piece, size);
    gpointer place;
    if (g_hash_table_lookup_extended(p->places, key, NULL, &place)) {
        g_bytes_unref(key);
        return GPOINTER_TO_UINT(place);
    }
    uint32_t offset = p->bytes->len;
    g_hash_table_insert(p->places, key, GUINT_TO_POINTER(offset));
    g_byte_array_append(p->bytes, piece, (guint)size);
    return offset;
}

/* All that is in the pool, in the arena. */
static const void *pool_keep(struct packer *p, const struct pool *pool, size_t item_bytes, size_t *count)
{
    *count = pool->bytes->len / item_bytes;
    return array_copy(p->arena, pool->bytes->data, pool->bytes->len);
}

/* ------------------------------------------------------ strings and lists */

static string_at pack_string(struct packer *p, const char *s)
{
    return s ? pool_add(&p->strings, s, strlen(s) + 1) : 0;
}

static list_at pack_list(struct packer *p, const char *const *strings)
{
    if (!strings || !*strings)
        return 0;
    GArray *list = g_array_new(TRUE, FALSE, sizeof(string_at)); /* ends with a 0 */
    for (; *strings; strings++) {
        string_at at = pack_string(p, *strings);
        g_array_append_val(list, at);
    }
    list_at at = pool_add(&p->lists, list->data, (list->len + 1) * sizeof(string_at)) / (uint32_t)sizeof(string_at);
    g_array_free(list, TRUE);
    return at;
}

/* --------------------------------------------------------------- patterns */

static void pack_element(struct packer *p, const struct parsed_element *from)
{
    struct row_element to = {.what = from->class ? from->class->index : pack_string(p, from->text),
                             .barrier = from->barrier ? from->barrier->index + 1 : 0,
                             .slot = from->slot,
                             .length = (uint16_t)(from->text ? strlen(from->text) : 0),
                             .link = (uint8_t)from->link,
                             .is_class = from->class != NULL,
                             .optional = from->optional,
                             .open_start = from->open_start,
                             .open_end = from->open_end};
    g_array_append_val(p->elements, to);
}

static struct pattern pack_row(struct packer *p, const struct parsed_pattern *from)
{
    const struct parsed_row *row = from->row;
    struct pattern to = {.text = pack_string(p, from->source),
                         .more = p->elements->len,
                         .length = (uint16_t)row->found_by,
                         .segment_count = (uint8_t)row->count,
                         .is_row = true,
                         .indexed = from->indexed,
                         .whole_words = true,
                         .at_start = row->at_start,
                         .at_end = row->at_end,
                         .is_near = from->is_near,
                         .masked = from->masked};
    for (size_t i = 0; i < row->count; i++)
        pack_element(p, &row->elements[i]);
    return to;
}

/* The text of a pattern is the first part of the phrase, or the expression. */
static struct pattern pack_pattern(struct packer *p, const struct parsed_pattern *from)
{
    if (from->row)
        return pack_row(p, from);
    const char *text = from->is_regex ? from->source : from->segment_count ? from->segments[0] : NULL;
    struct pattern to = {.text = pack_string(p, text),
                         .more = from->is_regex            ? from->regex_id
                                 : from->segment_count > 1 ? p->segments->len
                                                           : 0,
                         .length = (uint16_t)(text ? strlen(text) : 0),
                         .segment_count = from->segment_count,
                         .is_regex = from->is_regex,
                         .open_end = from->open_end,
                         .indexed = from->indexed,
                         .open_start = from->open_start,
                         .whole_words = from->whole_words,
                         .is_near = from->is_near,
                         .masked = from->masked,
                         .token = from->token};
    if (from->is_regex)
        p->regex_also[from->regex_id] = pack_list(p, from->also);
    for (size_t i = 1; i < from->segment_count; i++) {
        struct segment other = {pack_string(p, from->segments[i]), (uint32_t)strlen(from->segments[i])};
        g_array_append_val(p->segments, other);
    }
    return to;
}

static struct range pack_patterns(struct packer *p, const struct parsed_pattern *from, size_t count)
{
    struct range range = {p->patterns->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct pattern to = pack_pattern(p, &from[i]);
        g_array_append_val(p->patterns, to);
    }
    return range;
}

/* ------------------------------------------------------------------ rules */

static uint32_t pack_scope(struct packer *p, const struct parsed_scope *from)
{
    struct scope to = {.hosts = pack_list(p, from->hosts),
                       .softwares = pack_list(p, from->softwares),
                       .langs = pack_list(p, from->langs),
                       .codes = pack_list(p, from->codes),
                       .statuses = pack_list(p, from->statuses),
                       .commands = from->commands,
                       .origins = from->origins};
    return pool_add(&p->scopes, &to, sizeof to) / (uint32_t)sizeof to;
}

static uint32_t count_not_indexed(const struct parsed_pattern *patterns, size_t count)
{
    uint32_t unsure = 0;
    for (size_t i = 0; i < count; i++)
        unsure += !patterns[i].indexed;
    return unsure;
}

static struct bounce_rule pack_rule(struct packer *p, const struct parsed_rule *from, size_t rank)
{
    struct range patterns = pack_patterns(p, from->patterns, from->pattern_count);
    pack_patterns(p, from->unless, from->unless_count);
    return (struct bounce_rule){.tier = (uint8_t)from->tier,
                                .reason = (uint8_t)from->reason,
                                .cause = (uint8_t)from->cause,
                                .scope = pack_scope(p, &from->scope),
                                .rank = (uint32_t)rank,
                                .first_owner = from->first_owner,
                                .first_unless = from->first_unless,
                                .first_pattern = patterns.first,
                                .pattern_count = patterns.count,
                                .unless_count = (uint32_t)from->unless_count,
                                .unsure_unless = count_not_indexed(from->unless, from->unless_count)};
}

static struct bounce_rule *pack_rules(struct packer *p, const struct parsed_layer *from)
{
    struct rule_table *table = arena_calloc(p->arena, 1, sizeof *table + from->rule_count * sizeof *table->rules);
    table->layer = p->layer;
    for (size_t i = 0; i < from->rule_count; i++)
        table->rules[i] = pack_rule(p, &from->rules[i], i);
    p->layer->rules = table->rules;
    p->layer->rule_count = from->rule_count;
    return table->rules;
}

/* What is only shown; called when everything that is searched is there. */
static void pack_abouts(struct packer *p, const struct parsed_layer *from, struct bounce_rule *rules)
{
    struct rule_about *abouts = arena_calloc(p->arena, from->rule_count, sizeof *abouts);
    for (size_t i = 0; i < from->rule_count; i++)
        rules[i].id = pack_string(p, from->rules[i].id);
    for (size_t i = 0; i < from->rule_count; i++) {
        const struct parsed_rule *rule = &from->rules[i];
        abouts[i] = (struct rule_about){.file = pack_string(p, rule->file),
                                        .why = pack_string(p, rule->why),
                                        .tag = pack_string(p, rule->tag),
                                        .line = rule->line,
                                        .needs = pack_list(p, rule->needs),
                                        .examples = pack_list(p, rule->examples),
                                        .nears = pack_list(p, rule->nears),
                                        .implies = (uint32_t)rule->implies,
                                        .priority = rule->priority,
                                        .last = rule->last};
    }
    p->layer->abouts = abouts;
}

/* --------------------------------------------------------------- dialects */

static struct know *pack_knows(struct packer *p, const struct parsed_layer *from)
{
    struct know *knows = arena_calloc(p->arena, from->know_count, sizeof *knows);
    for (size_t i = 0; i < from->know_count; i++) {
        const struct parsed_know *know = &from->knows[i];
        knows[i] = (struct know){.key = (uint8_t)know->key,
                                 .also = know->also,
                                 .any = know->any,
                                 .negated = know->negated,
                                 .below = know->below,
                                 .keys = know->keys,
                                 .twin = know->twin,
                                 .header_slot = know->header_slot,
                                 .sign = know->sign_index,
                                 .header = pack_string(p, know->sign ? know->sign : know->header),
                                 .pattern = pack_pattern(p, &know->pattern)};
    }
    p->layer->knows = knows;
    p->layer->know_count = from->know_count;
    return knows;
}

/* The order in which signs are asked: those about the header first, then facts, then what is searched in texts. */
static int stage_of(const struct parsed_sign *sign)
{
    return sign->keys & KNOW_HEADER_KEYS ? 0 : sign->keys == 1 << KNOW_FACT ? 1 : 2;
}

/* Of those about the header, what speaks for a report goes first; else the heaviest does. So few are asked before
 * the answer is known. */
static int by_use(const void *a, const void *b, void *signs)
{
    const struct parsed_sign *x = (const struct parsed_sign *)signs + *(const uint32_t *)a;
    const struct parsed_sign *y = (const struct parsed_sign *)signs + *(const uint32_t *)b;
    const int stage = stage_of(x);
    return stage != stage_of(y)               ? stage - stage_of(y)
           : !stage && x->speaks != y->speaks ? y->speaks - x->speaks
           : abs(x->weight) != abs(y->weight) ? abs(y->weight) - abs(x->weight)
                                              : (x > y) - (x < y);
}

/* It holds only for mail whose header opens the gate anyway. */
static bool is_of_gate(const struct parsed_sign *sign)
{
    const struct parsed_know *know = sign->knows;
    return sign->know_count == 1 && know->key == KNOW_FACT && know->sign_index == FACT_WRITER_BY_HEADER;
}

/* Packs the signs that have a part in the sum. */
static void pack_weighed(struct packer *p, const struct parsed_layer *from)
{
    uint32_t *weighed = arena_calloc(p->arena, from->sign_count, sizeof *weighed);
    struct layer *layer = p->layer;
    for (size_t i = 0; i < from->sign_count; i++) {
        const struct parsed_sign *sign = &from->signs[i];
        const bool of_body = !(sign->keys & KNOW_HEADER_KEYS);
        layer->threshold = sign->threshold ? sign->threshold : layer->threshold;
        if (!sign->speaks)
            continue;
        weighed[layer->weighed_count++] = (uint32_t)i;
        layer->weighed_header_count += !of_body;
        layer->weighed_for_count += !of_body && sign->speaks > 0;
        layer->body_most += of_body && sign->weight > 0 && !is_of_gate(sign) ? sign->weight : 0;
    }
    g_qsort_with_data(weighed, (gint)layer->weighed_count, sizeof *weighed, by_use, from->signs);
    layer->weighed = weighed;
}

/* Their groups are made with those of the dialects. */
static struct sign *pack_signs(struct packer *p, const struct parsed_layer *from)
{
    struct sign *signs = arena_calloc(p->arena, from->sign_count, sizeof *signs);
    for (size_t i = 0; i < from->sign_count; i++) {
        const struct parsed_sign *sign = &from->signs[i];
        signs[i] = (struct sign){.name = pack_string(p, sign->name),
                                 .knows = {(uint32_t)(sign->knows - from->knows), (uint32_t)sign->know_count},
                                 .keys = sign->keys,
                                 .weight = sign->weight,
                                 .speaks = sign->speaks};
        for (size_t k = 0; k < ASKED_COUNT; k++)
            if (strcmp(sign->name, signs_asked_name((enum asked_sign)k)) == 0)
                p->layer->asked_signs[k] = (uint32_t)i + 1;
    }
    p->layer->signs = signs;
    p->layer->sign_count = from->sign_count;
    pack_weighed(p, from);
    return signs;
}

static struct dialect_action *pack_actions(struct packer *p, const struct parsed_layer *from)
{
    struct dialect_action *actions = arena_calloc(p->arena, from->action_count, sizeof *actions);
    for (size_t i = 0; i < from->action_count; i++) {
        const struct parsed_action *action = &from->actions[i];
        actions[i] = (struct dialect_action){
            .action = (uint8_t)action->action, .always = action->always, .pattern = pack_pattern(p, &action->pattern)};
    }
    p->layer->actions = actions;
    p->layer->action_count = from->action_count;
    return actions;
}

static struct range pack_decided(struct packer *p, const struct parsed_decided *from, size_t count)
{
    struct range range = {p->decided->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct dialect_decided to = {(uint8_t)from[i].who, from[i].always, pack_pattern(p, &from[i].pattern)};
        g_array_append_val(p->decided, to);
    }
    return range;
}

static struct range pack_commands(struct packer *p, const struct parsed_command *from, size_t count)
{
    struct range range = {p->commands->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct dialect_command to = {(uint8_t)from[i].command, pack_pattern(p, &from[i].phrase)};
        g_array_append_val(p->commands, to);
    }
    return range;
}

static struct dialect pack_dialect(struct packer *p, const struct parsed_layer *layer,
                                   const struct parsed_dialect *from)
{
    struct dialect to = {.kind = (uint8_t)from->kind, .priority = from->priority, .join = (uint8_t)from->join};
    to.own_replies = from->own_replies;
    to.certain = from->certain;
    to.is_general = g_str_has_prefix(from->id, "general"); /* doc/rules.md promises it */
    to.last = from->last;
    to.software = pack_string(p, from->software);
    to.id = pack_string(p, from->id);
    to.file = pack_string(p, from->file);
    to.charset = pack_string(p, from->charset);
    to.line = from->line;
    to.knows = (struct range){(uint32_t)(from->knows - layer->knows), (uint32_t)from->know_count};
    to.starts = pack_patterns(p, from->starts, from->start_count);
    to.stops = pack_patterns(p, from->stops, from->stop_count);
    to.originals = pack_patterns(p, from->originals, from->original_count);
    to.boilerplates = pack_patterns(p, from->boilerplates, from->boilerplate_count);
    to.blocks = pack_patterns(p, from->blocks, from->block_count);
    to.lines = pack_patterns(p, from->lines, from->line_count);
    to.actions = (struct range){(uint32_t)(from->actions - layer->actions), (uint32_t)from->action_count};
    to.decided = pack_decided(p, from->decided, from->decided_count);
    to.commands = pack_commands(p, from->commands, from->command_count);
    return to;
}

static void pack_dialects(struct packer *p, const struct parsed_layer *from)
{
    struct dialect *dialects = arena_calloc(p->arena, from->dialect_count, sizeof *dialects);
    for (size_t i = 0; i < from->dialect_count; i++)
        dialects[i] = pack_dialect(p, from, &from->dialects[i]);
    p->layer->dialects = dialects;
    p->layer->dialect_count = from->dialect_count;
}

/* ------------------------------------------------------------------ words */

/* One list after the other. Pairs are computed here, so that a set of rules is made without looking at the words. */
static void pack_words(struct packer *p, const struct parsed_words *from)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(struct listed_word));
    struct range *lists = arena_calloc(p->arena, WORDS_COUNT, sizeof *lists);
    for (size_t list = 0; from && list < WORDS_COUNT; list++) {
        lists[list] = (struct range){words->len, (uint32_t)from[list].count};
        for (size_t i = 0; i < from[list].count; i++) {
            const struct span text = span_z(from[list].items[i].text);
            struct listed_word to = {word_pairs(text), pack_string(p, text.s), (uint32_t)text.n};
            g_array_append_val(words, to);
        }
    }
    p->layer->word_lists = lists;
    p->layer->word_count = words->len;
    p->layer->words = array_keep(p->arena, words);
}

/* ---------------------------------------------------------------- classes */

/* `shorter`: of the members in order, the last one before it with which it begins. */
static void link_members(struct class_member *members, const struct parsed_class *from, uint32_t first)
{
    for (size_t i = 1; i < from->member_count; i++) {
        uint32_t before = first + (uint32_t)i; /* 1 + the index of the member before it */
        while (before && !g_str_has_prefix(from->members[i].text, from->members[before - 1 - first].text))
            before = members[before - 1].shorter;
        members[first + i].shorter = before;
    }
}

static void mark_key(struct word_class *to, const char *text)
{
    char padded[WORD_HEAD_BYTES + 1] = "";
    memcpy(padded, text, MIN(strlen(text), WORD_HEAD_BYTES));
    if (!text[1] && !to->by_heads) {
        memset(to->first, 0xff, sizeof to->first);
        return;
    }
    unsigned key = to->by_heads ? word_head_key(word_head_bytes(padded)) : class_member_key(text);
    to->first[key / 64] |= (uint64_t)1 << (key % 64);
}

static uint64_t head_of(const char *text)
{
    char padded[CLASS_MEMBER_HEAD_BYTES] = "";
    memcpy(padded, text, MIN(strlen(text), sizeof padded));
    return class_member_head(padded);
}

static void pack_members(struct packer *p, GArray *members, const struct parsed_class *from, struct word_class *to)
{
    to->members = (struct range){members->len, (uint32_t)from->member_count};
    for (size_t i = 0; i < from->member_count; i++) {
        const struct parsed_member *m = &from->members[i];
        struct class_member member = {.head = head_of(m->text),
                                      .text = pack_string(p, m->text),
                                      .length = (uint16_t)strlen(m->text),
                                      .open_start = m->open_start,
                                      .open_end = m->open_end};
        mark_key(to, m->text);
        g_array_append_val(members, member);
    }
    link_members((struct class_member *)(void *)members->data, from, to->members.first);
}

static void pack_classes(struct packer *p, const struct parsed_layer *from)
{
    GArray *members = g_array_new(FALSE, TRUE, sizeof(struct class_member));
    GArray *phrases = g_array_new(FALSE, FALSE, sizeof(struct class_phrase));
    struct word_class *classes = arena_calloc(p->arena, from->class_count, sizeof *classes);
    for (size_t i = 0; i < from->class_count; i++) {
        const struct parsed_class *class = from->classes[i];
        classes[i] = (struct word_class){.name = pack_string(p, class->name),
                                         .language = pack_string(p, class->language),
                                         .marks = (uint8_t) class->marks,
                                         .by_heads = class->by_heads,
                                         .phrases = {phrases->len, (uint32_t) class->phrase_count}};
        pack_members(p, members, class, &classes[i]);
        if (class->phrase_count)
            g_array_append_vals(phrases, class->phrases, (guint) class->phrase_count);
    }
    p->layer->classes = classes;
    p->layer->class_count = from->class_count;
    p->layer->class_member_count = members->len;
    p->layer->class_members = array_keep(p->arena, members);
    p->layer->class_phrase_count = phrases->len;
    p->layer->class_phrases = array_keep(p->arena, phrases);
}

/* ------------------------------------------------------------------ layer */

/* Place 0 of strings, lists and scopes means none: it must never be given to anything else. */
static void packer_init(struct packer *p, struct arena *a)
{
    static const string_at no_list;
    static const struct scope everywhere;
    *p = (struct packer){.arena = a, .layer = arena_calloc(a, 1, sizeof *p->layer)};
    pool_init(&p->strings);
    pool_init(&p->lists);
    pool_init(&p->scopes);
    g_byte_array_append(p->strings.bytes, (const guint8 *)"", 1);
    g_byte_array_append(p->lists.bytes, (const guint8 *)&no_list, sizeof no_list);
    pool_add(&p->scopes, &everywhere, sizeof everywhere);
    p->patterns = g_array_new(FALSE, FALSE, sizeof(struct pattern));
    p->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    p->elements = g_array_new(FALSE, FALSE, sizeof(struct row_element));
    p->decided = g_array_new(FALSE, FALSE, sizeof(struct dialect_decided));
    p->commands = g_array_new(FALSE, FALSE, sizeof(struct dialect_command));
}

/* Moves all that was packed into the layer, and frees the packer. */
static void packer_finish(struct packer *p)
{
    struct layer *layer = p->layer;
    layer->strings = pool_keep(p, &p->strings, 1, &layer->string_bytes);
    layer->lists = pool_keep(p, &p->lists, sizeof *layer->lists, &layer->list_count);
    layer->scopes = pool_keep(p, &p->scopes, sizeof *layer->scopes, &layer->scope_count);
    pool_free(&p->strings);
    pool_free(&p->lists);
    pool_free(&p->scopes);
    layer->pattern_count = p->patterns->len;
    layer->patterns = array_keep(p->arena, p->patterns);
    layer->segment_count = p->segments->len;
    layer->segments = array_keep(p->arena, p->segments);
    layer->row_element_count = p->elements->len;
    layer->row_elements = array_keep(p->arena, p->elements);
    layer->decided_count = p->decided->len;
    layer->decided = array_keep(p->arena, p->decided);
    layer->command_count = p->commands->len;
    layer->commands = array_keep(p->arena, p->commands);
}

/* All of it is in the arena already, except for the places of the reasons. */
static void take_order(struct packer *p, const struct parsed_layer *from)
{
    struct layer *layer = p->layer;
    uint32_t *reasons = arena_calloc(p->arena, REASON_COUNT, sizeof *reasons);
    for (size_t i = 0; i < REASON_COUNT; i++)
        reasons[i] = from->reason_places[i];
    layer->reason_places = reasons;
    layer->order = from->order;
    layer->order_count = from->order_count;
    layer->dialect_order = from->dialect_order;
    layer->dialect_order_count = from->dialect_order_count;
    layer->pairs = from->pairs;
    layer->pair_count = from->pair_count;
    layer->dialect_pairs = from->dialect_pairs;
    layer->dialect_pair_count = from->dialect_pair_count;
}

/* The tables that are flat already. */
static void take_flat_tables(struct layer *layer, const struct parsed_layer *from)
{
    layer->rule_heads = from->rule_heads;
    layer->dialect_heads = from->dialect_heads;
    layer->literals = from->literals;
    layer->expiry = from->expiry;
    layer->owners = from->owners;
    layer->owner_count = from->owner_count;
    layer->owner_faces = from->owner_faces;
    layer->regex_count = from->regex_count;
    layer->digest = from->digest;
    layer->header_count = from->header_count;
}

const struct layer *layer_pack(const struct parsed_layer *from, struct arena *a)
{
    struct packer p;
    packer_init(&p, a);
    take_flat_tables(p.layer, from);
    take_order(&p, from);
    p.regex_also = arena_calloc(a, from->regex_count, sizeof *p.regex_also);
    p.layer->regex_also = p.regex_also;
    struct bounce_rule *rules = pack_rules(&p, from);
    struct know *knows = pack_knows(&p, from);
    struct sign *signs = pack_signs(&p, from);
    struct dialect_action *actions = pack_actions(&p, from);
    pack_dialects(&p, from);
    pack_classes(&p, from);
    pack_words(&p, from->words);
    pack_abouts(&p, from, rules);
    p.layer->removed = pack_list(&p, from->removed);
    packer_finish(&p);
    dialect_index_build(a, p.layer, knows, signs, actions);
    return p.layer;
}
