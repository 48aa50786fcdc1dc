/* SPDX-License-Identifier: MIT */
/*
 * log_qmail.c - lines of qmail-send, by splogger or multilog.
 *
 * In: "starting delivery 183: msg 161214 to remote a@b", later "delivery 183: failure: Remote_host_said:_550_...".
 * Out: entries. A delivery whose beginning is not in the log has no recipient. Refused: all other lines.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_messages.h"

static const struct log_dialect *const dialect = &bounce_log_qmail;

/* "a_b/c/" -> "a b\nc" */
static struct span plain(struct arena *a, struct span text)
{
    char *copy = arena_strndup(a, text.s, text.n);
    for (size_t i = 0; i < text.n; i++) {
        bool url = i + 1 < text.n && (text.s[i + 1] == '/' || (i && text.s[i - 1] == '/'));
        if (copy[i] == '_')
            copy[i] = ' ';
        else if (copy[i] == '/' && (i + 1 == text.n || (!url && ascii_upper(text.s[i + 1]) == text.s[i + 1] &&
                                                        ascii_is_alpha(text.s[i + 1]) && text.s[i - (i > 0)] != ':')))
            copy[i] = '\n';
    }
    return span_trim(span_of(copy, text.n));
}

static void begin_delivery(struct log_reader *r, struct span rest)
{
    struct span number, id, to;
    if (!log_cut(&rest, ": msg ", &number) || !log_cut(&rest, " to ", &id) || !log_cut(&rest, " ", &to) ||
        number.n > 20)
        return;
    struct log_message *m = log_messages_get(r->deliveries, number);
    log_message_set(&m->recipient, rest);
    log_message_set(&m->text, id);
    m->size = span_equal_nocase(to, "local");
}

/* "192.0.2.30 does not like recipient.", "Connected to 192.0.2.30 but sender was rejected." */
static struct span server_in(struct span text)
{
    struct span before = text, rest = text, skipped;
    if (log_take(&rest, "Connected to ") && log_cut(&rest, " ", &before))
        return before;
    rest = text;
    if (log_cut(&rest, " does not like", &before) || log_cut(&rest, " accepted message", &before) ||
        log_cut(&rest, " failed ", &before))
        return memchr(before.s, ' ', before.n) ? span_of(NULL, 0) : before;
    rest = text;
    if (log_cut(&rest, "Giving up on ", &skipped))
        return log_cut(&rest, "\n", &before) ? before : rest;
    return span_of(NULL, 0);
}

static void end_delivery(struct log_reader *r, struct span rest)
{
    struct span number, text;
    if (!log_cut(&rest, ": ", &number) || number.n > 20)
        return;
    int action = log_outcome(dialect, rest, LOG_NO_OUTCOME);
    if (action == LOG_NO_OUTCOME || !log_cut(&rest, ": ", &text))
        return;
    const struct log_message *m = log_messages_find(r->deliveries, number);
    struct log_entry *e = log_add(r, LOG_DELIVERY, "qmail");
    e->action = (bounce_action)action;
    e->text = plain(&r->scratch, rest);
    if (m && m->recipient) {
        e->recipient = span_z(arena_strdup(&r->scratch, m->recipient));
        e->queue_id = span_z(arena_strdup(&r->scratch, m->text));
        e->local = m->size != 0;
    }
    struct span server = e->local ? span_of(NULL, 0) : server_in(e->text);
    while (server.n && server.s[server.n - 1] == '.')
        server.n--;
    log_host(server, &e->remote, &e->address, &e->port);
    const struct log_word *command = log_word_within(&dialect->commands, e->text);
    if (command && action != BOUNCE_ACTION_DELIVERED)
        e->command = (bounce_command)command->meaning;
    struct span said;
    if (action == BOUNCE_ACTION_DELIVERED) {
        struct span reply = e->text;
        e->text = log_cut(&reply, "Remote host said: ", &said) ? reply : span_of(NULL, 0);
    }
    log_messages_remove(r->deliveries, number);
}

bool log_read_qmail(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, id;
    struct log_head inner = {.kind = STAMP_NONE};
    log_head_stamp(&rest, &inner); /* of splogger, after that of syslog */
    if (log_take(&rest, "starting delivery ")) {
        begin_delivery(r, rest);
    } else if (log_take(&rest, "delivery ")) {
        end_delivery(r, rest);
    } else if (log_take(&rest, "info msg ") && log_cut(&rest, ": bytes ", &id)) {
        struct span size = log_word(&rest), sender;
        if (log_take(&rest, "from <") && log_cut(&rest, "> qp", &sender))
            log_add_message(r, "qmail", id, sender, span_of(NULL, 0), size);
    } else if (log_take(&rest, "end msg ")) {
        log_add(r, LOG_END, "qmail")->queue_id = span_trim(rest);
    } else {
        return log_take(&rest, "new msg ") || log_take(&rest, "status: ") || log_take(&rest, "bounce msg ");
    }
    return true;
}
