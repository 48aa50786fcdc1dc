/* SPDX-License-Identifier: MIT */
/*
 * sign_keywords.c - the keywords of signs, and what a sign must have.
 *
 * What comes in: the value of one keyword. What goes out: the fields of a struct
 * parsed_sign. Refused, with an error: a weight out of its range, and a sign
 * without a `know`.
 */
#include "rules/sign_keywords.h"
#include "rules/condition.h"

enum { WEIGHT_MAX = 9 };

/* -9 to 9, perhaps with a sign in front. */
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

static void sign_finish(struct reader *r)
{
    struct parsed_sign *sign = &r->entry->sign;
    if (!reader_saw(r, CONDITION_KNOW))
        reader_entry_error(r, "the sign has no know: nothing shows it");
    sign->knows = reader_items(r, LIST_KNOWS, &sign->know_count);
}

static const struct keyword keywords[] = {[CONDITION_KNOW] = {"know", condition_add_know, LIST_KNOWS},
                                          {"also", condition_add_also, LIST_KNOWS},
                                          {"weight", set_weight, LIST_COUNT}};

const struct keyword_table sign_keywords = {keywords, sizeof keywords / sizeof *keywords, sign_finish};
