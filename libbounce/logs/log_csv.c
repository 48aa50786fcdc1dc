/* SPDX-License-Identifier: MIT */
/*
 * log_csv.c - rows of the message tracking log of Microsoft Exchange and of the accounting file of PowerMTA.
 *
 * In: rows of CSV (RFC 4180); a header names the columns, and without one the usual order holds. Out: an entry for each
 * recipient of a row about a delivery. Refused: rows of other events, such as the shadow copies of Exchange
 * (HAREDIRECTFAIL) and the mail that PowerMTA received.
 */
#include "logs/log_csv.h"

#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "mail/date.h"
#include "smtp/reply.h"

/* How the rows of one of these logs are read. */
struct log_csv {
    const struct log_dialect *dialect;
    void (*read)(struct log_reader *r, const struct span *values, int action);
};

/* Takes the next value of a row; "" inside quotes is one quote. False at the end of the row. */
static bool take_value(struct arena *a, struct span *row, struct span *value)
{
    if (!row->s)
        return false;
    const char *end;
    if (row->n && row->s[0] == '"') {
        struct strbuf b;
        size_t i = 1;
        strbuf_init(&b, a);
        strbuf_reserve(&b, 1);
        for (; i < row->n; i++) {
            if (row->s[i] == '"' && !(i + 1 < row->n && row->s[i + 1] == '"'))
                break;
            strbuf_putc(&b, row->s[i]);
            i += row->s[i] == '"';
        }
        *value = span_of(b.s, b.n);
        end = i < row->n ? memchr(row->s + i, ',', row->n - i) : NULL;
    } else {
        end = row->n ? memchr(row->s, ',', row->n) : NULL;
        *value = span_of(row->s, end ? (size_t)(end - row->s) : row->n);
    }
    *row = end ? span_of(end + 1, row->n - (size_t)(end + 1 - row->s)) : span_of(NULL, 0);
    return true;
}

static void read_header(struct arena *a, const struct log_csv *format, struct span row, struct log_columns *columns)
{
    struct span name;
    *columns = (struct log_columns){.format = format};
    while (columns->count < LOG_COLUMNS && take_value(a, &row, &name)) {
        const struct log_word *field = log_word_same(&format->dialect->fields, span_trim(name));
        columns->of[columns->count++] = field ? (int8_t)field->meaning : -1;
    }
}

/* "[{LED=550 5.1.8 ...};{MSG=};{FQDN=mx};{IP=192.0.2.1};{LRT=...}]" of one recipient. */
static struct span exchange_part(struct span status, const char *name)
{
    struct span value, rest = status;
    if (!log_cut(&rest, name, &value))
        return span_of(NULL, 0);
    const char *end = span_find(rest, "};{");
    if (!end)
        end = span_find(rest, "}]");
    if (!end && rest.n && rest.s[rest.n - 1] == '}')
        end = rest.s + rest.n - 1;
    return span_trim(span_of(rest.s, end ? (size_t)(end - rest.s) : rest.n));
}

/* A text may contain ";", too; only after a separator does a status begin. */
static bool begins_status(struct span rest)
{
    rest = span_trim(rest);
    bool code = rest.n >= 3 && ascii_is_digit(rest.s[0]) && ascii_is_digit(rest.s[1]) && ascii_is_digit(rest.s[2]) &&
                (rest.n == 3 || rest.s[3] == ' ' || rest.s[3] == '-');
    return !rest.n || code || rest.s[0] == ';' || rest.s[0] == '[' || rest.s[0] == '{';
}

/* The statuses of several recipients are separated by ";" outside of braces and brackets. */
static struct span next_status(struct span *all)
{
    int depth = 0;
    for (size_t i = 0; i < all->n; i++) {
        char c = all->s[i];
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c != ';' || depth > 0 || !begins_status(span_of(all->s + i + 1, all->n - i - 1)))
            continue;
        struct span status = span_of(all->s, i);
        *all = span_of(all->s + i + 1, all->n - i - 1);
        return status;
    }
    struct span status = *all;
    all->n = 0;
    return status;
}

static void exchange_recipient(struct log_reader *r, const struct span *values, int action, struct span to,
                               struct span status)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "exchange");
    struct span led = exchange_part(status, "{LED="), host = exchange_part(status, "{FQDN=");
    struct span address = exchange_part(status, "{IP="), ignored;
    uint64_t port;
    e->action = (bounce_action)action;
    e->recipient = to;
    e->text = span_find(status, "{LED=") ? led : status;
    if (!e->text.n)
        e->text = values[LOG_KEY_CONTEXT];
    if (span_equal_nocase(values[LOG_KEY_SOURCE], "SMTP")) { /* else the server is Exchange itself */
        log_host(host.n ? host : values[LOG_KEY_HOST], &e->remote, &e->address, &e->port);
        log_host(address.n ? address : values[LOG_KEY_ADDRESS], &ignored, &e->address, &port);
    }
    e->queue_id = values[LOG_KEY_QUEUE_ID];
    e->message_id = values[LOG_KEY_MESSAGE_ID];
    e->sender = log_bare(values[LOG_KEY_SENDER]);
    e->size = log_number(values[LOG_KEY_SIZE]);
    e->local = span_equal_nocase(values[LOG_KEY_SOURCE], "STOREDRIVER");
    e->host = values[LOG_KEY_REPORTER];
}

