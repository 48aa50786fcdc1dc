/* SPDX-License-Identifier: MIT */
/*
 * file.c - the frame of a rule file: lines, entries, keywords, errors.
 *
 * What comes in: the bytes of one file. What goes out: entries, appended to a
 * list, or errors, appended to another. Refused: lines that are too long or no
 * UTF-8, unknown keywords, keywords before the first entry. What a keyword
 * means is in rule_keywords.c and dialect_keywords.c, patterns are in pattern.c.
 */
#include "rules/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "rules/reader.h"

#include <glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void rule_entries_init(struct rule_entries *e, struct arena *a)
{
    *e = (struct rule_entries){.arena = a};
    e->end = &e->first;
}

/* ---------------------------------------------------------------- errors */

static void add_error(struct rule_entries *e, const struct rule_error *where, const char *message)
{
    if (e->error_count == LIMIT_RULE_ERRORS)
        return;
    if (e->error_count == e->error_capacity) {
        e->error_capacity = e->error_capacity ? e->error_capacity * 2 : 16;
        struct rule_error *larger = arena_calloc(e->arena, e->error_capacity, sizeof *larger);
        if (e->error_count)
            memcpy(larger, e->errors, e->error_count * sizeof *larger);
        e->errors = larger;
    }
    struct rule_error *error = &e->errors[e->error_count++];
    *error = *where;
    error->message = message;
}

static char *format_message(struct arena *a, const char *format, va_list args)
{
    char *s = g_strdup_vprintf(format, args);
    char *kept = arena_strdup(a, s);
    g_free(s);
    return kept;
}

void rule_entries_error(struct rule_entries *e, const struct rule_error *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_error(e, where, format_message(e->arena, format, args));
    va_end(args);
}

static void error_at(struct reader *r, uint32_t line, uint32_t column, const char *message)
{
    struct rule_error where = {.path = r->path, .file = r->file, .status = BOUNCE_ERROR_RULES};
    where.line = line;
    where.column = column;
    add_error(r->out, &where, message);
}

/* Columns are what an editor shows: characters, from 1. */
static uint32_t column_of(const struct reader *r, const char *at)
{
    uint32_t column = 1;
    for (const char *s = r->line.s; s < at && s < r->line.s + r->line.n; s++)
        column += ((unsigned char)*s & 0xc0) != 0x80;
    return column;
}

void reader_error(struct reader *r, const char *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, r->line_number, column_of(r, at), format_message(r->out->arena, format, args));
    va_end(args);
}

void reader_entry_error(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, r->entry->rule.line, 1, format_message(r->out->arena, format, args));
    va_end(args);
}

void reader_line_error(struct reader *r, uint32_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, line, 1, format_message(r->out->arena, format, args));
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
}

bounce_error rule_error_public(const struct rule_error *e)
{
    bounce_error error = {.status = e->status, .line = e->line, .column = e->column};
    memcpy(error.message, e->message, utf8_cut(e->message, strlen(e->message), sizeof error.message - 1));
    return error;
}

/* ----------------------------------------------------------------- lists */

void *reader_add(struct reader *r, enum reader_list list, size_t size)
{
    if (r->lists[list].n == r->lists[list].capacity) {
        size_t capacity = r->lists[list].capacity ? r->lists[list].capacity * 2 : 4;
        char *items = arena_calloc(r->out->arena, capacity, size);
        if (r->lists[list].n)
            memcpy(items, r->lists[list].items, r->lists[list].n * size);
        r->lists[list].items = items;
        r->lists[list].capacity = capacity;
    }
    return r->lists[list].items + r->lists[list].n++ * size;
}

void reader_add_string(struct reader *r, enum reader_list list, const char *s)
{
    *(const char **)reader_add(r, list, sizeof(const char *)) = s;
}

const char *const *reader_strings(struct reader *r, enum reader_list list)
{
    if (!r->lists[list].n)
        return NULL;
    reader_add_string(r, list, NULL);
    return (const char *const *)(const void *)r->lists[list].items;
}

const void *reader_items(struct reader *r, enum reader_list list, size_t *count)
{
    *count = r->lists[list].n;
    return r->lists[list].items;
}

struct span reader_word(struct span *rest)
{
    *rest = span_trim(*rest);
    size_t n = 0;
    while (n < rest->n && !ascii_is_space(rest->s[n]))
        n++;
    struct span word = span_of(rest->s, n);
    *rest = span_trim(span_of(rest->s + n, rest->n - n));
    return word;
}

/* --------------------------------------------------------------- entries */

static void finish_entry(struct reader *r)
{
    if (!r->entry)
        return;
    if (r->entry->kind == ENTRY_DIALECT)
        dialect_finish(r);
    else
        rule_finish(r);
    *r->out->end = r->entry;
    r->out->end = &r->entry->next;
    r->entry = NULL;
}

static void begin_entry(struct reader *r, enum rule_entry_kind kind, struct span id)
{
    finish_entry(r);
    memset(r->lists, 0, sizeof r->lists);
    r->entry_lines = 0;
    r->seen = 0;
    r->has_match = false;
    r->entry = arena_calloc(r->out->arena, 1, sizeof *r->entry);
    r->entry->kind = kind;
    r->entry->path = r->path;
    r->entry->file = r->file;
    r->entry->rule.id = r->entry->dialect.id = arena_strndup(r->out->arena, id.s, id.n);
    r->entry->rule.file = r->entry->dialect.file = r->file_name;
    r->entry->rule.line = r->entry->dialect.line = r->line_number;
    reader_id(r, id);
}

