/* SPDX-License-Identifier: MIT */
/*
 * bench_message.c - the cost of reading the structure of a mail, compared with a
 * full parse by GMime.
 *
 *     bench_message [-n ROUNDS] FILE...
 *
 * Prints microseconds a mail for both, their ratio, and bytes a second.
 */
#include "../clock.h"
#include "base/limits.h"
#include "mail/message.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mail {
    char *bytes;
    size_t n;
};

static void parse_ours(struct arena *a, const struct mail *mail)
{
    struct message m;
    message_read(a, span_of(mail->bytes, mail->n), LIMIT_MESSAGE_BYTES_MAX, &m);
    arena_reset(a);
}

static void parse_gmime(const struct mail *mail)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail->bytes, mail->n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
}

/* Reads the files of argv; names and skips those that cannot be read. */
static size_t load(char **paths, int count, struct mail *mails)
{
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        GError *error = NULL;
        if (g_file_get_contents(paths[i], &mails[n].bytes, &mails[n].n, &error)) {
            n++;
        } else {
            fprintf(stderr, "%s\n", error->message);
            g_error_free(error);
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    int first = 1, rounds = 200;
    if (argc > 2 && !strcmp(argv[1], "-n")) {
        rounds = atoi(argv[2]);
        first = 3;
    }
    if (first >= argc || rounds < 1) {
        fprintf(stderr, "usage: bench_message [-n ROUNDS] FILE...\n");
        return 2;
    }
    struct mail *mails = calloc((size_t)(argc - first), sizeof *mails);
    if (!mails)
        return 1;
    size_t count = load(argv + first, argc - first, mails), bytes = 0;
    if (!count)
        return 1;
    g_mime_init();
    struct arena a;
    arena_init(&a);
    double start = clock_us(CLOCK_MONOTONIC);
    for (int r = 0; r < rounds; r++)
        for (size_t i = 0; i < count; i++)
            parse_ours(&a, &mails[i]);
    double ours = clock_us(CLOCK_MONOTONIC) - start;
    start = clock_us(CLOCK_MONOTONIC);
    for (int r = 0; r < rounds; r++)
        for (size_t i = 0; i < count; i++)
            parse_gmime(&mails[i]);
    double gmime = clock_us(CLOCK_MONOTONIC) - start, parses = (double)count * rounds;
    for (size_t i = 0; i < count; i++) {
        bytes += mails[i].n;
        g_free(mails[i].bytes);
    }
    printf("mails %zu, %.0f bytes each\n", count, (double)bytes / (double)count);
    printf("message_read  %8.2f us  %8.0f MB/s\n", ours / parses, (double)bytes * rounds / ours);
    printf("GMime         %8.2f us  %8.0f MB/s\n", gmime / parses, (double)bytes * rounds / gmime);
    printf("ratio         %8.2f\n", gmime / ours);
    arena_free(&a);
    free(mails);
    return 0;
}
