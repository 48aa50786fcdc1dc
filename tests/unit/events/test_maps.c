/* SPDX-License-Identifier: MIT */
/* test_maps.c - maps of events: their lines, and their errors. */
#include "core_testing.h"

#include "events/maps.h"

TestSuite(maps, .init = core_set_up, .fini = core_tear_down);

static struct arena arena;

static struct event_map *read_maps(const char *text, const char **wrong)
{
    arena_init(&arena);
    return maps_read(&arena, span_z(text), wrong);
}

Test(maps, builtin)
{
    static const char *const services[] = {"ses",       "sendgrid",     "mailgun",      "postmark",
                                           "sparkpost", "mailjet",      "brevo",        "mandrill",
                                           "resend",    "mailchannels", "elasticemail", "mailersend"};
    const char *wrong;
    arena_init(&arena);
    struct event_map *maps = maps_read(&arena, span_of(bounce_builtin_maps, bounce_builtin_maps_length), &wrong);
    cr_assert_null(wrong, "%s", wrong);
    for (size_t i = 0; i < COUNT(services); i++) {
        const struct event_map *map = maps;
        while (map && strcmp(map->service, services[i]) != 0)
            map = map->next;
        cr_assert_not_null(map, "%s", services[i]);
        cr_expect(map->known && map->on && map->fields[FIELD_EVENT] && map->fields[FIELD_RECIPIENT], "%s", services[i]);
    }
    arena_free(&arena);
}

Test(maps, lines)
{
    const char *wrong;
    struct event_map *map = read_maps("# comment\nservice one # two\nknown a b=c\nknown d\nclass x y\nown 605\n"
                                      "on \"Bad thing\" failed hard no-such-user\non * nothing\n"
                                      "means */full mailbox-full soft\nsays Gone* suppressed\nsays Stop policy\n",
                                      &wrong);
    cr_assert_not_null(map, "%s", wrong);
    cr_expect_str_eq(map->service, "one");
    cr_expect_eq(map->known->count, 2);
    cr_expect_str_eq(map->known->next->paths[0], "d");
    const struct map_word *on = map_word_find(map->on, "bad THING/more");
    cr_expect(on->action == BOUNCE_ACTION_FAILED && on->permanent == 1 && on->reason == BOUNCE_REASON_NO_SUCH_USER);
    cr_expect(map_word_find(map->on, "other")->no_event);
    cr_expect(map_word_find(map->on, NULL)->no_event);
    cr_expect_eq(map_word_find(map->means, "temporary/full")->permanent, 0);
    cr_expect_null(map_word_find(map->means, "full"));
    cr_expect_not_null(map_says_find(map->says, "gone for good"));
    cr_expect_null(map_says_find(map->says, "Stop it"));
    cr_expect_not_null(map_says_find(map->says, " stop "));
    cr_expect_null(map_says_find(map->says, NULL));
    cr_expect(map_has_own(map, "605"));
    cr_expect_not(map_has_own(map, "550"));
    cr_expect_not(map_has_own(map, NULL));
    arena_free(&arena);
}

Test(maps, mistakes)
{
    static const char *const rows[] = {"known a",
                                       "service",
                                       "service a b",
                                       "service a\nknow b",
                                       "service a\nknown",
                                       "service a\non x",
                                       "service a\non x maybe",
                                       "service a\nsays \"open",
                                       "service a\nown 1 2 3 4 5 6 7 8",
                                       "service a\ntext 1 2 3 4 5 6 7 8 9"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *wrong = NULL;
        cr_expect_null(read_maps(rows[i], &wrong), "%s", rows[i]);
        cr_expect(wrong && strncmp(wrong, "line ", 5) == 0, "%s", rows[i]);
        arena_free(&arena);
    }
}
