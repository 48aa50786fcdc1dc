/* SPDX-License-Identifier: MIT */
/* test_fields.c - groups of header fields: lines, folding, broken lines, caps. */
#include "mail/fields.h"

#include "mail_testing.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}
static void tear_down(void)
{
    arena_free(&arena);
}

/* "name=value;" of every field, with '/' for line ends in values. */
static const char *render(const struct field_group *g)
{
    struct strbuf b;
    strbuf_init(&b, &arena);
    for (size_t i = 0; i < g->count; i++) {
        strbuf_add(&b, g->fields[i].name.s, g->fields[i].name.n);
        strbuf_putc(&b, '=');
        struct span rest = g->fields[i].value, line;
        for (bool first = true; span_next_line(&rest, &line); first = false) {
            if (!first && !line.n) /* inside CR CR LF */
                continue;
            if (!first)
                strbuf_putc(&b, '/');
            strbuf_add(&b, line.s, line.n);
        }
        strbuf_putc(&b, ';');
    }
    return b.s;
}

static const char *const line_ends[] = {"\n", "\r\n", "\r", "\r\r\n"};

static const struct group_row {
    const char *name, *text, *fields; /* first group */
    size_t bad;
    const char *rest;
} group_rows[] = {
    {"one field", "A: 1\n", "A= 1;", 0, ""},
    {"no line end", "A: 1", "A= 1;", 0, ""},
    {"two groups", "A: 1\nB: 2\n\nC: 3\n", "A= 1;B= 2;", 0, "C: 3\n"},
    {"many blank lines", "\n\nA: 1\n\n \n\t\n\nC: 3\n", "A= 1;", 0, "C: 3\n"},
    {"folded", "A: 1\n 2\n\t3\nB: 4\n", "A= 1/ 2/\t3;B= 4;", 0, ""},
    {"blanks alone fold", "A: 1\n  \nB: 2\n", "A= 1/  ;B= 2;", 0, ""},
    {"blank before the colon", "A \t: 1\n", "A= 1;", 0, ""},
    {"empty value", "A:\nB:\n", "A=;B=;", 0, ""},
    {"colons in the value", "A: b: c:\n", "A= b: c:;", 0, ""},
    {"no colon", "A: 1\njust words\nB: 2\n", "A= 1;B= 2;", 1, ""},
    {"words before a colon", "two words: 1\nB: 2\n", "B= 2;", 1, ""},
    {"folded below a bad line", "bad line\n folded: x\nB: 2\n", "B= 2;", 2, ""},
    {"folded at the start", " x: 1\nB: 2\n", "B= 2;", 1, ""},
    {"colon at the start", ": 1\nB: 2\n", "B= 2;", 1, ""},
    {"8-bit name", "\xc3\xa9: 1\nB: 2\n", "B= 2;", 1, ""},
    {"From line", "From a@example.org Mon\nB: 2\n", "B= 2;", 1, ""},
    {"parameter without its blanks", "Content-Type: a/b;\nboundary=\"x\"\nB: 2\n",
     "Content-Type= a/b;/boundary=\"x\";B= 2;", 0, ""},
    {"no parameter is due", "Content-Type: a/b\nboundary=x\nB: 2\n", "Content-Type= a/b;B= 2;", 1, ""},
    {"no MIME field", "Received: a;\nb=x\nB: 2\n", "Received= a;;B= 2;", 1, ""},
};

Test(fields, groups, .init = set_up, .fini = tear_down)
{
    for (size_t i = 0; i < sizeof group_rows / sizeof *group_rows; i++) {
        const struct group_row *row = &group_rows[i];
        for (size_t k = 0; k < sizeof line_ends / sizeof *line_ends; k++) {
            struct span rest = with_line_ends(&arena, row->text, line_ends[k]),
                        expected = with_line_ends(&arena, row->rest, line_ends[k]);
            struct field_group g;
            size_t bad = 99;
            bool truncated = false;
            cr_assert(fields_read_group(&arena, &rest, 100, &g, &bad, &truncated), "%s, line end %zu", row->name, k);
            cr_assert_str_eq(render(&g), row->fields, "%s, line end %zu: %s", row->name, k, render(&g));
            cr_assert_eq(bad, row->bad, "%s, line end %zu: %zu bad lines", row->name, k, bad);
            cr_assert(rest.n == expected.n && !memcmp(rest.s, expected.s, rest.n), "%s, line end %zu: rest", row->name,
                      k);
            cr_assert(!truncated, "%s", row->name);
        }
    }
}

