/* SPDX-License-Identifier: MIT */
/*
 * option_table.c - a command line parsed by a table of options, for getopt_long(3).
 *
 * In: the table, and the command line. Out: each option with its value, in their order. Refused: options
 * that are not in the table, values that are missing, and values of options that take none.
 */
#include "option_table.h"

#include "option_values.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>

enum { FIRST_KEY = 256 };

struct getopt_tables {
    struct option names[OPTION_TABLE_MOST + 1];
    char letters[2 * OPTION_TABLE_MOST + 2];
};

static void fill(struct getopt_tables *t, const struct option_table *table)
{
    char *to = t->letters;
    *to++ = ':'; /* distinguishes missing values from unknown options */
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row row = table->row(i);
        t->names[i] = (struct option){row.name, row.has_value, NULL, FIRST_KEY + (int)i};
        if (row.letter)
            *to++ = row.letter;
        if (row.letter && row.has_value)
            *to++ = ':';
    }
    *to = '\0';
    t->names[table->count] = (struct option){0};
}

/* key is what getopt_long() returned: a letter, or the number of a long option. */
static size_t option_of_key(const struct option_table *table, int key)
{
    size_t i = 0;
    while (i + 1 < table->count && key != FIRST_KEY + (int)i && key != table->row(i).letter)
        i++;
    return i;
}

/* After getopt_long() returned '?', having just passed `argument`. */
static int unknown_option(const struct option_table *table, const char *argument)
{
    const char *names[OPTION_TABLE_MOST];
    char letter[] = {'-', (char)optopt, '\0'};
    if (optopt >= FIRST_KEY)
        return usage_error(argument, "the option takes no value");
    if (optopt)
        return usage_error(letter, "unknown option");
    for (size_t i = 0; i < table->shown; i++)
        names[i] = table->row(i).name;
    return unknown_name(argument, names, table->shown);
}

int option_table_read(const struct option_table *table, void *settings, int argc, char **argv)
{
    struct getopt_tables tables = {.letters = ""};
    int key, failed = 0;
    if (table->count > OPTION_TABLE_MOST)
        abort(); /* the table is a constant, so this is a bug */
    fill(&tables, table);
    opterr = 0;
    while (!failed && (key = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        if (key == ':')
            failed = usage_error(argv[optind - 1], "the option needs a value");
        else if (key == '?')
            failed = unknown_option(table, argv[optind - 1]);
        else
            failed = table->apply(settings, option_of_key(table, key), optarg);
    }
    return failed;
}

void option_table_store(void *member, int has_value, const char *value)
{
    if (has_value)
        *(const char **)member = value;
    else
        *(bool *)member = true;
}
