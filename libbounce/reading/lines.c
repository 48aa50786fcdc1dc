/* SPDX-License-Identifier: MIT */
/*
 * lines.c - the report's own text, as lines.
 *
 * In: the decoded text parts before the returned message. Out: lines, up to
 * where the text shows the returned message (shown_header.c).
 */
#include "reading/lines.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "reading/reading.h"
#include "reading/shown_header.h"
#include "text/header.h"
#include "text/normal.h"
#include "text/octal.h"

#include <string.h>

/* How many bytes at s are one character that is not shown; 0: none. */
static size_t invisible_at(const char *s)
{
    size_t size;
    return norm_is_hidden(utf8_get(s, &size)) ? size : 0;
}

static bool nbsp_at(const char *s, size_t n)
{
    return n > 1 && s[0] == '\xc2' && s[1] == '\xa0';
}

/* What hidden characters and the no-break space begin with. */
static inline bool may_begin_either(char c)
{
    return c == '\xc2' || c == '\xcd' || c == '\xd8' || c == '\xe1' || c == '\xe2' || c == '\xef';
}

/* Invisible characters break addresses and codes, and a no-break space is a space. */
static struct span without_invisible(struct arena *a, struct span line)
{
    size_t i = bytes_ascii(line.s, line.n);
    while (i < line.n &&
           !(may_begin_either(line.s[i]) && (invisible_at(line.s + i) || nbsp_at(line.s + i, line.n - i))))
        i++;
    if (i == line.n)
        return line;
    struct strbuf b;
    strbuf_init(&b, a);
    strbuf_add(&b, line.s, i);
    while (i < line.n) {
        size_t skip = may_begin_either(line.s[i]) ? invisible_at(line.s + i) : 0;
        bool nbsp = !skip && nbsp_at(line.s + i, line.n - i);
        if (nbsp)
            strbuf_putc(&b, ' ');
        else if (!skip)
            strbuf_putc(&b, line.s[i]);
        i += skip ? skip : nbsp ? 2 : 1;
    }
    return span_of(b.s, b.n);
}

static struct text_line *new_line(struct reading *rd, size_t *capacity)
{
    rd->lines = arena_grow(rd->scratch, rd->lines, rd->line_count, capacity, sizeof *rd->lines);
    return &rd->lines[rd->line_count++];
}

static void split_lines(struct reading *rd, struct span text, uint32_t part, size_t *capacity)
{
    const struct span all = text;
    text = text_unescape(rd->scratch, text);
    rd->is_rewritten |= text.s != all.s;
    const bool ascii = bytes_ascii(text.s, text.n) == text.n;
    struct span line;
    while (rd->line_count < LIMIT_TEXT_LINES && span_next_line(&text, &line)) {
        if (line.n > LIMIT_LINE_BYTES) {
            line.n = utf8_cut(line.s, line.n, LIMIT_LINE_BYTES);
            report_warn(rd->report, "long-line", "a line of the report's text is longer than is read");
        }
        const char *begin = line.s;
        if (!ascii)
            line = without_invisible(rd->scratch, line);
        struct text_line *l = new_line(rd, capacity);
        *l = (struct text_line){.s = line, .begin = begin, .trimmed = span_trim(line), .part = part, .ascii = ascii};
        l->blank = l->trimmed.n == 0;
        l->has_at = !l->blank && memchr(l->trimmed.s, '@', l->trimmed.n);
    }
    if (text.n && rd->line_count == LIMIT_TEXT_LINES)
        report_warn(rd->report, "long-text", "the report's text has more lines than are read");
}

/* Removes the indentation that all lines from `first` on share: it means nothing. */
static void remove_margin(struct reading *rd, size_t first)
{
    size_t margin = SIZE_MAX;
    for (size_t i = first; i < rd->line_count && margin; i++) {
        const struct text_line *l = &rd->lines[i];
        const size_t indent = (size_t)(l->trimmed.s - l->s.s);
        if (!l->blank && indent < margin)
            margin = indent;
    }
    for (size_t i = first; i < rd->line_count && margin && margin < SIZE_MAX; i++) {
        struct span *line = &rd->lines[i].s;
        const size_t n = margin < line->n ? margin : line->n;
        *line = span_of(line->s + n, line->n - n);
    }
    rd->is_rewritten |= margin && margin < SIZE_MAX;
}

/* A part whose text belongs to the report itself. */
static bool part_is_report_text(struct reading *rd, size_t i)
{
    const struct part *p = &rd->m.parts[i];
    if (p->role != PART_TEXT && p->role != PART_HTML)
        return false;
    if (rd->m.original_part != SIZE_MAX && i > rd->m.original_part)
        return false;
    if (p->attachment && rd->m.part_count > 1 && i > 0)
        return false;
    if (p->role == PART_HTML) /* its text/plain twin before it says the same, better; one after it is a footer */
        for (size_t k = 0; k < i; k++)
            if (rd->m.parts[k].role == PART_TEXT && span_trim(message_part_text(&rd->m, k)).n > 20)
                return false;
    return true;
}

/* From line i up to the next blank line or part. */
static void mark_paragraph(struct reading *rd, size_t i)
{
    for (size_t k = i; k < rd->line_count && (k == i || !rd->lines[k].blank) && rd->lines[k].part == rd->lines[i].part;
         k++)
        rd->lines[k].boilerplate = true;
}

