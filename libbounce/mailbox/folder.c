/* SPDX-License-Identifier: MIT */
/*
 * folder.c - the mails of a Maildir or of a folder of files.
 *
 * In: a path. Out: one open file after another, sorted by the bytes of their names: for a Maildir first new/, then
 * cur/; for a folder all regular files, including those in its folders. Left out are names that begin with a dot
 * (bookkeeping of MH, Dovecot and file managers; a Maildir++ subfolder is a separate mailbox), folders behind symbolic
 * links, the tmp/ of a Maildir, and anything but files. Sorting takes memory: the names of one folder on each level.
 *
 * For small mails every system call counts: the type of an entry comes from the directory if the file system has it
 * there, and files are opened relative to their folder, which stays open.
 */
#include "mailbox/mailbox.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct listed_folder {
    char *path;
    int fd;
    char *bytes;        /* all names, NUL-terminated, each after a byte with its type (DT_REG …) */
    const char **names; /* into bytes, sorted */
    size_t count, next;
};

enum { ROOTS_MAX = 2, OPEN_FOLDERS_MAX = LIMIT_FOLDER_DEPTH + 1 };

struct folder {
    char *roots[ROOTS_MAX]; /* new/ and cur/, or the folder itself */
    size_t next_root;
    struct listed_folder open[OPEN_FOLDERS_MAX];
    size_t depth; /* folders that are open, each inside the one before */
    bool descend;
    uint64_t number, first, end; /* of the next entry; range of those that are wanted */
    uint64_t stop;               /* the end of those that are wanted now */
    bool ended;                  /* there are no more entries */
    GString *path;               /* of the last entry */
};

static char *join_path(const char *folder, const char *name)
{
    size_t n = strlen(folder);
    return g_strconcat(folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name, NULL);
}

static bool has_folder(const char *path, const char *name)
{
    char *sub = join_path(path, name);
    bool yes = g_file_test(sub, G_FILE_TEST_IS_DIR);
    g_free(sub);
    return yes;
}

bool folder_is_maildir(const char *path)
{
    return has_folder(path, "cur") && has_folder(path, "new");
}

/* ---------------------------------------------------------- one folder */

static int compare_entries(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names in one string; *count gets their number, *fd the open folder. NULL, with
 * errno, on failure. */
static GString *list_names(const char *path, bool skip_tmp, size_t *count, int *fd)
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
        g_string_append_c(all, (char)entry->d_type);
        g_string_append_len(all, entry->d_name, (gssize)strlen(entry->d_name) + 1);
        ++*count;
    }
    int failed = errno;
    *fd = failed ? -1 : fcntl(dirfd(dir), F_DUPFD_CLOEXEC, 0);
    if (!failed && *fd < 0)
        failed = errno;
    closedir(dir);
    if (failed) {
        g_string_free(all, TRUE);
        errno = failed;
        return NULL;
    }
    return all;
}

/* Opens the folder f->path and lists it. 0, or an errno. */
static int enter_folder(struct folder *f)
{
    const char *path = f->path->str;
    size_t count = 0;
    int fd;
    if (f->depth == OPEN_FOLDERS_MAX)
        return ELOOP;
    GString *all = list_names(path, folder_is_maildir(path), &count, &fd);
    if (!all)
        return errno;
    struct listed_folder *l = &f->open[f->depth++];
    *l = (struct listed_folder){.path = g_strdup(path), .fd = fd, .count = count, .bytes = g_string_free(all, FALSE)};
    l->names = g_new(const char *, count);
    const char *name = l->bytes + 1;
    for (size_t i = 0; i < count; i++, name += strlen(name) + 2)
        l->names[i] = name;
    if (count)
        qsort(l->names, count, sizeof *l->names, compare_entries);
    return 0;
}

static void leave_folder(struct folder *f)
{
    struct listed_folder *l = &f->open[--f->depth];
    close(l->fd);
    g_free(l->path);
    g_free(l->bytes);
    g_free(l->names);
}

/* ------------------------------------------------------------- walking */

struct folder *folder_new(const char *path, bool maildir)
{
    struct folder *f = g_new0(struct folder, 1);
    f->descend = !maildir;
    f->path = g_string_new(NULL);
    f->end = f->stop = UINT64_MAX;
    size_t n = 0;
    if (!maildir)
        f->roots[n++] = g_strdup(path);
    if (maildir && (has_folder(path, "new") || !has_folder(path, "cur")))
        f->roots[n++] = join_path(path, "new");
    if (maildir && has_folder(path, "cur"))
        f->roots[n++] = join_path(path, "cur");
    return f;
}

