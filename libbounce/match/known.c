/* SPDX-License-Identifier: MIT */
/*
 * known.c - who runs a host.
 *
 * In: the name of a host. Out: the provider with the longest domain that is the name or one of its parents; NULL if
 * there is none in the table.
 */
#include "match/known.h"

static const struct known_host *look_up(uint32_t hash, struct span domain)
{
    const uint32_t mask = (1u << bounce_known.host_bits) - 1;
    for (uint32_t i = known_place(hash, bounce_known.host_bits);; i = (i + 1) & mask) {
        const struct known_host *host = &bounce_known.hosts[i];
        if (!host->length)
            return NULL;
        if (host->length == domain.n && span_same_nocase(span_of(host->domain, host->length), domain))
            return host;
    }
}

const struct known_provider *known_provider_of_host(struct span host)
{
    const struct known_host *best = NULL;
    uint32_t hash = KNOWN_HASH_START;
    bool dots = false;
    while (host.n && host.s[host.n - 1] == '.')
        host.n--;
    for (size_t i = host.n; i-- > 0;) {
        if (host.s[i] == '.' && dots) {
            const struct known_host *found = look_up(hash, span_of(host.s + i + 1, host.n - i - 1));
            best = found ? found : best;
        }
        dots |= host.s[i] == '.';
        hash = known_hash(hash, host.s[i]);
    }
    const struct known_host *whole = dots ? look_up(hash, host) : NULL;
    best = whole ? whole : best;
    return best ? &bounce_known.providers[best->provider] : NULL;
}
