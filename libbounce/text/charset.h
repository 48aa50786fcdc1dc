/* SPDX-License-Identifier: MIT */
/* charset.h - the names of charsets in mail, and how to decode each. */
#ifndef BOUNCE_TEXT_CHARSET_H
#define BOUNCE_TEXT_CHARSET_H

#include "base/arena.h"
#include "base/limits.h"

enum charset_kind {
    CHARSET_NONE,    /* not stated */
    CHARSET_UNKNOWN, /* a name that is not known here */
    CHARSET_ASCII,
    CHARSET_UTF8,
    CHARSET_LATIN, /* ISO-8859-1, read as windows-1252, as everybody does */
    CHARSET_JIS,   /* ISO-2022-JP */
    CHARSET_ICONV
};

enum { CHARSET_NAME_BYTES = 40 }; /* IANA allows 40 */

struct charset {
    enum charset_kind kind;
    bool wide;                          /* ASCII bytes may mean something else */
    char iconv[CHARSET_NAME_BYTES + 1]; /* name for iconv_open; "" if it is not needed */
};

/* name as a mail has it: in any case, perhaps in quotes, with spaces, or with the
 * language of RFC 2231 ("utf-8*en"); NULL or "" is CHARSET_NONE. */
void charset_find(const char *name, struct charset *out);
const struct charset *charset_jis(void);

/* Settles the byte order of UTF-16 and UTF-32 that state none, neither in their name nor by a BOM: the one in which
 * more characters are ASCII, as line ends and spaces are in any text; if none has more, big-endian (RFC 2781 4.3). */
void charset_settle_order(struct charset *cs, struct span bytes);

/* The character of a byte from 0x80 to 0x9f in windows-1252; 0: none is assigned. */
uint32_t charset_windows_1252(unsigned char byte);

/* Charsets whose converters stay open, so that their modules stay loaded: glibc
 * (2.36) unloads a module soon after its last use, and loading it again takes
 * as long as reading two reports. Starts as {0}. */
struct charsets_kept {
    size_t count;
    struct {
        char name[CHARSET_NAME_BYTES + 1];
        void *converter;
    } items[LIMIT_CHARSETS_KEPT];
};
/* Keeps the charset of this name, as in charset_find(), if it needs iconv and there is room. */
void charsets_keep(struct charsets_kept *kept, const char *name);
void charsets_release(struct charsets_kept *kept);

#endif
