/* SPDX-License-Identifier: MIT */
/*
 * test_resolve_blocks.c - whom a block of the text concerns, what texts say about
 * a recipient, and that resolving is pure (reading/resolve.c, resolve_texts.c).
 */
#include "reading_testing.h"

TestSuite(resolve_blocks, .init = reading_set_up, .fini = reading_tear_down);

static void expect_dropped(uint32_t finding, const char *by)
{
    cr_expect_str_eq(shown(finding_at(finding)->dropped_by), shown(by), "finding %u: %s", finding,
                     shown(finding_at(finding)->dropped_by));
}

/* ------------------------------------------------------- whom it concerns */

Test(resolve_blocks, new_recipients_where_nobody_was_named)
{
    uint32_t a = add(FINDING_BLOCK, "a@x.test"), b = add(FINDING_BLOCK, "b@x.test"),
             again = add(FINDING_BLOCK, "A@x.test");
    add_words(a, ORIGIN_BESIDE, "first");
    add_words(b, ORIGIN_BESIDE, "other");
    add_words(again, ORIGIN_BESIDE, "second");
    expect_people("a@x.test failed, b@x.test failed");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: first; beside: second");
    expect_texts(&r.recipients[1], "beside: other");
    cr_expect_str_eq(r.recipients[0].address_type, "rfc822");
}

Test(resolve_blocks, one_that_names_nobody_is_dropped_with_all_that_is_its)
{
    uint32_t block = add(FINDING_BLOCK, NULL), words = add_words(block, ORIGIN_BESIDE, "lost");
    uint32_t other = add(FINDING_BLOCK, "a@x.test"), kept = add_words(other, ORIGIN_BESIDE, "kept");
    const struct resolution r = resolved();
    cr_assert_eq(r.count, 1u);
    expect_texts(&r.recipients[0], "beside: kept");
    expect_dropped(block, "blocks: names nobody");
    expect_dropped(words, "blocks: so is its block");
    expect_dropped(other, NULL);
    expect_dropped(kept, NULL);
}

Test(resolve_blocks, each_finds_its_recipient_by_either_name)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", "team@x.test", BOUNCE_ACTION_FAILED);
    add_words(add(FINDING_BLOCK, "TEAM@x.test"), ORIGIN_BESIDE, "of b");
    add_words(add(FINDING_BLOCK, "a@X.test"), ORIGIN_BESIDE, "of a");
    uint32_t stranger = add(FINDING_BLOCK, "c@x.test"), lost = add_words(stranger, ORIGIN_BESIDE, "of c");
    expect_people("a@x.test failed, b@x.test=team@x.test failed");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: of a");
    expect_texts(&r.recipients[1], "beside: of b");
    expect_dropped(stranger, "blocks: the report names others");
    expect_dropped(lost, "blocks: so is its block");
}

