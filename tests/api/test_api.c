/* SPDX-License-Identifier: MIT */
/*
 * test_api.c - bounce.h as a user sees it: calls every function, and checks what
 * the header promises about NULL, ownership, ranges and errors.
 * A plain program: it prints and counts failures, and sets its exit status.
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

static const char dsn[] = "From: MAILER-DAEMON@mx.example.org\n"
                          "To: sender@example.org\n"
                          "Subject: Undelivered Mail Returned to Sender\n"
                          "Date: Sat, 31 Jan 2026 10:00:05 +0000\n"
                          "Message-ID: <report-1@mx.example.org>\n"
                          "Auto-Submitted: auto-replied\n"
                          "MIME-Version: 1.0\n"
                          "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n"
                          "\n"
                          "--b\n"
                          "Content-Type: text/plain\n"
                          "\n"
                          "Your message could not be delivered.\n"
                          "--b\n"
                          "Content-Type: message/delivery-status\n"
                          "\n"
                          "Reporting-MTA: dns; mx.example.org\n"
                          "Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000\n"
                          "\n"
                          "Final-Recipient: rfc822; user@example.net\n"
                          "Action: failed\n"
                          "Status: 5.1.1\n"
                          "Remote-MTA: dns; mx.example.net\n"
                          "Diagnostic-Code: smtp; 550 5.1.1 <user@example.net>: User unknown\n"
                          "\n"
                          "--b\n"
                          "Content-Type: text/rfc822-headers\n"
                          "\n"
                          "From: sender@example.org\n"
                          "To: user@example.net\n"
                          "Subject: hello\n"
                          "Message-ID: <original-1@example.org>\n"
                          "\n"
                          "--b--\n";

static const char ordinary[] = "From: a@example.org\nTo: b@example.net\nSubject: lunch\n\nAt noon?\n";

static void test_version(void)
{
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", BOUNCE_VERSION_MAJOR, BOUNCE_VERSION_MINOR, BOUNCE_VERSION_PATCH);
    CHECK(equal(bounce_version(), BOUNCE_VERSION_STRING));
    CHECK(equal(bounce_version(), text));
}

static void test_names(void)
{
    CHECK(equal(bounce_kind_name(BOUNCE_KIND_AUTO_REPLY), "auto-reply"));
    CHECK(equal(bounce_action_name(BOUNCE_ACTION_DELAYED), "delayed"));
    CHECK(equal(bounce_type_name(BOUNCE_TYPE_HARD), "hard"));
    CHECK(equal(bounce_group_name(BOUNCE_GROUP_NETWORK), "network"));
    CHECK(equal(bounce_command_name(BOUNCE_COMMAND_RCPT), "RCPT"));
    CHECK(equal(bounce_decided_by_name(BOUNCE_DECIDED_BY_REPORTER), "reporter"));
    CHECK(equal(bounce_advice_name(BOUNCE_ADVICE_FIX_SENDER), "fix-sender"));
    /* Values of a later version. */
    CHECK(bounce_kind_name((bounce_kind)99) != NULL);
    CHECK(bounce_action_name((bounce_action)99) != NULL);
    CHECK(bounce_type_name((bounce_type)99) != NULL);
    CHECK(bounce_group_name((bounce_group)99) != NULL);
    CHECK(bounce_command_name((bounce_command)99) != NULL);
    CHECK(bounce_decided_by_name((bounce_decided_by)99) != NULL);
    CHECK(bounce_advice_name((bounce_advice)99) != NULL);
    CHECK(equal(bounce_queue_name(BOUNCE_QUEUE_PAUSE_IP), "pause-ip"));
    CHECK(bounce_queue_name((bounce_queue)99) != NULL);
    CHECK(equal(bounce_reason_name((bounce_reason)9999), "unknown"));
}

static void test_reasons(void)
{
    for (int i = 0; i <= BOUNCE_REASON_DELIVERED; i++) {
        bounce_reason reason = (bounce_reason)i;
        CHECK(bounce_reason_from_name(bounce_reason_name(reason)) == reason);
        CHECK(bounce_reason_meaning(reason) && *bounce_reason_meaning(reason));
    }
    CHECK(equal(bounce_reason_name(BOUNCE_REASON_NO_SUCH_USER), "no-such-user"));
    CHECK(bounce_reason_from_name("no-such-reason") == BOUNCE_REASON_UNKNOWN);
    CHECK(bounce_reason_from_name(NULL) == BOUNCE_REASON_UNKNOWN);
    CHECK(bounce_reason_meaning((bounce_reason)9999) != NULL);
}

