/* SPDX-License-Identifier: MIT */
/* seen.h - the names of the mails of a Maildir that were read, also from run to run. */
#ifndef CLI_INPUT_SEEN_H
#define CLI_INPUT_SEEN_H

#include "input/log_state.h"

struct seen {
    struct log_state *state; /* NULL: nothing is kept */
    char **slots;            /* a hash table */
    size_t count, capacity;
    char *new_names; /* that are not in the state's file yet, each with a line end */
    size_t new_bytes, new_capacity;
};

/* Leaves out of the file of a state what is no longer in the Maildir, if that is much. To be called before
 * log_state_open(). */
void seen_tidy(const char *state_path, const char *maildir);
/* NULL, or what is wrong. */
const char *seen_begin(struct seen *s, struct log_state *state, const char *maildir);
void seen_end(struct seen *s);
/* The name without what is behind a colon, its flags. */
bool seen_has(const struct seen *s, const char *name);
/* False if memory runs out. */
bool seen_add(struct seen *s, const char *name);
/* Keeps what was added; all results of it were written. False if that fails. */
bool seen_save(struct seen *s, bool ended);

#endif
