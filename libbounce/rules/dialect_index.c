/* SPDX-License-Identifier: MIT */
/*
 * dialect_index.c - the literals and triggers of dialects, by which the dialect of
 * a mail is found without trying them all.
 *
 * What comes in: a packed layer. What goes out: the literals of the patterns of
 * its dialects, and for each trigger (a literal of a condition was found, a header
 * field is there) the groups of conditions that cannot hold without it. So the
 * cost of a mail depends on its contents, and hardly on the number of dialects.
 * The same is made for the signs of a report that a header shows. Nothing is
 * refused.
 */
#include "rules/dialect_index.h"
#include "base/literals_build.h"
#include "mail/fields.h"
#include "rules/arrays.h"
#include "rules/literal_sources.h"

struct builder {
    struct arena *arena;
    struct layer *layer;
    struct literal_sources head, body;
};

/* --------------------------------------------------------------- literals */

/* Of a class, one of its members is there wherever the row is. */
static bool add_row(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    const struct layer *layer = b->layer;
    const struct row_element *e = &row_elements(layer, p)[p->length];
    const struct class_member *members =
        e->is_class ? layer->class_members + layer->classes[e->what].members.first : NULL;
    size_t count = e->is_class ? layer->classes[e->what].members.count : 1;
    const char **texts = arena_calloc(b->arena, count, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = layer_string(layer, members ? members[i].text : e->what);
        literal_sources_add(sources, &texts[i], 1, owner);
    }
    return true;
}

static bool add_phrase(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    if (p->is_row)
        return add_row(b, sources, p, owner);
    const char **texts = arena_calloc(b->arena, p->segment_count, sizeof *texts);
    for (size_t i = 0; i < p->segment_count; i++)
        texts[i] = pattern_segment(b->layer, p, i).s;
    literal_sources_add(sources, texts, p->segment_count, owner);
    return true;
}

/* False if the pattern has no literal that every match contains. */
static bool add_literals(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    return p->is_regex ? literal_sources_add_regex(sources, layer_string(b->layer, p->text), owner, NULL)
                       : add_phrase(b, sources, p, owner);
}

static void index_knows(struct builder *b, struct know *knows)
{
    for (size_t i = 0; i < b->layer->know_count; i++) {
        struct know *know = &knows[i];
        if (know->twin != i)
            know->indexed = knows[know->twin].indexed;
        else if (!know->any)
            know->indexed = add_literals(b, know->key == KNOW_BODY ? &b->body : &b->head, &know->pattern, i);
    }
}

/* An action may be in the subject and in the body. */
static void index_actions(struct builder *b, struct dialect_action *actions)
{
    uint64_t *unsure = arena_calloc(b->arena, b->layer->action_count / 64 + 1, sizeof *unsure);
    for (size_t i = 0; i < b->layer->action_count; i++) {
        size_t owner = b->layer->know_count + i;
        if (!actions[i].always)
            actions[i].indexed = add_literals(b, &b->head, &actions[i].pattern, owner) &&
                                 add_literals(b, &b->body, &actions[i].pattern, owner);
        if (!actions[i].indexed)
            unsure[i / 64] |= (uint64_t)1 << (i % 64);
    }
    b->layer->unsure_actions = unsure;
}

/* The line patterns of dialects come after the patterns of rules. */
static void index_lines(struct builder *b)
{
    struct layer *layer = b->layer;
    size_t first = layer->pattern_count;
    for (size_t i = 0; i < layer->dialect_count; i++)
        first = MIN(first, layer->dialects[i].starts.first);
    layer->first_line_pattern = first;
    size_t words = (layer->pattern_count - first) / 64 + 1;
    uint64_t *unsure = arena_calloc(b->arena, words, sizeof *unsure);
    for (size_t i = first; i < layer->pattern_count; i++)
        if (!add_literals(b, &b->body, &layer->patterns[i], layer->know_count + layer->action_count + i - first))
            unsure[(i - first) / 64] |= (uint64_t)1 << ((i - first) % 64);
    layer->unsure_patterns = unsure;
}

/* ----------------------------------------------------------------- triggers */

/* How many groups are tried in vain if this is their trigger: the least is best. */
enum trigger_cost { COST_HEADER_LITERAL, COST_RARE_HEADER, COST_LITERAL, COST_FROM, COST_COMMON_HEADER, COST_NONE };

