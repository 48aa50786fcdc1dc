/* SPDX-License-Identifier: MIT */
/*
 * log_courier.c - lines of the Courier mail server.
 *
 * In: "courieresmtp: id=...,from=<a@b>,addr=<c@d>: 550 User unknown", then the same with ",status: failure" or
 * ",success: delivered: mx.example.net [192.0.2.1]". Out: an entry when the status is known, with the text of the line
 * before. courieresmtpd and courierd, which receive mail, say nothing about a delivery. Refused: other lines.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_messages.h"

static const struct log_dialect *const dialect = &bounce_log_courier;

static void read_end(struct log_reader *r, struct span rest)
{
    struct span id = log_field(rest, ",", "id");
    if (id.n)
        log_add(r, LOG_END, "courier")->queue_id = id;
}

/* Takes the fields off the front; after the last one, "addr=<joe@example.net>: 550 no such user", is the outcome. */
static void read_fields(struct span *rest, struct span values[LOG_KEYS])
{
    enum log_key key;
    struct span value;
    while (log_next_key(dialect, rest, ",", &key, &value)) {
        values[key] = log_bare(value);
        if (key != LOG_KEY_RECIPIENT || !value.n || value.s[0] != '<' || !span_find(value, ">: "))
            continue;
        *rest = span_of(value.s, value.n + rest->n);
        log_cut(rest, ">: ", &value);
        values[key] = span_of(value.s + 1, value.n - 1);
        return;
    }
}

bool log_read_courier(struct log_reader *r, const struct log_head *head)
{
    struct span values[LOG_KEYS] = {{NULL, 0}};
    struct span rest = head->message;
    if (span_equal_nocase(head->program, "courieresmtpd"))
        return true;
    if (log_take(&rest, "completed,")) {
        read_end(r, rest);
        return true;
    }
    read_fields(&rest, values);
    const struct span id = values[LOG_KEY_QUEUE_ID], to = values[LOG_KEY_RECIPIENT];
    rest = span_trim(rest);
    if (!id.n || !to.n || !rest.n)
        return true;
    struct span key = span_z(arena_printf(&r->scratch, "%.*s %.*s", (int)id.n, id.s, (int)to.n, to.s));
    int action = log_outcome(dialect, rest, LOG_NO_OUTCOME);
    struct log_message *m = log_messages_get(r->deliveries, key);
    if (action == LOG_NO_OUTCOME) {
        log_message_set(&m->text, rest);
        return true;
    }
    struct log_entry *e = log_add(r, LOG_DELIVERY, "courier");
    e->queue_id = id;
    e->recipient = to;
    e->sender = values[LOG_KEY_SENDER];
    e->size = log_number(values[LOG_KEY_SIZE]);
    e->action = (bounce_action)action;
    e->local = !span_equal_nocase(head->program, "courieresmtp");
    if (action == BOUNCE_ACTION_DELIVERED) {
        struct span said;
        if (log_cut(&rest, "delivered: ", &said))
            log_host(rest, &e->remote, &e->address, &e->port);
    } else if (m->text) {
        e->text = span_z(arena_strdup(&r->scratch, m->text));
    }
    log_messages_remove(r->deliveries, key);
    return true;
}
