/* SPDX-License-Identifier: MIT */
/*
 * classify_file.c - what one mail says about each recipient.
 *
 * usage: classify_file FILE...
 *
 * In: files that hold one mail each. Out: a line for each recipient, or one that says that
 * the mail is not a report. Exit status 1 if a file cannot be read.
 *
 *     cc classify_file.c -o classify_file $(pkg-config --cflags --libs libbounce)
 */
#include <bounce.h>

#include <stdio.h>

/* Values that a report does not state are NULL: never pass them to printf() unchecked. */
static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void print_recipient(const bounce_recipient *r)
{
    uint64_t code;
    printf("  %s: %s, %s", or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS)),
           bounce_type_name(bounce_recipient_type(r)), bounce_reason_name(bounce_recipient_reason(r)));
    printf(", status %s", or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS)));
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_REPLY_CODE, &code))
        printf(", reply %u", (unsigned)code);
    putchar('\n');
    printf("    the server said: %s\n", or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC)));
    printf("    what to do: %s\n", or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADVICE_TEXT)));
}

static void print_report(const char *path, const bounce_report *report)
{
    printf("%s: %s, written by %s\n", path, bounce_kind_name(bounce_report_kind(report)),
           or_dash(bounce_report_string(report, BOUNCE_REPORT_SOFTWARE)));
    for (size_t i = 0; i < bounce_report_recipients(report); i++)
        print_recipient(bounce_report_recipient(report, i));
    for (size_t i = 0; i < bounce_report_warnings(report); i++)
        printf("  warning: %s\n", bounce_report_warning_text(report, i));
}

int main(int argc, char **argv)
{
    int status = 0;
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    for (int i = 1; i < argc; i++) {
        bounce_report *report;
        bounce_error error;
        if (bounce_parse_file(parser, argv[i], &report, &error) == BOUNCE_OK) {
            print_report(argv[i], report);
            bounce_report_free(report);
        } else {
            fprintf(stderr, "classify_file: %s\n", error.message); /* the message names the file */
            status = 1;
        }
    }
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    return status;
}
