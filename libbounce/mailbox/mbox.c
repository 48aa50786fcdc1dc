/* SPDX-License-Identifier: MIT */
/*
 * mbox.c - where the messages of an mbox begin and end (RFC 4155, and
 * what is older than it).
 *
 * In: a stream. Out: one view after the other. A From line separates only if
 * it comes after a blank line, or first, and shows a plausible date; a
 * Content-Length is believed only if it ends at such a line or with the input,
 * and serves for nothing but to pass over From lines inside a body. Line ends
 * may be LF, CRLF or CR, also mixed. No input is refused: what has no From
 * line is one message.
 */
#include "mailbox/mailbox.h"

#include "base/limits.h"

#include <string.h>

enum {
    FROM_BYTES = 5, /* "From " */
    MOST_FROM_LINE = LIMIT_FROM_LINE_BYTES + 1,
    MAX_CONTENT_LENGTH_DIGITS = 18, /* sums stay in uint64_t */
    LANDING_BYTES = STREAM_LOOK_BEHIND + 4 + LIMIT_FROM_LINE_BYTES + 2
};

static size_t line_end_bytes(const unsigned char *s, size_t n)
{
    if (n >= 2 && s[0] == '\r' && s[1] == '\n')
        return 2;
    return n >= 1 && (s[0] == '\n' || s[0] == '\r');
}

enum from_line from_line_at(const unsigned char *s, size_t n, bool eof, size_t *line_bytes)
{
    size_t known = n < FROM_BYTES ? n : FROM_BYTES, most = n < MOST_FROM_LINE ? n : MOST_FROM_LINE;
    if (memcmp(s, "From ", known) != 0)
        return FROM_LINE_NO;
    size_t end = search_line_end(s, known, most);
    if (end > LIMIT_FROM_LINE_BYTES)
        return FROM_LINE_NO;
    if (!eof && (end == n || (s[end] == '\r' && end + 1 == n)))
        return FROM_LINE_MAYBE;
    *line_bytes = end + line_end_bytes(s + end, n - end);
    return from_line_is_plausible(span_of((const char *)s, end)) ? FROM_LINE_YES : FROM_LINE_NO;
}

/* True if the line before position p is blank: then *start is where it begins.
 * Position 0 begins a line. */
static bool blank_line_before(const unsigned char *s, size_t p, size_t *start)
{
    if (p == 0 || (s[p - 1] != '\n' && s[p - 1] != '\r'))
        return false;
    size_t q = p - 1;
    if (q > 0 && s[q] == '\n' && s[q - 1] == '\r')
        q--;
    *start = q;
    return q == 0 || s[q - 1] == '\n' || s[q - 1] == '\r';
}

/* Moves the head behind the line ends that it stands on. */
static void skip_blank_lines(struct stream *s)
{
    size_t none = 0;
    for (;;) {
        size_t i = 0;
        while (i < stream_size(s) && line_end_bytes(stream_data(s) + i, 1))
            i++;
        stream_advance(s, i);
        if (stream_size(s) > 0 || !stream_more(s, &none))
            return;
    }
}

/* ------------------------------------------------------ Content-Length */

/* The value of a Content-Length field, as its line ends. */
static bool read_length(struct span line, uint64_t *value)
{
    const size_t name_bytes = sizeof "Content-Length:" - 1;
    struct span v = span_trim(span_of(line.s + name_bytes, line.n - name_bytes));
    *value = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (!ascii_is_digit(v.s[i]))
            return false;
        *value = *value * 10 + (uint64_t)(v.s[i] - '0');
    }
    return v.n > 0 && v.n <= MAX_CONTENT_LENGTH_DIGITS;
}

/* Looks through the header in front: the position of the body, and its stated
 * length. False if there is none. */
static bool find_length(const unsigned char *s, size_t n, size_t *body, uint64_t *length)
{
    size_t blank = search_blank_line(s, n), i = 0;
    if (blank == n)
        return false;
    *body = blank + line_end_bytes(s + blank, n - blank);
    while ((i = search_length_field(s, i, blank, n)) < blank) {
        size_t end = search_line_end(s, i, n);
        if (read_length(span_of((const char *)s + i, end - i), length))
            return true;
        i = end;
    }
    return false;
}

/* Does a body that ends at this offset end where a message ends? If so *next
 * is the offset of the From line that follows, or UINT64_MAX. */
