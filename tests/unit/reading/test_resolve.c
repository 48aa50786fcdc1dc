/* SPDX-License-Identifier: MIT */
/*
 * test_resolve.c - whom findings concern (reading/resolve.c): each pass that
 * finds, names, merges or drops recipients, on both sides of its conditions.
 */
#include "reading_testing.h"

#include "base/limits.h"

TestSuite(resolve, .init = reading_set_up, .fini = reading_tear_down);

/* ---------------------------------------------------------------- fields */

Test(resolve, each_group_of_fields_is_a_recipient)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_DELAYED);
    add_fields("b@x.test", "team@x.test", BOUNCE_ACTION_RELAYED);
    expect_people("a@x.test delayed, b@x.test=team@x.test relayed");
}

Test(resolve, an_action_that_is_left_out_follows_from_the_status)
{
    static const uint16_t classes[] = {0, 2, 4, 5};
    for (size_t i = 0; i < COUNT(classes); i++) {
        uint32_t f = add_fields(arena_printf(&reading_keep, "u%zu@x.test", i), NULL, BOUNCE_ACTION_UNKNOWN);
        finding_at(f)->status.class_ = classes[i];
    }
    uint32_t stated = add_fields("s@x.test", NULL, BOUNCE_ACTION_EXPANDED);
    finding_at(stated)->status.class_ = 2;
    expect_people("u0@x.test failed, u1@x.test delivered, u2@x.test failed, u3@x.test failed, s@x.test expanded");
}

Test(resolve, names_of_fields_are_corrected)
{
    static const struct {
        const char *address, *alias, *expected;
    } rows[] = {
        {"joe@x.test", "JOE@X.test", "joe@x.test failed"}, /* no other name */
        {"joe@x.test", "ann@x.test", "joe@x.test=ann@x.test failed"},
        {NULL, "ann@x.test", "ann@x.test failed"},
        {"/var/mail/joe", "ann@x.test", "ann@x.test failed"},
        {"/var/mail/joe", "|/bin/false", "/var/mail/joe=|/bin/false failed"},
        {"/var/mail/joe", NULL, "/var/mail/joe failed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        add_fields(rows[i].address, rows[i].alias, BOUNCE_ACTION_FAILED);
        expect_people(rows[i].expected);
    }
}

Test(resolve, an_address_without_a_type_is_an_internet_address)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    uint32_t f = add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED);
    finding_at(f)->address_type = "utf-8";
    const struct resolution r = resolved();
    cr_expect_str_eq(r.recipients[0].address_type, "rfc822");
    cr_expect_str_eq(r.recipients[1].address_type, "utf-8");
}

Test(resolve, captures_and_notes_of_fields_go_to_their_recipient)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    uint32_t f = add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED);
    finding_at(f)->status = (struct enhanced){5, 2, 2};
    finding_at(f)->remote_mta = "mx.x.test";
    finding_at(f)->attempts = 7;
    finding_at(f)->last_attempt = 1000;
    finding_at(f)->will_retry_until = 2000;
    finding_at(f)->decided_by = BOUNCE_DECIDED_BY_REPORTER;
    add_words(f, ORIGIN_BESIDE, "over quota");
    const struct resolution r = resolved();
    const struct facts *a = &r.recipients[0], *b = &r.recipients[1];
    expect_texts(a, "");
    expect_texts(b, "beside: over quota");
    cr_expect_eq(a->field_status.class_, 0);
    cr_expect_eq(b->field_status.detail, 2);
    cr_expect_str_eq(b->remote_mta, "mx.x.test");
    cr_expect(a->attempts == -1 && b->attempts == 7);
    cr_expect(a->last_attempt == INT64_MIN && b->last_attempt == 1000);
    cr_expect(a->will_retry_until == INT64_MIN && b->will_retry_until == 2000);
    cr_expect(a->stated_decided_by == BOUNCE_DECIDED_BY_NOBODY && b->stated_decided_by == BOUNCE_DECIDED_BY_REPORTER);
}

