/* SPDX-License-Identifier: MIT */
/* ranks.h - one order of rules or dialects, from what is stated. Private to rules/. */
#ifndef BOUNCE_RULES_RANKS_H
#define BOUNCE_RULES_RANKS_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

/* What a rule or dialect is ordered by where nothing is stated: the members in this order. No two nodes have all of
 * them equal. */
struct rank_node {
    uint8_t group;        /* the least first: those of other groups never change places */
    uint8_t layer;        /* the highest first: those of the user before the built-in ones */
    uint32_t rank;        /* where it was in the order of a layer below; the least first */
    int8_t priority;      /* of format 1; the highest first */
    uint8_t reason_place; /* in data/patterns/order; the least first */
    const char *id;
};

/* A statement: winner is before loser. The one that states it is moved, no further than it must be. */
struct rank_edge {
    uint32_t winner, loser; /* indexes of nodes */
    bool by_winner;         /* it was the winner that stated it */
    const void *statement;  /* of the caller; not looked at */
};

/* The order of two pairs of numbers, by the first ones, then by the second ones. */
static inline int rank_compare_pairs(uint32_t a, uint32_t a2, uint32_t b, uint32_t b2)
{
    return a != b ? (a < b ? -1 : 1) : (a2 > b2) - (a2 < b2);
}

struct ranking {
    const struct rank_node *nodes;
    uint32_t node_count;
    struct rank_edge *edges; /* are sorted: by winner, loser */
    uint32_t edge_count;
};

/* Of the nodes that no statement holds back, the first by its members comes next; a winner that states it counts as
 * its loser does. order[k] is the node at place k; it and all scratch memory is in a. Returns how many were placed:
 * fewer than there are if statements go in a circle. */
uint32_t ranking_sort(struct ranking *r, struct arena *a, uint32_t **order);

/* The edges of a circle among nodes that ranking_sort() could not place, each
 * winner the loser of the edge before it; in a. The same statements give the same
 * circle. Returns their number. */
uint32_t ranking_circle(const struct ranking *r, const uint32_t *order, uint32_t placed, struct arena *a,
                        const struct rank_edge ***circle);

#endif
