/* SPDX-License-Identifier: MIT */
/* option_table.h - a command line parsed by a table of options. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include <stddef.h>

enum { OPTION_TABLE_MOST = 160 };

/* What getopt_long() needs to know about an option. */
struct option_row {
    const char *name;
    int has_value; /* no_argument, required_argument or optional_argument */
    char letter;   /* the short form, or '\0' */
};

struct option_table {
    size_t count, shown; /* options after the first `shown` ones are never suggested */
    struct option_row (*row)(size_t i);
    /* Returns 0, or an exit status after a message. value is NULL if none was given. */
    int (*apply)(void *settings, size_t i, const char *value);
};

/* Applies each option in turn. Returns 0, or the first other exit status; optind is then the first argument. */
int option_table_read(const struct option_table *table, void *settings, int argc, char **argv);

/* For options without a function of their own: stores the text, or sets the flag. */
void option_table_store(void *member, int has_value, const char *value);

#endif
