/* SPDX-License-Identifier: MIT */
/*
 * seen.c - the names of a Maildir's mails that were read, also from run to run.
 *
 * In: names. Out: whether each was there before. A state file has, after its two lines, one name per line; the state's
 * offset says how many bytes of them count, so names added by a killed run do not. Refused: the state of another
 * folder, or of a log.
 */
#define _GNU_SOURCE 1 /* st_dev of any size */
#include "input/seen.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_SLOTS = 1024, FEW_BYTES = 64 * 1024 };

static size_t base_bytes(const char *name)
{
    return strcspn(name, ":");
}

static size_t slot_of(const struct seen *s, const char *name, size_t n)
{
    size_t slot = (size_t)log_state_sum((const unsigned char *)name, n) & (s->capacity - 1);
    while (s->slots[slot] && !(strncmp(s->slots[slot], name, n) == 0 && s->slots[slot][n] == '\0'))
        slot = (slot + 1) & (s->capacity - 1);
    return slot;
}

bool seen_has(const struct seen *s, const char *name)
{
    return s->capacity && s->slots[slot_of(s, name, base_bytes(name))];
}

static bool grow(struct seen *s)
{
    struct seen bigger = {.capacity = s->capacity ? s->capacity * 2 : FIRST_SLOTS};
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < s->capacity; i++)
        if (s->slots[i])
            bigger.slots[slot_of(&bigger, s->slots[i], strlen(s->slots[i]))] = s->slots[i];
    free((void *)s->slots);
    s->slots = bigger.slots;
    s->capacity = bigger.capacity;
    return true;
}

static bool insert(struct seen *s, const char *name, size_t n)
{
    if (s->count * 2 >= s->capacity && !grow(s))
        return false;
    size_t slot = slot_of(s, name, n);
    if (s->slots[slot])
        return true;
    char *copy = strndup(name, n);
    if (!copy)
        return false;
    s->slots[slot] = copy;
    s->count++;
    return true;
}

/* A name that contains a line end is remembered for this run only. */
static bool note(struct seen *s, const char *name, size_t n)
{
    if (!s->state || memchr(name, '\n', n))
        return true;
    if (s->new_bytes + n + 1 > s->new_capacity) {
        size_t capacity = 2 * s->new_capacity + n + 1;
        char *grown = realloc(s->new_names, capacity);
        if (!grown)
            return false;
        s->new_names = grown;
        s->new_capacity = capacity;
    }
    memcpy(s->new_names + s->new_bytes, name, n);
    s->new_names[s->new_bytes + n] = '\n';
    s->new_bytes += n + 1;
    return true;
}

bool seen_add(struct seen *s, const char *name)
{
    size_t n = base_bytes(name);
    return insert(s, name, n) && note(s, name, n);
}

static bool write_at(int fd, uint64_t offset, const char *bytes, size_t n)
{
    bool done = lseek(fd, (off_t)offset, SEEK_SET) >= 0;
    while (done && n) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        done = written > 0;
        bytes += done ? written : 0;
        n -= done ? (size_t)written : 0;
    }
    return done;
}

bool seen_save(struct seen *s, bool ended)
{
    if (!s->state)
        return true;
    struct log_place *p = &s->state->place;
    if (!write_at(s->state->fd, LOG_STATE_BYTES + p->offset, s->new_names, s->new_bytes))
        return false;
    p->offset += s->new_bytes;
    s->new_bytes = 0;
    return log_state_save(s->state, p, ended);
}

/* The bytes of all names; NULL if they cannot be read. */
static char *read_names(int fd, uint64_t bytes)
{
    char *all = bytes < SIZE_MAX ? malloc((size_t)bytes + 1) : NULL;
    size_t n = 0;
    bool done = all && lseek(fd, LOG_STATE_BYTES, SEEK_SET) >= 0;
    while (done && n < bytes) {
        ssize_t got = read(fd, all + n, (size_t)bytes - n);
        if (got < 0 && errno == EINTR)
            continue;
        done = got > 0;
        n += done ? (size_t)got : 0;
    }
    if (done)
        return all;
    free(all);
    return NULL;
}

