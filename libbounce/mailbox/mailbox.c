/* SPDX-License-Identifier: MIT */
/*
 * mailbox.c - bounce_mailbox: files, pipes, folders and memory to messages.
 *
 * In: a path, a descriptor or bytes, and perhaps a format. Without one, a folder
 * with cur/ and new/ is a Maildir, any other folder one of mails, what begins with
 * a dated From line is an mbox, and everything else is one mail. Out: views with
 * exact offsets. An empty input has no message. Refused: what cannot be opened or
 * read, a format that does not fit the input, a cap out of range.
 */
#define _GNU_SOURCE 1 /* strerrordesc_np() */
#include "mailbox/mailbox.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Line ends before a first From line that find_format() skips. */
enum { BLANK_BYTES_MAX = 16 };

struct bounce_mailbox {
    bounce_format format;   /* the caller's; AUTO is resolved for each file */
    bounce_format resolved; /* of the file at hand; AUTO: not known yet */
    struct stream stream;
    struct mbox mbox;
    struct folder *folder; /* NULL: one input */
    char *path;            /* of one input, or NULL */
    const char *file_path; /* of the file at hand, or NULL */
    uint64_t index;
    bool file_open;
    bool begun;             /* bounce_mailbox_next() was called */
    bool at_file_start;     /* of the file at hand nothing was given yet */
    bounce_position start;  /* where to begin */
    bounce_position given;  /* the message that was given last */
    uint32_t shard, shards; /* shards 0: all is read */
};

/* -------------------------------------------------------------- errors */

static const char *describe(int error_number)
{
#ifdef __GLIBC__
    /* Not strerror(): the same words under every locale. */
    const char *text = strerrordesc_np(error_number);
    return text ? text : "unknown error";
#else
    return g_strerror(error_number);
#endif
}

/* Sets "path: reason" as one line of UTF-8, or "reason" if there is no path. Of a path
 * that is too long the end is shown. Returns status. */
static bounce_status set_error(bounce_error *error, bounce_status status, const char *path, const char *reason)
{
    if (!error)
        return status;
    *error = (bounce_error){.status = status};
    if (!path) {
        g_strlcpy(error->message, reason, sizeof error->message);
        return status;
    }
    char *shown = g_utf8_make_valid(path, -1);
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    size_t room = sizeof error->message - strlen(reason) - sizeof ": ";
    const char *from = shown;
    if (strlen(shown) > room) {
        from += strlen(shown) - (room - strlen("..."));
        while (utf8_is_tail(*from))
            from++;
    }
    g_snprintf(error->message, sizeof error->message, "%s%s: %s", from == shown ? "" : "...", from, reason);
    g_free(shown);
    return status;
}

static bounce_status set_io_error(bounce_error *error, const char *path, int error_number)
{
    return set_error(error, BOUNCE_ERROR_IO, path, describe(error_number));
}

/* ------------------------------------------------------------- opening */

static bounce_status check_arguments(bounce_format format, uint64_t max_message_bytes, bounce_mailbox **mailbox,
                                     bounce_error *error)
{
    if (!mailbox)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "nowhere to store the mailbox");
    *mailbox = NULL;
    if (error)
        *error = (bounce_error){.status = BOUNCE_OK};
    if ((unsigned)format > BOUNCE_FORMAT_FOLDER)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "unknown format");
    /* One byte more than a parser takes is allowed, so that it can see that a message is
     * longer. */
    if (max_message_bytes != 0 &&
        (max_message_bytes < LIMIT_MESSAGE_BYTES_MIN || max_message_bytes > (uint64_t)LIMIT_MESSAGE_BYTES_MAX + 1))
        return set_error(error, BOUNCE_ERROR_LIMIT, NULL, "max_message_bytes is out of range");
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
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "no path");
    struct stat st;
    int wrong = stat(path, &st) == 0 ? misfit(&st, format) : errno;
    if (wrong)
        return set_io_error(error, path, wrong);
    if (S_ISDIR(st.st_mode)) {
        *mailbox = open_folder(path, format, max_message_bytes);
        return BOUNCE_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return set_io_error(error, path, errno);
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
        return set_error(error, BOUNCE_ERROR_ARGUMENT, path, "a descriptor is not a folder");
    struct stat st;
    if (fstat(fd, &st) != 0)
        return set_io_error(error, path, errno);
    if (S_ISDIR(st.st_mode))
        return set_io_error(error, path, EISDIR);
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
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, bytes ? "memory is not a folder" : "no bytes");
    bounce_mailbox *mb = *mailbox = mailbox_new(NULL, format, max_message_bytes);
    stream_open_memory(&mb->stream, bytes, length);
    begin_file(mb, NULL);
    return BOUNCE_OK;
}

