/* SPDX-License-Identifier: MIT */
/* test_octal.c - octal escapes of bytes that are not ASCII. */
#include "text/octal.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *text, *want;
} cases[] = {
    {"zo\\303\\253@maple.example", "zoë@maple.example"},
    {"\\320\\277\\320\\276@x and zo\\303\\253", "по@x and zoë"},
    {"\\360\\237\\230\\200", "😀"},
    /* Escapes that form no character, or one that could be written as it is, stay. */
    {"\\303", "\\303"},
    {"\\303\\", "\\303\\"},
    {"\\303\\25", "\\303\\25"},
    {"\\253\\303", "\\253\\303"},
    {"\\303\\100", "\\303\\100"},
    {"\\101\\000\\177", "\\101\\000\\177"},
    {"\\300\\200 \\355\\240\\200 \\364\\220\\200\\200", "\\300\\200 \\355\\240\\200 \\364\\220\\200\\200"},
    {"\\388\\253", "\\388\\253"},
    {"a\\303\\303\\253", "a\\303ë"},
    {"", ""},
};

Test(octal, characters)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct span text = span_z(cases[i].text), got = text_unescape(&a, text);
        cr_expect(got.n == strlen(cases[i].want) && !memcmp(got.s, cases[i].want, got.n), "%s: %.*s", cases[i].text,
                  (int)got.n, got.s);
        cr_expect_eq(got.s == text.s, !strcmp(cases[i].text, cases[i].want), "%s", cases[i].text);
    }
    cr_expect_eq(text_unescape(&a, span_of(NULL, 0)).n, 0u);
    arena_free(&a);
}
