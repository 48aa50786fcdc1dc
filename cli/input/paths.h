/* SPDX-License-Identifier: MIT */
/* paths.h - paths that grow in number, and what is at a path. */
#ifndef CLI_INPUT_PATHS_H
#define CLI_INPUT_PATHS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: none. */
struct paths {
    char **all;
    size_t count;
};

/* Takes a path of malloc(3), in any case; NULL: there was no memory for it. False if memory ran out. */
bool paths_add(struct paths *p, char *path);
void paths_free(struct paths *p);
/* For scandir(3): the same order in every locale. */
int paths_by_bytes(const struct dirent **a, const struct dirent **b);

/* True if there is a folder of this name in the one at path: a folder itself, and no link to one. */
bool path_has_folder(const char *path, const char *name);
bool path_is_maildir(const char *path);

#endif
