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
    size_t unchecked; /* how many of the first ones are part of the set, but not checked */
    size_t left_out;  /* how many of the last ones are only excluded from the default folders */
    bool no_config;   /* the default folders are left out */
};

/* Loads the built-in rules, those of the default folders and the named ones. NULL, after a message on standard error
 * for each error. */
bounce_rules *rule_files_load(const struct rule_paths *paths);
/* The sources of such a set, in their own memory until rule_files_forget(): the default folders first, unchecked. NULL
 * after a message. more: how many may be added at the end. */
struct rule_sources {
    bounce_rules_source *all;
    size_t count;
    struct paths config;
};
bool rule_files_sources(struct rule_sources *s, const struct rule_paths *paths, size_t more);
void rule_files_forget(struct rule_sources *s);
/* The inputs, followed by the paths of the sources: what a sandbox must let the program read. Free the array; NULL if
 * memory runs out. */
const char **rule_files_readable(const struct rule_sources *s, const char *const *inputs, size_t count);

/* Writes each error and warning about the named files, and what they contain; with is_test, the results of their
 * examples and near misses too. */
enum rule_files_state { RULE_FILES_GOOD, RULE_FILES_TEST_FAILED, RULE_FILES_WRONG };
enum rule_files_state rule_files_check(const struct rule_paths *paths, bool is_test, struct output *o);
/* Writes one line for each rule; false if the rules could not be loaded. */
bool rule_files_list(const struct rule_paths *paths, struct output *o);

#endif
