/* SPDX-License-Identifier: MIT */
/*
 * mbox.c - where the messages of an mbox begin and end (RFC 4155, and older
 * variants).
 *
 * In: a stream. Out: one view after another. A From line is a separator only if it is the first line or follows a blank
 * one, and has a plausible date. A Content-Length is believed only if it ends at a separator or with the input, and
 * only serves to skip From lines inside a body. Line ends may be LF, CRLF or CR, even mixed. Nothing is refused: a file
 * without a From line is one message.
 */
#include "mailbox/mailbox.h"

#include "base/limits.h"

#include <string.h>

enum {
    FROM_BYTES = 5, /* "From " */
    FROM_LINE_SEARCHED = LIMIT_FROM_LINE_BYTES + 1,
    CONTENT_LENGTH_DIGITS_MAX = 18, /* sums stay in uint64_t */
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
    size_t known = n < FROM_BYTES ? n : FROM_BYTES, most = n < FROM_LINE_SEARCHED ? n : FROM_LINE_SEARCHED;
    if (known && memcmp(s, "From ", known) != 0)
        return FROM_LINE_NO;
    size_t end = search_line_end(s, known, most);
    if (end > LIMIT_FROM_LINE_BYTES)
        return FROM_LINE_NO;
    if (!eof && (end == n || (s[end] == '\r' && end + 1 == n)))
        return FROM_LINE_MAYBE;
    *line_bytes = end + line_end_bytes(s + end, n - end);
    return from_line_is_plausible(span_of((const char *)s, end)) ? FROM_LINE_YES : FROM_LINE_NO;
}

/* True if the line before position p is blank; *start gets its beginning. */
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

/* Moves the head after the line ends at it. */
static void skip_line_ends(struct stream *s)
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

/* Reads the value of a Content-Length field, which is the rest of its line. */
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
    return v.n > 0 && v.n <= CONTENT_LENGTH_DIGITS_MAX;
}

/* Finds the position of the body, and its length according to the header. False if the header states none. */
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

/* Whether a body that ends at this offset ends a message. If so, *next is the offset of
 * the From line that follows, or UINT64_MAX. */
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

/* To be called where a From line would end the message. If the Content-Length of the message leads beyond it, and to
 * the end of a message, returns the offset before which no From line counts; else 0. */
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

/* Takes one '>' off every line that begins with >From, >>From …; the gaps are closed by moving the shorter side. from:
 * at or before the last '>' of the first such line; stop: after the "From " of the last one. */
static void unquote(bounce_view *view, unsigned char *s, size_t from, size_t stop)
{
    const size_t n = view->length;
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
    view->length = to + (n - done);
    view->bytes = s;
    if (to < n - done)
        view->bytes = memmove(s + done - to, s, to);
    else
        memmove(s + to, s + done, n - done);
}

struct message_scan {
    size_t position;     /* everything before it has been read */
    size_t first_quoted; /* position of the first '>' before "From ", or SIZE_MAX */
    size_t last_quoted;  /* position of the last "From " after one */
    size_t end;          /* of the message, once found */
    size_t next;         /* where the From line of the next one begins */
    size_t line_bytes;   /* of that line; 0: the input ends there */
    uint64_t trusted;    /* offset before which no From line counts */
    bool length_read;
};

/* Decides about the "From " at position p. FROM_LINE_YES: the message ends before it. */
static enum from_line judge_from(const struct mbox *m, struct stream *s, struct message_scan *scan, size_t p)
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

/* Moves to the next "From "; false if there is none. */
static bool next_from(const unsigned char *s, size_t n, struct message_scan *scan)
{
    size_t start = scan->position, tail = n > FROM_BYTES - 1 ? n - (FROM_BYTES - 1) : 0;
    scan->position = search_from(s, start, n);
    if (scan->position < n)
        return true;
    /* An incomplete "From " at the end will be read again. */
    scan->position = start > tail ? start : tail;
    return false;
}