static const char *const entry_words[] = {
    [ENTRY_RULE] = "rule", [ENTRY_OVERRIDE] = "override", [ENTRY_DIALECT] = "dialect"};

static const char *entry_word_name(size_t i)
{
    return i < sizeof entry_words / sizeof *entry_words ? entry_words[i] : NULL;
}

static const char *rule_keyword_name(size_t i)
{
    return i < rule_keyword_count ? rule_keywords[i].name : entry_word_name(i - rule_keyword_count);
}

static const char *dialect_keyword_name(size_t i)
{
    return i < dialect_keyword_count ? dialect_keywords[i].name : entry_word_name(i - dialect_keyword_count);
}

static size_t find_keyword(const struct keyword *keywords, size_t count, struct span word)
{
    size_t i = 0;
    while (i < count && !(strlen(keywords[i].name) == word.n && memcmp(keywords[i].name, word.s, word.n) == 0))
        i++;
    return i;
}

static void unknown_keyword(struct reader *r, struct span word, bool in_dialect)
{
    bool of_other = in_dialect ? find_keyword(rule_keywords, rule_keyword_count, word) < rule_keyword_count
                               : find_keyword(dialect_keywords, dialect_keyword_count, word) < dialect_keyword_count;
    if (of_other)
        reader_error(r, word.s, "\"%s\" is a keyword of %s, and this entry is a %s", reader_show(r, word),
                     in_dialect ? "rules" : "dialects", in_dialect ? "dialect" : "rule");
    else
        reader_error(r, word.s, "unknown keyword \"%s\"%s", reader_show(r, word),
                     reader_hint(r, word, in_dialect ? dialect_keyword_name : rule_keyword_name));
}

static void read_keyword(struct reader *r, struct span word, struct span value)
{
    bool in_dialect = r->entry->kind == ENTRY_DIALECT;
    const struct keyword *keywords = in_dialect ? dialect_keywords : rule_keywords;
    size_t count = in_dialect ? dialect_keyword_count : rule_keyword_count;
    size_t i = find_keyword(keywords, count, word);
    r->entry_lines++;
    if (i == count) {
        unknown_keyword(r, word, in_dialect);
        return;
    }
    bool again = r->seen >> i & 1;
    r->seen |= 1u << i;
    if (!value.n)
        reader_error(r, word.s, "\"%s\" needs a value", keywords[i].name);
    else if (again && keywords[i].list == LIST_COUNT)
        reader_error(r, word.s, "\"%s\" stands in this entry already", keywords[i].name);
    else
        keywords[i].read(r, value, keywords[i].list);
}

static void read_line(struct reader *r)
{
    struct span value = r->line;
    struct span word = reader_word(&value);
    if (!word.n || word.s[0] == '#')
        return;
    for (size_t i = 0; i < sizeof entry_words / sizeof *entry_words; i++) {
        if (span_equal_nocase(word, entry_words[i]) && word.s[0] == entry_words[i][0]) {
            begin_entry(r, (enum rule_entry_kind)i, value);
            return;
        }
    }
    if (r->entry)
        read_keyword(r, word, value);
    else
        reader_error(r, word.s, "\"%s\" stands before the first rule, override or dialect%s", reader_show(r, word),
                     reader_hint(r, word, entry_word_name));
}

/* Lines that are cut or no text are reported and not read. */
static bool line_is_sound(struct reader *r)
{
    if (r->line.n > LIMIT_RULE_LINE_BYTES) {
        error_at(r, r->line_number, 1,
                 arena_printf(r->out->arena, "the line has %zu bytes, and %d are the most", r->line.n,
                              LIMIT_RULE_LINE_BYTES));
        return false;
    }
    const char *end;
    if (!g_utf8_validate_len(r->line.s, r->line.n, &end)) {
        reader_error(r, end, *end ? "this is not UTF-8: byte 0x%02x" : "a NUL byte (0x%02x)", (unsigned char)*end);
        return false;
    }
    return true;
}

static void add_digest(struct rule_entries *e, struct span bytes)
{
    if (e->file_count == e->digest_capacity) {
        e->digest_capacity = e->digest_capacity ? e->digest_capacity * 2 : 16;
        const char **larger = arena_calloc(e->arena, e->digest_capacity, sizeof *larger);
        if (e->file_count)
            memcpy(larger, e->digests, e->file_count * sizeof *larger);
        e->digests = larger;
    }
    char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)(bytes.n ? bytes.s : ""), bytes.n);
    e->digests[e->file_count++] = arena_strdup(e->arena, hex);
    g_free(hex);
}

void rulefile_read(struct rule_entries *e, const char *path, struct span bytes)
{
    const char *slash = strrchr(path, '/');
    struct reader r = {.out = e, .path = path, .file = e->file_count};
    r.file_name = arena_strdup(e->arena, slash ? slash + 1 : path);
    add_digest(e, bytes);
    if (bytes.n > LIMIT_RULE_FILE_BYTES) {
        error_at(&r, 0, 0, arena_printf(e->arena, "the file is larger than %u bytes", LIMIT_RULE_FILE_BYTES));
        return;
    }
    if (bytes.n >= 3 && memcmp(bytes.s, "\xef\xbb\xbf", 3) == 0)
        bytes = span_of(bytes.s + 3, bytes.n - 3);
    while (span_next_line(&bytes, &r.line)) {
        r.line_number++;
        if (line_is_sound(&r))
            read_line(&r);
    }
    finish_entry(&r);
}
