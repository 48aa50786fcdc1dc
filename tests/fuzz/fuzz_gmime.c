/* SPDX-License-Identifier: MIT */
/*
 * fuzz_gmime.c - compares with what GMime makes of the same bytes. The first byte chooses: a transfer encoding, a value
 * of a header, parameters of Content-Type. (Structure: fuzz_parts.c.)
 *
 * The results must be equal, or the input must be one on which the two differ on purpose:
 *
 *   base64       RFC 2045 6.8: padding ends the data for GMime; here new data may follow it, and an incomplete last
 *                group is decoded: compared only if "=" is at the end, and groups are complete
 *   quoted-      RFC 2045 6.7 (3): white space at the end of a line is dropped here, GMime keeps it; "=" without two
 *   printable    hexadecimal digits stays here, and GMime drops some of them: compared without either
 *   header       RFC 2047 5: encoded words inside other words, next to letters and in text other than ASCII are
 *                decoded here; RFC 2047 2 forbids them in such places: compared if white space is around them, in
 *                plain ASCII, and in charsets that both know
 *   parameters   RFC 2231, RFC 2045 5.1: compared if the type is valid, and each name occurs once: of two the first
 *                one counts here, and GMime may join them; white space around "=" and "/" is not in the grammar
 */
#include "forms.h"

#include "mail/message_mime.h"
#include "text/header.h"
#include "text/transfer.h"

#include <gmime/gmime.h>

static struct arena arena;
static GMimeParserOptions *options;

static void must_equal(const char *what, struct span ours, struct span theirs)
{
    if (fuzz_same_span(ours, theirs))
        return;
    fprintf(stderr, "%s: here \"%.*s\", GMime \"%.*s\"\n", what, (int)ours.n, ours.s, (int)theirs.n, theirs.s);
    MUST(false && "GMime says the same");
}

/* ------------------------------------------------------ transfer encodings */

static bool is_sound_base64(struct span s)
{
    size_t letters = 0, padding = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char c = s.s[i];
        if (c == '=')
            padding++;
        else if (ascii_is_alnum(c) || c == '+' || c == '/')
            letters += !padding ? 1 : 1000000;
    }
    return letters < 1000000 && (letters + padding) % 4 == 0 && padding <= 2;
}

static bool is_sound_quoted(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char next = i + 1 < s.n ? s.s[i + 1] : '\n';
        if ((s.s[i] == ' ' || s.s[i] == '\t') && (next == '\n' || next == '\r'))
            return false;
        if (s.s[i] == '\r' || !s.s[i])
            return false;
        if (s.s[i] == '=' && !(next == '\n' && i + 1 < s.n) &&
            (i + 2 >= s.n || !g_ascii_isxdigit(next) || !g_ascii_isxdigit(s.s[i + 2])))
            return false;
    }
    return true;
}

static void compare_transfer(struct span s, bool base64)
{
    if (!(base64 ? is_sound_base64(s) : is_sound_quoted(s)))
        return;
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state,
                                base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    char *out = (char *)arena_alloc(&arena, g_mime_encoding_outlen(&state, s.n) + 8);
    const size_t n = g_mime_encoding_step(&state, s.s, s.n, out);
    must_equal("transfer", text_decode_transfer(&arena, s, base64 ? "base64" : "quoted-printable"), span_of(out, n));
}

/* ----------------------------------------------------------------- headers */

