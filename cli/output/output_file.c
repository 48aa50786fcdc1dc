/* SPDX-License-Identifier: MIT */
/*
 * output_file.c - files that results go to instead of standard output.
 *
 * In: paths. Out: a file that grows by whole lines, or one that appears when it is whole. The sandbox allows no
 * renaming, so a process forked before it does that on request, and removes the file if this program dies. The new file
 * gets the owner, group and mode of the one that it replaces. Anything but a regular file, such as a device, is written
 * to, never replaced. Refused: what cannot be opened.
 */
#include "output/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_LOOKS = 5, LOOK_AGAIN_MS = 20 };

/* Whether the file ends in the middle of a line. A changed size shows that somebody is writing right now, and only part
 * of a line may be visible so far. */
static bool ends_within_line(int fd, off_t *size)
{
    struct stat st;
    char last = '\n';
    if (fstat(fd, &st) != 0)
        return false;
    *size = st.st_size;
    return st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

/* A full disk may have left part of a line, which must not be joined to the next one. */
static int end_last_line(int fd)
{
    off_t size = 0, before = -1;
    for (int quiet = 0; quiet < QUIET_LOOKS; before = size) {
        if (!ends_within_line(fd, &size))
            return 0;
        quiet = size == before ? quiet + 1 : 0;
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
    return write(fd, "\n", 1) == 1 ? 0 : errno;
}

int output_file_append(struct output *o, const char *path, bool *was_empty)
{
    const int flags = O_APPEND | O_CREAT | O_CLOEXEC;
    struct stat st;
    int fd = open(path, O_RDWR | flags, 0666);
    if (fd < 0 && errno == EACCES)
        fd = open(path, O_WRONLY | flags, 0666);
    char *bytes = malloc(o->capacity);
    if (fd < 0 || !bytes || fstat(fd, &st) != 0) {
        free(bytes);
        return errno;
    }
    *was_empty = st.st_size == 0;
    o->fd = fd;
    o->bytes = bytes;
    o->whole_lines = true;
    return S_ISREG(st.st_mode) ? end_last_line(fd) : 0;
}

/* ------------------------------------------------------------ a new file */

/* Syncs the file to disk and renames it. On failure errno is set. */
static bool put_in_place(const struct new_file *f)
{
    int fd = open(f->temporary, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 && rename(f->temporary, f->path) == 0;
}

/* The process that renames: it waits for 'y', or for the end of the program. */
static _Noreturn void keep_or_remove(const struct new_file *f, int from)
{
    char answer = 'n';
    ssize_t got;
    do
        got = read(from, &answer, 1);
    while (got < 0 && errno == EINTR);
    const bool is_wanted = got == 1 && answer == 'y';
    if (is_wanted && put_in_place(f))
        _exit(0);
    int why = is_wanted ? errno : 0;
    unlink(f->temporary);
    _exit(why);
}

/* A signal sent to both processes must end only the program. False with errno. */
static bool start_keeper(struct new_file *f)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP};
    int ends[2];
    sigset_t signals, before;
    if (pipe(ends) != 0)
        return false;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        sigaddset(&signals, ignored[i]);
    sigprocmask(SIG_BLOCK, &signals, &before);
    f->keeper = fork();
    if (f->keeper == 0) {
        for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
            signal(ignored[i], SIG_IGN);
        close(ends[1]);
        keep_or_remove(f, ends[0]);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[0]);
    f->to_keeper = ends[1];
    if (f->keeper > 0)
        return true;
    close(ends[1]);
    f->to_keeper = -1;
    return false;
}

/* Resolves symbolic links; a path where nothing exists yet is kept as it is. */
static int find_target(struct new_file *f, const char *path, bool *is_regular)
{
    struct stat st;
    *is_regular = true;
    if (stat(path, &st) == 0) {
        *is_regular = S_ISREG(st.st_mode);
        return realpath(path, f->path) ? 0 : errno;
    }
    if (errno != ENOENT || strlen(path) >= sizeof f->path)
        return errno == ENOENT ? ENAMETOOLONG : errno;
    strcpy(f->path, path);
    return 0;
}

int new_file_end(struct new_file *f, bool keep)
{
    int status = 0;
    if (f->to_keeper < 0)
        return 0;
    bool told = write(f->to_keeper, keep ? "y" : "n", 1) == 1;
    close(f->to_keeper);
    while (waitpid(f->keeper, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    if (!keep)
        return 0;
    return told && WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

/* Whoever may read and write the old file may do so with the new one. If the group cannot be kept, it gets no
 * rights. */
static int take_rights(const struct new_file *f, int fd)
{
    struct stat st;
    if (stat(f->path, &st) != 0)
        return errno == ENOENT ? 0 : errno;
    mode_t mode = st.st_mode & 0777;
    if (fchown(fd, st.st_uid, st.st_gid) != 0 && fchown(fd, (uid_t)-1, st.st_gid) != 0)
        mode &= ~(mode_t)070;
    return fchmod(fd, mode) == 0 ? 0 : errno;
}

int new_file_begin(struct new_file *f, struct output *o, const char *path)
{
    bool is_regular;
    int failed = find_target(f, path, &is_regular);
    f->to_keeper = -1;
    if (failed)
        return failed;
    if (!is_regular) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
        return o->fd < 0 ? errno : 0;
    }
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(f->temporary, sizeof f->temporary, "%s.%ld-%ld.new", f->path, (long)getpid(), now.tv_nsec);
    /* The keeper comes first, so that the file is removed whenever the program dies. */
    if (!start_keeper(f))
        return errno;
    o->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    failed = o->fd < 0 ? errno : take_rights(f, o->fd);
    if (failed && o->fd >= 0)
        close(o->fd);
    if (failed)
        new_file_end(f, false);
    return failed;
}
