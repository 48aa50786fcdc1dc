/* SPDX-License-Identifier: MIT */
/* option_values.h - values of options, and what to say of wrong ones. */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses other than 0. */
enum { EXIT_READ_OR_WRITE = 1, EXIT_USAGE = 2 };

/* A word that can be the value of an option, and its number. */
struct named_value {
    const char *name;
    int value;
};

/* All return EXIT_USAGE after a message. */
int usage_error(const char *subject, const char *message);
/* Finds the value of a word; values ends with an entry without a name. Returns 0, or EXIT_USAGE after a message that
 * lists them. */
int choose_value(const char *option, const struct named_value *values, const char *word, int *value);
/* argument is an option, perhaps with '=' and a value, that is none of names[0..count), or an ambiguous
 * abbreviation. */
int unknown_name(const char *argument, const char *const *names, size_t count);

/* "65536", "64K", "1M", "1G": powers of 1024. */
bool read_size(const char *text, uint64_t *bytes);
/* Reads digits from *text and moves it past them; false if there are none or their value is not 1 to most. */
bool read_count(const char **text, uint32_t most, uint32_t *value);

#endif
