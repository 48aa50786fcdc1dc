/* SPDX-License-Identifier: MIT */
/*
 * fuzz_html.c - any bytes as HTML: the result is UTF-8, no longer than a few times the input, the same each time, and
 * the same whether lines end with LF or CRLF.
 */
#include "forms.h"

#include "mail/html.h"
#include "text/text.h"

static struct arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_reset(&arena);
    const struct span bytes = span_of((const char *)data, size), other = fuzz_with_crlf(&arena, bytes);
    const struct span html = text_decode(&arena, bytes, "utf-8", NULL);
    char *copy = fuzz_exact_copy(html);
    const struct span text = html_to_text(&arena, span_of(copy, html.n));
    fuzz_check_span(text);
    MUST(text.n <= 4 * html.n + 4);
    const struct span again = other.s ? text_decode(&arena, other, "utf-8", NULL) : html;
    MUST(fuzz_same_span(text, html_to_text(&arena, again)));
    free(copy);
    return 0;
}
