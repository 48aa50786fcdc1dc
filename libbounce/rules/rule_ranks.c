/* SPDX-License-Identifier: MIT */
/*
 * rule_ranks.c - the order of the rules and dialects of a set.
 *
 * What comes in: the rules or dialects of a layer, and the layer below it. What goes out: the layer's own in their
 * order, the order of both layers together, and the pairs whose order is stated. Refused, with an error: a statement
 * that names nothing, or the rule itself, or a rule of another tier; and statements in a circle, which is shown.
 */
#include "rules/rule_ranks.h"
#include "rules/arrays.h"
#include "rules/ranks.h"
#include "smtp/reasons.h"

#include <stdlib.h>

enum { NO_NODE = -1 };    /* as uint32_t */
#define GENERAL "general" /* the ids of languages begin with it; as a word, all of them */

/* Rules or dialects: those of the layer come first, then those of the lower one that are on. */
struct ranker {
    struct rule_entries *e;
    struct arena *scratch;
    const struct layer *lower;
    bool is_dialects;
    const struct rule_entry *const *own;
    uint32_t own_count;
    struct ranking ranking;
    struct rank_node *nodes;
    struct place *places;  /* by node */
    uint8_t *reasons;      /* by node */
    uint32_t *lower_nodes; /* by index in the lower layer: its node, or that of its override; NO_NODE: removed */
    GHashTable *ids;       /* id -> node + 1 */
    GArray *edges;
};

/* ------------------------------------------------------------------ nodes */

static struct rank_node node_of_rule(const struct ranker *k, const struct parsed_rule *rule)
{
    return (struct rank_node){.group = (uint8_t)(rule->tier * 2 + rule->last),
                              .layer = k->lower != NULL,
                              .priority = rule->priority,
                              .reason_place = k->e->reason_places[rule->reason],
                              .id = rule->id};
}

static bool is_general(const char *dialect)
{
    return g_str_has_prefix(dialect, GENERAL);
}

static struct rank_node node_of_dialect(const struct ranker *k, const struct parsed_dialect *dialect)
{
    return (struct rank_node){.group = (uint8_t)(is_general(dialect->id) * 2 + dialect->last),
                              .layer = k->lower != NULL,
                              .priority = dialect->priority,
                              .id = dialect->id};
}

static void add_node(struct ranker *k, struct rank_node node, struct place place, uint8_t reason)
{
    uint32_t i = k->ranking.node_count++;
    k->nodes[i] = node;
    k->places[i] = place;
    k->reasons[i] = reason;
    g_hash_table_insert(k->ids, (gpointer)node.id, GUINT_TO_POINTER(i + 1));
}

/* *node is not set if there is none. */
static bool find_node(const struct ranker *k, const char *id, uint32_t *node)
{
    gpointer found = g_hash_table_lookup(k->ids, id);
    if (found)
        *node = GPOINTER_TO_UINT(found) - 1;
    return found != NULL;
}

static void add_own(struct ranker *k)
{
    for (uint32_t i = 0; i < k->own_count; i++) {
        const struct rule_entry *entry = k->own[i];
        struct place place = {k->lower != NULL, i};
        if (k->is_dialects)
            add_node(k, node_of_dialect(k, &entry->dialect), place, 0);
        else
            add_node(k, node_of_rule(k, &entry->rule), place, (uint8_t)entry->rule.reason);
    }
}

static size_t lower_count(const struct ranker *k)
{
    return !k->lower ? 0 : k->is_dialects ? k->lower->dialect_count : k->lower->rule_count;
}

static const char *lower_id(const struct ranker *k, size_t i)
{
    return layer_string(k->lower, k->is_dialects ? k->lower->dialects[i].id : k->lower->rules[i].id);
}

static uint8_t lower_group(const struct ranker *k, size_t i)
{
    if (k->is_dialects)
        return (uint8_t)(is_general(lower_id(k, i)) * 2 + k->lower->dialects[i].last);
    return (uint8_t)(k->lower->rules[i].tier * 2 + k->lower->abouts[i].last);
}

