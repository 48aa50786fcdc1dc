/* SPDX-License-Identifier: MIT */
/*
 * fuzz_packing.c - any bytes as a compressed input. From memory and from a pipe, in pieces, its messages must be the
 * same, however it ends; its bytes must be the same when read in big pieces and in small ones. Unpacked data are
 * read up to some MiB.
 */
#define _GNU_SOURCE 1
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

enum { MOST_MESSAGES = 1000, MOST_BYTES = 4 << 20, PIPE_BYTES = 60000 };

static int pipe_of(const uint8_t *data, size_t size)
{
    int ends[2];
    MUST(pipe(ends) == 0 && write(ends[1], data, size) == (ssize_t)size);
    close(ends[1]);
    return ends[0];
}

static void check_messages(const uint8_t *data, size_t size)
{
    bounce_mailbox *memory = NULL, *piped = NULL;
    bounce_view view, other;
    int fd = pipe_of(data, size);
    bounce_status status = BOUNCE_OK;
    MUST(bounce_mailbox_open_memory(data, size, BOUNCE_FORMAT_AUTO, 4096, &memory, NULL) == BOUNCE_OK);
    MUST(bounce_mailbox_open_fd(fd, NULL, BOUNCE_FORMAT_AUTO, 4096, &piped, NULL) == BOUNCE_OK);
    for (int i = 0; i < MOST_MESSAGES && status == BOUNCE_OK; i++) {
        status = bounce_mailbox_next(memory, &view, NULL);
        MUST(bounce_mailbox_next(piped, &other, NULL) == status);
        if (status == BOUNCE_OK)
            MUST(view.length == other.length && view.true_length == other.true_length && view.offset == other.offset &&
                 memcmp(view.bytes, other.bytes, view.length) == 0);
    }
    bounce_mailbox_close(memory);
    bounce_mailbox_close(piped);
    close(fd);
}

struct unpacked {
    unsigned char bytes[MOST_BYTES];
    size_t n;
    bounce_status status;
};

static void unpack(const uint8_t *data, size_t size, size_t room, struct unpacked *to)
{
    static unsigned char piece[1 << 16];
    bounce_input *input = NULL;
    int fd = pipe_of(data, size);
    size_t n;
    MUST(bounce_input_open_fd(fd, &input, NULL) == BOUNCE_OK);
    to->n = 0;
    while ((to->status = bounce_input_read(input, piece, room, &n, NULL)) == BOUNCE_OK && to->n < MOST_BYTES) {
        MUST(n > 0 && n <= room);
        n = n < MOST_BYTES - to->n ? n : MOST_BYTES - to->n;
        memcpy(to->bytes + to->n, piece, n);
        to->n += n;
    }
    if (to->status != BOUNCE_OK)
        MUST(bounce_input_read(input, piece, room, &n, NULL) == BOUNCE_END);
    bounce_input_close(input);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct unpacked big, small;
    if (size < 10 || size > PIPE_BYTES)
        return 0;
    check_messages(data, size);
    unpack(data, size, 1 << 16, &big);
    unpack(data, size, 100, &small);
    MUST(big.status == small.status || big.n == MOST_BYTES || small.n == MOST_BYTES);
    /* Of broken input, the libraries return more or fewer of the last bytes. */
    MUST(big.n == small.n || big.status == BOUNCE_ERROR_IO);
    MUST(memcmp(big.bytes, small.bytes, big.n < small.n ? big.n : small.n) == 0);
    return 0;
}
