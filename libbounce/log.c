/* SPDX-License-Identifier: MIT */
/*
 * log.c - reads the log of a mail server, a line at a time; see bounce.h.
 *
 * In: lines. Out: reports, in the order of the lines that decided them. The content of a line is kept as a record, and
 * judged on demand, by this log or by a copy of it in another process. Refused: what is beyond LIMIT_LOG_LINE_BYTES of
 * a line, and messages beyond LIMIT_LOG_MESSAGES; a warning says so.
 */
#include "base/limits.h"
#include "log_record.h"
#include "logs/log_fields.h"
#include "logs/log_follow.h"
#include "logs/log_json.h"
#include "report/report.h"

#include <glib.h>
#include <time.h>

struct log_warning {
    const char *id;
    char *text;
};

struct bounce_log {
    bounce_parser *parser;
    struct log_reader reader;
    struct log_follow follow;
    GQueue ready;             /* struct log_record * */
    struct log_record *given; /* returned by bounce_log_next_entry() */
    GArray *warnings;
    GString *last; /* the last line, if it had a report: for "last message repeated" */
    bool final;
    uint64_t file, line, offset, length; /* of the current line */
    uint64_t next_line, next_offset;
    uint64_t dropped;
    const char *software;
};

/* ---------------------------------------------------------------- warnings */

static void warn(bounce_log *log, const char *id, const char *text)
{
    for (guint i = 0; i < log->warnings->len; i++)
        if (strcmp(g_array_index(log->warnings, struct log_warning, i).id, id) == 0)
            return;
    struct log_warning w = {id, g_strdup_printf("line %llu, offset %llu: %s", (unsigned long long)log->line + 1,
                                                (unsigned long long)log->offset, text)};
    g_array_append_val(log->warnings, w);
}

static void forget_warnings(bounce_log *log)
{
    for (guint i = 0; i < log->warnings->len; i++)
        g_free(g_array_index(log->warnings, struct log_warning, i).text);
    g_array_set_size(log->warnings, 0);
}

/* ----------------------------------------------------------------- reports */

static void forget(void *data, struct log_told *told)
{
    (void)data;
    g_free(told->final);
    told->final = NULL;
}

static void take(void *data, const struct log_entry *e, struct log_told *told)
{
    bounce_log *log = data;
    const struct log_time when = log_reader_time(&log->reader);
    struct log_record *r = log_record_new(e);
    r->seconds = when.seconds;
    r->repeated = log->reader.repeated;
    r->file = log->file;
    r->line = log->line;
    r->offset = log->offset;
    r->length = log->length;
    if (when.no_year)
        warn(log, "no-year", "times have no year and no zone: the year is counted back from the time of the file");
    else if (when.no_zone)
        warn(log, "no-zone", "times have no zone");
    if (!log->final || !told) {
        g_queue_push_tail(&log->ready, r);
        return;
    }
    forget(log, told);
    told->final = r;
}

/* The outcomes of a message that ends. */
static void drop(void *data, struct log_message *m)
{
    bounce_log *log = data;
    for (uint32_t i = 0; i < m->told_count; i++)
        if (m->told[i].final)
            g_queue_push_tail(&log->ready, m->told[i].final);
}

/* ------------------------------------------------------------- the public face */

bounce_log *bounce_log_new(bounce_rules *rules, const bounce_options *options)
{
    if (!rules)
        return NULL;
    bounce_log *log = g_new0(bounce_log, 1);
    log->parser = bounce_parser_new(rules, options);
    log_reader_init(&log->reader);
    log->reader.now = (int64_t)time(NULL);
    log->follow = (struct log_follow){.relays = log_relays_new(), .take = take, .forget = forget, .data = log};
    log->follow.messages = log_messages_new(drop, log);
    log->warnings = g_array_new(FALSE, FALSE, sizeof(struct log_warning));
    log->last = g_string_new(NULL);
    g_queue_init(&log->ready);
    return log;
}

void bounce_log_free(bounce_log *log)
{
    if (!log)
        return;
    log_messages_free(log->follow.messages);
    g_queue_clear_full(&log->ready, g_free);
    g_free(log->given);
    log_relays_free(log->follow.relays);
    log_reader_free(&log->reader);
    forget_warnings(log);
    g_array_free(log->warnings, TRUE);
    g_string_free(log->last, TRUE);
    bounce_parser_free(log->parser);
    g_free(log);
}