/* "Status: 553 too large" */
Test(resolve, a_code_in_the_status_is_a_reply_if_it_refuses)
{
    finding_at(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED))->reply_code = 400;
    finding_at(add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED))->reply_code = 399;
    const struct resolution r = resolved();
    cr_expect(r.recipients[0].reply_code == 400 && r.recipients[0].has_remote_reply);
    cr_expect(r.recipients[1].reply_code == 399 && !r.recipients[1].has_remote_reply);
}

/* Adds this many with different addresses. */
static void add_many(enum finding_kind kind, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(kind, arena_printf(&reading_keep, "u%zu@x.test", i));
}

Test(resolve, as_many_recipients_as_the_limit)
{
    static const enum finding_kind kinds[] = {FINDING_FIELDS, FINDING_LISTED, FINDING_BLOCK, FINDING_ORIGINAL_TO};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rd.findings.count = 0;
        add_many(kinds[i], LIMIT_RECIPIENTS);
        const struct resolution r = resolved();
        cr_expect_eq(r.count, (size_t)LIMIT_RECIPIENTS, "%s: %zu", finding_kind_name(kinds[i]), r.count);
        cr_expect_not(r.too_many, "%s", finding_kind_name(kinds[i]));
        cr_expect_null(finding_at(LIMIT_RECIPIENTS - 1)->dropped_by);
    }
}

Test(resolve, one_recipient_more_than_the_limit)
{
    static const enum finding_kind kinds[] = {FINDING_FIELDS, FINDING_LISTED, FINDING_BLOCK, FINDING_ORIGINAL_TO};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rd.findings.count = 0;
        add_many(kinds[i], LIMIT_RECIPIENTS + 1);
        const struct resolution r = resolved();
        cr_expect_eq(r.count, (size_t)LIMIT_RECIPIENTS, "%s: %zu", finding_kind_name(kinds[i]), r.count);
        cr_expect(r.too_many, "%s", finding_kind_name(kinds[i]));
        cr_expect_str_eq(r.recipients[r.count - 1].address, "u9999@x.test");
    }
    rd.findings.count = 0;
    add_many(FINDING_FIELDS, LIMIT_RECIPIENTS + 1);
    add_words(LIMIT_RECIPIENTS, ORIGIN_BESIDE, "of the one too many");
    const struct resolution r = resolved();
    cr_expect_str_eq(finding_at(LIMIT_RECIPIENTS)->dropped_by, "fields: too many recipients");
    cr_expect_null(r.recipients[LIMIT_RECIPIENTS - 1].texts);
}

Test(resolve, one_that_is_named_again_is_not_one_more)
{
    static const enum finding_kind kinds[] = {FINDING_LISTED, FINDING_BLOCK, FINDING_ORIGINAL_TO};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rd.findings.count = 0;
        add_many(kinds[i], LIMIT_RECIPIENTS);
        add(kinds[i], "U0@x.test");
        const struct resolution r = resolved();
        cr_expect_eq(r.count, (size_t)LIMIT_RECIPIENTS, "%s: %zu", finding_kind_name(kinds[i]), r.count);
        cr_expect_not(r.too_many, "%s", finding_kind_name(kinds[i]));
    }
}

/* ---------------------------------------------------------- listed, name */

Test(resolve, a_list_names_recipients_where_no_fields_do)
{
    add(FINDING_LISTED, "a@x.test");
    add(FINDING_LISTED, "b@x.test");
    add(FINDING_LISTED, "A@x.test");
    expect_people("a@x.test failed, b@x.test failed");
    add_fields("c@x.test", NULL, BOUNCE_ACTION_DELAYED);
    expect_people("c@x.test delayed");
}

