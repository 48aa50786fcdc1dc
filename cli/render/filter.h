/* SPDX-License-Identifier: MIT */
/* filter.h - which recipients of which messages are shown. */
#ifndef CLI_RENDER_FILTER_H
#define CLI_RENDER_FILTER_H

#include "bounce.h"

struct selection_rule {
    unsigned key;
    const char *values; /* separated by commas */
    bool excludes;
};

struct selection {
    struct selection_rule *rules; /* room for as many as the command line can hold */
    size_t count;
    char since[24], until[24]; /* formatted like the dates of a report; since is included, until is not; "": no limit */
};

/* Adds "KEY=VALUE,VALUE". On failure returns false, and text (size bytes) says what is wrong. */
bool filter_add(struct selection *f, const char *condition, bool excludes, char *text, size_t size);
/* False: there are no conditions, and everything passes. */
bool filter_is_set(const struct selection *f);
/* r NULL: a message without recipients. */
bool filter_passes(const struct selection *f, const bounce_report *report, const bounce_recipient *r);

#endif
