/* SPDX-License-Identifier: MIT */
/* test_log_messages.c - the bounded table of open messages. */
#include "base/limits.h"
#include "logs/log_follow.h"
#include "logs/log_messages.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct span key(char *room, unsigned number)
{
    return span_of(room, (size_t)sprintf(room, "Q%u", number));
}

Test(log_messages, the_one_that_was_used_least_recently_goes)
{
    char room[16];
    struct log_messages *t = log_messages_new(NULL, NULL);
    for (unsigned i = 0; i < LIMIT_LOG_MESSAGES; i++)
        log_messages_get(t, key(room, i));
    log_messages_get(t, key(room, 0));
    cr_assert_eq(log_messages_dropped(t), 0);
    log_messages_get(t, key(room, LIMIT_LOG_MESSAGES));
    cr_assert_eq(log_messages_dropped(t), 1);
    cr_assert(log_messages_find(t, key(room, 0)));
    cr_assert(!log_messages_find(t, key(room, 1)));
    cr_assert(log_messages_find(t, key(room, 2)));
    log_messages_remove(t, key(room, 2));
    cr_assert(!log_messages_find(t, key(room, 2)));
    log_messages_free(t);
}

Test(log_messages, recipients_of_one)
{
    char room[16];
    struct log_messages *t = log_messages_new(NULL, NULL);
    struct log_message *m = log_messages_get(t, span_z("Q"));
    bool before;
    for (unsigned i = 0; i < LIMIT_LOG_TOLD; i++)
        cr_assert(log_messages_tell(t, m, key(room, i), &before) && !before);
    cr_assert(!log_messages_tell(t, m, key(room, LIMIT_LOG_TOLD), &before) && !before);
    cr_assert(log_messages_tell(t, m, key(room, 7), &before) && before);
    log_messages_free(t);
}

Test(log_messages, recipients_of_all)
{
    char room[16];
    struct log_messages *t = log_messages_new(NULL, NULL);
    bool before;
    for (unsigned i = 0; i <= LIMIT_LOG_RECIPIENTS / LIMIT_LOG_TOLD; i++) {
        struct log_message *m = log_messages_get(t, key(room, i));
        for (unsigned k = 0; k < LIMIT_LOG_TOLD; k++)
            log_messages_tell(t, m, key(room, k), &before);
        cr_assert_eq(log_messages_dropped(t), i == LIMIT_LOG_RECIPIENTS / LIMIT_LOG_TOLD);
    }
    log_messages_free(t);
}

Test(log_messages, strings_of_any_length)
{
    static char text[LIMIT_ADDRESS_BYTES + 2];
    char *kept = NULL;
    memset(text, 'x', sizeof text);
    log_message_set(&kept, span_of(text, LIMIT_ADDRESS_BYTES));
    cr_assert_eq(strlen(kept), LIMIT_ADDRESS_BYTES);
    log_message_set(&kept, span_of(text, LIMIT_ADDRESS_BYTES + 1));
    cr_assert_eq(strlen(kept), LIMIT_ADDRESS_BYTES);
    free(kept);
}

Test(log_relays, networks_and_names)
{
    struct log_relays *r = log_relays_new();
    cr_assert(log_relays_add(r, "192.0.2.0/25"));
    cr_assert(log_relays_add(r, "2001:db8::/33"));
    cr_assert(log_relays_add(r, "out.example.net"));
    static const char *const wrong[] = {"", "192.0.2.0/33", "192.0.2.0/", "a b", "x/8", "::1/129", "192.0.2.0/8x"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        cr_assert(!log_relays_add(r, wrong[i]), "%s", wrong[i]);
    static const struct {
        const char *name, *address;
        bool have;
    } rows[] = {{"x", "192.0.2.127", true},       {"x", "192.0.2.128", false},   {"x", "2001:db8:7fff::1", true},
                {"x", "2001:db8:8000::1", false}, {"OUT.example.net", "", true}, {"x", "10.1.2.3", true},
                {"x", "127.0.0.1", true},         {"localhost", "", true},       {"x", "::1", true},
                {"x", "172.32.0.1", false},       {"x", "172.31.0.1", true},     {"", "", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(log_relays_have(r, span_z(rows[i].name), span_z(rows[i].address)), rows[i].have, "%s %s",
                     rows[i].name, rows[i].address);
    log_relays_free(r);
}
