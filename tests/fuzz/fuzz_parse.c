/* SPDX-License-Identifier: MIT */
/*
 * fuzz_parse.c - any bytes as a message.
 *
 * The report must keep its promises (fuzz.h). Some inputs are also judged
 * without the pre-filter, which must not change the answer, and with a full
 * explanation.
 */
#include "fuzz.h"

static bounce_parser *usual, *thorough, *explaining;

static bounce_parser *parser_with(bounce_rules *rules, bounce_option option, uint64_t value)
{
    bounce_options *options = bounce_options_new();
    MUST(bounce_options_set(options, option, value) == BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    return parser;
}

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    usual = bounce_parser_new(rules, NULL);
    thorough = parser_with(rules, BOUNCE_OPTION_PREFILTER, 0);
    explaining = parser_with(rules, BOUNCE_OPTION_EXPLAIN, 1);
    bounce_rules_unref(rules);
}

/* Both take many times as long as usual, so they are done for few input sizes. */
static bounce_parser *second_parser(size_t size)
{
    enum { LONGEST_BYTES = 4096, ONE_IN = 32 };
    if (size > LONGEST_BYTES)
        return NULL;
    return size % ONE_IN == 0 ? thorough : size % ONE_IN == 5 ? explaining : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bounce_report *report, *again;
    if (!usual)
        start();
    MUST(bounce_parse(usual, data, size, &report, NULL) == BOUNCE_OK && report);
    const char *json = fuzz_check_report(report);
    bounce_parser *second = second_parser(size);
    if (second) {
        MUST(bounce_parse(second, data, size, &again, NULL) == BOUNCE_OK && again);
        const char *other = fuzz_check_report(again);
        MUST(second == explaining || strcmp(json, other) == 0);
        bounce_report_free(again);
    }
    bounce_report_free(report);
    return 0;
}
