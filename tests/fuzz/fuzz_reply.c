/* SPDX-License-Identifier: MIT */
/*
 * fuzz_reply.c - any bytes as an SMTP reply. The first byte chooses what the
 * caller knows beside it: the command, a host, a recipient.
 */
#include "fuzz.h"

static bounce_parser *parser;

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_rules_unref(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const hosts[] = {NULL, "mx.example.net", "gmail-smtp-in.l.google.com",
                                        "example-com.mail.protection.outlook.com"};
    if (!parser)
        start();
    if (!size)
        return 0;
    bounce_context *context = bounce_context_new();
    bounce_context_set_command(context, (bounce_command)(data[0] & 7));
    bounce_context_set_host(context, hosts[data[0] >> 3 & 3]);
    bounce_context_set_recipient(context, data[0] & 32 ? "joe@example.net" : NULL);
    bounce_report *report;
    bounce_context *used = data[0] & 64 ? context : NULL;
    MUST(bounce_parse_reply(parser, (const char *)data + 1, size - 1, used, &report, NULL) == BOUNCE_OK && report);
    MUST(bounce_report_kind(report) == BOUNCE_KIND_REPLY && bounce_report_recipients(report) == 1);
    fuzz_check_report(report);
    bounce_report_free(report);
    bounce_context_free(context);
    return 0;
}
