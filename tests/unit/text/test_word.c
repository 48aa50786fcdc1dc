/* SPDX-License-Identifier: MIT */
/* test_word.c - where words begin and end, in every script. */
#include "text/word.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct boundary_case {
    const char *before, *after;
    bool begins, ends;
};

Test(word, boundaries_of_scripts)
{
    static const struct boundary_case cases[] = {
        {"", "user", true, true},       {"user", "", true, true},      {"us", "er", false, false},
        {"user", " ", true, true},      {"user", "_", false, false},   {"user", ".", true, true},
        {"-", "user", true, true},      {"4", "2", false, false},      {"ин", "тернет", false, false},
        {"нет", " ", true, true},       {"χρήσ", "της", false, false}, {"משת", "מש", false, false},
        {"المس", "تخدم", false, false}, {"ユー", "ザ", true, true},    {"用", "户", true, true},
        {"ผู้", "ใช้", true, true},        {"사용", "자", false, true},   {"user", "가", true, true},
        {"가", "user", true, true},     {"user", "用", true, true},    {"é", "t", false, false},
        {"«", "нет", true, true},       {"нет", "»", true, true},      {"ab", "ж", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s%s", cases[i].before, cases[i].after);
        size_t at = strlen(cases[i].before);
        cr_expect_eq(word_can_begin(span_z(text), at), cases[i].begins, "%s|%s", cases[i].before, cases[i].after);
        cr_expect_eq(word_can_end(span_z(text), at), cases[i].ends, "%s|%s", cases[i].before, cases[i].after);
    }
}