static bool is_common_header(const char *name)
{
    static const char *const common[] = {
        "return-path",  "message-id", "to",     "date",        "from",       "subject",      "received", "content-type",
        "mime-version", "reply-to",   "sender", "in-reply-to", "references", "delivered-to", "x-mailer", "precedence"};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(name, common[i]) == 0)
            return true;
    return false;
}

static enum trigger_cost cost_of(const struct layer *layer, const struct know *know)
{
    if (know->key == KNOW_HEADER && know->indexed)
        return COST_HEADER_LITERAL;
    if (know->key == KNOW_HEADER)
        return is_common_header(layer_string(layer, know->header)) ? COST_COMMON_HEADER : COST_RARE_HEADER;
    if (!know->indexed)
        return COST_NONE;
    return know->key == KNOW_FROM ? COST_FROM : COST_LITERAL;
}

static size_t trigger_count(const struct layer *layer)
{
    return layer->know_count + layer->header_count + 1;
}

/* The trigger of a group, given by the twins of its conditions. */
static uint32_t trigger_of(const struct layer *layer, const uint32_t *conditions, size_t count)
{
    enum trigger_cost least = COST_NONE;
    uint32_t trigger = (uint32_t)(trigger_count(layer) - 1);
    for (size_t i = 0; i < count; i++) {
        const struct know *know = &layer->knows[conditions[i]];
        enum trigger_cost cost = cost_of(layer, know);
        if (cost >= least)
            continue;
        least = cost;
        bool by_field = know->key == KNOW_HEADER && !know->indexed;
        trigger = by_field ? (uint32_t)layer->know_count + know->header_slot : conditions[i];
    }
    return trigger;
}

/* Groups of conditions, each with its trigger, while they are collected. */
struct gathered {
    GArray *groups;     /* struct know_group */
    GArray *conditions; /* uint32_t: twins */
    GArray *triggers;   /* uint32_t, one a group */
};

static void gathered_init(struct gathered *g)
{
    g->groups = g_array_new(FALSE, FALSE, sizeof(struct know_group));
    g->conditions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g->triggers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static void add_group(const struct layer *layer, struct gathered *g, const GArray *conditions, size_t dialect)
{
    struct know_group group = {g->conditions->len, conditions->len, (uint32_t)dialect};
    uint32_t trigger = trigger_of(layer, (const uint32_t *)(const void *)conditions->data, conditions->len);
    g_array_append_vals(g->conditions, conditions->data, conditions->len);
    g_array_append_val(g->groups, group);
    g_array_append_val(g->triggers, trigger);
}

/* The groups of each trigger: counted first, then filled in. */
static void sort_by_trigger(struct builder *b, const GArray *triggers, struct know_groups *out)
{
    const uint32_t *of_group = (const uint32_t *)(const void *)triggers->data;
    uint32_t *first = arena_calloc(b->arena, out->trigger_count + 1, sizeof *first);
    uint32_t *triggered = arena_calloc(b->arena, triggers->len, sizeof *triggered);
    for (guint i = 0; i < triggers->len; i++)
        first[of_group[i] + 1]++;
    for (size_t i = 0; i < out->trigger_count; i++)
        first[i + 1] += first[i];
    uint32_t *next = g_memdup2(first, (out->trigger_count + 1) * sizeof *next);
    for (guint i = 0; i < triggers->len; i++)
        triggered[next[of_group[i]]++] = i;
    g_free(next);
    out->first = first;
    out->triggered = triggered;
}

/* Frees what was collected. */
static void finish_groups(struct builder *b, struct gathered *g, struct know_groups *out)
{
    out->group_count = g->groups->len;
    out->condition_count = g->conditions->len;
    out->trigger_count = trigger_count(b->layer);
    sort_by_trigger(b, g->triggers, out);
    out->groups = array_keep(b->arena, g->groups);
    out->conditions = array_keep(b->arena, g->conditions);
    g_array_free(g->triggers, TRUE);
}

/* Conditions of the group that begins at know i of a dialect: itself and each `also` below it. */
static size_t group_size(const struct layer *layer, const struct dialect *d, size_t i)
{
    size_t end = i + 1;
    while (end < d->knows.count && layer->knows[d->knows.first + end].also)
        end++;
    return end - i;
}

/* ------------------------------------------------------------------- signs */

static bool is_about_header(const struct know *know)
{
    return know->key == KNOW_SUBJECT || know->key == KNOW_FROM || know->key == KNOW_TYPE || know->key == KNOW_HEADER;
}

/* The same conditions in several dialects make one sign. known: the conditions of the signs so far. */
static void add_sign(const struct layer *layer, struct gathered *signs, GHashTable *known, const GArray *conditions)
{
    if (!conditions->len)
        return;
    GBytes *key = g_bytes_new(conditions->data, conditions->len * sizeof(uint32_t));
    if (g_hash_table_add(known, key))
        add_group(layer, signs, conditions, 0);
}

/* The conditions of a group that are about the header. In the vocabulary of a
 * language, the subject alone is a sign, too: it says enough, whoever wrote it. */
static void add_signs(const struct layer *layer, struct gathered *signs, GHashTable *known, const GArray *group,
                      bool is_general)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *subject = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < group->len; i++) {
        uint32_t condition = g_array_index(group, uint32_t, i);
        if (is_about_header(&layer->knows[condition]))
            g_array_append_val(shown, condition);
        if (is_general && layer->knows[condition].key == KNOW_SUBJECT)
            g_array_append_val(subject, condition);
    }
    add_sign(layer, signs, known, shown);
    add_sign(layer, signs, known, subject);
    g_array_free(shown, TRUE);
    g_array_free(subject, TRUE);
}

