/* SPDX-License-Identifier: MIT */
/*
 * file.c - the frame of a rule file: lines, entries, keywords.
 *
 * What comes in: the bytes of one file. What goes out: its entries and its
 * errors, appended to those of other files. Refused: a file or a line that is too
 * long, what is not UTF-8, unknown keywords, keywords before the first entry, and
 * a format that does not exist.
 */
#include "base/limits.h"
#include "rules/arrays.h"
#include "rules/class_keywords.h"
#include "rules/dialect_keywords.h"
#include "rules/rule_keywords.h"
#include "rules/rule_scope.h"
#include "rules/sign_keywords.h"
#include "rules/word_keywords.h"

#include <glib.h>

/* --------------------------------------------------------------- entries */

static const struct keyword_table *table_of(const struct reader *r)
{
    static const struct keyword_table *const tables[] = {[ENTRY_RULE] = &rule_keywords,
                                                         [ENTRY_OVERRIDE] = &rule_keywords,
                                                         [ENTRY_DIALECT] = &dialect_keywords,
                                                         [ENTRY_WORDS] = &word_keywords,
                                                         [ENTRY_SIGN] = &sign_keywords};
    return r->entry->class ? &class_keywords : tables[r->entry->kind];
}

static void finish_entry(struct reader *r)
{
    if (!r->entry)
        return;
    table_of(r)->finish(r);
    if (r->entry->kind != ENTRY_WORDS) {
        *r->out->end = r->entry;
        r->out->end = &r->entry->next;
    }
    r->entry = NULL;
}

static void begin_entry(struct reader *r, enum rule_entry_kind kind, struct span id)
{
    finish_entry(r);
    memset(r->lists, 0, sizeof r->lists);
    r->entry_lines = 0;
    r->seen = 0;
    r->entry = arena_calloc(r->out->arena, 1, sizeof *r->entry);
    r->entry->kind = kind;
    r->entry->unchecked = r->out->unchecked;
    r->entry->path = r->path;
    r->entry->file = r->file;
    r->entry->rule.id = r->entry->dialect.id = r->entry->sign.name = reader_copy(r, id);
    r->entry->rule.file = r->entry->dialect.file = r->file_name;
    r->entry->rule.line = r->entry->dialect.line = r->line_number;
    if (kind == ENTRY_WORDS)
        r->entry->words = word_list_find(r, id);
    else
        reader_id(r, id);
}

/* -------------------------------------------------------------- keywords */

static const char *entry_word(size_t i)
{
    static const char *const words[] = {[ENTRY_RULE] = "rule",
                                        [ENTRY_OVERRIDE] = "override",
                                        [ENTRY_DIALECT] = "dialect",
                                        [ENTRY_WORDS] = "words",
                                        [ENTRY_SIGN] = "sign"};
    return i < COUNT(words) ? words[i] : NULL;
}

static const char *rule_word(size_t i)
{
    return i < rule_keywords.count ? rule_keywords.keywords[i].name : entry_word(i - rule_keywords.count);
}

static const char *dialect_word(size_t i)
{
    return i < dialect_keywords.count ? dialect_keywords.keywords[i].name : entry_word(i - dialect_keywords.count);
}

static const char *words_word(size_t i)
{
    return i < word_keywords.count ? word_keywords.keywords[i].name : entry_word(i - word_keywords.count);
}

static const char *sign_word(size_t i)
{
    return i < sign_keywords.count ? sign_keywords.keywords[i].name : entry_word(i - sign_keywords.count);
}

/* The index of a keyword in the table; the table's count if it is not there. */
static size_t find_keyword(const struct keyword_table *table, struct span word)
{
    size_t i = 0;
    while (i < table->count && !word_is(word, table->keywords[i].name))
        i++;
    return i;
}

static const char *class_word(size_t i)
{
    return i < class_keywords.count ? class_keywords.keywords[i].name : entry_word(i - class_keywords.count);
}

/* How messages name the sorts of entries, and the keywords that each may have. */
static const struct {
    const struct keyword_table *table;
    const char *one, *many;
    const char *(*word)(size_t i);
} sorts[] = {{&rule_keywords, "a rule", "rules", rule_word},
             {&dialect_keywords, "a dialect", "dialects", dialect_word},
             {&word_keywords, "a list of words", "lists of words", words_word},
             {&class_keywords, "a class of words", "classes of words", class_word},
             {&sign_keywords, "a sign", "signs", sign_word}};

static void refuse_keyword(struct reader *r, struct span word)
{
    size_t own = 0, of = 0;
    if (table_of(r) == &rule_keywords && rule_scope_has(word)) {
        reader_error(r, word.s, "\"%s\" is a key of scope: write \"scope %s VALUE\"", reader_show(r, word),
                     reader_show(r, word));
        return;
    }
    while (sorts[own].table != table_of(r))
        own++;
    while (of < COUNT(sorts) && find_keyword(sorts[of].table, word) == sorts[of].table->count)
        of++;
    if (of < COUNT(sorts))
        reader_error(r, word.s, "\"%s\" is a keyword of %s, and this entry is %s", reader_show(r, word), sorts[of].many,
                     sorts[own].one);
    else
        reader_error(r, word.s, "unknown keyword \"%s\"%s", reader_show(r, word),
                     reader_hint(r, word, sorts[own].word));
}

