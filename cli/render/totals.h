/* SPDX-License-Identifier: MIT */
/* totals.h - what was read, in numbers. */
#ifndef CLI_RENDER_TOTALS_H
#define CLI_RENDER_TOTALS_H

#include "bounce.h"
#include "render/filter.h"

struct totals {
    uint64_t messages, reports, recipients; /* messages: or replies */
    uint64_t hard, soft, none;              /* recipients by type */
    uint64_t unreadable;                    /* inputs and messages that could not be read */
};

/* filter: NULL, or which recipients count. */
void totals_count(struct totals *t, const bounce_report *report, const struct selection *filter);
void totals_add(struct totals *sum, const struct totals *more);

#endif
