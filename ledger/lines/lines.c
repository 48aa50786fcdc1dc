/* SPDX-License-Identifier: MIT */
/*
 * lines.c - lines from a file or pipe.
 *
 * In: a path. Out: lines, one after another, however they arrive; it also reports when nothing has come for a while, so
 * that the data so far can be stored. Refused: lines that are too long, each as a whole; what cannot be read, with a
 * message.
 */
#include "lines/lines.h"

#include "output/complain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BYTES = 256 * 1024, WHILE_MS = 200 };

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool lines_open(struct lines *l, const char *path)
{
    *l = (struct lines){.path = path, .capacity = FIRST_BYTES, .fd = STDIN_FILENO};
    if (strcmp(path, "-") != 0)
        l->fd = open(path, O_RDONLY | O_CLOEXEC);
    l->bytes = l->fd < 0 ? NULL : malloc(l->capacity + 1);
    if (l->fd >= 0 && !l->bytes)
        errno = ENOMEM;
    l->error_number = l->bytes ? 0 : errno;
    return l->bytes || lines_close(l);
}

bool lines_close(struct lines *l)
{
    if (l->fd > STDERR_FILENO)
        close(l->fd);
    free(l->bytes);
    l->bytes = NULL;
    if (l->error_number)
        complain(input_name(l->path), strerror(l->error_number));
    return l->error_number == 0;
}

void lines_complain(const struct lines *l, const char *problem)
{
    char subject[4200];
    snprintf(subject, sizeof subject, "%s:%llu", input_name(l->path), (unsigned long long)l->number);
    complain(subject, problem);
}

bool line_is_blank(const char *line)
{
    return !line[strspn(line, " \t\r")];
}

/* Makes room for more after what is there. False: the line is too long. */
static bool make_room(struct lines *l)
{
    memmove(l->bytes, l->bytes + l->begin, l->end - l->begin);
    l->end -= l->begin;
    l->begin = 0;
    if (l->end < l->capacity)
        return true;
    char *more = l->capacity < LINE_MAX_BYTES ? realloc(l->bytes, 2 * l->capacity + 1) : NULL;
    if (!more)
        return false;
    l->bytes = more;
    l->capacity *= 2;
    return true;
}

static void read_more(struct lines *l)
{
    ssize_t n = read(l->fd, l->bytes + l->end, l->capacity - l->end);
    if (n > 0) {
        l->end += (size_t)n;
    } else if (n == 0) {
        l->ended = true;
    } else if (errno == EAGAIN) {
        poll(&(struct pollfd){.fd = l->fd, .events = POLLIN}, 1, -1);
    } else if (errno != EINTR) {
        l->error_number = errno;
        l->ended = true;
    }
}

/* Returns a line; of one that is too long only the end is left. */
static enum line_result give(struct lines *l, size_t length, size_t skipped, char **line, size_t *line_length)
{
    bool too_long = l->skips;
    *line = l->bytes + l->begin;
    *line_length = length;
    (*line)[length] = '\0';
    l->begin += length + skipped;
    l->skips = false;
    l->number++;
    return too_long ? LINE_TOO_LONG : LINE_GIVEN;
}

enum line_result lines_next(struct lines *l, bool may_wait, char **line, size_t *length)
{
    for (size_t searched = 0;;) {
        char *at = l->bytes + l->begin, *end = memchr(at + searched, '\n', l->end - l->begin - searched);
        if (end)
            return give(l, (size_t)(end - at), 1, line, length);
        if (l->ended && l->begin == l->end)
            return LINE_END;
        if (l->ended)
            return give(l, l->end - l->begin, 0, line, length);
        searched = l->end - l->begin;
        if (!make_room(l)) {
            l->skips = true;
            l->begin = l->end = 0;
            searched = 0;
        }
        if (!may_wait && poll(&(struct pollfd){.fd = l->fd, .events = POLLIN}, 1, WHILE_MS) == 0)
            return LINE_NONE_YET;
        read_more(l);
    }
}
