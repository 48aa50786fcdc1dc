/* SPDX-License-Identifier: MIT */
/*
 * log_csv.c - rows of the message tracking log of Microsoft Exchange and of the accounting file of PowerMTA.
 *
 * In: rows of CSV (RFC 4180); a header names the columns, and without one the usual order holds. Out: an entry
 * for each recipient of a row that tells of a delivery. Refused: rows of other events, such as the shadow copies
 * of Exchange (HAREDIRECTFAIL) and what PowerMTA received.
 */
#include "logs/log_csv.h"

#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "mail/date.h"
#include "smtp/reply.h"

enum csv_field {
    CSV_TIME,
    CSV_EVENT,
    CSV_SOURCE,
    CSV_RECIPIENT,
    CSV_ORIGINAL,
    CSV_SENDER,
    CSV_STATUS,
    CSV_TEXT,
    CSV_CONTEXT,
    CSV_HOST,
    CSV_ADDRESS,
    CSV_REPORTER,
    CSV_QUEUE_ID,
    CSV_MESSAGE_ID,
    CSV_SIZE,
    CSV_QUEUED,
    CSV_ACTION,
    CSV_FIELDS
};

struct csv_name {
    const char *name;
    enum csv_field field;
};

/* What one of these logs calls its columns, what its events mean, and how a row is read. */
struct log_csv {
    const char *software;
    const struct csv_name *names;
    size_t name_count;
    const struct log_word_meaning *events;
    size_t event_count;
    void (*read)(struct log_reader *r, const struct span *values, int action);
    const char *usual; /* the columns where no header is given */
};

static const struct csv_name exchange_names[] = {
    {"date-time", CSV_TIME},
    {"event-id", CSV_EVENT},
    {"source", CSV_SOURCE},
    {"recipient-address", CSV_RECIPIENT},
    {"recipient-status", CSV_TEXT},
    {"source-context", CSV_CONTEXT},
    {"sender-address", CSV_SENDER},
    {"server-hostname", CSV_HOST},
    {"server-ip", CSV_ADDRESS},
    {"client-hostname", CSV_REPORTER},
    {"internal-message-id", CSV_QUEUE_ID},
    {"message-id", CSV_MESSAGE_ID},
    {"total-bytes", CSV_SIZE},
};
static const struct log_word_meaning exchange_events[] = {
    {"FAIL", BOUNCE_ACTION_FAILED},       {"DEFER", BOUNCE_ACTION_DELAYED},
    {"SEND", BOUNCE_ACTION_DELIVERED},    {"SENDEXTERNAL", BOUNCE_ACTION_DELIVERED},
    {"DELIVER", BOUNCE_ACTION_DELIVERED},
};
static const char exchange_usual[] =
    "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality";

static const struct csv_name powermta_names[] = {
    {"type", CSV_EVENT},
    {"timeLogged", CSV_TIME},
    {"timeQueued", CSV_QUEUED},
    {"orig", CSV_SENDER},
    {"rcpt", CSV_RECIPIENT},
    {"orcpt", CSV_ORIGINAL},
    {"dsnAction", CSV_ACTION},
    {"dsnStatus", CSV_STATUS},
    {"dsnDiag", CSV_TEXT},
    {"dsnMta", CSV_HOST},
    {"dlvDestinationIp", CSV_ADDRESS},
    {"envId", CSV_QUEUE_ID},
    {"header_Message-ID", CSV_MESSAGE_ID},
    {"header_Message-Id", CSV_MESSAGE_ID},
    {"dlvSize", CSV_SIZE},
};
static const struct log_word_meaning powermta_events[] = {
    {"b", BOUNCE_ACTION_FAILED},
    {"d", BOUNCE_ACTION_DELIVERED},
    {"tq", LOG_NO_OUTCOME},
    {"t", BOUNCE_ACTION_DELAYED},
};
static const char powermta_usual[] =
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"
    "dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId";

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
        int8_t field = -1;
        for (size_t i = 0; i < format->name_count; i++)
            if (span_equal_nocase(span_trim(name), format->names[i].name))
                field = (int8_t)format->names[i].field;
        columns->of[columns->count++] = field;
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

