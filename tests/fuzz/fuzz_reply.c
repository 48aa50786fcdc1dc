/* SPDX-License-Identifier: MIT */
/*
 * fuzz_reply.c - any bytes as an SMTP reply. The first byte chooses what else
 * the caller knows: the command, a host, a recipient. The answer is the same
 * a second time, with lines that end with CRLF.
 */
#include "forms.h"

static bounce_parser *parser;
static struct arena arena;

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
    bounce_report *report, *again;
    bounce_context *used = data[0] & 64 ? context : NULL;
    MUST(bounce_parse_reply(parser, (const char *)data + 1, size - 1, used, &report, NULL) == BOUNCE_OK && report);
    MUST(bounce_report_kind(report) == BOUNCE_KIND_REPLY && bounce_report_recipients(report) == 1);
    const char *json = fuzz_check_report(report);
    arena_reset(&arena);
    const struct span text = span_of((const char *)data + 1, size - 1), crlf = fuzz_with_crlf(&arena, text);
    const struct span second = crlf.s ? crlf : text;
    MUST(bounce_parse_reply(parser, second.s, second.n, used, &again, NULL) == BOUNCE_OK);
    const char *other = fuzz_check_report(again);
    if (strcmp(json, other) != 0)
        fprintf(stderr, "%s\n%s\n", json, other);
    MUST(strcmp(json, other) == 0);
    bounce_report_free(again);
    bounce_report_free(report);
    bounce_context_free(context);
    return 0;
}