/* "joe@target.test (generated from team@alias.test)" */
Test(resolve_blocks, the_target_of_an_alias_that_the_fields_name)
{
    static const struct {
        const char *final, *original, *block, *alias, *second_alias, *expected;
    } rows[] = {
        {"team@x.test", NULL, "joe@y.test", "TEAM@x.test", NULL, "joe@y.test=team@x.test failed"},
        {"team@x.test", NULL, "joe@y.test", "joe@y.test", "team@x.test", "joe@y.test=team@x.test failed"},
        {"team@x.test", NULL, "joe@y.test", "x@x.test", "team@x.test", "team@x.test failed"},
        {"team@x.test", NULL, "joe@y.test", NULL, NULL, "team@x.test failed"},
        {"team@x.test", NULL, "|/bin/x", "team@x.test", NULL, "team@x.test failed"},
        {"team@x.test", "all@x.test", "joe@y.test", "team@x.test", NULL, "team@x.test=all@x.test failed"},
        {"bob@y.test", "team@x.test", "joe@y.test", "team@x.test", NULL, "bob@y.test=team@x.test failed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        add_fields(rows[i].final, rows[i].original, BOUNCE_ACTION_FAILED);
        add_fields("other@x.test", NULL, BOUNCE_ACTION_FAILED);
        uint32_t block = add(FINDING_BLOCK, rows[i].block);
        if (rows[i].alias)
            add_alias(block, rows[i].alias);
        if (rows[i].second_alias)
            add_alias(block, rows[i].second_alias);
        expect_people(arena_printf(&reading_keep, "%s, other@x.test failed", rows[i].expected));
        const bool found = !strncmp(rows[i].expected, rows[i].block, strlen(rows[i].block));
        expect_dropped(block, found ? NULL : "blocks: the report names others");
    }
}

Test(resolve_blocks, a_list_is_no_field_that_could_name_an_alias)
{
    add(FINDING_LISTED, "team@x.test");
    add(FINDING_LISTED, "other@x.test");
    uint32_t block = add(FINDING_BLOCK, "joe@y.test");
    add_alias(block, "team@x.test");
    expect_people("team@x.test failed, other@x.test failed");
    expect_dropped(block, "blocks: the report names others");
}

Test(resolve_blocks, a_renamed_one_is_found_by_its_new_name)
{
    add_fields("team@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_fields("other@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_alias(add(FINDING_BLOCK, "joe@y.test"), "team@x.test");
    add_words(add(FINDING_BLOCK, "joe@y.test"), ORIGIN_BESIDE, "found");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: found");
}

Test(resolve_blocks, an_alias_of_a_block_is_a_name_for_the_blocks_below)
{
    for (int captured = 0; captured < 2; captured++) {
        rd.findings.count = 0;
        uint32_t block = add(FINDING_BLOCK, "joe@y.test");
        if (captured)
            finding_at(block)->alias = "team@x.test";
        else
            add_alias(block, "team@x.test");
        add_words(add(FINDING_BLOCK, "team@x.test"), ORIGIN_BESIDE, "found");
        expect_people("joe@y.test=team@x.test failed");
        const struct resolution r = resolved();
        expect_texts(&r.recipients[0], "beside: found");
    }
}

Test(resolve_blocks, of_two_with_one_name_the_first_is_meant)
{
    add_fields("a@x.test", "team@x.test", BOUNCE_ACTION_FAILED);
    add_fields("b@x.test", "team@x.test", BOUNCE_ACTION_FAILED);
    add_words(add(FINDING_BLOCK, "team@x.test"), ORIGIN_BESIDE, "found");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: found");
    expect_texts(&r.recipients[1], "");
}

Test(resolve_blocks, the_only_block_is_about_the_only_recipient)
{
    add(FINDING_LISTED, "team@x.test");
    uint32_t block = add(FINDING_BLOCK, "joe@y.test"), words = add_words(block, ORIGIN_BESIDE, "words");
    expect_people("team@x.test=joe@y.test failed");
    const struct resolution r = resolved();
    expect_texts(&r.recipients[0], "beside: words");
    finding_at(block)->address = "joe"; /* no address that a sender could have used */
    expect_people("team@x.test failed");
    finding_at(block)->address = NULL;
    expect_people("team@x.test failed");
    finding_at(block)->address = "joe@y.test";
    uint32_t second = add(FINDING_BLOCK, "ann@y.test"); /* not the only one */
    expect_people("team@x.test failed");
    expect_dropped(block, "blocks: the report names others");
    expect_dropped(words, "blocks: so is its block");
    expect_dropped(second, "blocks: the report names others");
}

Test(resolve_blocks, an_alias_is_another_name_unless_it_equals_the_address)
{
    uint32_t a = add(FINDING_BLOCK, "a@x.test");
    add_alias(a, "A@x.test");
    expect_people("a@x.test failed");
    add_alias(a, "team@x.test");
    add_alias(a, "all@x.test");
    expect_people("a@x.test=team@x.test failed"); /* of two the first counts */
    finding_at(a)->alias = "captured@x.test";
    expect_people("a@x.test=captured@x.test failed");
}

/* ------------------------------------------------------ what it says of it */

Test(resolve_blocks, captures_fill_what_the_fields_leave_open)
{
    uint32_t f = add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), block = add(FINDING_BLOCK, "a@x.test");
    finding_at(block)->remote_mta = "block.test";
    finding_at(block)->reply_code = 452;
    finding_at(block)->status = (struct enhanced){4, 2, 2};
    finding_at(block)->command = BOUNCE_COMMAND_DATA;
    for (int stated = 0; stated < 2; stated++) {
        const struct resolution r = resolved();
        const struct facts *to = &r.recipients[0];
        cr_expect_str_eq(to->remote_mta, stated ? "fields.test" : "block.test");
        cr_expect_eq(to->reply_code, stated ? 550 : 452);
        cr_expect_eq(to->field_status.class_, stated ? 5 : 4);
        cr_expect_eq(to->command, stated ? BOUNCE_COMMAND_RCPT : BOUNCE_COMMAND_DATA);
        set_diagnostic(f, "smtp", "550 no (in reply to RCPT TO command)");
        finding_at(f)->remote_mta = "fields.test";
        finding_at(f)->status = (struct enhanced){5, 1, 1};
    }
}

Test(resolve_blocks, a_reply_states_facts_and_words_do_not)
{
    static const char text[] = "host mx.x.test said: 550 5.1.1 unknown (in reply to RCPT TO command)";
    uint32_t reply = add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, text);
    for (int is_reply = 1; is_reply >= 0; is_reply--) {
        finding_at(reply)->is_reply = is_reply;
        const struct resolution r = resolved();
        const struct facts *to = &r.recipients[0];
        cr_expect_eq(to->reply_code, is_reply ? 550 : 0);
        cr_expect_eq(to->command, is_reply ? BOUNCE_COMMAND_RCPT : BOUNCE_COMMAND_NONE);
        cr_expect_str_eq(shown(to->remote_mta), is_reply ? "mx.x.test" : "-");
        cr_expect_eq(to->diagnostic != NULL, is_reply);
        cr_expect(to->texts && (to->texts->origin == ORIGIN_REPLY) == is_reply);
    }
}