bounce_status bounce_log_set(bounce_log *log, bounce_log_option option, bool value)
{
    if (!log)
        return BOUNCE_ERROR_ARGUMENT;
    switch (option) {
    case BOUNCE_LOG_DELIVERED: log->follow.delivered = value; return BOUNCE_OK;
    case BOUNCE_LOG_INBOUND: log->follow.inbound = value; return BOUNCE_OK;
    case BOUNCE_LOG_ALL: log->follow.all = value; return BOUNCE_OK;
    case BOUNCE_LOG_FINAL: log->final = value; return BOUNCE_OK;
    }
    return BOUNCE_ERROR_ARGUMENT;
}

bounce_status bounce_log_written(bounce_log *log, int64_t written)
{
    if (!log || written < 0 || written >= INT64_C(253402300800))
        return BOUNCE_ERROR_ARGUMENT;
    log->reader.now = written;
    return BOUNCE_OK;
}

bounce_status bounce_log_file(bounce_log *log, int64_t written)
{
    if (bounce_log_written(log, written) != BOUNCE_OK)
        return BOUNCE_ERROR_ARGUMENT;
    log->file++;
    log->next_line = log->next_offset = 0;
    log->software = NULL;
    forget_warnings(log);
    return BOUNCE_OK;
}

/* "+0200", "-05:00" */
static bool read_zone(const char *zone, int32_t *seconds)
{
    *seconds = 0;
    if (strcmp(zone, "UTC") == 0 || strcmp(zone, "Z") == 0)
        return true;
    bool colon = strlen(zone) == 6 && zone[3] == ':';
    if ((strlen(zone) != 5 && !colon) || (zone[0] != '+' && zone[0] != '-'))
        return false;
    for (size_t i = 1; zone[i]; i++)
        if (!ascii_is_digit(zone[i]) && !(colon && i == 3))
            return false;
    int32_t hours = (int32_t)log_number(span_of(zone + 1, 2)),
            minutes = (int32_t)log_number(span_of(zone + 3 + colon, 2));
    *seconds = (hours * 60 + minutes) * (zone[0] == '-' ? -60 : 60);
    return hours <= 14 && minutes < 60;
}

bounce_status bounce_log_set_timezone(bounce_log *log, const char *zone)
{
    int32_t seconds;
    if (!log || !zone || !read_zone(zone, &seconds))
        return BOUNCE_ERROR_ARGUMENT;
    log->reader.zone_s = seconds;
    return BOUNCE_OK;
}

bounce_status bounce_log_add_relay(bounce_log *log, const char *relay)
{
    return log && relay && log_relays_add(log->follow.relays, relay) ? BOUNCE_OK : BOUNCE_ERROR_ARGUMENT;
}

/* ------------------------------------------------------------------- lines */

/* Reads the line again that "last message repeated" repeats. */
static void read_again(bounce_log *log)
{
    uint64_t times = log->reader.repeated;
    if (!log->last->len)
        return;
    log_read_line(&log->reader, span_of(log->last->str, log->last->len));
    log->reader.repeated = times;
}

static void read_line(bounce_log *log, struct span line)
{
    guint before = log->ready.length;
    log_read_line(&log->reader, line);
    if (log->reader.again)
        read_again(log);
    else if (log->last->len)
        g_string_truncate(log->last, 0);
    if (log->reader.known)
        log->software = log->reader.known;
    if (!log->reader.count)
        return;
    log_follow_line(&log->follow, &log->reader);
    if (log->ready.length > before && log->reader.repeated == 1)
        g_string_overwrite_len(log->last, 0, line.s, (gssize)line.n);
}

static void warn_of_line(bounce_log *log, struct span line, bool cut)
{
    if (cut)
        warn(log, "long-line", "the line is longer than is read; the rest was not read");
    if (log->reader.too_many)
        warn(log, "too-many-recipients", "the line names more recipients than are read");
    if (line.n && line.s[0] == '{' && !log->reader.count && !log_json_is_whole(line))
        warn(log, "broken-json", "the line is not a complete JSON object, or is nested too deep");
    uint64_t dropped = log_messages_dropped(log->follow.messages);
    if (dropped > log->dropped)
        warn(log, "too-many-messages", "more messages are open than are kept; what is known of the oldest was dropped");
    log->dropped = dropped;
    log->reader.too_many = false;
}

