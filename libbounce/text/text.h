/* SPDX-License-Identifier: MIT */
/*
 * text.h - bytes of any charset to UTF-8, encoded words, HTML, and the
 * normal form in which rules are searched. Charsets go through GLib's iconv;
 * GMime is not called here.
 */
#ifndef BOUNCE_TEXT_TEXT_H
#define BOUNCE_TEXT_TEXT_H

#include "base/arena.h"

/* What happened on the way; or-ed into *flags (flags may be NULL). */
enum text_flag {
    TEXT_BAD_CHARSET = 1, /* the charset is unknown or did not fit; a fallback was used */
    TEXT_BAD_BYTES = 2,   /* some bytes were replaced by U+FFFD */
    TEXT_TRUNCATED = 4
};

/* Any bytes to valid UTF-8 with LF line ends; NUL becomes U+FFFD. charset may
 * be NULL or nonsense: then UTF-8 if valid, else ISO-2022-JP if its escape
 * sequences stand there, else windows-1252. The declared charset is used
 * where it works without loss; else that same fallback. Two labels are not
 * believed: us-ascii and iso-8859-1 (read as windows-1252) stand on too much
 * that is UTF-8. A text of one charset with a few bad bytes stays in it, and
 * they become U+FFFD. The result may share memory with the input. */
struct span text_decode(struct arena *a, struct span bytes, const char *charset, unsigned *flags);

/* A raw header value, folded and encoded as it stands, to one line of UTF-8:
 * unfolded, encoded words (RFC 2047) decoded token by token (GMime 3.2.13
 * loses words), raw 8-bit by the fallback of text_decode. */
char *text_decode_header(struct arena *a, struct span raw, unsigned *flags);
/* True if decoding a value changes nothing; *value is the value without the
 * white space around it in any case. */
bool text_header_is_plain(struct span raw, struct span *value);

/* Content-Transfer-Encoding undone by ourselves: padding in the middle of
 * base64 does not end it (in GMime 3.2.13 it does); quoted-printable is
 * lenient. encoding is the field's value ("base64", any case; NULL or unknown:
 * unchanged). */
struct span text_decode_transfer(struct arena *a, struct span bytes, const char *encoding);

/* The form in which rules are searched.
 *   text    UTF-8, one line (a line end between two Chinese or Japanese
 *           characters is nothing): every other run of white space (line ends, NBSP and the
 *           other Unicode spaces included) is one space, none at the ends;
 *           zero-width characters, soft hyphens, BOM and bidi marks are gone;
 *           typographic quotes are ' and ", Unicode hyphens (not dashes) are -,
 *           full-width ASCII is ASCII.
 *   folded  text in lower case, Latin letters without their diacritics
 *           (é -> e, ø -> o, ł -> l, ß -> ss, æ -> ae). Other scripts keep
 *           theirs (Й stays й, が stays が).
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

/* Reads at most limit bytes of s (cut at a character's end); text ends in a NUL,
 * folded in NORM_BYTES_BEHIND of them (base/literals.h). s must be valid UTF-8. */
enum { NORM_BYTES_BEHIND = 8 };
void text_normalise(struct arena *a, struct span s, size_t limit, struct norm_text *out);

/* folded form alone, of a rule's phrase; the same rules as above. */
char *text_fold(struct arena *a, struct span s);

#endif