Test(resolve_blocks, of_two_replies_the_first_counts)
{
    uint32_t a = add(FINDING_BLOCK, "a@x.test");
    add_reply(a, ORIGIN_BESIDE, "550 first");
    add_reply(a, ORIGIN_BESIDE, "452 second");
    const struct resolution r = resolved();
    cr_expect_eq(r.recipients[0].reply_code, 550);
    cr_expect_str_eq(r.recipients[0].diagnostic, "550 first");
    expect_texts(&r.recipients[0], "reply: 550 first; reply: 452 second");
}

Test(resolve_blocks, a_text_if_silent_counts_only_where_nothing_nearer_speaks)
{
    enum { NOTHING, WORDS, DIAGNOSTIC, TRANSCRIPT, NEARER };
    static const bool speaks[] = {[DIAGNOSTIC] = true, [TRANSCRIPT] = true};
    for (int nearer = NOTHING; nearer < NEARER; nearer++) {
        rd.findings.count = 0;
        uint32_t f = add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), block = add(FINDING_BLOCK, "a@x.test");
        if (nearer == DIAGNOSTIC)
            set_diagnostic(f, "smtp", "550 no");
        if (nearer == WORDS)
            add_words(block, ORIGIN_BESIDE, "words");
        if (nearer == TRANSCRIPT)
            add_words(block, ORIGIN_TRANSCRIPT, "transcript");
        uint32_t shared = add_reply(block, ORIGIN_BESIDE, "452 shared"),
                 plain = add_words(block, ORIGIN_BESIDE, "plain");
        finding_at(shared)->if_silent = true;
        const struct resolution r = resolved();
        expect_dropped(shared, speaks[nearer] ? "blocks: something nearer speaks" : NULL);
        expect_dropped(plain, NULL);
        cr_expect_eq(strstr(fact_texts(&r.recipients[0]), "452 shared") == NULL, speaks[nearer], "%d", nearer);
    }
}

