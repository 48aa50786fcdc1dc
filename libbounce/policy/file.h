/* SPDX-License-Identifier: MIT */
/* file.h - the lines of a policy file; data/policy says how they are written. */
#ifndef BOUNCE_POLICY_FILE_H
#define BOUNCE_POLICY_FILE_H

#include "policy/policy.h"

/* Where the errors of a file go. */
struct policy_errors {
    bounce_policy_error_fn *on_error; /* NULL: nobody listens */
    void *data;
    const char *path;
    size_t count;
    bounce_error first; /* if count is not 0 */
};

/* Adds to a policy what the text states. It is as good as before the text only if nothing was wrong. */
void policy_read_text(struct bounce_policy *p, struct span text, struct policy_errors *errors);

#endif
