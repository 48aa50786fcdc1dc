/* SPDX-License-Identifier: MIT */
/* cutter.h - splits a stream into JSON documents: one after the other, one per line, or in arrays. */
#ifndef BOUNCE_EVENTS_CUTTER_H
#define BOUNCE_EVENTS_CUTTER_H

#include "base/span.h"

#include <stdint.h>

struct cutter {
    char *bytes; /* g_malloc; what is not cut yet */
    size_t n, capacity;
    size_t at;           /* how far they were scanned */
    size_t start;        /* of the piece that is open, or was returned last */
    uint64_t offset;     /* of bytes[0] in the input */
    uint32_t line;       /* at `at`, from 1 */
    uint32_t start_line; /* at `start` */
    unsigned depth;      /* of the open document; 0: there is none */
    unsigned arrays;     /* that are open around it */
    bool in_string, escaped;
    bool line_begins; /* the byte before `at` ends a line */
    bool skipping;    /* broken input is left out, up to a line that begins with "{" */
    bool whole;       /* the piece returned last was complete */
    bool finished;    /* no more bytes come */
    bool deep;        /* arrays were too deep, and that was reported */
};

enum cut {
    CUT_MORE,     /* nothing to cut until more comes */
    CUT_END,      /* of the input */
    CUT_DOCUMENT, /* an object, or what looks like one */
    CUT_TOO_LONG, /* this and the next ones: a piece that is left out */
    CUT_TOO_DEEP,
    CUT_UNFINISHED,
    CUT_NO_OBJECT
};

struct cut_piece {
    struct span text; /* valid until the next call */
    uint64_t offset;
    uint32_t line;
};

void cutter_begin(struct cutter *c);
void cutter_free(struct cutter *c);
void cutter_add(struct cutter *c, const char *bytes, size_t n);
void cutter_finish(struct cutter *c);
enum cut cutter_next(struct cutter *c, struct cut_piece *piece);
/* The piece returned last is broken: continues at its next line that begins with "{", if there is one, so that a
 * truncated line does not swallow the next ones. */
void cutter_retry(struct cutter *c);

#endif