static void read_keyword(struct reader *r, struct span word, struct span value)
{
    const struct keyword_table *table = table_of(r);
    size_t i = find_keyword(table, word);
    r->entry_lines++;
    if (i == table->count) {
        refuse_keyword(r, word);
        return;
    }
    bool again = reader_saw(r, i);
    r->seen |= 1u << i;
    if (!value.n != (table->keywords[i].list == LIST_ALONE))
        reader_error(r, word.s, "\"%s\" %s", table->keywords[i].name,
                     value.n ? "stands alone, without a value" : "needs a value");
    else if (again && table->keywords[i].list >= LIST_COUNT)
        reader_error(r, word.s, "\"%s\" may appear only once in an entry", table->keywords[i].name);
    else
        table->keywords[i].read(r, value, table->keywords[i].list);
}

/* ----------------------------------------------------------------- lines */

enum { FORMAT_OLDEST = 1, FORMAT_NEWEST = 2 };

/* `format N`, which must be the first line that says anything. */
static void read_format(struct reader *r, struct span word, struct span value)
{
    if (r->format)
        reader_error(r, word.s, "\"format\" must be the first line of its file");
    else if (value.n == 1 && value.s[0] >= '0' + FORMAT_OLDEST && value.s[0] <= '0' + FORMAT_NEWEST)
        r->format = value.s[0] - '0';
    else
        reader_error(r, value.n ? value.s : word.s, "the formats of rule files are 1 and 2");
}

/* `language TAG`, above the first entry: that of the classes and phrases of the file. */
static void read_language(struct reader *r, struct span word, struct span value)
{
    if (r->entry || r->language || r->format < FORMAT_NEWEST)
        reader_error(r, word.s, "\"language\" may stand once below \"format 2\", above the first entry");
    else if (value.n != 2 || !g_ascii_islower(value.s[0]) || !g_ascii_islower(value.s[1]))
        reader_error(r, value.n ? value.s : word.s, "a language is a tag of two letters, as in \"language de\"");
    else
        r->language = reader_copy(r, value);
}

static void read_line(struct reader *r)
{
    struct span value = r->line;
    struct span word = reader_word(&value);
    if (!word.n || word.s[0] == '#')
        return;
    if (word_is(word, "format")) {
        read_format(r, word, value);
        return;
    }
    if (!r->format)
        r->format = FORMAT_OLDEST;
    if (word_is(word, "language")) {
        read_language(r, word, value);
        return;
    }
    for (size_t i = 0; entry_word(i); i++) {
        if (word_is(word, entry_word(i))) {
            begin_entry(r, (enum rule_entry_kind)i, value);
            return;
        }
    }
    if (r->entry)
        read_keyword(r, word, value);
    else
        reader_error(r, word.s, "\"%s\" comes before the first rule, override, dialect, words or sign%s",
                     reader_show(r, word), reader_hint(r, word, entry_word));
}

/* False, and an error, if the line cannot be read. */
static bool check_line(struct reader *r)
{
    const char *end;
    if (r->line.n > LIMIT_RULE_LINE_BYTES) {
        reader_line_error(r, r->line_number, "the line has %zu bytes; at most %d are allowed", r->line.n,
                          LIMIT_RULE_LINE_BYTES);
        return false;
    }
    if (g_utf8_validate_len(r->line.s, r->line.n, &end))
        return true;
    if (*end)
        reader_error(r, end, "byte 0x%02x is not UTF-8", (unsigned char)*end);
    else
        reader_error(r, end, "a NUL byte is not allowed");
    return false;
}

/* ------------------------------------------------------------------ file */

void rule_file_read(struct rule_entries *e, const char *path, struct span bytes)
{
    static const struct span byte_order_mark = SPAN("\xef\xbb\xbf");
    const char *slash = strrchr(path, '/');
    struct reader r = {.out = e, .path = path, .file = e->file_count};
    r.file_name = arena_strdup(e->arena, slash ? slash + 1 : path);
    rule_entries_add_file(e, bytes);
    if (bytes.n > LIMIT_RULE_FILE_BYTES) {
        reader_line_error(&r, 0, "the file is larger than %u bytes", LIMIT_RULE_FILE_BYTES);
        return;
    }
    if (span_starts_with(bytes, byte_order_mark))
        bytes = span_of(bytes.s + byte_order_mark.n, bytes.n - byte_order_mark.n);
    while (span_next_line(&bytes, &r.line)) {
        r.line_number++;
        if (check_line(&r))
            read_line(&r);
    }
    finish_entry(&r);
}
