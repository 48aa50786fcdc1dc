/* SPDX-License-Identifier: MIT */
/*
 * text_normal.c - the form in which rules are searched (text.h, norm_text).
 *
 * What comes in: valid UTF-8. What goes out: one line of tidied text, its
 * folded form, and the map between both. Nothing is refused; a NUL, which
 * text_decode never lets through, counts as white space. Unicode data comes
 * from GLib's tables, which no locale changes (g_utf8_strdown would).
 */
#include "text.h"
#include "utf8.h"

#include <glib.h>
#include <string.h>

static bool is_blank(unsigned c)
{
    return c == ' ' || c - (unsigned)'\t' < 5u || c == '\0';
}

/* CHUNK_BYTES bytes of ASCII at once, of which compilers make vector
 * instructions. False if there is white space to swallow among them. */
enum { CHUNK_BYTES = 16 };

static bool normalise_chunk(const char *s, char *text, char *folded, bool after_blank)
{
    unsigned char in[CHUNK_BYTES], tidy[CHUNK_BYTES + 1], lower[CHUNK_BYTES], swallow = 0;
    memcpy(in, s, sizeof in);
    tidy[0] = after_blank ? ' ' : 'x';
    for (int k = 0; k < CHUNK_BYTES; k++)
        tidy[k + 1] = (unsigned char)(in[k] - '\t') < 5 || in[k] == 0 ? ' ' : in[k];
    for (int k = 0; k < CHUNK_BYTES; k++)
        swallow |= (unsigned char)((tidy[k] == ' ') & (tidy[k + 1] == ' '));
    if (swallow)
        return false;
    for (int k = 0; k < CHUNK_BYTES; k++)
        lower[k] = (unsigned char)(tidy[k + 1] - 'A') < 26 ? tidy[k + 1] | 0x20 : tidy[k + 1];
    memcpy(text, tidy + 1, sizeof lower);
    memcpy(folded, lower, sizeof lower);
    return true;
}

/* ASCII alone: both strings in one pass without a branch in its loop, since
 * every text of every report comes through here. */
static size_t normalise_ascii(struct span s, char *text, char *folded)
{
    size_t n = 0, slow_end = 0;
    bool after_blank = true; /* swallows white space at the start */
    for (size_t i = 0; i < s.n; i++) {
        while (i >= slow_end && i + CHUNK_BYTES < s.n) {
            if (!normalise_chunk(s.s + i, text + n, folded + n, after_blank)) {
                slow_end = i + CHUNK_BYTES;
                break;
            }
            after_blank = text[n + CHUNK_BYTES - 1] == ' ';
            n += CHUNK_BYTES;
            i += CHUNK_BYTES;
        }
        unsigned c = (unsigned char)s.s[i];
        bool blank = is_blank(c);
        c = blank ? ' ' : c;
        text[n] = (char)c;
        folded[n] = (char)(c - (unsigned)'A' < 26u ? c | 0x20 : c);
        n += !(blank & after_blank);
        after_blank = blank;
    }
    return n && after_blank ? n - 1 : n;
}

/* One character of the text: 0 if it is not shown, ' ' if it is white space,
 * else what stands for it. */
static uint32_t tidy(uint32_t c)
{
    switch (c) {
    case '\0': case '\t' ... '\r':
    case 0x85: case 0xa0: case 0x1680: case 0x2000 ... 0x200a: /* NEL, NBSP, en quad … */
    case 0x2028: case 0x2029: case 0x202f: case 0x205f: case 0x3000:
        return ' ';
    case 0xad: case 0x34f: case 0x61c: case 0x180e: case 0x200b ... 0x200f: /* soft hyphen, zero width */
    case 0x202a ... 0x202e: case 0x2060 ... 0x2064: case 0x2066 ... 0x2069: /* bidi marks */
    case 0xfe00 ... 0xfe0f: case 0xfeff:                                  /* variants, BOM */
        return 0;
    case 0xb4: case 0x2bc: case 0x2018 ... 0x201b: case 0x2032: case 0x2039: case 0x203a:
        return '\'';
    case 0xab: case 0xbb: case 0x201c ... 0x201f: case 0x2033:
        return '"';
    case 0x2010: case 0x2011: case 0xfe63:
        return '-';
    case 0xff01 ... 0xff5e: /* full width */
        return c - 0xff01 + '!';
    default:
        return c;
    }
}

/* U+00C0 to U+017F in lower case and without diacritics, two letters each;
 * "  " keeps the character (the signs for times and divided by). */
static const char latin_letters[2 * 0xc0 + 1] =
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
    "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";

static bool is_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a;
}

/* The letter under all diacritics of a Latin letter outside the table. */
static uint32_t latin_base(uint32_t c)
{
    gunichar base = c, mark = 0;
    while (g_unichar_decompose(base, &base, &mark) && mark)
        ;
    return base;
}

