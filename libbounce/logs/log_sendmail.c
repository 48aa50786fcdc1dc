/* SPDX-License-Identifier: MIT */
/*
 * log_sendmail.c - lines of Sendmail 8.
 *
 * In: "l8E3xVpO007423: to=<a@b>, delay=..., relay=..., dsn=5.1.1, stat=User unknown". Out: entries, one for each
 * recipient of a line. Sendmail prints "User unknown" for any 550 and "Service unavailable" for any 554: since 8.16,
 * what the server said is in reply=; without that, these words are left out if the enhanced code says something else. A
 * program or a file is named by the address that led to it. Refused: "queued", and what has no to=.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"

static const struct log_dialect *const dialect = &bounce_log_sendmail;

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

/* Everything up to stat=, which goes to the end. False if there is none, as in a line that was cut. */
static bool read_line(struct span rest, struct span values[LOG_KEYS])
{
    enum log_key key;
    struct span value, before = rest;
    for (; log_next_key(dialect, &rest, ", ", &key, &value); before = rest) {
        if (key == LOG_KEY_REPLY && !cut_reply(&rest, value, &value))
            return false;
        if (key == LOG_KEY_OUTCOME)
            value.n = before.n - (size_t)(value.s - before.s);
        if (!values[key].s)
            values[key] = value;
        if (key == LOG_KEY_OUTCOME)
            return true;
    }
    return false;
}

/* By the class of a status: "5.1.1". */
static int action_of_status(struct span status)
{
    switch (status.n > 1 && status.s[1] == '.' ? status.s[0] : '5') {
    case '2': return BOUNCE_ACTION_DELIVERED;
    case '4': return BOUNCE_ACTION_DELAYED;
    default: return BOUNCE_ACTION_FAILED;
    }
}

/* Words that only name a reply code count for nothing if the enhanced code says something else. */
static struct span telling_words(struct span stat, struct span dsn)
{
    const struct log_word *hollow = log_word_same(&dialect->hollow, stat);
    return hollow && dsn.n && !span_equal_nocase(dsn, hollow->text) ? span_of(stat.s, 0) : stat;
}

/* What the server said, not what Sendmail makes of it. */
static struct span words_of(const struct span *values, int action)
{
    struct span words = values[LOG_KEY_OUTCOME];
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
    return values[LOG_KEY_REPLY].n ? values[LOG_KEY_REPLY] : telling_words(words, values[LOG_KEY_STATUS]);
}

static void add_recipient(struct log_reader *r, struct span id, struct span to, const struct span *values, int action)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "sendmail");
    const struct span owner = log_bare(log_word(&(struct span){values[LOG_KEY_OWNER].s, values[LOG_KEY_OWNER].n}));
    const struct span mailer = values[LOG_KEY_MAILER];
    e->queue_id = id;
    e->recipient = log_bare(to);
    if (owner.n && e->recipient.n && (e->recipient.s[0] == '|' || e->recipient.s[0] == '/'))
        e->recipient = owner;
    e->action = (bounce_action)action;
    e->status = values[LOG_KEY_STATUS];
    e->delay_s = log_duration(values[LOG_KEY_DELAY]);
    e->local = mailer.n && !span_find_nocase(mailer, "smtp") && !span_equal_nocase(mailer, "relay");
    e->text = words_of(values, action);
    log_host(values[LOG_KEY_HOST], &e->remote, &e->address, &e->port);
}

/* Takes the next one off "<a@b>,<c@d>", "a@b,joe". A comma within <> or "" is part of an address or a program. */
static struct span next_recipient(struct span *rest)
{
    bool brackets = false, quotes = false;
    size_t n = 0;
    for (; n < rest->n && (rest->s[n] != ',' || brackets || quotes); n++) {
        const char c = rest->s[n];
        if (c == '\\')
            n++;
        else if (c == '"')
            quotes = !quotes;
        else if (!quotes && (c == '<' || c == '>'))
            brackets = c == '<';
    }
    n = n < rest->n ? n : rest->n;
    struct span one = span_of(rest->s, n);
    const size_t used = n + (n < rest->n);
    *rest = span_of(rest->s + used, rest->n - used);
    return one;
}

/* "to=<a@b>,<c@d>, ..." */
static void read_to(struct log_reader *r, struct span id, struct span rest)
{
    struct span values[LOG_KEYS] = {{NULL, 0}};
    if (!read_line(rest, values))
        return;
    struct span to = values[LOG_KEY_RECIPIENT];
    int action = log_outcome(dialect, values[LOG_KEY_OUTCOME], action_of_status(values[LOG_KEY_STATUS]));
    if (action == LOG_NO_OUTCOME || !to.n)
        return;
    while (to.n && log_has_room(r))
        add_recipient(r, id, next_recipient(&to), values, action);
}

/* "mB26PuEl004811: sender notify: Cannot send message for 5 days" */
static void read_notice(struct log_reader *r, struct span id, struct span rest)
{
    if (!log_word_within(&dialect->expired, rest))
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "sendmail");
    e->queue_id = id;
    e->action = BOUNCE_ACTION_FAILED;
    e->expired = true;
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
