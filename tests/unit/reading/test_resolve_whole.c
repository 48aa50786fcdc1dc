/* SPDX-License-Identifier: MIT */
/*
 * test_resolve_whole.c - what the text as a whole says about recipients, and that
 * resolving is pure (reading/resolve.c).
 */
#include "reading_testing.h"

TestSuite(resolve_whole, .init = reading_set_up, .fini = reading_tear_down);

/* ----------------------------------------------------------------- whole */

static void add_whole(void)
{
    uint32_t whole = add(FINDING_WHOLE, NULL);
    add_reply(whole, ORIGIN_BESIDE, "550 whole");
    add_words(whole, ORIGIN_BESIDE, "prose");
}

#define WHOLE "reply: 550 whole; beside: prose"

Test(resolve_whole, the_only_one_without_a_block_gets_it)
{
    add_words(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), ORIGIN_BESIDE, "note");
    add_whole();
    struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: note; " WHOLE);
    cr_expect_eq(r.recipients[0].reply_code, 550);
    add(FINDING_BLOCK, "a@x.test"); /* now one does */
    r = resolved();
    expect_texts(&r.recipients[0], "beside: note");
}

Test(resolve_whole, of_several_in_fields_nobody_gets_it)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_whole();
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "");
    expect_texts(&r.recipients[1], "");
}

Test(resolve_whole, without_fields_all_get_it_who_have_no_text)
{
    add(FINDING_LISTED, "a@x.test");
    add(FINDING_LISTED, "b@x.test");
    add_words(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, "own");
    add_whole();
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: own");
    expect_texts(&r.recipients[1], WHOLE);
}

Test(resolve_whole, a_lone_one_whose_block_is_silent_gets_it)
{
    add(FINDING_BLOCK, "a@x.test");
    add_whole();
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], WHOLE);
}

Test(resolve_whole, those_inferred_get_it)
{
    add(FINDING_ORIGINAL_TO, "a@x.test");
    add(FINDING_ORIGINAL_TO, "b@x.test");
    add_whole();
    const struct resolution r = resolved();
    cr_assert_eq(r.count, 2u);
    expect_texts(&r.recipients[0], WHOLE);
    expect_texts(&r.recipients[1], WHOLE);
}

/* -------------------------------------------------------------- polarity */

Test(resolve_whole, the_action_of_those_who_state_none)
{
    static const struct {
        bounce_action said;
        const char *reply;
        bounce_action expected;
    } rows[] = {
        {BOUNCE_ACTION_UNKNOWN, "words", BOUNCE_ACTION_FAILED},
        {BOUNCE_ACTION_UNKNOWN, "250 ok", BOUNCE_ACTION_FAILED},
        {BOUNCE_ACTION_DELIVERED, "words", BOUNCE_ACTION_DELIVERED},
        {BOUNCE_ACTION_DELIVERED, "354 go on", BOUNCE_ACTION_DELIVERED},
        {BOUNCE_ACTION_DELIVERED, "400 no", BOUNCE_ACTION_FAILED}, /* a reply that refuses */
        {BOUNCE_ACTION_DELAYED, "words", BOUNCE_ACTION_DELAYED},
        {BOUNCE_ACTION_DELAYED, "550 no", BOUNCE_ACTION_DELAYED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, rows[i].reply);
        finding_at(add(FINDING_POLARITY, NULL))->action = rows[i].said;
        const struct resolution r = resolved();
        cr_expect_eq(r.recipients[0].action, rows[i].expected, "row %zu: %s", i,
                     bounce_action_name(r.recipients[0].action));
    }
}

Test(resolve_whole, a_stated_action_stays_and_of_two_polarities_the_first_counts)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_RELAYED);
    finding_at(add(FINDING_POLARITY, NULL))->action = BOUNCE_ACTION_DELAYED;
    finding_at(add(FINDING_POLARITY, NULL))->action = BOUNCE_ACTION_DELIVERED;
    expect_people("a@x.test relayed");
    finding_at(0)->kind = FINDING_LISTED;
    expect_people("a@x.test delayed");
}

/* ---------------------------------------------------------------- purity */