Test(resolve, a_lone_recipient_without_an_address_is_named)
{
    static const struct {
        const char *listed, *block, *original_to, *expected;
    } rows[] = {
        {"l@x.test", "b@x.test", "o@x.test", "l@x.test=b@x.test failed"}, /* the block is about that one */
        {"l@x.test", NULL, "o@x.test", "l@x.test failed"},
        {NULL, "b@x.test", "o@x.test", "b@x.test failed"},
        {NULL, NULL, "o@x.test", "o@x.test failed"},
        {NULL, NULL, NULL, "- failed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        finding_at(add_fields(NULL, NULL, BOUNCE_ACTION_FAILED))->address_type = "x400";
        add(FINDING_LISTED, NULL); /* these name nobody, and are skipped */
        add(FINDING_ORIGINAL_TO, NULL);
        if (rows[i].original_to)
            add(FINDING_ORIGINAL_TO, rows[i].original_to);
        if (rows[i].block)
            add(FINDING_BLOCK, rows[i].block);
        if (rows[i].listed)
            add(FINDING_LISTED, rows[i].listed);
        expect_people(rows[i].expected);
        const struct resolution r = resolved();
        const char *type = r.recipients[0].address_type;
        cr_expect(r.recipients[0].address ? type && !strcmp(type, "rfc822") : !type, "row %zu", i);
    }
}

Test(resolve, one_of_several_is_not_named_by_others)
{
    add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add(FINDING_LISTED, "l@x.test");
    add(FINDING_ORIGINAL_TO, "o@x.test");
    expect_people("a@x.test failed");
}

Test(resolve, a_path_takes_the_listed_address)
{
    add_fields("|/bin/false", NULL, BOUNCE_ACTION_FAILED);
    add(FINDING_ORIGINAL_TO, "o@x.test");
    expect_people("|/bin/false failed");
    add(FINDING_LISTED, "l@x.test");
    expect_people("l@x.test=|/bin/false failed");
    finding_at(0)->address = "joe@x.test"; /* no path: stays */
    expect_people("joe@x.test failed");
    finding_at(0)->address = "|/bin/false";
    add_fields("|/bin/true", NULL, BOUNCE_ACTION_FAILED); /* not a lone one */
    expect_people("|/bin/false failed, |/bin/true failed");
}

/* ----------------------------------------------------------------- merge */

Test(resolve, the_same_address_twice_is_one_recipient)
{
    uint32_t a = add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED);
    uint32_t again = add_fields("A@X.test", NULL, BOUNCE_ACTION_FAILED);
    uint32_t c = add_fields("c@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_words(c, ORIGIN_BESIDE, "third");
    add_words(a, ORIGIN_BESIDE, "first");
    add_words(again, ORIGIN_BESIDE, "second");
    expect_people("a@x.test failed, b@x.test failed, c@x.test failed");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: first; beside: second");
    expect_texts(&r.recipients[1], "");
    expect_texts(&r.recipients[2], "beside: third");
}

Test(resolve, those_without_an_address_are_not_the_same)
{
    uint32_t a = add_fields(NULL, NULL, BOUNCE_ACTION_FAILED), b = add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    add_words(a, ORIGIN_BESIDE, "first");
    add_words(b, ORIGIN_BESIDE, "second");
    expect_people(""); /* merged, they would be a single one, which stays */
}

Test(resolve, merging_keeps_the_first_but_a_failure_counts_more_than_a_delay)
{
    static const struct {
        bounce_action first, second;
        const char *expected;
    } rows[] = {
        {BOUNCE_ACTION_DELAYED, BOUNCE_ACTION_FAILED, "a@x.test failed"},
        {BOUNCE_ACTION_FAILED, BOUNCE_ACTION_DELAYED, "a@x.test failed"},
        {BOUNCE_ACTION_DELAYED, BOUNCE_ACTION_DELIVERED, "a@x.test delayed"},
        {BOUNCE_ACTION_DELIVERED, BOUNCE_ACTION_FAILED, "a@x.test delivered"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        add_fields("a@x.test", NULL, rows[i].first);
        add_fields("a@x.test", NULL, rows[i].second);
        expect_people(rows[i].expected);
    }
}

Test(resolve, merging_takes_the_diagnostic_where_the_first_has_none)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    set_diagnostic(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), "smtp", "550 second");
    set_diagnostic(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), "x-third", "552 third");
    const struct resolution r = resolved();
    cr_assert_eq(r.count, 1u);
    cr_expect_str_eq(r.recipients[0].diagnostic, "550 second");
    cr_expect_str_eq(r.recipients[0].diagnostic_type, "smtp");
    cr_expect_eq(r.recipients[0].reply_code, 550);
    expect_texts(&r.recipients[0], "reply: 550 second; reply: 552 third");
}

/* -------------------------------------------------------------- inferred */

