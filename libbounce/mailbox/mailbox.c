/* SPDX-License-Identifier: MIT */
/*
 * mailbox.c - bounce_mailbox: files, pipes, folders and memory to messages.
 *
 * In: a path, a descriptor or bytes, and optionally a format. Without one, a folder with cur/ and new/ is a Maildir,
 * any other folder one of mails, a file that begins with a dated From line an mbox, and everything else one mail. Out:
 * views with exact offsets. An empty input has no message. Refused: what cannot be opened or read, a format that does
 * not fit the input, a cap out of range.
 */
#include "mailbox/mailbox.h"

#include "base/error.h"
#include "base/limits.h"
#include "mailbox/mailbox_state.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Line ends before a first From line that find_format() skips. */
enum { BLANK_BYTES_MAX = 16 };

/* ------------------------------------------------------------- opening */

static bounce_status check_arguments(bounce_format format, uint64_t max_message_bytes, bounce_mailbox **mailbox,
                                     bounce_error *error)
{
    if (!mailbox)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "nowhere to store the mailbox");
    *mailbox = NULL;
    if (error)
        *error = (bounce_error){.status = BOUNCE_OK};
    if ((unsigned)format > BOUNCE_FORMAT_FOLDER)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "unknown format");
    /* One byte more than a parser reads is allowed, so that it can see that a message is longer. */
    if (max_message_bytes != 0 &&
        (max_message_bytes < LIMIT_MESSAGE_BYTES_MIN || max_message_bytes > (uint64_t)LIMIT_MESSAGE_BYTES_MAX + 1))
        return error_set_at(error, BOUNCE_ERROR_LIMIT, NULL, "max_message_bytes is out of range");
    return BOUNCE_OK;
}

static bool is_folder_format(bounce_format format)
{
    return format == BOUNCE_FORMAT_MAILDIR || format == BOUNCE_FORMAT_FOLDER;
}

static bounce_mailbox *mailbox_new(const char *path, bounce_format format, uint64_t max_message_bytes)
{
    bounce_mailbox *mb = g_new0(bounce_mailbox, 1);
    mb->format = format;
    mb->path = g_strdup(path);
    stream_init(&mb->stream, (size_t)(max_message_bytes ? max_message_bytes : LIMIT_MESSAGE_BYTES_DEFAULT));
    return mb;
}

/* Mail programs save single messages as ".eml": what looks like a separator in them is
 * text. */
static bool is_named_eml(const char *path)
{
    size_t n = path ? strlen(path) : 0;
    return n > 4 && g_ascii_strcasecmp(path + n - 4, ".eml") == 0;
}

/* To be called when the stream is at the first byte of a file. */
static void begin_file(bounce_mailbox *mb, const char *path)
{
    mb->file_open = true;
    mb->file_path = path;
    mb->index = 0;
    mb->at_file_start = true;
    mb->resolved = is_folder_format(mb->format) ? BOUNCE_FORMAT_AUTO : mb->format;
    if (mb->format == BOUNCE_FORMAT_MAILDIR || (mb->resolved == BOUNCE_FORMAT_AUTO && is_named_eml(path)))
        mb->resolved = BOUNCE_FORMAT_MAIL;
    mb->mbox = (struct mbox){.believe_content_length = mb->resolved != BOUNCE_FORMAT_MBOX};
}

static bounce_mailbox *open_folder(const char *path, bounce_format format, uint64_t max_message_bytes)
{
    if (format == BOUNCE_FORMAT_AUTO)
        format = folder_is_maildir(path) ? BOUNCE_FORMAT_MAILDIR : BOUNCE_FORMAT_FOLDER;
    bounce_mailbox *mb = mailbox_new(path, format, max_message_bytes);
    mb->folder = folder_new(path, format == BOUNCE_FORMAT_MAILDIR);
    return mb;
}

/* The errno of a format that does not fit what is at the path; 0: it fits. */
static int misfit(const struct stat *st, bounce_format format)
{
    if (S_ISDIR(st->st_mode))
        return format == BOUNCE_FORMAT_AUTO || is_folder_format(format) ? 0 : EISDIR;
    return is_folder_format(format) ? ENOTDIR : 0;
}

