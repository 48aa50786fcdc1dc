/* SPDX-License-Identifier: MIT */
/*
 * paths.c - lists of paths, and what is at a path.
 *
 * In: paths. Out: the same, one after another; whether a folder is a Maildir. Refused: paths of PATH_BYTES and more
 * name nothing.
 */
#include "input/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

bool paths_add(struct paths *p, char *path)
{
    char **grown = path ? realloc((void *)p->all, (p->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(path);
        return false;
    }
    p->all = grown;
    p->all[p->count++] = path;
    return true;
}

void paths_free(struct paths *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->all[i]);
    free((void *)p->all);
    *p = (struct paths){NULL, 0};
}

int paths_by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool path_has_folder(const char *path, const char *name)
{
    char full[PATH_BYTES];
    struct stat st;
    int n = snprintf(full, sizeof full, "%s/%s", path, name);
    return n > 0 && n < PATH_BYTES && lstat(full, &st) == 0 && S_ISDIR(st.st_mode);
}

bool path_is_maildir(const char *path)
{
    return path_has_folder(path, "cur") && path_has_folder(path, "new");
}
