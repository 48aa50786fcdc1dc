/* SPDX-License-Identifier: MIT */
/* test_cutter.c - documents from a stream, however it is cut, and input that is not a document. */
#include "core_testing.h"

#include "base/limits.h"
#include "events/cutter.h"

#include <string.h>

/* "D" for a document, "L" too long, "P" too deep, "U" unfinished, "N" no object; the text is added in
 * pieces of this many bytes. Documents that contain "!" are taken for broken. */
static const char *cuts(const char *text, size_t n, size_t piece_bytes)
{
    static char letters[256];
    size_t count = 0, at = 0;
    struct cutter c;
    struct cut_piece piece;
    cutter_begin(&c);
    for (;;) {
        enum cut cut = cutter_next(&c, &piece);
        if (cut == CUT_END)
            break;
        if (cut == CUT_MORE) {
            size_t more = n - at < piece_bytes ? n - at : piece_bytes;
            cutter_add(&c, text + at, more);
            at += more;
            if (at == n)
                cutter_finish(&c);
            continue;
        }
        cr_assert_lt(count, sizeof letters - 1);
        letters[count++] = "..DLPUN"[cut];
        if (cut == CUT_UNFINISHED || (cut == CUT_DOCUMENT && memchr(piece.text.s, '!', piece.text.n)))
            cutter_retry(&c);
    }
    letters[count] = '\0';
    cutter_free(&c);
    return letters;
}

Test(cutter, forms)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {" \r\n\t", ""},
        {"{}", "D"},
        {"\xef\xbb\xbf{}", "D"},
        {"{}{}\n{}", "DDD"},
        {"[{},\n {\"a\":[1,{\"b\":\"}]\"}]}]", "DD"},
        {"{\"a\":\"\\\"}\"}{}", "DD"},
        {"[]", ""},
        {"[{}", "DU"},
        {"{\"a\":1", "U"},
        {"{\"a\":1\n{\"b\":2}\n", "UD"}, /* a line without an end */
        {"{\"a\":\"1\n{\"b\":2}\n{}", "DD"
                                      "D"}, /* a string without an end */
        {"{!}\n{}", "DD"},
        {"{\"a\":[!\n{}]}\n{}", "DDND"},
        {"5, \"x\"\n{}", "NND"},
        {"}{}", "ND"},
        {"null", "N"},
        {"{}\0{}", "D"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t piece = 1; piece < 40; piece += 6)
            cr_expect_str_eq(cuts(rows[i].text, strlen(rows[i].text), piece), rows[i].want, "%s by %zu", rows[i].text,
                             piece);
    cr_expect_str_eq(cuts("{}\0{}", 5, 9), "DND");
}

static const char *nested(size_t depth, const char *open, const char *close)
{
    static char text[4096];
    char *at = text;
    for (size_t i = 0; i < depth; i++)
        at = stpcpy(at, open);
    for (size_t i = 0; i < depth; i++)
        at = stpcpy(at, close);
    stpcpy(at, "\n{}");
    return text;
}

Test(cutter, depth)
{
    const char *text = nested(LIMIT_EVENT_DEPTH, "{", "}");
    cr_expect_str_eq(cuts(text, strlen(text), 7), "DD");
    text = nested(LIMIT_EVENT_DEPTH + 1, "{", "}");
    cr_expect_str_eq(cuts(text, strlen(text), 7), "PD");
    text = nested(1000, "{", "}");
    for (size_t piece = 1; piece < 9; piece++)
        cr_expect_str_eq(cuts(text, strlen(text), piece), "PD", "and the next line is read, by %zu", piece);
    text = nested(LIMIT_EVENT_WRAPS, "[", "]");
    cr_expect_str_eq(cuts(text, strlen(text), 7), "D", "arrays without anything");
    text = nested(LIMIT_EVENT_WRAPS + 1, "[", "]");
    cr_expect_str_eq(cuts(text, strlen(text), 7), "PD");
    text = nested(1000, "[", "]");
    cr_expect_str_eq(cuts(text, strlen(text), 7), "PD", "said once");
}

Test(cutter, length)
{
    const size_t longest = LIMIT_EVENT_BYTES;
    char *text = malloc(longest + 8);
    for (size_t more = 0; more < 2; more++) {
        memset(text, 'x', longest + 8);
        memcpy(text, "{\"", 2);
        memcpy(text + longest + more - 2, "\"}\n{}", 5);
        cr_expect_str_eq(cuts(text, longest + more + 3, 65536), more ? "LD" : "DD", "%zu more", more);
    }
    free(text);
}
