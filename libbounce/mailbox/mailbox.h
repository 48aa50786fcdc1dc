/* SPDX-License-Identifier: MIT */
/*
 * mailbox.h - the main header of mailbox: the parts of the splitter. Only this room
 * and its tests see them; what others use is bounce_mailbox (bounce.h).
 *
 * In: a path, a descriptor or memory. Out: messages, as views of their bytes with
 * exact offsets. mailbox sees base only.
 *
 *     mailbox.c    the public functions, and which format an input has
 *     places.c     parts of it, and positions in it
 *     folder.c     the files of a Maildir or folder, one after the other
 *     mbox.c       where the messages of an mbox begin and end
 *     from_line.c  whether a line is a From line with a date
 *     search.c     searches for the few bytes that matter
 *     stream.c     the window over a file, pipe or memory
 *     raw.c        the bytes for it, unpacked if they are compressed
 *     input.c      the same for others: bounce_input
 *     packing.h    what is compressed, and how it is unpacked
 *
 * Positions in the window count from the first byte of the current message (its head), so that moving the bytes of the
 * window does not change them. All state of reading a range of a file is in struct stream and struct mbox: ranges of
 * one file can be read at the same time, each with its own pair.
 */
#ifndef BOUNCE_MAILBOX_MAILBOX_H
#define BOUNCE_MAILBOX_MAILBOX_H

#include "base/arena.h"
#include "bounce.h"
#include "mailbox/packing.h"

/* ------------------------------------------------------------- stream.c */

/* Bytes before a position that remain when the middle of a long message is dropped:
 * enough to see a blank line before it. */
enum { STREAM_LOOK_BEHIND = 4 };

/* Where the bytes of an input come from. */
struct raw {
    int fd; /* -1: memory */
    bool owns_fd;
    bool random_access; /* pread(2) works */
    bool looked;        /* it is known whether the input is compressed */
    bool stopped;       /* set from outside: nothing more is read */
    uint64_t fd_origin; /* position in the file at which the input begins */
    uint64_t at;        /* with random access: of the next read, from there on */
    const unsigned char *memory;
    size_t memory_length, memory_taken;
    bounce_mailbox_wait_fn *on_wait; /* called before reads that may wait; or NULL */
    void *on_wait_data;
    struct unpack *unpack;          /* NULL: not compressed */
    const struct packing *packing;  /* NULL: not compressed */
    char wrong[UNPACK_WRONG_BYTES]; /* why it could not be unpacked; or "" */
};

/* ---------------------------------------------------------------- raw.c */

void raw_open_fd(struct raw *r, int fd, bool owns_fd);
/* For a regular file that was just opened; it is closed with the input. */
void raw_open_file(struct raw *r, int fd);
void raw_open_memory(struct raw *r, const void *bytes, size_t length);
void raw_close(struct raw *r);
/* Finds out whether the input is compressed, where that can be seen without reading; raw_read() finds the rest. */
void raw_look(struct raw *r);
/* Up to n bytes, which are at least PACKING_FRONT_BYTES; 0 at the end, -1 with errno. */
ssize_t raw_read(struct raw *r, unsigned char *to, size_t n);
/* Whether what it reads can be positioned: what is compressed cannot. */
bool raw_can_seek(const struct raw *r);
/* The next read begins at this offset; for what can be positioned. */
void raw_seek(struct raw *r, uint64_t offset);

struct stream {
    struct raw raw;
    uint64_t taken; /* bytes read from the input so far, unpacked */
    unsigned char *buffer;
    size_t capacity, keep; /* of buffer; bytes of a message that are kept */
    size_t head, end;      /* the current message begins at head; data ends at end */
    uint64_t head_offset;  /* of buffer[head], in the input */
    uint64_t gap;          /* bytes dropped after head + keep */
    size_t at_once;        /* the most bytes of one read; 0: no limit but the window's */
    bool eof;
    bool held; /* nothing more is read, so that nothing moves */
    int error; /* errno of a read that failed, or 0; EAGAIN: it is held */
};

/* keep_bytes of each message are kept, from its front. */
void stream_init(struct stream *s, size_t keep_bytes);
void stream_close(struct stream *s); /* closes the input, and keeps the buffer for the next one */
void stream_free(struct stream *s);
void stream_open_fd(struct stream *s, int fd, bool owns_fd);
/* For a regular file that was just opened; it is closed with the stream. */
void stream_open_file(struct stream *s, int fd);
void stream_open_memory(struct stream *s, const void *bytes, size_t length);
/* Reads more; false at the end of the input or after an error. Bytes that need not be
 * kept may be dropped if they are more than STREAM_LOOK_BEHIND before *position, which
 * is adjusted to mean the same byte. */
bool stream_more(struct stream *s, size_t *position);
/* Moves the head to an offset of a file or of memory. False, with the error set, if the
 * file is not seekable. */
