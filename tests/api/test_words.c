/* SPDX-License-Identifier: MIT */
/*
 * test_words.c - names and lists of bounce.h, rules and mails in one call, and what
 * getters return for NULL. A plain program, like test_api.c.
 */
#include <bounce.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            failures++; \
        } \
    } while (0)

static bool equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* Each value has a name that leads back to it, up to the last value; nothing else has one. */
#define CHECK_NAMES(what, last) \
    do { \
        bounce_##what value; \
        for (int i = 0; i <= (int)(last); i++) { \
            CHECK(bounce_##what##_from_name(bounce_##what##_name((bounce_##what)i), &value)); \
            CHECK((int)value == i); \
        } \
        CHECK(!bounce_##what##_from_name("no such name", &value) && (int)value == (int)(last)); \
        CHECK(!bounce_##what##_from_name("", &value) && !bounce_##what##_from_name(NULL, &value)); \
    } while (0)

static void test_names(void)
{
    CHECK_NAMES(kind, BOUNCE_KIND_EVENT);
    CHECK_NAMES(action, BOUNCE_ACTION_COMPLAINT);
    CHECK_NAMES(type, BOUNCE_TYPE_HARD);
    CHECK_NAMES(group, BOUNCE_GROUP_NETWORK);
    CHECK_NAMES(command, BOUNCE_COMMAND_DATA);
    CHECK_NAMES(decided_by, BOUNCE_DECIDED_BY_REPORTER);
    CHECK_NAMES(advice, BOUNCE_ADVICE_CONTACT_RECIPIENT);
    CHECK_NAMES(queue, BOUNCE_QUEUE_HOLD);

    bounce_sent_answer answer = BOUNCE_SENT_NO;
    CHECK(bounce_sent_from_name("yes", &answer) && answer == BOUNCE_SENT_YES);
    CHECK(bounce_sent_from_name("unknown", &answer) && answer == BOUNCE_SENT_UNKNOWN);
    CHECK(!bounce_sent_from_name("maybe", &answer) && !bounce_sent_from_name(NULL, &answer));
    CHECK(answer == BOUNCE_SENT_UNKNOWN);
}

static void test_status_texts(void)
{
    for (int i = BOUNCE_OK; i <= BOUNCE_ERROR_SYNTAX; i++)
        CHECK(!equal(bounce_status_text((bounce_status)i), bounce_status_text((bounce_status)99)));
    CHECK(equal(bounce_status_text(BOUNCE_ERROR_MEMORY), "memory ran out"));
}

static void test_reasons(void)
{
    CHECK(bounce_reason_count() > BOUNCE_REASON_DELIVERED);
    for (size_t i = 0; i < bounce_reason_count(); i++) {
        CHECK(bounce_reason_from_name(bounce_reason_name((bounce_reason)i)) == (bounce_reason)i);
        CHECK(*bounce_reason_advice_text((bounce_reason)i));
        CHECK(bounce_reason_advice((bounce_reason)i, 99) == BOUNCE_ADVICE_NONE);
    }
    CHECK(bounce_reason_group(BOUNCE_REASON_NO_SUCH_USER) == BOUNCE_GROUP_RECIPIENT);
    CHECK(bounce_reason_type(BOUNCE_REASON_NO_SUCH_USER) == BOUNCE_TYPE_HARD);
    CHECK(bounce_reason_type(BOUNCE_REASON_COMPLAINT) == BOUNCE_TYPE_NONE);
    CHECK(bounce_reason_advice(BOUNCE_REASON_MAILBOX_FULL, 0) == BOUNCE_ADVICE_RETRY);
    CHECK(bounce_reason_advice(BOUNCE_REASON_MAILBOX_FULL, 1) == BOUNCE_ADVICE_CONTACT_RECIPIENT);
    CHECK(bounce_reason_advice(BOUNCE_REASON_MAILBOX_FULL, 2) == BOUNCE_ADVICE_NONE);
    CHECK(bounce_reason_group((bounce_reason)9999) == BOUNCE_GROUP_OTHER);
    CHECK(bounce_reason_type((bounce_reason)9999) == BOUNCE_TYPE_SOFT);
}

/* ------------------------------------------------------- rules from memory */

static const char parrot[] = "rule mine/parrot\nreason policy\nphrase the parrot is asleep\nwhy Ours.\n"
                             "example 550 the parrot is asleep\nnear 550 the parrot is awake\n";

static void check_parrot(bounce_rules *rules, const char *file)
{
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    CHECK(bounce_parse_reply(parser, "550 the parrot is asleep", 24, NULL, &report, NULL) == BOUNCE_OK);
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), "mine/parrot"));
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE), file));
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

static void note_path(void *data, const char *path, const bounce_error *error)
{
    char *seen = data;
    snprintf(seen, 400, "%s|%s", path, error->message);
}

static void test_rules_in_memory(void)
{
    static const char broken[] = "rule mine/broken\nnonsense 1\n";
    const bounce_rules_source sources[] = {{.path = "birds", .text = parrot, .length = sizeof parrot - 1},
                                           {.path = "b", .text = broken, .length = sizeof broken - 1}};
    bounce_rules *rules;
    bounce_error error;
    char seen[400] = "";
    CHECK(bounce_rules_load_sources(sources, 1, NULL, NULL, &rules, &error) == BOUNCE_OK);
    check_parrot(rules, "birds");
    CHECK(bounce_rules_load_sources(sources, 2, note_path, seen, &rules, &error) == BOUNCE_ERROR_RULES && !rules);
    CHECK(strncmp(seen, "b|", 2) == 0 && strncmp(error.message, "b: ", 3) == 0 && error.line);
}

