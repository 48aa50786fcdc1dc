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

static const struct log_word_meaning results[] = {
    {"Ok", BOUNCE_ACTION_DELIVERED}, {"TempFail", BOUNCE_ACTION_DELAYED}, {"PermFail", BOUNCE_ACTION_FAILED},
    {"Loop", BOUNCE_ACTION_FAILED},  {"Expire", BOUNCE_ACTION_FAILED},
};

static void read_outcome(struct log_reader *r, struct span id, struct span result, struct span fields,
                         const char *separator, bool local)
{
    struct span name, value, stat = {NULL, 0};
    int action = log_meaning(results, COUNT(results), log_bare(result), LOG_NO_OUTCOME);
    if (action == LOG_NO_OUTCOME)
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "opensmtpd");
    e->queue_id = id;
    e->action = (bounce_action)action;
    e->local = local;
    for (struct span before = fields; !stat.s && log_next_field(&fields, separator, &name, &value); before = fields) {
        if (span_equal_nocase(name, "from"))
            e->sender = log_bare(value);
        else if (span_equal_nocase(name, "to"))
            e->recipient = log_bare(value);
        else if (span_equal_nocase(name, "rcpt") && log_is_address(log_bare(value)))
            e->original = log_bare(value);
        else if (span_equal_nocase(name, "relay"))
            log_host(value, &e->remote, &e->address, &e->port);
        else if (span_equal_nocase(name, "delay"))
            e->delay_s = log_duration(value);
        else if (span_equal_nocase(name, "stat"))
            stat = span_of(value.s, before.n - (size_t)(value.s - before.s));
    }
    e->text = log_bare(stat);
    if (span_same_nocase(e->original, e->recipient))
        e->original = span_of(NULL, 0);
    e->expired = span_starts_nocase(log_bare(result), "Expire") && !e->text.n;
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
