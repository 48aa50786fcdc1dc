/* SPDX-License-Identifier: MIT */
/*
 * log_exim.c - lines of Exim's main log.
 *
 * In: "1RwtEg-0002zL-Mh ** a@b R=dnslookup T=remote_smtp H=mx [192.0.2.1]: SMTP error ...", with any of the log
 * selectors. Out: entries. "rejected RCPT" is of direction in. Refused: what has no symbol of a delivery.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"

static const struct log_dialect *const dialect = &bounce_log_exim;

static bool is_id_part(struct span s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= s.n || !ascii_is_alnum(s.s[i]))
            return false;
    return true;
}

/* "1RwtEg-0002zL-Mh", since 4.97 "1wrCbT-00000003abc-1aBc"; its bytes, or 0. */
static size_t id_bytes(struct span s)
{
    static const size_t parts[][3] = {{6, 6, 2}, {6, 11, 4}};
    for (size_t i = 0; i < COUNT(parts); i++) {
        size_t total = parts[i][0] + parts[i][1] + parts[i][2] + 2, second = parts[i][0] + 1;
        size_t third = second + parts[i][1] + 1;
        if (s.n >= total && s.s[second - 1] == '-' && s.s[third - 1] == '-' && is_id_part(s, parts[i][0]) &&
            is_id_part(span_of(s.s + second, s.n - second), parts[i][1]) &&
            is_id_part(span_of(s.s + third, s.n - third), parts[i][2]) && (s.n == total || s.s[total] == ' '))
            return total;
    }
    return 0;
}

/* What the fields of a line say. */
struct exim_fields {
    struct span host, sender, text, confirmation, queued, size, message_id;
    bool remote; /* an H= was there */
};

/* Bytes of the value at the start, which a blank or the colon before the text ends. */
static size_t value_bytes(struct span s)
{
    size_t n = 0;
    if (s.n && s.s[0] == '"') {
        for (n = 1; n < s.n && !(s.s[n] == '"' && s.s[n - 1] != '\\'); n++)
            continue;
        return n < s.n ? n + 1 : n;
    }
    while (n < s.n && s.s[n] != ' ' && !(s.s[n] == ':' && (n + 1 == s.n || s.s[n + 1] == ' ')))
        n++;
    return n;
}

/* "H=mx.example.net (helo) [192.0.2.1]:25" continues after blanks. */
static size_t host_bytes(struct span s, size_t n)
{
    while (n + 1 < s.n && s.s[n] == ' ' && (s.s[n + 1] == '[' || s.s[n + 1] == '(')) {
        size_t more = value_bytes(span_of(s.s + n + 1, s.n - n - 1));
        n += 1 + more;
    }
    return n;
}

static void keep_field(struct exim_fields *f, struct span key, struct span value)
{
    if (key.n == 2 && key.s[0] == 'Q' && key.s[1] == 'T')
        f->queued = value;
    else if (key.n == 2 && span_equal_nocase(key, "id"))
        f->message_id = value;
    if (key.n != 1)
        return;
    switch (key.s[0]) {
    case 'H':
        f->host = value;
        f->remote = true;
        break;
    case 'F':
    case 'P':
        if (value.n && value.s[0] == '<')
            f->sender = log_bare(value);
        break;
    case 'C': f->confirmation = log_bare(value); break;
    case 'S': f->size = value; break;
    default: break;
    }
}

/* Walks over "R=x T=y defer (-44) H=...: text". */
static void read_fields(struct span rest, struct exim_fields *f)
{
    while (rest.n) {
        while (rest.n && rest.s[0] == ' ')
            rest = span_of(rest.s + 1, rest.n - 1);
        if (rest.n && rest.s[0] == ':') {
            f->text = span_trim(span_of(rest.s + 1, rest.n - 1));
            return;
        }
        size_t key = 0;
        while (key < rest.n && ascii_is_alnum(rest.s[key]))
            key++;
        bool is_field = key && key < rest.n && rest.s[key] == '=';
        size_t from = is_field ? key + 1 : 0;
        size_t n = from + value_bytes(span_of(rest.s + from, rest.n - from));
        if (is_field && key == 1 && rest.s[0] == 'H')
            n = host_bytes(rest, n);
        if (is_field)
            keep_field(f, span_of(rest.s, key), span_of(rest.s + from, n - from));
        if (!n)
            return;
        rest = span_of(rest.s + n, rest.n - n);
    }
}

