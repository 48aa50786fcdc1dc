/* SPDX-License-Identifier: MIT */
/*
 * log_origins.c - which of several logs an entry is of that is told later than its line came.
 *
 * In: files, and their lines as they come; of several files each line costs two bytes. Out: for the number, offset and
 * length of a line, its file. Refused: nothing. Where two files have such a line, it is that of the newer one; lines
 * for which there is no memory are taken for lines of the last file.
 */
#include "jobs/log_origins.h"

#include <stdlib.h>

enum { FIRST_FILES = 8, FIRST_LINES = 4096 };

/* The array with room for one more element; NULL, and the array is as it was, if memory runs out. */
static void *with_room(void *array, size_t count, size_t *capacity, size_t first, size_t size)
{
    if (count < *capacity)
        return array;
    size_t more = *capacity ? 2 * *capacity : first;
    void *grown = realloc(array, more * size);
    if (grown)
        *capacity = more;
    return grown;
}

bool log_origins_file(struct log_origins *o, const struct log_origin *file)
{
    struct log_origin *files = with_room(o->files, o->count, &o->capacity, FIRST_FILES, sizeof *files);
    if (!files)
        return false;
    o->files = files;
    o->files[o->count++] = (struct log_origin){.path = file->path, .from = file->from, .until = file->until};
    return true;
}

static uint16_t mark_of(uint64_t offset, uint64_t length)
{
    uint64_t hash = (offset ^ length << 40) * 0x9e3779b97f4a7c15u;
    return (uint16_t)(hash >> 48);
}

void log_origins_line(struct log_origins *o, uint64_t offset, const char *line, size_t length)
{
    struct log_origin *f = o->count ? &o->files[o->count - 1] : NULL;
    if (!f || !o->marks_lines)
        return;
    uint16_t *marks = with_room(f->marks, f->lines, &f->capacity, FIRST_LINES, sizeof *marks);
    if (!marks)
        return;
    while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    f->marks = marks;
    f->marks[f->lines++] = mark_of(offset, length);
}

const struct log_origin *log_origins_of(const struct log_origins *o, const bounce_source *source)
{
    uint16_t mark = mark_of(source->offset, source->length);
    for (size_t i = o->count; i-- > 0;)
        if (source->index < o->files[i].lines && o->files[i].marks[source->index] == mark)
            return &o->files[i];
    return o->count ? &o->files[o->count - 1] : NULL;
}

void log_origins_free(struct log_origins *o)
{
    for (size_t i = 0; i < o->count; i++)
        free(o->files[i].marks);
    free(o->files);
    *o = (struct log_origins){0};
}
