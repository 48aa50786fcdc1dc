/* SPDX-License-Identifier: MIT */
/*
 * text.h - the main header of text: bytes of any charset to UTF-8.
 *
 * In: bytes as they are in a mail. Out: valid UTF-8, and from it the forms that
 * other rooms read: header values on one line (header.h), bodies without their
 * transfer encoding (transfer.h), the normal form in which rules are searched
 * (normal.h), and the same without what somebody typed (mask.h). text sees base only; charsets go through GLib's iconv.
 */
#ifndef BOUNCE_TEXT_TEXT_H
#define BOUNCE_TEXT_TEXT_H

#include "base/arena.h"

/* What went wrong; or-ed into *flags (flags may be NULL). */
enum text_flag {
    TEXT_BAD_CHARSET = 1, /* the charset is unknown or did not fit; a fallback was used */
    TEXT_BAD_BYTES = 2,   /* some bytes were replaced by U+FFFD */
    TEXT_TRUNCATED = 4
};

/* Any bytes to valid UTF-8 with LF line ends; NUL becomes U+FFFD. The declared charset
 * is used where it works without loss. Without one (NULL, or nonsense), and otherwise:
 * UTF-8 if that is valid, else ISO-2022-JP if its escape sequences occur, else
 * windows-1252. Two labels are never trusted, us-ascii and iso-8859-1 (read as
 * windows-1252): too much UTF-8 bears them. A text in one charset with a few bad bytes
 * stays in it, and these become U+FFFD. The result may share memory with the input. */
struct span text_decode(struct arena *a, struct span bytes, const char *charset, unsigned *flags);

#endif
