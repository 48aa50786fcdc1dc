/* SPDX-License-Identifier: MIT */
/*
 * fuzz_log.c - any bytes as a log. The first byte chooses what is reported; the rest are lines, which are read in
 * their order.
 */
#include "fuzz.h"

static bounce_rules *rules;

static void take_all(bounce_log *log)
{
    bounce_report *report;
    bounce_source source;
    while (bounce_log_next(log, &report, &source) == BOUNCE_OK) {
        MUST(bounce_report_kind(report) == BOUNCE_KIND_LOG && bounce_report_recipients(report) == 1);
        MUST(bounce_report_repeated(report) > 0);
        fuzz_check_report(report);
        bounce_report_free(report);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!rules)
        rules = bounce_rules_default();
    if (!size)
        return 0;
    bounce_log *log = bounce_log_new(rules, NULL);
    for (int option = BOUNCE_LOG_DELIVERED; option <= BOUNCE_LOG_FINAL; option++)
        bounce_log_set(log, (bounce_log_option)option, data[0] >> option & 1);
    MUST(bounce_log_file(log, 1791500000) == BOUNCE_OK);
    const uint8_t *line = data + 1, *end = data + size;
    bounce_log_is_known(line, size - 1);
    while (line < end) {
        const uint8_t *stop = (const uint8_t *)memchr(line, '\n', (size_t)(end - line));
        size_t n = stop ? (size_t)(stop + 1 - line) : (size_t)(end - line);
        MUST(bounce_log_line(log, line, n, NULL) == BOUNCE_OK);
        take_all(log);
        line += n;
    }
    MUST(bounce_log_end(log) == BOUNCE_OK);
    take_all(log);
    bounce_log_free(log);
    return 0;
}
