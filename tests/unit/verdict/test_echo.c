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
