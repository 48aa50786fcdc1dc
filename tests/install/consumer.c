/* SPDX-License-Identifier: MIT */
/* Somebody else's program, built against the installed library. */
#include <bounce.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    static const char reply[] = "550 5.1.1 <joe@example.net>: User unknown";
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    int failed = 1;

    if (strcmp(bounce_version(), BOUNCE_VERSION_STRING) != 0)
        printf("header %s, library %s\n", BOUNCE_VERSION_STRING, bounce_version());
    else if (bounce_parse_reply(parser, reply, strlen(reply), NULL, &report, NULL) == BOUNCE_OK) {
        const bounce_recipient *r = bounce_report_recipient(report, 0);
        puts(bounce_reason_name(bounce_recipient_reason(r)));
        failed = bounce_recipient_reason(r) != BOUNCE_REASON_NO_SUCH_USER;
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    return failed;
}
