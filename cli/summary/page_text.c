/* SPDX-License-Identifier: MIT */
/*
 * page_text.c - texts in a page.
 *
 * In: bytes of any origin. Out: the same as HTML text: '<', '>', '&' and both quotes are references, and characters
 * that could reorder or hide their neighbours are shown as in output/escape.c: \u202e. Nothing is refused.
 */
#include "summary/page_text.h"

#include "output/escape.h"

#include <stdio.h>
#include <string.h>

/* Writes n bytes in which only the special characters of HTML need escaping. */
static void put_references(struct output *o, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (s[i]) {
        case '<': output_puts(o, "&lt;"); break;
        case '>': output_puts(o, "&gt;"); break;
        case '&': output_puts(o, "&amp;"); break;
        case '"': output_puts(o, "&quot;"); break;
        case '\'': output_puts(o, "&#39;"); break;
        default: output_putc(o, s[i]);
        }
}

/* An output that passes what is written to it on to a page. */
struct page_escaper {
    struct output in;
    struct output *out;
    char bytes[256];
};

static void hand_on(struct output *o)
{
    const struct page_escaper *e =
        (const struct page_escaper *)(const void *)((char *)o - offsetof(struct page_escaper, in));
    put_references(e->out, o->bytes, o->n);
}

void page_text(struct output *o, const char *s)
{
    struct page_escaper e = {.out = o};
    e.in = (struct output){.fd = -1, .bytes = e.bytes, .capacity = sizeof e.bytes, .hand_over = hand_on};
    output_escaped(&e.in, s, ESCAPE_ONE_LINE, 0);
    output_flush(&e.in);
}

void page_number(struct output *o, uint64_t value)
{
    if (value >= 1000) {
        page_number(o, value / 1000);
        output_putc(o, ',');
        for (uint64_t unit = 100; unit > 0; unit /= 10)
            output_putc(o, (char)('0' + value / unit % 10));
        return;
    }
    output_number(o, value);
}

void page_share(struct output *o, unsigned permille)
{
    char text[24];
    snprintf(text, sizeof text, "%u.%u&nbsp;%%", permille / 10, permille % 10);
    output_puts(o, text);
}
