/* SPDX-License-Identifier: MIT */
/* test_enhanced.c - enhanced status codes, parsed and formatted. */
#include "smtp/enhanced.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}
static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(enhanced, .init = set_up, .fini = tear_down);

static const char *shown(struct enhanced e)
{
    return e.class_ ? enhanced_format(&arena, e) : "";
}

static const struct {
    const char *text, *want; /* "": none */
    size_t used;
} statuses[] = {
    {"5.1.1", "5.1.1", 5},
    {"5.1.1 User unknown", "5.1.1", 5},
    {"4.2.2", "4.2.2", 5},
    {"2.0.0 OK", "2.0.0", 5},
    {"5.1.10", "5.1.10", 6},
    {"5.7.705", "5.7.705", 7},
    {"5.1.1.", "5.1.1", 5}, /* the end of a sentence */
    {"5.1.1)", "5.1.1", 5},
    {"5.1.1.7", "", 0}, /* an address or a version */
    {"5.1.1000", "", 0},
    {"5.10.1", "", 0}, /* subjects have one digit */
    {"5.1000.1", "", 0},
    {"3.1.1", "", 0},
    {"1.1.1", "", 0},
    {"6.1.1", "", 0},
    {"5.1.", "", 0},
    {"5.1", "", 0},
    {"5..1.1", "", 0},
    {"5.a.1", "", 0},
    {"", "", 0},
};

Test(enhanced, are_parsed)
{
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct enhanced e = {0};
        size_t used = 0;
        bool found = enhanced_parse(span_z(statuses[i].text), &e, &used);
        cr_assert_eq(found, statuses[i].used != 0, "%s", statuses[i].text);
        cr_assert_str_eq(shown(e), statuses[i].want, "%s", statuses[i].text);
        cr_assert_eq(used, statuses[i].used, "%s: used %zu", statuses[i].text, used);
    }
}

Test(enhanced, end_where_the_text_ends)
{
    struct enhanced e;
    /* The bytes after the span do not belong to it. */
    cr_assert(enhanced_parse(span_of("5.1.123", 5), &e, NULL));
    cr_assert_eq(e.detail, 1);
    cr_assert_not(enhanced_parse(span_of("5.1.1", 4), &e, NULL));
}

Test(enhanced, are_generic_if_subject_and_detail_are_zero)
{
    cr_assert(enhanced_is_generic((struct enhanced){5, 0, 0}));
    cr_assert_not(enhanced_is_generic((struct enhanced){5, 1, 0}));
    cr_assert_not(enhanced_is_generic((struct enhanced){5, 0, 1}));
}

Test(enhanced, are_formatted)
{
    static const struct enhanced largest = {65535, 65535, 65535}, usual = {5, 7, 26}, zeros = {4, 0, 100};
    cr_assert_str_eq(enhanced_format(&arena, largest), "65535.65535.65535");
    cr_assert_str_eq(enhanced_format(&arena, usual), "5.7.26");
    cr_assert_str_eq(enhanced_format(&arena, zeros), "4.0.100");
}
