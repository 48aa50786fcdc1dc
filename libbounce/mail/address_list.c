/* SPDX-License-Identifier: MIT */
/*
 * address_list.c - the addresses of a header field; see address_list.h.
 *
 * In: the decoded value of an address field, however broken. Out: its addresses in order. Refused: addresses in display
 * names, quoted strings and comments, and items without an address of the usual form (address_scan.h).
 */
#include "mail/address_list.h"

#include "mail/address_chars.h"
#include "mail/address_scan.h"
#include "mail/cfws.h"

#include <string.h>

/* One item of a list. */
struct list_item {
    size_t begin, end;             /* without the comma */
    size_t angle_begin, angle_end; /* what is in its angle brackets; equal: nothing */
};

/* Index of the last byte of the quoted string or comment that begins at i; i itself if it
 * has no end, or is too long to be one. */
static size_t skip_quoted(struct span s, size_t i)
{
    enum { LONGEST_BYTES = 1000 }; /* keeps hostile fields linear */
    const struct span front = span_of(s.s + i, s.n - i < LONGEST_BYTES ? s.n - i : LONGEST_BYTES);
    const size_t n = s.s[i] == '"' ? quoted_length(front) : comment_length(front);
    return n ? i + n - 1 : i;
}

/* Most fields hold one mailbox and none of the marks that need a closer look. */
static bool is_single(struct span s)
{
    static const char marks[] = ",;:(\"";
    for (size_t i = 0; marks[i]; i++)
        if (memchr(s.s, marks[i], s.n))
            return false;
    return true;
}

static struct list_item read_single(struct span s)
{
    const char *open = memrchr(s.s, '<', s.n), *close = open ? memchr(open, '>', (size_t)(s.s + s.n - open)) : NULL;
    struct list_item item = {.begin = 0, .end = s.n};
    if (close) {
        item.angle_begin = (size_t)(open + 1 - s.s);
        item.angle_end = (size_t)(close - s.s);
    }
    return item;
}

/* The item that begins at `begin`. */
static struct list_item read_item(struct span s, size_t begin)
{
    struct list_item item = {.begin = begin};
    bool in_angle = false;
    size_t i = begin;
    for (; i < s.n; i++) {
        const char c = s.s[i];
        if (c == '"' || (c == '(' && !in_angle)) {
            i = skip_quoted(s, i);
        } else if (c == '[' && i > begin && s.s[i - 1] == '@') { /* "joe@[IPv6:2001:db8::1]" */
            const size_t literal = address_domain_length(span_of(s.s + i, s.n - i));
            i += literal ? literal - 1 : 0;
        } else if (c == '<') {
            in_angle = true;
            item.angle_begin = item.angle_end = i + 1;
        } else if (c == '>' && in_angle) {
            in_angle = false;
            item.angle_end = i;
        } else if (c == ':' && !in_angle) {
            item.begin = i + 1; /* "Friends: ann@example.org, joe@example.org;" */
        } else if ((c == ',' && !in_angle) || c == ';') {
            break;
        }
    }
    item.end = i;
    return item;
}

/* Finds the first thing in [begin, end) that looks like an address, after white space and
 * comments. */
static bool find_address(struct span s, size_t begin, size_t end, struct span *address)
{
    while (begin < end && (ascii_is_space(s.s[begin]) || s.s[begin] == '(')) {
        size_t last = s.s[begin] == '(' ? skip_quoted(span_of(s.s, end), begin) : begin;
        begin = last + 1;
    }
    struct found_address found;
    size_t pos = 0;
    if (begin >= end || !address_next(span_of(s.s + begin, end - begin), &pos, &found))
        return false;
    *address = found.address;
    return true;
}

bool address_list_next(struct span list, size_t *pos, struct span *address)
{
    while (*pos < list.n) {
        const struct list_item item = *pos == 0 && is_single(list) ? read_single(list) : read_item(list, *pos);
        *pos = item.end + 1;
        bool found = item.angle_end > item.angle_begin ? find_address(list, item.angle_begin, item.angle_end, address)
                                                       : find_address(list, item.begin, item.end, address);
        if (found)
            return true;
    }
    return false;
}