static bool lands_well(struct stream *s, uint64_t offset, uint64_t *next)
{
    unsigned char bytes[LANDING_BYTES];
    size_t n, start, line_bytes, i = STREAM_LOOK_BEHIND;
    if (!stream_peek(s, offset - i, bytes, sizeof bytes, &n) || n < i)
        return false;
    bool end_seen = n < sizeof bytes;
    for (int line_ends = 0; line_ends <= 2; line_ends++) {
        if (i == n && end_seen) {
            *next = UINT64_MAX;
            return true;
        }
        if (blank_line_before(bytes, i, &start) &&
            from_line_at(bytes + i, n - i, end_seen, &line_bytes) == FROM_LINE_YES) {
            *next = offset - STREAM_LOOK_BEHIND + i;
            return true;
        }
        size_t skip = line_end_bytes(bytes + i, n - i);
        if (!skip)
            return false;
        i += skip;
    }
    return false;
}

/* Called where the message would end at position: a Content-Length that goes
 * on and lands well gives the offset before which nothing separates. */
static uint64_t trusted_end(struct stream *s, size_t position)
{
    size_t body, known = position < s->keep ? position : s->keep;
    uint64_t length, next;
    if (!find_length(stream_data(s), known, &body, &length))
        return 0;
    uint64_t end = s->head_offset + body + length;
    if (end <= stream_offset(s, position) || end < STREAM_LOOK_BEHIND)
        return 0;
    return lands_well(s, end, &next) ? next : 0;
}

/* ------------------------------------------------------------ messages */

/* Takes one '>' off every line that begins with >From or >>From …; the length
 * that is left. from: the last '>' of the first such line, or before it; stop:
 * behind the "From " of the last. */
static size_t unquote(unsigned char *s, size_t n, size_t from, size_t stop)
{
    while (from > 0 && s[from - 1] == '>')
        from--;
    size_t to = from, done = from;
    if (stop > n)
        stop = n;
    for (size_t p = from; (p = search_from(s, p, stop)) < stop; p += FROM_BYTES) {
        size_t line = p;
        while (line > done && s[line - 1] == '>')
            line--;
        if (line < p && (line == 0 || s[line - 1] == '\n' || s[line - 1] == '\r')) {
            memmove(s + to, s + done, line - done);
            to += line - done;
            done = line + 1;
        }
    }
    if (to < done)
        memmove(s + to, s + done, n - done);
    return to + (n - done);
}

struct scan {
    size_t position;     /* all before it has been looked at */
    size_t first_quoted; /* position of the first '>' before "From ", or SIZE_MAX */
    size_t last_quoted;  /* position of the last "From " behind one */
    size_t end;          /* of the message, once found */
    size_t next;         /* where the next one's From line begins */
    size_t line_bytes;   /* of that line; 0: the input ends there */
    uint64_t trusted;    /* offset before which no From line separates */
    bool length_read;
};

/* "From " stands at position p. FROM_LINE_YES: the message ends before it. */
static enum from_line judge(const struct mbox *m, struct stream *s, struct scan *scan, size_t p)
{
    const unsigned char *data = stream_data(s);
    if (p > 0 && data[p - 1] == '>') {
        if (scan->first_quoted == SIZE_MAX)
            scan->first_quoted = p - 1;
        scan->last_quoted = p;
        return FROM_LINE_NO;
    }
    if (stream_offset(s, p) < scan->trusted || !blank_line_before(data, p, &scan->end))
        return FROM_LINE_NO;
    enum from_line is = from_line_at(data + p, stream_size(s) - p, s->eof, &scan->line_bytes);
    if (is != FROM_LINE_YES || !m->believe_content_length || scan->length_read)
        return is;
    scan->length_read = true;
    scan->trusted = trusted_end(s, p);
    return stream_offset(s, p) < scan->trusted ? FROM_LINE_NO : FROM_LINE_YES;
}

/* Moves on to the next "From ". */
static bool next_from(const unsigned char *s, size_t n, struct scan *scan)
{
    size_t start = scan->position, tail = n > FROM_BYTES - 1 ? n - (FROM_BYTES - 1) : 0;
    scan->position = search_from(s, start, n);
    if (scan->position < n)
        return true;
    /* An incomplete "From " at the end will be looked at again. */
    scan->position = start > tail ? start : tail;
    return false;
}

/* Looks at what the window holds; true once the end is found. */
static bool scan_window(const struct mbox *m, struct stream *s, struct scan *scan)
{
    while (next_from(stream_data(s), stream_size(s), scan)) {
        enum from_line is = judge(m, s, scan, scan->position);
        if (is == FROM_LINE_MAYBE)
            return false;
        if (is == FROM_LINE_YES) {
            scan->next = scan->position;
            return true;
        }
        scan->position += FROM_BYTES;
    }
    return false;
}

static void fill_view(struct stream *s, size_t end, size_t next, bounce_view *view)
{
    view->bytes = stream_data(s);
    view->length = end < s->keep ? end : s->keep;
    view->true_length = stream_offset(s, end) - s->head_offset;
    view->offset = s->head_offset;
    stream_advance(s, next);
}

