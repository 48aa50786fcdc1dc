/* SPDX-License-Identifier: MIT */
/* test_echo.c - words inside addresses, which servers only repeat. */
#include "verdict/echo.h"

#include "base/arena.h"
#include "core_testing.h"

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
    core_set_up();
}

static void tear_down(void)
{
    core_tear_down();
    arena_free(&arena);
}

TestSuite(echo, .init = set_up, .fini = tear_down);

static bool in_address(const char *text, const char *words)
{
    struct norm_text norm;
    text_normalise(&arena, span_z(text), 4096, &norm);
    const char *at = strstr(norm.text, words);
    cr_assert_not_null(at, "%s", text);
    return echo_is_in_name(&norm, (size_t)(at - norm.text), strlen(words));
}

Test(echo, knows_what_is_inside_an_address)
{
    cr_expect(in_address("550 <user.unknown@example.net>: rejected", "user.unknown"));
    cr_expect(in_address("550 5.1.1 joe@greylist-agency.example unknown", "greylist"));
    cr_expect(in_address("blocked@example.net", "blocked"));
    cr_expect_not(in_address("550 <joe@example.net>: user unknown", "user unknown"));
    cr_expect_not(in_address("550 user unknown: <joe@example.net>", "user unknown"));
    cr_expect_not(in_address("550 <joe@example.net>: rejected", "<joe@example.net>"), "the words name the whole");
    cr_expect_not(in_address("550 @example.net unknown", "example"), "no local part");
    cr_expect_not(in_address("550 unknown@ example", "unknown"), "no domain");
}

Test(echo, knows_what_is_inside_another_name)
{
    cr_expect(in_address("550 the file account-disabled.zip is not allowed", "account-disabled"));
    cr_expect(in_address("550 host mailbox_full.example.net", "mailbox_full"));
    cr_expect(in_address("550 see http://example.net/user-unknown", "user-unknown"));
    cr_expect(in_address("550 spam-filter.example.net", "spam"));
    cr_expect_not(in_address("550 mailbox-full", "mailbox-full"), "no dot");
    cr_expect_not(in_address("550 user unknown.Please check", "unknown"), "a full stop");
    cr_expect_not(in_address("550 over-quota.", "over-quota"), "a full stop");
    cr_expect_not(in_address("550 over-quota 5.2.2", "over-quota"));
}

Test(echo, masks_letters_and_digits_of_addresses_alone)
{
    static const struct {
        const char *text, *masked;
    } rows[] = {
        {"550 <user.unknown@example.net>: user unknown", "550 <xxxx.xxxxxxx@xxxxxxx.xxx>: user unknown"},
        {"a1@b2.test and c@d.test full", "xx@xx.xxxx and x@x.xxxx full"},
        {"no address here", "no address here"},
        {"a file no-mail.zip, over-quota 5.2.2", "a file xx-xxxx.xxx, over-quota 5.2.2"},
        {"@ a@ @b", "@ a@ @b"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct norm_text norm, masked;
        text_normalise(&arena, span_z(rows[i].text), 4096, &norm);
        masked = echo_mask(&arena, &norm);
        cr_expect_str_eq(masked.text, rows[i].masked);
        cr_expect_eq(masked.length, norm.length);
        cr_expect_eq(masked.folded_length, norm.folded_length);
        cr_expect_null(memchr(masked.folded, 'U', masked.folded_length));
    }
}

static bounce_reason reason_of(const char *text)
{
    return bounce_recipient_reason(parse_reply(text, BOUNCE_COMMAND_NONE, NULL));
}

/* A recipient's name must not decide, whatever words it is made of. */
Test(echo, names_of_recipients_decide_nothing)
{
    static const char *const names[] = {"user.unknown", "mailbox.full", "blocked",
                                        "spam",         "greylisted",   "quota-exceeded"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char text[200];
        snprintf(text, sizeof text, "550 5.1.1 <%s@spam-agency.example>: Recipient address rejected: User unknown",
                 names[i]);
        cr_expect_eq(reason_of(text), BOUNCE_REASON_NO_SUCH_USER, "%s", text);
        snprintf(text, sizeof text, "550 <%s@example.net>: Message rejected as spam", names[i]);
        cr_expect_eq(reason_of(text), BOUNCE_REASON_SPAM, "%s", text);
    }
}
