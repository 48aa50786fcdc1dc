/* SPDX-License-Identifier: MIT */
/* log_state.h - how far a log was read, kept in a file. */
#ifndef CLI_INPUT_LOG_STATE_H
#define CLI_INPUT_LOG_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the file's front that are the state's; what is behind them may be its owner's. */
enum { LOG_STATE_BYTES = 768 };

/* A place in a file that may be renamed, copied or compressed meanwhile. */
struct log_place {
    uint64_t device, inode, offset; /* offset: of what the file unpacks to */
    uint64_t head_bytes, head_sum;  /* of the front of the file, by which it is known again */
    uint64_t saved_s;               /* when that was, in seconds since 1970 */
};

struct log_state {
    const char *path;
    int fd, output;
    bool found; /* it tells a place: reading goes on there */
    uint64_t sequence;
    struct log_place place;
};

/* Locks an open state for this process, which fork(2) does not change: a worker that outlives a killed program for a
 * moment keeps nobody out. The lock ends when the process closes any descriptor of the file. NULL, or what is wrong. */
const char *log_state_lock(int fd);
/* Opens the file or makes it; output is the descriptor that results are written to. What was written to it after the
 * last save of a run that was killed is cut off, if it is a file, since it will be written again. NULL, or what is
 * wrong. To be called before the sandbox closes. */
const char *log_state_open(struct log_state *s, const char *path, int output);
/* All results of what is before the place were written. ended: nothing more is, in this run. False if that fails. */
bool log_state_save(struct log_state *s, const struct log_place *place, bool ended);
/* Of an open file: the place, without changing anything. False if it is no state. */
bool log_state_load(struct log_state *s);
/* Makes the front of another file, with another offset. */
bool log_state_copy(int from, int to, uint64_t offset);
uint64_t log_state_sum(const unsigned char *bytes, size_t n);

#endif