/* Reads the content of the window; true once the end of the message is found. */
static bool scan_window(const struct mbox *m, struct stream *s, struct message_scan *scan)
{
    while (next_from(stream_data(s), stream_size(s), scan)) {
        enum from_line is = judge_from(m, s, scan, scan->position);
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

/* Moves the head after its From line, which only the start of an mbox can lack. False at
 * the end of the input. */
static bool skip_from_line(struct mbox *m, struct stream *s)
{
    size_t line_bytes = m->from_line_bytes, none = 0;
    if (m->behind_from_line) {
        m->behind_from_line = false; /* even an empty message at the end is one */
        return true;
    }
    if (!m->started)
        skip_line_ends(s);
    m->started = true;
    if (m->range_end && s->head_offset >= m->range_end)
        return false;
    enum from_line is = line_bytes ? FROM_LINE_YES : FROM_LINE_MAYBE;
    while (is == FROM_LINE_MAYBE &&
           (is = from_line_at(stream_data(s), stream_size(s), s->eof, &line_bytes)) == FROM_LINE_MAYBE)
        if (!stream_more(s, &none) && s->held)
            return false;
    if (stream_size(s) == 0)
        return false;
    if (is == FROM_LINE_YES)
        stream_advance(s, line_bytes);
    return true;
}

/* Finds the end of the message at the head. False after an error. */
static bool find_end(const struct mbox *m, struct stream *s, struct message_scan *scan)
{
    while (!scan_window(m, s, scan)) {
        if (stream_more(s, &scan->position))
            continue;
        if (s->error)
            return false;
        /* At the end of the input, what was undecided can be decided. */
        if (scan_window(m, s, scan))
            return true;
        scan->next = stream_size(s);
        scan->line_bytes = 0;
        if (!blank_line_before(stream_data(s), scan->next, &scan->end))
            scan->end = scan->next;
        return true;
    }
    return true;
}

bounce_status mbox_next(struct mbox *m, struct stream *s, bounce_view *view)
{
    struct message_scan scan = {.first_quoted = SIZE_MAX};
    if (!skip_from_line(m, s))
        return s->error ? BOUNCE_ERROR_IO : BOUNCE_END;
    if (!find_end(m, s, &scan)) {
        /* If reading is only held, the message will be requested again. */
        m->behind_from_line = true;
        m->from_line_bytes = 0;
        return BOUNCE_ERROR_IO;
    }
    unsigned char *bytes = s->buffer + s->head;
    fill_view(s, scan.end, scan.next, view);
    m->from_line_bytes = scan.line_bytes;
    /* If a length has covered bare From lines, nothing is quoted (mboxcl2). */
    if (!scan.trusted && scan.first_quoted < view->length)
        unquote(view, bytes, scan.first_quoted, scan.last_quoted + FROM_BYTES);
    return BOUNCE_OK;
}

bool mbox_after(const struct mbox *m, const struct stream *s, uint64_t *offset)
{
    *offset = s->head_offset + (m->behind_from_line ? 0 : m->from_line_bytes);
    if (m->behind_from_line)
        return true;
    return m->from_line_bytes > 0 && (!m->range_end || s->head_offset < m->range_end);
}

/* A line and the few bytes before it decide whether it is a separator, so that a range
 * needs nothing of what precedes it; provided that Content-Length is not believed. */
void mbox_start_range(struct mbox *m, struct stream *s, uint64_t begin, uint64_t end)
{
    m->started = true;
    m->range_end = end;
    skip_line_ends(s);
    if (s->head_offset >= begin || s->error)
        return;
    uint64_t behind = begin < STREAM_LOOK_BEHIND ? begin : STREAM_LOOK_BEHIND;
    struct message_scan scan = {.position = (size_t)behind, .first_quoted = SIZE_MAX};
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

/* Length of the From line before a single mail, which may lack a date; 0: there is none, or it is a field, as in "From
 * : joe". */
static size_t lone_from_line_bytes(const unsigned char *s, size_t n)
{
    size_t end = FROM_BYTES;
    if (n < FROM_BYTES || memcmp(s, "From ", FROM_BYTES) != 0)
        return 0;
    while (end < n && (s[end] == ' ' || s[end] == '\t'))
        end++;
    if (end < n && s[end] == ':')
        return 0;
    end = search_line_end(s, end, n < FROM_LINE_SEARCHED ? n : FROM_LINE_SEARCHED);
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
