/* SPDX-License-Identifier: MIT */
/*
 * paragraphs.h - the text of a report in pieces that belong together, and what
 * a quoted SMTP session shows around them.
 */
#ifndef BOUNCE_PARAGRAPHS_H
#define BOUNCE_PARAGRAPHS_H

#include "reading.h"

/* A paragraph: lines [first, last) that belong together. */
struct paragraph {
    size_t first, last;
    struct span text;  /* joined, marks of a transcript removed */
    bool remote;       /* "<<<": said by the other side */
};

/* Who speaks in a line of a session: 1 "<<<" the other side, 2 ">>>" the
 * reporter, 0 none. */
int paragraph_side(struct span line);
/* The paragraph that begins at line i: up to a blank line, boilerplate, a
 * change of sides in a transcript, or the next reply. */
struct paragraph paragraph_at(struct reading *rd, size_t i, size_t last);
/* Lines [first, last) joined, without boilerplate; in scratch. */
struct span paragraphs_join(struct reading *rd, size_t first, size_t last);
bool paragraphs_empty(struct reading *rd, size_t first, size_t last);
/* "part 1": where the line stood. */
const char *paragraph_where(struct reading *rd, size_t line);
bool line_mentions(struct reading *rd, size_t i, const char *address);
/* True if a reply names another recipient than only, or answers an RCPT that does. */
bool paragraph_concerns_other(struct reading *rd, const struct paragraph *p, const char *only);
/* The SMTP command that a transcript shows in front of line i. */
bounce_command transcript_command(struct reading *rd, size_t i);
/* True if it says more than that all went well. */
bool reply_is_useful(const struct reply *reply);

/* block_texts.c: gives a recipient what its block of the text says. */
void block_take(struct reading *rd, struct bounce_recipient *to, const struct block *blocks, size_t count, size_t k);
/* ... what all of the text says, for one that the text does not name. */
void block_take_whole_text(struct reading *rd, struct bounce_recipient *to);
/* "(expanded from: <x>)", "originally addressed to x": the name the sender used. */
void block_take_original(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last);

#endif
