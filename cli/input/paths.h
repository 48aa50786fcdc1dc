/* SPDX-License-Identifier: MIT */
/* paths.h - lists of paths, and what is at a path. */
#ifndef CLI_INPUT_PATHS_H
#define CLI_INPUT_PATHS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: empty. */
struct paths {
    char **all;
    size_t count;
};

/* Takes ownership of path, which comes from malloc(3), even on failure; NULL means that allocating it failed. False if
 * memory ran out. */
bool paths_add(struct paths *p, char *path);
void paths_free(struct paths *p);
/* For scandir(3): byte order, the same in every locale. */
int paths_by_bytes(const struct dirent **a, const struct dirent **b);

/* True if the folder at path has a subfolder of this name; a link to a folder does not count. */
bool path_has_folder(const char *path, const char *name);
bool path_is_maildir(const char *path);

#endif
