/* SPDX-License-Identifier: MIT */
/*
 * going_on.c - where a signal ended reading, and the option that resumes there.
 *
 * In: the place. Out: a line on standard error with the value of --start-offset that resumes there; and such a value,
 * parsed. INDEX is left empty where it is not known (in a shard); without INDEX or FILE they are unknown and 0.
 * Refused: a value of another form.
 */
#include "input/going_on.h"

#include "output/complain.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Reads digits up to the next comma or the end; false if there are none, or too many. */
static bool read_number(const char **text, uint64_t *value)
{
    const char *c = *text;
    uint64_t sum = 0;
    for (; *c >= '0' && *c <= '9'; c++) {
        unsigned digit = (unsigned)(*c - '0');
        if (sum > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    if (c == *text || (*c != ',' && *c != '\0'))
        return false;
    *value = sum;
    *text = c;
    return true;
}

bool going_on_read(const char *text, bounce_position *at)
{
    *at = (bounce_position){.index = BOUNCE_NO_NUMBER};
    if (!read_number(&text, &at->offset))
        return false;
    if (*text == ',' && *++text != ',' && !read_number(&text, &at->index))
        return false;
    if (*text == ',' && (text++, !read_number(&text, &at->file)))
        return false;
    return *text == '\0';
}

static size_t add_number(char *to, size_t room, const char *before, uint64_t value)
{
    int n = value == BOUNCE_NO_NUMBER ? snprintf(to, room, "%s", before)
                                      : snprintf(to, room, "%s%llu", before, (unsigned long long)value);
    return n > 0 ? (size_t)n : 0;
}

void going_on_tell(const struct going_on *g, int signal_number)
{
    char text[256];
    const bounce_position *at = &g->at;
    size_t n = (size_t)snprintf(text, sizeof text, "ended by %s; ", signal_number == SIGINT ? "SIGINT" : "SIGTERM");
    if (g->is_reply_argument) {
        n += add_number(text + n, sizeof text - n, "resume with reply number ", at->index + 1);
        complain(NULL, text);
        return;
    }
    if (g->is_followed) {
        text[n - 2] = '\0'; /* removes the "; " */
        complain(g->path, text);
        return;
    }
    if (g->is_kept) {
        snprintf(text + n, sizeof text - n, "the state is saved: to resume, run the same command");
        complain(g->path, text);
        return;
    }
    if (g->is_event) {
        n += add_number(text + n, sizeof text - n, "the first unread document is number ", at->index + 1);
        complain(g->path ? g->path : "standard input", text);
        return;
    }
    n += add_number(text + n, sizeof text - n, "to resume: --start-offset ", at->offset);
    if (at->index != BOUNCE_NO_NUMBER || at->file > 0)
        n += add_number(text + n, sizeof text - n, ",", at->index);
    if (at->file > 0)
        n += add_number(text + n, sizeof text - n, ",", at->file);
    if (g->inputs_after > 0)
        snprintf(text + n, sizeof text - n, ", with this input and the %zu after it", g->inputs_after);
    complain(g->path ? g->path : "standard input", text);
}
