/* SPDX-License-Identifier: MIT */
/*
 * fuzz_decode.c - any bytes as text. The first byte chooses charset and transfer encoding.
 *
 * Whatever they are, the result is UTF-8, the same each time; text in UTF-8 is decoded to itself; the normal form is
 * one line and its own normal form, and its map leads into the text.
 */
#include "forms.h"

#include "base/limits.h"
#include "text/header.h"
#include "text/normal.h"
#include "text/text.h"
#include "text/transfer.h"

static struct arena arena;

static struct span check_decode(struct span bytes, const char *charset)
{
    unsigned flags = 0, again_flags = 0;
    const struct span text = text_decode(&arena, bytes, charset, &flags);
    const struct span again = text_decode(&arena, bytes, charset, &again_flags);
    fuzz_check_span(text);
    MUST(!text.n || !memchr(text.s, '\0', text.n));
    MUST(!text.n || !memchr(text.s, '\r', text.n));
    MUST(fuzz_same_span(text, again) && flags == again_flags);
    /* Escapes of ISO-2022-JP are decoded in any ASCII text, and a byte order mark is dropped. */
    if (text.n && !memchr(text.s, '\033', text.n) && !span_starts_nocase(text, "\xef\xbb\xbf"))
        MUST(fuzz_same_span(text_decode(&arena, text, "utf-8", NULL), text));
    return text;
}

static void check_normal(struct span text)
{
    struct norm_text n, again;
    text_normalise(&arena, text, LIMIT_SEARCHED_BYTES, &n);
    fuzz_check_span(span_of(n.text, n.length));
    fuzz_check_span(span_of(n.folded, n.folded_length));
    MUST(n.truncated == (text.n > LIMIT_SEARCHED_BYTES));
    MUST(!memchr(n.text, '\n', n.length));
    MUST(n.map || n.length == n.folded_length);
    for (size_t i = 0; n.map && i < n.folded_length; i++)
        MUST(n.map[i] <= n.map[i + 1] && n.map[i + 1] <= n.length);
    text_normalise(&arena, span_of(n.text, n.length), LIMIT_SEARCHED_BYTES, &again);
    MUST(again.truncated || fuzz_same_span(span_of(n.text, n.length), span_of(again.text, again.length)));
}

static void check_header(struct span raw)
{
    unsigned flags = 0;
    const char *value = text_decode_header(&arena, raw, &flags);
    fuzz_check_string(value);
    MUST(!strpbrk(value, "\r\n\t"));
    MUST(raw.n <= LIMIT_HEADER_BYTES || span_trim(raw).n <= LIMIT_HEADER_BYTES || flags & TEXT_TRUNCATED);
    struct span plain;
    if (text_header_is_plain(raw, &plain))
        MUST(fuzz_same_span(plain, span_z(value)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const charsets[] = {
        NULL,     "us-ascii", "utf-8",  "iso-8859-1", "iso-2022-jp", "shift_jis",    "gb18030",   "big5",
        "euc-kr", "utf-7",    "utf-16", "koi8-r",     "iso-8859-15", "windows-1251", "x-no-such", "\"utf-8\"*en"};
    static const char *const encodings[] = {NULL,         "base64", "quoted-printable", "q",
                                            "x-uuencode", "7bit",   "BASE64;",          "x"};
    if (!size)
        return 0;
    arena_reset(&arena);
    const struct span rest = span_of((const char *)data + 1, size - 1);
    char *copy = fuzz_exact_copy(rest);
    const struct span bytes = text_decode_transfer(&arena, span_of(copy, rest.n), encodings[data[0] >> 4 & 7]);
    const struct span text = check_decode(bytes, charsets[data[0] & 15]);
    check_normal(text);
    check_header(span_of(copy, rest.n));
    free(copy);
    return 0;
}
