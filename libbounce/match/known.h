/* SPDX-License-Identifier: MIT */
/*
 * known.h - block lists and providers by name: data/blocklists.tsv and data/providers.tsv as tables, made when the
 * library is compiled (rules/embed_known.c).
 */
#ifndef BOUNCE_MATCH_KNOWN_H
#define BOUNCE_MATCH_KNOWN_H

#include "base/literals.h"

struct known_blocklist {
    const char *name, *zone, *url; /* zone and url may be NULL */
};

struct known_provider {
    const char *name;
    bool passes_on; /* to the recipient's own server */
};

/* A domain of a provider's mail servers. length 0: a free slot of the table. */
struct known_host {
    const char *domain;
    uint32_t length, provider;
};

/* The row of the table that a literal belongs to. */
enum { KNOWN_IS_PROVIDER = 1 << 16, KNOWN_ROW = 0xffff };

struct known {
    const struct known_blocklist *blocklists;
    const struct known_provider *providers;
    const struct literals *words;   /* their owners: rows, those of providers with KNOWN_IS_PROVIDER */
    const struct known_host *hosts; /* in the slot of known_hash() of the domain, or the next free one after it */
    uint32_t host_bits;
};
extern const struct known bounce_known;

/* The hash of a domain is computed from its end to its start, and so passes that of each suffix. */
enum { KNOWN_HASH_START = 5381 };
static inline uint32_t known_hash(uint32_t hash, char c)
{
    return (hash ^ ((unsigned char)c | CASE_BIT)) * 0x01000193u;
}
static inline uint32_t known_place(uint32_t hash, uint32_t bits)
{
    return (hash * 0x9e3779b1u) >> (32 - bits);
}

/* Who runs the host of that name; NULL: not known. */
const struct known_provider *known_provider_of_host(struct span host);

#endif
