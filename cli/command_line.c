/* SPDX-License-Identifier: MIT */
/*
 * command_line.c - what the command line asks for.
 *
 * In: the command line, in the syntax of getopt_long(3). Out: settings. Refused,
 * with exit status 2: options that are unknown, or without their value;
 * option_table.c refuses values, options_together.c what makes no sense together.
 */
#include "command_line.h"

#include "option_table.h"
#include "options_together.h"
#include "output/complain.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 256 };

struct getopt_tables {
    struct option names[OPTION_COUNT + 1];
    char letters[2 * OPTION_COUNT + 2];
};

static void fill_getopt_tables(struct getopt_tables *t)
{
    char *to = t->letters;
    *to++ = ':'; /* tells missing values from unknown options */
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct known_option *option = &known_options[i];
        t->names[i] = (struct option){option->name, option->has_value, NULL, FIRST_KEY + i};
        if (option->letter)
            *to++ = option->letter;
        if (option->letter && option->has_value)
            *to++ = ':';
    }
    *to = '\0';
    t->names[OPTION_COUNT] = (struct option){0};
}

/* What getopt_long() has returned: a letter, or the key of a name. */
static const struct known_option *option_of_key(int key)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (key == FIRST_KEY + i || key == known_options[i].letter)
            return &known_options[i];
    return NULL;
}

static int apply(struct settings *s, const struct known_option *option, const char *value)
{
    void *member = (char *)s + option->member;
    if (option->set)
        return option->set(s, value);
    if (option->has_value)
        *(const char **)member = value;
    else
        *(bool *)member = true;
    return 0;
}

/* After '?' from getopt_long(), which has passed `argument` last. */
static int unknown_option(const char *argument)
{
    const char *names[OPTION_COUNT];
    char letter[] = {'-', (char)optopt, '\0'};
    if (optopt >= FIRST_KEY)
        return usage_error(argument, "the option takes no value");
    if (optopt)
        return usage_error(letter, "unknown option");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        names[i] = known_options[i].name;
    return unknown_name(argument, names, OPTION_COUNT - TEST_OPTIONS);
}

/* The value of an option that may have one, where it stands in the next argument; NULL if it does not. */
static const char *next_form(const struct known_option *option, char **argv)
{
    return option->has_value == optional_argument && is_summary_form(argv[optind]) ? argv[optind++] : NULL;
}

static int read_options(struct settings *s, int argc, char **argv)
{
    struct getopt_tables tables = {.letters = ""};
    int key, failed = 0;
    fill_getopt_tables(&tables);
    opterr = 0;
    while (!failed && (key = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        if (key == ':')
            failed = usage_error(argv[optind - 1], "the option needs a value");
        else if (key == '?')
            failed = unknown_option(argv[optind - 1]);
        else
            failed = apply(s, option_of_key(key), optarg ? optarg : next_form(option_of_key(key), argv));
    }
    s->inputs = argv + optind;
    s->input_count = (size_t)(argc - optind);
    return failed;
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
    return settings_check_together(s);
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
