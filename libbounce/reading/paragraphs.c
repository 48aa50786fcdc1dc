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

int paragraph_side(struct span t)
{
    return t.n > 3 && !strncmp(t.s, "<<<", 3) ? 1 : t.n > 3 && !strncmp(t.s, ">>>", 3) ? 2 : 0;
}

/* "550 " or "550-" at the beginning: 1 for the last line of a reply, 2 for another. */
static int reply_line(struct span t)
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
    struct paragraph p = {.first = i, .last = i + 1};
    int side = paragraph_side(rd->lines[i].trimmed);
    int ended = reply_line(rd->lines[i].trimmed) == 1;
    while (p.last < last && !rd->lines[p.last].blank && !rd->lines[p.last].boilerplate &&
           paragraph_side(rd->lines[p.last].trimmed) == side) {
        int kind = reply_line(rd->lines[p.last].trimmed);
        if (span_starts_nocase(rd->lines[p.last].s, "While talking to"))
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
        if (b.n) /* a wrapped line goes on; one that begins with a code is a line of the reply */
            strbuf_putc(&b, t.n && ascii_is_digit(t.s[0]) ? '\n' : ' ');
        strbuf_add(&b, t.s, t.n);
    }
    p.text = span_of(b.s, b.n);
    return p;
}

/* Thousands of recipients may share one text. */
struct read_texts {
    struct read_paragraph **paragraphs[2]; /* by line; not named, named */
    struct {
        size_t first, last;
        struct span text;
    } joined;
    struct {
        struct span text;
        const char *copy;
    } kept;
    struct {
        struct span text;
        bounce_command command;
    } asked;
};

static struct read_texts *texts_read(struct reading *rd)
{
    if (!rd->read)
        rd->read = arena_calloc(rd->scratch, 1, sizeof *rd->read);
    return rd->read;
}

const struct read_paragraph *paragraph_read(struct reading *rd, size_t i, size_t last, bool named)
{
    struct read_paragraph ***all = &texts_read(rd)->paragraphs[named];
    if (!*all)
        *all = arena_calloc(rd->scratch, rd->line_count, sizeof **all);
    struct read_paragraph *r = (*all)[i];
    if (r && r->limit == last)
        return r;
    if (!r)
        r = (*all)[i] = arena_alloc(rd->scratch, sizeof *r);
    r->p = paragraph_at(rd, i, last);
    struct read_paragraph **others = texts_read(rd)->paragraphs[!named];
    if (others && others[i] && others[i]->p.last == r->p.last) /* the same lines */
        *r = *others[i];
    else if (r->p.remote || reply_may_be_useful(r->p.text))
        reply_read(rd->scratch, r->p.text, &r->reply);
    else
        r->reply = (struct reply){.text = r->p.text, .inner = r->p.text};
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

struct span paragraphs_join(struct reading *rd, size_t first, size_t last)
{
    struct read_texts *t = texts_read(rd);
    if (t->joined.first != first || t->joined.last != last) {
        t->joined.text = join_lines(rd, first, last);
        t->joined.first = first;
        t->joined.last = last;
    }
    return t->joined.text;
}

static bool same_place(struct span a, struct span b)
{
    return a.s == b.s && a.n == b.n;
}

const char *paragraph_keep(struct reading *rd, struct span text)
{
    struct read_texts *t = texts_read(rd);
    if (!t->kept.copy || !same_place(t->kept.text, text)) {
        /* One line: line breaks of the letter are no part of what was said. */
        struct norm_text n;
        text_normalise(rd->scratch, text, LIMIT_LINE_BYTES, &n);
        t->kept.copy = arena_strndup(&rd->report->arena, n.text, n.length);
        t->kept.text = text;
    }
    return t->kept.copy;
}

bounce_command paragraph_command(struct reading *rd, struct span text)
{
    struct read_texts *t = texts_read(rd);
    if (!text.s || !same_place(t->asked.text, text)) {
        t->asked.command = dialect_command(rd, text);
        t->asked.text = text;
    }
    return t->asked.command;
}

const char *paragraph_where(struct reading *rd, size_t line)
{
    const char *path = line < rd->line_count ? rd->text_paths[rd->lines[line].part] : NULL;
    return path ? path : "text";
}

/* The SMTP command that a transcript shows in front of line i. */
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

bool reply_is_useful(const struct reply *reply)
{
    return reply->code >= 400 || reply->status.class_ >= 4;
}

bool reply_may_be_useful(struct span t)
{
    for (size_t i = 0; i + 2 < t.n; i++) /* "450", "5.1": a class that fails, and nothing glued in front */
        if ((t.s[i] == '4' || t.s[i] == '5') && (t.s[i + 1] == '.' || ascii_is_digit(t.s[i + 1])) &&
            ascii_is_digit(t.s[i + 2]) && !(i && ascii_is_alnum(t.s[i - 1])))
            return true;
    return false;
}

bool paragraph_concerns_other(struct reading *rd, const struct paragraph *p, size_t only)
{
    enum { CHECKED_LINES = 64 }; /* keeps hostile reports linear */
    size_t last = p->last < p->first + CHECKED_LINES ? p->last : p->first + CHECKED_LINES;
    for (size_t i = p->first; i < last; i++)
        if (mentions_in_line(rd, i, only))
            return false;
    for (size_t i = p->first; i < last; i++)
        if (mentions_other(rd, i, only))
            return true;
    return p->first && paragraph_side(rd->lines[p->first - 1].trimmed) == 2 && mentions_other(rd, p->first - 1, only);
}

bool paragraphs_empty(struct reading *rd, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (!rd->lines[i].blank && !rd->lines[i].boilerplate)
            return false;
    return true;
}

const char *transcript_host(struct reading *rd, size_t i)
{
    enum { LINES_ABOVE = 40 };
    static const char words[] = "while talking to ";
    for (size_t back = 0; i-- > 0 && back < LINES_ABOVE; back++) {
        const char *at = span_find_nocase(rd->lines[i].trimmed, words);
        if (!at)
            continue;
        const char *host = at + sizeof words - 1, *end = rd->lines[i].trimmed.s + rd->lines[i].trimmed.n;
        size_t n = 0;
        while (host + n < end && (ascii_is_alnum(host[n]) || host[n] == '.' || host[n] == '-' || host[n] == '_'))
            n++;
        while (n && host[n - 1] == '.')
            n--;
        return n ? arena_strndup(&rd->report->arena, host, n) : NULL;
    }
    return NULL;
}
