/* SPDX-License-Identifier: MIT */
/* shown_header.h - the header of a returned message that a report shows in its own text. */
#ifndef BOUNCE_READING_SHOWN_HEADER_H
#define BOUNCE_READING_SHOWN_HEADER_H

#include "reading/reading.h"

/* The first line of a returned message shown in the text, or of what announces it; the number of lines if there is
 * none. *header: where its header begins, which may be a summary with the report's text below it; the number of lines:
 * nowhere. */
size_t shown_header_find(const struct reading *rd, size_t *header);
/* Reads the header that begins at line i into text_original. */
void shown_header_read(struct reading *rd, size_t i);

#endif
