/* SPDX-License-Identifier: MIT */
/* known_options.h - every option, and what its value does to the settings. */
#ifndef CLI_KNOWN_OPTIONS_H
#define CLI_KNOWN_OPTIONS_H

#include "options.h"

struct known_option {
    const char *name;
    int has_value;
    /* 0, or EXIT_USAGE after a message. */
    int (*set)(struct settings *s, const char *value);
    size_t member; /* if set is NULL: the member that gets the text, or the flag that becomes true */
    char letter;   /* the short form, or '\0' */
};

/* The last ones are for tests only. */
enum { OPTION_COUNT = 66, TEST_OPTIONS = 2 };
extern const struct known_option known_options[OPTION_COUNT];

/* The word after --summary is its value if it is a known form: "--summary json" is "--summary=json". */
bool is_summary_form(const char *word);

#endif