/* A text may have a ";", too; behind one that separates a status begins. */
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
        e->text = values[CSV_CONTEXT];
    if (span_equal_nocase(values[CSV_SOURCE], "SMTP")) { /* else the server is Exchange itself */
        log_host(host.n ? host : values[CSV_HOST], &e->remote, &e->address, &e->port);
        log_host(address.n ? address : values[CSV_ADDRESS], &ignored, &e->address, &port);
    }
    e->queue_id = values[CSV_QUEUE_ID];
    e->message_id = values[CSV_MESSAGE_ID];
    e->sender = log_bare(values[CSV_SENDER]);
    e->size = log_number(values[CSV_SIZE]);
    e->local = span_equal_nocase(values[CSV_SOURCE], "STOREDRIVER");
    e->host = values[CSV_REPORTER];
}

static void read_exchange(struct log_reader *r, const struct span *values, int action)
{
    struct span to = values[CSV_RECIPIENT], statuses = values[CSV_TEXT], one;
    bool sent = span_equal_nocase(values[CSV_EVENT], "SEND") && !span_equal_nocase(values[CSV_SOURCE], "SMTP");
    if (sent || !to.n)
        return;
    while (log_cut(&to, ";", &one))
        exchange_recipient(r, values, action, one, next_status(&statuses));
    exchange_recipient(r, values, action, to, statuses);
}

static void read_powermta(struct log_reader *r, const struct span *values, int action)
{
    struct log_entry *e = log_add(r, LOG_DELIVERY, "powermta");
    struct span ignored, text = values[CSV_TEXT], type;
    int64_t queued;
    uint64_t port;
    e->action = (bounce_action)action;
    e->recipient = log_bare(values[CSV_RECIPIENT]);
    e->original = values[CSV_ORIGINAL].n ? log_bare(values[CSV_ORIGINAL]) : span_of(NULL, 0);
    struct span original = e->original;
    if (log_cut(&original, ";", &type))
        e->original = original;
    if (span_same_nocase(e->original, e->recipient))
        e->original = span_of(NULL, 0);
    e->sender = log_bare(values[CSV_SENDER]);
    e->status = log_word(&(struct span){values[CSV_STATUS].s, values[CSV_STATUS].n});
    reply_strip_type(&text);
    e->text = text;
    log_host(values[CSV_HOST], &e->remote, &e->address, &e->port);
    if (values[CSV_ADDRESS].n)
        log_host(values[CSV_ADDRESS], &ignored, &e->address, &port);
    e->queue_id = values[CSV_QUEUE_ID];
    e->message_id = values[CSV_MESSAGE_ID].n ? values[CSV_MESSAGE_ID] : span_of(NULL, 0);
    e->size = log_number(values[CSV_SIZE]);
    if (values[CSV_QUEUED].n && r->time.seconds != INT64_MIN && date_parse(values[CSV_QUEUED], &queued) &&
        queued <= r->time.seconds)
        e->delay_s = r->time.seconds - queued;
}

static const struct log_csv exchange = {"exchange",      exchange_names,         COUNT(exchange_names),
                                        exchange_events, COUNT(exchange_events), read_exchange,
                                        exchange_usual};
static const struct log_csv powermta = {"powermta",      powermta_names,         COUNT(powermta_names),
                                        powermta_events, COUNT(powermta_events), read_powermta,
                                        powermta_usual};

static void read_row(struct log_reader *r, const struct log_csv *format, struct span row)
{
    struct span values[CSV_FIELDS] = {{NULL, 0}}, value;
    for (size_t i = 0; i < r->columns.count && take_value(&r->scratch, &row, &value); i++)
        if (r->columns.of[i] >= 0)
            values[r->columns.of[i]] = span_trim(value);
    int action = LOG_NO_OUTCOME;
    for (size_t i = 0; i < format->event_count; i++)
        if (span_equal_nocase(values[CSV_EVENT], format->events[i].word))
            action = format->events[i].meaning;
    if (action == LOG_NO_OUTCOME)
        return;
    int64_t seconds;
    if (values[CSV_TIME].n && date_parse(values[CSV_TIME], &seconds))
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
        read_header(&r->scratch, format, span_z(format->usual), &r->columns);
    read_row(r, format, row);
    return true;
}