/* What overrides a rule of the layer below takes that rule's place, if it is of the same tier. */
static void take_place(struct ranker *k, uint32_t node, uint32_t lower_index, uint8_t group)
{
    const struct parsed_rule *rule = &k->own[node]->rule;
    if (k->is_dialects || rule->priority || k->nodes[node].group / 2 != group / 2)
        return;
    k->nodes[node].layer = 0;
    k->nodes[node].rank = lower_index;
    if (!rule->tier_stated)
        k->nodes[node].group = group;
}

/* removed: ids that `override ID` alone takes away; NULL: none. */
static void add_lower(struct ranker *k, const char *const *removed)
{
    GHashTable *gone = g_hash_table_new(g_str_hash, g_str_equal);
    for (; removed && *removed; removed++)
        g_hash_table_add(gone, (gpointer)*removed);
    uint8_t group = 0;
    for (uint32_t i = 0; i < lower_count(k); i++) {
        const char *id = lower_id(k, i);
        group = MAX(group, lower_group(k, i)); /* what yields to a later group belongs to that group */
        k->lower_nodes[i] = (uint32_t)NO_NODE;
        if (find_node(k, id, &k->lower_nodes[i])) {
            take_place(k, k->lower_nodes[i], i, group);
            continue;
        }
        if (g_hash_table_contains(gone, id))
            continue;
        k->lower_nodes[i] = k->ranking.node_count;
        add_node(k, (struct rank_node){.group = group, .rank = i, .id = id}, (struct place){0, i},
                 k->is_dialects ? 0 : k->lower->rules[i].reason);
    }
    g_hash_table_destroy(gone);
}

/* ------------------------------------------------------------- statements */

/* Where a statement is. */
struct stated {
    const struct rule_entry *entry;
    const struct parsed_statement *statement;
};

static void statement_error(struct ranker *k, const struct stated *s, const char *message)
{
    struct rule_error where = {.path = s->entry->path,
                               .file = s->entry->file,
                               .status = BOUNCE_ERROR_RULES,
                               .line = s->statement->line,
                               .column = s->statement->column};
    rule_entries_error(k->e, &where, "\"%s\" %s", s->statement->word, message);
}

static void add_edge(struct ranker *k, uint32_t node, uint32_t other, const struct stated *s)
{
    struct rank_edge edge = {node, other, true, s};
    if (s->statement->yields)
        edge = (struct rank_edge){other, node, false, s};
    g_array_append_val(k->edges, edge);
}

static uint8_t tier_at(const struct ranker *k, uint32_t node)
{
    return k->nodes[node].group / 2;
}

/* States it about all other rules of a reason that are of the same tier. */
static void state_reason(struct ranker *k, uint32_t node, bounce_reason reason, const struct stated *s)
{
    for (uint32_t i = 0; i < k->ranking.node_count; i++)
        if (i != node && k->reasons[i] == reason && tier_at(k, i) == tier_at(k, node))
            add_edge(k, node, i, s);
}

/* States it about all dialects of languages. */
static void state_general(struct ranker *k, uint32_t node, const struct stated *s)
{
    for (uint32_t i = 0; i < k->ranking.node_count; i++)
        if (i != node && is_general(k->nodes[i].id))
            add_edge(k, node, i, s);
}

static bool is_reason(const char *word, bounce_reason *reason)
{
    *reason = bounce_reason_from_name(word);
    return *reason || strcmp(word, bounce_reason_name(BOUNCE_REASON_UNKNOWN)) == 0;
}