/* The offset at which a shard begins; for shard == shards, the end of the last one. */
static uint64_t range_begin(uint64_t length, uint32_t shard, uint32_t shards)
{
    return length / shards * shard + length % shards * shard / shards;
}

bounce_status bounce_mailbox_set_shard(bounce_mailbox *mailbox, uint32_t shard, uint32_t shards, bounce_error *error)
{
    uint64_t length = 0;
    if (!mailbox || shard >= shards || mailbox->begun)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "no such shard, or too late for one");
    if (mailbox->format == BOUNCE_FORMAT_MBOXCL)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, mailbox->path, "shards go by From lines, not by Content-Length");
    if (!mailbox->folder)
        raw_look(&mailbox->stream.raw);
    if (!mailbox->folder && !stream_length(&mailbox->stream, &length))
        return set_error(error, BOUNCE_ERROR_IO, mailbox->path,
                         mailbox->stream.raw.packing ? "what is compressed cannot be read in shards; unpack it first"
                                                     : "only a file or folder can be read in shards");
    if (mailbox->folder) {
        length = folder_count(mailbox->path, mailbox->format == BOUNCE_FORMAT_MAILDIR);
        folder_set_range(mailbox->folder, range_begin(length, shard, shards), range_begin(length, shard + 1, shards));
        folder_skip_to(mailbox->folder, mailbox->start.file);
    }
    mailbox->shard = shard;
    mailbox->shards = shards;
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_set_start(bounce_mailbox *mailbox, const bounce_position *position, bounce_error *error)
{
    uint64_t length = 0;
    if (!mailbox || !position || mailbox->begun)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "no position, or too late for one");
    if (!mailbox->folder && position->file > 0)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, mailbox->path, "this is no folder, and has no file to begin at");
    if (!mailbox->folder)
        raw_look(&mailbox->stream.raw);
    if (!mailbox->folder && stream_length(&mailbox->stream, &length) && position->offset > length)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, mailbox->path, "the start is beyond the end");
    if (mailbox->folder)
        folder_skip_to(mailbox->folder, position->file);
    mailbox->start = mailbox->given = *position;
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_go_to(bounce_mailbox *mailbox, const bounce_position *position, size_t most,
                                   bounce_error *error)
{
    if (!mailbox || !position || most == 0)
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, "no position");
    struct stream *s = &mailbox->stream;
    if (!mailbox->folder)
        raw_look(&s->raw);
    if (!mailbox->folder && (!mailbox->file_open || !raw_can_seek(&s->raw)))
        return set_error(error, BOUNCE_ERROR_IO, mailbox->path, "only a file or folder can be read from anywhere");
    mailbox->begun = true;
    mailbox->start = mailbox->given = *position;
    if (mailbox->folder) {
        if (mailbox->file_open)
            stream_close(s);
        mailbox->file_open = false;
        folder_go_to(mailbox->folder, position->file, most);
        return BOUNCE_OK;
    }
    s->error = 0;
    s->at_once = most;
    mailbox->at_file_start = true;
    mailbox->mbox = (struct mbox){.believe_content_length = mailbox->format != BOUNCE_FORMAT_MBOX,
                                  .started = position->offset > 0};
    stream_seek(s, 0);
    return BOUNCE_OK;
}

