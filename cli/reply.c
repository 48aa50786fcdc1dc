/* SPDX-License-Identifier: MIT */
/*
 * reply.c - --reply: each argument, or else each line of standard input, is
 * one SMTP reply. Every line gives one result, a blank one too, so that line N
 * and result N belong together. Bytes of a line beyond the cap are counted and
 * dropped.
 */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct line {
    char *bytes;
    size_t n, capacity;
    uint64_t true_length; /* without its line end */
};

struct lines {
    uint64_t index, offset; /* of the line at hand */
    struct line line;
    size_t keep;
};

/* False without memory. */
static bool add_to_line(struct line *l, const char *s, size_t n, size_t keep)
{
    l->true_length += n;
    if (n > keep - l->n)
        n = keep - l->n;
    if (l->n + n + 1 > l->capacity) {
        size_t capacity = (l->n + n + 1) * 2;
        char *grown = realloc(l->bytes, capacity);
        if (!grown)
            return false;
        l->bytes = grown;
        l->capacity = capacity;
    }
    memcpy(l->bytes + l->n, s, n);
    l->n += n;
    return true;
}

/* n bytes of a line of true_length, which ends in line_end_bytes more. */
static void take_line(struct session *s, struct lines *in, const char *bytes, size_t n, uint64_t true_length,
                      size_t line_end_bytes)
{
    uint64_t length = true_length;
    if (n > 0 && n == length && bytes[n - 1] == '\r') {
        n--;
        length--;
    }
    bounce_source source = {NULL, in->index++, in->offset, length};
    classify(s, bytes, n, &source);
    in->offset += true_length + line_end_bytes;
}

/* The line whose parts were put together. */
static void end_line(struct session *s, struct lines *in, size_t line_end_bytes)
{
    struct line *l = &in->line;
    take_line(s, in, l->bytes, l->n, l->true_length, line_end_bytes);
    l->n = 0;
    l->true_length = 0;
}

static bool take_block(struct session *s, struct lines *in, const char *block, size_t n)
{
    while (n > 0) {
        const char *end = memchr(block, '\n', n);
        size_t part = end ? (size_t)(end - block) : n;
        bool is_whole = end && in->line.true_length == 0 && part <= in->keep;
        if (is_whole)
            take_line(s, in, block, part, part, 1);
        else if (!add_to_line(&in->line, block, part, in->keep))
            return false;
        if (!end)
            break;
        if (!is_whole)
            end_line(s, in, 1);
        block += part + 1;
        n -= part + 1;
    }
    return true;
}

static void read_lines(struct session *s)
{
    static char block[BLOCK_BYTES];
    struct lines in = {.keep = (size_t)s->settings->max_message_bytes + 1};
    int failed = 0;
    while (!failed && !s->out->error_number) {
        wait_for_input(s, STDIN_FILENO);
        ssize_t got = read(STDIN_FILENO, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            failed = got < 0 ? errno : 0;
            break;
        }
        if (!take_block(s, &in, block, (size_t)got))
            failed = ENOMEM;
    }
    if (!failed && in.line.true_length > 0)
        end_line(s, &in, 0);
    if (failed) {
        complain("standard input", strerror(failed));
        s->totals.unreadable++;
    }
    free(in.line.bytes);
}

void classify_replies(struct session *s)
{
    const struct settings *set = s->settings;
    for (size_t i = 0; i < set->input_count && !s->out->error_number; i++) {
        size_t length = strlen(set->inputs[i]);
        bounce_source source = {NULL, i, BOUNCE_NO_NUMBER, length};
        classify(s, set->inputs[i], length, &source);
    }
    if (set->input_count == 0)
        read_lines(s);
}
