/* SPDX-License-Identifier: MIT */
/* typed_chars.h - the characters of addresses, URLs and host names. Private to text/. */
#ifndef BOUNCE_TEXT_TYPED_CHARS_H
#define BOUNCE_TEXT_TYPED_CHARS_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Letters of other scripts belong to all of them. */
enum typed_class {
    TYPED_LETTER = 1, /* letters and digits */
    TYPED_LABEL = 2,  /* of a host name */
    TYPED_HOST = 4,   /* likewise, and the dot */
    TYPED_LOCAL = 8,  /* a local part without quotes (RFC 5322 3.2.3, RFC 6531) */
    TYPED_URL = 16,
    TYPED_SCHEME = 32
};
extern const uint8_t typed_classes[256]; /* of ASCII; 0 for all others */

/* Letters, digits and marks of any script, ASCII excepted. */
bool typed_is_foreign_letter(uint32_t c);

static inline bool typed_is_letter(uint32_t c)
{
    return c < 0x80 ? typed_classes[c] & TYPED_LETTER : typed_is_foreign_letter(c);
}

/* Scripts that are written without spaces, and Korean, which adds particles to
 * names: an address ends where they begin, unless it is written in them. */
bool typed_is_solid(struct span t, size_t i);

/* Where the run of characters of a class that begins at `start` ends, or ends at `end` and
 * begins at `floor` at the earliest. All three are between characters of the text. */
size_t typed_run_end(struct span t, size_t start, enum typed_class is);
size_t typed_run_start(struct span t, size_t floor, size_t end, enum typed_class is);

#endif
