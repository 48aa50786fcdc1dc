/* SPDX-License-Identifier: MIT */
/* local_names.h - recipients that a report names without a domain. */
#ifndef BOUNCE_READING_LOCAL_NAMES_H
#define BOUNCE_READING_LOCAL_NAMES_H

#include "reading/reading.h"

struct local_name {
    struct span name;
    size_t line; /* where most is said about it */
};

/* Names below a line that announces them, each once, by line. */
size_t local_names_listed(struct reading *rd, struct local_name **names);
/* Names inside a sentence: 'user "jo.smith" is unknown', "550 jsmith... User unknown". */
size_t local_names_told(struct reading *rd, struct local_name **names);

#endif
