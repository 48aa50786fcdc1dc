/* SPDX-License-Identifier: MIT */
/* rotated.h - the files that a log was rotated to: "mail.log.2.gz", "mail.log.1", "mail.log". */
#ifndef CLI_INPUT_ROTATED_H
#define CLI_INPUT_ROTATED_H

#include "input/paths.h"

/* Puts paths that are of one log, by their names, into their order, the oldest first; each stays in one of the places
 * that they have together, and where it is if memory runs out. */
void rotated_sort(char **paths, size_t count);
/* All that there are of the log at this path, the oldest first and the log itself last; none if memory runs out or its
 * folder cannot be read. To be freed with paths_free(). */
struct paths rotated_list(const char *path);

#endif
