/* SPDX-License-Identifier: MIT */
/*
 * dialect_groups.c - which conditions must hold together, and their triggers.
 *
 * What comes in: a packed layer. What goes out: for each trigger (a literal of a
 * condition was found, a header field is there) the groups of conditions that
 * cannot hold without it. So the cost of a mail depends on its contents, and
 * hardly on the number of dialects. A group has one trigger; if that is a sign,
 * it has those of each group of the sign. The same is made for signs, and for what
 * a header alone shows. Nothing is refused.
 */
#include "rules/dialect_groups.h"
#include "rules/arrays.h"

/* How many groups are tried in vain if this is their trigger: the least is best. */
enum trigger_cost { COST_HEADER_LITERAL, COST_RARE_HEADER, COST_LITERAL, COST_FROM, COST_COMMON_HEADER, COST_NONE };

/* A trigger of a group. */
struct pull {
    uint32_t trigger, group;
};

/* Groups of conditions, each with its triggers, while they are collected. */
struct gathered {
    GArray *groups;     /* struct know_group */
    GArray *conditions; /* uint32_t: twins */
    GArray *pulls;      /* struct pull, in the order of the groups */
};

/* How a sign is found: by the triggers of its groups. */
struct found_sign {
    enum trigger_cost cost; /* the worst of them */
    guint first, end;       /* in pulls of the groups of signs */
};

struct builder {
    struct arena *arena;
    struct layer *layer;
    struct gathered groups, sign_groups, header_groups;
    struct found_sign *found; /* by sign */
    GHashTable *known;        /* the conditions of each of the header_groups so far */
};

static void gathered_init(struct gathered *g)
{
    g->groups = g_array_new(FALSE, FALSE, sizeof(struct know_group));
    g->conditions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g->pulls = g_array_new(FALSE, FALSE, sizeof(struct pull));
}

/* ---------------------------------------------------------------- triggers */

static bool is_common_header(const char *name)
{
    static const char *const common[] = {
        "return-path",  "message-id", "to",     "date",        "from",       "subject",      "received", "content-type",
        "mime-version", "reply-to",   "sender", "in-reply-to", "references", "delivered-to", "x-mailer", "precedence"};
    for (size_t i = 0; i < COUNT(common); i++)
        if (strcmp(name, common[i]) == 0)
            return true;
    return false;
}

static enum trigger_cost cost_of(const struct builder *b, const struct know *know)
{
    if (know->key == KNOW_SIGN)
        return know->negated || know->below ? COST_NONE : b->found[know->sign].cost;
    if (know->key == KNOW_HEADER && know->indexed)
        return COST_HEADER_LITERAL;
    if (know->key == KNOW_HEADER)
        return is_common_header(layer_name(b->layer, know->header)) ? COST_COMMON_HEADER : COST_RARE_HEADER;
    if (!know->indexed)
        return COST_NONE;
    return know->key == KNOW_FROM ? COST_FROM : COST_LITERAL;
}

static size_t trigger_count(const struct layer *layer)
{
    return layer->know_count + layer->header_count + 1;
}

static void add_pull(struct gathered *g, uint32_t trigger, uint32_t group)
{
    struct pull pull = {trigger, group};
    for (guint i = g->pulls->len; i-- > 0 && g_array_index(g->pulls, struct pull, i).group == group;)
        if (g_array_index(g->pulls, struct pull, i).trigger == trigger)
            return;
    g_array_append_val(g->pulls, pull);
}

/* The triggers of a condition, given by its twin, become those of a group. */
static void add_pulls(const struct builder *b, struct gathered *g, uint32_t condition, uint32_t group)
{
    const struct know *know = &b->layer->knows[condition];
    if (know->key != KNOW_SIGN) {
        bool by_field = know->key == KNOW_HEADER && !know->indexed;
        add_pull(g, by_field ? (uint32_t)b->layer->know_count + know->header_slot : condition, group);
        return;
    }
    const struct found_sign *sign = &b->found[know->sign];
    for (guint i = sign->first; i < sign->end; i++)
        add_pull(g, g_array_index(b->sign_groups.pulls, struct pull, i).trigger, group);
}

/* Chooses the trigger of a group, given by the twins of its conditions. */
static enum trigger_cost add_group(const struct builder *b, struct gathered *g, const GArray *conditions, size_t owner)
{
    struct know_group group = {g->conditions->len, conditions->len, (uint32_t)owner};
    enum trigger_cost least = COST_NONE;
    uint32_t best = 0;
    for (guint i = 0; i < conditions->len; i++) {
        uint32_t condition = g_array_index(conditions, uint32_t, i);
        enum trigger_cost cost = cost_of(b, &b->layer->knows[condition]);
        if (cost < least) {
            least = cost;
            best = condition;
        }
    }
    if (least == COST_NONE)
        add_pull(g, (uint32_t)trigger_count(b->layer) - 1, g->groups->len);
    else
        add_pulls(b, g, best, g->groups->len);
    g_array_append_vals(g->conditions, conditions->data, conditions->len);
    g_array_append_val(g->groups, group);
    return least;
}

/* The groups of each trigger: counted first, then filled in. */
static void sort_by_trigger(struct builder *b, const GArray *pulls, struct know_groups *out)
{
    const struct pull *all = (const struct pull *)(const void *)pulls->data;
    uint32_t *first = arena_calloc(b->arena, out->trigger_count + 1, sizeof *first);
    uint32_t *triggered = arena_calloc(b->arena, pulls->len, sizeof *triggered);
    for (guint i = 0; i < pulls->len; i++)
        first[all[i].trigger + 1]++;
    for (size_t i = 0; i < out->trigger_count; i++)
        first[i + 1] += first[i];
    uint32_t *next = g_memdup2(first, (out->trigger_count + 1) * sizeof *next);
    for (guint i = 0; i < pulls->len; i++)
        triggered[next[all[i].trigger]++] = all[i].group;
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
    sort_by_trigger(b, g->pulls, out);
    out->groups = array_keep(b->arena, g->groups);
    out->conditions = array_keep(b->arena, g->conditions);
    g_array_free(g->pulls, TRUE);
}

