/* SPDX-License-Identifier: MIT */
/* normal.h - the normal form of a text, in which rules are searched. */
#ifndef BOUNCE_TEXT_NORMAL_H
#define BOUNCE_TEXT_NORMAL_H

#include "base/arena.h"

/*   text    UTF-8 on one line: each run of white space (line ends, NBSP and the other
 *           Unicode spaces included) is one space, and there is none at the ends; a
 *           line end between two Chinese or Japanese characters is dropped; so are
 *           zero-width characters, soft hyphens, BOM and bidi marks; typographic
 *           quotes are ' and ", Unicode hyphens (not dashes) are -, full-width ASCII
 *           is ASCII.
 *   folded  text in lower case, Latin letters without their diacritics
 *           (é -> e, ø -> o, ł -> l, ß -> ss, æ -> ae), and ё as е. Other letters keep
 *           theirs (Й becomes й, が stays が).
 *   map     offset in folded -> offset in text, folded_length + 1 entries;
 *           NULL where both are the same (pure ASCII). */
struct norm_text {
    const char *text;
    size_t length;
    const char *folded;
    size_t folded_length;
    const uint32_t *map;
    bool truncated; /* the input was longer than limit bytes */
};

/* Reads at most limit bytes of s, which must be valid UTF-8, and cuts it between
 * characters. A NUL follows text, NORM_PADDING_BYTES of them follow folded: searches read
 * up to two chunks from its last byte on. */
enum { NORM_PADDING_BYTES = 32 };
void text_normalise(struct arena *a, struct span s, size_t limit, struct norm_text *out);

/* In folded, "_" becomes a space between the letters of names of errors: ERR_NO_SUCH_USER is "err no such user", and
 * needs no phrases of its own. Addresses, hosts and paths stay. */
void norm_open_names(struct norm_text *t);

/* The first offset in folded at or after one in text. */
size_t norm_fold_offset(const struct norm_text *t, size_t offset);
/* The same, where it is known not to be before `from`. */
size_t norm_fold_offset_from(const struct norm_text *t, size_t from, size_t offset);

/* Whether a character is not shown, and left out: soft hyphen, zero width, bidi marks, variation selectors, BOM. */
bool norm_is_hidden(uint32_t c);

/* Only the folded form, by the same rules: for the phrases of rules. */
char *text_fold(struct arena *a, struct span s);

#endif