bounce_status bounce_mailbox_open(const char *path, bounce_format format, uint64_t max_message_bytes,
                                  bounce_mailbox **mailbox, bounce_error *error)
{
    bounce_status status = check_arguments(format, max_message_bytes, mailbox, error);
    if (status != BOUNCE_OK)
        return status;
    if (!path)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "no path");
    struct stat st;
    int wrong = stat(path, &st) == 0 ? misfit(&st, format) : errno;
    if (wrong)
        return mailbox_io_error(error, path, wrong);
    if (S_ISDIR(st.st_mode)) {
        *mailbox = open_folder(path, format, max_message_bytes);
        return BOUNCE_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return mailbox_io_error(error, path, errno);
    bounce_mailbox *mb = *mailbox = mailbox_new(path, format, max_message_bytes);
    if (S_ISREG(st.st_mode))
        stream_open_file(&mb->stream, fd);
    else
        stream_open_fd(&mb->stream, fd, true);
    begin_file(mb, mb->path);
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_open_fd(int fd, const char *path, bounce_format format, uint64_t max_message_bytes,
                                     bounce_mailbox **mailbox, bounce_error *error)
{
    bounce_status status = check_arguments(format, max_message_bytes, mailbox, error);
    if (status != BOUNCE_OK)
        return status;
    if (is_folder_format(format))
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, path, "a descriptor is not a folder");
    struct stat st;
    if (fstat(fd, &st) != 0)
        return mailbox_io_error(error, path, errno);
    if (S_ISDIR(st.st_mode))
        return mailbox_io_error(error, path, EISDIR);
    bounce_mailbox *mb = *mailbox = mailbox_new(path, format, max_message_bytes);
    stream_open_fd(&mb->stream, fd, false);
    begin_file(mb, mb->path);
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_open_memory(const void *bytes, size_t length, bounce_format format,
                                         uint64_t max_message_bytes, bounce_mailbox **mailbox, bounce_error *error)
{
    bounce_status status = check_arguments(format, max_message_bytes, mailbox, error);
    if (status != BOUNCE_OK)
        return status;
    if (is_folder_format(format) || (!bytes && length > 0))
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, bytes ? "memory is not a folder" : "no bytes");
    bounce_mailbox *mb = *mailbox = mailbox_new(NULL, format, max_message_bytes);
    stream_open_memory(&mb->stream, bytes, length);
    begin_file(mb, NULL);
    return BOUNCE_OK;
}

void bounce_mailbox_stop(bounce_mailbox *mailbox)
{
    if (mailbox)
        mailbox->stream.eof = mailbox->stream.raw.stopped = true;
}

void bounce_mailbox_on_wait(bounce_mailbox *mailbox, bounce_mailbox_wait_fn *fn, void *data)
{
    if (!mailbox)
        return;
    mailbox->stream.raw.on_wait = fn;
    mailbox->stream.raw.on_wait_data = data;
}

void bounce_mailbox_close(bounce_mailbox *mailbox)
{
    if (!mailbox)
        return;
    stream_free(&mailbox->stream);
    folder_free(mailbox->folder);
    g_free(mailbox->path);
    g_free(mailbox);
}

/* ------------------------------------------------------------- reading */

/* The format of a file by its first bytes: an mbox begins with a dated From line. */
static bounce_format find_format(struct stream *s)
{
    for (;;) {
        const unsigned char *data = stream_data(s);
        size_t blank = 0, n = stream_size(s), line_bytes, none = 0;
        while (blank < n && blank < BLANK_BYTES_MAX && (data[blank] == '\n' || data[blank] == '\r'))
            blank++;
        /* Without bytes the pointer may be invalid. */
        enum from_line is = n        ? from_line_at(data + blank, n - blank, s->eof, &line_bytes)
                            : s->eof ? FROM_LINE_NO
                                     : FROM_LINE_MAYBE;
        if (is != FROM_LINE_MAYBE)
            return is == FROM_LINE_YES ? BOUNCE_FORMAT_MBOX : BOUNCE_FORMAT_MAIL;
        stream_more(s, &none);
    }
}

/* Moves the stream of a sharded file from its start to the range. False if no message
 * begins there. */
static bool start_range(bounce_mailbox *mb)
{
    uint64_t length;
    if (!stream_length(&mb->stream, &length))
        return false;
    uint64_t begin = mailbox_range_begin(length, mb->shard, mb->shards),
             end = mailbox_range_begin(length, mb->shard + 1, mb->shards);
    mb->mbox.believe_content_length = false;
    if (begin == end || mb->resolved == BOUNCE_FORMAT_MAIL)
        return begin == 0 && begin < end;
    mbox_start_range(&mb->mbox, &mb->stream, begin, end);
    return true;
}

