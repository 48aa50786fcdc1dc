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
    const char *path;
    uint64_t bad_lines;
    uint32_t in_batch;
};

static void tell(struct sending_reader *r, uint64_t number, const char *problem)
{
    char subject[4200];
    snprintf(subject, sizeof subject, "%s:%llu", strcmp(r->path, "-") == 0 ? "standard input" : r->path,
             (unsigned long long)number);
    complain(subject, problem);
    r->bad_lines++;
}

/* By its Message-ID, and by its return path, which is of no message: it must not be counted twice. */
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

static void put(struct sending_reader *r, uint64_t number, const char *line, size_t length)
{
    struct session *s = r->session;
    struct sending sending;
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    const char *problem = sending_read(line, length, s->settings->now, &sending);
    if (!problem && bounce_address_key(sending.address, key, sizeof key, NULL) != BOUNCE_OK)
        problem = "not an address";
    if (!problem && r->in_batch == 0)
        db_begin(s->db);
    if (!problem && !put_sending(s, &sending, key))
        problem = strerror(ENOMEM);
    if (problem) {
        tell(r, number, problem);
        return;
    }
    /* Strikes may fade now: the next run that looks at the time works it out. */
    db_do(s->db, SQL_tick_sent, "ti", key, sending.at > 0 ? sending.at : 1);
    if (++r->in_batch == s->settings->batch) {
        db_commit(s->db);
        r->in_batch = 0;
    }
}

static void read_file(struct sending_reader *r)
{
    struct lines lines;
    char *line;
    size_t length;
    enum line_result result;
    if (!lines_open(&lines, r->path)) {
        complain(r->path, strerror(lines.error_number));
        r->bad_lines++;
        return;
    }
    while (!db_problem(r->session->db) && (result = lines_next(&lines, true, &line, &length)) != LINE_END)
        if (result == LINE_TOO_LONG)
            tell(r, lines.number, "the line is too long");
        else if (length > 0)
            put(r, lines.number, line, length);
    lines_close(&lines);
}

int command_sent(struct session *s)
{
    struct sending_reader r = {.session = s, .path = "-"};
    if (s->settings->count == 1)
        read_file(&r);
    for (size_t i = 1; i < s->settings->count; i++) {
        r.path = s->settings->arguments[i];
        read_file(&r);
    }
    if (r.in_batch)
        db_commit(s->db);
    return session_status(s, r.bad_lines ? EXIT_READ_OR_WRITE : 0);
}
