/* SPDX-License-Identifier: MIT */
/*
 * reading/gate.c - what the gate for ordinary mail does with the mails of a mailbox.
 *
 *     gate MAILBOX...
 *
 * Prints one line for each mail: its path and index, whether the gate lets it
 * pass ("read" or "not-read"), and the kind and number of recipients that it
 * has when it is read in full. tests/bench/gate-report sums these up.
 */
#include "bounce.h"
#include "parser.h"

#include <stdio.h>

#define WHOLE_MESSAGE ((uint64_t)1 << 30)

static void tell(bounce_parser *parser, const bounce_view *view)
{
    bounce_report *report = NULL;
    bool passes = parse_passes_gate(parser, view->bytes, view->length);
    if (bounce_parse(parser, view->bytes, view->length, &report, NULL) == BOUNCE_OK)
        printf("%s\t%llu\t%s\t%s\t%zu\n", view->path ? view->path : "-", (unsigned long long)view->index,
               passes ? "read" : "not-read", bounce_kind_name(bounce_report_kind(report)),
               bounce_report_recipients(report));
    bounce_report_free(report);
}

static int tell_all(bounce_parser *parser, const char *path)
{
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    bounce_status status = bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, WHOLE_MESSAGE, &mailbox, &error);
    if (status == BOUNCE_OK)
        while ((status = bounce_mailbox_next(mailbox, &view, &error)) == BOUNCE_OK)
            tell(parser, &view);
    bounce_mailbox_close(mailbox);
    if (status == BOUNCE_END)
        return 0;
    fprintf(stderr, "gate: %s\n", error.message);
    return 1;
}

int main(int argc, char **argv)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_READ_ALL, 1);
    bounce_parser *parser = bounce_parser_new(rules, options);
    int failed = argc < 2;
    for (int i = 1; i < argc; i++)
        failed |= tell_all(parser, argv[i]);
    bounce_parser_free(parser);
    bounce_options_free(options);
    bounce_rules_unref(rules);
    return failed;
}