/* Calls take() for each name in a state file. False if it cannot be read. */
static bool each_name(int fd, uint64_t bytes, bool (*take)(void *data, const char *name, size_t n), void *data)
{
    char *all = read_names(fd, bytes), *from = all, *end = all ? all + bytes : NULL, *line_end;
    bool done = all != NULL;
    while (done && from < end && (line_end = memchr(from, '\n', (size_t)(end - from)))) {
        done = take(data, from, (size_t)(line_end - from));
        from = line_end + 1;
    }
    free(all);
    return done && from == end;
}

static bool take_name(void *data, const char *name, size_t n)
{
    return insert(data, name, n);
}

const char *seen_begin(struct seen *s, struct log_state *state, const char *maildir)
{
    struct stat st;
    *s = (struct seen){.state = state};
    if (!state)
        return NULL;
    if (stat(maildir, &st) != 0)
        return strerror(errno);
    struct log_place *p = &state->place;
    if (state->found && (p->device != (uint64_t)st.st_dev || p->inode != (uint64_t)st.st_ino || p->head_bytes))
        return "is the state of another folder, or of a log";
    p->device = (uint64_t)st.st_dev;
    p->inode = (uint64_t)st.st_ino;
    return each_name(state->fd, p->offset, take_name, s) ? NULL : "cannot be read to its end";
}

void seen_end(struct seen *s)
{
    for (size_t i = 0; i < s->capacity; i++)
        free(s->slots[i]);
    free((void *)s->slots);
    free(s->new_names);
}

/* ------------------------------------------------------------------- tidying */

struct tidying {
    struct seen there; /* what is in the Maildir */
    FILE *to;
    uint64_t kept;
};

static bool list_folder(struct seen *s, const char *maildir, const char *name)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", maildir, name);
    DIR *dir = n > 0 && n < (int)sizeof path ? opendir(path) : NULL;
    bool done = dir != NULL;
    const struct dirent *entry;
    while (done && (entry = readdir(dir)))
        done = entry->d_name[0] == '.' || insert(s, entry->d_name, base_bytes(entry->d_name));
    if (dir)
        closedir(dir);
    return done;
}

static bool keep_name(void *data, const char *name, size_t n)
{
    struct tidying *t = data;
    char *line = strndup(name, n);
    bool done = line != NULL;
    if (done && seen_has(&t->there, line)) {
        t->kept += n + 1;
        done = fprintf(t->to, "%s\n", line) == (int)n + 1;
    }
    free(line);
    return done;
}

/* Replaces the state file, which is locked, with a shorter one. */
static void rewrite(int fd, const char *path, struct tidying *t)
{
    char other[4096];
    struct log_state state = {.fd = fd};
    int n = snprintf(other, sizeof other, "%s.new", path);
    if (n < 0 || n >= (int)sizeof other || !log_state_load(&state) || !(t->to = fopen(other, "w")))
        return;
    bool done = fseeko(t->to, LOG_STATE_BYTES, SEEK_SET) == 0 && each_name(fd, state.place.offset, keep_name, t);
    done = fflush(t->to) == 0 && done && log_state_copy(fd, fileno(t->to), t->kept);
    done = fclose(t->to) == 0 && done;
    if (!done || rename(other, path) != 0)
        unlink(other);
}

void seen_tidy(const char *state_path, const char *maildir)
{
    struct tidying t = {.kept = 0};
    struct stat st;
    int fd = open(state_path, O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return;
    if (!log_state_lock(fd) && fstat(fd, &st) == 0 && st.st_size > FEW_BYTES && list_folder(&t.there, maildir, "new") &&
        list_folder(&t.there, maildir, "cur") && (uint64_t)st.st_size > 200 * (t.there.count + 1))
        rewrite(fd, state_path, &t);
    seen_end(&t.there);
    close(fd);
}
