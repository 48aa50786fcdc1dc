/* SPDX-License-Identifier: MIT */
/* test_mend.c - JSON from mails: folded, cut anywhere, followed by something else. */
#include "base/limits.h"
#include "events/json.h"
#include "events/mend.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(mend, .init = set_up, .fini = tear_down);

Test(mend, what_it_makes)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"no object", ""},
        {"{", "{}"},
        {"before {\"a\": 1} behind {\"b\": 2}", "{\"a\":1}"},
        {"{\"a\": \"one\r\n two\"}", "{\"a\":\"one   two\"}"},
        {"{\"a\": \"\\x \\u12 \\u00e9 \\\" \\ud800\"}", "{\"a\":\"x u12 \\u00e9 \\\" ud800\"}"},
        {"{\"a\": tru\ne, \"b\": -1.5e3, \"c\": 007, \"d\": TRUE}", "{\"a\":null,\"b\":-1.5e3,\"c\":null,\"d\":true}"},
        /* cut: what is complete stays, and an incomplete string goes, since it is another one */
        {"{\"a\": 1, \"b", "{\"a\":1}"},
        {"{\"a\": 1, \"b\":", "{\"a\":1}"},
        {"{\"a\": {\"b\": [\"x@y.example\", \"z@y.exa", "{\"a\":{\"b\":[\"x@y.example\"]}}"},
        {"{\"a\": [1, {\"b\": 2}], \"c\": {\"d\"", "{\"a\":[1,{\"b\":2}],\"c\":{}}"},
        /* JSON in a string is mended separately */
        {"{\"Message\": \"{\\\"a\\\": \\\"x", "{\"Message\":\"{\\\"a\\\": \\\"x\"}"},
        {"{\"a\": [1}, \"b\": 2}", "{\"a\":[1]}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span got = json_mend(&arena, span_z(rows[i].text));
        cr_assert_eq(got.n, strlen(rows[i].want), "%s: %.*s", rows[i].text, (int)got.n, got.s);
        cr_assert(!got.n || memcmp(got.s, rows[i].want, got.n) == 0, "%s: %s", rows[i].text, got.s);
    }
}

/* Wherever a notification is cut or folded, jansson can read the result. */
Test(mend, cut_and_folded_anywhere)
{
    static const char text[] = "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":"
                               "\"a@b.example\",\"status\":\"5.1.1\"}],\"x\":[true,null,-12.5],\"y\":\"\\u00e9\\n\"}}";
    struct json_library *json = json_library_load();
    struct json_wrong wrong;
    if (!json)
        cr_skip_test("libjansson.so.4 is missing");
    for (size_t n = 1; n < sizeof text; n++) {
        struct span mended = json_mend(&arena, span_of(text, n));
        struct json_t *value = json_read(json, mended, &wrong);
        cr_assert(value, "%zu bytes: %s: %s", n, mended.s, wrong.text);
        const char *address =
            json_text_of(json, json_at(json, value, "bounce/bouncedRecipients/0/emailAddress"), &arena);
        cr_assert(!address || strcmp(address, "a@b.example") == 0, "%zu bytes: %s", n, address);
        json_free(json, value);
    }
    json_library_free(json);
}

Test(mend, depth_at_the_limit)
{
    for (size_t depth = LIMIT_EVENT_DEPTH - 1; depth < LIMIT_EVENT_DEPTH + 2; depth++) {
        char text[LIMIT_EVENT_DEPTH * 2 + 16] = "{\"a\":";
        size_t n = strlen(text), open = 0;
        for (size_t i = 1; i < depth; i++)
            text[n++] = '[';
        struct span mended = json_mend(&arena, span_of(text, n));
        while (open < mended.n && memchr("{[\"a:", mended.s[open], 5))
            open++;
        size_t kept = (open - strlen("{\"a\":")) + 1;
        cr_assert_eq(kept, depth < LIMIT_EVENT_DEPTH ? depth : LIMIT_EVENT_DEPTH, "%zu: %s", depth, mended.s);
    }
}