/* Words of printable ASCII with one space between them; one of them is an encoded word, in a charset from below. */
static bool is_sound_header(struct span s)
{
    static const char *const fronts[] = {"=?utf-8?q?", "=?us-ascii?q?", "=?utf-8?b?"};
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < ' ' || s.s[i] > '~' || (s.s[i] == ' ' && (!i || i + 1 == s.n || s.s[i + 1] == ' ')))
            return false;
    for (const char *at = s.s; (at = span_find(span_of(at, (size_t)(s.s + s.n - at)), "=?")); at++) {
        const struct span rest = span_of(at, (size_t)(s.s + s.n - at));
        bool known = false;
        for (size_t i = 0; i < COUNT(fronts); i++)
            known |= span_starts_nocase(rest, fronts[i]);
        if (!known || (at > s.s && at[-1] != ' '))
            return false;
        const char *end = memchr(at, ' ', rest.n);
        const struct span word = span_of(at, end ? (size_t)(end - at) : rest.n);
        const struct span text = word.n > 12 ? span_of(word.s + 10, word.n - 12) : span_of("", 0);
        if (word.n < 13 || !span_ends_with(word, span_z("?=")) || memchr(text.s, '?', text.n) ||
            !(ascii_lower(word.s[8]) == 'b' ? is_sound_base64(text) : is_sound_quoted(text)))
            return false;
        at += word.n - 1;
        if (at >= s.s + s.n)
            break;
    }
    return true;
}

static void compare_header(struct span s)
{
    if (!is_sound_header(s) || span_find_nocase(s, "us-ascii"))
        return;
    unsigned flags = 0;
    const char *ours = text_decode_header(&arena, s, &flags);
    char *theirs = g_mime_utils_header_decode_text(options, arena_strndup(&arena, s.s, s.n));
    /* Bytes that are not UTF-8 are read as windows-1252 here; a line end, a tab and the edge count as a space. */
    if (!flags && g_utf8_validate(theirs, -1, NULL) && !strpbrk(theirs, "\r\n\t\v\f") &&
        !strstr(ours, "\xef\xbf\xbd") && fuzz_same_span(span_trim(span_z(theirs)), span_z(theirs)) &&
        span_find_nocase(s, "=?utf-8?b?") == NULL)
        must_equal("header", span_z(ours), span_z(theirs));
    g_free(theirs);
}

/* -------------------------------------------------------------- parameters */

/* "text/plain" and parameters, each name once, of printable ASCII, nothing quoted but whole values. */
static bool is_sound_type(struct span s)
{
    static const char *const names[] = {"boundary", "charset", "name", "report-type"};
    if (!span_starts_nocase(s, "text/plain;") || memchr(s.s, '\\', s.n) || memchr(s.s, '(', s.n) ||
        memchr(s.s, '*', s.n) || memchr(s.s, '\'', s.n) || span_find(s, "=?"))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < ' ' || s.s[i] > '~')
            return false;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *at = span_find_nocase(s, names[i]);
        if (at && span_find_nocase(span_of(at + 1, (size_t)(s.s + s.n - at - 1)), names[i]))
            return false;
    }
    return true;
}

/* A token of RFC 2045, or a string in quotes, which both read in the same way. */
static bool is_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum(s.s[i]) && !memchr("-_.+ ", s.s[i], 5))
            return false;
    return s.n && fuzz_same_span(span_trim(s), s);
}

static void compare_type(struct span s)
{
    struct mime_type ours;
    if (!is_sound_type(s))
        return;
    mime_read_type(&arena, s, &ours);
    GMimeContentType *theirs = g_mime_content_type_parse(options, arena_strndup(&arena, s.s, s.n));
    const char *const names[] = {"charset", "name", "boundary"};
    const struct span values[] = {span_z(ours.charset), span_z(ours.name), ours.boundary};
    MUST(theirs && ours.type && !strcmp(ours.type, "text/plain"));
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct span value = span_z(g_mime_content_type_get_parameter(theirs, names[i]));
        if (is_word(value) && (i || !memchr(value.s, ' ', value.n)))
            must_equal(names[i], values[i], value);
    }
    g_object_unref(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!options) {
        g_mime_init();
        options = g_mime_parser_options_new();
    }
    if (!size)
        return 0;
    arena_reset(&arena);
    const struct span rest = span_of((const char *)data + 1, size - 1);
    switch (data[0] & 3) {
    case 0: compare_transfer(rest, true); break;
    case 1: compare_transfer(rest, false); break;
    case 2: compare_header(rest); break;
    default: compare_type(rest);
    }
    return 0;
}
