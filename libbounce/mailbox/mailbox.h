/* SPDX-License-Identifier: MIT */
/*
 * mailbox.h - the parts of the splitter, seen by mailbox*.c and its tests only.
 *
 *     mailbox.c         the public functions; which format an input is
 *     folder.c  the files of a Maildir or folder, one after the other
 *     mbox.c    where a message of an mbox begins and ends
 *     search.c  where in many bytes a few that matter stand
 *     from_line.c    whether a line is a From line with a date
 *     io.c      the window over a file, pipe or memory
 *
 * Positions inside the window count from the first byte of the message at hand
 * (its head), so that moving the window's bytes does not change them. All that
 * one range of a file needs stands in struct stream and struct mbox: to read
 * ranges of one file side by side, give each its own pair.
 */
#ifndef BOUNCE_MAILBOX_MAILBOX_H
#define BOUNCE_MAILBOX_MAILBOX_H

#include "base/arena.h"
#include "bounce.h"

/* ------------------------------------------------------- io.c */

/* Bytes before a position that stay visible when the middle of a long message
 * is dropped: enough to see a blank line in front of it. */
enum { STREAM_LOOK_BEHIND = 4 };

struct stream {
    int fd; /* -1: memory */
    bool owns_fd;
    bool random_access; /* pread(2) works */
    uint64_t fd_origin; /* where the input begins in the file */
    const unsigned char *memory;
    size_t memory_length;
    uint64_t taken; /* bytes read from the input so far */
    unsigned char *buffer;
    size_t capacity, keep;           /* allocated; bytes of a message that are kept */
    size_t head, end;                /* the message at hand begins at head; data ends at end */
    uint64_t head_offset;            /* of buffer[head], in the input */
    uint64_t gap;                    /* bytes dropped behind head + keep */
    bounce_mailbox_wait_fn *on_wait; /* before reads that may wait; or NULL */
    void *on_wait_data;
    bool eof;
    int error; /* errno of a read that failed, or 0 */
};

/* keep_bytes: of each message, from its front. */
void stream_init(struct stream *s, size_t keep_bytes);
void stream_close(struct stream *s); /* the input; the buffer stays for the next one */
void stream_free(struct stream *s);
void stream_open_fd(struct stream *s, int fd, bool owns_fd);
/* A regular file that was opened just now; it is closed with the stream. */
void stream_open_file(struct stream *s, int fd);
void stream_open_memory(struct stream *s, const void *bytes, size_t length);
/* Reads on: false at the end of the input or after an error. Bytes more than
 * STREAM_LOOK_BEHIND before *position may be dropped if they are not to be
 * kept; *position moves with the byte that it stands for. */
bool stream_more(struct stream *s, size_t *position);
/* Goes to an offset of a file or of memory: it becomes the head. False, with
 * the error set, if the file cannot be positioned. */
bool stream_seek(struct stream *s, uint64_t offset);
/* Bytes of the whole input; false if it cannot be positioned. */
bool stream_length(const struct stream *s, uint64_t *length);
/* The byte at position becomes the head. */
void stream_advance(struct stream *s, size_t position);
/* Copies up to n bytes that stand at an offset of the input at or behind the
 * head. False if these cannot be seen from here without dropping bytes. */
bool stream_peek(struct stream *s, uint64_t offset, unsigned char *out, size_t n, size_t *got);

/* What the window holds from the head on, and where a position in it stands in
 * the input. */
static inline const unsigned char *stream_data(const struct stream *s)
{
    return s->buffer + s->head;
}
static inline size_t stream_size(const struct stream *s)
{
    return s->end - s->head;
}
static inline uint64_t stream_offset(const struct stream *s, size_t position)
{
    return s->head_offset + position + (position >= s->keep ? s->gap : 0);
}

/* --------------------------------------------------- search.c */

/* Each gives the first position that fits, or the end of where it searches; of
 * n bytes none behind is read. "From " must be whole. */
size_t search_from(const unsigned char *s, size_t i, size_t n);
size_t search_from_narrow(const unsigned char *s, size_t i, size_t n); /* the same on any processor */
size_t search_line_end(const unsigned char *s, size_t i, size_t n);    /* LF, CR */
/* The line end that is all of its line. */
size_t search_blank_line(const unsigned char *s, size_t n);
/* A line that begins with "Content-Length:", from i on and before stop. */
size_t search_length_field(const unsigned char *s, size_t i, size_t stop, size_t n);

/* ----------------------------------------------------- from_line.c */

/* True for "From ADDRESS DATE" without its line end, in any of the forms of
 * date that mail programs write there (asctime, RFC 5322, ISO 8601). */
bool from_line_is_plausible(struct span line);

/* ----------------------------------------------------- mbox.c */

struct mbox {
    bool believe_content_length;
    bool started;
    uint64_t range_end;     /* no message that begins there or behind it is given; 0: all are */
    size_t from_line_bytes; /* of the From line that was found at the head; 0: none was looked for */
};

/* MAYBE: more bytes are needed to tell. *line_bytes counts the line end in. */
enum from_line { FROM_LINE_NO, FROM_LINE_YES, FROM_LINE_MAYBE };
enum from_line from_line_at(const unsigned char *s, size_t n, bool eof, size_t *line_bytes);
/* From here on, only the messages whose From line (or first byte, without one)
 * begins in this range of offsets. The stream stands at the start of its input,
 * Content-Length is not believed, and begin < end. */
void mbox_start_range(struct mbox *m, struct stream *s, uint64_t begin, uint64_t end);
/* Both fill all of view but index and path. */
bounce_status mbox_next(struct mbox *m, struct stream *s, bounce_view *view);
bounce_status mail_next(struct stream *s, bounce_view *view);

/* --------------------------------------------------- folder.c */

struct folder;
/* A Maildir, or a folder of files and folders; nothing is read yet. */
struct folder *folder_new(const char *path, bool maildir);
void folder_free(struct folder *f);
/* The next regular file, opened: its path stays valid until the next call.
 * BOUNCE_END behind the last; BOUNCE_ERROR_IO with *error_number for what
 * cannot be opened (also named by *path), after which it goes on. */
bounce_status folder_next(struct folder *f, const char **path, int *fd, int *error_number);
/* How many times folder_next() would not return BOUNCE_END. Opens no file. */
uint64_t folder_count(const char *path, bool maildir);
/* Only these of them, counted from 0; to be called before folder_next(). */
void folder_set_range(struct folder *f, uint64_t first, uint64_t end);
/* cur/ and new/ are there. */
bool folder_is_maildir(const char *path);

#endif
