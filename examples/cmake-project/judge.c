/* SPDX-License-Identifier: MIT */
/*
 * judge.c - what an SMTP reply means.
 *
 * usage: judge REPLY
 *
 * In: a reply of a server, as one argument. Out: one line of JSON (doc/output.md).
 */
#include <bounce.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    bounce_report *report;
    bounce_error error;
    const char *json;
    if (argc != 2) {
        fputs("usage: judge REPLY\n", stderr);
        return 2;
    }
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_status status = bounce_parse_reply(parser, argv[1], strlen(argv[1]), NULL, &report, &error);
    if (status == BOUNCE_OK)
        status = bounce_report_json(report, NULL, &json, NULL);
    if (status == BOUNCE_OK)
        puts(json); /* owned by the report */
    else
        fprintf(stderr, "judge: %s\n", bounce_status_text(status));
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    return status != BOUNCE_OK;
}
