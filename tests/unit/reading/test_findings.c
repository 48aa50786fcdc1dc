/* SPDX-License-Identifier: MIT */
/* test_findings.c - the array of findings (reading/findings.c). */
#include "reading_testing.h"

TestSuite(findings, .init = reading_set_up, .fini = reading_tear_down);

Test(findings, a_new_one_states_nothing_and_is_its_own_parent)
{
    for (uint32_t i = 0; i < 3; i++) {
        const struct finding *f = findings_add(&rd, FINDING_BLOCK, READER_DIALECT);
        cr_expect_eq(f->kind, FINDING_BLOCK);
        cr_expect_eq(f->reader, READER_DIALECT);
        cr_expect_eq(f->parent, i);
        cr_expect(f->last_attempt == INT64_MIN && f->will_retry_until == INT64_MIN && f->attempts == -1);
        cr_expect(!f->address && !f->alias && !f->text && !f->where && !f->dropped_by && !f->action && !f->line);
        cr_expect_eq(rd.findings.count, i + 1u);
    }
}

Test(findings, a_text_belongs_to_its_parent)
{
    uint32_t first = findings_add(&rd, FINDING_FIELDS, READER_STATUS_FIELDS)->parent;
    findings_add(&rd, FINDING_BLOCK, READER_DIALECT);
    struct read_text *text = texts_intern(&rd, span_z("words"));
    const struct finding *f = findings_add_text(&rd, first, ORIGIN_TRANSCRIPT, "part 1", text);
    cr_assert_not_null(f);
    cr_expect_eq(f->kind, FINDING_TEXT);
    cr_expect_eq(f->parent, first);
    cr_expect_eq(f->reader, READER_STATUS_FIELDS); /* its parent's */
    cr_expect_eq(f->origin, ORIGIN_TRANSCRIPT);
    cr_expect_str_eq(f->where, "part 1");
    cr_expect_eq(f->text, text);
    cr_expect_not(f->is_reply);
}

Test(findings, an_empty_text_is_none)
{
    uint32_t block = findings_add(&rd, FINDING_BLOCK, READER_GENERAL)->parent;
    cr_expect_null(findings_add_text(&rd, block, ORIGIN_BESIDE, "part 1", texts_intern(&rd, span_z(" \r\n\t"))));
    cr_expect_eq(rd.findings.count, 1u);
    cr_expect_not_null(findings_add_text(&rd, block, ORIGIN_BESIDE, "part 1", texts_intern(&rd, span_z(" x"))));
    cr_expect_eq(rd.findings.count, 2u);
}

Test(findings, nothing_is_lost_when_the_array_grows)
{
    enum { MANY = 5000 };
    for (uint32_t i = 0; i < MANY; i++) {
        struct finding *f = findings_add(&rd, i % 3 ? FINDING_LISTED : FINDING_BLOCK, READER_HEADER);
        f->line = i;
        f->attempts = (int64_t)i * 7;
    }
    cr_assert_eq(rd.findings.count, (size_t)MANY);
    cr_expect_geq(rd.findings.capacity, (size_t)MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        const struct finding *f = &rd.findings.list[i];
        cr_assert(f->parent == i && f->line == i && f->attempts == (int64_t)i * 7, "%u", i);
        cr_assert_eq(f->kind, i % 3 ? FINDING_LISTED : FINDING_BLOCK, "%u", i);
    }
}

Test(findings, the_first_of_a_kind)
{
    cr_expect_null(findings_first(&rd, FINDING_LISTED));
    findings_add(&rd, FINDING_BLOCK, READER_GENERAL);
    cr_expect_null(findings_first(&rd, FINDING_LISTED));
    findings_add(&rd, FINDING_LISTED, READER_HEADER);
    findings_add(&rd, FINDING_LISTED, READER_HEADER);
    cr_expect_eq(findings_first(&rd, FINDING_LISTED), &rd.findings.list[1]);
}

Test(findings, each_kind_and_reader_has_a_word_of_its_own)
{
    for (int i = FINDING_FIELDS; i <= FINDING_POLARITY; i++)
        for (int k = FINDING_FIELDS; k <= FINDING_POLARITY; k++) {
            const char *a = finding_kind_name((enum finding_kind)i), *b = finding_kind_name((enum finding_kind)k);
            cr_assert(a && b && *a && (i == k) == !strcmp(a, b), "%d, %d", i, k);
        }
    for (int i = READER_STATUS_FIELDS; i <= READER_GENERAL; i++)
        for (int k = READER_STATUS_FIELDS; k <= READER_GENERAL; k++) {
            const char *a = finding_reader_name((enum finding_reader)i),
                       *b = finding_reader_name((enum finding_reader)k);
            cr_assert(a && b && *a && (i == k) == !strcmp(a, b), "%d, %d", i, k);
        }
    cr_expect_str_eq(finding_kind_name(FINDING_ORIGINAL_TO), "original-to"); /* as doc and --explain have it */
    cr_expect_str_eq(finding_reader_name(READER_STATUS_FIELDS), "status-fields");
}
