/* SPDX-License-Identifier: MIT */
/* rule_files.h - rules and rule files, as the user sees them. */
#ifndef CLI_RULE_FILES_H
#define CLI_RULE_FILES_H

#include "bounce.h"
#include "config.h"
#include "output/output.h"

/* Which files belong to a set. */
struct rule_paths {
    const char *const *named; /* files and folders */
    size_t count;
    size_t unchecked; /* so many of them, the first ones, are only part of the set */
    size_t left_out;  /* so many, the last ones, are only left out of the default folders */
    bool no_config;   /* the default folders are left out */
};

/* The built-in rules, those of the default folders and those that are named; NULL after a message on standard error
 * for each error. */
bounce_rules *rule_files_load(const struct rule_paths *paths);
/* The sources of such a set, in memory of their own until rule_files_forget(): the default folders first, unchecked.
 * NULL after a message. more: so many may be added at the end. */
struct rule_sources {
    bounce_rules_source *all;
    size_t count;
    struct paths config;
};
bool rule_files_sources(struct rule_sources *s, const struct rule_paths *paths, size_t more);
void rule_files_forget(struct rule_sources *s);
/* The inputs, and the paths of the sources behind them: what a sandbox must let be read. The array is the caller's;
 * NULL if memory runs out. */
const char **rule_files_readable(const struct rule_sources *s, const char *const *inputs, size_t count);

/* Writes each error and warning of the named files, and what there is; of examples and near misses, if is_test. */
enum rule_files_state { RULE_FILES_GOOD, RULE_FILES_TEST_FAILED, RULE_FILES_WRONG };
enum rule_files_state rule_files_check(const struct rule_paths *paths, bool is_test, struct output *o);
/* Writes one line for each rule; false if they could not be loaded. */
bool rule_files_list(const struct rule_paths *paths, struct output *o);

#endif
