/* SPDX-License-Identifier: MIT */
/*
 * log_sendmail.c - lines of Sendmail 8.
 *
 * In: "l8E3xVpO007423: to=<a@b>, delay=..., relay=..., dsn=5.1.1, stat=User unknown". Out: entries, one for each
 * recipient of a line. Sendmail prints "User unknown" for any 550 and "Service unavailable" for any 554: what the
 * server said stands in reply=, since 8.16; where it does not, these words are left out if the enhanced code tells
 * something else. A program or a file is named by the address that led to it. Refused: "queued", and what has no to=.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"

static const struct log_word_meaning stats[] = {
    {"sent", BOUNCE_ACTION_DELIVERED},
    {"deferred", BOUNCE_ACTION_DELAYED},
    {"queued", LOG_NO_OUTCOME},
    {"quarantined", LOG_NO_OUTCOME},
};
static const struct log_word_meaning classes[] = {
    {"2.", BOUNCE_ACTION_DELIVERED}, {"4.", BOUNCE_ACTION_DELAYED}, {"5.", BOUNCE_ACTION_FAILED}};

/* Words that stand for a reply code only, and the codes that say the same. */
static const struct {
    const char *word, *class_;
} hollow[] = {{"User unknown", "5.1.1"}, {"Service unavailable", "-"}, {"User address required", "5.1.3"}};

static struct span telling_words(struct span stat, struct span dsn)
{
    for (size_t i = 0; i < COUNT(hollow); i++)
        if (span_equal_nocase(stat, hollow[i].word) && dsn.n && !span_equal_nocase(dsn, hollow[i].class_))
            return span_of(stat.s, 0);
    return stat;
}

struct sendmail_line {
    struct span to, relay, dsn, reply, stat, delay, mailer, owner;
};

/* To the last one, since a reply may have anything in it. False if there is none. */
static bool cut_reply(struct span *rest, struct span value, struct span *reply)
{
    const char *end = rest->s + rest->n, *last = NULL;
    for (const char *at = value.s; (at = span_find(span_of(at, (size_t)(end - at)), ", stat=")); at++)
        last = at;
    if (!last)
        return false;
    *reply = span_trim(span_of(value.s, (size_t)(last - value.s)));
    *rest = span_of(last, (size_t)(end - last));
    return true;
}

/* All up to stat=, which goes to the end. False if there is none, as where the line was cut. */
static bool read_line(struct span rest, struct sendmail_line *l)
{
    struct span name, value;
    while (!l->stat.s) {
        struct span before = rest;
        if (!log_next_field(&rest, ", ", &name, &value))
            return false;
        if (span_equal_nocase(name, "to"))
            l->to = value;
        else if (span_equal_nocase(name, "ctladdr"))
            l->owner = log_word(&value);
        else if (span_equal_nocase(name, "relay"))
            l->relay = value;
        else if (span_equal_nocase(name, "dsn"))
            l->dsn = value;
        else if (span_equal_nocase(name, "delay"))
            l->delay = value;
        else if (span_equal_nocase(name, "mailer"))
            l->mailer = value;
        else if (span_equal_nocase(name, "reply") && !cut_reply(&rest, value, &l->reply))
            return false;
        else if (span_equal_nocase(name, "stat"))
            l->stat = span_of(value.s, before.n - (size_t)(value.s - before.s));
    }
    return true;
}

/* What was said of it, and not what Sendmail makes of that. */
static struct span words_of(const struct sendmail_line *l, int action)
{
    struct span words = l->stat;
    if (action == BOUNCE_ACTION_DELIVERED) {
        if (!span_starts_nocase(words, "sent ("))
            return span_of(NULL, 0);
        words = span_of(words.s + 6, words.n - 6);
        if (words.n && words.s[words.n - 1] == ')')
            words.n--;
        return words;
    }
    if (span_starts_nocase(words, "deferred: "))
        return span_of(words.s + 10, words.n - 10);
    return l->reply.n ? l->reply : telling_words(words, l->dsn);
}

