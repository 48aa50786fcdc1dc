/* SPDX-License-Identifier: MIT */
/*
 * ranks.c - one order of rules or dialects, from what is stated.
 *
 * What comes in: what each is ordered by, and statements that one comes before
 * another. What goes out: one order that keeps all statements and depends on
 * nothing else, so that the same rules give the same verdict however their files
 * are named or listed; or a circle of statements, which has no order.
 */
#include "rules/ranks.h"
#include "rules/arrays.h"

#include <stdlib.h>

static int compare_nodes(const void *left, const void *right, void *nodes)
{
    const struct rank_node *a = (const struct rank_node *)nodes + *(const uint32_t *)left;
    const struct rank_node *b = (const struct rank_node *)nodes + *(const uint32_t *)right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->layer != b->layer)
        return a->layer > b->layer ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    if (a->reason_place != b->reason_place)
        return a->reason_place < b->reason_place ? -1 : 1;
    return strcmp(a->id, b->id);
}

static int compare_winners(const void *left, const void *right)
{
    const struct rank_edge *a = left, *b = right;
    return rank_compare_pairs(a->winner, a->loser, b->winner, b->loser);
}

static int compare_losers(const void *left, const void *right)
{
    const struct rank_edge *a = left, *b = right;
    return rank_compare_pairs(a->loser, a->winner, b->loser, b->winner);
}

/* ----------------------------------------------------------------- edges */

/* Sorts edges by one of their ends. Returns for each node, and one more, where its edges begin. */
static uint32_t *index_edges(const struct ranking *r, struct rank_edge *edges, bool by_winner, struct arena *a)
{
    uint32_t *first = arena_calloc(a, (size_t)r->node_count + 1, sizeof *first);
    if (r->edge_count)
        qsort(edges, r->edge_count, sizeof *edges, by_winner ? compare_winners : compare_losers);
    for (uint32_t i = 0; i < r->edge_count; i++)
        first[(by_winner ? edges[i].winner : edges[i].loser) + 1]++;
    for (uint32_t i = 0; i < r->node_count; i++)
        first[i + 1] += first[i];
    return first;
}

/* ------------------------------------------------------------------ turns */

static uint32_t *new_numbers(const struct ranking *r, struct arena *a)
{
    return arena_alloc(a, ((size_t)r->node_count + 1) * sizeof(uint32_t));
}

/* The order if nothing were stated. */
static uint32_t *sort_nodes(const struct ranking *r, struct arena *a)
{
    uint32_t *sorted = new_numbers(r, a);
    for (uint32_t i = 0; i < r->node_count; i++)
        sorted[i] = i;
    g_qsort_with_data(sorted, (gint)r->node_count, sizeof *sorted, compare_nodes, (gpointer)r->nodes);
    return sorted;
}

/* The winners that state they beat this node, those that state they beat these, and so on: all that are later get this
 * turn. */
static void move_winners(const struct rank_edge *edges, const uint32_t *first, uint32_t *turn, uint32_t *stack)
{
    uint32_t depth = 1, mine = turn[stack[0]];
    while (depth) {
        uint32_t node = stack[--depth];
        for (uint32_t i = first[node]; i < first[node + 1]; i++) {
            if (!edges[i].by_winner || turn[edges[i].winner] <= mine)
                continue;
            turn[edges[i].winner] = mine;
            stack[depth++] = edges[i].winner;
        }
    }
}

/* For each node the turn at which it would come: its own, or an earlier one of those that it states it beats. */
static uint32_t *find_turns(const struct ranking *r, const uint32_t *sorted, struct arena *a)
{
    uint32_t *turn = new_numbers(r, a), *stack = new_numbers(r, a);
    struct rank_edge *edges = array_copy(a, r->edges, r->edge_count * sizeof *edges);
    uint32_t *first = index_edges(r, edges, false, a);
    for (uint32_t i = 0; i < r->node_count; i++)
        turn[sorted[i]] = i;
    for (uint32_t i = 0; i < r->node_count; i++) {
        stack[0] = sorted[i];
        if (turn[sorted[i]] == i)
            move_winners(edges, first, turn, stack);
    }
    return turn;
}

/* ------------------------------------------------------------------ queue */

/* Nodes that nothing holds back any more. The one with the least turn is taken first; of equal ones the first in
 * sorted. */
struct queue {
    uint64_t *items; /* a heap: turn, then place in sorted */
    uint32_t count;
};

static void queue_add(struct queue *q, uint64_t item)
{
    uint32_t i = q->count++;
    for (; i && q->items[(i - 1) / 2] > item; i = (i - 1) / 2)
        q->items[i] = q->items[(i - 1) / 2];
    q->items[i] = item;
}