static void read_statement(struct ranker *k, uint32_t node, const struct stated *s)
{
    bounce_reason reason;
    uint32_t other = 0;
    bool found = find_node(k, s->statement->word, &other);
    if (!k->is_dialects && is_reason(s->statement->word, &reason))
        state_reason(k, node, reason, s);
    else if (k->is_dialects && strcmp(s->statement->word, GENERAL) == 0)
        state_general(k, node, s);
    else if (!found)
        statement_error(k, s, k->is_dialects ? "is not the id of a dialect" : "is neither a rule nor a reason");
    else if (other == node)
        statement_error(k, s, k->is_dialects ? "is this dialect itself" : "is this rule itself");
    else if (!k->is_dialects && tier_at(k, other) != tier_at(k, node))
        statement_error(k, s, "has another tier: the tiers decide the order");
    else
        add_edge(k, node, other, s);
}

static void read_own_statements(struct ranker *k)
{
    for (uint32_t i = 0; i < k->own_count; i++) {
        const struct rule_entry *entry = k->own[i];
        size_t count = k->is_dialects ? entry->dialect.statement_count : entry->rule.statement_count;
        const struct parsed_statement *all = k->is_dialects ? entry->dialect.statements : entry->rule.statements;
        struct stated *stated = arena_alloc(k->scratch, count * sizeof *stated);
        for (size_t n = 0; n < count; n++) {
            stated[n] = (struct stated){entry, &all[n]};
            read_statement(k, i, &stated[n]);
        }
    }
}

/* The statements of the lower layer hold for what overrides its rules, too, if that is of the same tier. */
static void read_lower_statements(struct ranker *k)
{
    const struct place_pair *pairs = k->is_dialects ? k->lower->dialect_pairs : k->lower->pairs;
    size_t count = k->is_dialects ? k->lower->dialect_pair_count : k->lower->pair_count;
    for (size_t i = 0; i < count; i++) {
        struct rank_edge edge = {k->lower_nodes[pairs[i].winner], k->lower_nodes[pairs[i].loser], false, NULL};
        if (edge.winner != (uint32_t)NO_NODE && edge.loser != (uint32_t)NO_NODE &&
            (k->is_dialects || tier_at(k, edge.winner) == tier_at(k, edge.loser)))
            g_array_append_val(k->edges, edge);
    }
}

/* ----------------------------------------------------------------- circle */

/* Shown at the first of its lines that is in these files. */
static void circle_error(struct ranker *k, const uint32_t *order, uint32_t placed)
{
    const struct rank_edge **circle;
    const struct stated *at = NULL;
    uint32_t length = ranking_circle(&k->ranking, order, placed, k->scratch, &circle);
    struct strbuf path;
    strbuf_init(&path, k->scratch);
    for (uint32_t i = 0; i < length; i++) {
        const struct stated *s = circle[i]->statement;
        strbuf_puts(&path, k->nodes[circle[i]->winner].id);
        strbuf_puts(&path, " beats ");
        if (s && (!at || s->entry->file < at->entry->file ||
                  (s->entry->file == at->entry->file && s->statement->line < at->statement->line)))
            at = s;
    }
    struct rule_error where = {.status = BOUNCE_ERROR_RULES};
    if (at) { /* always: without a statement, no phrase is longer than one that contains it */
        where.path = at->entry->path;
        where.file = at->entry->file;
        where.line = at->statement->line;
        where.column = at->statement->column;
    }
    rule_entries_error(k->e, &where, "this closes a circle: %s%s", path.s, k->nodes[circle[0]->winner].id);
}

/* ------------------------------------------------------------------ result */

static int compare_pairs(const void *left, const void *right)
{
    const struct place_pair *a = left, *b = right;
    return rank_compare_pairs(a->winner, a->loser, b->winner, b->loser);
}

/* What is stated, by place, each pair once, for struct layer. */
static struct place_pair *pairs_by_place(const struct ranker *k, const uint32_t *order, struct arena *a, size_t *count)
{
    uint32_t *place = arena_alloc(k->scratch, (k->ranking.node_count + 1) * sizeof *place);
    struct place_pair *pairs = arena_calloc(a, k->edges->len + 1, sizeof *pairs);
    size_t n = 0;
    for (uint32_t i = 0; i < k->ranking.node_count; i++)
        place[order[i]] = i;
    for (uint32_t i = 0; i < k->edges->len; i++)
        pairs[i] = (struct place_pair){place[k->ranking.edges[i].winner], place[k->ranking.edges[i].loser]};
    if (k->edges->len)
        qsort(pairs, k->edges->len, sizeof *pairs, compare_pairs);
    for (uint32_t i = 0; i < k->edges->len; i++)
        if (!n || compare_pairs(&pairs[n - 1], &pairs[i]) != 0)
            pairs[n++] = pairs[i];
    *count = n;
    return pairs;
}