Test(fields, no_group_is_the_end, .init = set_up, .fini = tear_down)
{
    static const char *const texts[] = {"", "\n", "\r\n \r\n", "  \t ", "\r\r"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct span rest = span_z(texts[i]);
        struct field_group g;
        cr_assert(!fields_read_group(&arena, &rest, 100, &g, NULL, NULL), "row %zu", i);
        cr_assert_eq(g.count, 0, "row %zu", i);
    }
    struct span none = {0};
    struct field_group g;
    cr_assert(!fields_read_group(&arena, &none, 100, &g, NULL, NULL));
}

Test(fields, header_ends_at_one_blank_line, .init = set_up, .fini = tear_down)
{
    struct span rest = span_z("A: 1\n\n\nbody\n");
    struct field_group g;
    fields_read_header(&arena, &rest, '\n', 100, &g, NULL, NULL);
    cr_assert_str_eq(render(&g), "A= 1;");
    cr_assert(rest.n == 6 && !memcmp(rest.s, "\nbody\n", 6));
    fields_read_header(&arena, &rest, '\n', 100, &g, NULL, NULL);
    cr_assert_eq(g.count, 0);
    cr_assert_eq(rest.n, 5);
}

Test(fields, lines_are_capped, .init = set_up, .fini = tear_down)
{
    struct field_group g;
    bool truncated = false;
    struct span rest = span_z("A: 1\nB: 2\n 3\n\nC: 4\n");
    cr_assert(fields_read_group(&arena, &rest, 3, &g, NULL, &truncated));
    cr_assert_str_eq(render(&g), "A= 1;B= 2/ 3;");
    cr_assert(!truncated, "at the limit");
    rest = span_z("A: 1\nB: 2\n 3\nX: 4\n\nC: 4\n");
    cr_assert(fields_read_group(&arena, &rest, 3, &g, NULL, &truncated));
    cr_assert_str_eq(render(&g), "A= 1;B= 2/ 3;");
    cr_assert(truncated, "one beyond");
    cr_assert(rest.n == 5 && rest.s[0] == 'C', "the rest of the group is skipped");
}

Test(fields, get_first_and_last_without_case, .init = set_up, .fini = tear_down)
{
    struct field_group g;
    struct span rest = span_z("Sub: 1\nSubject: 2\nsubJECT: 3\nSubjects: 4\n");
    cr_assert(fields_read_group(&arena, &rest, 100, &g, NULL, NULL));
    cr_assert_eq(fields_get(&g, "SUBJECT").s[1], '2');
    cr_assert_eq(fields_find_last(&g, span_z("Subject")).s[1], '3');
    cr_assert_null(fields_get(&g, "Subj").s);
    cr_assert_null(fields_find_last(&g, span_z("To")).s);
}

Test(fields, bare_cr_ends_a_line_only_without_lf, .init = set_up, .fini = tear_down)
{
    struct field_group g;
    struct span rest = span_z("A: 1\rB: 2\nC: 3\n");
    cr_assert(fields_read_group(&arena, &rest, 100, &g, NULL, NULL));
    cr_assert_eq(g.count, 2);
    cr_assert_eq(fields_line_end(span_z("A: 1\rB: 2\r")), '\r');
    cr_assert_eq(fields_line_end(span_z("A: 1\rB: 2\r\n")), '\n');
    cr_assert_eq(fields_line_end(span_z("A: 1")), '\n');
    cr_assert_eq(fields_line_end(span_z("")), '\n');
}
