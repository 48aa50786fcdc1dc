/* SPDX-License-Identifier: MIT */
/*
 * log_kumomta.c - records of KumoMTA's log, one JSON object per line.
 *
 * In: {"type":"Bounce","recipient":...,"response":{"code":550,...}}. Out: entries, one for each recipient.
 * Refused: records that are not about a delivery (Reception, AdminBounce, OOB ...); Rejection is of direction in.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_json.h"
#include "mail/date.h"

#include <stdio.h>
#include <string.h>

static const struct log_dialect *const dialect = &bounce_log_kumomta;

/* Events of sending services have such words, too, but in small letters. */
static int meaning_of(struct span type)
{
    const struct log_word *w = log_word_same(&dialect->outcomes, type);
    return w && memcmp(type.s, w->word.s, type.n) == 0 ? w->meaning : LOG_NO_OUTCOME;
}

/* "5.1.1" */
static struct span enhanced_of(struct arena *a, struct span line)
{
    struct span class_ = log_json(a, line, "response.enhanced_code.class");
    struct span subject = log_json(a, line, "response.enhanced_code.subject");
    struct span detail = log_json(a, line, "response.enhanced_code.detail");
    if (!class_.n || !subject.n || !detail.n || class_.n > 3 || subject.n > 3 || detail.n > 3)
        return span_of(NULL, 0);
    return span_z(
        arena_printf(a, "%.*s.%.*s.%.*s", (int)class_.n, class_.s, (int)subject.n, subject.s, (int)detail.n, detail.s));
}

static void read_reply(struct log_reader *r, struct span line, struct log_entry *e)
{
    struct arena *a = &r->scratch;
    struct span code = log_json(a, line, "response.code"), content = log_json(a, line, "response.content");
    e->status = enhanced_of(a, line);
    e->text = content;
    uint64_t value = log_number(code);
    if (value < 200 || value > 599)
        return;
    e->reply_code = (int)value;
    if (content.n && log_number(content) != value)
        e->text =
            span_z(arena_printf(a, "%d %.*s%s%.*s", e->reply_code, (int)e->status.n, e->status.s ? e->status.s : "",
                                e->status.n ? " " : "", (int)content.n, content.s));
}

static void read_time(struct log_reader *r, struct span line, struct log_entry *e)
{
    struct span stamp = log_json(&r->scratch, line, "timestamp"), created = log_json(&r->scratch, line, "created");
    int64_t seconds;
    if (stamp.n && ascii_is_digit(stamp.s[0]) && !memchr(stamp.s, '-', stamp.n))
        r->time.seconds = (int64_t)(log_number(stamp) % UINT64_C(253402300800));
    else if (stamp.n && date_parse(stamp, &seconds))
        r->time.seconds = seconds;
    if (!created.n || r->time.seconds == INT64_MIN)
        return;
    if (ascii_is_digit(created.s[0]) && !memchr(created.s, '-', created.n))
        seconds = (int64_t)(log_number(created) % UINT64_C(253402300800));
    else if (!date_parse(created, &seconds))
        return;
    if (seconds <= r->time.seconds)
        e->delay_s = r->time.seconds - seconds;
}

/* One reply to several: "recipient":["a@b","c@d"] */
static void add_recipients(struct log_reader *r, struct span line, const struct log_entry *first)
{
    char path[] = "recipient.9999";
    struct span to;
    for (int i = 1; i <= LOG_ENTRIES; i++) {
        snprintf(path, sizeof path, "recipient.%d", i);
        to = log_json(&r->scratch, line, path);
        if (!to.n || !log_has_room(r))
            return;
        struct log_entry *e = &r->entries[r->count++];
        *e = *first;
        e->recipient = to;
    }
}

bool log_read_kumomta(struct log_reader *r, const struct log_head *head)
{
    struct span line = head->message;
    struct arena *a = &r->scratch;
    struct span type = log_json(a, line, "type");
    if (!type.n)
        return false;
    int meaning = meaning_of(type);
    if (meaning == LOG_NO_OUTCOME)
        return log_json(a, line, "queue").n || log_json(a, line, "response.content").s;
    if (!log_json_is_whole(line)) /* the missing part may have the essential values */
        return true;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "kumomta");
    e->inbound = meaning == LOG_INBOUND;
    e->action = e->inbound ? BOUNCE_ACTION_FAILED : (bounce_action)meaning;
    e->expired = log_word_same(&dialect->expired, type);
    e->not_attempted = log_word_same(&dialect->untried, type);
    e->queue_id = log_json(a, line, "id");
    e->recipient = log_json(a, line, "recipient");
    e->sender = log_json(a, line, "sender");
    if (e->action == BOUNCE_ACTION_COMPLAINT) {
        struct span to = log_json(a, line, "feedback_report.supplemental_trace.recipient");
        struct span first = log_json(a, line, "feedback_report.original_rcpt_to");
        e->recipient = to.n ? to : first.n ? first : e->recipient;
    }
    if (!e->recipient.n)
        e->recipient = span_of(NULL, 0);
    e->size = log_number(log_json(a, line, "size"));
    struct span attempts = log_json(a, line, "num_attempts"), command = log_json(a, line, "response.command");
    if (attempts.n && ascii_is_digit(attempts.s[0]))
        e->attempts = (int64_t)(log_number(attempts) % INT32_MAX) + 1;
    const struct log_word *known = log_word_at_front(&dialect->commands, command);
    e->command = known ? (bounce_command)known->meaning : BOUNCE_COMMAND_NONE;
    read_reply(r, line, e);
    read_time(r, line, e);
    struct span address = log_json(a, line, "peer_address.addr"), name = log_json(a, line, "peer_address.name"),
                ignored;
    log_host(address, &ignored, &e->address, &e->port);
    uint64_t no_port;
    log_host(name, &e->remote, &ignored, &no_port);
    add_recipients(r, line, e);
    return true;
}
