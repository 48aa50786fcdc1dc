/* SPDX-License-Identifier: MIT */
/* test_stated.c - names that a message states decide nothing where a server repeats them. */
#include "verdict/stated.h"

#include "base/arena.h"
#include "core_testing.h"
#include "rules_testing.h"

/* Every word of which the names below are made. */
static const char rules[] =
    "format 2\n"
    "rule full\nreason mailbox-full\nphrase full\nphrase quotafull\nwhy w\nexample e\nnear full\n"
    "rule spam\nreason spam\ntoken bl.spam.example\nphrase spam\nwhy w\nexample e\nnear spam\n";

static void set_up(void)
{
    core_rules = rules_of(NULL, rules);
    core_parser = bounce_parser_new(core_rules, NULL);
}

TestSuite(stated, .init = set_up, .fini = core_tear_down);

#define MTA "Reporting-MTA: dns; gw.full.invalid\n\n"
#define WHO "Final-Recipient: rfc822; joe@box.full.example\nAction: failed\nRemote-MTA: dns; full.invalid\n"
#define ORIGINAL \
    "From: \"Ann Full\" <ann@full-ann.invalid>\nTo: Quotafull <joe@box.full.example>, plain@a.test, \"Is, full\" <a@b.test>\n" \
    "Subject: Your box is full!\n"

static bounce_reason reason_of(const char *diagnostic)
{
    char fields[512];
    snprintf(fields, sizeof fields, MTA WHO "Diagnostic-Code: smtp; 550 %s\n", diagnostic);
    return bounce_recipient_reason(only(parse_mail(dsn_mail(NULL, fields, ORIGINAL)), diagnostic));
}

Test(stated, names_of_the_mail_decide_nothing)
{
    static const char *const names[] = {
        "full.invalid says no",
        "no (gw.full.invalid)",
        "in mx2.full.invalid.",
        "refused: full-ann.invalid",
        "\"Quotafull\": no",
        "no Ann Full here",
        "subject Your box is full! refused",
        "To: Is, full <",
        "<joe@box.full.example>: no",
    };
    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_eq(reason_of(names[i]), BOUNCE_REASON_UNKNOWN, "%s", names[i]);
    cr_expect_eq(reason_of("Ann Full is full"), BOUNCE_REASON_MAILBOX_FULL);
    cr_expect_eq(reason_of("Quotafull"), BOUNCE_REASON_MAILBOX_FULL,
                 "a name of one word, and nothing shows that it is one");
    cr_expect_eq(reason_of("other.full"), BOUNCE_REASON_MAILBOX_FULL, "a host that nobody stated");
    cr_expect_eq(reason_of("see bl.spam.example/full"), BOUNCE_REASON_SPAM);
}

Test(stated, replies)
{
    static const struct {
        const char *reply, *host;
        bounce_reason reason;
    } rows[] = {
        {"550 <joe@full.invalid>: no", NULL, BOUNCE_REASON_UNKNOWN},
        {"550 <joe@full.invalid>: full.invalid does not take it", NULL, BOUNCE_REASON_UNKNOWN},
        {"550 <joe@full.invalid> from <ann@spam.invalid>: not full.invalid and spam.invalid", NULL,
         BOUNCE_REASON_UNKNOWN},
        {"550 full.invalid does not take it", "full.invalid.", BOUNCE_REASON_UNKNOWN},
        {"550 full.invalid does not take it", "full", BOUNCE_REASON_MAILBOX_FULL},
        {"550 full.invalid does not take it", NULL, BOUNCE_REASON_MAILBOX_FULL},
        {"550 1.2.3.4.bl.spam.example", NULL, BOUNCE_REASON_SPAM},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(bounce_recipient_reason(parse_reply(rows[i].reply, BOUNCE_COMMAND_NONE, rows[i].host)),
                     rows[i].reason, "%s", rows[i].reply);
}

/* ------------------------------------------------------------- what is kept */

Test(stated, hosts)
{
    static const char *const names[] = {
        "Mx.Example.net.", " mx.example.net (192.0.2.1)", "mail", "192.0.2.1", "2001:db8::1.a", "", "[192.0.2.1]",
        "b.test"};
    struct stated_hosts hosts = {.count = 0};
    for (size_t i = 0; i < COUNT(names); i++)
        stated_add_host(&hosts, span_z(names[i]));
    stated_add_host(&hosts, span_z(NULL));
    stated_add_domain(&hosts, span_z("\"a@b\"@c.test"));
    stated_add_domain(&hosts, span_z("postmaster"));
    stated_add_domain(&hosts, span_z(NULL));
    stated_add_domains(&hosts, span_z("from <ann@d.test> to joe@B.TEST"));
    cr_assert_eq(hosts.count, 4);
    static const char *const kept[] = {"Mx.Example.net", "b.test", "c.test", "d.test"};
    for (size_t i = 0; i < COUNT(kept); i++)
        cr_expect(span_equal_nocase(hosts.items[i], kept[i]), "%s", kept[i]);
    for (size_t i = 0; i < 2 * STATED_HOSTS_MAX; i++) {
        static char many[2 * STATED_HOSTS_MAX][16];
        snprintf(many[i], sizeof many[i], "h%zu.test", i);
        stated_add_host(&hosts, span_z(many[i]));
    }
    cr_expect_eq(hosts.count, STATED_HOSTS_MAX);
}

Test(stated, phrases)
{
    struct arena arena;
    struct stated stated = {.phrase_count = 0};
    arena_init(&arena);
    stated_add_phrase(&stated, &arena, "  two\n  words ");
    stated_add_phrase(&stated, &arena, "two words");
    stated_add_phrase(&stated, &arena, "short");
    stated_add_phrase(&stated, &arena, "a        b");
    char longer[MASK_PHRASE_BYTES_MAX + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    stated_add_phrase(&stated, &arena, longer);
    stated_add_phrase(&stated, &arena, NULL);
    cr_assert_eq(stated.phrase_count, 1);
    cr_expect(span_equal_nocase(stated.phrases[0], "two words"));
    for (char name[] = "name of a"; name[8] <= 'z'; name[8]++)
        stated_add_phrase(&stated, &arena, name);
    cr_expect_eq(stated.phrase_count, STATED_PHRASES_MAX);
    arena_free(&arena);
}
