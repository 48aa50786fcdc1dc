/* SPDX-License-Identifier: MIT */
/*
 * fuzz_rules.c - any bytes as a rule file of the user.
 *
 * Either its errors are listed, each with a line and a message, or the rules
 * are used on a mail and on a reply: their patterns run within the limits. Most are
 * read from memory; some from a file as well, with the same result; and some are
 * checked with their examples, and a rule is drafted from the bytes as a text.
 */
#define _GNU_SOURCE 1
#include "fuzz.h"

#include "rules/load.h"

#include <sys/mman.h>
#include <unistd.h>

static const char mail[] =
    "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure notice\n\n"
    "Your message could not be delivered.\n\n<user@example.net>:\n"
    "mx.example.net said: 550 5.1.1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa user unknown\n";
static const char reply[] = "552 5.2.2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa over quota b";

static void on_error(void *data, const char *path, const bounce_error *error)
{
    size_t *count = data;
    ++*count;
    MUST(path && error->status != BOUNCE_OK && error->message[0]);
    MUST(strlen(error->message) < sizeof error->message && !strchr(error->message, '\n'));
    fuzz_check_string(error->message);
}

static void use(bounce_rules *rules)
{
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report;
    MUST(bounce_parse(parser, mail, sizeof mail - 1, &report, NULL) == BOUNCE_OK);
    fuzz_check_report(report);
    bounce_report_free(report);
    MUST(bounce_parse_reply(parser, reply, sizeof reply - 1, NULL, &report, NULL) == BOUNCE_OK);
    fuzz_check_report(report);
    bounce_report_free(report);
    bounce_parser_free(parser);
}

static void check_names(bounce_rules *rules)
{
    MUST(bounce_rules_digest(rules));
    for (size_t i = 0; i < bounce_rules_count(rules); i++)
        for (int f = 0; f <= BOUNCE_RULE_TAG; f++)
            fuzz_check_string(bounce_rule_string(bounce_rules_at(rules, i), (bounce_rule_field)f));
}

/* From a file, as the program does. */
static bounce_status load_file(const uint8_t *data, size_t size, size_t *errors, bounce_rules **rules)
{
    int fd = memfd_create("fuzz.rules", 0);
    MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const char *const paths[] = {path};
    bounce_error error;
    bounce_status status = bounce_rules_load(paths, 1, on_error, errors, rules, &error);
    close(fd);
    return status;
}

static void on_warning(void *data, const char *path, const bounce_error *error)
{
    (void)data;
    MUST(path && error->status == BOUNCE_OK && error->message[0]);
    fuzz_check_string(error->message);
}

/* As --check-rules does. */
static bounce_status check_rules(const char *text, size_t size, size_t *errors)
{
    const bounce_rules_source source = {.path = "fuzz.rules", .text = text, .length = size};
    size_t counts[BOUNCE_RULES_COUNTS];
    return bounce_rules_check(&source, 1, on_error, on_warning, errors, counts, BOUNCE_RULES_COUNTS, NULL);
}

/* Any text for which a rule may be drafted; if so, the rule has neither errors nor warnings. */
static void draft(const char *text)
{
    char drafted[8192];
    size_t length;
    bounce_status status = bounce_rules_draft(NULL, 0, BOUNCE_REASON_SPAM, text, drafted, sizeof drafted, &length);
    MUST(status == BOUNCE_END || (status == BOUNCE_OK && length == strlen(drafted)));
    fuzz_check_string(status == BOUNCE_OK ? drafted : NULL);
}

static void check_outcome(bounce_status status, bounce_rules *rules, size_t errors)
{
    MUST((status == BOUNCE_OK) == (rules != NULL));
    MUST((status == BOUNCE_OK) == (errors == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { FILE_ONE_IN = 64 };
    bounce_rules *rules, *other;
    bounce_error error;
    size_t errors = 0, file_errors = 0;
    char *text = malloc(size + 1);
    MUST(text);
    memcpy(text, data, size);
    text[size] = '\0';
    const struct rule_text file = {"fuzz.rules", text};
    bounce_status status = ruleset_from_texts(NULL, &file, 1, on_error, &errors, &rules, &error);
    check_outcome(status, rules, errors);
    if (size % FILE_ONE_IN == 3) {
        bounce_status again = load_file(data, size, &file_errors, &other);
        check_outcome(again, other, file_errors);
        MUST(memchr(data, '\0', size) || (status == again && errors == file_errors));
        bounce_rules_unref(other);
    }
    if (size % FILE_ONE_IN == 5) {
        size_t check_errors = 0;
        bounce_status checked = check_rules(text, strlen(text), &check_errors);
        MUST(checked == status && check_errors == errors);
        draft(text);
    }
    if (rules) {
        check_names(rules);
        use(rules);
        bounce_rules_unref(rules);
    }
    free(text);
    return 0;
}
