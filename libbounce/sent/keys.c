/* SPDX-License-Identifier: MIT */
/*
 * keys.c - see keys.h: the keys, and the marks of our own form.
 *
 * In: secrets, Message-IDs and addresses. Out: marks, and whether a mark is right. Refused: a third live key of one
 * kind and number, short keys. MACs are compared in constant time; secrets are wiped before their memory is freed.
 */
#include "sent/keys.h"

#include "sent/marks.h"

#include <glib.h>
#include <string.h>

const char *sent_keys_add(struct sent_keys *keys, enum sent_key_kind kind, int number, struct span secret)
{
    int same = 0;
    for (size_t i = 0; i < keys->count; i++)
        same += keys->list[i].kind == kind && keys->list[i].number == number;
    if (number < 0 || number > 9)
        return "the number of a key is one digit";
    if (!secret.n || (kind == KEY_HMAC && secret.n < KEY_LEAST_BYTES))
        return "the key is too short; one of our own has 16 bytes or more";
    if (same >= KEYS_LIVE || keys->count == KEYS_MOST)
        return "only two keys of a kind and number are live: take out the oldest";
    char *copy = g_malloc(secret.n);
    memcpy(copy, secret.s, secret.n);
    keys->list[keys->count++] = (struct sent_key){kind, number, copy, secret.n};
    return NULL;
}

void sent_keys_clear(struct sent_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        explicit_bzero(keys->list[i].secret, keys->list[i].length);
        g_free(keys->list[i].secret);
    }
    keys->count = 0;
}

void sent_digest(const struct sent_key *key, enum digest_kind kind, const struct span *texts, size_t count,
                 struct digest *out)
{
    static const GChecksumType types[] = {
        [DIGEST_MD5] = G_CHECKSUM_MD5, [DIGEST_SHA1] = G_CHECKSUM_SHA1, [DIGEST_SHA256] = G_CHECKSUM_SHA256};
    GHmac *hmac = g_hmac_new(types[kind], (const guchar *)key->secret, key->length);
    for (size_t i = 0; i < count; i++)
        if (texts[i].n)
            g_hmac_update(hmac, (const guchar *)texts[i].s, (gssize)texts[i].n);
    gsize n = sizeof out->bytes;
    g_hmac_get_digest(hmac, out->bytes, &n);
    out->n = n;
    g_hmac_unref(hmac);
}

bool sent_same_nocase(struct span a, struct span b)
{
    unsigned differ = a.n != b.n;
    for (size_t i = 0; i < a.n && i < b.n; i++)
        differ |= (unsigned char)(ascii_lower(a.s[i]) ^ ascii_lower(b.s[i]));
    return !differ;
}

/* ------------------------------------------------------- our own marks */

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
enum { DAYS_OF_MARK = 32 * 32 * 32, DAYS_VALID = 90, DAYS_AHEAD = 1 };

static void put_day(char *to, int64_t day)
{
    for (int i = 2; i >= 0; i--, day /= 32)
        to[i] = base32[day % 32];
}

