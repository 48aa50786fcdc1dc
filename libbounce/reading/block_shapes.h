/* SPDX-License-Identifier: MIT */
/* block_shapes.h - how an address appears in its line, for blocks.c. */
#ifndef BOUNCE_READING_BLOCK_SHAPES_H
#define BOUNCE_READING_BLOCK_SHAPES_H

#include "mail/address_scan.h"
#include "reading/reading.h"

/* Strongest first. */
enum shape {
    SHAPE_NONE,   /* somebody else's */
    SHAPE_ALONE,  /* all of its line, except for a label or display name */
    SHAPE_LEADS,  /* before what is said about it */
    SHAPE_INSIDE, /* in a sentence */
    SHAPE_REPLY,  /* in a reply, or in what was said to a server */
    SHAPE_SUMMARY /* in a summary of the returned message */
};

/* The shape by the line alone: never SHAPE_SUMMARY. */
enum shape shape_of(const struct word_lists *words, struct span line, const struct found_address *found);
/* True if line i is "To: ..." beside "Subject: ..." and the like. */
bool stands_in_summary(struct reading *rd, size_t i);

/* Whether line i is "Joe User (joe@example.net)", in a list under a line that says what failed and ends
 * with a colon. */
bool named_in_list(const struct reading *rd, size_t i, const struct found_address *found);

/* True if the words before an address make it the sender's:
 * "... not accepting mail from <joe@example.net>". */
bool introduces_sender(const struct word_lists *words, struct span before);

/* The line that begins the paragraph of line i; i itself if that is long. */
size_t lines_paragraph_start(const struct reading *rd, size_t i);

/* Where the sentence of an address ends: what comes after it may send the reader to somebody else. */
size_t address_sentence_end(struct span line, const struct found_address *found);

#endif