void folder_free(struct folder *f)
{
    if (!f)
        return;
    while (f->depth)
        leave_folder(f);
    for (size_t i = 0; i < ROOTS_MAX; i++)
        g_free(f->roots[i]);
    g_string_free(f->path, TRUE);
    g_free(f);
}

static bool is_wanted(const struct folder *f)
{
    return f->number >= f->first && f->number < f->end;
}

/* Finds the type of an entry: DT_REG, DT_DIR or another; a link to a folder is another. 0, or an errno. */
static int find_type(const struct listed_folder *l, const char *name, unsigned char *type)
{
    struct stat st;
    *type = (unsigned char)name[-1];
    if (*type != DT_LNK && *type != DT_UNKNOWN)
        return 0;
    if (*type == DT_UNKNOWN && fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) {
        *type = DT_DIR;
        return 0;
    }
    if (fstatat(l->fd, name, &st, 0) != 0)
        return errno;
    *type = S_ISREG(st.st_mode) ? DT_REG : DT_LNK;
    return 0;
}

/* Opens f->path if it is a file that is wanted, enters it if it is a folder, and skips it
 * if it is neither. 0, or an errno. */
static int visit(struct folder *f, const struct listed_folder *l, const char *name, bool *is_file, int *fd)
{
    unsigned char type;
    int failed = find_type(l, name, &type);
    if (failed)
        return failed;
    if (type == DT_DIR && f->descend)
        return enter_folder(f);
    *is_file = type == DT_REG;
    if (!*is_file || !is_wanted(f))
        return 0;
    /* O_NONBLOCK: a pipe that has replaced the file must not block. */
    do
        *fd = openat(l->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (*fd < 0 && errno == EINTR);
    return *fd < 0 ? errno : 0;
}

/* Proceeds by one entry, or enters the next root. 0, or an errno. */
static int step(struct folder *f, bool *is_file, int *fd)
{
    if (f->depth) {
        struct listed_folder *l = &f->open[f->depth - 1];
        const char *name = l->names[l->next++];
        g_string_assign(f->path, l->path);
        if (f->path->len == 0 || f->path->str[f->path->len - 1] != '/')
            g_string_append_c(f->path, '/');
        g_string_append(f->path, name);
        return visit(f, l, name, is_file, fd);
    }
    g_string_assign(f->path, f->roots[f->next_root++]);
    return enter_folder(f);
}

/* The next file or error, wanted or not. */
static bounce_status next_entry(struct folder *f, int *fd, int *error_number)
{
    bool is_file = false;
    *fd = -1;
    *error_number = 0;
    while (!is_file && !*error_number) {
        while (f->depth && f->open[f->depth - 1].next == f->open[f->depth - 1].count)
            leave_folder(f);
        if (!f->depth && (f->next_root == ROOTS_MAX || !f->roots[f->next_root]))
            return BOUNCE_END;
        *error_number = step(f, &is_file, fd);
    }
    return *error_number ? BOUNCE_ERROR_IO : BOUNCE_OK;
}

bounce_status folder_next(struct folder *f, const char **path, int *fd, int *error_number)
{
    bounce_status status = BOUNCE_END;
    for (bool wanted = false; !wanted && f->number < f->end && f->number < f->stop; f->number++) {
        status = next_entry(f, fd, error_number);
        f->ended = status == BOUNCE_END;
        wanted = status == BOUNCE_END || is_wanted(f);
    }
    *path = f->path->str;
    return status;
}

void folder_set_range(struct folder *f, uint64_t first, uint64_t end)
{
    f->first = first;
    f->end = end;
}

void folder_skip_to(struct folder *f, uint64_t first)
{
    if (f->first < first)
        f->first = first;
}

void folder_go_to(struct folder *f, uint64_t first, uint64_t count)
{
    folder_skip_to(f, first);
    f->stop = first < UINT64_MAX - count ? first + count : UINT64_MAX;
}

bool folder_goes_on(const struct folder *f)
{
    return !f->ended && f->number < f->end;
}

uint64_t folder_number(const struct folder *f)
{
    return f->number > 0 ? f->number - 1 : 0;
}

uint64_t folder_count(const char *path, bool maildir)
{
    struct folder *f = folder_new(path, maildir);
    uint64_t count = 0;
    int fd, error_number;
    folder_set_range(f, UINT64_MAX, UINT64_MAX);
    while (next_entry(f, &fd, &error_number) != BOUNCE_END)
        count++;
    folder_free(f);
    return count;
}
