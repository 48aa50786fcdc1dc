/* SPDX-License-Identifier: MIT */
/*
 * maildirs.c - the folders of a Maildir++.
 *
 * In: inputs. Out: the same and, behind each that is a Maildir, all Maildirs inside
 * it: ".Sent", ".Lists.Work" and, as Dovecot may lay them out, "Lists/Work". Refused,
 * without a word: symbolic links to folders, and folders deeper than MOST_DEPTH.
 */
#include "input/maildirs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 16, PATH_BYTES = 4096 };

static bool is_folder(const char *path, const char *name)
{
    char full[PATH_BYTES];
    struct stat st;
    int n = snprintf(full, sizeof full, "%s/%s", path, name);
    return n > 0 && n < PATH_BYTES && lstat(full, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_maildir(const char *path)
{
    return is_folder(path, "cur") && is_folder(path, "new");
}

static bool add(struct paths *p, const char *path)
{
    char **grown = realloc((void *)p->all, (p->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    p->all = grown;
    char *copy = strdup(path);
    if (!copy)
        return false;
    p->all[p->count++] = copy;
    return true;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_below(struct paths *p, const char *path, int depth)
{
    static const char *const not_folders[] = {".", "..", "cur", "new", "tmp"};
    struct dirent **entries;
    int count = depth < MOST_DEPTH ? scandir(path, &entries, NULL, by_bytes) : -1;
    bool done = true;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char full[PATH_BYTES];
        bool wanted = is_folder(path, name) && snprintf(full, sizeof full, "%s/%s", path, name) < PATH_BYTES;
        for (size_t k = 0; k < sizeof not_folders / sizeof *not_folders; k++)
            wanted = wanted && strcmp(name, not_folders[k]) != 0;
        if (done && wanted)
            done = (!is_maildir(full) || add(p, full)) && add_below(p, full, depth + 1);
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
        if (!add(out, inputs[i]) || (is_maildir(inputs[i]) && !add_below(out, inputs[i], 0)))
            return false;
    return true;
}

void maildirs_free(struct paths *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->all[i]);
    free((void *)p->all);
}
