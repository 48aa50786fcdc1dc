/* SPDX-License-Identifier: MIT */
/* option_table.h - a command line by a table of options. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include <stddef.h>

enum { OPTION_TABLE_MOST = 160 };

/* What a table says of an option to getopt_long(). */
struct option_row {
    const char *name;
    int has_value; /* no_argument and its like */
    char letter;   /* the short form, or '\0' */
};

struct option_table {
    size_t count, shown; /* the last ones, after shown, are proposed to nobody */
    struct option_row (*row)(size_t i);
    /* 0, or an exit status after a message. value is NULL where none was given. */
    int (*apply)(void *settings, size_t i, const char *value);
};

/* Applies each option in turn. 0, or the first exit status; optind is then the first argument. */
int option_table_read(const struct option_table *table, void *settings, int argc, char **argv);

/* What an option without a function of its own does: its text is the value, or its flag becomes true. */
void option_table_store(void *member, int has_value, const char *value);

#endif
