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
    struct selection_rule *rules; /* room for all that may come */
    size_t count;
    char since[24], until[24]; /* as dates of a report are: from then on, before then; "" where not asked for */
};

/* Adds "KEY=VALUE,VALUE"; false after text (size bytes) was filled with what is wrong with it. */
bool filter_add(struct selection *f, const char *condition, bool excludes, char *text, size_t size);
/* False: nothing was asked for, and everything passes. */
bool filter_is_set(const struct selection *f);
/* r NULL: a message without recipients. */
bool filter_passes(const struct selection *f, const bounce_report *report, const bounce_recipient *r);

#endif