/* The groups of one dialect, and the signs in them. */
static void gather_dialect(const struct layer *layer, size_t dialect, struct gathered *groups, struct gathered *signs,
                           GHashTable *known)
{
    const struct dialect *d = &layer->dialects[dialect];
    GArray *group = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t k = 0, n; k < d->knows.count; k += n) {
        n = group_size(layer, d, k);
        g_array_set_size(group, 0);
        for (size_t j = k; j < k + n; j++)
            g_array_append_val(group, layer->knows[d->knows.first + j].twin);
        add_group(layer, groups, group, dialect);
        if (d->kind != BOUNCE_KIND_NONE)
            add_signs(layer, signs, known, group, d->is_general);
    }
    g_array_free(group, TRUE);
}

static void index_groups(struct builder *b)
{
    struct gathered groups, signs;
    GHashTable *known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    gathered_init(&groups);
    gathered_init(&signs);
    for (size_t i = 0; i < b->layer->dialect_count; i++)
        gather_dialect(b->layer, i, &groups, &signs, known);
    finish_groups(b, &groups, &b->layer->groups);
    finish_groups(b, &signs, &b->layer->signs);
    g_hash_table_destroy(known);
}

/* ----------------------------------------------------------- header fields */

static void index_headers(struct builder *b)
{
    struct layer *layer = b->layer;
    string_at *names = arena_calloc(b->arena, layer->header_count, sizeof *names);
    uint32_t *next = arena_calloc(b->arena, layer->header_count, sizeof *next);
    uint32_t *heads = arena_calloc(b->arena, FIELD_NAME_BITS, sizeof *heads);
    uint32_t *searched = arena_calloc(b->arena, layer->header_count, sizeof *searched);
    for (size_t i = 0; i < layer->know_count; i++)
        if (layer->knows[i].key == KNOW_HEADER) {
            names[layer->knows[i].header_slot] = layer->knows[i].header;
            searched[layer->knows[i].header_slot] |= layer->knows[i].indexed;
        }
    for (size_t i = 0; i < layer->header_count; i++) {
        size_t bit = fields_name_bit(span_z(layer_string(layer, names[i])));
        next[i] = heads[bit];
        heads[bit] = (uint32_t)i + 1;
    }
    layer->header_names = names;
    layer->header_heads = heads;
    layer->header_next = next;
    layer->header_searched = searched;
}

void dialect_index_build(struct arena *a, struct layer *layer, struct know *knows, struct dialect_action *actions)
{
    struct builder b = {.arena = a, .layer = layer};
    /* The header of every mail is searched, the body of few: effort pays off in the header. */
    literal_sources_init(&b.head, a, REGEX_THOROUGHLY, LITERAL_BYTES_MIN);
    literal_sources_init(&b.body, a, REGEX_BRIEFLY, LITERAL_BYTES_MIN);
    index_knows(&b, knows);
    index_actions(&b, actions);
    index_lines(&b);
    layer->head_literals = literal_sources_build(&b.head, a, span_z(NULL));
    layer->body_literals = literal_sources_build(&b.body, a, span_z(NULL));
    index_groups(&b);
    index_headers(&b);
}
