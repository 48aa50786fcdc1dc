/* SPDX-License-Identifier: MIT */
/* job_source.h - an input that workers read by themselves. */
#ifndef CLI_JOBS_JOB_SOURCE_H
#define CLI_JOBS_JOB_SOURCE_H

#include "bounce.h"

/* A message, or what is wrong with it. */
struct job_item {
    const void *bytes;
    size_t length;
    bounce_source source;
    bounce_position at;  /* where it begins */
    const char *wrong;   /* NULL: it is a message */
    const char *subject; /* for the message about it; NULL: item->wrong names it */
    bool is_last;        /* nothing after it is to be read */
};

/* Each process has a copy of data, by fork(2). */
struct job_source {
    void *data;
    int fd; /* the input; -1: workers open files by name */
    /* Called first in a worker. */
    void (*begin)(void *data);
    /* Goes to the range of messages that begins at from, and sets *next to the beginning of the range after it; false
     * if there is none. Only one process at a time may call it. */
    bool (*take)(void *data, const bounce_position *from, bounce_position *next);
    /* The next item of the range; false after the last one. */
    bool (*next)(void *data, struct job_item *item);
    /* Called at the end of a range: true if nothing follows it, which take() may not have known. */
    bool (*ended)(void *data);
};

#endif
