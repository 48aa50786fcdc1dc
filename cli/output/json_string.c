/* SPDX-License-Identifier: MIT */
/*
 * json_string.c - strings of JSON.
 *
 * In: UTF-8, from the library. Out: the string as RFC 8259 has it, with nothing
 * escaped but what must be. Nothing is refused.
 */
#include "output/json_string.h"

#include <stdio.h>

void output_json_string(struct output *o, const char *s)
{
    if (!s) {
        output_puts(o, "null");
        return;
    }
    output_putc(o, '"');
    for (; *s; s++) {
        char code[8];
        if (*s == '"' || *s == '\\')
            output_putc(o, '\\');
        if ((unsigned char)*s >= ' ') {
            output_putc(o, *s);
            continue;
        }
        snprintf(code, sizeof code, "\\u%04x", (unsigned)(unsigned char)*s);
        output_puts(o, code);
    }
    output_putc(o, '"');
}
