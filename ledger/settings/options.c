/* SPDX-License-Identifier: MIT */
/*
 * options.c - what the command line asks for.
 *
 * In: the command line, in the syntax of getopt_long(3); options may come before and after the command. Out: settings.
 * Refused, with exit status 2: options that are unknown, or that the command does not take, and values that make no
 * sense.
 */
#include "settings/options.h"

#include "bounce.h"
#include "dates.h"
#include "lines/verdict.h"
#include "option_table.h"
#include "output/complain.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_BATCH = 1000000, DEFAULT_BATCH = 10000, DEFAULT_DAYS = 180, MAX_DAYS = 100000 };

static const struct named_value formats[] = {
    {"text", LEDGER_TEXT}, {"json", LEDGER_JSON}, {"csv", LEDGER_CSV}, {NULL, 0}};
static const struct named_value answers[] = {{"allow", ON_ERROR_ALLOW}, {"deny", ON_ERROR_DENY}, {NULL, 0}};
static const struct named_value reasons[] = {{"resubscribed", BOUNCE_BECAUSE_RESUBSCRIBED},
                                             {"typo-fixed", BOUNCE_BECAUSE_TYPO_FIXED},
                                             {"confirmed", BOUNCE_BECAUSE_CONFIRMED},
                                             {"provider-incident", BOUNCE_BECAUSE_PROVIDER_INCIDENT},
                                             {NULL, 0}};

static int set_format(struct ledger_settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--format", formats, value, &chosen);
    s->format = (enum ledger_format)chosen;
    return failed;
}

static int set_on_error(struct ledger_settings *s, const char *value)
{
    int chosen = 0, failed = choose_value("--on-error", answers, value, &chosen);
    s->on_error = (enum on_error)chosen;
    return failed;
}

static int set_because(struct ledger_settings *s, const char *value)
{
    return choose_value("--because", reasons, value, &s->because);
}

/* An empty path would be a database that is deleted when the program ends. */
static int set_db(struct ledger_settings *s, const char *value)
{
    s->db = value;
    return *value ? 0 : usage_error("--db", "the value is empty");
}

/* The span of time that a date names. */
static int read_date(const char *option, const char *value, int64_t *begin, int64_t *end)
{
    char from[24], to[24];
    if (dates_read(value, time(NULL), from, to) && verdict_time(from, begin) && verdict_time(to, end))
        return 0;
    return usage_error(option, dates_problem(value));
}

static int set_now(struct ledger_settings *s, const char *value)
{
    int64_t end;
    s->has_now = true;
    return read_date("--now", value, &s->now, &end);
}

static int set_since(struct ledger_settings *s, const char *value)
{
    int64_t end;
    return read_date("--since", value, &s->since, &end);
}

static int set_until(struct ledger_settings *s, const char *value)
{
    int64_t begin;
    return read_date("--until", value, &begin, &s->until);
}

static int read_number(const char *option, const char *value, int64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoll(value, &end, 10);
    return *value && !*end && !errno && *number >= 0 ? 0 : usage_error(option, "not a number");
}

static int set_after(struct ledger_settings *s, const char *value)
{
    return read_number("--after", value, &s->after);
}

static int set_limit(struct ledger_settings *s, const char *value)
{
    return read_number("--limit", value, &s->limit);
}

static int set_batch(struct ledger_settings *s, const char *value)
{
    bool right = read_count(&value, MAX_BATCH, &s->batch) && !*value;
    return right ? 0 : usage_error("--batch", "not a number from 1 to 1000000");
}

static int set_days(struct ledger_settings *s, const char *value)
{
    bool right = read_count(&value, MAX_DAYS, &s->days) && !*value;
    return right ? 0 : usage_error("--days", "not a number of days");
}

static int add_own_domain(struct ledger_settings *s, const char *value)
{
    char *key = s->own_domain_keys + s->own_domain_count * BOUNCE_ADDRESS_KEY_BYTES;
    if (bounce_domain_key(value, key, BOUNCE_ADDRESS_KEY_BYTES, NULL) != BOUNCE_OK)
        return usage_error("--own-domain", "not a domain");
    s->own_domains[s->own_domain_count++] = key;
    return 0;
}

static int set_help(struct ledger_settings *s, const char *value)
{
    (void)value;
    s->help = true;
    return 0;
}

static int set_version(struct ledger_settings *s, const char *value)
{
    (void)value;
    s->version = true;
    return 0;
}

/* ---------------------------------------------------------------- options */

