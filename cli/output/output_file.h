/* SPDX-License-Identifier: MIT */
/* output_file.h - files that results go to instead of standard output. */
#ifndef CLI_OUTPUT_OUTPUT_FILE_H
#define CLI_OUTPUT_OUTPUT_FILE_H

#include "output/output.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* A file that takes the place of another one when it is whole. */
struct new_file {
    char path[PATH_MAX], temporary[PATH_MAX + 64];
    int to_keeper; /* a pipe to the process that renames; -1: nothing is to be renamed */
    pid_t keeper;
};

/* From now on o appends to the file, which is made if there is none; nobody who appends in the same way sees or cuts a
 * part of a line. *was_empty: it holds nothing yet. 0, or errno. */
int output_file_append(struct output *o, const char *path, bool *was_empty);
/* From now on o writes a new file beside that of the name, with its rights. What is no regular file is written to. To
 * be called before the sandbox closes. 0, or errno. */
int new_file_begin(struct new_file *f, struct output *o, const char *path);
/* o was closed. keep: the file gets its name, and what had it before is gone; else it is removed. 0, or errno. */
int new_file_end(struct new_file *f, bool keep);

#endif
