/* SPDX-License-Identifier: MIT */
/*
 * log_opensmtpd.c - lines of OpenSMTPD.
 *
 * In: "4b3a6c195c1f6010 mta delivery evpid=... from=<> to=<> relay="..." result="TempFail" stat="421 ..."" of
 * version 6 and 7, "mta event=delivery ..." of 5.9, and "relay: TempFail for ID: from=, to=, ..." before.
 * Out: entries. Refused: all other lines.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"

static const struct log_dialect *const dialect = &bounce_log_opensmtpd;

static void read_outcome(struct log_reader *r, struct span id, struct span result, struct span fields,
                         const char *separator, bool local)
{
    struct span value, before = fields, values[LOG_KEYS] = {{NULL, 0}};
    enum log_key key;
    int action = log_outcome(dialect, log_bare(result), LOG_NO_OUTCOME);
    if (action == LOG_NO_OUTCOME)
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "opensmtpd");
    e->queue_id = id;
    e->action = (bounce_action)action;
    e->local = local;
    for (; !values[LOG_KEY_OUTCOME].s && log_next_key(dialect, &fields, separator, &key, &value); before = fields) {
        if (key == LOG_KEY_OUTCOME) /* to the end of the line */
            value.n = before.n - (size_t)(value.s - before.s);
        values[key] = value;
    }
    e->sender = log_bare(values[LOG_KEY_SENDER]);
    e->recipient = log_bare(values[LOG_KEY_RECIPIENT]);
    if (log_is_address(log_bare(values[LOG_KEY_ORIGINAL])))
        e->original = log_bare(values[LOG_KEY_ORIGINAL]);
    log_host(values[LOG_KEY_HOST], &e->remote, &e->address, &e->port);
    e->delay_s = log_duration(values[LOG_KEY_DELAY]);
    e->text = log_bare(values[LOG_KEY_OUTCOME]);
    if (span_same_nocase(e->original, e->recipient))
        e->original = span_of(NULL, 0);
    e->expired = log_word_same(&dialect->expired, log_bare(result)) && !e->text.n;
}

/* "relay: TempFail for 66251a4092099e2d: from=..." */
static bool read_old(struct log_reader *r, struct span rest)
{
    static const char *const kinds[] = {"relay: ", "delivery: ", "mta: ", "mda: "};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct span fields = rest, result, id;
        if (!log_take(&fields, kinds[i]) || !log_cut(&fields, " for ", &result) || !log_cut(&fields, ": ", &id))
            continue;
        read_outcome(r, id, result, fields, ", ", i % 2 != 0);
        return true;
    }
    return false;
}

/* The sender and size of a message, of which the envelopes have the first eight digits. */
static void read_accepted(struct log_reader *r, struct span rest)
{
    struct span id = log_field(rest, " ", "msgid");
    if (id.n)
        log_add_message(r, "opensmtpd", id, span_of(NULL, 0), span_of(NULL, 0), log_field(rest, " ", "size"));
}

bool log_read_opensmtpd(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, before;
    if (read_old(r, rest))
        return true;
    if (log_cut(&rest, " mta delivery ", &before) || log_cut(&rest, "mta event=delivery ", &before) ||
        log_cut(&rest, " mta event=delivery ", &before)) {
        read_outcome(r, log_field(rest, " ", "evpid"), log_field(rest, " ", "result"), rest, " ", false);
        return true;
    }
    if (log_cut(&rest, " mda delivery ", &before) || log_cut(&rest, "mda event=delivery ", &before)) {
        read_outcome(r, log_field(rest, " ", "evpid"), log_field(rest, " ", "result"), rest, " ", true);
        return true;
    }
    if (log_cut(&rest, " smtp message ", &before)) {
        read_accepted(r, rest);
        return true;
    }
    return head->program.n > 0;
}