/* Writes the folded form of c, at most 4 bytes; gives their number. *last gets
 * the character that a following mark would sit on. */
static size_t fold(uint32_t c, char *out, uint32_t *last)
{
    if ((c >= 0x180 && c < 0x250) || (c >= 0x1e00 && c < 0x1f00))
        c = latin_base(c);
    c = c == 0x3c2 ? 0x3c3 : g_unichar_tolower(c); /* final sigma */
    const char *letters = c >= 0xc0 && c < 0x180 ? latin_letters + 2 * (c - 0xc0) : " ";
    if (letters[0] != ' ') {
        *last = (uint32_t)letters[0];
        out[0] = letters[0];
        out[1] = letters[1];
        return letters[1] == ' ' ? 1 : 2;
    }
    *last = c;
    return (size_t)g_unichar_to_utf8(c, out);
}

struct folder {
    char *text, *folded;
    uint32_t *map;
    size_t n, folded_n;
    uint32_t last;      /* what a mark would sit on; 0: nothing */
    size_t last_start;  /* of it, in folded */
    bool after_blank;
    bool broken;        /* the blank run holds a line end */
    uint32_t before;    /* the last character that is no blank */
};

/* Chinese, Japanese: written without spaces, so that a line end inside a
 * sentence is no blank. */
static bool is_solid(uint32_t c)
{
    return (c >= 0x3001 && c < 0x3100) || (c >= 0x3400 && c < 0xa000) || (c >= 0xf900 && c < 0xfb00) ||
           (c >= 0xff00 && c < 0xfff0);
}

/* A mark after a Latin letter goes; on other letters the pair becomes the one
 * character that rules are written with, if there is one. */
static bool fold_mark(struct folder *f, uint32_t mark)
{
    if (!f->last)
        return false;
    if (f->last < 0x80)
        return true;
    gunichar both;
    if (!g_unichar_compose(f->last, mark, &both))
        return false;
    size_t start = f->map[f->last_start];
    f->folded_n = f->last_start + (size_t)g_unichar_to_utf8(both, f->folded + f->last_start);
    for (size_t i = f->last_start; i < f->folded_n; i++)
        f->map[i] = (uint32_t)start;
    f->last = both;
    return true;
}

static void add_character(struct folder *f, uint32_t c)
{
    size_t start = f->n;
    if (c < 0x80)
        f->text[f->n++] = (char)c;
    else
        f->n += (size_t)g_unichar_to_utf8(c, f->text + f->n);
    if (is_mark(c) && fold_mark(f, c))
        return;
    f->last_start = f->folded_n;
    size_t bytes = 1;
    if (c < 0x80)
        f->folded[f->folded_n] = ascii_lower((char)c), f->last = c;
    else
        bytes = fold(c, f->folded + f->folded_n, &f->last);
    for (; bytes; bytes--)
        f->map[f->folded_n++] = (uint32_t)start;
}

static void normalise_unicode(struct folder *f, struct span s)
{
    for (size_t i = 0, size; i < s.n; i += size) {
        uint32_t c = tidy(utf8_get(s.s + i, &size));
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
        add_character(f, c);
    }
    if (f->n && f->after_blank)
        f->n--, f->folded_n--;
}

void text_normalise(struct arena *a, struct span s, size_t limit, struct norm_text *out)
{
    *out = (struct norm_text){0};
    if (limit > UINT32_MAX / 2) /* the map has 32 bits; folding can add half */
        limit = UINT32_MAX / 2;
    out->truncated = s.n > limit;
    s.n = utf8_cut(s.s, s.n, limit);
    bool ascii = utf8_ascii_run(s.s, s.n) == s.n;
    /* Longest growth: two bytes become three (U+023A), or a pair one of four. */
    size_t folded_bytes = ascii ? s.n : s.n + s.n / 2 + 4;
    struct folder f = {.text = arena_alloc(a, s.n + 1), .folded = arena_alloc(a, folded_bytes + 1), .after_blank = true};
    if (ascii) {
        f.n = f.folded_n = normalise_ascii(s, f.text, f.folded);
    } else {
        f.map = arena_alloc(a, (folded_bytes + 1) * sizeof *f.map);
        normalise_unicode(&f, s);
        f.map[f.folded_n] = (uint32_t)f.n;
    }
    f.text[f.n] = f.folded[f.folded_n] = '\0';
    out->text = f.text, out->length = f.n;
    out->folded = f.folded, out->folded_length = f.folded_n;
    out->map = f.map;
}

char *text_fold(struct arena *a, struct span s)
{
    struct norm_text n;
    text_normalise(a, s, SIZE_MAX, &n);
    return arena_strndup(a, n.folded, n.folded_length);
}
