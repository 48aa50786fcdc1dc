/* SPDX-License-Identifier: MIT */
/* test_wording.c - what is removed from a text that others will see. */
#include "text/wording.h"

#include <criterion/criterion.h>

static const struct span hosts[] = {SPAN("mx.maple.example"), SPAN("maple.example")};
static const struct span names[] = {SPAN("ann.berg"), SPAN("Ann Berg"), SPAN("mailbox"), SPAN("Lunch on Friday")};

static const struct row {
    const char *text, *want;
} rows[] = {
    {"550 5.1.1 <ann.berg@maple.example>: User unknown", "550 5.1.1 <user@example.com>: User unknown"},
    {"550-5.7.606-649 Access denied", "550-5.7.606-649 Access denied"},
    {"#5.1.1 smtp; 550 5.2.1 no", "#5.1.1 smtp; 550 5.2.1 no"},
    {"host mx.maple.example[198.51.100.7] said: 452 full", "host host1.example.com[192.0.2.1] said: 452 full"},
    {"from 2001:db8:1::25 at 10:00:05", "from 2001:db8::1 at 12345"},
    {"refused [::1]", "refused [2001:db8::1]"},
    {"queued as 4F3C21A0B7, 1abCdE-0001x2-3F", "queued as a1b2c3d4, a1b2c3d4"},
    {"(S3150) TSS04 AUP#1210 102% of 17 MB", "(S3150) TSS04 AUP#1210 102% of 17 MB"},
    {"session 1234567 ended", "session 12345 ended"},
    {"see https://help.oak.example/why?u=ann&id=4", "see https://help.oak.example/"},
    {"see https://ann.berg@help.oak.example/x", "see https://host1.example.com/"},
    {"the mailbox of Ann Berg (ann.berg) is full", "the mailbox of user1 (user1) is full"},
    {"ann.bergman and Joann Berg", "ann.bergman and Joann Berg"},
    {"subject: Lunch on Friday", "subject: user1"},
    {"  two\n  lines ", "two lines"},
    {"受信者 ann.berg の", "受信者 user1 の"},
    {"", ""},
};

Test(wording, what_is_taken_out)
{
    const struct wording_facts facts = {hosts, COUNT(hosts), names, COUNT(names)};
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(text_wording(&a, span_z(rows[i].text), &facts), rows[i].want, "%s: %s", rows[i].text,
                         text_wording(&a, span_z(rows[i].text), &facts));
    cr_expect_str_eq(text_wording(&a, span_z("of Ann Berg"), NULL), "of Ann Berg", "without facts");
    arena_free(&a);
}
