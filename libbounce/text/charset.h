/* SPDX-License-Identifier: MIT */
/* charset.h - the charset names that mail uses, and how to read them. */
#ifndef BOUNCE_TEXT_CHARSET_H
#define BOUNCE_TEXT_CHARSET_H

#include "base/arena.h"

enum charset_kind {
    CHARSET_NONE,    /* none was stated */
    CHARSET_UNKNOWN, /* a name that means nothing to us */
    CHARSET_ASCII,
    CHARSET_UTF8,
    CHARSET_LATIN, /* ISO-8859-1, read as windows-1252 like everybody does */
    CHARSET_JIS,   /* ISO-2022-JP */
    CHARSET_ICONV
};

enum { CHARSET_NAME_BYTES = 40 }; /* IANA allows 40 */
enum { CHARSETS_KEPT_MAX = 16 };  /* others are opened when they are used */

struct charset {
    enum charset_kind kind;
    bool wide;                          /* ASCII bytes may mean something else in it */
    char iconv[CHARSET_NAME_BYTES + 1]; /* name for iconv_open; "" if it is not needed */
};

/* name as it stands in a mail: any case, perhaps in quotes, with spaces, with
 * the language of RFC 2231 ("utf-8*en"); NULL or "" is CHARSET_NONE. */
void charset_find(const char *name, struct charset *out);
const struct charset *charset_jis(void);

/* Charsets whose converter stays open, so that its module stays loaded: glibc
 * (2.36) unloads a module soon after its last use, and to load it again takes
 * as long as to read two reports. Begins as {0}. */
struct charsets_kept {
    size_t count;
    struct {
        char name[CHARSET_NAME_BYTES + 1];
        void *converter;
    } items[CHARSETS_KEPT_MAX];
};
/* Keeps the charset of this name, as in charset_find(), if iconv is needed for it. */
void charsets_keep(struct charsets_kept *kept, const char *name);
void charsets_release(struct charsets_kept *kept);

#endif
