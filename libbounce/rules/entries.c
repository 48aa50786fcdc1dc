/* SPDX-License-Identifier: MIT */
/*
 * entries.c - what was read from rule files so far, the errors and the warnings.
 *
 * What comes in: the bytes of each file, and errors in any order. What goes out:
 * digests; the errors and warnings in the order of files, lines and columns, and their public form. Refused: more of
 * them than LIMIT_RULE_ERRORS.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "rules/arrays.h"
#include "rules/parsed.h"
#include "rules/rules.h"

#include <stdlib.h>

void rule_entries_init(struct rule_entries *e, struct arena *a)
{
    *e = (struct rule_entries){.arena = a};
    e->end = &e->first;
    e->words = arena_calloc(a, WORDS_COUNT, sizeof *e->words);
}

void rule_entries_add_file(struct rule_entries *e, struct span bytes)
{
    char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)(bytes.n ? bytes.s : ""), bytes.n);
    e->digests = arena_grow(e->arena, e->digests, e->file_count, &e->digest_capacity, sizeof *e->digests);
    e->digests[e->file_count++] = arena_strdup(e->arena, hex);
    g_free(hex);
}

/* Adds one to a list of errors or warnings. */
static void add(struct arena *a, struct rule_error **list, size_t *count, size_t *capacity,
                const struct rule_error *where, const char *format, va_list args)
{
    if (*count == LIMIT_RULE_ERRORS)
        return;
    char *message = g_strdup_vprintf(format, args);
    *list = arena_grow(a, *list, *count, capacity, sizeof **list);
    (*list)[*count] = *where;
    (*list)[(*count)++].message = arena_strdup(a, message);
    g_free(message);
}

void rule_entries_error_va(struct rule_entries *e, const struct rule_error *where, const char *format, va_list args)
{
    add(e->arena, &e->errors, &e->error_count, &e->error_capacity, where, format, args);
}

void rule_entries_error(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rule_entries_error_va(e, where, format, args);
    va_end(args);
}

void rule_entries_warning_va(struct rule_entries *e, const struct rule_error *where, const char *format, va_list args)
{
    if (!e->unchecked)
        add(e->arena, &e->warnings, &e->warning_count, &e->warning_capacity, where, format, args);
}

void rule_entries_warning(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rule_entries_warning_va(e, where, format, args);
    va_end(args);
}

static int compare_errors(const void *left, const void *right)
{
    const struct rule_error *a = left, *b = right;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return strcmp(a->message, b->message);
}

void rule_entries_sort_errors(struct rule_entries *e)
{
    if (e->error_count)
        qsort(e->errors, e->error_count, sizeof *e->errors, compare_errors);
    if (e->warning_count)
        qsort(e->warnings, e->warning_count, sizeof *e->warnings, compare_errors);
}

bounce_error rule_error_public(const struct rule_error *e)
{
    bounce_error error = {.status = e->status, .line = e->line, .column = e->column};
    memcpy(error.message, e->message, utf8_cut(e->message, strlen(e->message), sizeof error.message - 1));
    return error;
}
