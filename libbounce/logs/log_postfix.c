/* SPDX-License-Identifier: MIT */
/*
 * log_postfix.c - lines of Postfix.
 *
 * In: "3mPVKl0Mhjz7sXv: to=<a@b>, relay=..., dsn=5.1.1, status=bounced (...)", and the lines of the same queue id with
 * its sender, Message-ID, size and end. Out: entries. What is said while mail comes in (NOQUEUE, reject, milter-reject,
 * and what cleanup says about headers and bodies) is an entry of direction in. Refused: probes (deliverable,
 * undeliverable), "sent (discarded)", attempts at one server of several ("host ... said" without to=), and all else.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"

static const struct log_dialect *const dialect = &bounce_log_postfix;

/* "postfix-mx/submission/smtp" -> "smtp" */
static struct span service_of(struct span program)
{
    for (size_t n = program.n; n > 0; n--)
        if (program.s[n - 1] == '/')
            return span_of(program.s + n, program.n - n);
    return program;
}

static bool is_queue_id(struct span id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!ascii_is_alnum(id.s[i]))
            return false;
    return id.n >= 1 && id.n <= 24;
}

/* The words in parentheses at the end; a line that was cut lacks the last one. */
static struct span words_of(struct span status)
{
    const char *open = memchr(status.s, '(', status.n);
    if (!open)
        return span_of(NULL, 0);
    struct span text = span_of(open + 1, status.n - (size_t)(open + 1 - status.s));
    text = span_trim(text);
    if (text.n && text.s[text.n - 1] == ')')
        text.n--;
    return span_trim(text);
}

static bool is_service(const struct log_head *head, const char *name)
{
    return span_equal_nocase(service_of(head->program), name);
}

/* Whether Postfix delivers itself, or through a program or a local server. */
static bool is_local(const struct log_head *head, struct span relay)
{
    return !is_service(head, "smtp") && !(is_service(head, "lmtp") && span_find(relay, "]:"));
}

/* The server, if Postfix writes about it without quoting it. */
static void find_server(struct log_entry *e)
{
    const struct log_word *before = log_word_at_front(&dialect->servers, e->text);
    if (!before)
        return;
    struct span rest = span_of(e->text.s + before->word.n, e->text.n - before->word.n), name = log_word(&rest);
    if (!e->remote.s && name.n && memchr(name.s, '[', name.n))
        log_host(name, &e->remote, &e->address, &e->port);
    e->command = (bounce_command)before->meaning;
}

/* The fields up to the status, which goes to the end of the line. False if there is none. */
static bool read_fields(struct span rest, struct span values[LOG_KEYS])
{
    enum log_key key;
    struct span value;
    while (!log_take(&rest, ", status=")) {
        if (!log_next_key(dialect, &rest, ", ", &key, &value))
            return false;
        if (!values[key].s)
            values[key] = value;
    }
    values[LOG_KEY_OUTCOME] = rest;
    return true;
}

static void read_relay(struct log_entry *e, struct span relay)
{
    const char *bracket = relay.n ? memchr(relay.s, '[', relay.n) : NULL;
    if (!(span_find(relay, "[private/") || (e->local && !bracket)))
        log_host(relay, &e->remote, &e->address, &e->port);
    else if (bracket)
        e->remote = span_of(relay.s, (size_t)(bracket - relay.s));
}

/* Where another queue id continues the message. */
static void find_next_id(struct log_entry *e)
{
    const char *queued = e->action == BOUNCE_ACTION_DELIVERED ? span_find(e->text, "queued as ") : NULL;
    if (queued) {
        struct span next = span_of(queued + 10, e->text.n - (size_t)(queued + 10 - e->text.s));
        while (e->next_id.n < next.n && ascii_is_alnum(next.s[e->next_id.n]))
            e->next_id = span_of(next.s, e->next_id.n + 1);
    } else if (span_starts_nocase(e->text, "forwarded as ")) {
        e->next_id = log_bare(span_of(e->text.s + 13, e->text.n - 13));
        e->action = BOUNCE_ACTION_RELAYED;
    }
}

static void read_delivery(struct log_reader *r, const struct log_head *head, struct span id, struct span rest)
{
    struct span values[LOG_KEYS] = {{NULL, 0}};
    if (!read_fields(rest, values))
        return;
    int action = log_outcome(dialect, values[LOG_KEY_OUTCOME], LOG_NO_OUTCOME);
    if (action == LOG_NO_OUTCOME || !values[LOG_KEY_RECIPIENT].s)
        return;
    struct log_entry *e = log_add(r, LOG_DELIVERY, "postfix");
    e->queue_id = id;
    e->recipient = log_bare(values[LOG_KEY_RECIPIENT]);
    e->original = log_bare(values[LOG_KEY_ORIGINAL]);
    e->status = values[LOG_KEY_STATUS];
    e->delay_s = log_duration(values[LOG_KEY_DELAY]);
    e->action = (bounce_action)action;
    e->text = words_of(values[LOG_KEY_OUTCOME]);
    e->local = is_local(head, values[LOG_KEY_HOST]);
    read_relay(e, values[LOG_KEY_HOST]);
    const struct log_word *untried = log_word_at_front(&dialect->untried, e->text);
    if (untried) {
        e->not_attempted = true;
        e->text = span_of(e->text.s + untried->word.n, e->text.n - untried->word.n);
        log_take(&e->text, ":");
        e->text = span_trim(e->text);
    }
    find_server(e);
    find_next_id(e);
}

