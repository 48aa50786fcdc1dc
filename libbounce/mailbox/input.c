/* SPDX-License-Identifier: MIT */
/*
 * input.c - bounce_input: the bytes of a descriptor, unpacked if they are compressed.
 *
 * In: a descriptor, which the caller still owns. Out: bytes, as they come. Refused: what cannot be read, and what
 * cannot be unpacked, after everything before it was returned.
 */
#include "mailbox/mailbox.h"

#include "base/error.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>

struct bounce_input {
    struct raw raw;
    bool told; /* what could not be unpacked */
};

bounce_status bounce_input_open_fd(int fd, bounce_input **input, bounce_error *error)
{
    struct stat st;
    if (!input)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "nowhere to store the input");
    *input = NULL;
    if (fstat(fd, &st) != 0)
        return error_set(error, BOUNCE_ERROR_IO, error_describe(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(error, BOUNCE_ERROR_IO, error_describe(EISDIR));
    *input = g_new0(bounce_input, 1);
    raw_open_fd(&(*input)->raw, fd, false);
    raw_look(&(*input)->raw);
    return BOUNCE_OK;
}

void bounce_input_on_wait(bounce_input *input, bounce_mailbox_wait_fn *fn, void *data)
{
    if (!input)
        return;
    input->raw.on_wait = fn;
    input->raw.on_wait_data = data;
}

void bounce_input_stop(bounce_input *input)
{
    if (input)
        input->raw.stopped = true;
}

const char *bounce_input_packing(const bounce_input *input)
{
    return input && input->raw.packing ? input->raw.packing->name : NULL;
}

bounce_status bounce_input_read(bounce_input *input, void *bytes, size_t room, size_t *length, bounce_error *error)
{
    if (length)
        *length = 0;
    if (!input || !bytes || !length || room < PACKING_FRONT_BYTES)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "no input, or too little room for what it gives");
    ssize_t got = input->raw.stopped ? 0 : raw_read(&input->raw, bytes, room);
    if (got < 0)
        return error_set(error, BOUNCE_ERROR_IO, error_describe(errno));
    *length = (size_t)got;
    if (got > 0)
        return BOUNCE_OK;
    if (!input->raw.wrong[0] || input->told)
        return BOUNCE_END;
    input->told = true;
    return error_set(error, BOUNCE_ERROR_IO, input->raw.wrong);
}

void bounce_input_close(bounce_input *input)
{
    if (!input)
        return;
    raw_close(&input->raw);
    g_free(input);
}
