/* SPDX-License-Identifier: MIT */
/* rule_files.h - rules and rule files, as the user sees them. */
#ifndef CLI_RULE_FILES_H
#define CLI_RULE_FILES_H

#include "bounce.h"
#include "output/output.h"

/* The built-in rules and those of the files; NULL after a message on standard
 * error for each error. */
bounce_rules *rule_files_load(const char *const *paths, size_t count);
/* Writes each error, or the number of rules if there is none. False if there
 * are errors. */
bool rule_files_check(const char *const *paths, size_t count, struct output *o);
/* Writes one line for each rule; false if they could not be loaded. */
bool rule_files_list(const char *const *paths, size_t count, struct output *o);

#endif