int sent_base32_value(char c)
{
    c = ascii_lower(c);
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

int64_t sent_age(int64_t day, int64_t stamp, int64_t cycle)
{
    int64_t age = (day - stamp) % cycle;
    age = age < 0 ? age + cycle : age;
    return age > cycle / 2 ? age - cycle : age;
}

/* The MAC over the use, and over front, mark and back in small letters. */
static void put_mac(const struct sent_key *key, enum sent_use use, const struct span texts[3], char *to, size_t letters)
{
    static const struct span uses[] = {
        [USE_MESSAGE_ID] = SPAN("message-id "), [USE_RETURN_PATH] = SPAN("return-path ")};
    char *small[3];
    struct span signed_texts[4] = {uses[use]};
    for (int i = 0; i < 3; i++) {
        small[i] = g_ascii_strdown(texts[i].n ? texts[i].s : "", (gssize)texts[i].n);
        signed_texts[i + 1] = span_of(small[i], texts[i].n);
    }
    struct digest d;
    sent_digest(key, DIGEST_SHA256, signed_texts, 4, &d);
    for (size_t i = 0; i < letters; i++) { /* five bits at a time */
        const unsigned two = (unsigned)d.bytes[i * 5 / 8] << 8 | d.bytes[i * 5 / 8 + 1];
        to[i] = base32[two >> (11 - i * 5 % 8) & 31];
    }
    to[letters] = '\0';
    for (int i = 0; i < 3; i++)
        g_free(small[i]);
}

static size_t mac_letters(enum sent_use use)
{
    return use == USE_MESSAGE_ID ? MARK_ID_MAC : MARK_PATH_MAC;
}

void sent_mark_make(const struct sent_key *key, enum sent_use use, struct span front, struct span back, int64_t day,
                    char mark[MARK_BYTES + MARK_ID_MAC + 1])
{
    memcpy(mark, "bk", 2);
    mark[2] = (char)('0' + key->number);
    put_day(mark + 3, day);
    const struct span texts[] = {front, span_of(mark, MARK_BYTES), back};
    put_mac(key, use, texts, mark + MARK_BYTES, mac_letters(use));
}

/* Whether s has the form of a whole mark. */
static bool is_mark(struct span s, enum sent_use use)
{
    if (s.n != MARK_BYTES + mac_letters(use) || !span_starts_nocase(s, "bk") || !ascii_is_digit(s.s[2]))
        return false;
    for (size_t i = 3; i < s.n; i++)
        if (sent_base32_value(s.s[i]) < 0)
            return false;
    return true;
}

static enum sent_check check_mark(const struct sent_keys *keys, enum sent_use use, struct span front, struct span mark,
                                  struct span back, bool is_own, int64_t day)
{
    int64_t stamp = 0;
    for (int i = 3; i < MARK_BYTES; i++)
        stamp = stamp * 32 + sent_base32_value(mark.s[i]);
    const int64_t age = sent_age(day, stamp, DAYS_OF_MARK);
    const bool in_time = age >= -DAYS_AHEAD && age <= DAYS_VALID;
    const struct span texts[] = {front, span_of(mark.s, MARK_BYTES), back};
    enum sent_check result = CHECK_NOTHING;
    for (size_t i = 0; i < keys->count; i++) {
        const struct sent_key *key = &keys->list[i];
        char mac[MARK_ID_MAC + 1];
        if (key->kind != KEY_HMAC || key->number != mark.s[2] - '0')
            continue;
        put_mac(key, use, texts, mac, mac_letters(use));
        if (sent_same_nocase(span_z(mac), span_of(mark.s + MARK_BYTES, mac_letters(use))))
            return in_time ? CHECK_VALID : CHECK_EXPIRED;
        result = sent_wrong_mac(is_own, in_time);
    }
    return result;
}

enum sent_check sent_check_id(const struct sent_keys *keys, struct span id, bool is_own, int64_t day)
{
    const char *at = memchr(id.n ? id.s : "", '@', id.n);
    const struct span local = span_of(id.s, at ? (size_t)(at - id.s) : 0);
    const size_t n = MARK_BYTES + MARK_ID_MAC;
    if (local.n < n)
        return CHECK_NOTHING;
    const struct span front = span_of(id.s, local.n - n), mark = span_of(id.s + front.n, n);
    if (!is_mark(mark, USE_MESSAGE_ID))
        return CHECK_NOTHING;
    return check_mark(keys, USE_MESSAGE_ID, front, mark, span_of(at, id.n - local.n), is_own, day);
}

enum sent_check sent_check_path(const struct sent_keys *keys, struct span local, struct span domain, bool is_own,
                                int64_t day)
{
    const size_t n = MARK_BYTES + MARK_PATH_MAC;
    const char *plus = memchr(local.n ? local.s : "", '+', local.n);
    const struct span rest = plus ? span_of(plus + 1, (size_t)(local.s + local.n - plus - 1)) : span_of(NULL, 0);
    if (rest.n < n || (rest.n > n && rest.s[n] != '-') || !is_mark(span_of(rest.s, n), USE_RETURN_PATH))
        return CHECK_NOTHING;
    const struct span front = span_of(local.s, (size_t)(rest.s - local.s)), after = span_of(rest.s + n, rest.n - n);
    /* The domain follows the local part and its '@' directly. */
    const struct span back = span_of(after.s, (size_t)(domain.s + domain.n - after.s));
    return check_mark(keys, USE_RETURN_PATH, front, span_of(rest.s, n), back, is_own, day);
}