Test(resolve_blocks, a_transcript_that_was_merged_is_nearer_too)
{
    add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
    add_words(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), ORIGIN_TRANSCRIPT, "transcript");
    uint32_t shared = add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, "452 shared");
    finding_at(shared)->if_silent = true;
    resolved();
    expect_dropped(shared, "blocks: something nearer speaks");
}

/* Who said a reply: the report shows it, or the reply's own words do; or it is known because
 * the writer does not word its own errors as replies. */
Test(resolve_blocks, who_said_a_reply)
{
    static const struct {
        const char *words;
        bool said_by_remote, own_words, has_remote_reply, remote_said;
    } rows[] = {
        {"550 no", false, false, true, false}, {"550 no", false, true, false, false},
        {"550 no", true, true, true, true},    {"host x.test said: 550 no", false, true, true, true},
        {"250 ok", true, false, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        uint32_t reply = add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, rows[i].words);
        finding_at(reply)->said_by_remote = rows[i].said_by_remote;
        const struct resolution r = resolve_as(rows[i].own_words);
        cr_expect_eq(r.recipients[0].has_remote_reply, rows[i].has_remote_reply, "row %zu", i);
        cr_expect_eq(r.recipients[0].remote_said, rows[i].remote_said, "row %zu", i);
    }
}

Test(resolve_blocks, who_said_a_diagnostic)
{
    static const struct {
        const char *type, *words, *stated_mta;
        bool own_words, has_remote_reply, remote_said;
        int reply_code;
        const char *remote_mta;
    } rows[] = {
        {"smtp", "550 no", NULL, false, true, false, 550, "-"},
        {"smtp", "550 no", NULL, true, false, false, 550, "-"},
        {"smtp", "550 no", "mx.x.test", true, true, false, 550, "mx.x.test"},
        {"x-local", "550 no", "mx.x.test", false, false, false, 550, "mx.x.test"},
        {NULL, "host x.test said: 550 no", NULL, true, true, true, 550, "x.test"},
        {NULL, "host x.test said: 550 no", "mx.x.test", true, true, true, 550, "mx.x.test"},
        {"x-unix", "550", NULL, false, false, false, 0, "-"}, /* an exit status */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        uint32_t f = add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED);
        set_diagnostic(f, rows[i].type, rows[i].words);
        finding_at(f)->remote_mta = rows[i].stated_mta;
        const struct resolution r = resolve_as(rows[i].own_words);
        const struct facts *to = &r.recipients[0];
        cr_expect_eq(to->has_remote_reply, rows[i].has_remote_reply, "row %zu", i);
        cr_expect_eq(to->remote_said, rows[i].remote_said, "row %zu", i);
        cr_expect_eq(to->reply_code, rows[i].reply_code, "row %zu", i);
        cr_expect_str_eq(shown(to->remote_mta), rows[i].remote_mta, "row %zu", i);
    }
}

/* The reply in the text is only taken for a remote one if the fields have no type that says otherwise. */
Test(resolve_blocks, a_reply_beside_a_typed_diagnostic_is_not_taken_for_a_remote_one)
{
    for (int typed = 0; typed < 2; typed++) {
        rd.findings.count = 0;
        set_diagnostic(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), typed ? "x-local" : NULL, "no code");
        add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_BESIDE, "550 no");
        const struct resolution r = resolved();
        cr_expect_eq(r.recipients[0].has_remote_reply, !typed, "%d", typed);
    }
}