/* Findings for every pass to work on. */
static void add_everything(void)
{
    uint32_t f = add_fields("a@x.test", NULL, BOUNCE_ACTION_DELAYED);
    set_diagnostic(f, "smtp", "host mx.x.test said: 450 4.2.2 full (in reply to RCPT TO command)");
    add_words(f, ORIGIN_BESIDE, "a note");
    add_fields("A@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("team@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("c@x.test", "team@x.test", BOUNCE_ACTION_DELIVERED);
    add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    add(FINDING_LISTED, "l@x.test");
    add(FINDING_VERP, "v@x.test");
    add(FINDING_ORIGINAL_TO, "o@x.test");
    uint32_t block = add(FINDING_BLOCK, "joe@y.test");
    add_alias(block, "team@x.test");
    add_session(block, 550, BOUNCE_COMMAND_DATA, "mx.y.test");
    add_reply(block, ORIGIN_TRANSCRIPT, "550 5.1.1 unknown");
    add_session(block, 550, BOUNCE_COMMAND_DATA, "mx.y.test");
    finding_at(add_reply(block, ORIGIN_BESIDE, "452 shared"))->if_silent = true;
    add_words(add(FINDING_BLOCK, "stranger@y.test"), ORIGIN_BESIDE, "dropped");
    add_whole();
    finding_at(add(FINDING_POLARITY, NULL))->action = BOUNCE_ACTION_DELAYED;
}

static bool same_words(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static void expect_same_facts(const struct facts *a, const struct facts *b)
{
    cr_expect(same_words(a->address, b->address) && same_words(a->original, b->original));
    cr_expect(same_words(a->address_type, b->address_type) && same_words(a->remote_mta, b->remote_mta));
    cr_expect(same_words(a->diagnostic, b->diagnostic) && same_words(a->diagnostic_type, b->diagnostic_type));
    cr_expect(a->action == b->action && a->command == b->command && a->reply_code == b->reply_code);
    cr_expect(!memcmp(&a->field_status, &b->field_status, sizeof a->field_status));
    cr_expect(a->last_attempt == b->last_attempt && a->will_retry_until == b->will_retry_until);
    cr_expect(a->attempts == b->attempts && a->stated_decided_by == b->stated_decided_by);
    cr_expect(a->partial == b->partial && a->has_remote_reply == b->has_remote_reply);
    cr_expect_eq(a->remote_said, b->remote_said);
    cr_expect_str_eq(fact_texts(a), fact_texts(b));
}

Test(resolve_whole, the_same_findings_give_the_same_facts)
{
    add_everything();
    const struct resolution first = resolved();
    const struct resolution second = resolved();
    cr_expect_str_eq(people(&first), "a@x.test failed, joe@y.test=team@x.test failed+, c@x.test=team@x.test delivered",
                     "%s", people(&first));
    cr_assert_eq(first.count, second.count);
    cr_expect_eq(first.too_many, second.too_many);
    for (size_t i = 0; i < first.count; i++)
        expect_same_facts(&first.recipients[i], &second.recipients[i]);
}

Test(resolve_whole, findings_stay_as_they_are)
{
    add_everything();
    const size_t n = rd.findings.count;
    struct finding *before = arena_alloc(&reading_keep, n * sizeof *before);
    memcpy(before, rd.findings.list, n * sizeof *before);
    resolved();
    size_t dropped = 0;
    for (uint32_t i = 0; i < n; i++) {
        dropped += finding_at(i)->dropped_by != NULL;
        before[i].dropped_by = finding_at(i)->dropped_by;
    }
    cr_expect_eq(rd.findings.count, n);
    cr_expect_eq(memcmp(before, rd.findings.list, n * sizeof *before), 0);
    /* Both listed ones, the stranger, its text, and the shared text. */
    cr_expect_eq(dropped, 5u, "%zu", dropped);
}

/* What an earlier run dropped counts again as soon as nothing speaks against it. */
Test(resolve_whole, each_run_decides_anew_what_is_dropped)
{
    add(FINDING_LISTED, "a@x.test");
    add(FINDING_LISTED, "b@x.test");
    uint32_t block = add(FINDING_BLOCK, "c@x.test");
    resolved();
    cr_expect_not_null(finding_at(block)->dropped_by);
    finding_at(block)->address = "b@x.test";
    resolved();
    cr_expect_null(finding_at(block)->dropped_by);
}

/* Memory of exactly the needed size: a sanitizer notices any read beyond it. */
Test(resolve_whole, many_that_are_left_out)
{
    enum { NAMELESS = 250, STEP_BYTES = 512, LAST_BYTES = 512 << 10 };
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", NULL, BOUNCE_ACTION_FAILED);
    for (size_t i = 0; i < NAMELESS; i++)
        add_fields(NULL, NULL, BOUNCE_ACTION_FAILED);
    for (size_t bytes = STEP_BYTES; bytes <= LAST_BYTES; bytes += STEP_BYTES) {
        struct arena scratch;
        arena_init_small(&scratch, bytes);
        const struct resolve_input in = {.findings = &rd.findings, .scratch = &scratch, .keep = &reading_keep};
        const struct resolution r = resolve(&in);
        cr_assert_str_eq(people(&r), "a@x.test failed, b@x.test failed");
        arena_free(&scratch);
    }
}