/* ------------------------------------------------------------------ groups */

/* Takes the conditions of the group that begins at know *i, itself and each `also` below it. */
static void take_group(const struct layer *layer, size_t *i, size_t end, GArray *group)
{
    g_array_set_size(group, 0);
    do {
        g_array_append_val(group, layer->knows[*i].twin);
    } while (++*i < end && layer->knows[*i].also);
}

/* The groups of one sign, whose conditions are from `first` to `end` in knows. */
static void gather_sign(struct builder *b, size_t index, size_t first, size_t end, GArray *group, struct sign *sign)
{
    struct found_sign *found = &b->found[index];
    sign->groups.first = b->sign_groups.groups->len;
    *found = (struct found_sign){COST_HEADER_LITERAL, b->sign_groups.pulls->len, 0};
    for (size_t k = first; k < end;) {
        take_group(b->layer, &k, end, group);
        enum trigger_cost cost = add_group(b, &b->sign_groups, group, index);
        found->cost = MAX(found->cost, cost);
    }
    found->end = b->sign_groups.pulls->len;
    sign->groups.count = b->sign_groups.groups->len - sign->groups.first;
}

/* What a mail lacks does not show a report. */
static bool asks_for_something(const struct layer *layer, const GArray *conditions)
{
    bool asks = false;
    for (guint i = 0; i < conditions->len; i++)
        asks = asks || !layer->knows[g_array_index(conditions, uint32_t, i)].negated;
    return asks;
}

/* The same conditions in several dialects make one group. */
static void add_header_group(struct builder *b, const GArray *conditions)
{
    if (!asks_for_something(b->layer, conditions))
        return;
    GBytes *key = g_bytes_new(conditions->data, conditions->len * sizeof(uint32_t));
    if (g_hash_table_add(b->known, key))
        add_group(b, &b->header_groups, conditions, 0);
}

/* The conditions of a group that are about the header. In the vocabulary of a
 * language, the subject alone is a sign of a report, too: it says enough, whoever
 * wrote it. */
static void add_header_groups(struct builder *b, const GArray *group, bool is_general)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *subject = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < group->len; i++) {
        uint32_t condition = g_array_index(group, uint32_t, i);
        uint16_t keys = b->layer->knows[condition].keys;
        if (!(keys & ~KNOW_HEADER_KEYS))
            g_array_append_val(shown, condition);
        if (is_general && keys == 1 << KNOW_SUBJECT)
            g_array_append_val(subject, condition);
    }
    add_header_group(b, shown);
    add_header_group(b, subject);
    g_array_free(shown, TRUE);
    g_array_free(subject, TRUE);
}

static void gather_dialect(struct builder *b, size_t index, GArray *group)
{
    const struct dialect *d = &b->layer->dialects[index];
    const size_t end = d->knows.first + d->knows.count;
    for (size_t k = d->knows.first; k < end;) {
        take_group(b->layer, &k, end, group);
        add_group(b, &b->groups, group, index);
        if (d->kind != BOUNCE_KIND_NONE)
            add_header_groups(b, group, d->is_general);
    }
}

/* Signs come after those that they use. */
static void gather_signs(struct builder *b, struct know *knows, struct sign *signs, GArray *group)
{
    const struct layer *layer = b->layer;
    for (size_t i = 0; i < layer->sign_count; i++)
        gather_sign(b, i, signs[i].knows.first, signs[i].knows.first + signs[i].knows.count, group, &signs[i]);
    for (size_t i = 0; i < layer->know_count; i++)
        if (knows[i].key == KNOW_SIGN)
            knows[i].indexed = cost_of(b, &knows[i]) != COST_NONE;
}

static bool is_header_for(const struct sign *sign)
{
    return sign->speaks > 0 && !(sign->keys & ~KNOW_HEADER_KEYS);
}

/* One bit for each of their groups. */
static uint64_t *header_for_groups(const struct builder *b, const struct sign *signs)
{
    uint64_t *bits = arena_calloc(b->arena, b->layer->sign_groups.group_count / 64 + 1, sizeof *bits);
    for (size_t i = 0; i < b->layer->sign_count; i++)
        for (size_t k = 0; is_header_for(&signs[i]) && k < signs[i].groups.count; k++)
            bits[(signs[i].groups.first + k) / 64] |= (uint64_t)1 << ((signs[i].groups.first + k) % 64);
    return bits;
}

void dialect_groups_build(struct arena *a, struct layer *layer, struct know *knows, struct sign *signs)
{
    struct builder b = {.arena = a, .layer = layer};
    GArray *group = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b.known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    b.found = arena_calloc(a, layer->sign_count, sizeof *b.found);
    gathered_init(&b.groups);
    gathered_init(&b.sign_groups);
    gathered_init(&b.header_groups);
    gather_signs(&b, knows, signs, group);
    for (size_t i = 0; i < layer->dialect_count; i++)
        gather_dialect(&b, i, group);
    finish_groups(&b, &b.groups, &layer->groups);
    finish_groups(&b, &b.sign_groups, &layer->sign_groups);
    finish_groups(&b, &b.header_groups, &layer->header_groups);
    layer->header_for_groups = header_for_groups(&b, signs);
    g_hash_table_destroy(b.known);
    g_array_free(group, TRUE);
}
