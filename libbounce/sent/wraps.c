/* SPDX-License-Identifier: MIT */
/*
 * wraps.c - BATV and SRS, as other programs sign them (see keys.h).
 *
 * In: the local part of an address that a report was sent to. Out: whether one of our keys made it. Never failed:
 * addresses outside our domain, or with a key number that we do not have; somebody else made them.
 */
#include "sent/marks.h"

#include <glib.h>
#include <string.h>

/* ---------------------------------------------------------------- BATV */

enum { BATV_TAG = 10, BATV_CYCLE = 1000, BATV_LIFE = 7, BATV_GRACE = 30 };

/* The first three bytes of the HMAC-SHA1 over key number, day and address, in hex. */
static bool is_batv_tag(const struct sent_key *key, struct span tag, struct span local, struct span domain)
{
    const struct span texts[] = {span_of(tag.s, 4), local, SPAN("@"), domain};
    struct digest d;
    char hex[7];
    sent_digest(key, DIGEST_SHA1, texts, COUNT(texts), &d);
    g_snprintf(hex, sizeof hex, "%02x%02x%02x", d.bytes[0], d.bytes[1], d.bytes[2]);
    return sent_same_nocase(span_z(hex), span_of(tag.s + 4, 6));
}

static bool is_batv(struct span local)
{
    static const char prefix[] = "prvs=";
    const size_t begin = sizeof prefix - 1;
    if (local.n <= begin + BATV_TAG + 1 || !span_starts_nocase(local, prefix) || local.s[begin + BATV_TAG] != '=')
        return false;
    for (size_t i = 0; i < BATV_TAG; i++)
        if (!(i < 4 ? ascii_is_digit(local.s[begin + i]) : g_ascii_isxdigit(local.s[begin + i])))
            return false;
    return true;
}

enum sent_check sent_check_batv(const struct sent_keys *keys, struct span local, struct span domain, bool is_own,
                                int64_t day)
{
    if (!is_batv(local))
        return CHECK_NOTHING;
    const struct span tag = span_of(local.s + 5, BATV_TAG);
    const struct span plain = span_of(tag.s + BATV_TAG + 1, local.n - 5 - BATV_TAG - 1);
    const int64_t stamp = (tag.s[1] - '0') * 100 + (tag.s[2] - '0') * 10 + (tag.s[3] - '0');
    const int64_t over = sent_age(day, stamp, BATV_CYCLE); /* the stamp is its last day */
    const bool in_time = over >= -BATV_LIFE - 1 && over <= BATV_GRACE;
    enum sent_check result = CHECK_NOTHING;
    for (size_t i = 0; i < keys->count; i++) {
        const struct sent_key *key = &keys->list[i];
        if (key->kind != KEY_BATV || key->number != tag.s[0] - '0')
            continue;
        if (is_batv_tag(key, tag, plain, domain))
            return in_time ? CHECK_VALID : CHECK_EXPIRED;
        result = sent_wrong_mac(is_own, in_time);
    }
    return result;
}

/* ----------------------------------------------------------------- SRS */

enum { SRS_HASH_LEAST = 4, SRS_CYCLE = 1024, SRS_LIFE = 21, SRS_GRACE = 30 };

/* The parts of "HASH=TIME=domain=local", or of SRS1's "HASH=host=rest". */
struct srs {
    struct span hash, time, host, rest;
};

static bool take_part(struct span *s, struct span *part)
{
    const char *end = memchr(s->n ? s->s : "", '=', s->n);
    if (!end || end == s->s)
        return false;
    *part = span_of(s->s, (size_t)(end - s->s));
    *s = span_of(end + 1, s->n - part->n - 1);
    return true;
}

static bool read_srs(struct span local, bool guarded, struct srs *out)
{
    struct span s = span_of(local.s + 5, local.n - 5);
    *out = (struct srs){0};
    if (!take_part(&s, &out->hash) || (!guarded && !take_part(&s, &out->time)) || !take_part(&s, &out->host))
        return false;
    out->rest = s;
    return s.n && out->hash.n >= SRS_HASH_LEAST;
}

/* libsrs2 and postsrsd: base 64 of an HMAC-SHA1 over the parts in small letters. */
static bool is_srs_hash(const struct sent_key *key, const struct srs *srs)
{
    const struct span parts[] = {srs->time, srs->host, srs->rest};
    char *small[COUNT(parts)];
    struct span texts[COUNT(parts)];
    for (size_t i = 0; i < COUNT(parts); i++) {
        small[i] = g_ascii_strdown(parts[i].n ? parts[i].s : "", (gssize)parts[i].n);
        texts[i] = span_of(small[i], parts[i].n);
    }
    struct digest d;
    sent_digest(key, DIGEST_SHA1, texts, COUNT(parts), &d);
    char *encoded = g_base64_encode(d.bytes, d.n);
    const bool same = srs->hash.n < strlen(encoded) && sent_same_nocase(span_of(encoded, srs->hash.n), srs->hash);
    g_free(encoded);
    for (size_t i = 0; i < COUNT(parts); i++)
        g_free(small[i]);
    return same;
}

/* Exim's ${srs_encode}: four hex digits of an HMAC-MD5 over the address in small letters. */
static bool is_exim_hash(const struct sent_key *key, const struct srs *srs)
{
    char *address = g_strdup_printf("%.*s@%.*s", (int)srs->rest.n, srs->rest.s, (int)srs->host.n, srs->host.s);
    char *small = g_ascii_strdown(address, -1);
    const struct span text = span_z(small);
    struct digest d;
    char hex[5];
    sent_digest(key, DIGEST_MD5, &text, 1, &d);
    g_snprintf(hex, sizeof hex, "%02x%02x", d.bytes[0], d.bytes[1]);
    g_free(small);
    g_free(address);
    return sent_same_nocase(span_z(hex), srs->hash);
}

/* Whether it has not expired. SRS1 has no time of its own. */
static bool srs_in_time(const struct srs *srs, int64_t day)
{
    if (!srs->time.n)
        return true;
    int64_t stamp = 0;
    for (size_t i = 0; i < srs->time.n; i++) {
        const int value = sent_base32_value(srs->time.s[i]);
        if (value < 0 || srs->time.n > 2)
            return false;
        stamp = stamp * 32 + value;
    }
    const int64_t age = sent_age(day, stamp, SRS_CYCLE);
    return age >= -1 && age <= SRS_LIFE + SRS_GRACE;
}

enum sent_check sent_check_srs(const struct sent_keys *keys, struct span local, bool is_own, int64_t day)
{
    const bool guarded = span_starts_nocase(local, "SRS1");
    struct srs srs;
    if (local.n < 6 || (!guarded && !span_starts_nocase(local, "SRS0")) || !strchr("=+-", local.s[4]) ||
        !read_srs(local, guarded, &srs))
        return CHECK_NOTHING;
    const bool in_time = srs_in_time(&srs, day);
    enum sent_check result = CHECK_NOTHING;
    for (size_t i = 0; i < keys->count; i++) {
        const struct sent_key *key = &keys->list[i];
        if (key->kind != KEY_SRS)
            continue;
        if (is_srs_hash(key, &srs) || (!guarded && is_exim_hash(key, &srs)))
            return in_time ? CHECK_VALID : CHECK_EXPIRED;
        result = sent_wrong_mac(is_own, in_time);
    }
    return result;
}
