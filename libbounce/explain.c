/* SPDX-License-Identifier: MIT */
/* explain.c - keeps the account of how a verdict was reached, line by line. */
#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *origin_name(enum text_origin origin)
{
    static const char *const names[] = {"reply", "diagnostic", "transcript", "beside the address", "prose"};
    return (size_t)origin < sizeof names / sizeof *names ? names[origin] : "text";
}

void explain_line(struct judge *j, struct bounce_recipient *to, const char *format, ...)
{
    enum { STEP = 16 };
    struct arena *a = &j->report->arena;
    if (to->explain_count % STEP == 0) {
        const char **grown = arena_alloc(a, (to->explain_count + STEP) * sizeof *grown);
        if (to->explain_count)
            memcpy(grown, to->explain, to->explain_count * sizeof *grown);
        to->explain = grown;
    }
    char line[2048];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    /* A cut must not leave half a character. */
    if (n > 0 && (size_t)n >= sizeof line)
        while (length && ((unsigned char)line[length - 1] & 0xc0) == 0x80)
            length--;
    if (n > 0 && (size_t)n >= sizeof line && length && ((unsigned char)line[length - 1] & 0x80))
        length--;
    to->explain[to->explain_count++] = arena_strndup(a, line, length);
}
