/* SPDX-License-Identifier: MIT */
/*
 * batch.c - batches of mails in memory that a worker shares with the program.
 *
 * In: mails, and where they came from. Out: batches of items that point into them. Each batch has three page-aligned
 * regions: its head, its input, its results. Address space is reserved for the longest mail; memory is used only where
 * it is written. Refused: what no longer fits into a batch, and a mail of more than BATCH_BYTES_MOST.
 */
#define _GNU_SOURCE 1 /* MAP_ANONYMOUS, MADV_REMOVE, MADV_DONTNEED */
#include "jobs/batch.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

bool memory_new(struct memory *m, size_t batches, uint64_t max_bytes)
{
    uint64_t longest = max_bytes < BATCH_BYTES_MOST ? max_bytes : BATCH_BYTES_MOST;
    m->head_bytes = whole_pages(sizeof(struct batch));
    /* A mail, and its path. */
    m->input_bytes = whole_pages((longest > BATCH_BYTES ? (size_t)longest : BATCH_BYTES) + 4096);
    m->stride = m->head_bytes + m->input_bytes + whole_pages(RESULT_BYTES);
    m->batches = batches;
    size_t ranges_bytes = whole_pages(sizeof(struct ranges));
    if (batches > (SIZE_MAX - ranges_bytes) / m->stride)
        return false;
    m->total = m->stride * batches + ranges_bytes;
    void *base = mmap(NULL, m->total, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    m->base = base == MAP_FAILED ? NULL : base;
    return m->base != NULL;
}

void memory_free(struct memory *m)
{
    if (m->base)
        munmap(m->base, m->total);
    m->base = NULL;
}

struct batch *memory_batch(const struct memory *m, size_t number)
{
    return (struct batch *)(void *)(m->base + number * m->stride);
}

static unsigned char *memory_input(const struct memory *m, size_t number)
{
    return m->base + number * m->stride + m->head_bytes;
}

char *memory_results(const struct memory *m, size_t number)
{
    return (char *)memory_input(m, number) + m->input_bytes;
}

struct ranges *memory_ranges(const struct memory *m)
{
    return (struct ranges *)(void *)(m->base + m->batches * m->stride);
}

void memory_protect(const struct memory *m)
{
    for (size_t number = 0; number < m->batches; number++)
        mprotect(memory_input(m, number), m->input_bytes, PROT_READ);
}

void memory_trim(const struct memory *m, size_t number)
{
    struct batch *b = memory_batch(m, number);
    if (b->used > BATCH_BYTES) {
        b->was_long = true;
    } else if (b->was_long) {
#ifdef MADV_REMOVE
        size_t kept = whole_pages(BATCH_BYTES);
        madvise(memory_input(m, number) + kept, m->input_bytes - kept, MADV_REMOVE);
#endif
        b->was_long = false;
    }
}

void memory_forget(const struct memory *m, size_t number)
{
    const struct batch *b = memory_batch(m, number);
    if (b->used > BATCH_BYTES || b->result_bytes > RESULT_BYTES / 2)
        madvise(memory_input(m, number), m->stride - m->head_bytes, MADV_DONTNEED);
}

void batch_clear(struct batch *b)
{
    b->count = b->first = b->begun = 0;
    b->used = b->result_bytes = 0;
    b->is_range = b->ended_early = b->is_last = false;
    b->progress[0] = (struct progress){0};
    atomic_store(&b->current, 0);
}

bool batch_add(const struct memory *m, size_t number, const void *bytes, size_t length, const bounce_source *source)
{
    struct batch *b = memory_batch(m, number);
    size_t path_bytes = source->path ? strlen(source->path) + 1 : 0, limit = b->count ? BATCH_BYTES : m->input_bytes;
    if (b->count == BATCH_ITEMS || b->used > limit || path_bytes > limit - b->used ||
        length > limit - b->used - path_bytes)
        return false;
    unsigned char *to = memory_input(m, number) + b->used;
    struct item *item = &b->items[b->count++];
    *item = (struct item){to, length, *source};
    if (length)
        memcpy(to, bytes, length);
    if (path_bytes)
        item->source.path = memcpy(to + length, source->path, path_bytes);
    b->used += length + path_bytes;
    return true;
}

void batch_begin_range(struct batch *b, unsigned taker, const bounce_position *from)
{
    batch_clear(b);
    b->is_range = true;
    b->taker = taker;
    b->from = *from;
    b->count = UINT32_MAX;
    b->read_bytes = 0;
}

void batch_note(const struct memory *m, size_t number, uint32_t item, const bounce_source *source)
{
    struct batch *b = memory_batch(m, number);
    const char *shown = b->items[0].source.path, *path = source->path;
    unsigned char *to = memory_input(m, number);
    size_t bytes = path ? strlen(path) + 1 : 0;
    bool is_new = item == b->first || (path && (!shown || strcmp(shown, path) != 0));
    b->items[0].source = *source;
    if (path && is_new && bytes <= m->input_bytes)
        memcpy(to, path, bytes);
    b->items[0].source.path = bytes && bytes <= m->input_bytes ? (const char *)to : NULL;
}

const bounce_source *batch_source(const struct batch *b, uint32_t item)
{
    return &b->items[b->is_range ? 0 : item].source;
}

bool batch_next(const struct batch *b, const struct job_source *source, uint32_t given, struct job_item *item)
{
    if (b->is_range)
        return source->next(source->data, item);
    if (given == b->count)
        return false;
    const struct item *in = &b->items[given];
    *item = (struct job_item){.bytes = in->bytes, .length = in->length, .source = in->source};
    return true;
}

const struct progress *batch_progress(const struct batch *b)
{
    return &b->progress[atomic_load(&b->current)];
}

void batch_advance(struct batch *b, uint32_t done, size_t result_bytes, const struct totals *totals)
{
    unsigned next = !atomic_load(&b->current);
    b->progress[next] = (struct progress){done, result_bytes, *totals};
    atomic_store(&b->current, next);
}
