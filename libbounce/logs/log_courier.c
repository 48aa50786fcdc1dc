/* SPDX-License-Identifier: MIT */
/*
 * log_courier.c - lines of the Courier mail server.
 *
 * In: "courieresmtp: id=...,from=<a@b>,addr=<c@d>: 550 User unknown", then the same with ",status: failure" or
 * ",success: delivered: mx.example.net [192.0.2.1]". Out: an entry when the status is known, with the text of the
 * line before. courieresmtpd and courierd, which take mail in, tell nothing of a delivery. Refused: other lines.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_messages.h"

static const struct log_word_meaning outcomes[] = {
    {"status: failure", BOUNCE_ACTION_FAILED},
    {"status: deferred", BOUNCE_ACTION_DELAYED},
    {"status: success", BOUNCE_ACTION_DELIVERED},
    {"success: ", BOUNCE_ACTION_DELIVERED},
};

static void read_end(struct log_reader *r, struct span rest)
{
    struct span id = log_field(rest, ",", "id");
    if (id.n)
        log_add(r, LOG_END, "courier")->queue_id = id;
}

struct courier_fields {
    struct span id, from, to, size;
};

/* Takes the fields off the front; the last one, "addr=<joe@example.net>: 550 no such user", has the outcome behind it.
 */
static void read_fields(struct span *rest, struct courier_fields *f)
{
    struct span name, value;
    while (log_next_field(rest, ",", &name, &value)) {
        bool last = name.n == 4 && value.n && value.s[0] == '<' && span_find(value, ">: ");
        if (span_equal_nocase(name, "id"))
            f->id = value;
        else if (span_equal_nocase(name, "from"))
            f->from = log_bare(value);
        else if (span_equal_nocase(name, "size"))
            f->size = value;
        else if (span_equal_nocase(name, "addr") && last) {
            struct span address;
            *rest = span_of(value.s, value.n + rest->n);
            log_cut(rest, ">: ", &address);
            f->to = span_of(address.s + 1, address.n - 1);
            return;
        } else if (span_equal_nocase(name, "addr")) {
            f->to = log_bare(value);
        }
    }
}

bool log_read_courier(struct log_reader *r, const struct log_head *head)
{
    struct courier_fields f = {.id = {NULL, 0}};
    struct span rest = head->message;
    if (span_equal_nocase(head->program, "courieresmtpd"))
        return true;
    if (log_take(&rest, "completed,")) {
        read_end(r, rest);
        return true;
    }
    read_fields(&rest, &f);
    rest = span_trim(rest);
    if (!f.id.n || !f.to.n || !rest.n)
        return true;
    struct span key = span_z(arena_printf(&r->scratch, "%.*s %.*s", (int)f.id.n, f.id.s, (int)f.to.n, f.to.s));
    int action = log_meaning(outcomes, COUNT(outcomes), rest, LOG_NO_OUTCOME);
    struct log_message *m = log_messages_get(r->deliveries, key);
    if (action == LOG_NO_OUTCOME) {
        log_message_set(&m->text, rest);
        return true;
    }
    struct log_entry *e = log_add(r, LOG_DELIVERY, "courier");
    e->queue_id = f.id;
    e->recipient = f.to;
    e->sender = f.from;
    e->size = log_number(f.size);
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