static void read_exchange(struct log_reader *r, const struct span *values, int action)
{
    struct span to = values[LOG_KEY_RECIPIENT], statuses = values[LOG_KEY_TEXT], one;
    bool more = true;
    bool sent =
        span_equal_nocase(values[LOG_KEY_OUTCOME], "SEND") && !span_equal_nocase(values[LOG_KEY_SOURCE], "SMTP");
    if (sent || !to.n)
        return;
    while (more && log_has_room(r)) {
        more = log_cut(&to, ";", &one);
        exchange_recipient(r, values, action, more ? one : to, more ? next_status(&statuses) : statuses);
    }
}

static void read_powermta(struct log_reader *r, const struct span *values, int action)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "powermta");
    struct span ignored, text = values[LOG_KEY_TEXT], type;
    int64_t queued;
    uint64_t port;
    e->action = (bounce_action)action;
    e->recipient = log_bare(values[LOG_KEY_RECIPIENT]);
    e->original = values[LOG_KEY_ORIGINAL].n ? log_bare(values[LOG_KEY_ORIGINAL]) : span_of(NULL, 0);
    struct span original = e->original;
    if (log_cut(&original, ";", &type))
        e->original = original;
    if (span_same_nocase(e->original, e->recipient))
        e->original = span_of(NULL, 0);
    e->sender = log_bare(values[LOG_KEY_SENDER]);
    e->status = log_word(&(struct span){values[LOG_KEY_STATUS].s, values[LOG_KEY_STATUS].n});
    reply_strip_type(&text);
    e->text = text;
    log_host(values[LOG_KEY_HOST], &e->remote, &e->address, &e->port);
    if (values[LOG_KEY_ADDRESS].n)
        log_host(values[LOG_KEY_ADDRESS], &ignored, &e->address, &port);
    e->queue_id = values[LOG_KEY_QUEUE_ID];
    e->message_id = values[LOG_KEY_MESSAGE_ID].n ? values[LOG_KEY_MESSAGE_ID] : span_of(NULL, 0);
    e->size = log_number(values[LOG_KEY_SIZE]);
    if (values[LOG_KEY_QUEUED].n && r->time.seconds != INT64_MIN && date_parse(values[LOG_KEY_QUEUED], &queued) &&
        queued <= r->time.seconds)
        e->delay_s = r->time.seconds - queued;
}

static const struct log_csv exchange = {&bounce_log_exchange, read_exchange};
static const struct log_csv powermta = {&bounce_log_powermta, read_powermta};

static void read_row(struct log_reader *r, const struct log_csv *format, struct span row)
{
    struct span values[LOG_KEYS] = {{NULL, 0}}, value;
    for (size_t i = 0; i < r->columns.count && take_value(&r->scratch, &row, &value); i++)
        if (r->columns.of[i] >= 0)
            values[r->columns.of[i]] = span_trim(value);
    const struct log_word *event = log_word_same(&format->dialect->outcomes, values[LOG_KEY_OUTCOME]);
    const int action = event ? event->meaning : LOG_NO_OUTCOME;
    if (action == LOG_NO_OUTCOME)
        return;
    int64_t seconds;
    if (values[LOG_KEY_TIME].n && date_parse(values[LOG_KEY_TIME], &seconds))
        r->time = (struct log_time){.seconds = seconds};
    format->read(r, values, action);
}

/* A row of Exchange without a header: a time of RFC 3339 in UTC, and 20 commas. */
static bool looks_like_exchange(struct span row)
{
    size_t commas = 0;
    if (row.n < 40 || !ascii_is_digit(row.s[0]) || row.s[10] != 'T')
        return false;
    const char *z = memchr(row.s, 'Z', 26);
    if (!z || z[1] != ',')
        return false;
    for (size_t i = 0; i < row.n; i++)
        commas += row.s[i] == ',';
    return commas >= 20;
}

/* "b,2026-10-04 04:36:49+0200,..." */
static bool looks_like_powermta(struct span row)
{
    struct span rest = row, type;
    if (row.n < 30 || !log_cut(&rest, ",", &type) || type.n > 2 || !ascii_is_alpha(type.s[0]))
        return false;
    return rest.n > 20 && ascii_is_digit(rest.s[0]) && rest.s[4] == '-' && rest.s[7] == '-' && rest.s[10] == ' ';
}

bool log_read_csv(struct log_reader *r, const struct log_head *head)
{
    struct span row = head->message, skipped;
    if (row.n && row.s[0] == '#') {
        if (log_cut(&row, "#Fields: ", &skipped) && span_find_nocase(row, "event-id") &&
            span_find_nocase(row, "recipient-address"))
            read_header(&r->scratch, &exchange, row, &r->columns);
        return span_starts_nocase(head->message, "#Software") || r->columns.format == &exchange;
    }
    if (span_starts_nocase(row, "type,timeLogged") || span_starts_nocase(row, "date-time,client-ip")) {
        const struct log_csv *format = row.s[0] == 't' ? &powermta : &exchange;
        read_header(&r->scratch, format, row, &r->columns);
        return true;
    }
    const struct log_csv *format = looks_like_exchange(row) ? &exchange : looks_like_powermta(row) ? &powermta : NULL;
    if (!format)
        return false;
    if (r->columns.format != format)
        read_header(&r->scratch, format, format->dialect->usual.words[0].word, &r->columns);
    read_row(r, format, row);
    return true;
}
