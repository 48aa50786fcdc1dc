/* SPDX-License-Identifier: MIT */
/*
 * log_words.c - which log a line belongs to, and the words that show it.
 *
 * In: a line. Out: entries from the reader of its log. The program that syslog names decides; a line without one is
 * tried with each reader of such lines, starting with the one that knew the last line. Lines without an entry must cost
 * next to nothing: the part before the message is skipped, never copied, and its time is not parsed. Refused: lines of
 * other programs.
 */
#include "logs/log_fields.h"
#include "logs/log_formats.h"
#include "logs/log_json.h"
#include "logs/log_messages.h"

/* The logs that are found by their programs. The first that fits counts. */
static const struct {
    const struct log_dialect *dialect;
    log_format_fn *read;
} syslogs[] = {
    {&bounce_log_postfix, log_read_postfix},   {&bounce_log_exim, log_read_exim},
    {&bounce_log_sendmail, log_read_sendmail}, {&bounce_log_opensmtpd, log_read_opensmtpd},
    {&bounce_log_qmail, log_read_qmail},       {&bounce_log_courier, log_read_courier},
    {&bounce_log_haraka, log_read_haraka},     {&bounce_log_zonemta, log_read_zonemta},
    {&bounce_log_kumomta, log_read_kumomta},
};

/* For lines without a program, with what they may start with; "" means anything, '#' any digit. */
static const struct {
    const char *starts;
    log_format_fn *read;
    const char *software;
} bare[] = {
    {"{", log_read_kumomta, "kumomta"}, {"#", log_read_csv, "csv"},
    {"[", log_read_haraka, "haraka"},   {"", log_read_exim, "exim"},
    {"", log_read_qmail, "qmail"},      {"", log_read_csv, "csv"},
    {"", log_read_zonemta, "zonemta"},  {"", log_read_opensmtpd, "opensmtpd"},
};

bool log_has_room(struct log_reader *r)
{
    if (r->count < LOG_ENTRIES)
        return true;
    r->too_many = true;
    return false;
}

struct log_entry *log_add(struct log_reader *r, enum log_event event, const char *software)
{
    if (!log_has_room(r))
        r->count--;
    struct log_entry *e = &r->entries[r->count++];
    *e = (struct log_entry){.event = event, .software = software, .delay_s = -1, .attempts = -1};
    return e;
}

void log_add_message(struct log_reader *r, const char *software, struct span id, struct span sender,
                     struct span message_id, struct span size)
{
    if (!id.n)
        return;
    struct log_entry *e = log_add(r, LOG_MESSAGE, software);
    e->queue_id = id;
    e->sender = sender;
    e->message_id = message_id;
    e->size = log_number(size);
}

static bool names_program(struct span program, struct span name)
{
    if (name.s[0] != '/')
        return span_starts_with(program, name);
    return program.n > name.n && span_ends_with(program, name);
}

/* By the number in the table of logs; -1: none. */
static int program_of(struct span program)
{
    for (size_t i = 0; i < COUNT(syslogs); i++) {
        const struct log_list *names = &syslogs[i].dialect->programs;
        for (size_t k = 0; k < names->count; k++)
            if (names_program(program, names->words[k].word))
                return (int)i;
    }
    return -1;
}

/* Most lines are of a few programs. */
static int known_program_of(struct log_reader *r, struct span program)
{
    if (!program.n || program.n > LOG_PROGRAM_BYTES)
        return program_of(program);
    unsigned slot = ((unsigned char)program.s[program.n - 1] + (unsigned)program.n * 5) % LOG_PROGRAMS;
    struct log_program *p = &r->programs[slot];
    if (p->n != program.n || memcmp(p->name, program.s, program.n) != 0) {
        memcpy(p->name, program.s, program.n);
        p->n = (unsigned char)program.n;
        p->number = (signed char)program_of(program);
    }
    return p->number;
}

/* The rows of CSV begin with their own time. */
static bool read_bare(struct log_reader *r, const struct log_head *head, struct span line)
{
    for (size_t i = 0; i < COUNT(bare); i++) {
        struct log_head whole = *head;
        if (bare[i].read == log_read_csv)
            whole.message = line;
        if (bare[i].read == log_read_exim && head->kind != STAMP_ISO)
            continue;
        if (!span_starts_nocase(whole.message, bare[i].starts) || !bare[i].read(r, &whole))
            continue;
        r->known = bare[i].software;
        return true;
    }
    return false;
}

