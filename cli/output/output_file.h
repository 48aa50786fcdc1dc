/* SPDX-License-Identifier: MIT */
/* output_file.h - files that results go to instead of standard output. */
#ifndef CLI_OUTPUT_OUTPUT_FILE_H
#define CLI_OUTPUT_OUTPUT_FILE_H

#include "output/output.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* A file that replaces another one when it is complete. */
struct new_file {
    char path[PATH_MAX], temporary[PATH_MAX + 64];
    int to_keeper; /* a pipe to the process that renames; -1: nothing to rename */
    pid_t keeper;
};

/* From now on o appends to the file, which is created if necessary. Others that append in the same way never see or
 * split part of a line. *was_empty: the file has no contents yet. Returns 0, or errno. */
int output_file_append(struct output *o, const char *path, bool *was_empty);
/* From now on o writes a new file next to the one at path, with the same permissions. Anything but a regular file is
 * written to directly. Call it before the sandbox closes. Returns 0, or errno. */
int new_file_begin(struct new_file *f, struct output *o, const char *path);
/* o must be closed. keep: the new file replaces the old one; otherwise it is removed. Returns 0, or errno. */
int new_file_end(struct new_file *f, bool keep);

#endif
