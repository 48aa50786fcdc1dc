/* SPDX-License-Identifier: MIT */
/*
 * forgotten.c - what is left of an address that was erased.
 *
 * In: the key of an address. Out: a hash of it (SipHash-2-4, twice, with keys of this ledger), which identifies it
 * again, but reveals it to nobody without the ledger. Refused: nothing.
 */
#include "store/forgotten.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

static uint64_t siphash(const uint64_t key[2], const char *text)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
                     key[1] ^ 0x7465646279746573u};
    size_t length = strlen(text), i = 0;
    uint64_t word = 0;
    for (; i < length; i++) {
        word |= (uint64_t)(unsigned char)text[i] << (i % 8 * 8);
        if (i % 8 == 7) {
            sip_word(v, word);
            word = 0;
        }
    }
    sip_word(v, word | (uint64_t)length << 56);
    v[2] ^= 0xff;
    for (int round = 0; round < 4; round++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static bool read_keys(struct forgotten *f, struct db *db)
{
    struct db_rows *rows = db_run(db, SQL_get_setting, "t", "hash-keys");
    const char *text = db_next(rows) ? db_text(rows, 0) : NULL;
    char *end = (char *)text;
    for (int i = 0; text && i < 4; i++)
        f->keys[i] = strtoull(end, &end, 16);
    f->has_keys = text != NULL;
    db_end(rows);
    return f->has_keys;
}

static void make_keys(struct db *db)
{
    char text[80];
    uint64_t k[4];
    if (getrandom(k, sizeof k, 0) != sizeof k)
        return;
    snprintf(text, sizeof text, "%016llx %016llx %016llx %016llx", (unsigned long long)k[0], (unsigned long long)k[1],
             (unsigned long long)k[2], (unsigned long long)k[3]);
    db_do(db, SQL_put_setting, "tt", "hash-keys", text);
}

bool forgotten_begin(struct forgotten *f, struct db *db, bool may_make)
{
    *f = (struct forgotten){.has_keys = false};
    if (!read_keys(f, db) && may_make) {
        make_keys(db);
        read_keys(f, db);
    }
    return f->has_keys;
}

void forgotten_hash(const struct forgotten *f, const char *address_key, char hash[FORGOTTEN_HASH_BYTES])
{
    snprintf(hash, FORGOTTEN_HASH_BYTES, "%016llx%016llx", (unsigned long long)siphash(f->keys, address_key),
             (unsigned long long)siphash(f->keys + 2, address_key));
}
