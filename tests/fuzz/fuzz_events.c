/* SPDX-License-Identifier: MIT */
/*
 * fuzz_events.c - any bytes as events of sending services. The first byte chooses the size of the pieces in
 * which they arrive: that must not change the number of reports.
 */
#include "fuzz.h"

static bounce_parser *parser;
static bounce_events *events;

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    parser = bounce_parser_new(rules, NULL);
    bounce_rules_unref(rules);
    MUST(bounce_events_new(parser, &events, NULL) == BOUNCE_OK);
}

static size_t take(void)
{
    size_t count = 0;
    bounce_report *report;
    bounce_error error;
    bounce_source source;
    for (bounce_status status; (status = bounce_events_next(events, &report, &source, &error)) != BOUNCE_END;) {
        MUST(status == BOUNCE_OK || status == BOUNCE_ERROR_SYNTAX);
        if (status != BOUNCE_OK)
            continue;
        MUST(bounce_report_kind(report) == BOUNCE_KIND_EVENT);
        fuzz_check_report(report);
        bounce_report_free(report);
        count++;
    }
    return count;
}

static size_t read_in_pieces(const uint8_t *data, size_t size, size_t piece)
{
    size_t count = 0;
    for (size_t at = 0; at < size; at += piece) {
        bounce_events_add(events, data + at, size - at < piece ? size - at : piece);
        count += take();
    }
    bounce_events_finish(events);
    return count + take();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!parser)
        start();
    if (!size)
        return 0;
    bounce_events_seem(data + 1, size - 1);
    size_t whole = read_in_pieces(data + 1, size - 1, size);
    MUST(read_in_pieces(data + 1, size - 1, (size_t)data[0] + 1) == whole);
    return 0;
}
