/* SPDX-License-Identifier: MIT */
/*
 * mentions.h - which line of the report's text names which address. All lines
 * are read once, however many recipients ask.
 */
#ifndef BOUNCE_READING_MENTIONS_H
#define BOUNCE_READING_MENTIONS_H

#include "mail/address_scan.h"
#include "reading/reading.h"

#define MENTIONS_NONE SIZE_MAX

/* An address in a line. */
struct mention {
    struct found_address found;
    size_t id; /* of the address: 0 to mentions_addresses() - 1 */
    size_t line;
    size_t next; /* mention of the same address; MENTIONS_NONE: the last */
};

/* How many addresses the text names. */
size_t mentions_addresses(struct reading *rd);
/* The mentions of one line, in order, NULL if it has none; and those of an address:
 * the first one, and the one after another, NULL after the last. */
const struct mention *mentions_of_line(struct reading *rd, size_t line, size_t *count);
const struct mention *mentions_first(struct reading *rd, size_t id);
const struct mention *mentions_after(struct reading *rd, const struct mention *m);

/* The number of an address, the same for all of its spellings; MENTIONS_NONE if
 * no line names it. */
size_t mentions_id(struct reading *rd, struct span address);
size_t mentions_find(struct reading *rd, const char *address); /* NULL: of nobody */
/* The lines that name address id, one after the other, each once;
 * MENTIONS_NONE at the end. *cursor is the caller's and begins with MENTIONS_NONE. */
size_t mentions_next(struct reading *rd, size_t id, size_t *cursor);
bool mentions_in_line(struct reading *rd, size_t line, size_t id);
/* True if the line names others in brackets, and not this address. */
bool mentions_other(struct reading *rd, size_t line, size_t id);

#endif
