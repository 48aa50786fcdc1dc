/* SPDX-License-Identifier: MIT */
/*
 * options.c - the command line to settings. Refused, with exit status 2: what
 * is unknown, out of range, or makes no sense together.
 */
#include "options.h"

#include "output/complain.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_JOBS = 1024, MAX_SHARDS = 1000000000 };

enum option_key {
    KEY_FORMAT = 256,
    KEY_REPLY,
    KEY_RULES,
    KEY_CHECK_RULES,
    KEY_LIST_RULES,
    KEY_EXPLAIN,
    KEY_INPUT_FORMAT,
    KEY_MAX_MESSAGE_BYTES,
    KEY_VERP,
    KEY_JIT,
    KEY_JOBS,
    KEY_SHARD,
    KEY_NO_DIALECTS,
    KEY_NO_PREFILTER,
    KEY_READ_ALL,
    KEY_COMMAND,
    KEY_HOST,
    KEY_RECIPIENT,
    KEY_HELP,
    KEY_VERSION
};

static const struct option long_options[] = {
    {"format", required_argument, NULL, KEY_FORMAT},
    {"reply", no_argument, NULL, KEY_REPLY},
    {"rules", required_argument, NULL, KEY_RULES},
    {"check-rules", required_argument, NULL, KEY_CHECK_RULES},
    {"list-rules", no_argument, NULL, KEY_LIST_RULES},
    {"explain", no_argument, NULL, KEY_EXPLAIN},
    {"input-format", required_argument, NULL, KEY_INPUT_FORMAT},
    {"max-message-bytes", required_argument, NULL, KEY_MAX_MESSAGE_BYTES},
    {"verp", required_argument, NULL, KEY_VERP},
    {"jit", no_argument, NULL, KEY_JIT},
    {"jobs", required_argument, NULL, KEY_JOBS},
    {"shard", required_argument, NULL, KEY_SHARD},
    {"no-dialects", no_argument, NULL, KEY_NO_DIALECTS},
    {"no-prefilter", no_argument, NULL, KEY_NO_PREFILTER},
    {"read-all", no_argument, NULL, KEY_READ_ALL},
    {"command", required_argument, NULL, KEY_COMMAND},
    {"host", required_argument, NULL, KEY_HOST},
    {"recipient", required_argument, NULL, KEY_RECIPIENT},
    {"help", no_argument, NULL, KEY_HELP},
    {"version", no_argument, NULL, KEY_VERSION},
    {NULL, 0, NULL, 0},
};

/* A word and the number that it stands for. */
struct word {
    const char *name;
    int value;
};