static void add_recipient(struct log_reader *r, struct span id, struct span to, const struct sendmail_line *l,
                          int action)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "sendmail");
    const struct span owner = log_bare(l->owner);
    e->queue_id = id;
    e->recipient = log_bare(to);
    if (owner.n && e->recipient.n && (e->recipient.s[0] == '|' || e->recipient.s[0] == '/'))
        e->recipient = owner;
    e->action = (bounce_action)action;
    e->status = l->dsn;
    e->delay_s = log_duration(l->delay);
    e->local = l->mailer.n && !span_find_nocase(l->mailer, "smtp") && !span_equal_nocase(l->mailer, "relay") &&
               !span_equal_nocase(l->mailer, "dsmtp");
    e->text = words_of(l, action);
    log_host(l->relay, &e->remote, &e->address, &e->port);
}

/* "to=<a@b>,<c@d>, ..." */
static void read_to(struct log_reader *r, struct span id, struct span rest)
{
    struct sendmail_line l = {.to = {NULL, 0}};
    if (!read_line(rest, &l))
        return;
    int by_class = log_meaning(classes, COUNT(classes), l.dsn, BOUNCE_ACTION_FAILED);
    int action = log_meaning(stats, COUNT(stats), l.stat, by_class);
    if (action == LOG_NO_OUTCOME || !l.to.n)
        return;
    struct span one;
    while (log_cut(&l.to, ">,", &one))
        add_recipient(r, id, span_of(one.s, one.n + 1), &l, action);
    add_recipient(r, id, l.to, &l, action);
}

/* "mB26PuEl004811: sender notify: Cannot send message for 5 days" */
static void read_notice(struct log_reader *r, struct span id, struct span rest)
{
    static const char *const said[] = {
        ": sender notify: Cannot send message", ": return to sender: Cannot send message",
        ": sender notify: Message could not be delivered for", ": return to sender: Message could not be delivered for",
        ": postmaster notify: Cannot send message"};
    for (size_t i = 0; i < COUNT(said); i++)
        if (span_find(rest, said[i])) {
            struct log_entry *e = log_add(r, LOG_DELIVERY, "sendmail");
            e->queue_id = id;
            e->action = BOUNCE_ACTION_FAILED;
            e->expired = true;
            return;
        }
}

/* "ruleset=check_rcpt, arg1=<a@b>, relay=..., reject=550 5.1.1 ..." */
static void read_ruleset(struct log_reader *r, struct span id, struct span rest)
{
    struct span reject = log_field(rest, ", ", "reject"), arg = log_bare(log_field(rest, ", ", "arg1"));
    if (!reject.n || !span_starts_nocase(rest, "ruleset=check_rcpt"))
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "sendmail");
    e->inbound = true;
    e->queue_id = id;
    e->recipient = arg;
    e->text = span_of(reject.s, rest.n - (size_t)(reject.s - rest.s));
    e->action = reject.s[0] == '4' ? BOUNCE_ACTION_DELAYED : BOUNCE_ACTION_FAILED;
    log_host(log_field(rest, ", ", "relay"), &e->remote, &e->address, &e->port);
}

bool log_read_sendmail(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, id;
    if (!log_cut(&rest, ": ", &id) || id.n < 6 || id.n > 24 || memchr(id.s, ' ', id.n) || memchr(id.s, '=', id.n))
        return true;
    if (span_starts_nocase(rest, "to=")) {
        read_to(r, id, rest);
    } else if (span_starts_nocase(rest, "from=")) {
        struct span sender = log_bare(log_field(rest, ", ", "from"));
        log_add_message(r, "sendmail", id, sender, log_field(rest, ", ", "msgid"), log_field(rest, ", ", "size"));
    } else if (span_starts_nocase(rest, "ruleset=")) {
        read_ruleset(r, id, rest);
    } else if (span_starts_nocase(rest, "done; ")) {
        log_add(r, LOG_END, "sendmail")->queue_id = id;
    } else {
        read_notice(r, id, rest);
    }
    return true;
}
