/* SPDX-License-Identifier: MIT */
/* file.h - the lines of a policy file; data/policy says how they are written. */
#ifndef BOUNCE_POLICY_FILE_H
#define BOUNCE_POLICY_FILE_H

#include "policy/policy.h"

/* Where the errors of a file go. */
struct policy_errors {
    bounce_policy_error_fn *on_error; /* NULL: errors are not reported */
    void *data;
    const char *path;
    size_t count;
    bounce_error first; /* if count is not 0 */
};

/* Adds the settings of the text to a policy. After an error the policy must not be used. */
void policy_read_text(struct bounce_policy *p, struct span text, struct policy_errors *errors);

#endif