static const struct word formats[] = {{"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"csv", FORMAT_CSV}, {NULL, 0}};

static const struct word input_formats[] = {{"auto", BOUNCE_FORMAT_AUTO},
                                            {"mail", BOUNCE_FORMAT_MAIL},
                                            {"mbox", BOUNCE_FORMAT_MBOX},
                                            {"mboxcl", BOUNCE_FORMAT_MBOXCL},
                                            {"maildir", BOUNCE_FORMAT_MAILDIR},
                                            {"folder", BOUNCE_FORMAT_FOLDER},
                                            {NULL, 0}};

static const struct word commands[] = {{"EHLO", BOUNCE_COMMAND_EHLO},         {"HELO", BOUNCE_COMMAND_EHLO},
                                       {"LHLO", BOUNCE_COMMAND_EHLO},         {"AUTH", BOUNCE_COMMAND_AUTH},
                                       {"STARTTLS", BOUNCE_COMMAND_STARTTLS}, {"MAIL", BOUNCE_COMMAND_MAIL},
                                       {"RCPT", BOUNCE_COMMAND_RCPT},         {"DATA", BOUNCE_COMMAND_DATA},
                                       {"BDAT", BOUNCE_COMMAND_DATA},         {NULL, 0}};

static int usage_error(const char *what, const char *value)
{
    complain(what, value);
    fputs("Try 'bounce-classify --help'.\n", stderr);
    return EXIT_USAGE;
}

static bool find_word(const struct word *words, const char *name, int *value)
{
    for (; words->name; words++) {
        if (strcasecmp(words->name, name) == 0) {
            *value = words->value;
            return true;
        }
    }
    return false;
}

/* "65536", "64K", "1M", "1G": powers of 1024. */
static bool read_size(const char *text, uint64_t *bytes)
{
    char *end;
    unsigned shift = 0;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno)
        return false;
    if (*end) {
        const char *units = "KMG", *unit = strchr(units, *end >= 'a' ? *end - ('a' - 'A') : *end);
        if (!unit || end[1])
            return false;
        shift = 10 * (unsigned)(unit - units + 1);
    }
    if (value > (UINT64_MAX >> shift))
        return false;
    *bytes = (uint64_t)value << shift;
    return true;
}

static int set_mode(struct settings *s, enum mode mode)
{
    /* --help and --version win over all; others exclude each other. */
    if (s->mode == MODE_HELP || s->mode == MODE_VERSION)
        return 0;
    if (s->mode != MODE_CLASSIFY && s->mode != mode && mode != MODE_HELP && mode != MODE_VERSION)
        return usage_error(NULL, "--reply, --check-rules and --list-rules exclude each other");
    s->mode = mode;
    return 0;
}

static int set_word(const char *option, const struct word *words, int *value)
{
    return find_word(words, optarg, value) ? 0 : usage_error(option, "unknown value");
}

static int set_size(struct settings *s)
{
    if (!read_size(optarg, &s->max_message_bytes) || s->max_message_bytes == 0)
        return usage_error("--max-message-bytes", "not a number of bytes");
    return 0;
}

/* Reads digits from *text and moves it behind them; false if there are none or
 * their value is not 1 to most. */
static bool read_count(const char **text, uint32_t most, uint32_t *value)
{
    uint64_t sum = 0;
    const char *c = *text;
    while (*c >= '0' && *c <= '9' && sum <= most)
        sum = sum * 10 + (uint64_t)(*c++ - '0');
    *value = (uint32_t)sum;
    *text = c;
    return sum >= 1 && sum <= most;
}

static int set_jobs(struct settings *s)
{
    const char *text = optarg;
    return read_count(&text, MAX_JOBS, &s->jobs) && !*text ? 0 : usage_error("--jobs", "not a number from 1 to 1024");
}

static int set_shard(struct settings *s)
{
    const char *text = optarg;
    if (read_count(&text, MAX_SHARDS, &s->shard) && *text++ == '/' && read_count(&text, MAX_SHARDS, &s->shards) &&
        !*text && s->shard <= s->shards)
        return 0;
    return usage_error("--shard", "not K/N with K from 1 to N");
}

static int apply(struct settings *s, int key)
{
    int value = 0, failed = 0;
    switch (key) {
    case KEY_FORMAT:
        failed = set_word("--format", formats, &value);
        s->format = (enum format)value;
        return failed;
    case KEY_INPUT_FORMAT:
        failed = set_word("--input-format", input_formats, &value);
        s->input_format = (bounce_format)value;
        return failed;
    case KEY_COMMAND:
        failed = set_word("--command", commands, &value);
        s->command = (bounce_command)value;
        return failed;
    case KEY_CHECK_RULES: s->rules[s->rules_count++] = optarg; return set_mode(s, MODE_CHECK_RULES);
    case KEY_RULES: s->rules[s->rules_count++] = optarg; return 0;
    case KEY_REPLY: return set_mode(s, MODE_REPLY);
    case KEY_LIST_RULES: return set_mode(s, MODE_LIST_RULES);
    case KEY_HELP: return set_mode(s, MODE_HELP);
    case KEY_VERSION: return set_mode(s, MODE_VERSION);
    case KEY_MAX_MESSAGE_BYTES: return set_size(s);
    case KEY_EXPLAIN: s->explain = true; return 0;
    case KEY_VERP: s->verp = optarg; return 0;
    case KEY_JOBS: return set_jobs(s);
    case KEY_SHARD: return set_shard(s);
    case KEY_JIT: s->jit = true; return 0;
    case KEY_NO_DIALECTS: s->no_dialects = true; return 0;
    case KEY_NO_PREFILTER: s->no_prefilter = true; return 0;
    case KEY_READ_ALL: s->read_all = true; return 0;
    case KEY_HOST: s->host = optarg; return 0;
    case KEY_RECIPIENT: s->recipient = optarg; return 0;
    default: return usage_error(NULL, "unknown option");
    }
}

static int check_together(const struct settings *s)
{
    bool context = s->host || s->recipient || s->command != BOUNCE_COMMAND_NONE;
    bool folder = s->input_format == BOUNCE_FORMAT_MAILDIR || s->input_format == BOUNCE_FORMAT_FOLDER;
    bool takes_inputs = s->mode == MODE_CLASSIFY || s->mode == MODE_REPLY;
    if (context && s->mode != MODE_REPLY)
        return usage_error(NULL, "--command, --host and --recipient need --reply");
    if (s->input_count > 0 && !takes_inputs)
        return usage_error(s->inputs[0], "no input is read here");
    if (s->shards && s->mode != MODE_CLASSIFY)
        return usage_error("--shard", "only mails can be read in parts");
    if (s->shards && s->input_format == BOUNCE_FORMAT_MBOXCL)
        return usage_error("--shard", "goes by From lines and not by Content-Length: say --input-format mbox");
    if (s->mode != MODE_CLASSIFY || !folder)
        return 0;
    if (s->input_count == 0)
        return usage_error(NULL, "standard input is no folder");
    for (size_t i = 0; i < s->input_count; i++)
        if (strcmp(s->inputs[i], "-") == 0)
            return usage_error(NULL, "standard input is no folder");
    return 0;
}

int settings_read(struct settings *s, int argc, char **argv)
{
    *s = (struct settings){.max_message_bytes = 1u << 20};
    s->rules = malloc((size_t)argc * sizeof *s->rules);
    if (!s->rules) {
        complain(NULL, strerror(ENOMEM));
        return EXIT_READ_OR_WRITE;
    }
    opterr = 0;
    int key, failed = 0;
    while (!failed && (key = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (key == ':')
            failed = usage_error(argv[optind - 1], "the option needs a value");
        else if (key == '?')
            failed = usage_error(argv[optind - 1], "unknown option");
        else
            failed = apply(s, key);
    }
    s->inputs = argv + optind;
    s->input_count = (size_t)(argc - optind);
    if (failed || s->mode == MODE_HELP || s->mode == MODE_VERSION)
        return failed;
    return check_together(s);
}

void settings_free(struct settings *s)
{
    free((void *)s->rules);
}
