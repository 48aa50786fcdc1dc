/* SPDX-License-Identifier: MIT */
/*
 * keys.c - the keys under which an address, a domain and a message are kept.
 *
 * In: an address, a domain, a Message-ID. Out: the same bytes for equivalent spellings. Refused: anything but an
 * address of the form local@domain, and control characters.
 */
#include <glib.h>

#include "mail/address.h"
#include "policy/domain_key.h"
#include "policy/policy.h"

static bounce_status give(struct span key, char *buffer, size_t capacity, size_t *length)
{
    if (length)
        *length = key.n;
    if (key.n >= capacity)
        return BOUNCE_ERROR_LIMIT;
    memcpy(buffer, key.s, key.n);
    buffer[key.n] = '\0';
    return BOUNCE_OK;
}

static bounce_status refuse(char *buffer, size_t capacity, size_t *length)
{
    if (length)
        *length = 0;
    if (buffer && capacity)
        buffer[0] = '\0';
    return BOUNCE_ERROR_ARGUMENT;
}

bounce_status bounce_domain_key(const char *domain, char *buffer, size_t capacity, size_t *length)
{
    char key[DOMAIN_KEY_BYTES];
    if (!domain || (!buffer && capacity) || !domain_key(span_trim(span_z(domain)), key))
        return refuse(buffer, capacity, length);
    return give(span_z(key), buffer, capacity, length);
}

static bool has_control(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] < ' ' || s.s[i] == 0x7f)
            return true;
    return false;
}

/* "Anna@Example.NET", "<Anna@Example.NET>" */
static struct span bare_address(const char *address)
{
    struct span s = span_trim(span_z(address));
    if (s.n > 1 && s.s[0] == '<' && s.s[s.n - 1] == '>')
        s = span_trim(span_of(s.s + 1, s.n - 2));
    if (s.n && s.s[s.n - 1] == '.')
        s.n--;
    return s;
}

bounce_status bounce_address_key(const char *address, char *buffer, size_t capacity, size_t *length)
{
    const struct span s = bare_address(address);
    if ((!buffer && capacity) || has_control(s) || !address_is_plausible(s) || !g_utf8_validate(s.s, (gssize)s.n, NULL))
        return refuse(buffer, capacity, length);
    struct arena arena;
    arena_init(&arena);
    const struct span folded = address_key(&arena, s);
    size_t at = folded.n;
    while (folded.s[at - 1] != '@')
        at--;
    char domain[DOMAIN_KEY_BYTES];
    const bool good = at > 1 && domain_key(span_of(folded.s + at, folded.n - at), domain);
    const struct span end = span_z(good ? domain : NULL);
    char *key = arena_alloc(&arena, at + end.n + 1);
    memcpy(key, folded.s, at);
    if (end.n)
        memcpy(key + at, end.s, end.n);
    const bounce_status status =
        good ? give(span_of(key, at + end.n), buffer, capacity, length) : refuse(buffer, capacity, length);
    arena_free(&arena);
    return status;
}

/* The first eight bytes of the SHA-256, so that other programs can compute it, too. */
int64_t bounce_message_key(const char *message_id)
{
    struct span s = span_trim(span_z(message_id));
    if (s.n && s.s[0] == '<')
        s = span_of(s.s + 1, s.n - 1);
    if (s.n && s.s[s.n - 1] == '>')
        s.n--;
    s = span_trim(s);
    if (!s.n)
        return 0;
    guint8 digest[32];
    gsize n = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)s.s, (gssize)s.n);
    g_checksum_get_digest(sum, digest, &n);
    g_checksum_free(sum);
    uint64_t key = 0;
    for (size_t i = 0; i < sizeof key; i++)
        key = key << 8 | digest[i];
    return key ? (int64_t)key : 1;
}
