/* SPDX-License-Identifier: MIT */
/*
 * sent.c - the command sent: mails that were sent.
 *
 * In: lines of JSON. Out: the table used to find the address of a verdict without one, and to tell the guard how many
 * were sent. Refused: bad lines, each with its number; the rest is recorded, and the exit status is 1.
 */
#include "commands/sent.h"

#include "lines/lines.h"
#include "lines/sending.h"
#include "output/complain.h"
#include "store/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sending_reader {
    struct session *session;
    bool has_bad; /* a line or a file was bad */
    uint32_t in_batch;
};

static void tell(struct sending_reader *r, const struct lines *lines, const char *problem)
{
    lines_complain(lines, problem);
    r->has_bad = true;
}

static void end_batch(struct sending_reader *r)
{
    if (r->in_batch)
        db_commit(r->session->db);
    r->in_batch = 0;
}

/* Stores the mail under its Message-ID and under its return path; the second row has no message, so that the mail is
 * not counted twice. */
static bool put_sending(struct session *s, const struct sending *sending, const char *key)
{
    char path[SENT_PATH_BYTES], path_key[BOUNCE_ADDRESS_KEY_BYTES];
    char *scope = *sending->scope ? whole_scope(sending->scope) : strdup("");
    if (!scope)
        return false;
    db_do(s->db, SQL_put_sent, "ttiti", sending->id, key, sending->at, scope, bounce_message_key(sending->id));
    if (*sending->return_path &&
        bounce_address_key(sending->return_path, path_key, sizeof path_key, NULL) == BOUNCE_OK) {
        sent_path(path_key, path);
        db_do(s->db, SQL_put_sent, "ttiti", path, key, sending->at, scope, (int64_t)0);
    }
    free(scope);
    return true;
}

static void put(struct sending_reader *r, const struct lines *lines, const char *line, size_t length)
{
    struct session *s = r->session;
    struct sending sending;
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    const char *problem = sending_read(line, length, s->settings->now, &sending);
    if (!problem && bounce_address_key(sending.address, key, sizeof key, NULL) != BOUNCE_OK)
        problem = "not an address";
    if (!problem && r->in_batch++ == 0)
        db_begin(s->db);
    if (!problem && !put_sending(s, &sending, key))
        problem = strerror(ENOMEM);
    if (problem) {
        tell(r, lines, problem);
        return;
    }
    /* Strikes may fade now: the next run that updates the states by time computes it. */
    db_do(s->db, SQL_tick_sent, "ti", key, sending.at > 0 ? sending.at : 1);
    if (r->in_batch >= s->settings->batch)
        end_batch(r);
}

static void read_file(struct sending_reader *r, const char *path)
{
    struct lines lines;
    char *line;
    size_t length;
    enum line_result result;
    if (!lines_open(&lines, path)) {
        r->has_bad = true;
        return;
    }
    while (!db_problem(r->session->db) && (result = lines_next(&lines, false, &line, &length)) != LINE_END)
        if (result == LINE_NONE_YET) /* do not keep other writers waiting for slow input */
            end_batch(r);
        else if (result == LINE_TOO_LONG)
            tell(r, &lines, "the line is too long");
        else if (!line_is_blank(line))
            put(r, &lines, line, length);
    end_batch(r);
    if (!lines_close(&lines))
        r->has_bad = true;
}

int command_sent(struct session *s)
{
    struct sending_reader r = {.session = s};
    if (s->settings->count == 1)
        read_file(&r, "-");
    for (size_t i = 1; i < s->settings->count; i++)
        read_file(&r, s->settings->arguments[i]);
    return session_status(s, r.has_bad ? EXIT_READ_OR_WRITE : 0);
}
