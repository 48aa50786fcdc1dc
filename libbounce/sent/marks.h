/* SPDX-License-Identifier: MIT */
/* marks.h - shared by the files of this room that check marks. */
#ifndef BOUNCE_SENT_MARKS_H
#define BOUNCE_SENT_MARKS_H

#include "sent/keys.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };
struct digest {
    unsigned char bytes[32];
    size_t n;
};

/* The HMAC over some texts, one after the other. */
void sent_digest(const struct sent_key *key, enum digest_kind kind, const struct span *texts, size_t count,
                 struct digest *out);
/* Ignores case; takes constant time. */
bool sent_same_nocase(struct span a, struct span b);
/* -1 if it is not a digit of base 32 (RFC 4648). */
int sent_base32_value(char c);
/* Days since a stamp that wraps around after a cycle; negative if it is in the future. */
int64_t sent_age(int64_t day, int64_t stamp, int64_t cycle);

/* A wrong MAC on an expired mark may come from a retired key. */
static inline enum sent_check sent_wrong_mac(bool is_own, bool in_time)
{
    return !is_own ? CHECK_NOTHING : in_time ? CHECK_FAILED : CHECK_EXPIRED;
}

#endif