Test(resolve, where_nobody_is_named_a_recipient_is_inferred)
{
    add(FINDING_WHOLE, NULL);
    expect_people("- failed");
    add(FINDING_ORIGINAL_TO, "o@x.test");
    add(FINDING_ORIGINAL_TO, "p@x.test");
    add(FINDING_ORIGINAL_TO, "O@x.test");
    expect_people("o@x.test failed, p@x.test failed");
    add(FINDING_VERP, "v@x.test");
    expect_people("v@x.test failed");
    add(FINDING_LISTED, "l@x.test");
    expect_people("l@x.test=v@x.test failed"); /* named: VERP only adds the original */
}

Test(resolve, nothing_gives_nobody)
{
    expect_people("");
    add(FINDING_POLARITY, NULL);
    expect_people("");
    const struct resolution r = resolved();
    cr_expect_not(r.too_many);
}

/* ---------------------------------------------- nameless, aliases, partial */

Test(resolve, of_several_those_without_an_address_are_left_out)
{
    add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    expect_people("- failed"); /* alone, it stays */
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", NULL, BOUNCE_ACTION_DELAYED);
    expect_people("a@x.test failed, b@x.test delayed");
}

Test(resolve, the_verp_address_is_the_original_of_the_only_one)
{
    add_fields("joe@x.test", NULL, BOUNCE_ACTION_FAILED);
    add(FINDING_VERP, "team@x.test");
    expect_people("joe@x.test=team@x.test failed");
    finding_at(0)->alias = "list@x.test"; /* known already */
    expect_people("joe@x.test=list@x.test failed");
    finding_at(0)->alias = NULL;
    finding_at(1)->address = "JOE@x.test"; /* no other name */
    expect_people("joe@x.test failed");
    finding_at(1)->address = "team@x.test";
    add_fields("ann@x.test", NULL, BOUNCE_ACTION_FAILED); /* whose would it be? */
    expect_people("joe@x.test failed, ann@x.test failed");
}

Test(resolve, names_in_blocks_are_corrected)
{
    add_fields("/var/mail/joe", NULL, BOUNCE_ACTION_FAILED);
    add_fields("/var/mail/ann", NULL, BOUNCE_ACTION_FAILED);
    add_alias(add(FINDING_BLOCK, "/var/mail/joe"), "joe@x.test");
    expect_people("joe@x.test failed, /var/mail/ann failed");
}

Test(resolve, another_target_of_the_same_alias_was_delivered)
{
    static const struct {
        bounce_action other, own;
        const char *original, *expected;
    } rows[] = {
        {BOUNCE_ACTION_DELIVERED, BOUNCE_ACTION_FAILED, "Team@x.test", "+"},
        {BOUNCE_ACTION_RELAYED, BOUNCE_ACTION_FAILED, "team@x.test", "+"},
        {BOUNCE_ACTION_EXPANDED, BOUNCE_ACTION_FAILED, "team@x.test", "+"},
        {BOUNCE_ACTION_DELAYED, BOUNCE_ACTION_FAILED, "team@x.test", ""},
        {BOUNCE_ACTION_FAILED, BOUNCE_ACTION_FAILED, "team@x.test", ""},
        {BOUNCE_ACTION_DELIVERED, BOUNCE_ACTION_DELAYED, "team@x.test", ""},
        {BOUNCE_ACTION_DELIVERED, BOUNCE_ACTION_FAILED, "other@x.test", ""},
        {BOUNCE_ACTION_DELIVERED, BOUNCE_ACTION_FAILED, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int named_so = 0; named_so < 2; named_so++) { /* delivered under its alias, or by that address */
            rd.findings.count = 0;
            add_fields("joe@x.test", rows[i].original, rows[i].own);
            add_fields(named_so ? "team@x.test" : "ann@x.test", named_so ? NULL : "team@x.test", rows[i].other);
            const struct resolution r = resolved();
            cr_assert_eq(r.count, 2u);
            cr_expect_eq(r.recipients[0].partial, rows[i].expected[0] == '+', "row %zu, %d", i, named_so);
            cr_expect_not(r.recipients[1].partial, "row %zu, %d", i, named_so);
        }
}
