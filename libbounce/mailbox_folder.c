/* SPDX-License-Identifier: MIT */
/*
 * mailbox_folder.c - the mails of a Maildir or of a folder of files.
 *
 * In: a path. Out: one open file after the other, in byte order of the names:
 * of a Maildir first new/, then cur/; of a folder all regular files, those of
 * its folders included. Names that begin with a dot are left out (they are
 * book-keeping of MH, Dovecot and file managers; a Maildir++ subfolder is its
 * own mailbox), and so are folders that a symbolic link leads to, the tmp/ of
 * a Maildir, and what is no file. Order costs memory: the names of one folder
 * on each level are held, and nothing else.
 */
#include "mailbox.h"

#include "limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct level {
    char *path;
    char *bytes;        /* all names, each NUL-ended */
    const char **names; /* into bytes, sorted */
    size_t count, next;
};

enum { MAX_ROOTS = 2, MAX_LEVELS = LIMIT_FOLDER_DEPTH + 1 };

struct folder {
    char *roots[MAX_ROOTS]; /* new/ and cur/, or the folder itself */
    size_t next_root;
    struct level levels[MAX_LEVELS];
    size_t depth; /* levels in use */
    bool descend;
    char *path; /* of what was looked at last */
};

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *join(const char *folder, const char *name)
{
    size_t n = strlen(folder);
    return g_strconcat(folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name, NULL);
}

static bool has_folder(const char *path, const char *name)
{
    char *sub = join(path, name);
    bool yes = is_folder(sub);
    g_free(sub);
    return yes;
}

bool folder_is_maildir(const char *path)
{
    return has_folder(path, "cur") && has_folder(path, "new");
}

/* ---------------------------------------------------------- one level */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names in one string; their number in *count. NULL with errno. */
static GString *read_names(const char *path, bool skip_tmp, size_t *count)
{
    DIR *dir = opendir(path);
    if (!dir)
        return NULL;
    GString *all = g_string_new(NULL);
    const struct dirent *entry;
    *count = 0;
    while (errno = 0, (entry = readdir(dir))) {
        if (entry->d_name[0] == '.' || (skip_tmp && strcmp(entry->d_name, "tmp") == 0))
            continue;
        g_string_append_len(all, entry->d_name, (gssize)strlen(entry->d_name) + 1);
        ++*count;
    }
    int failed = errno;
    closedir(dir);
    if (failed) {
        g_string_free(all, TRUE);
        errno = failed;
        return NULL;
    }
    return all;
}

/* 0, or an errno. */
static int push_level(struct folder *f, const char *path)
{
    size_t count = 0;
    if (f->depth == MAX_LEVELS)
        return ELOOP;
    GString *all = read_names(path, folder_is_maildir(path), &count);
    if (!all)
        return errno;
    struct level *l = &f->levels[f->depth++];
    *l = (struct level){.path = g_strdup(path), .count = count, .bytes = g_string_free(all, FALSE)};
    l->names = g_new(const char *, count);
    const char *name = l->bytes;
    for (size_t i = 0; i < count; i++, name += strlen(name) + 1)
        l->names[i] = name;
    if (count)
        qsort(l->names, count, sizeof *l->names, compare_names);
    return 0;
}

static void pop_level(struct folder *f)
{
    struct level *l = &f->levels[--f->depth];
    g_free(l->path);
    g_free(l->bytes);
    g_free(l->names);
}

/* ------------------------------------------------------------- walking */

struct folder *folder_new(const char *path, bool maildir)
{
    struct folder *f = g_new0(struct folder, 1);
    f->descend = !maildir;
    size_t n = 0;
    if (!maildir)
        f->roots[n++] = g_strdup(path);
    if (maildir && (has_folder(path, "new") || !has_folder(path, "cur")))
        f->roots[n++] = join(path, "new");
    if (maildir && has_folder(path, "cur"))
        f->roots[n++] = join(path, "cur");
    return f;
}

void folder_free(struct folder *f)
{
    if (!f)
        return;
    while (f->depth)
        pop_level(f);
    for (size_t i = 0; i < MAX_ROOTS; i++)
        g_free(f->roots[i]);
    g_free(f->path);
    g_free(f);
}

/* Opens the file f->path, descends into the folder f->path, or passes over
 * what is neither (*fd stays -1). 0, or an errno. */
static int visit(struct folder *f, int *fd)
{
    struct stat st;
    if (lstat(f->path, &st) == 0 && S_ISDIR(st.st_mode))
        return f->descend ? push_level(f, f->path) : 0;
    if (stat(f->path, &st) != 0)
        return errno;
    if (!S_ISREG(st.st_mode))
        return 0;
    /* Not to hang on a pipe that took the file's place meanwhile. */
    *fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return *fd < 0 ? errno : 0;
}

static int step(struct folder *f, int *fd)
{
    g_free(f->path);
    if (f->depth) {
        struct level *l = &f->levels[f->depth - 1];
        f->path = join(l->path, l->names[l->next++]);
        return visit(f, fd);
    }
    f->path = g_strdup(f->roots[f->next_root++]);
    return push_level(f, f->path);
}

bounce_status folder_next(struct folder *f, const char **path, int *fd, int *error_number)
{
    *fd = -1;
    *error_number = 0;
    while (*fd < 0 && !*error_number) {
        while (f->depth && f->levels[f->depth - 1].next == f->levels[f->depth - 1].count)
            pop_level(f);
        if (!f->depth && (f->next_root == MAX_ROOTS || !f->roots[f->next_root]))
            return BOUNCE_END;
        *error_number = step(f, fd);
    }
    *path = f->path;
    return *error_number ? BOUNCE_ERROR_IO : BOUNCE_OK;
}
