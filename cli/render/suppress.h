/* SPDX-License-Identifier: MIT */
/* suppress.h - the addresses that advice says to suppress, each once. */
#ifndef CLI_RENDER_SUPPRESS_H
#define CLI_RENDER_SUPPRESS_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"

/* What workers and the program write about each recipient; suppress_end() reads it. */
void render_suppress_report(struct output *o, const bounce_report *report, const struct selection *filter);

/* Collects these lines. */
struct suppress {
    struct output in; /* renderers write to it */
    char *text;
    size_t n, capacity;
};

/* False if there is not enough memory. */
bool suppress_begin(struct suppress *s);
/* Writes the addresses to o, one per line, and on standard error what was left out. Returns false and writes nothing if
 * most of them have one cause at one provider, unless force is set; or if memory has run out. */
bool suppress_end(struct suppress *s, struct output *o, bool force);

#endif
