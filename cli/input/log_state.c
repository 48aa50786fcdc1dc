/* SPDX-License-Identifier: MIT */
/*
 * log_state.c - how far a log was read, kept in a file.
 *
 * In: a place. Out: a file with two lines of one length; each save writes one of them, in turn and in one piece, so a
 * process killed meanwhile leaves the other one whole. The line also has the length of standard output, if it is a
 * file: what a killed run wrote after that is cut off, and written again. Refused: files with other content, used by
 * another process, or not writable.
 */
#include "input/log_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 2, LINE_BYTES = LOG_STATE_BYTES / LINES };

/* The contents of a line. */
struct kept {
    uint64_t sequence, ended, output_device, output_inode, output_bytes;
    struct log_place place;
};

/* FNV-1a */
uint64_t log_state_sum(const unsigned char *bytes, size_t n)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    return sum;
}

#define FORM \
    "bounce-classify-state 1 sequence %" PRIu64 " device %" PRIu64 " inode %" PRIu64 " offset %" PRIu64 \
    " head %" PRIu64 " %" PRIu64 " saved %" PRIu64 " ended %" PRIu64 " output %" PRIu64 " %" PRIu64 " %" PRIu64

static int write_line(char *line, size_t room, const struct kept *k)
{
    const struct log_place *p = &k->place;
    int n = snprintf(line, room, FORM, k->sequence, p->device, p->inode, p->offset, p->head_bytes, p->head_sum,
                     p->saved_s, k->ended, k->output_device, k->output_inode, k->output_bytes);
    return n +
           snprintf(line + n, room - (size_t)n, " sum %016" PRIx64, log_state_sum((unsigned char *)line, (size_t)n));
}

/* Parses numbers separated by spaces. False if there are fewer. */
static bool read_numbers(const char *at, uint64_t *const numbers[], size_t count)
{
    static const char digits[] = "0123456789";
    for (size_t i = 0; i < count; i++) {
        char *end;
        at += strcspn(at, digits);
        *numbers[i] = strtoull(at, &end, 10);
        if (end == at)
            return false;
        at = end;
    }
    return true;
}

/* False if the line is torn, or not one that this program would write. */
static bool read_line(const char *line, struct kept *k)
{
    char text[LINE_BYTES + 1], again[2 * LINE_BYTES];
    struct log_place *p = &k->place;
    uint64_t format = 0;
    uint64_t *const numbers[] = {&format,    &k->sequence,      &p->device,       &p->inode,
                                 &p->offset, &p->head_bytes,    &p->head_sum,     &p->saved_s,
                                 &k->ended,  &k->output_device, &k->output_inode, &k->output_bytes};
    memcpy(text, line, LINE_BYTES);
    text[LINE_BYTES] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (!read_numbers(text, numbers, sizeof numbers / sizeof *numbers))
        return false;
    int n = write_line(again, sizeof again, k);
    return strncmp(text, again, (size_t)n) == 0;
}

/* Describes the file that is standard output; all zeros if it is not a file. */
static void describe_output(int output, struct kept *k)
{
    struct stat st;
    if (fstat(output, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    k->output_device = (uint64_t)st.st_dev;
    k->output_inode = (uint64_t)st.st_ino;
    k->output_bytes = (uint64_t)st.st_size;
}

static const char *cut_output(int output, const struct kept *k)
{
    struct kept now = {.sequence = 0};
    describe_output(output, &now);
    bool same = now.output_inode && now.output_inode == k->output_inode && now.output_device == k->output_device;
    if (k->ended || !same || now.output_bytes <= k->output_bytes)
        return NULL;
    return ftruncate(output, (off_t)k->output_bytes) == 0 ? NULL : strerror(errno);
}

/* Finds the last complete line. False if there is none. */
static bool find_last(int fd, struct kept *last, bool *empty)
{
    char bytes[LINES * LINE_BYTES] = {0};
    ssize_t got = pread(fd, bytes, sizeof bytes, 0);
    bool found = false;
    *empty = got == 0;
    for (size_t i = 0; i < LINES && got >= (ssize_t)((i + 1) * LINE_BYTES); i++) {
        struct kept k;
        if (!read_line(bytes + i * LINE_BYTES, &k) || (found && k.sequence < last->sequence))
            continue;
        *last = k;
        found = true;
    }
    return found;
}

const char *log_state_lock(int fd)
{
    const struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &all) == 0)
        return NULL;
    return errno == EACCES || errno == EAGAIN ? "is used by another process" : strerror(errno);
}

const char *log_state_open(struct log_state *s, const char *path, int output)
{
    struct kept last = {.sequence = 0};
    bool empty;
    *s = (struct log_state){.path = path, .output = output};
    s->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (s->fd < 0)
        return strerror(errno);
    const char *wrong = log_state_lock(s->fd);
    if (wrong)
        return wrong;
    bool found = find_last(s->fd, &last, &empty);
    if (!found && !empty)
        return "is not a state written by --state";
    s->sequence = last.sequence;
    s->place = last.place;
    s->found = found && (last.place.inode || last.place.offset);
    wrong = found ? cut_output(output, &last) : NULL;
    if (!wrong && !log_state_save(s, &s->place, false))
        wrong = strerror(errno);
    return wrong;
}

bool log_state_load(struct log_state *s)
{
    struct kept last = {.sequence = 0};
    bool empty;
    if (!find_last(s->fd, &last, &empty))
        return false;
    s->place = last.place;
    return true;
}

static bool put_line(int fd, const struct kept *k)
{
    char line[2 * LINE_BYTES];
    int n = write_line(line, sizeof line, k);
    if (n < 0 || n >= LINE_BYTES)
        return false;
    memset(line + n, ' ', (size_t)(LINE_BYTES - 1 - n));
    line[LINE_BYTES - 1] = '\n';
    return lseek(fd, (off_t)(k->sequence % LINES * LINE_BYTES), SEEK_SET) >= 0 &&
           write(fd, line, LINE_BYTES) == LINE_BYTES;
}

bool log_state_copy(int from, int to, uint64_t offset)
{
    struct kept last;
    bool empty;
    if (!find_last(from, &last, &empty))
        return false;
    last.place.offset = offset;
    return put_line(to, &last);
}

bool log_state_save(struct log_state *s, const struct log_place *place, bool ended)
{
    struct kept k = {.sequence = ++s->sequence, .ended = ended, .place = *place};
    if (place->inode)
        k.place.saved_s = (uint64_t)time(NULL);
    describe_output(s->output, &k);
    return put_line(s->fd, &k);
}
