/* SPDX-License-Identifier: MIT */
/*
 * options.c - what the command line asks for.
 *
 * In: the command line, in the syntax of getopt_long(3). Out: settings. Refused,
 * with exit status 2: options that are unknown, values that are out of range,
 * and what makes no sense together.
 */
#include "options.h"

#include "dates.h"
#include "input/going_on.h"
#include "option_table.h"
#include "output/complain.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MAX_JOBS = 1024, MAX_SHARDS = 1000000000, LEAST_TOO_MANY_STEPS = 2000000000 };

/* ------------------------------------------------------- values of options */

static const struct named_value formats[] = {
    {"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"csv", FORMAT_CSV}, {NULL, 0}};

/* Beside the formats of mailboxes. */
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

static int no_date(const char *option)
{
    return usage_error(option, "not a date such as today, yesterday, this month, last month, 2026-11, 2026-11-30 or "
                               "2026-11-30T17:00");
}

static int set_since(struct settings *s, const char *value)
{
    char end[sizeof s->filter.since];
    return dates_read(value, time(NULL), s->filter.since, end) ? 0 : no_date("--since");
}

static int set_until(struct settings *s, const char *value)
{
    char begin[sizeof s->filter.until];
    return dates_read(value, time(NULL), begin, s->filter.until) ? 0 : no_date("--until");
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

/* The word behind --summary is its form if it can be one: "--summary json" is "--summary=json". */
static bool is_summary_form(const char *word)
{
    for (const struct named_value *form = summary_forms; word && form->name; form++)
        if (strcmp(form->name, word) == 0)
            return true;
    return false;
}

/* ------------------------------------------- what you know of your mail */

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

struct known_option {
    const char *name;
    int has_value;
    /* 0, or EXIT_USAGE after a message. */
    int (*set)(struct settings *s, const char *value);
    size_t member; /* if set is NULL: the text that becomes the value, or the flag that becomes true */
    char letter;   /* the short form, or '\0' */
};

#define CALLS(function) LETTER('\0', function)
#define SETS(member) NULL, offsetof(struct settings, member), '\0'
#define LETTER(letter, function) function, 0, letter

static const struct known_option known_options[] = {
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
    {"jit", no_argument, SETS(jit)},
    {"help", no_argument, LETTER('h', set_help)},
    {"version", no_argument, LETTER('V', set_version)},
    /* The last ones, for tests of the library only, and so in no document. */
    {"no-dialects", no_argument, SETS(no_dialects)},
    {"no-prefilter", no_argument, SETS(no_prefilter)},
};

enum { OPTION_COUNT = sizeof known_options / sizeof *known_options, TEST_OPTIONS = 2 };

static struct option_row row_of(size_t i)
{
    return (struct option_row){known_options[i].name, known_options[i].has_value, known_options[i].letter};
}

static int apply(void *settings, size_t i, const char *value)
{
    const struct known_option *option = &known_options[i];
    struct settings *s = settings;
    void *member = (char *)s + option->member;
    if (option->set)
        return option->set(s, value);
    if (option->has_value)
        *(const char **)member = value;
    else
        *(bool *)member = true;
    return 0;
}

/* The value of an option that may have one, where it stands in the next argument; NULL if it does not. */
static int apply_next_form(void *settings, size_t i, const char *value)
{
    struct settings *s = settings;
    char **next = s->inputs + optind;
    if (!value && known_options[i].has_value == optional_argument && is_summary_form(*next)) {
        optind++;
        value = *next;
    }
    return apply(s, i, value);
}

/* Until they are known, the inputs are all arguments. */
static int read_options(struct settings *s, int argc, char **argv)
{
    static const struct option_table table = {OPTION_COUNT, OPTION_COUNT - TEST_OPTIONS, row_of, apply_next_form};
    s->inputs = argv;
    int failed = option_table_read(&table, s, argc, argv);
    s->inputs = argv + optind;
    s->input_count = (size_t)(argc - optind);
    return failed;
}

/* ---------------------------------------------- which options go together */

/* Logs know of the servers that mail is handed over to, and of nothing else. */
static bool only_relays(const struct settings *s)
{
    for (size_t i = 0; i < s->sender.count; i++)
        if (s->sender.options[i].kind != SENDER_RELAY)
            return false;
    return s->mode == MODE_LOG && !s->sender.envelope_from && !s->sender.envelope_to && !s->sender.authserv_id;
}

static int check_mode(const struct settings *s)
{
    bool context = s->host || s->recipient || s->command != BOUNCE_COMMAND_NONE;
    bool takes_inputs = s->mode != MODE_LIST_RULES; /* --check-rules and --test-rules take paths of rules */
    if (context && s->mode != MODE_REPLY)
        return usage_error(NULL, "--command, --host and --recipient need --reply");
    bool sender = s->sender.count || s->sender.envelope_from || s->sender.envelope_to || s->sender.authserv_id;
    if (sender && s->mode != MODE_CLASSIFY && !only_relays(s))
        return usage_error(NULL, "what you know of your mail (--own-domain and the like) is for mails only");
    if ((s->inbound || s->all || s->final || s->log_timezone) && s->mode != MODE_LOG)
        return usage_error(NULL, "--inbound, --all, --final and --log-timezone need --log");
    if (s->input_count > 0 && !takes_inputs)
        return usage_error(s->inputs[0], "--list-rules reads no input");
    if (s->fields.count && (s->format == FORMAT_TEXT || s->suppress))
        return usage_error("--fields", "is for --format json and --format csv");
    if (s->force && !s->suppress)
        return usage_error("--force", "is for --suppress");
    if (s->header_count && s->mode != MODE_CLASSIFY)
        return usage_error("--header", "only mails have a header");
    if (s->shards && s->mode != MODE_CLASSIFY && s->mode != MODE_LOG)
        return usage_error("--shard", "only mails and logs can be read in parts");
    if (s->shards && s->input_format == BOUNCE_FORMAT_MBOXCL)
        return usage_error("--shard", "goes by From lines, not by Content-Length; use --input-format mbox");
    return 0;
}

static int check_summary(const struct settings *s)
{
    bool reads = s->mode == MODE_CLASSIFY || s->mode == MODE_REPLY || s->mode == MODE_LOG;
    if (s->sysexits && !s->output)
        return usage_error("--sysexits", "needs --output: a mail server would return standard output to somebody");
    if ((s->summary || s->output) && !reads)
        return usage_error(s->summary ? "--summary" : "--output", "is for mails, logs, events and replies");
    if (s->as && (s->summary || s->suppress || !reads))
        return usage_error("--as", "is for results, one by one");
    if (s->as && s->fields.count && s->format == FORMAT_CSV)
        return usage_error("--as", "cannot be used with --fields and --format csv");
    if (s->summary && s->suppress)
        return usage_error("--summary", "cannot be used with --suppress");
    if (s->summary && (s->format != FORMAT_TEXT || s->fields.count))
        return usage_error("--summary", "has forms of its own instead of --format and --fields: --summary json");
    return 0;
}

static int check_start(const struct settings *s)
{
    bool reads_lines = s->mode == MODE_REPLY && s->input_count == 0;
    if (s->start_offset && s->mode != MODE_CLASSIFY && s->mode != MODE_LOG && !reads_lines)
        return usage_error("--start-offset", "only mails, logs, and replies of standard input, can be begun inside");
    return 0;
}

static bool is_maildir(const char *path)
{
    char inside[4096];
    struct stat st;
    int n = snprintf(inside, sizeof inside, "%s/new", path);
    return n > 0 && n < (int)sizeof inside && stat(inside, &st) == 0 && S_ISDIR(st.st_mode);
}

static int check_follow(const struct settings *s)
{
    const char *last = s->input_count ? s->inputs[s->input_count - 1] : "-";
    if (!s->follow && !s->state)
        return 0;
    const char *option = s->follow ? "--follow" : "--state";
    bool maildir = s->mode == MODE_CLASSIFY && !s->events && !s->recursive &&
                   (s->input_format == BOUNCE_FORMAT_AUTO || s->input_format == BOUNCE_FORMAT_MAILDIR);
    if (s->mode != MODE_LOG && !maildir)
        return usage_error(option, "is for a log (--log) or a Maildir");
    if (strcmp(last, "-") == 0)
        return usage_error(option, "needs the path of a log or Maildir");
    if (maildir && !is_maildir(last))
        return usage_error(option, "this is no Maildir; for a log, use --log");
    if (s->shards)
        return usage_error("--shard", "what grows has no parts");
    if (s->state && s->input_count != 1)
        return usage_error("--state", "is of one log or Maildir");
    if (s->state && s->start_offset)
        return usage_error("--state", "says where to begin; --start-offset cannot be used");
    return s->state && s->suppress ? usage_error("--state", "--suppress shows nothing before the end") : 0;
}

static int check_events(const struct settings *s)
{
    bool sender = s->sender.count || s->sender.envelope_from || s->sender.envelope_to || s->sender.authserv_id;
    if (s->delivered && !s->events && s->mode != MODE_LOG)
        return usage_error("--delivered", "only logs and events tell of deliveries");
    if (s->events && s->mode != MODE_CLASSIFY)
        return usage_error("--events", "cannot be used with --reply, --check-rules and --list-rules");
    if (s->events && (s->shards || s->start_offset || s->header_count || sender))
        return usage_error("--events", "what is for mails only (--shard, --start-offset, --header and the like) "
                                       "cannot be used");
    return 0;
}

static int check_folder(const struct settings *s)
{
    bool folder = s->input_format == BOUNCE_FORMAT_MAILDIR || s->input_format == BOUNCE_FORMAT_FOLDER;
    bool standard_input = s->input_count == 0;
    for (size_t i = 0; i < s->input_count; i++)
        standard_input = standard_input || strcmp(s->inputs[i], "-") == 0;
    if (s->mode == MODE_CLASSIFY && folder && standard_input)
        return usage_error(NULL, "standard input is not a folder");
    return 0;
}

int settings_read(struct settings *s, int argc, char **argv)
{
    *s = (struct settings){.max_message_bytes = 1u << 20,
                           .max_text_steps = 2000000,
                           .max_message_steps = 20000000,
                           .sender = {.as_of = -1}};
    s->rules = malloc((size_t)argc * sizeof *s->rules);
    s->tested = malloc((size_t)argc * sizeof *s->tested);
    s->against = malloc((size_t)argc * sizeof *s->against);
    s->sender.options = malloc((size_t)argc * sizeof *s->sender.options);
    s->headers = malloc((size_t)argc * sizeof *s->headers);
    s->filter.rules = malloc((size_t)argc * sizeof *s->filter.rules);
    if (!s->rules || !s->tested || !s->against || !s->sender.options || !s->headers || !s->filter.rules) {
        complain(NULL, strerror(ENOMEM));
        return EXIT_READ_OR_WRITE;
    }
    int failed = read_options(s, argc, argv);
    if (failed || s->mode == MODE_HELP || s->mode == MODE_VERSION)
        return failed;
    failed = check_mode(s);
    if (!failed)
        failed = check_summary(s);
    if (!failed)
        failed = check_start(s);
    if (!failed)
        failed = check_events(s);
    if (!failed)
        failed = check_follow(s);
    return failed ? failed : check_folder(s);
}

void settings_free(struct settings *s)
{
    free((void *)s->rules);
    free((void *)s->tested);
    free((void *)s->against);
    free(s->sender.options);
    free((void *)s->headers);
    free(s->filter.rules);
}
