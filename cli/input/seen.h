/* SPDX-License-Identifier: MIT */
/* seen.h - the names of a Maildir's mails that were read, also from run to run. */
#ifndef CLI_INPUT_SEEN_H
#define CLI_INPUT_SEEN_H

#include "input/log_state.h"

struct seen {
    struct log_state *state; /* NULL: nothing is saved */
    char **slots;            /* a hash table */
    size_t count, capacity;
    char *new_names; /* not yet in the state file, each with a line end */
    size_t new_bytes, new_capacity;
};

/* Removes names from a state file whose mails are no longer in the Maildir, if there are many of them. Call it before
 * log_state_open(). */
void seen_tidy(const char *state_path, const char *maildir);
/* Returns NULL, or what is wrong. */
const char *seen_begin(struct seen *s, struct log_state *state, const char *maildir);
void seen_end(struct seen *s);
/* Compares the name up to its flags, which begin with a colon. */
bool seen_has(const struct seen *s, const char *name);
/* False if memory runs out. */
bool seen_add(struct seen *s, const char *name);
/* Saves what was added; call it once all results of these mails were written. False if it fails. */
bool seen_save(struct seen *s, bool ended);

#endif