/* "from=<a@b>, size=1, nrcpt=1 (queue active)", "from=<a@b>, status=expired, returned to sender" */
static void read_from(struct log_reader *r, struct span id, struct span rest)
{
    struct span name, value, sender = {NULL, 0}, status = {NULL, 0}, size = {NULL, 0};
    for (int fields = 0; fields < 2 && log_next_field(&rest, ", ", &name, &value); fields++) {
        if (span_equal_nocase(name, "from"))
            sender = log_bare(value);
        else if (span_equal_nocase(name, "status"))
            status = value;
        else if (span_equal_nocase(name, "size"))
            size = value;
    }
    log_add_message(r, "postfix", id, sender, span_of(NULL, 0), size);
    if (log_word_same(&dialect->expired, status)) {
        struct log_entry *e = log_add(r, LOG_DELIVERY, "postfix");
        e->queue_id = id;
        e->sender = sender;
        e->action = BOUNCE_ACTION_FAILED;
        e->expired = true;
    }
}

/* Where the facts that Postfix adds to a rejection begin: the text before may contain "; ", too, and addresses and
 * names in <> anything. NULL: nowhere. */
static const char *find_facts(struct span t)
{
    static const char *const facts[] = {"; from=<", "; to=<", "; proto="};
    const char *last = NULL;
    bool inside = false;
    for (size_t i = 0; i < t.n; i++) {
        inside = t.s[i] == '<' || (inside && t.s[i] != '>');
        for (size_t k = 0; t.s[i] == ';' && k < COUNT(facts); k++) {
            if (!span_starts_nocase(span_of(t.s + i, t.n - i), facts[k]))
                continue;
            if (!inside)
                return t.s + i;
            last = t.s + i;
        }
    }
    return last; /* if a "<" was not closed */
}

static void add_reject(struct log_reader *r, struct span id, struct span client, struct span text, struct span facts)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "postfix");
    e->inbound = true;
    e->queue_id = span_equal_nocase(id, "NOQUEUE") ? span_of(NULL, 0) : id;
    e->action = text.n && text.s[0] == '4' ? BOUNCE_ACTION_DELAYED : BOUNCE_ACTION_FAILED;
    e->text = text;
    e->sender = log_bare(log_field(facts, " ", "from"));
    e->recipient = log_bare(log_field(facts, " ", "to"));
    log_host(client, &e->remote, &e->address, &e->port);
}

/* "RCPT from mx.example.net[192.0.2.1]: 550 5.1.1 <a@b>: ...; from=<c@d> to=<a@b> proto=ESMTP", and of cleanup
 * "header Subject: ... from mx.example.net[192.0.2.1]; from=<c@d> to=<a@b> proto=ESMTP helo=<x>: 5.7.1 ..." */
static void read_reject(struct log_reader *r, struct span id, struct span rest)
{
    const char *at = find_facts(rest);
    if (!at)
        return;
    const bool of_content = span_starts_nocase(rest, "header ") || span_starts_nocase(rest, "body ");
    struct span text = span_of(rest.s, (size_t)(at - rest.s)), facts = span_of(at + 2, rest.n - text.n - 2), client;
    if (!of_content) {
        if (log_cut(&text, " from ", &client) && log_cut(&text, ": ", &client))
            add_reject(r, id, client, text, facts);
        return;
    }
    bool stated = false; /* the client follows the last "from", since the text before may be anything */
    while (log_cut(&text, " from ", &client))
        stated = true;
    client = text;
    text = span_of(NULL, 0);
    struct span fields;
    if (log_cut(&facts, ">: ", &fields)) {
        text = facts;
        facts = span_of(fields.s, fields.n + 1);
    }
    if (stated)
        add_reject(r, id, client, text, facts);
}

bool log_read_postfix(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message;
    const char *colon = rest.n > 2 ? memchr(rest.s, ':', rest.n < 26 ? rest.n : 26) : NULL;
    const struct span id = span_of(rest.s, colon ? (size_t)(colon - rest.s) : 0);
    if (!is_queue_id(id) || id.n + 2 > rest.n || colon[1] != ' ')
        return true;
    rest = span_of(colon + 2, rest.n - id.n - 2);
    if (log_take(&rest, "removed")) {
        log_add(r, LOG_END, "postfix")->queue_id = id;
    } else if (rest.n > 3 && memcmp(rest.s, "to=", 3) == 0) {
        read_delivery(r, head, id, rest);
    } else if (rest.n > 5 && memcmp(rest.s, "from=", 5) == 0) {
        read_from(r, id, rest);
    } else if (log_take(&rest, "message-id=")) {
        log_add_message(r, "postfix", id, span_of(NULL, 0), rest, span_of(NULL, 0));
    } else if (log_take(&rest, "reject: ") || log_take(&rest, "milter-reject: ")) {
        read_reject(r, id, rest);
    }
    return true;
}