/* The layer's own in their order; own numbers in k->places become ranks. */
static void keep_own(struct ranker *k, const uint32_t *order, struct parsed_layer *layer)
{
    struct parsed_rule *rules = arena_calloc(k->scratch, k->own_count, sizeof *rules);
    struct parsed_dialect *dialects = arena_calloc(k->scratch, k->own_count, sizeof *dialects);
    uint32_t n = 0;
    for (uint32_t i = 0; i < k->ranking.node_count; i++) {
        if (order[i] >= k->own_count)
            continue;
        if (k->is_dialects)
            dialects[n] = k->own[order[i]]->dialect;
        else
            rules[n] = k->own[order[i]]->rule;
        k->places[order[i]].index = n++;
    }
    if (k->is_dialects) {
        layer->dialects = dialects;
        layer->dialect_count = n;
    } else {
        layer->rules = rules;
        layer->rule_count = n;
    }
}

static struct place *keep_order(const struct ranker *k, const uint32_t *order, struct arena *a)
{
    struct place *places = arena_calloc(a, k->ranking.node_count, sizeof *places);
    for (uint32_t i = 0; i < k->ranking.node_count; i++)
        places[i] = k->places[order[i]];
    return places;
}

static void keep_result(struct ranker *k, const uint32_t *order, struct parsed_layer *layer, struct arena *a)
{
    keep_own(k, order, layer);
    struct place *places = k->lower ? keep_order(k, order, a) : NULL;
    if (k->is_dialects) {
        layer->dialect_order = places;
        layer->dialect_order_count = k->ranking.node_count;
        layer->dialect_pairs = pairs_by_place(k, order, a, &layer->dialect_pair_count);
    } else {
        layer->order = places;
        layer->order_count = k->ranking.node_count;
        layer->pairs = pairs_by_place(k, order, a, &layer->pair_count);
    }
}

void rule_ranks_arrange(struct rule_entries *e, bool is_dialects, const struct rule_entry *const *entries, size_t count,
                        const struct layer *lower, struct parsed_layer *layer, struct arena *a)
{
    struct ranker k = {.e = e,
                       .scratch = e->arena,
                       .lower = lower,
                       .is_dialects = is_dialects,
                       .own = entries,
                       .own_count = (uint32_t)count,
                       .ids = g_hash_table_new(g_str_hash, g_str_equal),
                       .edges = g_array_new(FALSE, FALSE, sizeof(struct rank_edge))};
    size_t all = count + lower_count(&k) + 1;
    uint32_t *order;
    k.nodes = arena_calloc(k.scratch, all, sizeof *k.nodes);
    k.places = arena_calloc(k.scratch, all, sizeof *k.places);
    k.reasons = arena_calloc(k.scratch, all, sizeof *k.reasons);
    k.lower_nodes = arena_calloc(k.scratch, all, sizeof *k.lower_nodes);
    add_own(&k);
    add_lower(&k, is_dialects ? NULL : layer->removed);
    read_own_statements(&k);
    if (lower)
        read_lower_statements(&k);
    k.ranking.nodes = k.nodes;
    k.ranking.edges = (struct rank_edge *)(void *)k.edges->data;
    k.ranking.edge_count = k.edges->len;
    uint32_t placed = ranking_sort(&k.ranking, k.scratch, &order);
    if (placed == k.ranking.node_count)
        keep_result(&k, order, layer, a);
    else
        circle_error(&k, order, placed);
    g_array_free(k.edges, TRUE);
    g_hash_table_destroy(k.ids);
}