bool stream_seek(struct stream *s, uint64_t offset);
/* Moves the head to an offset, wherever it can: what cannot be positioned is read up to it. False, with the error set,
 * if the input ends before it. */
bool stream_skip_to(struct stream *s, uint64_t offset);
/* The length of the whole input; false if it is not seekable; to be called after raw_look(). */
bool stream_length(const struct stream *s, uint64_t *length);
/* Moves the head to a position. */
void stream_advance(struct stream *s, size_t position);
/* Copies up to n bytes from an offset of the input, which is not before the head. False if
 * they cannot be read without dropping others. */
bool stream_peek(struct stream *s, uint64_t offset, unsigned char *out, size_t n, size_t *got);

/* The content of the window from the head on, never NULL; and the offset of a position in the input. */
static inline const unsigned char *stream_data(const struct stream *s)
{
    static const unsigned char no_window[1] = {0};
    return s->buffer ? s->buffer + s->head : no_window;
}
static inline size_t stream_size(const struct stream *s)
{
    return s->end - s->head;
}
static inline uint64_t stream_offset(const struct stream *s, size_t position)
{
    return s->head_offset + position + (position >= s->keep ? s->gap : 0);
}

/* ------------------------------------------------------------- search.c */

/* Each returns the first position from i on that matches, or else the end of the search;
 * none reads beyond the n bytes at s. A "From " at the end must be complete. */
size_t search_from(const unsigned char *s, size_t i, size_t n);
size_t search_from_narrow(const unsigned char *s, size_t i, size_t n); /* the same, on any processor */
size_t search_line_end(const unsigned char *s, size_t i, size_t n);    /* LF, CR */
/* A line end that is a line of its own. */
size_t search_blank_line(const unsigned char *s, size_t n);
size_t search_blank_line_narrow(const unsigned char *s, size_t n); /* the same, on any processor */
/* A line that begins with "Content-Length:", before stop. */
size_t search_length_field(const unsigned char *s, size_t i, size_t stop, size_t n);

/* ---------------------------------------------------------- from_line.c */

/* True for "From ADDRESS DATE", without its line end, with a date in any form that mail programs use there (asctime,
 * RFC 5322, ISO 8601). */
bool from_line_is_plausible(struct span line);

/* --------------------------------------------------------------- mbox.c */

struct mbox {
    bool believe_content_length;
    bool started;
    uint64_t range_end;     /* messages from this offset on are left out; 0: none is */
    size_t from_line_bytes; /* of the From line that was found at the head; 0: not known */
    bool behind_from_line;  /* the head is already after the From line of its message */
};

/* MAYBE: more bytes are needed to decide. *line_bytes includes the line end. */
enum from_line { FROM_LINE_NO, FROM_LINE_YES, FROM_LINE_MAYBE };
enum from_line from_line_at(const unsigned char *s, size_t n, bool eof, size_t *line_bytes);
/* Restricts reading to the messages whose From line (or first byte, without one) begins in
 * a range of offsets. The stream must be at the start of its input, Content-Length must
 * not be believed, and begin < end. */
void mbox_start_range(struct mbox *m, struct stream *s, uint64_t begin, uint64_t end);
/* To be called after a message was read: the offset of the next one, after its From line. False if none begins in the
 * range, or if the input ends. */
bool mbox_after(const struct mbox *m, const struct stream *s, uint64_t *offset);
/* Both fill in view, except for index and path. */
bounce_status mbox_next(struct mbox *m, struct stream *s, bounce_view *view);
bounce_status mail_next(struct stream *s, bounce_view *view);

/* ------------------------------------------------------------- folder.c */

struct folder;
/* Of a Maildir, or of a folder of files and folders. Reads nothing yet. */
struct folder *folder_new(const char *path, bool maildir);
void folder_free(struct folder *f);
/* Opens the next regular file; its path is valid until the next call. BOUNCE_END after
 * the last one. BOUNCE_ERROR_IO, with *error_number and *path, for what cannot be opened;
 * the next call continues after it. */
bounce_status folder_next(struct folder *f, const char **path, int *fd, int *error_number);
/* How many results folder_next() would return before BOUNCE_END. Opens no file. */
uint64_t folder_count(const char *path, bool maildir);
/* Restricts folder_next(), before its first call, to a range of these results, counted from 0. */
void folder_set_range(struct folder *f, uint64_t first, uint64_t end);
/* Before the first call: also leaves out the results before this one. */
void folder_skip_to(struct folder *f, uint64_t first);
/* From now on, folder_next() returns only these results, none of which it may have returned before. */
void folder_go_to(struct folder *f, uint64_t first, uint64_t count);
/* False if nothing follows what was returned and requested so far, as far as that is known. */
bool folder_goes_on(const struct folder *f);
/* The number of the last result of folder_next(), counted from 0. */
uint64_t folder_number(const struct folder *f);
/* True if path has cur/ and new/. */
bool folder_is_maildir(const char *path);

#endif