/* The innermost reply is a text of its own; the words around it keep their origin. */
Test(resolve_blocks, what_a_reply_leaves_to_judge)
{
    static const struct {
        const char *words;
        enum text_origin origin;
        const char *diagnostic, *texts;
    } rows[] = {
        {"550 no", ORIGIN_BESIDE, "550 no", "reply: 550 no"},
        {"host x said: 550 no", ORIGIN_BESIDE, "550 no", "reply: 550 no; beside: host x said: 550 no"},
        {"host x said: 550 no", ORIGIN_REPLY, "550 no", "reply: 550 no; diagnostic: host x said: 550 no"},
        {"no mailbox by that name (#5.1.1)", ORIGIN_BESIDE, "no mailbox by that name (#5.1.1)",
         "beside: no mailbox by that name (#5.1.1)"},
        {"x 5.1.1 no mailbox here by that name", ORIGIN_BESIDE, "x 5.1.1 no mailbox here by that name",
         "reply: 5.1.1 no mailbox here by that name; beside: x 5.1.1 no mailbox here by that name"},
        {"so: 250 ok", ORIGIN_BESIDE, "250 ok", "reply: 250 ok; beside: so: 250 ok"},
        {"so: 250 ok", ORIGIN_DIAGNOSTIC, "so: 250 ok", "reply: so: 250 ok"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        add_reply(add(FINDING_BLOCK, "a@x.test"), rows[i].origin, rows[i].words);
        const struct resolution r = resolved();
        cr_expect_str_eq(shown(r.recipients[0].diagnostic), rows[i].diagnostic, "row %zu", i);
        cr_expect_str_eq(fact_texts(&r.recipients[0]), rows[i].texts, "row %zu: %s", i, fact_texts(&r.recipients[0]));
    }
}

/* Its own words are a better source than the lines around it. */
Test(resolve_blocks, the_host_of_a_reply)
{
    static const char *const words[] = {"550 no", "host x.test said: 550 no"}, *const hosts[] = {"around.test",
                                                                                                 "x.test"};
    for (size_t i = 0; i < COUNT(words); i++) {
        rd.findings.count = 0;
        uint32_t reply = add_reply(add(FINDING_BLOCK, "a@x.test"), ORIGIN_TRANSCRIPT, words[i]);
        finding_at(reply)->remote_mta = "around.test";
        const struct resolution r = resolved();
        cr_expect_str_eq(shown(r.recipients[0].remote_mta), hosts[i]);
    }
}

Test(resolve_blocks, an_exit_status_is_worded_for_the_rules)
{
    set_diagnostic(add_fields("a@x.test", NULL, BOUNCE_ACTION_FAILED), "x-unix", "67");
    const struct resolution r = resolved();
    cr_expect_eq(strncmp(fact_texts(&r.recipients[0]), "diagnostic: exit status 67", 26), 0, "%s",
                 fact_texts(&r.recipients[0]));
}

Test(resolve_blocks, the_session_in_which_the_reply_was_given)
{
    static const struct {
        const char *reply;
        int session, code;
        bounce_command command;
        bool remote_said;
    } rows[] = {
        {"550 no", 550, 550, BOUNCE_COMMAND_DATA, true},
        {"550 no", 552, 550, BOUNCE_COMMAND_NONE, false},                              /* another answer */
        {"550 no (in reply to RCPT TO command)", 550, 550, BOUNCE_COMMAND_RCPT, true}, /* known already */
        {NULL, 550, 0, BOUNCE_COMMAND_NONE, false},
        {NULL, 0, 0, BOUNCE_COMMAND_NONE, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        rd.findings.count = 0;
        uint32_t block = add(FINDING_BLOCK, "a@x.test");
        if (rows[i].reply)
            add_reply(block, ORIGIN_BESIDE, rows[i].reply);
        add_session(block, rows[i].session, BOUNCE_COMMAND_DATA, "mx.x.test");
        const struct resolution r = resolve_as(true);
        const bool taken = rows[i].command == BOUNCE_COMMAND_DATA;
        cr_expect_eq(r.recipients[0].reply_code, rows[i].code, "row %zu", i);
        cr_expect_eq(r.recipients[0].command, rows[i].command, "row %zu", i);
        cr_expect_str_eq(shown(r.recipients[0].remote_mta), taken ? "mx.x.test" : "-", "row %zu", i);
        cr_expect_eq(r.recipients[0].remote_said, rows[i].remote_said, "row %zu", i);
    }
}