bounce_status bounce_log_line(bounce_log *log, const void *bytes, size_t length, bounce_error *error)
{
    if (!log || (!bytes && length))
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_log_line: log or bytes is NULL");
    struct span line = span_of(bytes, length);
    bool ended = length && line.s[length - 1] == '\n';
    log->line = log->next_line++;
    log->offset = log->next_offset;
    log->next_offset += length + !ended;
    while (line.n && (line.s[line.n - 1] == '\n' || line.s[line.n - 1] == '\r'))
        line.n--;
    log->length = line.n;
    bool cut = line.n > LIMIT_LOG_LINE_BYTES;
    if (cut)
        line.n = LIMIT_LOG_LINE_BYTES;
    read_line(log, line);
    if (cut || log->reader.too_many || (line.n && line.s[0] == '{') || log->reader.count)
        warn_of_line(log, line, cut);
    return BOUNCE_OK;
}

bounce_status bounce_log_end(bounce_log *log)
{
    if (!log)
        return BOUNCE_ERROR_ARGUMENT;
    while (log_messages_drop_oldest(log->follow.messages))
        continue;
    return BOUNCE_OK;
}

static struct bounce_source source_of(const struct log_record *r)
{
    return (struct bounce_source){NULL, r->line, r->offset, r->length};
}

bounce_status bounce_log_next_entry(bounce_log *log, const void **bytes, size_t *length, struct bounce_source *source)
{
    if (!log || !bytes || !length)
        return BOUNCE_ERROR_ARGUMENT;
    if (!log->given && !log->ready.length) /* the case after most lines */
        return BOUNCE_END;
    g_free(log->given);
    log->given = g_queue_pop_head(&log->ready);
    *bytes = log->given;
    *length = log->given ? log->given->bytes : 0;
    if (log->given && source)
        *source = source_of(log->given);
    return log->given ? BOUNCE_OK : BOUNCE_END;
}

uint64_t bounce_log_entry_file(const bounce_log *log)
{
    if (!log)
        return 0;
    return log->given ? log->given->file : log->file;
}

bounce_status bounce_log_judge(bounce_log *log, const void *bytes, size_t length, bounce_report **report)
{
    if (report)
        *report = NULL;
    if (!log || !bytes || !report)
        return BOUNCE_ERROR_ARGUMENT;
    *report = log_record_judge(log->parser, bytes, length);
    return *report ? BOUNCE_OK : BOUNCE_ERROR_MEMORY;
}

bounce_status bounce_log_next(bounce_log *log, bounce_report **report, struct bounce_source *source)
{
    const void *bytes;
    size_t length;
    if (report)
        *report = NULL;
    if (!log || !report)
        return BOUNCE_ERROR_ARGUMENT;
    while (bounce_log_next_entry(log, &bytes, &length, source) == BOUNCE_OK) {
        if (bounce_log_judge(log, bytes, length, report) == BOUNCE_OK)
            return BOUNCE_OK;
        warn(log, "memory", "memory ran out: an entry was left out");
    }
    return BOUNCE_END;
}

const char *bounce_log_software(const bounce_log *log)
{
    return log ? log->software : NULL;
}

size_t bounce_log_warnings(const bounce_log *log)
{
    return log ? log->warnings->len : 0;
}

const char *bounce_log_warning_id(const bounce_log *log, size_t index)
{
    return log && index < log->warnings->len ? g_array_index(log->warnings, struct log_warning, index).id : NULL;
}

const char *bounce_log_warning_text(const bounce_log *log, size_t index)
{
    return log && index < log->warnings->len ? g_array_index(log->warnings, struct log_warning, index).text : NULL;
}

/* A mail begins with a header field or a From line; the first lines of a log may come from other programs. */
bool bounce_log_is_known(const void *bytes, size_t length)
{
    enum { LINES = 8 };
    struct span rest = span_of(bytes, bytes ? length : 0), line;
    for (int i = 0; i < LINES && span_next_line(&rest, &line); i++) {
        size_t name = 0;
        while (name < line.n && line.s[name] > ' ' && line.s[name] < 127 && line.s[name] != ':')
            name++;
        bool field =
            i == 0 && name && name < line.n && line.s[name] == ':' && name + 1 < line.n && line.s[name + 1] == ' ';
        if (i == 0 && (field || span_starts_nocase(line, "From ") || span_starts_nocase(line, ">From ")))
            return log_is_known_line(line) && !span_starts_nocase(line, "From ");
        if (line.n <= LIMIT_LOG_LINE_BYTES && log_is_known_line(line))
            return true;
    }
    return false;
}
