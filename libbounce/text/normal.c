/* SPDX-License-Identifier: MIT */
/*
 * normal.c - the normal form, in which rules are searched; see normal.h.
 *
 * In: valid UTF-8. Out: one line of tidied text, its folded form, and the map
 * from the latter to the former. Nothing is refused; a NUL, which text_decode()
 * never lets through, counts as white space. Unicode data comes from the tables
 * of GLib that no locale affects (unlike g_utf8_strdown()).
 */
#include "text/normal.h"

#include "base/chunk.h"
#include "base/utf8.h"

#include <glib.h>
#include <string.h>

struct ascii_out {
    char *text, *folded; /* both have room for CHUNK bytes after n */
    size_t n;
    unsigned after_blank; /* 0 or 1 */
};

/* Adds the first `part` bytes of a chunk, except those with a bit in swallow: one run of bytes after the other. */
static __attribute__((noinline)) void add_without(struct ascii_out *out, chunk text, size_t part, unsigned swallow)
{
    char from[2 * CHUNK] = {0}, from_folded[2 * CHUNK] = {0}; /* a run is stored as a whole chunk */
    chunk_store(from, text);
    chunk_store(from_folded, chunk_lower(text));
    for (unsigned left = ~swallow & 0xffffu >> (CHUNK - part); left;) {
        const unsigned first = chunk_first(left), n = chunk_first(~(left >> first));
        chunk_store(out->text + out->n, chunk_load(from + first));
        chunk_store(out->folded + out->n, chunk_load(from_folded + first));
        out->n += n;
        left &= ~0u << (first + n);
    }
}

/* Adds the first `part` bytes of a chunk, or returns false if one of them is not ASCII. Always inlined, so that whole
 * chunks are added without looking at `part`. */
static inline __attribute__((always_inline)) bool add_ascii(struct ascii_out *out, chunk text, size_t part)
{
    unsigned all = 0xffffu >> (CHUNK - part);
    if (chunk_bits(chunk_unusual(text)) & all) {
        if (chunk_bits(text))
            return false;
        chunk blank = chunk_in_range(text, '\t', 5) | chunk_equal(text, '\0');
        text = (text & ~blank) | (chunk_of(' ') & blank);
    }
    unsigned blanks = chunk_bits(chunk_equal(text, ' ')), swallow = blanks & (blanks << 1 | out->after_blank) & all;
    out->after_blank = blanks >> (part - 1) & 1;
    if (swallow) {
        add_without(out, text, part, swallow);
        return true;
    }
    chunk_store(out->text + out->n, text);
    chunk_store(out->folded + out->n, chunk_lower(text));
    out->n += part;
    return true;
}

/* Writes both forms of ASCII in one pass, because every text of every report comes
 * through here. False if s is not ASCII. */
static bool normalise_ascii(struct span s, char *text, char *folded, size_t *length)
{
    struct ascii_out out = {text, folded, 0, 1}; /* drops white space at the start */
    for (; s.n >= CHUNK; s.s += CHUNK, s.n -= CHUNK)
        if (!add_ascii(&out, chunk_load(s.s), CHUNK))
            return false;
    if (s.n && !add_ascii(&out, chunk_load_part(s.s, s.n), s.n))
        return false;
    *length = out.n && out.after_blank ? out.n - 1 : out.n;
    return true;
}

bool norm_is_hidden(uint32_t c)
{
    switch (c) {
    case 0xad:
    case 0x34f:
    case 0x61c:
    case 0x180e:
    case 0x200b ... 0x200f:
    case 0x202a ... 0x202e:
    case 0x2060 ... 0x2064:
    case 0x2066 ... 0x2069:
    case 0xfe00 ... 0xfe0f:
    case 0xfeff: return true;
    default: return false;
    }
}

/* The character that replaces c in the text: 0 if c is not shown, ' ' if it is white
 * space. */
static uint32_t tidy(uint32_t c)
{
    /* Letters of Latin, Cyrillic and the East, and nothing else: most of what is not ASCII. */
    if ((c >= 0xc0 && c < 0x2bc) || (c >= 0x400 && c < 0x530) || (c >= 0x4e00 && c < 0xd7a4))
        return c;
    switch (c) {
    /* White space: NEL, NBSP, en quad, and so on. */
    case '\0':
    case '\t' ... '\r':
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2000 ... 0x200a:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000: return ' ';
    /* Quotes and hyphens. */
    case 0xb4:
    case 0x2bc:
    case 0x2018 ... 0x201b:
    case 0x2032:
    case 0x2039:
    case 0x203a: return '\'';
    case 0xab:
    case 0xbb:
    case 0x201c ... 0x201f:
    case 0x2033: return '"';
    case 0x2010:
    case 0x2011:
    case 0xfe63: return '-';
    /* Full-width ASCII. */
    case 0xff01 ... 0xff5e: return c - 0xff01 + '!';
    default: return norm_is_hidden(c) ? 0 : c;
    }
}

/* U+00C0 to U+017F in lower case and without diacritics, two letters each; "  "
 * keeps the character (the multiplication and division signs). */
