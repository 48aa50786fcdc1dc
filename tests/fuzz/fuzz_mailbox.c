/* SPDX-License-Identifier: MIT */
/*
 * fuzz_mailbox.c - any bytes as a mailbox. The first byte chooses the format,
 * the second how much of each message is kept, the number of shards and the
 * size of the pieces that a pipe returns.
 *
 * From memory, from a pipe, in shards and from any message on, the messages must
 * be the same. They follow each other inside the input.
 */
#define _GNU_SOURCE 1
#include "fuzz.h"

#include "mailbox/packing.h"

#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

/* A pipe into which the next piece is written whenever the splitter would wait for it. */
struct feed {
    int ends[2];
    const uint8_t *data;
    size_t size, piece;
};

static void feed_more(void *data, int fd)
{
    struct feed *f = (struct feed *)data;
    size_t n = f->size < f->piece ? f->size : f->piece;
    (void)fd;
    if (n)
        MUST(write(f->ends[1], f->data, n) == (ssize_t)n);
    f->data += n;
    f->size -= n;
    if (!f->size && f->ends[1] >= 0) {
        close(f->ends[1]);
        f->ends[1] = -1;
    }
}

static bounce_mailbox *open_feed(struct feed *f, bounce_format format, uint64_t kept)
{
    bounce_mailbox *mailbox = NULL;
    MUST(pipe(f->ends) == 0);
    MUST(bounce_mailbox_open_fd(f->ends[0], NULL, format, kept, &mailbox, NULL) == BOUNCE_OK);
    bounce_mailbox_on_wait(mailbox, feed_more, f);
    return mailbox;
}

static void close_feed(struct feed *f)
{
    close(f->ends[0]);
    if (f->ends[1] >= 0)
        close(f->ends[1]);
}

static void check_view(const bounce_view *v, uint64_t index, uint64_t least, size_t size, uint64_t kept)
{
    MUST(v->index == index && v->offset >= least);
    MUST(v->length <= v->true_length && v->length <= kept);
    MUST(v->offset <= size && v->true_length <= size - v->offset);
    unsigned char sum = 0; /* reads every byte */
    for (size_t i = 0; i < v->length; i++)
        sum ^= v->bytes[i];
    MUST(v->bytes || !v->length || !sum);
}

static bool same_view(const bounce_view *a, const bounce_view *b)
{
    return a->length == b->length && a->true_length == b->true_length && a->offset == b->offset &&
           a->index == b->index && (!a->length || memcmp(a->bytes, b->bytes, a->length) == 0);
}

static bounce_mailbox *open_memory(const uint8_t *data, size_t size, bounce_format format, uint64_t kept)
{
    bounce_mailbox *mailbox = NULL;
    MUST(bounce_mailbox_open_memory(data, size, format, kept, &mailbox, NULL) == BOUNCE_OK && mailbox);
    return mailbox;
}

/* Compares the messages of two readings one by one; those of shards have no index. */
static void must_follow(bounce_mailbox *mailbox, bounce_mailbox *other, bool numbered)
{
    bounce_view view, found;
    while (bounce_mailbox_next(other, &found, NULL) == BOUNCE_OK) {
        MUST(bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK);
        MUST(numbered || found.index == BOUNCE_NO_NUMBER);
        found.index = numbered ? found.index : view.index;
        MUST(same_view(&view, &found));
    }
    bounce_mailbox_close(other);
}

static uint64_t first_offset(const uint8_t *data, size_t size, bounce_format format, uint64_t kept)
{
    bounce_view view = {.offset = 0};
    bounce_mailbox *mailbox = open_memory(data, size, format, kept);
    bounce_mailbox_next(mailbox, &view, NULL);
    bounce_mailbox_close(mailbox);
    return view.offset;
}

/* The format in which shards of an input are read: if a Content-Length may cover From lines, shards go by the From
 * lines (doc/scaling.md). */
