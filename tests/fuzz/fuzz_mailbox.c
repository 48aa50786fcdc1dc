/* SPDX-License-Identifier: MIT */
/*
 * fuzz_mailbox.c - any bytes as a mailbox. The first byte chooses the format,
 * the second how much of each message is kept.
 *
 * From memory and from a pipe, which gives the same bytes in other pieces, the
 * messages must be the same. They follow each other and lie inside the input.
 */
#define _GNU_SOURCE 1
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

/* A pipe that holds the bytes; -1 if they are more than a pipe takes. */
static int pipe_of(const uint8_t *data, size_t size)
{
    int ends[2];
    if (size > 60000 || pipe(ends) != 0)
        return -1;
    bool whole = write(ends[1], data, size) == (ssize_t)size;
    close(ends[1]);
    if (whole)
        return ends[0];
    close(ends[0]);
    return -1;
}

static void check_view(const bounce_view *v, uint64_t index, uint64_t least, size_t size, uint64_t kept)
{
    MUST(v->index == index && v->offset >= least);
    MUST(v->length <= v->true_length && v->length <= kept);
    MUST(v->offset <= size && v->true_length <= size - v->offset);
    unsigned char sum = 0; /* touches every byte */
    for (size_t i = 0; i < v->length; i++)
        sum ^= v->bytes[i];
    MUST(v->bytes || !v->length || !sum);
}

static bool same_view(const bounce_view *a, const bounce_view *b)
{
    return a->length == b->length && a->true_length == b->true_length && a->offset == b->offset &&
           a->index == b->index && (!a->length || memcmp(a->bytes, b->bytes, a->length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    bounce_format format = (bounce_format)(data[0] % 4); /* AUTO, MAIL, MBOX, MBOXCL */
    uint64_t kept = 1024u << data[1] % 4;
    data += 2;
    size -= 2;
    bounce_mailbox *memory = NULL, *piped = NULL;
    bounce_view view, other;
    MUST(bounce_mailbox_open_memory(data, size, format, kept, &memory, NULL) == BOUNCE_OK && memory);
    int fd = pipe_of(data, size);
    MUST(fd < 0 || bounce_mailbox_open_fd(fd, NULL, format, kept, &piped, NULL) == BOUNCE_OK);
    uint64_t index = 0, least = 0;
    bounce_status status;
    while ((status = bounce_mailbox_next(memory, &view, NULL)) == BOUNCE_OK) {
        check_view(&view, index++, least, size, kept);
        least = view.offset + view.true_length;
        if (piped)
            MUST(bounce_mailbox_next(piped, &other, NULL) == BOUNCE_OK && same_view(&view, &other));
    }
    MUST(status == BOUNCE_END);
    MUST(!piped || bounce_mailbox_next(piped, &other, NULL) == BOUNCE_END);
    bounce_mailbox_close(memory);
    bounce_mailbox_close(piped);
    if (fd >= 0)
        close(fd);
    return 0;
}
