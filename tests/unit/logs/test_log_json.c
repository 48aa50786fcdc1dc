/* SPDX-License-Identifier: MIT */
/* test_log_json.c - values of a line that is a JSON object. */
#include "base/limits.h"
#include "logs/log_json.h"

#include <criterion/criterion.h>

static void check(const char *line, const char *path, const char *want)
{
    struct arena a;
    arena_init(&a);
    struct span got = log_json(&a, span_z(line), path);
    bool same = want ? got.s && got.n == strlen(want) && !memcmp(got.s, want, got.n) : !got.s;
    cr_assert(same, "%s of %s: %.*s", path, line, (int)got.n, got.s ? got.s : "");
    arena_free(&a);
}

Test(log_json, values)
{
    const char *line =
        "{ \"a\" : \"x\\n\\u00e9\\ud83d\\ude00\\\"\" , \"b\":{\"c\":-5,\"d\":[\"e\",2]},\"n\":null,\"t\":true,"
        "\"bytes\":[104,105],\"s\":\"\"}";
    check(line, "a", "x\n\xc3\xa9\xf0\x9f\x98\x80\"");
    check(line, "b.c", "-5");
    check(line, "b.d", "e");
    check(line, "t", "true");
    check(line, "bytes", "hi");
    check(line, "s", "");
    check(line, "n", NULL);
    check(line, "b", NULL);
    check(line, "b.x", NULL);
    check(line, "a.x", NULL);
}

Test(log_json, broken)
{
    static const char *const lines[] = {"",        "{",        "{\"a\"", "{\"a\":", "{\"a\":\"x",        "{\"a\"}",
                                        "[\"a\"]", "{\"a\":]", "{a:1}",  "\"a\"",   "{\"b\":1 \"a\":2}", "{\"a\":\"\\"};
    for (size_t i = 0; i < COUNT(lines); i++)
        check(lines[i], "a", NULL);
    cr_assert(!log_json_is_whole(span_z("{\"a\":1")));
    cr_assert(!log_json_is_whole(span_z("{\"a\":1} x")));
    cr_assert(log_json_is_whole(span_z("{\"a\":1} ")));
}

Test(log_json, depth)
{
    for (size_t depth = LIMIT_LOG_JSON_DEPTH; depth <= LIMIT_LOG_JSON_DEPTH + 1; depth++) {
        char line[8 * LIMIT_LOG_JSON_DEPTH] = "{";
        for (size_t i = 1; i < depth; i++)
            strcat(line, "\"a\":{");
        for (size_t i = 0; i < depth; i++)
            strcat(line, "}");
        cr_assert_eq(log_json_is_whole(span_z(line)), depth <= LIMIT_LOG_JSON_DEPTH, "%zu", depth);
    }
}