void bounce_mailbox_position(const bounce_mailbox *mailbox, bounce_position *position)
{
    if (position)
        *position = mailbox ? mailbox->given : (bounce_position){0};
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
        /* Where there is no byte there may be no memory to point at either. */
        enum from_line is = n        ? from_line_at(data + blank, n - blank, s->eof, &line_bytes)
                            : s->eof ? FROM_LINE_NO
                                     : FROM_LINE_MAYBE;
        if (is != FROM_LINE_MAYBE)
            return is == FROM_LINE_YES ? BOUNCE_FORMAT_MBOX : BOUNCE_FORMAT_MAIL;
        stream_more(s, &none);
    }
}

/* Of a sharded file, the stream will be inside the range. */
static void limit_range(bounce_mailbox *mb)
{
    uint64_t length;
    mb->mbox.believe_content_length = false;
    if (stream_length(&mb->stream, &length))
        mb->mbox.range_end = range_begin(length, mb->shard + 1, mb->shards);
}

/* Moves the stream of a sharded file from its start to the range. False if no message
 * begins there. */
static bool start_range(bounce_mailbox *mb)
{
    uint64_t length;
    if (!stream_length(&mb->stream, &length))
        return false;
    uint64_t begin = range_begin(length, mb->shard, mb->shards), end = range_begin(length, mb->shard + 1, mb->shards);
    mb->mbox.believe_content_length = false;
    if (begin == end || mb->resolved == BOUNCE_FORMAT_MAIL)
        return begin == 0 && begin < end;
    mbox_start_range(&mb->mbox, &mb->stream, begin, end);
    return true;
}

/* The number of the file at hand in its folder. */
static uint64_t file_number(const bounce_mailbox *mb)
{
    return mb->folder ? folder_number(mb->folder) : 0;
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
        limit_range(mb);
    else if (mb->shards && !mb->folder && !start_range(mb))
        return mb->stream.error ? BOUNCE_ERROR_IO : BOUNCE_END;
    if (file_number(mb) != start->file)
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
        return set_io_error(error, path, error_number);
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
    mb->given = (bounce_position){file_number(mb), view->offset, view->index};
    if (mb->resolved == BOUNCE_FORMAT_MAIL)
        mb->given.offset = 0;
}

bool bounce_mailbox_after(const bounce_mailbox *mailbox, bounce_position *position)
{
    bounce_position none;
    if (!position)
        position = &none;
    *position = (bounce_position){0};
    if (!mailbox)
        return false;
    uint64_t offset;
    bool inside = mailbox->file_open && mailbox->resolved != BOUNCE_FORMAT_MAIL && !mailbox->at_file_start &&
                  mbox_after(&mailbox->mbox, &mailbox->stream, &offset);
    if (inside)
        *position =
            (bounce_position){file_number(mailbox), offset, mailbox->shards ? BOUNCE_NO_NUMBER : mailbox->index};
    else if (mailbox->folder)
        position->file = folder_number(mailbox->folder) + 1;
    return inside || (mailbox->folder && folder_goes_on(mailbox->folder));
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
        return set_error(error, BOUNCE_ERROR_ARGUMENT, NULL, mailbox ? "nowhere to store the view" : "no mailbox");
    mailbox->begun = true;
    for (;;) {
        bounce_status status = mailbox->file_open ? BOUNCE_OK : next_file(mailbox, error);
        if (status != BOUNCE_OK)
            return status;
        status = next_in_file(mailbox, view);
        if (status == BOUNCE_ERROR_IO && mailbox->stream.error)
            return set_io_error(error, mailbox->file_path, mailbox->stream.error);
        if (status != BOUNCE_OK && mailbox->stream.raw.wrong[0]) /* behind the messages in front of it */
            return set_error(error, BOUNCE_ERROR_IO, mailbox->file_path, mailbox->stream.raw.wrong);
        if (status == BOUNCE_OK) {
            number_view(mailbox, view);
            return BOUNCE_OK;
        }
    }
}