static void test_rules(bounce_rules *rules)
{
    CHECK(rules != NULL);
    CHECK(bounce_rules_ref(NULL) == NULL);
    CHECK(bounce_rules_ref(rules) == rules);
    bounce_rules_unref(rules);
    CHECK(strstr(bounce_rules_digest(rules), "+sha256:") != NULL);
    CHECK(bounce_rules_count(rules) > 0);
    int tier = 0;
    for (size_t i = 0; i < bounce_rules_count(rules); i++) {
        const bounce_rule *rule = bounce_rules_at(rules, i);
        CHECK(bounce_rule_string(rule, BOUNCE_RULE_ID) != NULL);
        CHECK(bounce_rule_string(rule, BOUNCE_RULE_FILE) != NULL);
        CHECK(bounce_rule_string(rule, BOUNCE_RULE_WHY) != NULL);
        CHECK(bounce_rule_string(rule, BOUNCE_RULE_TAG) == NULL);
        CHECK(bounce_rule_line(rule) > 0);
        CHECK(bounce_rule_reason(rule) <= BOUNCE_REASON_DELIVERED);
        CHECK(bounce_rule_tier(rule) >= tier);
        CHECK(bounce_rule_rank(rules, rule) == i + 1);
        tier = bounce_rule_tier(rule);
    }
}

struct seen_errors {
    int count;
    char path[256];
    bounce_error first;
};

static void on_error(void *data, const char *path, const bounce_error *error)
{
    struct seen_errors *seen = data;
    if (seen->count++ == 0) {
        snprintf(seen->path, sizeof seen->path, "%s", path);
        seen->first = *error;
    }
}

/* Writes a rule file; the caller unlinks it. */
static void write_rules(char path[static 64], const char *text)
{
    strcpy(path, "/tmp/bounce-api-XXXXXX.rules");
    int fd = mkstemps(path, 6);
    CHECK(fd >= 0);
    CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void test_rules_load(void)
{
    static const char good[] = "rule mine/parrot\nreason policy\ntier 1\ntag birds\nphrase the parrot is asleep\n"
                               "why Ours.\nexample 550 the parrot is asleep\nnear 550 the parrot is awake\n";
    static const char bad[] = "rule mine/broken\nreason no-such-reason\nnonsense 1\n";
    char path[64];
    const char *paths[] = {path};
    bounce_rules *rules;
    bounce_error error;

    write_rules(path, good);
    CHECK(bounce_rules_load(paths, 1, NULL, NULL, &rules, &error) == BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    CHECK(bounce_parse_reply(parser, "550 the parrot is asleep", 24, NULL, &report, &error) == BOUNCE_OK);
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    CHECK(bounce_recipient_reason(r) == BOUNCE_REASON_POLICY);
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_TAG), "birds"));
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), "mine/parrot"));
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    unlink(path);

    struct seen_errors seen = {0};
    write_rules(path, bad);
    CHECK(bounce_rules_load(paths, 1, on_error, &seen, &rules, &error) == BOUNCE_ERROR_RULES);
    CHECK(rules == NULL);
    CHECK(seen.count >= 2);
    CHECK(equal(seen.path, path));
    CHECK(error.status == BOUNCE_ERROR_RULES && error.line == seen.first.line && *error.message);
    unlink(path);

    CHECK(bounce_rules_load(paths, 1, NULL, NULL, &rules, &error) == BOUNCE_ERROR_IO);
    CHECK(rules == NULL && *error.message);
    CHECK(bounce_rules_load(paths, 1, NULL, NULL, &rules, NULL) == BOUNCE_ERROR_IO);
}

