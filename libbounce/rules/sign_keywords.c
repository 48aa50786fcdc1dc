/* SPDX-License-Identifier: MIT */
/*
 * sign_keywords.c - the keywords of signs, and what a sign must have.
 *
 * What comes in: the value of one keyword. What goes out: the fields of a struct
 * parsed_sign. Refused, with an error: a weight out of its range, or against the
 * direction that the sign states; a threshold of anything but the sum; and a sign
 * without a `know`.
 */
#include "rules/sign_keywords.h"
#include "rules/condition.h"

enum { WEIGHT_MAX = 9 };

/* The sum of all signs is under this name. */
static const char sum_name[] = "report";

/* -9 to 9, perhaps with a leading sign. */
static void set_weight(struct reader *r, struct span value, enum reader_list list)
{
    bool signed_ = value.s[0] == '-' || value.s[0] == '+';
    (void)list;
    if (value.n == (signed_ ? 2u : 1u) && ascii_is_digit(value.s[signed_])) {
        int8_t weight = (int8_t)(value.s[signed_] - '0');
        r->entry->sign.weight = value.s[0] == '-' ? (int8_t)-weight : weight;
    } else {
        reader_error(r, value.s, "a weight is a number from -%d to %d", WEIGHT_MAX, WEIGHT_MAX);
    }
}

static void set_speaks(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    r->entry->sign.speaks = word_is(value, "for") ? 1 : word_is(value, "against") ? -1 : 0;
    if (!r->entry->sign.speaks)
        reader_error(r, value.s, "a sign speaks \"for\" or \"against\"");
}

/* 1 to 99. */
static void set_threshold(struct reader *r, struct span value, enum reader_list list)
{
    int n = 0;
    (void)list;
    for (size_t i = 0; i < value.n && i < 2; i++)
        n = ascii_is_digit(value.s[i]) ? 10 * n + value.s[i] - '0' : 0;
    if (value.n > 2 || !n)
        reader_error(r, value.s, "a threshold is a number from 1 to 99");
    else if (strcmp(r->entry->sign.name, sum_name) != 0)
        reader_error(r, r->line.s, "only the sum of all signs has a threshold: the sign \"%s\"", sum_name);
    r->entry->sign.threshold = n;
}

/* Which way a sign may speak is stated by whoever knows what it means, and holds whatever was counted. */
static void check_direction(struct reader *r, const struct parsed_sign *sign)
{
    if (!sign->speaks && sign->weight)
        reader_entry_error(r, "a sign with a weight needs a line \"speaks for\" or \"speaks against\"");
    else if (sign->weight * sign->speaks < 0)
        reader_entry_error(r, "the weight says the contrary of \"speaks %s\"", sign->speaks > 0 ? "for" : "against");
}

static void sign_finish(struct reader *r)
{
    struct parsed_sign *sign = &r->entry->sign;
    check_direction(r, sign);
    if (!sign->threshold && !reader_saw(r, CONDITION_KNOW))
        reader_entry_error(r, "the sign has no know: nothing shows it");
    sign->knows = reader_items(r, LIST_KNOWS, &sign->know_count);
}

static const struct keyword keywords[] = {[CONDITION_KNOW] = {"know", condition_add_know, LIST_KNOWS},
                                          {"also", condition_add_also, LIST_KNOWS},
                                          {"weight", set_weight, LIST_COUNT},
                                          {"speaks", set_speaks, LIST_COUNT},
                                          {"threshold", set_threshold, LIST_COUNT}};

const struct keyword_table sign_keywords = {keywords, COUNT(keywords), sign_finish};
