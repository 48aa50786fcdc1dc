/* SPDX-License-Identifier: MIT */
/*
 * no_mail.c - files that are not mail, recognised by their first bytes.
 *
 * In: the first bytes of a file. Out: what it is, for people who gave it by mistake. Refused: the formats below, and
 * files that have NUL bytes near their start and do not begin like a header. All else may be mail; UTF-16 text is not
 * handled here.
 */
#include "input/no_mail.h"

#include <stdbool.h>
#include <string.h>

enum { FRONT_BYTES = 1024 };

static const char archive[] = "an archive, not mail: unpack it and pipe in the contents";
/* Files of these formats were already unpacked before this check. */
static const char packed[] = "compressed a second time, or damaged: unpack it first";
static const char binary[] = "binary data, not mail";

static const struct {
    const char *front;
    size_t n;
    const char *meaning;
} formats[] = {
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8,
     "an Outlook file (.msg), not mail: save the message as .eml, or convert it with msgconvert"},
    {"\x78\x9f\x3e\x22", 4, "a TNEF block (winmail.dat), not mail: give the whole mail, or unpack it with tnef"},
    {"\x1f\x8b", 2, packed},
    {"BZh", 3, packed},
    {"\xfd"
     "7zXZ",
     5, packed},
    {"\x28\xb5\x2f\xfd", 4, packed},
    {"PK\x03\x04", 4, archive},
    {"%PDF-", 5, binary},
    {"\x89PNG", 4, binary},
    {"\xff\xd8\xff", 3, binary},
    {"\x7f"
     "ELF",
     4, binary},
};

/* "Subject:": printable ASCII up to a colon. */
static bool begins_with_field(const unsigned char *s, size_t n)
{
    size_t i = 0;
    while (i < n && s[i] > ' ' && s[i] < 0x7f && s[i] != ':')
        i++;
    return i > 0 && i < n && s[i] == ':';
}

const char *no_mail(const unsigned char *bytes, size_t n)
{
    bool is_utf16 = n >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff));
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (n >= formats[i].n && memcmp(bytes, formats[i].front, formats[i].n) == 0)
            return formats[i].meaning;
    if (n > FRONT_BYTES)
        n = FRONT_BYTES;
    return !is_utf16 && n && memchr(bytes, '\0', n) && !begins_with_field(bytes, n) ? binary : NULL;
}
