/* SPDX-License-Identifier: MIT */
/*
 * file.h - the text of rule files (doc/rules.md) to entries.
 *
 * Nothing stops at the first error: every one of every file is collected with
 * its file, line and column (in characters, both from 1).
 */
#ifndef BOUNCE_RULES_FILE_H
#define BOUNCE_RULES_FILE_H

#include "match/ruleset.h"

struct rule_error {
    const char *path;
    size_t file; /* number of its file: errors are listed in the order of the files */
    bounce_status status;
    uint32_t line, column;
    const char *message;
};

struct rule_entry; /* parsed.h */

/* What a list of files holds. All memory is of the arena. */
struct rule_entries {
    struct arena *arena;
    struct rule_entry *first, **end;
    size_t file_count, rule_count, dialect_count;
    size_t regex_count;   /* ids given to regular expressions so far */
    const char **digests; /* one a file: SHA-256 of its bytes in hex */
    size_t digest_capacity;
    struct rule_error *errors;
    size_t error_count, error_capacity;
};

void rule_entries_init(struct rule_entries *e, struct arena *a);
/* Reads one file's bytes. path is shown in errors, its base name in evidence. */
void rulefile_read(struct rule_entries *e, const char *path, struct span bytes);
/* Reads a file, or every *.rules file of a folder in byte order of the names. */
void rulefile_load(struct rule_entries *e, const char *path);
/* Adds an error; the path is borrowed. */
void rule_entries_error(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts the errors into the order of files, lines and columns. */
void rule_entries_sort_errors(struct rule_entries *e);
/* The form in which bounce.h hands it out. */
bounce_error rule_error_public(const struct rule_error *e);

#endif
