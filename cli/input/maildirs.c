/* SPDX-License-Identifier: MIT */
/*
 * maildirs.c - the folders of a Maildir++.
 *
 * In: inputs. Out: the same and, after each that is a Maildir, all Maildirs inside it: ".Sent", ".Lists.Work" and, as
 * Dovecot may lay them out, "Lists/Work". Silently skipped: symbolic links to folders, and folders deeper than
 * MOST_DEPTH.
 */
#include "input/maildirs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 16, PATH_BYTES = 4096 };

static bool add_below(struct paths *p, const char *path, int depth)
{
    static const char *const not_folders[] = {".", "..", "cur", "new", "tmp"};
    struct dirent **entries;
    int count = depth < MOST_DEPTH ? scandir(path, &entries, NULL, paths_by_bytes) : -1;
    bool done = true;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char full[PATH_BYTES];
        bool wanted = path_has_folder(path, name) && snprintf(full, sizeof full, "%s/%s", path, name) < PATH_BYTES;
        for (size_t k = 0; k < sizeof not_folders / sizeof *not_folders; k++)
            wanted = wanted && strcmp(name, not_folders[k]) != 0;
        if (done && wanted)
            done = (!path_is_maildir(full) || paths_add(p, strdup(full))) && add_below(p, full, depth + 1);
        free(entries[i]);
    }
    if (count >= 0)
        free((void *)entries);
    return done;
}

bool maildirs_list(char **inputs, size_t count, struct paths *out)
{
    *out = (struct paths){NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (!paths_add(out, strdup(inputs[i])) || (path_is_maildir(inputs[i]) && !add_below(out, inputs[i], 0)))
            return false;
    return true;
}