/* `journalctl -o json`: the message and its origin, as a line of syslog. */
static bool read_journal(struct log_reader *r, struct span line, struct log_head *head)
{
    struct arena *a = &r->scratch;
    struct span message = log_json(a, line, "MESSAGE");
    if (!message.s)
        return false;
    *head = (struct log_head){.message = message, .from_syslog = true};
    head->program = log_json(a, line, "SYSLOG_IDENTIFIER");
    head->host = log_json(a, line, "_HOSTNAME");
    struct span micro = log_json(a, line, "__REALTIME_TIMESTAMP");
    if (micro.n > 6) {
        head->kind = STAMP_EPOCH;
        head->stamp = span_of(micro.s, micro.n - 6);
    }
    return true;
}

/* "message repeated 3 times: [ postfix message]" */
static void take_repetition(struct log_reader *r, struct span *message)
{
    struct span rest = *message, number;
    if (!log_take(&rest, "message repeated ") || !log_cut(&rest, " times: [", &number) || !rest.n)
        return;
    r->repeated = log_number(number);
    if (rest.s[rest.n - 1] == ']')
        rest.n--;
    *message = span_trim(rest);
}

static bool take_again(struct log_reader *r, const struct log_head *head)
{
    struct span rest = head->message;
    if (!log_take(&rest, "last message repeated "))
        return false;
    r->repeated = log_number(rest);
    r->again = r->repeated > 0;
    return true;
}

static void finish(struct log_reader *r, const struct log_head *head)
{
    r->head = *head;
    for (size_t i = 0; i < r->count; i++) {
        if (!r->entries[i].host.n)
            r->entries[i].host = head->host;
        r->known = r->entries[i].software;
    }
}

void log_read_line(struct log_reader *r, struct span line)
{
    struct log_head head;
    arena_reset(&r->scratch);
    r->count = 0;
    r->repeated = 1;
    r->again = false;
    r->known = NULL;
    r->time = (struct log_time){.seconds = INT64_MIN};
    line = span_trim(line);
    if (!line.n)
        return;
    bool json = line.s[0] == '{';
    if (!(json && read_journal(r, line, &head)))
        log_head_read(line, &head);
    /* "host last message repeated 3 times" has no program. */
    struct span last = head.message;
    struct span word = last;
    log_word(&word);
    if (span_starts_nocase(word, "last message repeated"))
        head.message = word;
    if (take_again(r, &head))
        return;
    if (head.from_syslog) {
        int program = known_program_of(r, head.program);
        take_repetition(r, &head.message);
        if (program >= 0 && syslogs[program].read(r, &head))
            r->known = syslogs[program].dialect->software;
    } else {
        read_bare(r, &head, line);
    }
    if (r->count)
        finish(r, &head);
}

struct log_time log_reader_time(const struct log_reader *r)
{
    return r->time.seconds == INT64_MIN ? log_head_time(&r->head, r->now, r->zone_s) : r->time;
}

void log_reader_init(struct log_reader *r)
{
    *r = (struct log_reader){.deliveries = log_messages_new(NULL, NULL), .repeated = 1};
    arena_init(&r->scratch);
}

void log_reader_free(struct log_reader *r)
{
    log_messages_free(r->deliveries);
    arena_free(&r->scratch);
}

bool log_is_known_line(struct span line)
{
    struct log_head head;
    line = span_trim(line);
    if (!line.n)
        return false;
    log_head_read(line, &head);
    if (head.from_syslog)
        return program_of(head.program) >= 0;
    struct log_reader r;
    log_reader_init(&r);
    bool json = line.s[0] == '{' && log_json_is_whole(line);
    bool known = json ? (read_journal(&r, line, &head) ? program_of(head.program) >= 0 : read_bare(&r, &head, line))
                      : line.s[0] != '{' && head.kind != STAMP_SYSLOG && read_bare(&r, &head, line);
    log_reader_free(&r);
    return known;
}
