/* SPDX-License-Identifier: MIT */
/*
 * header.c - a header value as one line of UTF-8 (RFC 5322 2.2.3, RFC 2047).
 *
 * In: the raw value, folded and encoded. Out: one line. Nothing is refused: what
 * is not an encoded word stays as it is. Encoded words are decoded everywhere,
 * even inside quotes and glued together, because that is how they are written.
 * The bytes of neighbours in the same charset are joined before they are decoded:
 * some writers split a character between two words.
 */
#include "text/header.h"

#include "base/chunk.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "text/text.h"
#include "text/transfer.h"

#include <string.h>

struct encoded_word {
    struct span charset, text;
    char encoding; /* 'b' or 'q' */
    size_t size;   /* of all of it, "=?" and "?=" included */
};

static size_t charset_length(struct span s)
{
    size_t n = 0;
    while (n < s.n && s.s[n] != '?' && !ascii_is_space(s.s[n]))
        n++;
    return n;
}

/* Reads the encoded word at the start of s. *closed becomes false once no "?=" is
 * left, so that the search for one is not repeated. */
static bool read_encoded_word(struct span s, struct encoded_word *w, bool *closed)
{
    if (!*closed || s.n < 8 || s.s[0] != '=' || s.s[1] != '?')
        return false;
    w->charset = span_of(s.s + 2, charset_length(span_of(s.s + 2, s.n - 2)));
    size_t i = 2 + w->charset.n; /* at "?b?" */
    if (!w->charset.n || s.n - i < 5 || s.s[i] != '?' || s.s[i + 2] != '?')
        return false;
    w->encoding = ascii_lower(s.s[i + 1]);
    if (w->encoding != 'b' && w->encoding != 'q')
        return false;
    struct span rest = span_of(s.s + i + 3, s.n - i - 3);
    const char *end = span_find(rest, "?=");
    *closed = end != NULL;
    if (!end)
        return false;
    w->text = span_of(rest.s, (size_t)(end - rest.s));
    w->size = (size_t)(end + 2 - s.s);
    return true;
}

static void add_word_bytes(struct arena *a, const struct encoded_word *w, struct strbuf *out)
{
    char *copy = arena_strndup(a, w->text.s, w->text.n);
    if (w->encoding == 'q') /* RFC 2047 4.2: "_" is a space */
        for (size_t i = 0; i < w->text.n; i++)
            copy[i] = copy[i] == '_' ? ' ' : copy[i];
    struct span bytes = text_decode_transfer(a, span_of(copy, w->text.n), w->encoding == 'b' ? "base64" : "q");
    strbuf_add(out, bytes.s, bytes.n);
}

static bool same_charset(struct span x, struct span y)
{
    size_t i = 0;
    while (i < x.n && i < y.n && ascii_lower(x.s[i]) == ascii_lower(y.s[i]) && x.s[i] != '*')
        i++;
    return (i == x.n || x.s[i] == '*') && (i == y.n || y.s[i] == '*');
}

/* Decodes the run of encoded words at the start of s: neighbours in the same charset
 * with only white space between them. Returns its length. */
static size_t decode_run(struct arena *a, struct span s, struct encoded_word w, bool *closed, struct strbuf *out,
                         unsigned *flags)
{
    struct strbuf bytes;
    strbuf_init(&bytes, a);
    struct span charset = w.charset;
    size_t used = 0, next = 0;
    do {
        add_word_bytes(a, &w, &bytes);
        used = next += w.size;
        while (next < s.n && ascii_is_space(s.s[next]))
            next++;
    } while (read_encoded_word(span_of(s.s + next, s.n - next), &w, closed) && same_charset(w.charset, charset));
    struct span text = text_decode(a, span_of(bytes.s, bytes.n), arena_strndup(a, charset.s, charset.n), flags);
    strbuf_add(out, text.s, text.n);
    return used;
}

/* Makes one space of every run of white space that is not spaces alone: a folded line,
 * or a tab or line end from an encoded word. */
static char *one_line(struct arena *a, struct span s)
{
    s = span_trim(s);
    char *line = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        if (!ascii_is_space(s.s[i])) {
            line[n++] = s.s[i++];
            continue;
        }
        size_t run = i;
        bool folded = false;
        while (ascii_is_space(s.s[run])) /* s is trimmed: a run has an end */
            folded |= s.s[run++] != ' ';
        if (folded)
            line[n++] = ' ';
        for (; i < run; i++)
            if (!folded)
                line[n++] = ' ';
    }
    line[n] = '\0';
    return line;
}

/* Position of the next "=?" at or after i; s.n if there is none. */
static size_t next_marker(struct span s, size_t i)
{
    const char *p = i < s.n ? span_find(span_of(s.s + i, s.n - i), "=?") : NULL;
    return p ? (size_t)(p - s.s) : s.n;
}

/* Whether a chunk needs no decoding; another byte must follow it. */
static inline bool is_plain_chunk(const char *s)
{
    return !chunk_bits(chunk_unprintable(chunk_load(s)) | chunk_pair(s, 1, '=', '?'));
}

/* True for printable ASCII without encoded words, as most values are. */
static bool is_plain_value(struct span s)
{
    size_t i = 0;
    for (; i + CHUNK < s.n; i += CHUNK)
        if (!is_plain_chunk(s.s + i))
            return false;
    if (s.n > CHUNK) /* the last chunk may overlap the one before */
        return is_plain_chunk(s.s + s.n - CHUNK - 1) && s.s[s.n - 1] >= ' ' && s.s[s.n - 1] < 0x7f;
    for (; i < s.n; i++)
        if ((unsigned char)(s.s[i] - ' ') >= 0x5f || (s.s[i] == '=' && i + 1 < s.n && s.s[i + 1] == '?'))
            return false;
    return true;
}

/* Caps, decodes and unfolds a value. */
static __attribute__((noinline)) char *decode_slowly(struct arena *a, struct span s, unsigned *flags)
{
    struct strbuf out;
    strbuf_init(&out, a);
    if (s.n > LIMIT_HEADER_BYTES) {
        s.n = utf8_cut(s.s, s.n, LIMIT_HEADER_BYTES);
        if (flags)
            *flags |= TEXT_TRUNCATED;
    }
    bool closed = true, after_word = false;
    for (size_t i = 0, plain = 0; plain < s.n;) {
        struct encoded_word w;
        i = next_marker(s, i);
        bool found = i < s.n && read_encoded_word(span_of(s.s + i, s.n - i), &w, &closed);
        if (i < s.n && !found) {
            i += 2;
            continue;
        }
        struct span between = span_of(s.s + plain, i - plain);
        if (!found || !after_word || span_trim(between).n) {
            between = text_decode(a, between, NULL, flags);
            strbuf_add(&out, between.s, between.n);
        }
        if (found)
            i += decode_run(a, span_of(s.s + i, s.n - i), w, &closed, &out, flags);
        after_word = found;
        plain = i;
    }
    return one_line(a, span_of(out.s, out.n));
}

bool text_header_is_plain(struct span raw, struct span *value)
{
    *value = span_trim(raw);
    return value->n <= LIMIT_HEADER_BYTES && is_plain_value(*value);
}

char *text_decode_header(struct arena *a, struct span raw, unsigned *flags)
{
    struct span s;
    return text_header_is_plain(raw, &s) ? arena_strndup(a, s.s, s.n) : decode_slowly(a, s, flags);
}
