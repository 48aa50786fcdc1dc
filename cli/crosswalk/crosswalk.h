/* SPDX-License-Identifier: MIT */
/* crosswalk.h - what another system would call a verdict. */
#ifndef CLI_CROSSWALK_CROSSWALK_H
#define CLI_CROSSWALK_CROSSWALK_H

#include "bounce.h"
#include "output/output.h"

enum { CROSSWALK_KEYS = 8, CROSSWALK_VALUE_BYTES = 64 };

/* The lines of data/crosswalk.tsv about one system. */
struct crosswalk {
    const char *system;
    const char *rows, *end;
};

/* One name. */
struct crosswalk_name {
    char key[CROSSWALK_VALUE_BYTES], value[CROSSWALK_VALUE_BYTES];
    bool is_json; /* the value is JSON, not text */
};

/* False if the table has no lines about this system. */
bool crosswalk_open(struct crosswalk *c, const char *system);
/* The names for a recipient, in the order of the table; returns how many. */
size_t crosswalk_names(const struct crosswalk *c, const bounce_recipient *r,
                       struct crosswalk_name names[CROSSWALK_KEYS]);

#endif
