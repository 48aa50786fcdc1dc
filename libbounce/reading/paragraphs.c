/* SPDX-License-Identifier: MIT */
/*
 * paragraphs.c - cuts the text of a report into paragraphs, and reads what a
 * quoted SMTP session shows around them: who speaks, which command was
 * answered, which recipient is meant. See paragraphs.h.
 */
#include "reading/paragraphs.h"
#include "reading/writer.h"

#include <string.h>

#include "base/limits.h"
#include "reading/lines.h"
#include "reading/mentions.h"

static struct span strip_marks(struct span t, bool *remote)
{
    if (t.n > 3 && !strncmp(t.s, "<<<", 3)) {
        *remote = true;
        return span_trim(span_of(t.s + 3, t.n - 3));
    }
    if (t.n > 3 && !strncmp(t.s, ">>>", 3))
        return span_trim(span_of(t.s + 3, t.n - 3));
    return t;
}

struct span paragraph_words(struct span line)
{
    bool remote;
    return strip_marks(line, &remote);
}

int paragraph_side(struct span t)
{
    return t.n > 3 && !strncmp(t.s, "<<<", 3) ? 1 : t.n > 3 && !strncmp(t.s, ">>>", 3) ? 2 : 0;
}

int paragraph_reply_line(struct span t)
{
    if (t.n < 4 || (t.s[0] != '4' && t.s[0] != '5') || !ascii_is_digit(t.s[1]) || !ascii_is_digit(t.s[2]))
        return 0;
    return t.s[3] == ' ' ? 1 : t.s[3] == '-' ? 2 : 0;
}

static bool same_code(struct span a, struct span b)
{
    return a.n > 3 && b.n > 3 && !memcmp(a.s, b.s, 3);
}

/* The paragraph that begins at line i: up to a blank line, boilerplate, a
 * change of sides in a transcript, or the next reply. */
static struct paragraph paragraph_at(struct reading *rd, size_t i, size_t last)
{
    const struct search_word *session = rd->words->of[WORDS_TALKING_TO];
    struct paragraph p = {.first = i, .last = i + 1};
    int side = paragraph_side(rd->lines[i].trimmed);
    int ended = paragraph_reply_line(rd->lines[i].trimmed) == 1;
    while (p.last < last && !rd->lines[p.last].blank && !rd->lines[p.last].boilerplate &&
           paragraph_side(rd->lines[p.last].trimmed) == side) {
        int kind = paragraph_reply_line(rd->lines[p.last].trimmed);
        if (word_at_start(session, rd->lines[p.last].s))
            break;
        if (kind && ended && !same_code(rd->lines[i].trimmed, rd->lines[p.last].trimmed))
            break;
        ended |= kind == 1;
        p.last++;
    }
    if (p.last == i + 1) {
        p.text = strip_marks(rd->lines[i].trimmed, &p.remote);
        return p;
    }
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (size_t k = p.first; k < p.last && b.n < LIMIT_SEARCHED_BYTES; k++) {
        struct span t = strip_marks(rd->lines[k].trimmed, &p.remote);
        if (b.n) /* a wrapped line continues; one that begins with a code is a line of the reply */
            strbuf_putc(&b, t.n && ascii_is_digit(t.s[0]) ? '\n' : ' ');
        strbuf_add(&b, t.s, t.n);
    }
    p.text = span_of(b.s, b.n);
    return p;
}

/* Thousands of recipients may share one text. */
struct read_paragraphs {
    struct read_paragraph **by_line[2]; /* not named, named */
    struct {
        size_t first, last;
        struct read_text *text;
    } joined;
};

static struct read_paragraphs *paragraphs_of(struct reading *rd)
{
    if (!rd->paragraphs)
        rd->paragraphs = arena_calloc(rd->scratch, 1, sizeof *rd->paragraphs);
    return rd->paragraphs;
}

const struct read_paragraph *paragraph_read(struct reading *rd, size_t i, size_t last, bool named)
{
    struct read_paragraph ***all = &paragraphs_of(rd)->by_line[named];
    if (!*all)
        *all = arena_calloc(rd->scratch, rd->line_count, sizeof **all);
    struct read_paragraph *r = (*all)[i];
    if (r && r->limit == last)
        return r;
    r = (*all)[i] = arena_alloc(rd->scratch, sizeof *r); /* one that was read up to another line may still be in use */
    r->p = paragraph_at(rd, i, last);
    bool useful = r->p.remote || reply_may_be_useful(r->p.text);
    r->text = useful ? texts_intern(rd, r->p.text) : texts_add(rd, r->p.text);
    if (useful)
        texts_codes(rd, r->text);
    r->limit = last;
    return r;
}

