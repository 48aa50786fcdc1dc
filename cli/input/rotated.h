/* SPDX-License-Identifier: MIT */
/* rotated.h - the files that a log was rotated to: "mail.log.2.gz", "mail.log.1", "mail.log". */
#ifndef CLI_INPUT_ROTATED_H
#define CLI_INPUT_ROTATED_H

#include "input/paths.h"

/* Sorts the paths of each log by age, the oldest first; they keep to the positions that paths of that log already have.
 * Without memory, nothing is moved. */
void rotated_sort(char **paths, size_t count);
/* All files of the log at this path, the oldest first and the log itself last; empty if memory runs out or the folder
 * cannot be read. Call paths_free() on it. */
struct paths rotated_list(const char *path);

#endif