static void test_options(bounce_rules *rules)
{
    bounce_options *options = bounce_options_new();
    CHECK(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, 1024) == BOUNCE_OK);
    CHECK(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, 1023) == BOUNCE_ERROR_LIMIT);
    CHECK(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, UINT64_C(1) << 30) == BOUNCE_OK);
    CHECK(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, (UINT64_C(1) << 30) + 1) == BOUNCE_ERROR_LIMIT);
    static const bounce_option flags[] = {BOUNCE_OPTION_EXPLAIN, BOUNCE_OPTION_JIT, BOUNCE_OPTION_DIALECTS,
                                          BOUNCE_OPTION_PREFILTER};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        CHECK(bounce_options_set(options, flags[i], 2) == BOUNCE_ERROR_LIMIT);
        CHECK(bounce_options_set(options, flags[i], 1) == BOUNCE_OK);
    }
    static const bounce_option steps[] = {BOUNCE_OPTION_MAX_TEXT_STEPS, BOUNCE_OPTION_MAX_MESSAGE_STEPS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        CHECK(bounce_options_set(options, steps[i], 999) == BOUNCE_ERROR_LIMIT);
        CHECK(bounce_options_set(options, steps[i], 1000) == BOUNCE_OK);
        CHECK(bounce_options_set(options, steps[i], 1000000000) == BOUNCE_OK);
        CHECK(bounce_options_set(options, steps[i], 1000000001) == BOUNCE_ERROR_LIMIT);
    }
    CHECK(bounce_options_set(options, (bounce_option)99, 1) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_options_set_verp(options, "b+{local}={domain}@news.example") == BOUNCE_OK);
    CHECK(bounce_options_set_verp(options, "b+{address}@news.example") == BOUNCE_OK);
    CHECK(bounce_options_set_verp(options, "b+{local}@news.example") == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_options_set_verp(options, "{address}{address}") == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_options_set_verp(options, NULL) == BOUNCE_OK);
    CHECK(bounce_parser_new(NULL, options) == NULL);
    bounce_parser *parser = bounce_parser_new(rules, options);
    CHECK(parser != NULL);
    bounce_options_free(options);
    bounce_parser_free(parser);
}

static void check_dsn_report(const bounce_report *report)
{
    CHECK(bounce_report_kind(report) == BOUNCE_KIND_DSN);
    CHECK(equal(bounce_report_string(report, BOUNCE_REPORT_REPORTING_MTA), "mx.example.org"));
    CHECK(equal(bounce_report_string(report, BOUNCE_REPORT_ARRIVAL_DATE), "2026-01-31T10:00:00Z"));
    CHECK(equal(bounce_report_string(report, BOUNCE_REPORT_DATE), "2026-01-31T10:00:05Z"));
    CHECK(equal(bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_SUBJECT), "hello"));
    CHECK(bounce_report_string(report, BOUNCE_REPORT_ENVELOPE_ID) == NULL);
    CHECK(bounce_report_string(report, BOUNCE_REPORT_FEEDBACK_TYPE) == NULL);
    CHECK(bounce_report_string(report, (bounce_report_field)999) == NULL);
    CHECK(bounce_report_recipients(report) == 1);
    CHECK(bounce_report_recipient(report, 1) == NULL);
    CHECK(bounce_report_recipient(report, SIZE_MAX) == NULL);
    for (size_t i = 0; i < bounce_report_warnings(report); i++) {
        CHECK(bounce_report_warning_id(report, i) != NULL);
        CHECK(bounce_report_warning_text(report, i) != NULL);
    }
    CHECK(bounce_report_warnings(report) == 0);
}