static const char latin_letters[2 * 0xc0 + 1] = "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
                                                "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
                                                "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
                                                "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
                                                "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
                                                "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";

static bool is_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a;
}

/* The base letter of a Latin letter outside the table. */
static uint32_t latin_base(uint32_t c)
{
    gunichar base = c, mark = 0;
    while (g_unichar_decompose(base, &base, &mark) && mark)
        ;
    return base;
}

/* The Russian ё, which most people write as е. */
enum { CYRILLIC_IE = 0x435, CYRILLIC_IO = 0x451 };

/* Writes c and returns its length; `as_read`: how the text has it, NULL if it has another character in its place. */
static inline size_t put_character(uint32_t c, struct span as_read, char *out)
{
    if (!as_read.s)
        return (size_t)g_unichar_to_utf8(c, out);
    memcpy(out, as_read.s, as_read.n);
    return as_read.n;
}

/* Writes the folded form of c, at most 4 bytes, and returns its length. *last gets the
 * character that a following mark would combine with. */
static size_t fold(uint32_t c, struct span as_read, char *out, uint32_t *last)
{
    const uint32_t unfolded = c;
    if ((c >= 0x180 && c < 0x250) || (c >= 0x1e00 && c < 0x1f00))
        c = latin_base(c);
    c = c == 0x3c2 ? 0x3c3 : g_unichar_tolower(c); /* final sigma */
    c = c == CYRILLIC_IO ? CYRILLIC_IE : c;
    const char *letters = c >= 0xc0 && c < 0x180 ? latin_letters + 2 * (c - 0xc0) : " ";
    if (letters[0] != ' ') {
        *last = (uint32_t)letters[0];
        out[0] = letters[0];
        out[1] = letters[1];
        return letters[1] == ' ' ? 1 : 2;
    }
    *last = c;
    return put_character(c, c == unfolded ? as_read : span_of(NULL, 0), out);
}

struct folding {
    char *text, *folded;
    uint32_t *map;
    size_t n, folded_n;
    uint32_t last;     /* what a mark would combine with; 0: nothing */
    size_t last_start; /* where that begins in folded */
    bool after_blank;
    bool broken;     /* the run of blanks contains a line end */
    uint32_t before; /* the last character that is not blank */
};

/* Chinese and Japanese are written without spaces: a line end inside a sentence is
 * not a blank. */
static bool is_solid(uint32_t c)
{
    return (c >= 0x3001 && c < 0x3100) || (c >= 0x3400 && c < 0xa000) || (c >= 0xf900 && c < 0xfb00) ||
           (c >= 0xff00 && c < 0xfff0);
}

/* Drops a mark after a Latin letter; with another letter it becomes the precomposed
 * character, with which rules are written, if there is one. Else false. */
static bool fold_mark(struct folding *f, uint32_t mark)
{
    if (!f->last)
        return false;
    if (f->last < 0x80)
        return true;
    gunichar both;
    if (!g_unichar_compose(f->last, mark, &both))
        return false;
    both = both == CYRILLIC_IO ? CYRILLIC_IE : both;
    size_t start = f->map[f->last_start];
    f->folded_n = f->last_start + (size_t)g_unichar_to_utf8(both, f->folded + f->last_start);
    for (size_t i = f->last_start; i < f->folded_n; i++)
        f->map[i] = (uint32_t)start;
    f->last = both;
    return true;
}

static void add_character(struct folding *f, uint32_t c, struct span as_read)
{
    size_t start = f->n;
    if (c < 0x80)
        f->text[f->n++] = (char)c;
    else
        f->n += put_character(c, as_read, f->text + f->n);
    if (is_mark(c) && fold_mark(f, c))
        return;
    f->last_start = f->folded_n;
    size_t bytes = 1;
    if (c < 0x80)
        f->folded[f->folded_n] = ascii_lower((char)c), f->last = c;
    else
        bytes = fold(c, as_read, f->folded + f->folded_n, &f->last);
    for (; bytes; bytes--)
        f->map[f->folded_n++] = (uint32_t)start;
}

/* Adds a printable ASCII character that is not a space. */
static void add_plain(struct folding *f, char c)
{
    f->last_start = f->folded_n;
    f->last = f->before = (unsigned char)c;
    f->after_blank = false;
    f->map[f->folded_n] = (uint32_t)f->n;
    f->folded[f->folded_n++] = ascii_lower(c);
    f->text[f->n++] = c;
}

/* Letters that stay as they are read, in both forms: small ones of Cyrillic, Kana and Han. */
static inline bool is_settled(uint32_t c)
{
    return (c >= 0x430 && c < 0x450) || (c >= 0x3041 && c < 0x3097) || (c >= 0x30a1 && c < 0x30fb) ||
           (c >= 0x4e00 && c < 0xa000);
}

/* Adds such a letter, if it does not come after a line end. */
static inline void add_settled(struct folding *f, uint32_t c, const char *s, size_t size)
{
    f->last = f->before = c;
    f->last_start = f->folded_n;
    f->after_blank = false;
    for (size_t i = 0; i < size; i++) {
        f->text[f->n + i] = f->folded[f->folded_n + i] = s[i];
        f->map[f->folded_n + i] = (uint32_t)f->n;
    }
    f->n += size;
    f->folded_n += size;
}

