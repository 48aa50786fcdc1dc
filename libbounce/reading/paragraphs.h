/* SPDX-License-Identifier: MIT */
/*
 * paragraphs.h - the text of a report in pieces that belong together, and what
 * a quoted SMTP session shows around them.
 */
#ifndef BOUNCE_READING_PARAGRAPHS_H
#define BOUNCE_READING_PARAGRAPHS_H

#include "reading/reading.h"

/* A paragraph: lines [first, last) that belong together. */
struct paragraph {
    size_t first, last;
    struct span text; /* joined, marks of a transcript removed */
    bool remote;      /* "<<<": said by the other side */
};

/* Who speaks in a line of a session: 1 "<<<" the other side, 2 ">>>" the
 * reporter, 0 none. */
int paragraph_side(struct span t);
/* "550 " or "550-" at the start: 1 for the last line of a reply, 2 for an earlier one; else 0. */
int paragraph_reply_line(struct span t);
/* The line without these marks. */
struct span paragraph_words(struct span line);
/* The paragraph that begins at line i (up to a blank line, boilerplate, a change
 * of sides in a transcript, or the next reply), and the reply in it, if it is
 * useful or the other side said it. Read once, however many recipients ask for
 * it; named: in the text that names a recipient, not in that of its block. */
struct read_paragraph {
    size_t limit; /* the line it was cut at */
    struct paragraph p;
    struct read_text *text; /* its reply is read, if it is useful or said by the other side */
};
const struct read_paragraph *paragraph_read(struct reading *rd, size_t i, size_t last, bool named);
/* Lines [first, last) joined, without boilerplate, at least LIMIT_SEARCHED_BYTES
 * if they have as many. The last answer is kept. */
struct read_text *paragraphs_text(struct reading *rd, size_t first, size_t last);
bool paragraphs_empty(struct reading *rd, size_t first, size_t last);
/* "part 1": where the line was. */
const char *paragraph_where(struct reading *rd, size_t line);
/* True if a reply names another address than only (of mentions_find()), or
 * answers an RCPT that does. Of a paragraph longer than LIMIT_PARAGRAPH_LINES
 * only the start is searched, with a warning. */
bool paragraph_concerns_other(struct reading *rd, const struct paragraph *p, size_t only);
void paragraph_warn_long(struct reading *rd);
/* The SMTP command that a transcript shows before line i. */
bounce_command transcript_command(struct reading *rd, size_t i);
/* "... while talking to mx.example.net.:" above line i; NULL: none. */
const char *transcript_host(struct reading *rd, size_t i);

#endif
