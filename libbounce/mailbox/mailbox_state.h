/* SPDX-License-Identifier: MIT */
/* mailbox_state.h - the state of a mailbox; for mailbox.c and places.c only. */
#ifndef BOUNCE_MAILBOX_MAILBOX_STATE_H
#define BOUNCE_MAILBOX_MAILBOX_STATE_H

#include "base/error.h"
#include "mailbox/mailbox.h"

struct bounce_mailbox {
    bounce_format format;   /* the caller's; AUTO is resolved for each file */
    bounce_format resolved; /* of the current file; AUTO: not known yet */
    struct stream stream;
    struct mbox mbox;
    struct folder *folder; /* NULL: one input */
    char *path;            /* of one input, or NULL */
    const char *file_path; /* of the current file, or NULL */
    uint64_t index;
    bool file_open;
    bool begun;             /* bounce_mailbox_next() was called */
    bool at_file_start;     /* nothing was returned of the current file yet */
    bounce_position start;  /* where to begin */
    bounce_position given;  /* the message that was returned last */
    uint32_t shard, shards; /* shards 0: all is read */
};

static inline bounce_status mailbox_io_error(bounce_error *error, const char *path, int error_number)
{
    return error_set_at(error, BOUNCE_ERROR_IO, path, error_describe(error_number));
}

/* ---------------------------------------------------------------- places.c */

/* The offset at which a shard begins; for shard == shards, the end of the last one. */
uint64_t mailbox_range_begin(uint64_t length, uint32_t shard, uint32_t shards);
/* For a stream that will be moved into the range of the shard: sets the end of that range. */
void mailbox_limit_range(bounce_mailbox *mb);
/* The number of the current file in its folder. */
uint64_t mailbox_file_number(const bounce_mailbox *mb);

#endif
