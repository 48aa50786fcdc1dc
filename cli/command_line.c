/* SPDX-License-Identifier: MIT */
/*
 * command_line.c - what the command line asks for.
 *
 * In: the command line, in the syntax of getopt_long(3). Out: settings. Refused, with exit status 2: unknown options,
 * or options without their value; known_options.c refuses values, options_together.c combinations that make no sense.
 */
#include "command_line.h"

#include "known_options.h"
#include "option_table.h"
#include "options_together.h"
#include "output/complain.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static struct option_row row_of(size_t i)
{
    return (struct option_row){known_options[i].name, known_options[i].has_value, known_options[i].letter};
}

static int apply(struct settings *s, const struct known_option *option, const char *value)
{
    if (option->set)
        return option->set(s, value);
    option_table_store((char *)s + option->member, option->has_value, value);
    return 0;
}

/* The value of an option that may have one can be the next argument. */
static int apply_with_next(void *settings, size_t i, const char *value)
{
    struct settings *s = settings;
    char **next = s->inputs + optind;
    if (!value && known_options[i].has_value == optional_argument && is_summary_form(*next)) {
        optind++;
        value = *next;
    }
    return apply(s, &known_options[i], value);
}

/* Until the options are known, all arguments are inputs. */
static int read_options(struct settings *s, int argc, char **argv)
{
    static const struct option_table table = {OPTION_COUNT, OPTION_COUNT - TEST_OPTIONS, row_of, apply_with_next};
    s->inputs = argv;
    int failed = option_table_read(&table, s, argc, argv);
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
