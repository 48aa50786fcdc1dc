/* SPDX-License-Identifier: MIT */
/*
 * mail_ranges.c - the rest of a mailbox or folder, read by workers.
 *
 * In: an open mailbox, after its first messages. Out: the others, passed on in ranges: for a file the messages in one
 * read of some hundred kilobytes, for a folder some files. A range of a file is split into messages before the next one
 * is taken, so each begins at a message with a known number; the files of a folder need not be opened for that.
 * Refused: what cannot be seeked; the caller then reads on.
 */
#include "input/mail_ranges.h"

#include "input/mail_file.h"
#include "jobs/interrupt.h"

#include <stdio.h>
#include <string.h>

enum {
    RANGE_BYTES_MOST = 256 * 1024, /* see bounce_mailbox_go_to(): reading a range again must return the same messages */
    RANGE_BYTES_LEAST = 64 * 1024,
    RANGES_PER_WORKER = 8, /* at least, for the rest of the input, so that all workers end at about the same time */
    RANGE_MAILS = 256,
    RANGE_FILES = 32
};

struct mail_ranges {
    struct mail_input *input;
    uint32_t workers;
    struct mail_options options;    /* for a worker that opens the input again */
    bounce_view views[RANGE_MAILS]; /* the current range of a file */
    size_t count, given;
    bool is_wrong, ended;
    bounce_error error;
    char wrong[320];
};

static bool is_folder(const struct mail_ranges *m)
{
    return m->input->fd < 0;
}

/* A worker inherits only the descriptor of a file; it must open a folder again. */
static void begin(void *data)
{
    struct mail_ranges *m = data;
    if (!is_folder(m))
        return;
    m->options = *m->input->options;
    m->options.start = NULL;
    mail_input_close(m->input);
    m->input->options = &m->options;
    m->is_wrong = mail_input_open(m->input, &m->error) != BOUNCE_OK;
}

/* How much to read at once. It depends only on the place, so that the same range can be read again. */
static size_t range_bytes(const struct mail_ranges *m, uint64_t offset)
{
    uint64_t left = m->input->length > offset ? m->input->length - offset : 0;
    uint64_t n = left / ((uint64_t)m->workers * RANGES_PER_WORKER);
    return n < RANGE_BYTES_LEAST ? RANGE_BYTES_LEAST : n > RANGE_BYTES_MOST ? RANGE_BYTES_MOST : (size_t)n;
}

static bool take_file(struct mail_ranges *m, const bounce_position *from, bounce_position *next)
{
    bounce_mailbox *mailbox = m->input->mailbox;
    m->count = m->given = 0;
    bounce_status status = bounce_mailbox_go_to(mailbox, from, range_bytes(m, from->offset), &m->error);
    if (status == BOUNCE_OK)
        status = bounce_mailbox_next(mailbox, &m->views[0], &m->error);
    m->is_wrong = status != BOUNCE_OK && status != BOUNCE_END;
    while (status == BOUNCE_OK && ++m->count < RANGE_MAILS)
        status = bounce_mailbox_next_held(mailbox, &m->views[m->count]);
    return !m->is_wrong && bounce_mailbox_after(mailbox, next);
}

static bool take(void *data, const bounce_position *from, bounce_position *next)
{
    struct mail_ranges *m = data;
    if (!is_folder(m))
        return take_file(m, from, next);
    if (!m->is_wrong)
        m->is_wrong = bounce_mailbox_go_to(m->input->mailbox, from, RANGE_FILES, &m->error) != BOUNCE_OK;
    *next = (bounce_position){.file = from->file + RANGE_FILES};
    return !m->is_wrong;
}

static void tell_error(struct mail_ranges *m, struct job_item *item)
{
    *item = (struct job_item){.wrong = m->error.message,
                              .subject = m->input->path ? NULL : "standard input",
                              .source = {.index = BOUNCE_NO_NUMBER, .offset = BOUNCE_NO_NUMBER}};
}

/* Also decides whether it is a mail at all. */
static void fill_item(struct mail_ranges *m, const bounce_view *view, struct job_item *item)
{
    mail_file_item(view, item);
    const char *log = mail_input_is_log(view);
    if (!log)
        return;
    snprintf(m->wrong, sizeof m->wrong, "%s%s%s", view->path ? view->path : "", view->path ? ": " : "", log);
    item->wrong = m->wrong;
    item->subject = view->path ? NULL : "standard input";
    item->is_last = true;
}

static bool next_of_file(struct mail_ranges *m, struct job_item *item)
{
    if (m->given == m->count && !m->is_wrong)
        return false;
    if (m->given == m->count) {
        tell_error(m, item);
        m->is_wrong = false;
        return true;
    }
    const bounce_view *view = &m->views[m->given++];
    fill_item(m, view, item);
    item->at = (bounce_position){0, view->offset, view->index};
    return true;
}

static bool next_of_folder(struct mail_ranges *m, struct job_item *item)
{
    bounce_view view;
    bounce_status status = m->is_wrong ? BOUNCE_END : bounce_mailbox_next(m->input->mailbox, &view, &m->error);
    if (status == BOUNCE_END)
        m->ended = m->is_wrong || !bounce_mailbox_after(m->input->mailbox, NULL);
    else if (status != BOUNCE_OK)
        tell_error(m, item);
    else
        fill_item(m, &view, item);
    if (status != BOUNCE_END)
        bounce_mailbox_position(m->input->mailbox, &item->at);
    return status != BOUNCE_END;
}

static bool next(void *data, struct job_item *item)
{
    struct mail_ranges *m = data;
    return is_folder(m) ? next_of_folder(m, item) : next_of_file(m, item);
}

static bool ended(void *data)
{
    const struct mail_ranges *m = data;
    return m->ended;
}

bool mail_ranges_read(struct jobs *j, struct mail_input *input)
{
    static struct mail_ranges m;
    const struct job_source source = {&m, input->fd, begin, take, next, ended};
    bounce_position at;
    if (!bounce_mailbox_after(input->mailbox, &at) ||
        bounce_mailbox_go_to(input->mailbox, &at, SIZE_MAX, NULL) != BOUNCE_OK)
        return false;
    m.input = input;
    m.workers = jobs_workers(j);
    m.count = m.given = 0;
    m.is_wrong = m.ended = false;
    if (jobs_read(j, &source, &at))
        return true;
    bounce_mailbox_go_to(input->mailbox, &at, SIZE_MAX, NULL);
    return false;
}