/* Moves the stream to the first message that is wanted. BOUNCE_OK, or why there is none. */
static bounce_status start_file(bounce_mailbox *mb)
{
    const bounce_position *start = &mb->start;
    mb->at_file_start = false;
    if (mb->resolved == BOUNCE_FORMAT_AUTO)
        mb->resolved = find_format(&mb->stream);
    bool inside = start->offset > 0 && mb->mbox.started;
    if (mb->shards && !mb->folder && inside)
        mailbox_limit_range(mb);
    else if (mb->shards && !mb->folder && !start_range(mb))
        return mb->stream.error ? BOUNCE_ERROR_IO : BOUNCE_END;
    if (mailbox_file_number(mb) != start->file)
        return BOUNCE_OK;
    mb->index = start->index;
    if (start->offset == 0)
        return BOUNCE_OK;
    /* Whatever was found at the start of the file or of the shard is no longer at the head. */
    mb->mbox.started = mb->mbox.behind_from_line = true;
    mb->mbox.from_line_bytes = 0;
    return stream_skip_to(&mb->stream, start->offset) ? BOUNCE_OK : BOUNCE_ERROR_IO;
}

static bounce_status next_in_file(bounce_mailbox *mb, bounce_view *view)
{
    bounce_status status = mb->at_file_start ? start_file(mb) : BOUNCE_OK;
    if (status == BOUNCE_OK)
        status =
            mb->resolved == BOUNCE_FORMAT_MAIL ? mail_next(&mb->stream, view) : mbox_next(&mb->mbox, &mb->stream, view);
    if (status != BOUNCE_OK) {
        stream_close(&mb->stream);
        mb->file_open = false;
    }
    return status;
}

/* Opens the next file. BOUNCE_END if there is none. */
static bounce_status next_file(bounce_mailbox *mb, bounce_error *error)
{
    int fd, error_number;
    const char *path = NULL;
    bounce_status status = mb->folder ? folder_next(mb->folder, &path, &fd, &error_number) : BOUNCE_END;
    if (status == BOUNCE_ERROR_IO)
        return mailbox_io_error(error, path, error_number);
    if (status == BOUNCE_OK) {
        stream_open_file(&mb->stream, fd);
        begin_file(mb, path);
    }
    return status;
}

/* Completes a view, and remembers where its message begins. */
static void number_view(bounce_mailbox *mb, bounce_view *view)
{
    bool known = !mb->shards && mb->index != BOUNCE_NO_NUMBER;
    view->path = mb->file_path;
    view->index = known ? mb->index++ : BOUNCE_NO_NUMBER;
    mb->given = (bounce_position){mailbox_file_number(mb), view->offset, view->index};
    if (mb->resolved == BOUNCE_FORMAT_MAIL)
        mb->given.offset = 0;
}

bounce_status bounce_mailbox_next_held(bounce_mailbox *mailbox, bounce_view *view)
{
    if (view)
        *view = (bounce_view){0};
    if (!mailbox || !view || mailbox->folder || !mailbox->file_open || mailbox->at_file_start ||
        mailbox->resolved == BOUNCE_FORMAT_MAIL)
        return BOUNCE_END;
    mailbox->stream.held = true;
    bounce_status status = mbox_next(&mailbox->mbox, &mailbox->stream, view);
    mailbox->stream.held = false;
    if (mailbox->stream.error == EAGAIN)
        mailbox->stream.error = 0;
    if (status != BOUNCE_OK)
        return BOUNCE_END;
    number_view(mailbox, view);
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_next(bounce_mailbox *mailbox, bounce_view *view, bounce_error *error)
{
    if (view)
        *view = (bounce_view){0};
    if (!mailbox || !view)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, mailbox ? "nowhere to store the view" : "no mailbox");
    mailbox->begun = true;
    for (;;) {
        bounce_status status = mailbox->file_open ? BOUNCE_OK : next_file(mailbox, error);
        if (status != BOUNCE_OK)
            return status;
        status = next_in_file(mailbox, view);
        if (status == BOUNCE_ERROR_IO && mailbox->stream.error)
            return mailbox_io_error(error, mailbox->file_path, mailbox->stream.error);
        if (status != BOUNCE_OK && mailbox->stream.raw.wrong[0]) /* after the messages before it */
            return error_set_at(error, BOUNCE_ERROR_IO, mailbox->file_path, mailbox->stream.raw.wrong);
        if (status == BOUNCE_OK) {
            number_view(mailbox, view);
            return BOUNCE_OK;
        }
    }
}
