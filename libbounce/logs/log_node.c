/* SPDX-License-Identifier: MIT */
/*
 * log_node.c - lines of Haraka and of ZoneMTA.
 *
 * In: "[NOTICE] [DAA706AE-....6.1] [outbound] recipient <a@b> rejected: 550 ...", "info Sender/... ID.001
 * REJECTED[rate] from=.. to=.. mx=.. (421 ...)". Out: entries. Refused: lines of other parts than the outbound ones.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_messages.h"

/* ------------------------------------------------------------------ Haraka */

/* "<a@b> rejected: 550 ..." */
static void haraka_recipient(struct log_reader *r, struct span id, struct span rest)
{
    struct span to;
    if (!log_cut(&rest, "> ", &to) || !to.n)
        return;
    int action = log_outcome(&bounce_log_haraka, rest, LOG_NO_OUTCOME);
    struct span word;
    if (action == LOG_NO_OUTCOME || !log_cut(&rest, ": ", &word))
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "haraka");
    e->queue_id = id;
    e->action = (bounce_action)action;
    e->recipient = span_of(to.s + 1, to.n - 1);
    e->text = rest;
    e->command = BOUNCE_COMMAND_RCPT;
}

/* The recipient that a line of the protocol named before. */
static struct span haraka_known(struct log_reader *r, struct span id)
{
    const struct log_message *m = log_messages_find(r->deliveries, id);
    return m && m->recipient ? span_z(arena_strdup(&r->scratch, m->recipient)) : span_of(NULL, 0);
}

/* "delivered file=... domain=... host=... ip=... port=25 mode=SMTP tls=Y response="250 ok" delay=1.5 ..." */
static void haraka_delivered(struct log_reader *r, struct span id, struct span rest)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "haraka");
    struct span ignored;
    uint64_t port;
    e->queue_id = id;
    e->action = BOUNCE_ACTION_DELIVERED;
    e->recipient = haraka_known(r, id);
    e->text = log_bare(log_field(rest, " ", "response"));
    e->delay_s = log_duration(log_bare(log_field(rest, " ", "delay")));
    log_host(log_bare(log_field(rest, " ", "host")), &e->remote, &e->address, &port);
    log_host(log_bare(log_field(rest, " ", "ip")), &ignored, &e->address, &port);
    e->port = log_number(log_bare(log_field(rest, " ", "port")));
}

/* "bouncing mail: No MX for example.net"; recipients that failed alone have had their own lines. */
static void haraka_ended(struct log_reader *r, struct span id, struct span rest, bounce_action action)
{
    if (span_starts_nocase(rest, "Some recipients"))
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "haraka");
    e->queue_id = id;
    e->action = action;
    e->text = rest;
    e->recipient = haraka_known(r, id);
}

bool log_read_haraka(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, level, id, part, before;
    if (!rest.n || rest.s[0] != '[' || !log_cut(&rest, "] [", &level) || !log_cut(&rest, "] [", &id) ||
        !log_cut(&rest, "] ", &part) || level.n > 12)
        return false;
    bool anonymous = id.n < 8;
    if (!span_starts_nocase(part, "outbound"))
        return !anonymous && memchr(id.s, '-', id.n);
    if (anonymous)
        id = span_of(NULL, 0);
    if (log_take(&rest, "recipient ")) {
        haraka_recipient(r, id, rest);
    } else if (log_take(&rest, "C: RCPT TO:")) {
        struct span to = log_bare(log_word(&rest));
        if (id.n)
            log_message_set(&log_messages_get(r->deliveries, id)->recipient, to);
    } else if (log_take(&rest, "delivered ")) {
        haraka_delivered(r, id, rest);
    } else if (log_take(&rest, "bouncing mail: ")) {
        haraka_ended(r, id, rest, BOUNCE_ACTION_FAILED);
    } else if (log_take(&rest, "Temp failing ") && log_cut(&rest, " seconds: ", &before)) {
        haraka_ended(r, id, rest, BOUNCE_ACTION_DELAYED);
    }
    return true;
}

/* ----------------------------------------------------------------- ZoneMTA */

/* "news@b[news@b]" -> "news@b" */
static struct span zone_address(struct span value)
{
    value = log_bare(value);
    const char *open = value.n ? memchr(value.s, '[', value.n) : NULL;
    return open && open > value.s ? span_of(value.s, (size_t)(open - value.s)) : value;
}

static void zone_delivery(struct log_reader *r, struct span id, int action, struct span rest)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "zonemta");
    struct span value, values[LOG_KEYS] = {{NULL, 0}};
    enum log_key key;
    while (log_next_key(&bounce_log_zonemta, &rest, " ", &key, &value))
        values[key] = value;
    e->queue_id = id;
    e->action = (bounce_action)action;
    e->sender = zone_address(values[LOG_KEY_SENDER]);
    e->recipient = zone_address(values[LOG_KEY_RECIPIENT]);
    e->message_id = values[LOG_KEY_MESSAGE_ID];
    log_host(values[LOG_KEY_HOST], &e->remote, &e->address, &e->port);
    rest = span_trim(rest);
    if (log_take(&rest, "(") && rest.n && rest.s[rest.n - 1] == ')')
        rest.n--;
    e->text = rest;
}

bool log_read_zonemta(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, level = log_word(&rest), part = log_word(&rest);
    if (level.n > 7 || !part.n)
        return false;
    if (!span_starts_nocase(part, "Sender/"))
        return head->program.n > 0;
    if (log_take(&rest, "id="))
        log_word(&rest);
    struct span id = log_word(&rest), word = log_word(&rest);
    if (word.n && word.s[0] == '[')
        word = log_word(&rest);
    int action = log_outcome(&bounce_log_zonemta, word, LOG_NO_OUTCOME);
    if (action != LOG_NO_OUTCOME && id.n && ascii_is_alnum(id.s[0]))
        zone_delivery(r, id, action, rest);
    return true;
}
