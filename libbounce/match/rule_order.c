/* SPDX-License-Identifier: MIT */
/*
 * rule_order.c - which of two rules is tried first.
 *
 * What comes in: what two rules are ordered by. What goes out: their order,
 * which depends on nothing else, so that the same rules give the same verdict
 * however their files are named or listed.
 */
#include "match/rule_order.h"

#include <string.h>

int rule_order_compare(const struct rule_order *a, const struct rule_order *b)
{
    if (a->tier != b->tier)
        return a->tier < b->tier ? -1 : 1;
    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    if (a->literal_length != b->literal_length)
        return a->literal_length > b->literal_length ? -1 : 1;
    return strcmp(a->id, b->id);
}