static void check_dsn_recipient(const bounce_recipient *r)
{
    uint64_t number = 77;
    bounce_reason cause = BOUNCE_REASON_SPAM;
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS), "user@example.net"));
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS), "5.1.1"));
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_STATED_STATUS), "5.1.1"));
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA), "mx.example.net"));
    CHECK(bounce_recipient_string(r, BOUNCE_RECIPIENT_ORIGINAL) == NULL);
    CHECK(bounce_recipient_string(r, BOUNCE_RECIPIENT_TAG) == NULL);
    CHECK(bounce_recipient_string(r, (bounce_recipient_field)999) == NULL);
    CHECK(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADVICE_TEXT) != NULL);
    CHECK(!bounce_recipient_number(r, BOUNCE_RECIPIENT_ATTEMPTS, &number) && number == 77);
    CHECK(!bounce_recipient_number(r, (bounce_recipient_number_field)999, &number) && number == 77);
    CHECK(bounce_recipient_number(r, BOUNCE_RECIPIENT_REPLY_CODE, &number) && number == 550);
    CHECK(bounce_recipient_action(r) == BOUNCE_ACTION_FAILED);
    CHECK(bounce_recipient_type(r) == BOUNCE_TYPE_HARD);
    CHECK(bounce_recipient_reason(r) == BOUNCE_REASON_NO_SUCH_USER);
    CHECK(bounce_recipient_group(r) == BOUNCE_GROUP_RECIPIENT);
    CHECK(!bounce_recipient_cause(r, &cause) && cause == BOUNCE_REASON_SPAM);
    CHECK(bounce_recipient_permanent(r));
    CHECK(bounce_recipient_decided_by(r) == BOUNCE_DECIDED_BY_REMOTE);
    CHECK(bounce_recipient_command(r) <= BOUNCE_COMMAND_DATA);
    CHECK(!bounce_recipient_partial(r));
    CHECK(bounce_recipient_advice_count(r) == 1);
    CHECK(bounce_recipient_advice(r, 0) == BOUNCE_ADVICE_SUPPRESS);
    CHECK(bounce_recipient_advice(r, 1) == BOUNCE_ADVICE_NONE);
    CHECK(bounce_recipient_retry_count(r) == 0);
    CHECK(bounce_recipient_retry_after_s(r, 0) == 0);
    CHECK(bounce_recipient_explain_count(r) == 0);
    CHECK(bounce_recipient_explain(r, 0) == NULL);
    CHECK(bounce_recipient_queue(r) == BOUNCE_QUEUE_DROP && bounce_recipient_mend(r) == NULL);
    CHECK(bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_NAME) == NULL);
    CHECK(bounce_recipient_told(r, (bounce_told_field)99) == NULL);
}

static void check_json(bounce_report *report)
{
    bounce_source source = {"in\"box", 7, BOUNCE_NO_NUMBER, 4321};
    const char *json;
    size_t length = 0;
    CHECK(bounce_report_json(report, &source, &json, &length) == BOUNCE_OK);
    CHECK(length == strlen(json) && !strchr(json, '\n'));
    CHECK(strncmp(json, "{\"schema\":1,", 12) == 0);
    CHECK(strstr(json, "\"source\":{\"path\":\"in\\\"box\",\"index\":7,\"offset\":null,\"length\":4321}") != NULL);
    CHECK(bounce_report_json(report, NULL, &json, NULL) == BOUNCE_OK);
    CHECK(strstr(json, "\"address\":\"user@example.net\"") != NULL);

    char into[8192];
    CHECK(bounce_report_json_into(report, NULL, NULL, 0, &length) == BOUNCE_ERROR_LIMIT);
    CHECK(length == strlen(json) && length < sizeof into);
    CHECK(bounce_report_json_into(report, NULL, into, length, &length) == BOUNCE_ERROR_LIMIT);
    CHECK(bounce_report_json_into(report, NULL, into, length + 1, &length) == BOUNCE_OK);
    CHECK(length == strlen(json) && equal(into, json));
}

/* The report must outlive the parser, the rules and the bytes. */
static void test_parse(bounce_rules *rules)
{
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    char *bytes = malloc(sizeof dsn - 1);
    memcpy(bytes, dsn, sizeof dsn - 1);
    CHECK(bounce_parse(parser, bytes, sizeof dsn - 1, &report, NULL) == BOUNCE_OK);
    free(bytes);
    bounce_parser_free(parser);
    check_dsn_report(report);
    check_dsn_recipient(bounce_report_recipient(report, 0));
    check_json(report);
    CHECK(bounce_report_trace_count(report) == 0 && bounce_report_trace(report, 0) == NULL);
    bounce_report_free(report);
}

static void test_parse_others(bounce_rules *rules)
{
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    bounce_error error;
    CHECK(bounce_parse(parser, ordinary, sizeof ordinary - 1, &report, &error) == BOUNCE_OK);
    CHECK(bounce_report_kind(report) == BOUNCE_KIND_NONE);
    CHECK(bounce_report_recipients(report) == 0);
    bounce_report_free(report);

    CHECK(bounce_parse(parser, NULL, 0, &report, &error) == BOUNCE_OK);
    CHECK(report && bounce_report_kind(report) == BOUNCE_KIND_NONE);
    bounce_report_free(report);

    report = (bounce_report *)&error;
    CHECK(bounce_parse(parser, NULL, 1, &report, &error) == BOUNCE_ERROR_ARGUMENT);
    CHECK(report == NULL && error.status == BOUNCE_ERROR_ARGUMENT && *error.message);
    report = (bounce_report *)&error;
    CHECK(bounce_parse(NULL, dsn, sizeof dsn - 1, &report, &error) == BOUNCE_ERROR_ARGUMENT);
    CHECK(report == NULL);
    bounce_parser_free(parser);
}