static bounce_format format_of_parts(const uint8_t *data, size_t size, bounce_format format, uint64_t kept)
{
    static const char name[] = "Content-Length:";
    bool has_length = false;
    for (size_t i = 0; i + sizeof name <= size && !has_length; i++)
        has_length = strncasecmp((const char *)data + i, name, sizeof name - 1) == 0;
    return format == BOUNCE_FORMAT_AUTO && has_length && first_offset(data, size, format, kept) ? BOUNCE_FORMAT_MBOX
                                                                                                : format;
}

static void check_shards(const uint8_t *data, size_t size, bounce_format format, uint64_t kept, uint32_t shards)
{
    bounce_view view;
    const bounce_format whole = format_of_parts(data, size, format, kept);
    if (first_offset(data, size, whole, kept) != first_offset(data, size, format, kept))
        return; /* its first From line has no date: only "auto" accepts it */
    bounce_mailbox *mailbox = open_memory(data, size, whole, kept);
    for (uint32_t i = 0; i < shards; i++) {
        bounce_mailbox *part = open_memory(data, size, format, kept);
        MUST(bounce_mailbox_set_shard(part, i, shards, NULL) == BOUNCE_OK);
        must_follow(mailbox, part, false);
    }
    MUST(bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_END);
    bounce_mailbox_close(mailbox);
}

/* Reading continues from the current message of mailbox. */
static void check_start(bounce_mailbox *mailbox, const uint8_t *data, size_t size, bounce_format format, uint64_t kept)
{
    bounce_position position;
    bounce_view view;
    bounce_mailbox_position(mailbox, &position);
    bounce_mailbox *rest = open_memory(data, size, format, kept);
    MUST(bounce_mailbox_set_start(rest, &position, NULL) == BOUNCE_OK);
    MUST(bounce_mailbox_next(rest, &view, NULL) == BOUNCE_OK);
    /* If a file is one message, its position is its start. */
    MUST((view.offset == position.offset || !position.offset) && view.index == position.index);
    must_follow(mailbox, rest, true);
    MUST(bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    bounce_format format = (bounce_format)(data[0] % 4); /* AUTO, MAIL, MBOX, MBOXCL */
    const uint64_t kept = 1024u << data[1] % 4, start = data[0] >> 2 & 7;
    const uint32_t shards = 1 + (data[1] >> 2 & 7);
    struct feed feed = {.data = data + 2, .size = size - 2, .piece = (size_t)1 << (data[1] >> 5) * 2};
    if (feed.piece * 256 < size)
        feed.piece = 4096;
    data += 2;
    size -= 2;
    if (packing_of(data, size)) /* fuzz_packing.c */
        return 0;
    bounce_mailbox *memory = open_memory(data, size, format, kept), *piped = open_feed(&feed, format, kept);
    bounce_view view, other;
    uint64_t index = 0, least = 0;
    bounce_status status;
    while ((status = bounce_mailbox_next(memory, &view, NULL)) == BOUNCE_OK) {
        check_view(&view, index++, least, size, kept);
        least = view.offset + view.true_length;
        MUST(bounce_mailbox_next(piped, &other, NULL) == BOUNCE_OK && same_view(&view, &other));
    }
    MUST(status == BOUNCE_END && bounce_mailbox_next(piped, &other, NULL) == BOUNCE_END);
    bounce_mailbox_close(memory);
    bounce_mailbox_close(piped);
    close_feed(&feed);
    if (format != BOUNCE_FORMAT_MBOXCL)
        check_shards(data, size, format, kept, shards);
    memory = open_memory(data, size, format, kept);
    for (uint64_t i = 0; i <= start && index; i++)
        if (i < index)
            MUST(bounce_mailbox_next(memory, &view, NULL) == BOUNCE_OK);
    if (index)
        check_start(memory, data, size, format, kept);
    bounce_mailbox_close(memory);
    return 0;
}
