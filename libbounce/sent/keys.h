/* SPDX-License-Identifier: MIT */
/*
 * keys.h - the secrets of a sender, and what they sign: Message-IDs and return paths of our
 * own form, BATV (draft-levine-smtp-batv) and SRS.
 *
 * Our own mark, in small letters so that no server's folding of case hurts it:
 *
 *     <unique.bk1ke2MAC@ours.example>                 20 letters of MAC (100 bits)
 *     bounces+bk1ke2MAC-anna=maple.example@ours...    12 letters of MAC (60 bits)
 *
 * "bk", the number of the key, the day in three digits of base 32, and the first bits of an
 * HMAC-SHA256 over what it is, the address in small letters and the mark without its MAC.
 */
#ifndef BOUNCE_SENT_KEYS_H
#define BOUNCE_SENT_KEYS_H

#include "base/arena.h"
#include "bounce.h"

enum {
    KEYS_LIVE = 2,       /* of one kind and number: the one in use and the one before */
    KEYS_MOST = 64,      /* ten numbers of two kinds, and SRS, twice */
    KEY_LEAST_BYTES = 16 /* of a key that signs for us; keys of BATV and SRS are as the other program has them */
};

enum sent_key_kind { KEY_HMAC, KEY_BATV, KEY_SRS };

struct sent_key {
    enum sent_key_kind kind;
    int number;   /* 0 to 9; 0 for SRS */
    char *secret; /* g_free, after it was wiped */
    size_t length;
};

struct sent_keys {
    struct sent_key list[KEYS_MOST]; /* in the order in which they were given */
    size_t count;
};

/* NULL, or what is wrong with it. Copies the secret. */
const char *sent_keys_add(struct sent_keys *keys, enum sent_key_kind kind, int number, struct span secret);
void sent_keys_clear(struct sent_keys *keys);

/* The results of checking a keyed value, the worst last. */
enum sent_check {
    CHECK_NOTHING, /* carries no mark of ours, or one that cannot be told from a stranger's */
    CHECK_VALID,
    CHECK_EXPIRED, /* too old to be believed or doubted */
    CHECK_FAILED   /* a mark in our form, of our domain, with a key that we have, and a wrong MAC */
};

enum { MARK_BYTES = 6, MARK_ID_MAC = 20, MARK_PATH_MAC = 12 };

/* What our MAC is made for: one must never pass for the other. */
enum sent_use { USE_MESSAGE_ID, USE_RETURN_PATH };

/* Writes the mark, its MAC and a NUL to mark. The text that is signed is front, mark, back. */
void sent_mark_make(const struct sent_key *key, enum sent_use use, struct span front, struct span back, int64_t day,
                    char mark[MARK_BYTES + MARK_ID_MAC + 1]);
/* A Message-ID without brackets; a return path, whatever others wrapped around it. is_own: its domain is ours, so that
 * a wrong MAC is a proof. */
enum sent_check sent_check_id(const struct sent_keys *keys, struct span id, bool is_own, int64_t day);
enum sent_check sent_check_path(const struct sent_keys *keys, struct span local, struct span domain, bool is_own,
                                int64_t day);
/* "prvs=KDDDSSSSSS=local" at domain. */
enum sent_check sent_check_batv(const struct sent_keys *keys, struct span local, struct span domain, bool is_own,
                                int64_t day);
/* SRS0 and SRS1 as libsrs2 and postsrsd make them, and Exim's SRS0. */
enum sent_check sent_check_srs(const struct sent_keys *keys, struct span local, bool is_own, int64_t day);

#endif
