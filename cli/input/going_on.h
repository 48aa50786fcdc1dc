/* SPDX-License-Identifier: MIT */
/* going_on.h - where reading was ended by a signal, and the option that goes on there. */
#ifndef CLI_INPUT_GOING_ON_H
#define CLI_INPUT_GOING_ON_H

#include "bounce.h"

#include <stdbool.h>
#include <stddef.h>

struct going_on {
    bool wanted;      /* something was left unread */
    const char *path; /* of the input; NULL: standard input */
    bounce_position at;
    size_t inputs_after;    /* that were not begun */
    bool is_reply_argument; /* at.index is the number of an argument */
    bool is_event;          /* at.index is the number of a document */
    bool is_followed;       /* a Maildir: no place can be named */
    bool is_kept;           /* by a state: the same command goes on */
};

/* Reads the value of --start-offset, "OFFSET[,INDEX[,FILE]]". False if it is none. */
bool going_on_read(const char *text, bounce_position *at);
/* Says on standard error by which signal the program ends, and how to go on. */
void going_on_tell(const struct going_on *g, int signal_number);

#endif
