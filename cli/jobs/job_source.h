/* SPDX-License-Identifier: MIT */
/* job_source.h - an input that workers read for themselves. */
#ifndef CLI_JOBS_JOB_SOURCE_H
#define CLI_JOBS_JOB_SOURCE_H

#include "bounce.h"

/* A message, or what is to be said in its place. */
struct job_item {
    const void *bytes;
    size_t length;
    bounce_source source;
    bounce_position at;  /* where it begins */
    const char *wrong;   /* NULL: a message */
    const char *subject; /* of what is wrong; NULL: it is named there */
    bool is_last;        /* nothing behind it is to be read */
};

/* Each process has a copy of the data, from fork(2). */
struct job_source {
    void *data;
    int fd; /* what is read from; -1: a worker opens by name what it reads */
    /* To be called first in a worker. */
    void (*begin)(void *data);
    /* Goes to a range of messages that begins there. *next gets where the one behind it begins; false if there is none.
     * Of two processes, only one may be in here. */
    bool (*take)(void *data, const bounce_position *from, bounce_position *next);
    /* The next item of the range; false behind the last one. */
    bool (*next)(void *data, struct job_item *item);
    /* To be called at the end of a range: there is nothing behind it, which take() could not know. */
    bool (*ended)(void *data);
};

#endif
