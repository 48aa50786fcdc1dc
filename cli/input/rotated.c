/* SPDX-License-Identifier: MIT */
/*
 * rotated.c - the files that a log was rotated to.
 *
 * In: paths. Out: which of them belong to one log, and in which order they were written, by their names: after the
 * log's name a number ("mail.log.2", the greater the older) or a day and perhaps a time ("mail.log-20261130",
 * "mail.log.2026-11-30-17", alphabetically), then perhaps the suffix of a compressed file. Refused: nothing; other
 * names are separate logs.
 */
#include "input/rotated.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_DIGITS_MOST = 4 };

/* A path, split into its parts. */
struct rotated_name {
    const char *path;
    size_t log_bytes; /* length of the path of the log */
    bool rotated;
    unsigned long number; /* 0: rotated by date */
    const char *day;      /* "" for the log itself */
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
    struct rotated_name name = {.path = path, .log_bytes = strlen(path), .day = ""};
    while (from > 0 && (is_digit(path[from - 1]) || (path[from - 1] == '-' && from > 1 && is_digit(path[from - 2]) &&
                                                     from < n && is_digit(path[from]))))
        digits += is_digit(path[--from]);
    if (from < 2 || digits == 0 || (path[from - 1] != '.' && path[from - 1] != '-'))
        return name;
    bool number = n - from == digits && digits <= NUMBER_DIGITS_MOST;
    if (number ? path[from - 1] != '.' : digits < 6)
        return name;
    name.log_bytes = from - 1;
    name.rotated = true;
    name.day = path + from;
    name.day_bytes = n - from;
    if (number)
        name.number = strtoul(path + from, NULL, 10) + 1; /* some rotations count from 0 */
    return name;
}

static int by_log(const struct rotated_name *a, const struct rotated_name *b)
{
    if (a->log_bytes != b->log_bytes)
        return a->log_bytes < b->log_bytes ? -1 : 1;
    return memcmp(a->path, b->path, a->log_bytes);
}

/* Oldest first within one log. Dates are older than numbers, which a log gets first. */
static int by_age(const void *a, const void *b)
{
    const struct rotated_name *x = a, *y = b;
    const int log = by_log(x, y);
    if (log != 0)
        return log;
    if (x->rotated != y->rotated)
        return x->rotated ? -1 : 1;
    if (x->number != y->number)
        return !x->number || (y->number && x->number > y->number) ? -1 : 1;
    size_t n = x->day_bytes < y->day_bytes ? x->day_bytes : y->day_bytes;
    int order = x->number ? 0 : memcmp(x->day, y->day, n);
    if (order == 0 && x->day_bytes != y->day_bytes)
        order = x->day_bytes < y->day_bytes ? -1 : 1;
    return order ? order : strcmp(x->path, y->path);
}

/* A position on the command line, and the path there. */
struct given_place {
    struct rotated_name name;
    size_t number;
};

static int by_place(const void *a, const void *b)
{
    const struct given_place *x = a, *y = b;
    const int log = by_log(&x->name, &y->name);
    return log != 0 ? log : x->number < y->number ? -1 : x->number > y->number;
}

void rotated_sort(char **paths, size_t count)
{
    struct rotated_name *names = calloc(count, sizeof *names);
    struct given_place *places = calloc(count, sizeof *places);
    for (size_t i = 0; names && places && i < count; i++) {
        names[i] = take_apart(paths[i]);
        places[i] = (struct given_place){names[i], i};
    }
    if (names && places && count > 1) {
        qsort(names, count, sizeof *names, by_age);
        qsort(places, count, sizeof *places, by_place);
        for (size_t i = 0; i < count; i++)
            paths[places[i].number] = (char *)names[i].path;
    }
    free(names);
    free(places);
}

/* While a file is being compressed, both exist; the one without the suffix is complete. */
static void drop_copies(struct paths *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        char *path = p->all[i];
        size_t n = without_ending(path, strlen(path));
        bool copy = kept && path[n] && strlen(p->all[kept - 1]) == n && memcmp(p->all[kept - 1], path, n) == 0;
        if (copy)
            free(path);
        else
            p->all[kept++] = path;
    }
    p->count = kept;
}

static bool is_of_log(const char *path, const char *log)
{
    const struct rotated_name name = take_apart(path), own = take_apart(log);
    return strcmp(path, log) == 0 || (name.rotated && by_log(&name, &own) == 0);
}

/* The path of a name in the log's folder; NULL if memory runs out. */
static char *beside(const char *log, size_t folder_bytes, const char *name)
{
    size_t bytes = folder_bytes + strlen(name) + 1;
    char *path = malloc(bytes);
    if (path)
        snprintf(path, bytes, "%.*s%s", (int)folder_bytes, log, name);
    return path;
}

/* False if memory runs out. */
static bool add_if_of_log(struct paths *p, const char *log, size_t folder_bytes, const char *name)
{
    if (strncmp(name, log + folder_bytes, strlen(log + folder_bytes)) != 0)
        return true;
    char *path = beside(log, folder_bytes, name);
    if (path && !is_of_log(path, log)) {
        free(path);
        return true;
    }
    return paths_add(p, path);
}

struct paths rotated_list(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t folder_bytes = slash ? (size_t)(slash + 1 - path) : 0;
    char *folder = slash ? strndup(path, folder_bytes) : strdup(".");
    DIR *dir = folder ? opendir(folder) : NULL;
    struct paths paths = {NULL, 0};
    const struct dirent *entry;
    bool done = true;
    while (dir && done && (entry = readdir(dir)))
        done = add_if_of_log(&paths, path, folder_bytes, entry->d_name);
    if (dir)
        closedir(dir);
    free(folder);
    if (!done)
        paths_free(&paths);
    rotated_sort(paths.all, paths.count);
    drop_copies(&paths);
    return paths;
}
