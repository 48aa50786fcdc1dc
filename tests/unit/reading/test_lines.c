/* SPDX-License-Identifier: MIT */
/* test_lines.c - invisible characters in the lines of a report (reading/lines.c). */
#include "core_testing.h"

TestSuite(lines, .init = core_set_up, .fini = core_tear_down);

/* At the end of a line, of the text, and within an address. */
Test(lines, invisible_characters)
{
    static const char *const marks[] = {"\u00ad", "\u200b", "\u2060", "\ufeff", "\u202a", "\u2069", "\ufe0f"};
    static const char *const lines[] = {"user@example.net%s", "user@example.net%s\n", "user@exam%sple.net\n",
                                        "%suser@example.net\n"};
    for (size_t i = 0; i < COUNT(marks); i++)
        for (size_t k = 0; k < COUNT(lines); k++) {
            char text[512];
            int n = snprintf(text, sizeof text, "Your message could not be delivered to:\n\n");
            snprintf(text + n, sizeof text - (size_t)n, lines[k], marks[i]);
            const bounce_recipient *r = only(parse_mail(notice_mail(text)), text);
            cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "user@example.net", "mark %zu, line %zu", i, k);
        }
}