/* The path is part of the message; only the end of a long one, in whole characters, so that the message fits too. */
static void test_path_in_message(void)
{
    char name[400], *at = name;
    for (int i = 0; i < 60; i++)
        at = stpcpy(at, "ü€\n");
    strcpy(at, "/end.rules");
    const bounce_rules_source source = {.path = name, .text = "nonsense 1\n", .length = 11};
    bounce_rules *rules;
    bounce_error error;
    CHECK(bounce_rules_load_sources(&source, 1, NULL, NULL, &rules, &error) == BOUNCE_ERROR_RULES);
    CHECK(strncmp(error.message, "...", 3) == 0 && !strchr(error.message, '\n'));
    CHECK(strstr(error.message, "/end.rules: ") && strstr(error.message, "nonsense"));
    CHECK(((unsigned char)error.message[3] & 0xc0) != 0x80);
}

/* ------------------------------------------------------------ a mail's file */

static void write_mail(char path[static 64], const char *text, size_t times)
{
    strcpy(path, "/tmp/bounce-words-XXXXXX");
    int fd = mkstemp(path);
    for (size_t i = 0; i < times; i++)
        CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void test_parse_file(void)
{
    static const char mail[] = "From MAILER-DAEMON Sat Jan 31 10:00:05 2026\nFrom: MAILER-DAEMON@mx.example.org\n"
                               "Subject: Undelivered Mail Returned to Sender\n"
                               "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
                               "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
                               "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.1.1\n\n--b--\n";
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, 1024);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_report *report;
    bounce_error error;
    char path[64];
    for (size_t times = 0; times < 5; times++) {
        write_mail(path, mail, times);
        CHECK(bounce_parse_file(parser, path, &report, &error) == BOUNCE_OK);
        CHECK(bounce_report_recipients(report) == (times != 0));
        CHECK(times == 0 || bounce_report_kind(report) == BOUNCE_KIND_DSN);
        CHECK(equal(bounce_report_warning_id(report, 0), times == 0 ? "no-header" : "truncated") == (times % 4 == 0));
        bounce_report_free(report);
        unlink(path);
    }
    CHECK(bounce_parse_file(parser, path, &report, &error) == BOUNCE_ERROR_IO && !report);
    CHECK(error.status == BOUNCE_ERROR_IO && strstr(error.message, path));
    CHECK(bounce_parse_file(parser, "/tmp", &report, NULL) == BOUNCE_ERROR_IO && !report);
    CHECK(bounce_parse_file(parser, NULL, &report, &error) == BOUNCE_ERROR_ARGUMENT && !report);
    CHECK(bounce_parse_file(parser, path, NULL, &error) == BOUNCE_ERROR_ARGUMENT && *error.message);
    CHECK(bounce_parse_file(NULL, path, &report, NULL) == BOUNCE_ERROR_ARGUMENT);
    bounce_parser_free(parser);
    bounce_options_free(options);
    bounce_rules_unref(rules);
}

/* --------------------------------------- what test_api.c does not test of NULL */

static void test_null_objects(void)
{
    bool flag = true;
    uint64_t number = 7;
    bounce_position position;
    CHECK(bounce_rules_count(NULL) == 0 && bounce_rules_digest(NULL) == NULL);
    CHECK(bounce_rule_reason(NULL) == BOUNCE_REASON_UNKNOWN && bounce_rule_tier(NULL) == 0);
    CHECK(bounce_rule_line(NULL) == 0 && bounce_rule_rank(NULL, NULL) == 0);
    CHECK(!bounce_report_attempted(NULL) && !bounce_report_inbound(NULL) && bounce_report_repeated(NULL) == 0);
    CHECK(!bounce_report_message_size(NULL, &number) && number == 7);
    CHECK(bounce_report_trust(NULL, BOUNCE_TRUST_SPF) == NULL);
    CHECK(!bounce_report_null_sender(NULL, &flag) && !bounce_report_reporter_related(NULL, &flag) && flag);
    CHECK(!bounce_recipient_named_in_original(NULL, &flag) && !bounce_recipient_verp_matches(NULL, &flag) && flag);
    CHECK(bounce_recipient_address_to_suppress(NULL) == NULL);
    CHECK(bounce_log_software(NULL) == NULL && bounce_log_warnings(NULL) == 0);
    CHECK(bounce_log_warning_id(NULL, 0) == NULL && bounce_log_warning_text(NULL, 0) == NULL);
    CHECK(bounce_events_skipped(NULL) == 0);
    bounce_mailbox_position(NULL, &position);
    CHECK(position.file == 0 && position.offset == 0 && position.index == 0);
}

int main(void)
{
    test_names();
    test_status_texts();
    test_reasons();
    test_rules_in_memory();
    test_path_in_message();
    test_parse_file();
    test_null_objects();
    printf("%d failed\n", failures);
    return failures != 0;
}
