/* SPDX-License-Identifier: MIT */
/*
 * lines.c - the report's own text, as lines.
 *
 * In: the decoded text parts that stand in front of the returned message. Out:
 * lines, and the header of a returned message that is shown in the text. A
 * returned message begins where a block of header fields (RFC 5322 2.2) of a
 * mail stands at the left margin; the line that announces it is cut off too.
 */
#include "reading/lines.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "reading/reading.h"
#include "text/header.h"
#include "text/normal.h"

#include <string.h>

enum { HEADER_RUN_LINES = 64 };

/* Fields that a mail's header has, and a report's prose hardly ever. */
static bool is_header_name(struct span name, bool *strong)
{
    static const struct span sure[] = {SPAN("received"),       SPAN("return-path"),
                                       SPAN("message-id"),     SPAN("mime-version"),
                                       SPAN("dkim-signature"), SPAN("delivered-to"),
                                       SPAN("content-type"),   SPAN("content-transfer-encoding"),
                                       SPAN("x-mailer"),       SPAN("x-originating-ip"),
                                       SPAN("reply-to"),       SPAN("domainkey-signature"),
                                       SPAN("received-spf"),   SPAN("authentication-results"),
                                       SPAN("x-received"),     SPAN("list-id"),
                                       SPAN("precedence")};
    static const struct span plain[] = {SPAN("from"),       SPAN("to"),          SPAN("subject"),
                                        SPAN("date"),       SPAN("cc"),          SPAN("sender"),
                                        SPAN("errors-to"),  SPAN("in-reply-to"), SPAN("references"),
                                        SPAN("importance"), SPAN("x-priority"),  SPAN("organization")};
    *strong = false;
    for (size_t i = 0; i < COUNT(sure); i++)
        if (span_same_nocase(name, sure[i]))
            return *strong = true;
    for (size_t i = 0; i < COUNT(plain); i++)
        if (span_same_nocase(name, plain[i]))
            return true;
    return name.n > 3 && (name.s[0] == 'X' || name.s[0] == 'x') && name.s[1] == '-';
}

/* The name of a header field that begins at the left margin of this line. */
static struct span field_name(struct span line)
{
    size_t i = 0;
    while (i < line.n && (ascii_is_alnum(line.s[i]) || line.s[i] == '-' || line.s[i] == '_'))
        i++;
    size_t name = i;
    while (i < line.n && line.s[i] == ' ')
        i++;
    if (!name || i >= line.n || line.s[i] != ':')
        return span_of(NULL, 0);
    return span_of(line.s, name);
}

/* Whether a header goes on at line i, which is no field: pages (HTML) have lost the white space in front of the lines
 * with which a field goes on. */
static bool header_goes_on(const struct text_line *lines, size_t count, size_t i)
{
    enum { FOLDED_LINES = 4 };
    bool strong;
    for (const size_t last = count < i + FOLDED_LINES ? count : i + FOLDED_LINES; i < last && !lines[i].blank; i++)
        if (is_header_name(field_name(lines[i].s), &strong))
            return true;
    return false;
}

/* How many header fields of a mail begin at line i in an unbroken run, and
 * whether the run can only be a mail's header. */
static size_t header_run(const struct text_line *lines, size_t count, size_t i, bool *sure)
{
    size_t fields = 0, strong_fields = 0;
    if (count > i + HEADER_RUN_LINES) /* keeps hostile text linear */
        count = i + HEADER_RUN_LINES;
    for (; i < count && !lines[i].blank; i++) {
        if (fields && (lines[i].s.s[0] == ' ' || lines[i].s.s[0] == '\t'))
            continue;
        struct span name = field_name(lines[i].s);
        bool strong;
        if (!name.n && !(strong_fields && header_goes_on(lines, count, i)))
            break;
        if (is_header_name(name, &strong)) {
            fields++;
            strong_fields += strong;
        }
    }
    *sure = strong_fields > 0;
    return fields;
}

