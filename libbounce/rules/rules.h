/* SPDX-License-Identifier: MIT */
/*
 * rules.h - the room "rules": rule files to tables.
 *
 * What comes in: rule files (doc/rules.md), or their bytes. What goes out: the
 * tables of one layer (match/tables.h), or every error of every file. The room
 * sees base, text, mail, smtp and match. It works when libbounce is built, for
 * the built-in layer, and in bounce_rules_load(), for that of the user.
 *
 *     source              files and folders on disk
 *     file                lines, entries and keywords of one file
 *     entries             what was read so far, and the errors
 *     reader              values of keywords: ids, words, numbers, lists
 *     pattern             phrases and regular expressions
 *     row                 phrases of format 2: literals and classes of words
 *     rule_keywords       the keywords of rules
 *     rule_scope          the keyword `scope`
 *     rule_check          what a rule must have
 *     dialect_keywords    the keywords of dialects, and what one must have
 *     sign_keywords       those of signs
 *     condition           the keywords `know` and `also` of both
 *     word_keywords       the names and keywords of lists of words
 *     class_keywords      the keywords of classes of words
 *     classes             what classes hold, and by which element each row is found
 *     parsed.h            rules and dialects as they were read
 *     layer               overrides, digest: entries to one layer
 *     reason_order        the file data/patterns/order: which reasons come first
 *     rule_ranks          the order of rules and dialects, and what is stated about it
 *     ranks               one order from statements, or their circle
 *     signs               which condition means which sign
 *     rule_index          the literals of rules
 *     word_heads          how the words of rows begin
 *     dialects            the conditions and actions of all dialects in one table each
 *     pack                a layer to flat tables
 *     dialect_index       the literals of dialects and signs
 *     dialect_groups      which of their conditions must hold together, and their triggers
 *     literal_sources     collects literals for an index
 *     warnings            what can be used, but will do nothing
 *     load                layers to a set of rules: bounce_rules_load()
 *     rule_tests          a rule against its own examples and near misses
 *     check               all of that for people: bounce_rules_check()
 *     arrays.h            arrays in an arena
 *     embed_*             the program that writes the built-in layer as C
 *
 * The order is source -> file -> entries -> layer -> pack. This header, layer.h and load.h
 * are for the generator of the built-in layer and for tests; all others are private to the
 * room. Pointers must not be NULL unless stated otherwise.
 */
#ifndef BOUNCE_RULES_RULES_H
#define BOUNCE_RULES_RULES_H

#include "base/arena.h"
#include "bounce.h"

#include <glib.h>
#include <stdarg.h>

struct rule_entry;   /* rules/parsed.h */
struct parsed_words; /* rules/parsed.h */
struct parsed_class; /* rules/parsed.h */
struct parsed_row;   /* rules/parsed.h */

struct rule_error {
    const char *path;
    size_t file; /* number of its file: errors are listed in the order of the files */
    bounce_status status;
    uint32_t line, column; /* from 1; column in characters; 0: of the file as a whole */
    const char *message;
};

/* Everything that was read from a list of files, and all errors: reading goes on
 * after an error. Lives in the arena, and borrows the paths. */
struct rule_entries {
    struct arena *arena;
    struct rule_entry *first, **end;
    size_t file_count, rule_count, dialect_count;
    struct parsed_words *words; /* by enum word_list: not in an entry, since files only add to them */
    uint8_t *reason_places;     /* by reason: its place in the file `order`; NULL: none was read */
    struct parsed_class **classes;
    size_t class_count, class_capacity;
    struct parsed_row *rows; /* of all files, the last one first */
    size_t regex_count;      /* regular expressions so far: each has a number */
    const char **digests;    /* by file: SHA-256 of its bytes in hex */
    size_t digest_capacity;
    struct rule_error *errors;
    size_t error_count, error_capacity;
    struct rule_error *warnings; /* about what can be used, but will do nothing */
    size_t warning_count, warning_capacity;
    bool unchecked; /* nobody wants warnings about what is read now, nor about the entries */
};

/* entries.c */
void rule_entries_init(struct rule_entries *e, struct arena *a);
/* Adds an error, except beyond LIMIT_RULE_ERRORS. where->message is not used. */
void rule_entries_error(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void rule_entries_error_va(struct rule_entries *e, const struct rule_error *where, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* Adds a warning, likewise. */
void rule_entries_warning_va(struct rule_entries *e, const struct rule_error *where, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
void rule_entries_warning(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Sorts errors and warnings by file, line and column. */
void rule_entries_sort_errors(struct rule_entries *e);
/* The form that bounce.h hands out; a long message is cut. */
bounce_error rule_error_public(const struct rule_error *e);

/* file.c: reads the bytes of one file. path is shown in errors, its base name in evidence. */
void rule_file_read(struct rule_entries *e, const char *path, struct span bytes);

/* Adds the digest of a file that was read. */
void rule_entries_add_file(struct rule_entries *e, struct span bytes);

/* reason_order.c: reads the file that lists the reasons, or its bytes. */
void reason_order_read(struct rule_entries *e, const char *path);
void reason_order_read_bytes(struct rule_entries *e, const char *path, struct span bytes);

/* source.c: the bytes of a file, to be freed by g_byte_array_free(); NULL, and an error, if it cannot be read. */
GByteArray *rule_source_bytes(struct rule_entries *e, const char *path);
/* Reads a file, or every *.rules file of a folder, in byte order of their names. */
void rule_source_read(struct rule_entries *e, const char *path);

#endif
