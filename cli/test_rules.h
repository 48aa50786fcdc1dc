/* SPDX-License-Identifier: MIT */
/* test_rules.h - which verdicts rule files would change. */
#ifndef CLI_TEST_RULES_H
#define CLI_TEST_RULES_H

#include "bounce.h"
#include "output/output.h"

#include <stdbool.h>

struct against {
    const char *const *mailboxes;
    size_t count;
    bounce_format format;
    uint64_t max_bytes;
};

/* Judges each mail by both sets, and writes each verdict that differs, then a table of these changes. False, after a
 * message, if not everything could be read. */
bool test_rules_against(const struct against *a, bounce_rules *before, bounce_rules *after,
                        const bounce_options *options, struct output *o);

#endif
