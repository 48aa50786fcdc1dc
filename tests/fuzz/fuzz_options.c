/* SPDX-License-Identifier: MIT */
/*
 * fuzz_options.c - any bytes as calls that set options, a context and an envelope, and then a mail and a reply.
 *
 * A value is accepted or refused, and a refused value changes nothing; whatever was accepted, the report keeps its
 * promises (fuzz.h), and a second parser with the same options gives the same report.
 */
#include "forms.h"

static struct arena arena;
static bounce_rules *rules;

static const char mail[] = "From: MAILER-DAEMON@mx.example.org\nTo: bounces+joe=example.net@example.org\n"
                           "Subject: failure notice\n"
                           "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.org\n\n"
                           "<joe@example.net>: host mx.example.net said: 550 5.1.1 user unknown\n\n"
                           "--- Below this line is a copy of the message.\n\n"
                           "Return-Path: <bounces@example.org>\nMessage-ID: <1.2@example.org>\nX-Campaign: 7\n\nhi\n";
static const char reply[] = "552 5.2.2 mailbox of <joe@example.net> is over quota";

/* The next bytes as a number; a few of them are enough for all options. */
static uint64_t take_number(struct span *rest)
{
    uint64_t value = 0;
    size_t n = rest->n < 5 ? rest->n : 5;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | (unsigned char)rest->s[i];
    *rest = span_of(rest->s + n, rest->n - n);
    return value >> value % 40;
}

static void set_one(bounce_options *o, bounce_sent *sent, struct span *rest)
{
    const char choice = rest->s[0];
    *rest = span_of(rest->s + 1, rest->n - 1);
    bounce_status status = BOUNCE_OK;
    switch (choice & 7) {
    case 0: status = bounce_options_set_verp(o, fuzz_take_string(&arena, rest)); break;
    case 1: status = bounce_options_add_header(o, fuzz_take_string(&arena, rest)); break;
    case 2: status = bounce_options_set_authserv_id(o, fuzz_take_string(&arena, rest)); break;
    case 3: status = bounce_sent_add_domain(sent, fuzz_take_string(&arena, rest)); break;
    case 4: status = bounce_sent_add_id(sent, fuzz_take_string(&arena, rest)); break;
    case 5: status = bounce_sent_add_relay(sent, fuzz_take_string(&arena, rest)); break;
    default: {
        /* The JIT would compile each time. */
        bounce_option option = (bounce_option)(choice >> 3 & 15);
        status = option == BOUNCE_OPTION_JIT ? BOUNCE_OK : bounce_options_set(o, option, take_number(rest));
        MUST((int)option <= BOUNCE_OPTION_READ_FORWARDED || status == BOUNCE_ERROR_ARGUMENT);
    }
    }
    MUST(status == BOUNCE_OK || status == BOUNCE_ERROR_ARGUMENT || status == BOUNCE_ERROR_LIMIT);
}

static void judge(bounce_parser *parser, bounce_parser *second, struct span rest)
{
    bounce_report *report, *again;
    const char *from = fuzz_take_string(&arena, &rest), *to = fuzz_take_string(&arena, &rest);
    bounce_parser_set_envelope(parser, from, to);
    bounce_parser_set_envelope(second, from, to);
    MUST(bounce_parse(parser, mail, sizeof mail - 1, &report, NULL) == BOUNCE_OK);
    MUST(bounce_parse(second, mail, sizeof mail - 1, &again, NULL) == BOUNCE_OK);
    const char *json = fuzz_check_report(report);
    MUST(strcmp(json, fuzz_check_report(again)) == 0);
    bounce_report_free(report);
    bounce_report_free(again);
    bounce_context *context = bounce_context_new();
    bounce_context_set_command(context, (bounce_command)(rest.n ? (unsigned char)rest.s[0] : 0));
    bounce_context_set_host(context, fuzz_take_string(&arena, &rest));
    bounce_context_set_recipient(context, fuzz_take_string(&arena, &rest));
    MUST(bounce_parse_reply(parser, reply, sizeof reply - 1, context, &report, NULL) == BOUNCE_OK);
    MUST(bounce_report_recipients(report) == 1);
    fuzz_check_report(report);
    bounce_report_free(report);
    bounce_context_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST_CALLS = 16 };
    if (!rules)
        rules = bounce_rules_default();
    if (!size)
        return 0;
    arena_reset(&arena);
    struct span rest = span_of((const char *)data + 1, size - 1);
    bounce_options *options = bounce_options_new();
    bounce_sent *sent = bounce_sent_new();
    MUST(bounce_sent_set_time(sent, 1700000000) == BOUNCE_OK);
    for (size_t calls = data[0] % MOST_CALLS; calls && rest.n; calls--)
        set_one(options, sent, &rest);
    MUST(bounce_options_set_sent(options, data[0] & 64 ? sent : NULL) == BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(rules, options), *second = bounce_parser_new(rules, options);
    judge(parser, second, rest);
    bounce_parser_free(parser);
    bounce_parser_free(second);
    bounce_options_free(options);
    bounce_sent_unref(sent);
    return 0;
}
