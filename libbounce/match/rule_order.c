/* SPDX-License-Identifier: MIT */
/* rule_order.c - see rule_order.h. */
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
