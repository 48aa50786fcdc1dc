/* SPDX-License-Identifier: MIT */
/*
 * load.c - policies: the compiled-in one, and those in files.
 *
 * In: a path, or text. Out: a policy, which never changes again. Refused: files that cannot be
 * read, are larger than LIMIT_POLICY_BYTES, or have errors; then there is no policy.
 */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/limits.h"
#include "policy/file.h"

const char *bounce_policy_default_text(void)
{
    return bounce_builtin_policy;
}

bounce_policy *bounce_policy_new_default(void)
{
    struct bounce_policy *p = calloc(1, sizeof *p);
    struct policy_errors errors = {0};
    if (p)
        policy_read_text(p, span_of(bounce_builtin_policy, bounce_builtin_policy_length), &errors);
    return p;
}

void bounce_policy_free(bounce_policy *policy)
{
    free(policy);
}

bounce_status bounce_policy_read(const char *text, size_t length, const char *path, bounce_policy_error_fn *on_error,
                                 void *data, bounce_policy **policy, bounce_error *error)
{
    if (policy)
        *policy = NULL;
    if (!policy || (!text && length))
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_policy_read: text or policy is NULL");
    struct policy_errors errors = {.on_error = on_error, .data = data, .path = path};
    struct bounce_policy *p = bounce_policy_new_default();
    if (!p)
        return error_set(error, BOUNCE_ERROR_MEMORY, "memory ran out");
    policy_read_text(p, span_of(text, length), &errors);
    if (!errors.count) {
        *policy = p;
        return BOUNCE_OK;
    }
    bounce_policy_free(p);
    if (error)
        *error = errors.first;
    return BOUNCE_ERROR_SYNTAX;
}

/* The bytes of a file, for free(); NULL after a message. */
static char *read_file(const char *path, size_t *length, bounce_error *error)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = file ? malloc(LIMIT_POLICY_BYTES + 1) : NULL;
    const char *reason = bytes ? NULL : error_describe(errno);
    if (bytes) {
        *length = fread(bytes, 1, LIMIT_POLICY_BYTES + 1, file);
        if (ferror(file))
            reason = error_describe(errno);
        else if (*length > LIMIT_POLICY_BYTES)
            reason = "too large for a policy";
    }
    if (file)
        fclose(file);
    if (!reason)
        return bytes;
    error_set_at(error, BOUNCE_ERROR_IO, path, reason);
    free(bytes);
    return NULL;
}

bounce_status bounce_policy_load(const char *path, bounce_policy_error_fn *on_error, void *data, bounce_policy **policy,
                                 bounce_error *error)
{
    if (policy)
        *policy = NULL;
    if (!policy || !path)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_policy_load: path or policy is NULL");
    size_t length = 0;
    char *bytes = read_file(path, &length, error);
    if (!bytes)
        return BOUNCE_ERROR_IO;
    const bounce_status status = bounce_policy_read(bytes, length, path, on_error, data, policy, error);
    free(bytes);
    return status;
}

bool bounce_policy_setting(const bounce_policy *policy, const char *name, size_t index, int64_t *value)
{
    const enum setting s = policy && name ? setting_by_name(span_z(name)) : SETTING_COUNT;
    if (s == SETTING_COUNT || index >= policy->counts[s] || !value)
        return false;
    *value = policy->values[s][index];
    return true;
}
