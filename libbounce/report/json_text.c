/* SPDX-License-Identifier: MIT */
/*
 * json_text.c - texts and numbers of the JSON output, and the memory it grows in.
 *
 * In: any bytes up to a NUL. Out: the inside of a JSON string (RFC 8259 section 7) and its closing quote. Nearly all
 * texts are plain, that is, ASCII without control characters, quotes and backslashes: a text is checked while it is
 * copied, and copied again the slow way if it was not plain.
 */
#include "base/chunk.h"
#include "base/utf8.h"
#include "report/json_writer.h"

#include <glib.h>

enum { FIRST_BYTES = 4096 };

/* What is written from now on means nothing, but has somewhere to go: one byte after
 * the first, since whoever puts commas looks at the byte before. */
static char *use_spare(struct json_writer *w)
{
    if (!w->failed) {
        w->kept = w->start;
        w->kept_end = w->end;
    }
    w->failed = true;
    w->start = w->spare;
    w->end = w->spare + sizeof w->spare;
    w->spare[0] = '[';
    return w->spare + 1;
}

char *json_grow(struct json_writer *w, char *at, size_t room)
{
    size_t used = (size_t)(at - w->start), wanted = (size_t)(w->end - w->start);
    if (w->failed)
        return use_spare(w);
    if (wanted < FIRST_BYTES)
        wanted = FIRST_BYTES;
    while (wanted - used < room)
        wanted += wanted / 2;
    char *own = g_try_realloc(w->borrowed ? NULL : w->start, wanted);
    if (!own)
        return use_spare(w);
    if (w->borrowed)
        memcpy(own, w->start, used);
    w->start = own;
    w->borrowed = false;
    w->end = w->start + wanted;
    return w->start + used;
}

/* -------------------------------------------------------------- numbers */

enum { EIGHT_DIGITS = 100000000 };

/* The eight decimal digits of a value below EIGHT_DIGITS, one in each byte and
 * the first in the lowest: halves of four digits, then two, then one, all divided
 * at once. Multiplying and shifting is exact in these ranges. Without branches,
 * since how long numbers are cannot be foreseen. */
static uint64_t eight_digits(uint32_t value)
{
    const uint64_t of_two = UINT64_C(0x0000007f0000007f), of_one = UINT64_C(0x000f000f000f000f);
    uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t tops = (fours * 10486 >> 20) & of_two; /* each divided by 100 */
    uint64_t twos = tops | (fours - 100 * tops) << 16;
    uint64_t tens = (twos * 103 >> 10) & of_one; /* each divided by 10 */
    return tens | (twos - 10 * tens) << 8;
}

char *json_number(char *at, uint64_t value)
{
    const uint64_t zeros = UINT64_MAX / 255 * '0';
    if (value >= EIGHT_DIGITS) {
        at = json_number(at, value / EIGHT_DIGITS);
        uint64_t all = GUINT64_TO_LE(eight_digits((uint32_t)(value % EIGHT_DIGITS)) | zeros);
        return json_put(at, (const char *)&all, sizeof all);
    }
    uint64_t digits = eight_digits((uint32_t)value);
    unsigned skipped = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8; /* leading zeros, but not all */
    uint64_t shown = GUINT64_TO_LE((digits | zeros) >> 8 * skipped);
    memcpy(at, &shown, sizeof shown);
    return at + sizeof shown - skipped;
}

/* --------------------------------------------------------- plain texts */

/* All bits of each byte that is not plain. */
static inline chunk chunk_odd(chunk c)
{
    return chunk_unusual(c) | chunk_equal(c, '"') | chunk_equal(c, '\\');
}

static inline bool is_plain(char c)
{
    return (signed char)c >= ' ' && c != '"' && c != '\\';
}

/* The top bit of each byte that is not plain: it is above ASCII, or borrowed from
 * because it was too small. Only a byte that is not plain makes the byte next to
 * it borrow, so no bit at all means that all are plain. */