static uint64_t queue_take(struct queue *q)
{
    uint64_t least = q->items[0], moved = q->items[--q->count];
    uint32_t i = 0;
    for (uint32_t child; (child = 2 * i + 1) < q->count; i = child) {
        child += child + 1 < q->count && q->items[child + 1] < q->items[child];
        if (q->items[child] >= moved)
            break;
        q->items[i] = q->items[child];
    }
    q->items[i] = moved;
    return least;
}

/* ------------------------------------------------------------------- sort */

/* For each node its item in the queue. */
static uint64_t *queue_items(const struct ranking *r, const uint32_t *sorted, struct arena *a)
{
    uint64_t *items = arena_alloc(a, ((size_t)r->node_count + 1) * sizeof *items);
    const uint32_t *turn = find_turns(r, sorted, a);
    for (uint32_t i = 0; i < r->node_count; i++)
        items[sorted[i]] = (uint64_t)turn[sorted[i]] << 32 | i;
    return items;
}

uint32_t ranking_sort(struct ranking *r, struct arena *a, uint32_t **order)
{
    const uint32_t *sorted = sort_nodes(r, a), *first = index_edges(r, r->edges, true, a);
    const uint64_t *items = queue_items(r, sorted, a);
    uint32_t *held = arena_calloc(a, (size_t)r->node_count + 1, sizeof *held), placed = 0;
    struct queue q = {arena_alloc(a, ((size_t)r->node_count + 1) * sizeof *q.items), 0};
    *order = new_numbers(r, a);
    for (uint32_t i = 0; i < r->edge_count; i++)
        held[r->edges[i].loser]++;
    for (uint32_t i = 0; i < r->node_count; i++)
        if (!held[i])
            queue_add(&q, items[i]);
    while (q.count) {
        uint32_t node = sorted[(uint32_t)queue_take(&q)];
        (*order)[placed++] = node;
        for (uint32_t i = first[node]; i < first[node + 1]; i++)
            if (!--held[r->edges[i].loser])
                queue_add(&q, items[r->edges[i].loser]);
    }
    return placed;
}

/* ----------------------------------------------------------------- circle */

/* For each node that was not placed: of the edges that hold it back, the one whose winner is first by id. */
static const struct rank_edge **find_holders(const struct ranking *r, const bool *is_placed, struct arena *a)
{
    const struct rank_edge **held_by = arena_calloc(a, r->node_count, sizeof *held_by);
    for (uint32_t i = 0; i < r->edge_count; i++) {
        const struct rank_edge *edge = &r->edges[i], **held = &held_by[edge->loser];
        if (!is_placed[edge->winner] && (!*held || strcmp(r->nodes[edge->winner].id, r->nodes[(*held)->winner].id) < 0))
            *held = edge;
    }
    return held_by;
}

/* A node of the circle that is reached from the first node by id: whatever holds back a node is held back itself. */
static uint32_t find_start(const struct ranking *r, const struct rank_edge *const *held_by)
{
    uint32_t at = UINT32_MAX;
    for (uint32_t i = 0; i < r->node_count; i++)
        if (held_by[i] && (at == UINT32_MAX || strcmp(r->nodes[i].id, r->nodes[at].id) < 0))
            at = i;
    for (uint32_t i = 0; i < r->node_count; i++) /* this many steps end in the circle */
        at = held_by[at]->winner;
    uint32_t start = at;
    for (uint32_t i = held_by[at]->winner; i != at; i = held_by[i]->winner)
        if (strcmp(r->nodes[i].id, r->nodes[start].id) < 0)
            start = i;
    return start;
}

uint32_t ranking_circle(const struct ranking *r, const uint32_t *order, uint32_t placed, struct arena *a,
                        const struct rank_edge ***circle)
{
    bool *is_placed = arena_calloc(a, r->node_count, sizeof *is_placed);
    for (uint32_t i = 0; i < placed; i++)
        is_placed[order[i]] = true;
    const struct rank_edge **held_by = find_holders(r, is_placed, a);
    uint32_t start = find_start(r, held_by), length = 1;
    for (uint32_t at = held_by[start]->winner; at != start; at = held_by[at]->winner)
        length++;
    *circle = arena_alloc(a, length * sizeof **circle);
    uint32_t left = length; /* from the last edge, which leads back to the start, to the first one */
    for (uint32_t at = start; left; at = held_by[at]->winner)
        (*circle)[--left] = held_by[at];
    return length;
}
