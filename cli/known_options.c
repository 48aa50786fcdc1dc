/* SPDX-License-Identifier: MIT */
/*
 * known_options.c - every option, and what its value does to the settings.
 *
 * In: the value of one option at a time. Out: settings. Refused, with exit
 * status 2: values that are out of range, and a second mode.
 */
#include "known_options.h"

#include "dates.h"
#include "input/going_on.h"

#include <getopt.h>
#include <string.h>
#include <strings.h>

enum { MAX_JOBS = 1024, MAX_SHARDS = 1000000000, LEAST_TOO_MANY_STEPS = 2000000000 };

/* ------------------------------------------------------- values of options */

static const struct named_value formats[] = {
    {"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"csv", FORMAT_CSV}, {NULL, 0}};

/* In addition to the formats of mailboxes. */
enum { INPUT_IS_LOG = 1000, INPUT_EVENTS };

static const struct named_value input_formats[] = {{"auto", BOUNCE_FORMAT_AUTO},
                                                   {"mail", BOUNCE_FORMAT_MAIL},
                                                   {"mbox", BOUNCE_FORMAT_MBOX},
                                                   {"mboxcl", BOUNCE_FORMAT_MBOXCL},
                                                   {"maildir", BOUNCE_FORMAT_MAILDIR},
                                                   {"folder", BOUNCE_FORMAT_FOLDER},
                                                   {"log", INPUT_IS_LOG},
                                                   {"events", INPUT_EVENTS},
                                                   {NULL, 0}};

static const struct named_value commands[] = {{"EHLO", BOUNCE_COMMAND_EHLO},         {"HELO", BOUNCE_COMMAND_EHLO},
                                              {"LHLO", BOUNCE_COMMAND_EHLO},         {"AUTH", BOUNCE_COMMAND_AUTH},
                                              {"STARTTLS", BOUNCE_COMMAND_STARTTLS}, {"MAIL", BOUNCE_COMMAND_MAIL},
                                              {"RCPT", BOUNCE_COMMAND_RCPT},         {"DATA", BOUNCE_COMMAND_DATA},
                                              {"BDAT", BOUNCE_COMMAND_DATA},         {NULL, 0}};

static const struct named_value colors[] = {
    {"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS}, {"never", COLOR_NEVER}, {NULL, 0}};

static int set_format(struct settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--format", formats, value, &chosen);
    s->format = (enum format)chosen;
    return failed;
}

static int set_mode(struct settings *s, enum mode mode);

static int set_input_format(struct settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--input-format", input_formats, value, &chosen);
    if (!failed && chosen == INPUT_IS_LOG)
        return set_mode(s, MODE_LOG);
    s->events = chosen == INPUT_EVENTS;
    s->input_format = s->events ? BOUNCE_FORMAT_AUTO : (bounce_format)chosen;
    return failed;
}

static int set_command(struct settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--command", commands, value, &chosen);
    s->command = (bounce_command)chosen;
    return failed;
}

static int set_color(struct settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--color", colors, value, &chosen);
    s->color = (enum color)chosen;
    return failed;
}

static int set_with_filename(struct settings *s, const char *value)
{
    (void)value;
    s->filename = FILENAME_ALWAYS;
    return 0;
}

static int set_no_filename(struct settings *s, const char *value)
{
    (void)value;
    s->filename = FILENAME_NEVER;
    return 0;
}

static int set_max_message_bytes(struct settings *s, const char *value)
{
    if (!read_size(value, &s->max_message_bytes) || s->max_message_bytes == 0)
        return usage_error("--max-message-bytes", "not a number of bytes");
    return 0;
}

static int set_max_steps(struct settings *s, const char *value)
{
    if (read_count(&value, LEAST_TOO_MANY_STEPS, &s->max_text_steps) && *value++ == '/' &&
        read_count(&value, LEAST_TOO_MANY_STEPS, &s->max_message_steps) && !*value)
        return 0;
    return usage_error("--max-steps", "not TEXT/MAIL, two numbers of steps");
}

static int set_jobs(struct settings *s, const char *value)
{
    return read_count(&value, MAX_JOBS, &s->jobs) && !*value ? 0 : usage_error("--jobs", "not a number from 1 to 1024");
}

static int set_shard(struct settings *s, const char *value)
{
    if (read_count(&value, MAX_SHARDS, &s->shard) && *value++ == '/' && read_count(&value, MAX_SHARDS, &s->shards) &&
        !*value && s->shard <= s->shards)
        return 0;
    return usage_error("--shard", "not K/N with K from 1 to N");
}

/* -------------------------------------------------------- what is shown */

static int add_condition(struct settings *s, const char *option, const char *value, bool excludes)
{
    char text[1024];
    return filter_add(&s->filter, value, excludes, text, sizeof text) ? 0 : usage_error(option, text);
}

static int add_only(struct settings *s, const char *value)
{
    return add_condition(s, "--only", value, false);
}

static int add_exclude(struct settings *s, const char *value)
{
    return add_condition(s, "--exclude", value, true);
}

static int add_fields(struct settings *s, const char *value)
{
    char text[512];
    return fields_add(&s->fields, value, text, sizeof text) ? 0 : usage_error("--fields", text);
}

static int no_date(const char *option, const char *value)
{
    return usage_error(option, dates_problem(value));
}

static int set_since(struct settings *s, const char *value)
{
    char end[sizeof s->filter.since];
    return dates_read(value, time(NULL), s->filter.since, end) ? 0 : no_date("--since", value);
}

static int set_until(struct settings *s, const char *value)
{
    char begin[sizeof s->filter.until];
    return dates_read(value, time(NULL), begin, s->filter.until) ? 0 : no_date("--until", value);
}

static const struct named_value systems[] = {{"sisimai4", 0},  {"sisimai5", 1}, {"ses", 2},     {"sendgrid", 3},
                                             {"sparkpost", 4}, {"powermta", 5}, {"kumomta", 6}, {"postmark", 7},
                                             {"mailgun", 8},   {"listmonk", 9}, {"mautic", 10}, {"mailman", 11},
                                             {NULL, 0}};

static int set_as(struct settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--as", systems, value, &chosen);
    s->as = systems[chosen].name;
    return failed;
}

static const struct named_value summary_forms[] = {
    {"text", SUMMARY_TEXT}, {"json", SUMMARY_JSON}, {"html", SUMMARY_HTML}, {NULL, 0}};

static int set_summary(struct settings *s, const char *value)
{
    int chosen = SUMMARY_TEXT, failed = value ? choose_value("--summary", summary_forms, value, &chosen) : 0;
    s->summary = (enum summary_form)chosen;
    return failed;
}

bool is_summary_form(const char *word)
{
    for (const struct named_value *form = summary_forms; word && form->name; form++)
        if (strcmp(form->name, word) == 0)
            return true;
    return false;
}

/* ------------------------------------------ facts about the user's mail */

static int add_sender_option(struct settings *s, enum sender_kind kind, const char *value)
{
    s->sender.options[s->sender.count++] = (struct sender_option){kind, value};
    return 0;
}

static int add_own_domain(struct settings *s, const char *value)
{
    return add_sender_option(s, SENDER_DOMAIN, value);
}

static int add_relay(struct settings *s, const char *value)
{
    return add_sender_option(s, SENDER_RELAY, value);
}

static int add_sent_ids(struct settings *s, const char *value)
{
    return add_sender_option(s, SENDER_IDS, value);
}

static int add_sent_keys(struct settings *s, const char *value)
{
    return add_sender_option(s, SENDER_KEYS, value);
}

static int set_as_of(struct settings *s, const char *value)
{
    s->sender.as_of = sender_read_date(value);
    return s->sender.as_of < 0 ? usage_error("--as-of", "not a date such as 2026-11-30") : 0;
}

static int set_start_offset(struct settings *s, const char *value)
{
    s->start_offset = value;
    return going_on_read(value, &s->start) ? 0 : usage_error("--start-offset", "not OFFSET, OFFSET,INDEX or the like");
}
/* ----------------------------------------------------------------- modes */

/* --help and --version override everything; the others exclude each other. */
static int set_mode(struct settings *s, enum mode mode)
{
    if (s->mode == MODE_HELP || s->mode == MODE_VERSION)
        return 0;
    if (s->mode != MODE_CLASSIFY && s->mode != mode && mode != MODE_HELP && mode != MODE_VERSION)
        return usage_error(NULL,
                           "only one of --reply, --log, --check-rules, --test-rules and --list-rules can be used");
    s->mode = mode;
    return 0;
}

static int set_reply(struct settings *s, const char *value)
{
    (void)value;
    return set_mode(s, MODE_REPLY);
}

static int set_log(struct settings *s, const char *value)
{
    (void)value;
    return set_mode(s, MODE_LOG);
}

static int add_rules(struct settings *s, const char *value)
{
    s->rules[s->rules_count++] = value;
    return 0;
}

static int add_header(struct settings *s, const char *value)
{
    for (size_t i = 0; i < s->header_count; i++)
        if (strcasecmp(s->headers[i], value) == 0)
            return 0;
    s->headers[s->header_count++] = value;
    return 0;
}

static int set_check_rules(struct settings *s, const char *value)
{
    add_rules(s, value);
    return set_mode(s, MODE_CHECK_RULES);
}

static int set_test_rules(struct settings *s, const char *value)
{
    s->tested[s->tested_count++] = value;
    return set_mode(s, MODE_TEST_RULES);
}

static int add_against(struct settings *s, const char *value)
{
    s->against[s->against_count++] = value;
    return 0;
}

static int set_list_rules(struct settings *s, const char *value)
{
    (void)value;
    return set_mode(s, MODE_LIST_RULES);
}

static int set_help(struct settings *s, const char *value)
{
    (void)value;
    return set_mode(s, MODE_HELP);
}

static int set_version(struct settings *s, const char *value)
{
    (void)value;
    return set_mode(s, MODE_VERSION);
}

/* ---------------------------------------------------------------- options */

#define CALLS(function) LETTER('\0', function)
#define SETS(member) NULL, offsetof(struct settings, member), '\0'
#define LETTER(letter, function) function, 0, letter

const struct known_option known_options[] = {
    {"format", required_argument, LETTER('f', set_format)},
    {"explain", no_argument, NULL, offsetof(struct settings, explain), 'v'},
    {"trace", no_argument, SETS(trace)},
    {"wide", no_argument, SETS(wide)},
    {"color", required_argument, CALLS(set_color)},
    {"with-filename", no_argument, CALLS(set_with_filename)},
    {"no-filename", no_argument, CALLS(set_no_filename)},
    {"quiet", no_argument, NULL, offsetof(struct settings, quiet), 'q'},
    {"fields", required_argument, CALLS(add_fields)},
    {"only", required_argument, CALLS(add_only)},
    {"exclude", required_argument, CALLS(add_exclude)},
    {"since", required_argument, CALLS(set_since)},
    {"until", required_argument, CALLS(set_until)},
    {"suppress", no_argument, SETS(suppress)},
    {"force", no_argument, SETS(force)},
    {"as", required_argument, CALLS(set_as)},
    {"summary", optional_argument, CALLS(set_summary)},
    {"output", required_argument, NULL, offsetof(struct settings, output), 'o'},
    {"sysexits", no_argument, SETS(sysexits)},
    {"input-format", required_argument, CALLS(set_input_format)},
    {"events", no_argument, SETS(events)},
    {"delivered", no_argument, SETS(delivered)},
    {"max-message-bytes", required_argument, CALLS(set_max_message_bytes)},
    {"max-steps", required_argument, CALLS(set_max_steps)},
    {"read-all", no_argument, SETS(read_all)},
    {"recursive", no_argument, SETS(recursive)},
    {"read-forwarded", no_argument, SETS(read_forwarded)},
    {"shard", required_argument, CALLS(set_shard)},
    {"no-sandbox", no_argument, SETS(no_sandbox)},
    {"start-offset", required_argument, CALLS(set_start_offset)},
    {"header", required_argument, CALLS(add_header)},
    {"verp", required_argument, SETS(verp)},
    {"reply", no_argument, CALLS(set_reply)},
    {"log", no_argument, CALLS(set_log)},
    {"follow", no_argument, SETS(follow)},
    {"state", required_argument, SETS(state)},
    {"inbound", no_argument, SETS(inbound)},
    {"all", no_argument, SETS(all)},
    {"final", no_argument, SETS(final)},
    {"log-timezone", required_argument, SETS(log_timezone)},
    {"command", required_argument, CALLS(set_command)},
    {"host", required_argument, SETS(host)},
    {"recipient", required_argument, SETS(recipient)},
    {"own-domain", required_argument, CALLS(add_own_domain)},
    {"relay", required_argument, CALLS(add_relay)},
    {"sent-ids", required_argument, CALLS(add_sent_ids)},
    {"sent-keys", required_argument, CALLS(add_sent_keys)},
    {"as-of", required_argument, CALLS(set_as_of)},
    {"envelope-from", required_argument, SETS(sender.envelope_from)},
    {"envelope-to", required_argument, SETS(sender.envelope_to)},
    {"authserv-id", required_argument, SETS(sender.authserv_id)},
    {"rules", required_argument, CALLS(add_rules)},
    {"check-rules", required_argument, CALLS(set_check_rules)},
    {"test-rules", required_argument, CALLS(set_test_rules)},
    {"against", required_argument, CALLS(add_against)},
    {"draft-rule", required_argument, SETS(draft_rule)},
    {"undecided", no_argument, SETS(undecided)},
    {"no-config", no_argument, SETS(no_config)},
    {"list-rules", no_argument, CALLS(set_list_rules)},
    {"jobs", required_argument, LETTER('j', set_jobs)},
    {"unordered", no_argument, SETS(unordered)},
    {"jit", no_argument, SETS(jit)},
    {"help", no_argument, LETTER('h', set_help)},
    {"version", no_argument, LETTER('V', set_version)},
    /* The last ones are only for tests of the library, and are not documented. */
    {"no-dialects", no_argument, SETS(no_dialects)},
    {"no-prefilter", no_argument, SETS(no_prefilter)},
};

_Static_assert(sizeof known_options / sizeof *known_options == OPTION_COUNT, "OPTION_COUNT is the length of the table");
