/* SPDX-License-Identifier: MIT */
/*
 * reply_loop.c - bounce_parse_reply() in a loop, as a mail server calls it.
 *
 *     reply_loop FILE
 *
 * In: a file with one reply a line. Each is judged once and its report freed.
 * Out: replies, seconds of processor time, and replies per second, on one line.
 * Reading the file is not timed.
 */
#include "../clock.h"
#include "bounce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        return NULL;
    long size = ftell(file);
    char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    rewind(file);
    if (bytes)
        *length = fread(bytes, 1, (size_t)size, file);
    fclose(file);
    return bytes;
}

/* Judges each line; returns the number of those for which a reason was found. */
static size_t judge(bounce_parser *parser, const char *text, const char *end, size_t *count)
{
    size_t known = 0;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        bounce_report *report;
        if (bounce_parse_reply(parser, text, (size_t)(stop - text), NULL, &report, NULL) == BOUNCE_OK) {
            known += bounce_recipient_reason(bounce_report_recipient(report, 0)) != BOUNCE_REASON_UNKNOWN;
            bounce_report_free(report);
        }
        ++*count;
        text = stop + 1;
    }
    return known;
}

int main(int argc, char **argv)
{
    size_t length = 0, count = 0;
    char *text = argc == 2 ? read_file(argv[1], &length) : NULL;
    if (!text) {
        fprintf(stderr, "usage: reply_loop FILE\n");
        return 2;
    }
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    double start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    size_t known = judge(parser, text, text + length, &count);
    double seconds = clock_s(CLOCK_PROCESS_CPUTIME_ID) - start;
    printf("%zu %.6f %.0f known %zu\n", count, seconds, (double)count / seconds, known);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    free(text);
    return 0;
}
