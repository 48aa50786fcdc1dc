/* SPDX-License-Identifier: MIT */
/*
 * rotated.c - the files that a log was rotated to.
 *
 * In: paths. Out: which of them are of one log, and in which order they were written, by their names: behind the
 * name of the log a number ("mail.log.2", the greater the older) or a day and perhaps a time ("mail.log-20261130",
 * "mail.log.2026-11-30-17", by the alphabet), then perhaps the ending of a compressed file. Refused: nothing; other
 * names are logs of their own.
 */
#include "input/rotated.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_DIGITS_MOST = 4 };

/* A path taken apart. */
struct rotated_name {
    size_t log_bytes; /* of the path of the log */
    bool rotated;
    unsigned long number; /* or 0: by a day */
    const char *day;      /* "", of the log itself */
    size_t day_bytes;
};

static size_t without_ending(const char *path, size_t n)
{
    static const char *const endings[] = {".gz", ".zst", ".xz", ".bz2"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t bytes = strlen(endings[i]);
        if (n > bytes && memcmp(path + n - bytes, endings[i], bytes) == 0)
            return n - bytes;
    }
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct rotated_name take_apart(const char *path)
{
    size_t n = without_ending(path, strlen(path)), from = n, digits = 0;
    struct rotated_name name = {.log_bytes = strlen(path), .day = ""};
    while (from > 0 && (is_digit(path[from - 1]) || (path[from - 1] == '-' && from > 1 && is_digit(path[from - 2]) &&
                                                     from < n && is_digit(path[from]))))
        digits += is_digit(path[--from]);
    if (from < 2 || digits == 0 || (path[from - 1] != '.' && path[from - 1] != '-'))
        return name;
    bool number = n - from == digits && digits <= NUMBER_DIGITS_MOST;
    if (number ? path[from - 1] != '.' : digits < 6)
        return name;
    name = (struct rotated_name){.log_bytes = from - 1, .rotated = true, .day = path + from, .day_bytes = n - from};
    if (number)
        name.number = strtoul(path + from, NULL, 10) + 1; /* some count from 0 */
    return name;
}

static bool same_log(const char *a, const char *b)
{
    struct rotated_name x = take_apart(a), y = take_apart(b);
    return x.log_bytes == y.log_bytes && memcmp(a, b, x.log_bytes) == 0;
}

/* Whether a was written before b, of the same log. Days are older than numbers, which a log gets first. */
static int by_age(const void *a, const void *b)
{
    const char *first = *(const char *const *)a, *second = *(const char *const *)b;
    struct rotated_name x = take_apart(first), y = take_apart(second);
    if (x.rotated != y.rotated)
        return x.rotated ? -1 : 1;
    if (x.number != y.number)
        return !x.number || (y.number && x.number > y.number) ? -1 : 1;
    size_t n = x.day_bytes < y.day_bytes ? x.day_bytes : y.day_bytes;
    int order = x.number ? 0 : memcmp(x.day, y.day, n);
    if (order == 0 && x.day_bytes != y.day_bytes)
        order = x.day_bytes < y.day_bytes ? -1 : 1;
    return order ? order : strcmp(first, second);
}

void rotated_sort(char **paths, size_t count)
{
    /* Insertion, among those of one log only. */
    for (size_t i = 1; i < count; i++) {
        char *moved = paths[i];
        size_t to = i;
        for (size_t k = i; k-- > 0;) {
            if (!same_log(paths[k], moved))
                continue;
            if (by_age(&paths[k], &moved) <= 0)
                break;
            paths[to] = paths[k];
            to = k;
        }
        paths[to] = moved;
    }
}

void rotated_free(char **paths, size_t count)
{
    for (size_t i = 0; paths && i < count; i++)
        free(paths[i]);
    free((void *)paths);
}

static bool add(char ***paths, size_t *count, const char *folder, size_t folder_bytes, const char *name)
{
    char **grown = realloc((void *)*paths, (*count + 1) * sizeof *grown);
    size_t bytes = folder_bytes + strlen(name) + 1;
    char *path = malloc(bytes);
    if (grown)
        *paths = grown;
    if (!grown || !path) {
        free(path);
        return false;
    }
    snprintf(path, bytes, "%.*s%s", (int)folder_bytes, folder, name);
    (*paths)[(*count)++] = path;
    return true;
}

/* While a file is being compressed, it is there under both names; the one without an ending is whole. */
static void drop_copies(char **paths, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        size_t n = without_ending(paths[i], strlen(paths[i]));
        bool copy = kept && paths[i][n] && strlen(paths[kept - 1]) == n && memcmp(paths[kept - 1], paths[i], n) == 0;
        if (copy)
            free(paths[i]);
        else
            paths[kept++] = paths[i];
    }
    *count = kept;
}

char **rotated_list(const char *path, size_t *count)
{
    const char *slash = strrchr(path, '/');
    size_t folder_bytes = slash ? (size_t)(slash + 1 - path) : 0;
    char *folder = slash ? strndup(path, folder_bytes) : strdup(".");
    DIR *dir = folder ? opendir(folder) : NULL;
    char **paths = NULL;
    bool done = dir != NULL;
    const struct dirent *entry;
    *count = 0;
    while (done && (entry = readdir(dir)))
        if (strncmp(entry->d_name, path + folder_bytes, strlen(path + folder_bytes)) == 0) {
            done = add(&paths, count, path, folder_bytes, entry->d_name);
            if (done && !(strcmp(paths[*count - 1], path) == 0 ||
                          (same_log(paths[*count - 1], path) && take_apart(paths[*count - 1]).rotated)))
                free(paths[--*count]);
        }
    if (dir)
        closedir(dir);
    free(folder);
    if (done && paths && *count)
        qsort((void *)paths, *count, sizeof *paths, by_age);
    if (done && paths) {
        drop_copies(paths, count);
        return paths;
    }
    rotated_free(paths, *count);
    *count = 0;
    return NULL;
}