/* "____", "****", or "-- " before a signature. */
static bool divides_footer(struct span t)
{
    if (t.n == 2)
        return t.s[0] == '-' && t.s[1] == '-';
    return t.n >= 20 && (t.s[0] == '_' || t.s[0] == '*') && t.s[1] == t.s[0] && t.s[t.n - 1] == t.s[0];
}

/* An address alone says nothing: it may be joe@unsubscribe.example. */
static bool is_of_footer(struct reading *rd, struct text_line *l)
{
    const bool is_address = memchr(l->trimmed.s, '@', l->trimmed.n) && !memchr(l->trimmed.s, ' ', l->trimmed.n);
    return !is_address && word_search(rd->words->of[WORDS_FOOTER], l->s, reading_line_pairs(l));
}

static bool has_footer_below(struct reading *rd, size_t i)
{
    enum { LINES_BELOW = 6 };
    for (size_t k = i + 1; k < rd->line_count && k < i + LINES_BELOW; k++)
        if (is_of_footer(rd, &rd->lines[k]))
            return true;
    return false;
}

/* What a gateway or list appends, legal notices, and the sender's own subject: never judged. */
static void mark_boilerplate(struct reading *rd)
{
    for (size_t i = 0; i < rd->line_count; i++) {
        struct text_line *l = &rd->lines[i];
        if (l->blank || l->boilerplate)
            continue;
        if (word_search(rd->words->of[WORDS_DISCLAIMER], l->s, reading_line_pairs(l)) ||
            (divides_footer(l->trimmed) && has_footer_below(rd, i)))
            mark_paragraph(rd, i);
        else if (word_at_start(rd->words->of[WORDS_TOLD_SUBJECT], l->trimmed))
            l->boilerplate = true;
    }
}

static void join_lines(struct reading *rd, size_t end)
{
    size_t n = 0, last = 0, bytes = 0;
    bool footers = false;
    for (; last < end && bytes < 4 * LIMIT_SEARCHED_BYTES; last++)
        bytes += rd->lines[last].boilerplate ? 0 : rd->lines[last].s.n + 1;
    char *text = arena_alloc(rd->scratch, bytes + 1);
    for (size_t i = 0; i < last; i++) {
        if (rd->lines[i].boilerplate) {
            footers = true;
            continue;
        }
        memcpy(text + n, rd->lines[i].s.s, rd->lines[i].s.n);
        n += rd->lines[i].s.n;
        text[n++] = '\n';
    }
    text[n] = '\0';
    rd->text = span_of(text, n);
    text_normalise(rd->scratch, rd->text, LIMIT_SEARCHED_BYTES, &rd->norm);
    if (rd->norm.truncated)
        report_warn(rd->report, "long-subject", "a text is longer than rules are searched in");
    rd->norm_is_all = !footers && !rd->norm.truncated;
}

/* "part 1" */
static const char *text_path(struct arena *a, const char *path)
{
    static const char part[] = "part ";
    size_t n = strlen(path);
    char *z = arena_alloc(a, sizeof part + n);
    memcpy(z, part, sizeof part - 1);
    memcpy(z + sizeof part - 1, path, n + 1);
    return z;
}

void reading_prepare_text(struct reading *rd)
{
    if (rd->text_ready)
        return;
    rd->text_ready = true;
    struct message *m = &rd->m;
    size_t capacity = 0;
    rd->text_paths = arena_calloc(rd->scratch, m->part_count + 1, sizeof *rd->text_paths);
    for (size_t i = 0; i < m->part_count; i++) {
        if (!part_is_report_text(rd, i))
            continue;
        const char *path = m->parts[i].path;
        rd->text_paths[i] = path && *path ? text_path(&rd->report->arena, path) : "text";
        const size_t first = rd->line_count;
        split_lines(rd, message_part_text(m, i), (uint32_t)i, &capacity);
        remove_margin(rd, first);
    }
    size_t header;
    size_t cut = shown_header_find(rd, &header);
    if (header < rd->line_count)
        shown_header_read(rd, header);
    if (cut == rd->line_count && header < cut)
        mark_paragraph(rd, header);
    rd->line_count = cut;
    mark_boilerplate(rd);
    join_lines(rd, rd->line_count);
}

void reading_end_text(struct reading *rd)
{
    if (rd->text_ready && rd->region_last && rd->region_last < rd->line_count)
        join_lines(rd, rd->region_last);
}

/* "Subject: ..." in the report's own words, indented or in a sentence. */
static char *told_of_original(struct reading *rd, const char *name)
{
    static const struct {
        const char *name;
        enum word_list list;
    } told[] = {{"Subject", WORDS_TOLD_SUBJECT}, {"Message-ID", WORDS_TOLD_MESSAGE_ID}, {"Date", WORDS_TOLD_DATE}};
    size_t k = 0;
    while (k < COUNT(told) && strcmp(told[k].name, name) != 0)
        k++;
    for (size_t i = 0; k < COUNT(told) && i < rd->line_count; i++) {
        const struct span line = rd->lines[i].trimmed;
        const struct search_word *w = word_at_start(rd->words->of[told[k].list], line);
        const struct span t = w ? span_trim(span_of(line.s + w->text.n, line.n - w->text.n)) : span_of(NULL, 0);
        if (t.n)
            return arena_strndup(rd->scratch, t.s, t.n);
    }
    return NULL;
}

char *reading_original(struct reading *rd, const char *name)
{
    char *value = message_original_header(&rd->m, name);
    if (value)
        return value;
    reading_prepare_text(rd);
    struct span raw = fields_get(&rd->text_original, name);
    return raw.s ? message_decode_field(&rd->m, raw) : told_of_original(rd, name);
}
