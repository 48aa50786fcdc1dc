/* SPDX-License-Identifier: MIT */
/*
 * address_chars.c - the two halves of an address; see address_chars.h.
 *
 * In: bytes that may be an address, or begin with a domain. Out: the place of the '@', and the length of the domain.
 * RFC 5321 4.1.2 and 4.1.3.
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/address_chars.h"

enum { BOTH = LOCAL_PART_BYTE | LABEL_BYTE };

const uint8_t address_bytes[256] = {['0' ... '9'] = BOTH,
                                    ['A' ... 'Z'] = BOTH,
                                    ['a' ... 'z'] = BOTH,
                                    [0x80 ... 0xff] = BOTH,
                                    ['-'] = BOTH,
                                    ['_'] = BOTH,
                                    ['!'] = LOCAL_PART_BYTE,
                                    ['#' ... '\''] = LOCAL_PART_BYTE, /* "#$%&'" */
                                    ['*' ... '+'] = LOCAL_PART_BYTE,
                                    ['.' ... '/'] = LOCAL_PART_BYTE,
                                    ['='] = LOCAL_PART_BYTE,
                                    ['?'] = LOCAL_PART_BYTE,
                                    ['^'] = LOCAL_PART_BYTE,
                                    ['`'] = LOCAL_PART_BYTE,
                                    ['{' ... '~'] = LOCAL_PART_BYTE};

size_t address_at(struct span s)
{
    const char *at = s.n ? memrchr(s.s, '@', s.n) : NULL;
    return at ? (size_t)(at - s.s) : s.n;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" */
static size_t address_literal_length(struct span s)
{
    size_t i = 1;
    while (i < s.n && (ascii_is_alnum(s.s[i]) || (s.s[i] && strchr(".:-", s.s[i]))))
        i++;
    return i > 1 && i < s.n && s.s[i] == ']' ? i + 1 : 0;
}

size_t address_domain_length(struct span s)
{
    if (s.n && s.s[0] == '[')
        return address_literal_length(s);
    size_t end = 0;
    for (size_t i = 0; i < s.n; i++) {
        size_t label = i;
        while (i < s.n && address_is_label_byte(s.s[i]))
            i++;
        if (i == label || s.s[label] == '-')
            break;
        end = i;
        if (i == s.n || s.s[i] != '.')
            break;
    }
    while (end && s.s[end - 1] == '-')
        end--;
    return end;
}