static inline uint64_t word_odd(uint64_t word)
{
    const uint64_t ones = UINT64_MAX / 255;
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    return (word | (word - ones * ' ') | (quotes - ones) | (slashes - ones)) & ones << 7;
}

/* Texts shorter than a chunk: two halves that may overlap. */
static inline bool copy_short(char *to, const char *s, size_t n)
{
    uint64_t first = 0, last = 0;
    uint32_t words[2];
    if (n >= sizeof first) {
        memcpy(&first, s, sizeof first);
        memcpy(&last, s + n - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + n - sizeof last, &last, sizeof last);
        return !(word_odd(first) | word_odd(last));
    }
    if (n >= sizeof *words) {
        memcpy(&words[0], s, sizeof *words);
        memcpy(&words[1], s + n - sizeof *words, sizeof *words);
        memcpy(to, &words[0], sizeof *words);
        memcpy(to + n - sizeof *words, &words[1], sizeof *words);
        return !word_odd(words[0] | (uint64_t)words[1] << 32);
    }
    bool plain = true;
    for (size_t i = 0; i < n; i++) {
        plain = plain && is_plain(s[i]);
        to[i] = s[i];
    }
    return plain;
}

/* Copies s, and checks whether all of it was plain. What is not a multiple of a
 * chunk is done by a last one that overlaps the one before. */
static inline bool copy_if_plain(char *to, const char *s, size_t n)
{
    chunk c, odd = {0};
    if (n < CHUNK)
        return copy_short(to, s, n);
    for (size_t i = 0; i + CHUNK < n; i += CHUNK) {
        c = chunk_load(s + i);
        chunk_store(to + i, c);
        odd |= chunk_odd(c);
    }
    c = chunk_load(s + n - CHUNK);
    chunk_store(to + n - CHUNK, c);
    return !chunk_any(odd | chunk_odd(c));
}

/* ------------------------------------------------------------ all texts */

static char *put_escape(char *at, unsigned char c)
{
    static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr"; /* 8 is \b */
    *at++ = '\\';
    if (c >= '\b' && c <= '\r' && letters[c - '\b']) {
        *at++ = letters[c - '\b'];
    } else if (c < ' ') {
        at = json_put(at, "u00", 3);
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    } else {
        *at++ = (char)c;
    }
    return at;
}

/* Bytes at the start of s that need no escape: plain ones and valid UTF-8. */
static size_t run_length(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        size_t bytes;
        while (i + CHUNK <= n && !chunk_any(chunk_odd(chunk_load(s + i))))
            i += CHUNK;
        for (; i < n && is_plain(s[i]); i++)
            ;
        if (i == n || (unsigned char)s[i] < 0x80 || !(bytes = utf8_valid(s + i, n - i)))
            break;
        i += bytes;
    }
    return i;
}

/* The same from the start, for what is not all plain. */
static char *put_odd(struct json_writer *w, char *at, const char *s, size_t n)
{
    for (size_t i = 0;;) {
        size_t run = run_length(s + i, n - i);
        at = json_put(at, s + i, run);
        i += run;
        if (i == n)
            return at;
        if ((unsigned char)s[i] < 0x80)
            at = put_escape(at, (unsigned char)s[i]);
        else
            at = json_put(at, UTF8_REPLACEMENT, sizeof UTF8_REPLACEMENT - 1);
        i++;
        at = json_reserve(w, at, n - i + JSON_ROOM);
        if (w->failed)
            return at;
    }
}

char *json_text(struct json_writer *w, char *at, const char *s)
{
    size_t n = strlen(s);
    if ((size_t)(w->end - at) < n + JSON_ROOM) {
        at = json_grow(w, at, n + JSON_ROOM);
        n = w->failed ? 0 : n;
    }
    at = copy_if_plain(at, s, n) ? at + n : put_odd(w, at, s, n);
    *at++ = '"';
    return at;
}