/* The head stands on a From line or on the end, unless the mbox begins without
 * one. False at the end of the input. */
static bool skip_from_line(struct mbox *m, struct stream *s)
{
    size_t line_bytes = m->from_line_bytes, none = 0;
    if (!m->started)
        skip_blank_lines(s);
    m->started = true;
    if (m->range_end && s->head_offset >= m->range_end)
        return false;
    enum from_line is = line_bytes ? FROM_LINE_YES : FROM_LINE_MAYBE;
    while (is == FROM_LINE_MAYBE &&
           (is = from_line_at(stream_data(s), stream_size(s), s->eof, &line_bytes)) == FROM_LINE_MAYBE)
        stream_more(s, &none);
    if (stream_size(s) == 0)
        return false;
    if (is == FROM_LINE_YES)
        stream_advance(s, line_bytes);
    return true;
}

bounce_status mbox_next(struct mbox *m, struct stream *s, bounce_view *view)
{
    struct scan scan = {.first_quoted = SIZE_MAX};
    if (!skip_from_line(m, s))
        return s->error ? BOUNCE_ERROR_IO : BOUNCE_END;
    while (!scan_window(m, s, &scan)) {
        if (stream_more(s, &scan.position))
            continue;
        if (s->error)
            return BOUNCE_ERROR_IO;
        /* The end has come: what was doubtful can be told now. */
        if (scan_window(m, s, &scan))
            break;
        scan.next = stream_size(s);
        scan.line_bytes = 0;
        if (!blank_line_before(stream_data(s), scan.next, &scan.end))
            scan.end = scan.next;
        break;
    }
    unsigned char *bytes = s->buffer + s->head;
    fill_view(s, scan.end, scan.next, view);
    m->from_line_bytes = scan.line_bytes;
    /* Where a length vouched for bare From lines nothing was quoted (mboxcl2). */
    if (!scan.trusted && scan.first_quoted < view->length)
        view->length = unquote(bytes, view->length, scan.first_quoted, scan.last_quoted + FROM_BYTES);
    return BOUNCE_OK;
}

/* Whether a line separates is told by itself and the few bytes before it, so a
 * range needs nothing of what stands before; without Content-Length, that is. */
void mbox_start_range(struct mbox *m, struct stream *s, uint64_t begin, uint64_t end)
{
    m->started = true;
    m->range_end = end;
    skip_blank_lines(s);
    if (s->head_offset >= begin || s->error)
        return;
    uint64_t behind = begin < STREAM_LOOK_BEHIND ? begin : STREAM_LOOK_BEHIND;
    struct scan scan = {.position = (size_t)behind, .first_quoted = SIZE_MAX};
    if (!stream_seek(s, begin - behind))
        return;
    bool found = false;
    for (bool more = true; more && !found && stream_offset(s, scan.position) < end;) {
        more = stream_more(s, &scan.position);
        found = scan_window(m, s, &scan);
        if (!found && scan.position > STREAM_LOOK_BEHIND) {
            stream_advance(s, scan.position - STREAM_LOOK_BEHIND);
            scan.position = STREAM_LOOK_BEHIND;
        }
    }
    size_t position = found ? scan.next : scan.position;
    stream_advance(s, position < stream_size(s) ? position : stream_size(s));
    m->from_line_bytes = found ? scan.line_bytes : 0;
    if (!found)
        m->range_end = s->head_offset;
}

/* A From line in front of a single mail may lack its date; a field that is
 * written "From : joe" is none. */
static size_t lone_from_line_bytes(const unsigned char *s, size_t n)
{
    size_t end = FROM_BYTES;
    if (n < FROM_BYTES || memcmp(s, "From ", FROM_BYTES) != 0)
        return 0;
    while (end < n && (s[end] == ' ' || s[end] == '\t'))
        end++;
    if (end < n && s[end] == ':')
        return 0;
    end = search_line_end(s, end, n < MOST_FROM_LINE ? n : MOST_FROM_LINE);
    return end > LIMIT_FROM_LINE_BYTES ? 0 : end + line_end_bytes(s + end, n - end);
}

bounce_status mail_next(struct stream *s, bounce_view *view)
{
    size_t position = 0;
    while (stream_size(s) < LIMIT_FROM_LINE_BYTES + 2 && stream_more(s, &position))
        continue;
    if (stream_size(s) == 0)
        return s->error ? BOUNCE_ERROR_IO : BOUNCE_END;
    stream_advance(s, lone_from_line_bytes(stream_data(s), stream_size(s)));
    do
        position = stream_size(s);
    while (stream_more(s, &position));
    if (s->error)
        return BOUNCE_ERROR_IO;
    fill_view(s, stream_size(s), stream_size(s), view);
    return BOUNCE_OK;
}