static void test_reply(bounce_rules *rules)
{
    static const char text[] = "550 mailbox unavailable";
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_context *context = bounce_context_new();
    bounce_report *report;
    char recipient[] = "joe@example.net";
    bounce_context_set_command(context, BOUNCE_COMMAND_RCPT);
    bounce_context_set_host(context, "mx.example.net");
    bounce_context_set_recipient(context, recipient);
    recipient[0] = 'X'; /* it was copied */
    CHECK(bounce_parse_reply(parser, text, sizeof text - 1, context, &report, NULL) == BOUNCE_OK);
    CHECK(bounce_report_kind(report) == BOUNCE_KIND_REPLY);
    CHECK(bounce_report_recipients(report) == 1);
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    CHECK(equal(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS), "joe@example.net"));
    CHECK(bounce_recipient_command(r) == BOUNCE_COMMAND_RCPT);
    CHECK(bounce_recipient_reason(r) == BOUNCE_REASON_NO_SUCH_USER);
    bounce_report_free(report);

    bounce_context_set_host(context, NULL);
    bounce_context_set_recipient(context, NULL);
    CHECK(bounce_parse_reply(parser, "", 0, context, &report, NULL) == BOUNCE_OK);
    CHECK(bounce_report_recipients(report) == 1);
    CHECK(bounce_recipient_string(bounce_report_recipient(report, 0), BOUNCE_RECIPIENT_ADDRESS) == NULL);
    bounce_report_free(report);
    CHECK(bounce_parse_reply(parser, NULL, 1, context, &report, NULL) == BOUNCE_ERROR_ARGUMENT);
    CHECK(report == NULL);
    bounce_context_free(context);
    bounce_parser_free(parser);
}

static void test_explain(bounce_rules *rules)
{
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_report *report;
    CHECK(bounce_parse(parser, dsn, sizeof dsn - 1, &report, NULL) == BOUNCE_OK);
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    CHECK(bounce_recipient_explain_count(r) > 0);
    CHECK(bounce_recipient_explain(r, 0) != NULL);
    CHECK(bounce_recipient_explain(r, bounce_recipient_explain_count(r)) == NULL);
    CHECK(bounce_report_trace_count(report) > 0);
    for (size_t i = 0; i < bounce_report_trace_count(report); i++)
        CHECK(bounce_report_trace(report, i) && *bounce_report_trace(report, i));
    CHECK(bounce_report_trace(report, bounce_report_trace_count(report)) == NULL);
    CHECK(bounce_report_trace(report, SIZE_MAX / 16) == NULL);
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_options_free(options);
}

static void check_two_messages(bounce_mailbox *mailbox)
{
    bounce_view view;
    bounce_error error;
    CHECK(bounce_mailbox_next(mailbox, &view, &error) == BOUNCE_OK);
    CHECK(view.index == 0 && view.length == view.true_length && view.offset > 0);
    CHECK(bounce_mailbox_next(mailbox, &view, &error) == BOUNCE_OK);
    CHECK(view.index == 1 && memcmp(view.bytes, "Subject: two", 12) == 0);
    CHECK(bounce_mailbox_next(mailbox, &view, &error) == BOUNCE_END);
    CHECK(bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_END);
    bounce_mailbox_close(mailbox);
}

