/* SPDX-License-Identifier: MIT */
/*
 * places.c - parts of a mailbox, and positions in it.
 *
 * In: the number of a part, or a position. Out: a mailbox that returns what is there; and the position of the last
 * message returned, or of the next one. Refused: parts and positions of what cannot be seeked, and those beyond the
 * end.
 */
#include "mailbox/mailbox_state.h"

uint64_t mailbox_file_number(const bounce_mailbox *mb)
{
    return mb->folder ? folder_number(mb->folder) : 0;
}

uint64_t mailbox_range_begin(uint64_t length, uint32_t shard, uint32_t shards)
{
    return length / shards * shard + length % shards * shard / shards;
}

void mailbox_limit_range(bounce_mailbox *mb)
{
    uint64_t length;
    mb->mbox.believe_content_length = false;
    if (stream_length(&mb->stream, &length))
        mb->mbox.range_end = mailbox_range_begin(length, mb->shard + 1, mb->shards);
}

bounce_status bounce_mailbox_set_shard(bounce_mailbox *mailbox, uint32_t shard, uint32_t shards, bounce_error *error)
{
    uint64_t length = 0;
    if (!mailbox || shard >= shards || mailbox->begun)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "no such shard, or too late for one");
    if (mailbox->format == BOUNCE_FORMAT_MBOXCL)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, mailbox->path,
                            "shards go by From lines, not by Content-Length");
    if (!mailbox->folder)
        raw_look(&mailbox->stream.raw);
    if (!mailbox->folder && !stream_length(&mailbox->stream, &length))
        return error_set_at(error, BOUNCE_ERROR_IO, mailbox->path,
                            mailbox->stream.raw.packing ? "compressed input cannot be read in shards; unpack it first"
                                                        : "only a file or folder can be read in shards");
    if (mailbox->folder) {
        length = folder_count(mailbox->path, mailbox->format == BOUNCE_FORMAT_MAILDIR);
        folder_set_range(mailbox->folder, mailbox_range_begin(length, shard, shards),
                         mailbox_range_begin(length, shard + 1, shards));
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
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "no position, or too late for one");
    if (!mailbox->folder && position->file > 0)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, mailbox->path, "not a folder: it has no file to begin at");
    if (!mailbox->folder)
        raw_look(&mailbox->stream.raw);
    if (!mailbox->folder && stream_length(&mailbox->stream, &length) && position->offset > length)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, mailbox->path, "the start is beyond the end");
    if (mailbox->folder)
        folder_skip_to(mailbox->folder, position->file);
    mailbox->start = mailbox->given = *position;
    return BOUNCE_OK;
}

bounce_status bounce_mailbox_go_to(bounce_mailbox *mailbox, const bounce_position *position, size_t most,
                                   bounce_error *error)
{
    if (!mailbox || !position || most == 0)
        return error_set_at(error, BOUNCE_ERROR_ARGUMENT, NULL, "no position");
    struct stream *s = &mailbox->stream;
    if (!mailbox->folder)
        raw_look(&s->raw);
    if (!mailbox->folder && (!mailbox->file_open || !raw_can_seek(&s->raw)))
        return error_set_at(error, BOUNCE_ERROR_IO, mailbox->path, "only a file or folder can be read from anywhere");
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
    mailbox->mbox =
        (struct mbox){.believe_content_length = mailbox->format != BOUNCE_FORMAT_MBOX, .started = position->offset > 0};
    stream_seek(s, 0);
    return BOUNCE_OK;
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
        *position = (bounce_position){mailbox_file_number(mailbox), offset,
                                      mailbox->shards ? BOUNCE_NO_NUMBER : mailbox->index};
    else if (mailbox->folder)
        position->file = folder_number(mailbox->folder) + 1;
    return inside || (mailbox->folder && folder_goes_on(mailbox->folder));
}

void bounce_mailbox_position(const bounce_mailbox *mailbox, bounce_position *position)
{
    if (position)
        *position = mailbox ? mailbox->given : (bounce_position){0};
}
