/* SPDX-License-Identifier: MIT */
/* test_value.c - lines of JSON as trees: their contents, what is refused, and the same results as jansson's. */
#include "lines/value.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct value *read_it(const char *text)
{
    return value_read(text, strlen(text));
}

Test(value, members)
{
    const struct value *root =
        read_it(" {\"a\":\"x\\u00e9\\n\\ud83d\\ude00\",\"b\":[1,-2.5e3,true,null,[]],\"a \":-7} ");
    cr_assert_not_null(root);
    cr_assert_str_eq(value_text(value_get(root, "a")), "x\xc3\xa9\n\xf0\x9f\x98\x80");
    cr_assert_eq(value_integer(value_get(root, "a ")), -7);
    cr_assert_null(value_get(root, "c"));
    cr_assert_null(value_get(value_get(root, "c"), "d"));
    const struct value *one = value_first(value_get(root, "b"));
    static const enum value_type types[] = {VALUE_INTEGER, VALUE_REAL, VALUE_TRUE, VALUE_NULL, VALUE_ARRAY};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++, one = value_next(one))
        cr_assert_eq(value_type(one), types[i], "value %zu", i);
    cr_assert_null(one);
    cr_assert_null(value_text(value_get(root, "b")));
}

Test(value, the_last_of_two_counts)
{
    const struct value *root = read_it("{\"a\":1,\"b\":2,\"a\":3}");
    cr_assert_eq(value_integer(value_get(root, "a")), 3);
}

Test(value, refused)
{
    static const char *const lines[] = {"",
                                        "{",
                                        "}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "[1,]",
                                        "[1 2]",
                                        "nul",
                                        "truex",
                                        "01",
                                        "-",
                                        "1.",
                                        "1e",
                                        ".5",
                                        "+1",
                                        "\"a",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\u0000\"",
                                        "\"\\ud800\"",
                                        "\"\\udc00\"",
                                        "\"\t\"",
                                        "{} {}",
                                        "\"\xc3\"",
                                        "\"\xc0\x80\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf4\x90\x80\x80\"",
                                        "{a:1}",
                                        "{\"a\":1",
                                        "[\"\xe9\"]",
                                        "\"\xe0\x80\x80\"",
                                        "\"\xf0\x80\x80\x80\"",
                                        "\"\xf8\x88\x80\x80\x80\""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        cr_assert_null(read_it(lines[i]), "%s", lines[i]);
        cr_assert_not_null(value_problem());
    }
    cr_assert_null(value_read("{\"a\0\":1}", 8));
}

Test(value, depth)
{
    char text[2 * VALUE_DEPTH + 3];
    for (int depth = VALUE_DEPTH; depth <= VALUE_DEPTH + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        cr_assert_eq(value_read(text, 2 * (size_t)depth) != NULL, depth == VALUE_DEPTH);
    }
}

/* ------------------------------------------------ compared with jansson */

static bool is_same(const struct value *v, json_t *theirs)
{
    size_t i = 0;
    const char *name;
    json_t *member;
    switch (json_typeof(theirs)) {
    case JSON_NULL: return value_type(v) == VALUE_NULL;
    case JSON_TRUE: return value_type(v) == VALUE_TRUE;
    case JSON_FALSE: return value_type(v) == VALUE_FALSE;
    case JSON_REAL: return value_type(v) == VALUE_REAL;
    case JSON_INTEGER: return value_integer(v) == json_integer_value(theirs);
    case JSON_STRING: return value_text(v) && strcmp(value_text(v), json_string_value(theirs)) == 0;
    case JSON_OBJECT:
        json_object_foreach(theirs, name, member) if (!is_same(value_get(v, name), member)) return false;
        return value_type(v) == VALUE_OBJECT;
    default: break;
    }
    const struct value *one = value_first(v);
    for (; one && i < json_array_size(theirs); i++, one = value_next(one))
        if (!is_same(one, json_array_get(theirs, i)))
            return false;
    return value_type(v) == VALUE_ARRAY && !one && i == json_array_size(theirs);
}

/* Lines with one to three bytes changed. We accept numbers that jansson calls too large. None is nested 65 deep, which
 * only jansson accepts. */
Test(value, the_same_as_jansson)
{
    static const char line[] = "{\"schema\":1,\"a\":[\"x\\u00e9\\ud83d\\ude00\\\"\",-1.5e+3,0,true,false,null,{}],"
                               "\"r\":{\"s\":{\"t\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"},\"u\":[[]],\"s\":12}}";
    static const char bytes[] = "\"\\{}[]:,0123456789.eE+-utrnfbl \t\n\x80\xbf\xc3\xe0\xed\xf0\xf4\xff";
    int read = 0;
    srand(7);
    for (int i = 0; i < 300000; i++) {
        char changed[sizeof line];
        json_error_t error;
        memcpy(changed, line, sizeof line);
        for (int k = rand() % 3; k >= 0; k--)
            changed[(size_t)rand() % (sizeof line - 1)] = bytes[(size_t)rand() % (sizeof bytes - 1)];
        json_t *theirs = json_loadb(changed, sizeof line - 1, JSON_DECODE_ANY, &error);
        const struct value *ours = value_read(changed, sizeof line - 1);
        if (!theirs && strstr(error.text, "number overflow"))
            continue;
        cr_assert_eq(ours != NULL, theirs != NULL, "%s: %s; %s", changed, error.text, value_problem());
        cr_assert(!theirs || is_same(ours, theirs), "%s", changed);
        read += theirs != NULL;
        json_decref(theirs);
    }
    cr_assert_gt(read, 10000);
}
