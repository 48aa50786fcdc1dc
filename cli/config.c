/* SPDX-License-Identifier: MIT */
/*
 * config.c - the rule files that are read without being named.
 *
 * In: the environment, and the paths that were named. Out: the *.rules files of /etc/bounce-classify and
 * $XDG_CONFIG_HOME/bounce-classify (~/.config is its default), or of the folders in $BOUNCE_CLASSIFY_CONFIG, which
 * replaces both and may be empty. Refused: an existing folder that cannot be read, except in somebody else's home.
 * Missing folders are not an error.
 */
#include "config.h"

#include "output/complain.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool out_of_memory(void)
{
    complain(NULL, strerror(ENOMEM));
    return false;
}

/* ----------------------------------------------------------- named paths */

/* Whether file is path itself, or inside the folder at path. */
static bool is_at_or_in(const char *file, const char *path)
{
    size_t n = strlen(path);
    return strncmp(file, path, n) == 0 && (file[n] == '\0' || file[n] == '/' || (n && path[n - 1] == '/'));
}

static bool is_named(const char *file, const char *const *named, size_t count)
{
    char *real = realpath(file, NULL);
    bool found = false;
    for (size_t i = 0; real && i < count && !found; i++) {
        char *path = realpath(named[i], NULL);
        found = path && is_at_or_in(real, path);
        free(path);
    }
    free(real);
    return found;
}

/* --------------------------------------------------------------- folders */

static int is_rule_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return entry->d_name[0] != '.' && n > 6 && strcmp(entry->d_name + n - 6, ".rules") == 0;
}

static bool add_file(struct paths *c, const char *folder, const char *name, const char *const *named, size_t count)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return out_of_memory();
    if (is_named(path, named, count)) {
        free(path);
        return true;
    }
    return paths_add(c, path) || out_of_memory();
}

/* optional: it is not an error if the folder may not be read. */
static bool add_folder(struct paths *c, const char *folder, bool optional, const char *const *named, size_t count)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_rule_file, paths_by_bytes);
    bool good = true;
    if (n < 0 && errno != ENOENT && errno != ENOTDIR && !(optional && errno == EACCES)) {
        complain(folder, strerror(errno));
        return false;
    }
    for (int i = 0; i < n; i++) {
        good = good && add_file(c, folder, entries[i]->d_name, named, count);
        free(entries[i]);
    }
    if (n >= 0)
        free((void *)entries);
    return good;
}

/* Folders separated by colons; empty names are skipped. */
static bool add_list(struct paths *c, const char *list, const char *const *named, size_t count)
{
    bool good = true;
    while (good && *list) {
        size_t n = strcspn(list, ":");
        char *folder = strndup(list, n);
        good = folder ? !n || add_folder(c, folder, false, named, count) : out_of_memory();
        free(folder);
        list += n + (list[n] == ':');
    }
    return good;
}

static bool add_personal(struct paths *c, const char *const *named, size_t count)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char *folder;
    bool set = base && *base == '/'; /* the XDG specification says to ignore relative paths */
    if (!set && (!home || *home != '/'))
        return true;
    if (asprintf(&folder, "%s%s/bounce-classify", set ? base : home, set ? "" : "/.config") < 0)
        return out_of_memory();
    bool good = add_folder(c, folder, true, named, count);
    free(folder);
    return good;
}

bool config_find(struct paths *c, const char *const *named, size_t count)
{
    const char *list = getenv("BOUNCE_CLASSIFY_CONFIG");
    *c = (struct paths){NULL, 0};
    if (list)
        return add_list(c, list, named, count);
    return add_folder(c, "/etc/bounce-classify", false, named, count) && add_personal(c, named, count);
}