struct ledger_option {
    const char *name;
    int has_value;
    /* 0, or EXIT_USAGE after a message. NULL: the member is the text, or the flag that becomes true. */
    int (*set)(struct ledger_settings *s, const char *value);
    size_t member;
    char letter;          /* the short form, or '\0' */
    const char *commands; /* that accept it, separated by spaces; NULL: all */
};

#define CALLS(function) function, 0, '\0'
#define SETS(member) NULL, offsetof(struct ledger_settings, member), '\0'

static const struct ledger_option known_options[] = {
    {"db", required_argument, CALLS(set_db), NULL},
    {"format", required_argument, set_format, 0, 'f', NULL},
    {"policy", required_argument, SETS(policy), NULL},
    {"scope", required_argument, SETS(scope), " record may suppressed held release export import "},
    {"scope-from", required_argument, SETS(scope_from), " record "},
    {"service", required_argument, SETS(service), " may suppressed export "},
    {"own-domain", required_argument, CALLS(add_own_domain), " record "},
    {"dry-run", no_argument, SETS(dry_run), " record import "},
    {"first-cleaning", no_argument, SETS(first_cleaning), " record "},
    {"batch", required_argument, CALLS(set_batch), " record sent import "},
    {"now", required_argument, CALLS(set_now), NULL},
    {"since", required_argument, CALLS(set_since), " suppressed stats "},
    {"after", required_argument, CALLS(set_after), " changes "},
    {"limit", required_argument, CALLS(set_limit), NULL},
    {"because", required_argument, CALLS(set_because), " release "},
    {"who", required_argument, SETS(who), " release held "},
    {"even-suppression", no_argument, SETS(even_suppression), " forget "},
    {"on-error", required_argument, CALLS(set_on_error), " may "},
    {"days", required_argument, CALLS(set_days), " prune "},
    {"until", required_argument, CALLS(set_until), " stats "},
    {"by", required_argument, SETS(by), " stats "},
    {"prometheus", required_argument, SETS(prometheus), " stats "},
    {"list", required_argument, SETS(list), " export import "},
    {"quiet", no_argument, NULL, offsetof(struct ledger_settings, quiet), 'q', NULL},
    {"help", no_argument, set_help, 0, 'h', NULL},
    {"version", no_argument, set_version, 0, 'V', NULL},
};

enum { OPTION_COUNT = sizeof known_options / sizeof *known_options };

static struct option_row row_of(size_t i)
{
    return (struct option_row){known_options[i].name, known_options[i].has_value, known_options[i].letter};
}

static int apply(void *settings, size_t i, const char *value)
{
    const struct ledger_option *option = &known_options[i];
    struct ledger_settings *s = settings;
    s->given |= UINT32_C(1) << i;
    if (option->set)
        return option->set(s, value);
    option_table_store((char *)s + option->member, option->has_value, value);
    return 0;
}

static int read_options(struct ledger_settings *s, int argc, char **argv)
{
    static const struct option_table table = {OPTION_COUNT, OPTION_COUNT, row_of, apply};
    int failed = option_table_read(&table, s, argc, argv);
    s->arguments = argv + optind;
    s->count = (size_t)(argc - optind);
    return failed;
}

int ledger_settings_check(const struct ledger_settings *s)
{
    char command[64], name[64];
    snprintf(command, sizeof command, " %s ", s->arguments[0]);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct ledger_option *option = &known_options[i];
        if (!(s->given >> i & 1) || !option->commands || strstr(option->commands, command))
            continue;
        snprintf(name, sizeof name, "--%s", option->name);
        snprintf(command, sizeof command, "%s does not take this option", s->arguments[0]);
        return usage_error(name, command);
    }
    return 0;
}

int ledger_settings_read(struct ledger_settings *s, int argc, char **argv)
{
    *s = (struct ledger_settings){.now = time(NULL),
                                  .since = -1,
                                  .until = -1,
                                  .after = -1,
                                  .limit = -1,
                                  .batch = DEFAULT_BATCH,
                                  .days = DEFAULT_DAYS};
    s->own_domains = calloc((size_t)argc, sizeof *s->own_domains);
    s->own_domain_keys = calloc((size_t)argc, BOUNCE_ADDRESS_KEY_BYTES);
    if (!s->own_domains || !s->own_domain_keys) {
        complain(NULL, strerror(ENOMEM));
        return EXIT_READ_OR_WRITE;
    }
    return read_options(s, argc, argv);
}

void ledger_settings_free(struct ledger_settings *s)
{
    free(s->own_domain_keys);
    free(s->own_domains);
}