static struct span join_lines(struct reading *rd, size_t first, size_t last)
{
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (size_t i = first; i < last && b.n < LIMIT_SEARCHED_BYTES; i++) {
        if (rd->lines[i].boilerplate)
            continue;
        bool remote;
        struct span t = strip_marks(rd->lines[i].trimmed, &remote);
        strbuf_add(&b, t.s, t.n);
        strbuf_putc(&b, '\n');
    }
    return span_of(b.s, b.n);
}

struct read_text *paragraphs_text(struct reading *rd, size_t first, size_t last)
{
    struct read_paragraphs *p = paragraphs_of(rd);
    if (!p->joined.text || p->joined.first != first || p->joined.last != last) {
        p->joined.text = texts_add(rd, join_lines(rd, first, last));
        p->joined.first = first;
        p->joined.last = last;
    }
    return p->joined.text;
}

const char *paragraph_where(struct reading *rd, size_t line)
{
    const char *path = line < rd->line_count ? rd->text_paths[rd->lines[line].part] : NULL;
    return path ? path : "text";
}

/* The SMTP command that a transcript shows before line i. */
bounce_command transcript_command(struct reading *rd, size_t i)
{
    for (size_t back = 0; i-- > 0 && back < 12; back++) {
        struct span t = rd->lines[i].trimmed;
        if (paragraph_side(t) != 2)
            continue;
        bool remote;
        t = strip_marks(t, &remote);
        if (span_starts_nocase(t, "RCPT"))
            return BOUNCE_COMMAND_RCPT;
        if (span_starts_nocase(t, "MAIL"))
            return BOUNCE_COMMAND_MAIL;
        if (span_starts_nocase(t, "DATA") || span_starts_nocase(t, "BDAT") || span_starts_nocase(t, "."))
            return BOUNCE_COMMAND_DATA;
        if (span_starts_nocase(t, "EHLO") || span_starts_nocase(t, "HELO") || span_starts_nocase(t, "LHLO"))
            return BOUNCE_COMMAND_EHLO;
        if (span_starts_nocase(t, "STARTTLS"))
            return BOUNCE_COMMAND_STARTTLS;
        if (span_starts_nocase(t, "AUTH"))
            return BOUNCE_COMMAND_AUTH;
        return BOUNCE_COMMAND_NONE;
    }
    return BOUNCE_COMMAND_NONE;
}

void paragraph_warn_long(struct reading *rd)
{
    report_warn(rd->report, "long-paragraph", "a paragraph has more lines than are searched for other recipients");
}

bool paragraph_concerns_other(struct reading *rd, const struct paragraph *p, size_t only)
{
    size_t last = p->last < p->first + LIMIT_PARAGRAPH_LINES ? p->last : p->first + LIMIT_PARAGRAPH_LINES;
    for (size_t i = p->first; i < last; i++)
        if (mentions_in_line(rd, i, only))
            return false;
    for (size_t i = p->first; i < last; i++)
        if (mentions_other(rd, i, only))
            return true;
    if (last < p->last)
        paragraph_warn_long(rd);
    return p->first && paragraph_side(rd->lines[p->first - 1].trimmed) == 2 && mentions_other(rd, p->first - 1, only);
}

bool paragraphs_empty(struct reading *rd, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (!rd->lines[i].blank && !rd->lines[i].boilerplate)
            return false;
    return true;
}

/* What follows the words of a line that begins a session, and a space; s NULL: it begins none. */
static struct span after_talking_to(const struct reading *rd, const struct text_line *l)
{
    const struct span t = l->trimmed;
    const struct search_word *w = word_search(rd->words->of[WORDS_TALKING_TO], t, reading_known_pairs(l));
    if (!w)
        return span_of(NULL, 0);
    const size_t end = (size_t)(span_find_word(t, w->text) - t.s) + w->text.n;
    return end < t.n && t.s[end] == ' ' ? span_of(t.s + end + 1, t.n - end - 1) : span_of(NULL, 0);
}

const char *transcript_host(struct reading *rd, size_t i)
{
    enum { LINES_ABOVE = 40 };
    for (size_t back = 0; i-- > 0 && back < LINES_ABOVE; back++) {
        const struct span host = after_talking_to(rd, &rd->lines[i]);
        if (!host.s)
            continue;
        size_t n = 0;
        while (n < host.n && (ascii_is_alnum(host.s[n]) || host.s[n] == '.' || host.s[n] == '-' || host.s[n] == '_'))
            n++;
        while (n && host.s[n - 1] == '.')
            n--;
        return n ? arena_strndup(&rd->report->arena, host.s, n) : NULL;
    }
    return NULL;
}