static void test_mailbox(void)
{
    static const char mbox[] = "From a@example.org Sat Jan 31 10:00:00 2026\nSubject: one\n\nx\n\n"
                               "From b@example.org Sat Jan 31 10:00:01 2026\nSubject: two\n\ny\n";
    bounce_mailbox *mailbox;
    bounce_error error;
    CHECK(bounce_mailbox_open_memory(mbox, sizeof mbox - 1, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_OK);
    check_two_messages(mailbox);

    char path[] = "/tmp/bounce-api-XXXXXX";
    int fd = mkstemp(path);
    CHECK(write(fd, mbox, sizeof mbox - 1) == (ssize_t)sizeof mbox - 1);
    CHECK(bounce_mailbox_open(path, BOUNCE_FORMAT_MBOX, 0, &mailbox, &error) == BOUNCE_OK);
    check_two_messages(mailbox);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    CHECK(bounce_mailbox_open_fd(fd, NULL, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_OK);
    check_two_messages(mailbox);
    CHECK(close(fd) == 0); /* it is still ours */
    unlink(path);

    mailbox = (bounce_mailbox *)&error;
    CHECK(bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_ERROR_IO);
    CHECK(mailbox == NULL && error.status == BOUNCE_ERROR_IO && *error.message);
}

/* What is known about one's own mail, as a caller sees it. */
static void test_sent(bounce_rules *rules)
{
    char buffer[256];
    bool value = true;
    bounce_report *report = NULL;
    bounce_sent *sent = bounce_sent_new();
    bounce_options *options = bounce_options_new();
    CHECK(bounce_sent_add_domain(sent, "example.org") == BOUNCE_OK);
    CHECK(bounce_sent_add_relay(sent, "relay.example") == BOUNCE_OK);
    CHECK(bounce_sent_add_id(sent, "<1@example.org>") == BOUNCE_OK);
    CHECK(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 1, "0123456789abcdef", 16) == BOUNCE_OK);
    CHECK(bounce_sent_set_time(sent, 1795992663) == BOUNCE_OK);
    CHECK(bounce_sent_read_ids(sent, "/nonexistent", NULL) == BOUNCE_ERROR_IO);
    CHECK(bounce_sent_read_keys(sent, "/nonexistent", NULL) == BOUNCE_ERROR_IO);
    CHECK(bounce_options_set_sent(options, sent) == BOUNCE_OK);
    CHECK(bounce_options_set_authserv_id(options, "mx.example.org") == BOUNCE_OK);
    CHECK(bounce_sent_add_id(sent, "<2@example.org>") == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_sent_message_id(sent, "1", "example.org", buffer, sizeof buffer) == BOUNCE_OK && buffer[0] == '<');
    CHECK(bounce_sent_return_path(sent, "b@example.org", NULL, buffer, sizeof buffer) == BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_sent_unref(bounce_sent_ref(sent));
    bounce_sent_unref(sent); /* the parser has its own reference */
    bounce_parser_set_envelope(parser, "", buffer);
    CHECK(bounce_parse(parser, dsn, sizeof dsn - 1, &report, NULL) == BOUNCE_OK);
    bounce_parser_reuse(parser, report);
    CHECK(bounce_parse(parser, dsn, sizeof dsn - 1, &report, NULL) == BOUNCE_OK);
    CHECK(bounce_report_sent(report) == BOUNCE_SENT_YES);
    CHECK(equal(bounce_sent_name(bounce_report_sent(report)), "yes"));
    CHECK(equal(bounce_report_trust(report, BOUNCE_TRUST_SENT_WHY), "return-path-key"));
    CHECK(bounce_report_null_sender(report, &value) && value);
    CHECK(bounce_report_reporter_related(report, NULL));
    CHECK(!bounce_recipient_verp_matches(bounce_report_recipient(report, 0), NULL));
    bounce_recipient_named_in_original(bounce_report_recipient(report, 0), NULL);
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_sent_unref(NULL);
}

/* Every function that takes an object accepts NULL for it, and returns what it returns if there is nothing. */
static void test_null_objects(void)
{
    uint64_t number = 77;
    bounce_reason cause = BOUNCE_REASON_SPAM;
    CHECK(bounce_rules_digest(NULL) == NULL);
    CHECK(bounce_rules_count(NULL) == 0);
    CHECK(bounce_rules_at(NULL, 0) == NULL);
    CHECK(bounce_rule_string(NULL, BOUNCE_RULE_ID) == NULL);
    CHECK(bounce_report_kind(NULL) == BOUNCE_KIND_NONE);
    CHECK(bounce_report_string(NULL, BOUNCE_REPORT_SUBJECT) == NULL);
    CHECK(bounce_report_recipients(NULL) == 0);
    CHECK(bounce_report_recipient(NULL, 0) == NULL);
    CHECK(bounce_report_warnings(NULL) == 0);
    CHECK(bounce_report_warning_id(NULL, 0) == NULL);
    CHECK(bounce_report_warning_text(NULL, 0) == NULL);
    CHECK(bounce_report_trace_count(NULL) == 0 && bounce_report_trace(NULL, 0) == NULL);
    CHECK(!bounce_report_machine(NULL) && !bounce_report_auto_reply_left(NULL));
    CHECK(bounce_report_inferred_count(NULL) == 0 && bounce_report_inferred(NULL, 0) == NULL);
    CHECK(bounce_report_headers(NULL) == 0 && bounce_report_header_name(NULL, 0) == NULL);
    CHECK(bounce_report_header_count(NULL, 0) == 0 && bounce_report_header(NULL, 0, 0) == NULL);
    CHECK(bounce_options_add_header(NULL, "Subject") == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_recipient_string(NULL, BOUNCE_RECIPIENT_ADDRESS) == NULL);
    CHECK(!bounce_recipient_number(NULL, BOUNCE_RECIPIENT_ATTEMPTS, &number) && number == 77);
    CHECK(bounce_recipient_action(NULL) == BOUNCE_ACTION_UNKNOWN);
    CHECK(bounce_recipient_type(NULL) == BOUNCE_TYPE_NONE);
    CHECK(bounce_recipient_reason(NULL) == BOUNCE_REASON_UNKNOWN);
    CHECK(bounce_recipient_group(NULL) == BOUNCE_GROUP_OTHER);
    CHECK(!bounce_recipient_cause(NULL, &cause) && cause == BOUNCE_REASON_SPAM);
    CHECK(!bounce_recipient_permanent(NULL) && !bounce_recipient_partial(NULL));
    CHECK(bounce_recipient_decided_by(NULL) == BOUNCE_DECIDED_BY_NOBODY);
    CHECK(bounce_recipient_command(NULL) == BOUNCE_COMMAND_NONE);
    CHECK(bounce_recipient_advice_count(NULL) == 0 && bounce_recipient_advice(NULL, 0) == BOUNCE_ADVICE_NONE);
    CHECK(bounce_recipient_queue(NULL) == BOUNCE_QUEUE_NONE && bounce_recipient_mend(NULL) == NULL);
    CHECK(bounce_recipient_told(NULL, BOUNCE_TOLD_PROVIDER) == NULL);
    CHECK(bounce_recipient_retry_count(NULL) == 0 && bounce_recipient_retry_after_s(NULL, 0) == 0);
    CHECK(bounce_recipient_explain_count(NULL) == 0 && bounce_recipient_explain(NULL, 0) == NULL);
}

/* Arguments that a function forbids: it returns the error, and its result is NULL. */
static void test_forbidden_arguments(bounce_rules *rules)
{
    static const char *const no_path[] = {NULL};
    bounce_error error = {0};
    bounce_rules *loaded = rules;
    CHECK(bounce_rules_load(NULL, 1, NULL, NULL, &loaded, &error) == BOUNCE_ERROR_ARGUMENT);
    CHECK(loaded == NULL && error.status == BOUNCE_ERROR_ARGUMENT && *error.message);
    CHECK(bounce_rules_load(no_path, 1, NULL, NULL, &loaded, NULL) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_rules_load(no_path, 1, NULL, NULL, NULL, &error) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_rules_load(NULL, 0, NULL, NULL, &loaded, &error) == BOUNCE_OK);
    bounce_rules_unref(loaded);

    CHECK(bounce_options_set(NULL, BOUNCE_OPTION_EXPLAIN, 1) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_options_set_verp(NULL, NULL) == BOUNCE_ERROR_ARGUMENT);
    bounce_context_set_command(NULL, BOUNCE_COMMAND_RCPT);
    bounce_context_set_host(NULL, "mx.example.net");
    bounce_context_set_recipient(NULL, "joe@example.net");

    bounce_parser *parser = bounce_parser_new(rules, NULL);
    CHECK(bounce_parse(parser, dsn, sizeof dsn - 1, NULL, &error) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_parse_reply(parser, "550", 3, NULL, NULL, NULL) == BOUNCE_ERROR_ARGUMENT);
    bounce_report *report = (bounce_report *)&error;
    CHECK(bounce_parse_reply(NULL, "550", 3, NULL, &report, NULL) == BOUNCE_ERROR_ARGUMENT && report == NULL);
    CHECK(bounce_parse_reply(parser, NULL, 0, NULL, &report, NULL) == BOUNCE_OK);
    const char *json = "x";
    CHECK(bounce_report_json(NULL, NULL, &json, NULL) == BOUNCE_ERROR_ARGUMENT && json == NULL);
    CHECK(bounce_report_json(report, NULL, NULL, NULL) == BOUNCE_ERROR_ARGUMENT);
    char into[64];
    size_t length = 1;
    CHECK(bounce_report_json_into(NULL, NULL, into, sizeof into, &length) == BOUNCE_ERROR_ARGUMENT && length == 0);
    CHECK(bounce_report_json_into(report, NULL, NULL, sizeof into, &length) == BOUNCE_ERROR_ARGUMENT);
    CHECK(bounce_report_json_into(report, NULL, into, sizeof into, NULL) == BOUNCE_ERROR_ARGUMENT);
    bounce_report_free(report);
    bounce_parser_free(parser);

    bounce_mailbox *mailbox = (bounce_mailbox *)&error;
    CHECK(bounce_mailbox_open(NULL, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_ERROR_ARGUMENT && !mailbox);
    mailbox = (bounce_mailbox *)&error;
    CHECK(bounce_mailbox_open_memory(NULL, 1, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_ERROR_ARGUMENT &&
          !mailbox);
    mailbox = (bounce_mailbox *)&error;
    CHECK(bounce_mailbox_open_fd(-1, NULL, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) != BOUNCE_OK && !mailbox);
    bounce_view view;
    CHECK(bounce_mailbox_next(NULL, &view, &error) == BOUNCE_ERROR_ARGUMENT);
}

/* A long reply is parsed up to the limit, like a message; options were copied. */
static void test_long_reply(bounce_rules *rules)
{
    static char text[2048];
    static const size_t lengths[] = {1024, 1025};
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, 1024);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    memset(text, 'x', sizeof text);
    memcpy(text, "550 User unknown ", 17);
    for (size_t i = 0; i < 2; i++) {
        bounce_report *report;
        CHECK(bounce_parse_reply(parser, text, lengths[i], NULL, &report, NULL) == BOUNCE_OK);
        CHECK(bounce_recipient_reason(bounce_report_recipient(report, 0)) == BOUNCE_REASON_NO_SUCH_USER);
        CHECK(bounce_report_warnings(report) == i);
        CHECK(i == 0 || equal(bounce_report_warning_id(report, 0), "truncated"));
        CHECK(strlen(bounce_recipient_string(bounce_report_recipient(report, 0), BOUNCE_RECIPIENT_DIAGNOSTIC)) == 1024);
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
}

static void test_events(bounce_rules *rules)
{
    static const char text[] = "{\"event\":\"bounce\",\"email\":\"joe@example.net\",\"sg_event_id\":\"1\","
                               "\"reason\":\"550 5.1.1 user unknown\"}";
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_events *events;
    bounce_report *report;
    CHECK(bounce_events_new(parser, &events, NULL) == BOUNCE_OK);
    CHECK(bounce_events_seem(text, sizeof text - 1));
    bounce_events_add(events, text, sizeof text - 1);
    bounce_events_finish(events);
    CHECK(bounce_events_next(events, &report, NULL, NULL) == BOUNCE_OK);
    CHECK(bounce_report_kind(report) == BOUNCE_KIND_EVENT);
    CHECK(equal(bounce_kind_name(BOUNCE_KIND_EVENT), "event"));
    CHECK(equal(bounce_report_string(report, BOUNCE_REPORT_SERVICE_NAME), "sendgrid"));
    CHECK(bounce_recipient_reason(bounce_report_recipient(report, 0)) == BOUNCE_REASON_NO_SUCH_USER);
    bounce_report_free(report);
    CHECK(bounce_events_next(events, &report, NULL, NULL) == BOUNCE_END && report == NULL);
    CHECK(bounce_events_skipped(events) == 0);
    bounce_events_free(events);
    bounce_parser_free(parser);
}

static void test_null(void)
{
    bounce_events_free(NULL);
    bounce_rules_unref(NULL);
    bounce_options_free(NULL);
    bounce_parser_free(NULL);
    bounce_context_free(NULL);
    bounce_report_free(NULL);
    bounce_mailbox_close(NULL);
}

int main(void)
{
    bounce_rules *rules = bounce_rules_default();
    test_version();
    test_names();
    test_reasons();
    test_rules(rules);
    test_rules_load();
    test_options(rules);
    test_parse(rules);
    test_parse_others(rules);
    test_reply(rules);
    test_events(rules);
    test_explain(rules);
    test_sent(rules);
    test_mailbox();
    test_null();
    test_null_objects();
    test_forbidden_arguments(rules);
    test_long_reply(rules);
    bounce_rules_unref(rules);
    printf("%d failed\n", failures);
    return failures != 0;
}