/* "--- Below this line is a copy of the message.", "Original message headers:" */
static bool looks_like_announcement(const struct reading *rd, struct text_line *l)
{
    struct span t = l->trimmed;
    if (!t.n || t.n > 90)
        return false;
    if (strchr("-=_*~+#", t.s[0]) || t.s[t.n - 1] == ':')
        return true;
    return word_search(rd->words->of[WORDS_RETURNED_MESSAGE], t, reading_line_pairs(l));
}

/* Whether the fields at line i are a summary of the message, below which the report goes on: "The mail was blocked".
 * announced: by a line that calls it no copy. */
static bool report_goes_on(const struct reading *rd, size_t i, size_t announcement)
{
    enum { LINES_BELOW = 3 };
    const struct text_line *l = &rd->lines[announcement];
    if (strchr("-=_*~+#", l->trimmed.s[0]) ||
        word_search(rd->words->of[WORDS_RETURNED_MESSAGE], l->trimmed, reading_known_pairs(l)))
        return false;
    const size_t last = rd->line_count < i + HEADER_RUN_LINES ? rd->line_count : i + HEADER_RUN_LINES;
    while (i < last && !rd->lines[i].blank)
        i++;
    while (i < last && rd->lines[i].blank)
        i++;
    for (size_t k = i; k < last && k < i + LINES_BELOW; k++)
        if (!rd->lines[k].blank && word_search(rd->words->of[WORDS_SUMMARY_THEN], rd->lines[k].s, UINT64_MAX))
            return true;
    return false;
}

/* The first line of a returned message shown in the text; count if none. *header: where its header begins, which may be
 * a summary with the report's text below it; count: nowhere. */
static size_t find_original(const struct reading *rd, size_t *header)
{
    struct text_line *lines = rd->lines;
    const size_t count = rd->line_count;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].blank || !ascii_is_alpha(lines[i].s.s[0]) || !field_name(lines[i].s).n)
            continue;
        if (i && !lines[i - 1].blank && !looks_like_announcement(rd, &lines[i - 1]))
            continue;
        bool sure;
        size_t fields = header_run(lines, count, i, &sure);
        if (fields < 2 || (i == 0 && fields < 4))
            continue;
        size_t cut = i;
        while (cut && lines[cut - 1].blank)
            cut--;
        bool announced = cut && looks_like_announcement(rd, &lines[cut - 1]);
        if (!sure && !(announced && fields >= 3))
            continue;
        *header = i;
        if (!sure && report_goes_on(rd, i, cut - 1))
            return count;
        /* "-----------------------------------------" below "Included is a copy of the message header:" */
        for (int k = 0; announced && cut && k < 2 && looks_like_announcement(rd, &lines[cut - 1]); k++)
            cut--;
        return cut ? cut : i;
    }
    *header = count;
    return count;
}

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

/* They break addresses and codes, and a no-break space is a space. */
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
        *l = (struct text_line){.s = line, .begin = begin, .trimmed = span_trim(line), .part = part};
        l->blank = l->trimmed.n == 0;
        l->has_at = !l->blank && memchr(l->trimmed.s, '@', l->trimmed.n);
    }
    if (text.n && rd->line_count == LIMIT_TEXT_LINES)
        report_warn(rd->report, "long-text", "the report's text has more lines than are read");
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
    if (p->role == PART_HTML) /* its text/plain twin in front says the same, better; one behind is a footer */
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

/* "____", "****", or "-- " in front of a signature. */
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

/* The header of the message that line i begins. */
static void read_header_in_text(struct reading *rd, size_t i)
{
    const struct span whole = message_part_text(&rd->m, rd->lines[i].part);
    const char *begin = rd->lines[i].begin;
    struct span rest = span_of(begin, (size_t)(whole.s + whole.n - begin));
    bool truncated = false;
    fields_read_group(rd->scratch, &rest, LIMIT_HEADER_LINES, &rd->text_original, NULL, &truncated);
    if (truncated)
        rd->m.flags |= MESSAGE_TOO_MANY_HEADERS;
    rd->text_original_has_body = span_trim(rest).n > 0;
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
        split_lines(rd, message_part_text(m, i), (uint32_t)i, &capacity);
    }
    size_t header;
    size_t cut = find_original(rd, &header);
    if (header < rd->line_count)
        read_header_in_text(rd, header);
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