static void normalise_unicode(struct folding *f, struct span s)
{
    for (size_t i = 0, size; i < s.n; i += size) {
        if (s.s[i] > ' ' && s.s[i] < 0x7f) {
            add_plain(f, s.s[i]);
            size = 1;
            continue;
        }
        const uint32_t read = utf8_get(s.s + i, &size);
        if (is_settled(read) && !(f->after_blank && f->broken)) {
            add_settled(f, read, s.s + i, size);
            continue;
        }
        const uint32_t c = tidy(read);
        if (c == ' ')
            f->broken = (f->after_blank && f->broken) || s.s[i] == '\n' || s.s[i] == '\r';
        if (!c || (c == ' ' && f->after_blank))
            continue;
        if (c != ' ') {
            if (f->after_blank && f->broken && f->n && is_solid(f->before) && is_solid(c))
                f->n--, f->folded_n--;
            f->before = c;
        }
        f->after_blank = c == ' ';
        add_character(f, c, span_of(c == read ? s.s + i : NULL, size));
    }
    if (f->n && f->after_blank)
        f->n--, f->folded_n--;
}

/* Whether a word is the name of an error: "ERR_NO_SUCH_USER:", but not an address, host or path. */
static bool is_error_name(const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!ascii_is_alnum(word[i]) && !strchr("_-:=()[]'\",;!", word[i]) && !(word[i] == '.' && i + 1 == n))
            return false;
    return true;
}

/* Normalises text that is not all ASCII: out->text has room for it. */
static void normalise_all(struct arena *a, struct span s, struct norm_text *out)
{
    /* The largest growth: two bytes become three (U+023A), or a pair becomes one character of four. */
    const size_t folded_bytes = s.n + s.n / 2 + 4;
    struct folding f = {.text = (char *)(uintptr_t)out->text, /* nothing else uses it */
                        .folded = arena_alloc(a, folded_bytes + NORM_PADDING_BYTES),
                        .map = arena_alloc(a, (folded_bytes + 1) * sizeof *f.map),
                        .after_blank = true};
    normalise_unicode(&f, s);
    f.map[f.folded_n] = (uint32_t)f.n;
    f.text[f.n] = '\0';
    memset(f.folded + f.folded_n, 0, NORM_PADDING_BYTES);
    out->length = f.n;
    out->folded = f.folded, out->folded_length = f.folded_n;
    out->map = f.map;
}

void text_normalise(struct arena *a, struct span s, size_t limit, struct norm_text *out)
{
    if (limit > UINT32_MAX / 2) /* the map has 32 bits, and folding can add half */
        limit = UINT32_MAX / 2;
    *out = (struct norm_text){.truncated = s.n > limit};
    s.n = utf8_cut(s.s, s.n, limit);
    _Static_assert((int)NORM_PADDING_BYTES >= (int)CHUNK, "whole chunks are written");
    char *text = arena_alloc(a, s.n + CHUNK), *folded = arena_alloc(a, s.n + NORM_PADDING_BYTES);
    out->text = text;
    if (!normalise_ascii(s, text, folded, &out->length)) {
        normalise_all(a, s, out);
        return;
    }
    text[out->length] = '\0';
    memset(folded + out->length, 0, NORM_PADDING_BYTES);
    out->folded = folded;
    out->folded_length = out->length;
}

char *text_fold(struct arena *a, struct span s)
{
    struct norm_text n;
    text_normalise(a, s, SIZE_MAX, &n);
    return (char *)(uintptr_t)n.folded; /* nothing else uses it */
}

void norm_open_names(struct norm_text *t)
{
    enum { NAME_BYTES = 80 };
    char *folded = (char *)(uintptr_t)t->folded; /* nothing else uses it */
    const size_t n = t->folded_length;
    size_t next = 0;
    for (const char *at; next < n && (at = memchr(folded + next, '_', n - next));) {
        size_t from = (size_t)(at - folded), to = from;
        while (from > next && folded[from - 1] != ' ')
            from--;
        while (to < n && folded[to] != ' ')
            to++;
        next = to;
        if (to - from > NAME_BYTES || !is_error_name(folded + from, to - from))
            continue;
        for (size_t i = from + 1; i + 1 < to; i++)
            if (folded[i] == '_' && ascii_is_alpha(folded[i - 1]) && ascii_is_alpha(folded[i + 1]))
                folded[i] = ' ';
    }
}

size_t norm_fold_offset_from(const struct norm_text *t, size_t from, size_t offset)
{
    size_t at = from;
    for (size_t n = t->map ? t->folded_length + 1 - from : 0; n;) {
        size_t half = n / 2;
        bool before = t->map[at + half] < offset;
        at += before ? half + 1 : 0;
        n = before ? n - half - 1 : half;
    }
    return t->map ? at : offset;
}

size_t norm_fold_offset(const struct norm_text *t, size_t offset)
{
    return norm_fold_offset_from(t, 0, offset);
}
