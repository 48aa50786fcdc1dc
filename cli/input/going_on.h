/* SPDX-License-Identifier: MIT */
/* going_on.h - where a signal ended reading, and the option that resumes there. */
#ifndef CLI_INPUT_GOING_ON_H
#define CLI_INPUT_GOING_ON_H

#include "bounce.h"

#include <stdbool.h>
#include <stddef.h>

struct going_on {
    bool wanted;      /* something was left unread */
    const char *path; /* of the input; NULL: standard input */
    bounce_position at;
    size_t inputs_after;    /* inputs that were not begun */
    bool is_reply_argument; /* at.index is the number of an argument */
    bool is_event;          /* at.index is the number of a document */
    bool is_followed;       /* a Maildir: no place can be given */
    bool is_kept;           /* a state file has the place: the same command resumes */
};

/* Parses the value of --start-offset, "OFFSET[,INDEX[,FILE]]". False if it is malformed. */
bool going_on_read(const char *text, bounce_position *at);
/* Says on standard error which signal ends the program, and how to resume. */
void going_on_tell(const struct going_on *g, int signal_number);

#endif