/* Takes the address, and the one that it was made from, off the front. */
static void take_address(struct span *rest, struct log_entry *e)
{
    struct span first, parent = {NULL, 0};
    bool quotes = false;
    size_t n = 0;
    for (; n < rest->n; n++) {
        if (rest->s[n] == '"')
            quotes = !quotes;
        if (!quotes && (rest->s[n] == ' ' || (n && rest->s[n] == ':' && (n + 1 == rest->n || rest->s[n + 1] == ' '))) &&
            !(rest->s[0] == ':' && n < rest->n && rest->s[n] == ':'))
            break;
    }
    first = span_of(rest->s, n);
    *rest = span_of(rest->s + n, rest->n - n);
    if (span_starts_nocase(*rest, " (")) { /* "(file)", "(:unknown:)" */
        const char *close = memchr(rest->s, ')', rest->n);
        if (close)
            *rest = span_of(close + 1, rest->n - (size_t)(close + 1 - rest->s));
    }
    if (span_starts_nocase(*rest, " <")) {
        const char *close = memchr(rest->s, '>', rest->n);
        if (close) {
            parent = span_of(rest->s + 2, (size_t)(close - rest->s) - 2);
            *rest = span_of(close + 1, rest->n - (size_t)(close + 1 - rest->s));
        }
    }
    first = log_bare(first);
    bool is_address = log_is_address(first);
    e->recipient = is_address || !parent.n ? first : parent;
    if (is_address && parent.n && !span_same_nocase(first, parent))
        e->original = parent;
}

/* Turns the "\n" between several lines into line ends. */
static struct span lines_of(struct arena *a, struct span text)
{
    if (!span_find(text, "\\n"))
        return text;
    struct strbuf b;
    strbuf_init(&b, a);
    for (size_t i = 0; i < text.n; i++) {
        bool end = text.s[i] == '\\' && i + 1 < text.n && text.s[i + 1] == 'n';
        strbuf_putc(&b, end ? '\n' : text.s[i]);
        i += end;
    }
    return span_of(b.s, b.n);
}

static void read_delivery(struct log_reader *r, struct span id, int action, struct span rest)
{
    if (action != BOUNCE_ACTION_FAILED && action != BOUNCE_ACTION_DELAYED &&
        log_word_at_front(&dialect->discarded, rest))
        return;
    struct exim_fields f = {.remote = false};
    struct log_entry *e = log_add(r, LOG_DELIVERY, "exim");
    e->queue_id = id;
    e->action = (bounce_action)action;
    take_address(&rest, e);
    read_fields(rest, &f);
    e->sender = f.sender;
    e->delay_s = log_duration(f.queued);
    e->local = !f.remote;
    e->text = lines_of(&r->scratch, action == BOUNCE_ACTION_DELIVERED ? f.confirmation : f.text);
    log_host(f.host, &e->remote, &e->address, &e->port);
    e->not_attempted = action == BOUNCE_ACTION_DELAYED && log_word_within(&dialect->untried, e->text);
}

/* "H=(helo) [192.0.2.1] F=<a@b> rejected RCPT <c@d>: text" */
static bool read_reject(struct log_reader *r, struct span id, struct span rest)
{
    struct span before;
    if (!log_cut(&rest, " rejected RCPT ", &before) && !log_cut(&rest, " rejected after DATA", &before))
        return false;
    struct exim_fields f = {.remote = false};
    struct log_entry *e = log_add(r, LOG_DELIVERY, "exim");
    e->inbound = true;
    e->queue_id = id;
    e->action = BOUNCE_ACTION_FAILED;
    if (before.n > 11 && span_ends_with(before, span_z("temporarily")))
        e->action = BOUNCE_ACTION_DELAYED;
    read_fields(before, &f);
    e->sender = f.sender;
    log_host(f.host, &e->remote, &e->address, &e->port);
    struct span to = {NULL, 0};
    if (rest.n && rest.s[0] != ':')
        log_cut(&rest, ": ", &to);
    else
        log_take(&rest, ": ");
    e->recipient = to.n ? log_bare(to) : span_of(NULL, 0);
    e->text = lines_of(&r->scratch, rest);
    return true;
}

bool log_read_exim(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message, inner = rest;
    struct log_head again = {.kind = STAMP_NONE};
    if (head->from_syslog && log_head_stamp(&inner, &again))
        rest = inner;
    if (rest.n && rest.s[0] == '[') /* pid */
        log_word(&rest);
    size_t n = id_bytes(rest);
    struct span id = span_of(rest.s, n);
    rest = span_trim(span_of(rest.s + n, rest.n - n));
    if (!n)
        return read_reject(r, id, rest) || head->from_syslog;
    int action = log_outcome(dialect, rest, LOG_NO_OUTCOME);
    if (span_equal_nocase(rest, "Completed") || span_starts_nocase(rest, "Completed ")) {
        log_add(r, LOG_END, "exim")->queue_id = id;
    } else if (action != LOG_NO_OUTCOME) {
        read_delivery(r, id, action, span_of(rest.s + 3, rest.n - 3));
    } else if (log_take(&rest, "<= ")) {
        struct exim_fields f = {.remote = false};
        struct span sender = log_word(&rest);
        read_fields(rest, &f);
        struct span message_id = f.message_id;
        if (message_id.s && !(message_id.n && message_id.s[0] == '<'))
            message_id = span_z(arena_printf(&r->scratch, "<%.*s>", (int)message_id.n, message_id.s));
        log_add_message(r, "exim", id, log_bare(sender), message_id, f.size);
    } else {
        read_reject(r, id, rest);
    }
    return true;
}
