/* SPDX-License-Identifier: MIT */
/* log_state.h - how far a log was read, saved in a file. */
#ifndef CLI_INPUT_LOG_STATE_H
#define CLI_INPUT_LOG_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The state takes this many bytes at the front of the file; the bytes after them may belong to its owner. */
enum { LOG_STATE_BYTES = 768 };

/* A place in a file that may be renamed, copied or compressed later. */
struct log_place {
    uint64_t device, inode, offset; /* offset: in the unpacked file */
    uint64_t head_bytes, head_sum;  /* of the front of the file, which identify it */
    uint64_t saved_s;               /* when, in seconds since 1970 */
};

struct log_state {
    const char *path;
    int fd, output;
    bool found; /* there was a saved place: reading resumes there */
    uint64_t sequence;
    struct log_place place;
};

/* Locks an open state for this process, not for its children, so a worker that briefly outlives a killed program does
 * not block the next one. The lock ends when the process closes any descriptor of the file. NULL, or what is wrong. */
const char *log_state_lock(int fd);
/* Opens or creates the file. output is the descriptor that results are written to: if it is a file, what a killed run
 * wrote after its last save is cut off, since it will be written again. Returns NULL, or what is wrong. Call it before
 * the sandbox closes. */
const char *log_state_open(struct log_state *s, const char *path, int output);
/* Call it once all results of what comes before the place were written. ended: this run writes no more. False if it
 * fails. */
bool log_state_save(struct log_state *s, const struct log_place *place, bool ended);
/* Loads the place from an open file, without changing anything. False if the file is not a state. */
bool log_state_load(struct log_state *s);
/* Copies the state to the front of another file, with another offset. */
bool log_state_copy(int from, int to, uint64_t offset);
uint64_t log_state_sum(const unsigned char *bytes, size_t n);

#endif
