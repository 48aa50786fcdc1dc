/* SPDX-License-Identifier: MIT */
/*
 * cli.h - the parts of bounce-classify. It includes bounce.h and nothing else
 * of the library.
 *
 *     options.c      command line to settings
 *     main.c         sets up, chooses what to do, exit status
 *     input.c        mails and mailboxes: read
 *     classify.c     one mail or reply: classify, render, or give it to a worker
 *     pool*.c        --jobs: batches to workers, results in order (pool.h)
 *     batch.c, worker.c
 *     reply.c        --reply: SMTP replies from arguments or lines
 *     rulefiles.c    --rules, --check-rules, --list-rules
 *     render.c       one report in the chosen format, and the totals
 *     render_text.c, render_csv.c
 *     escape.c       text from mails made safe for terminals
 *     output.c       the big buffer; error messages
 */
#ifndef CLI_H
#define CLI_H

#include "bounce.h"

/* --------------------------------------------------------------- output */

/* What is written at once; and for how much more there is room, so that one
 * report can be rendered in its place. Files grow fastest by whole blocks. */
enum { OUTPUT_BYTES = 256 * 1024, OUTPUT_SPARE_BYTES = 64 * 1024 };

struct output {
    int fd;
    int error_number; /* 0, or why nothing more is written */
    char *bytes;
    size_t n, capacity;
    /* NULL: what is full is written to fd. A worker of --jobs has a function
     * that hands bytes[0..n) to the program that started it. */
    void (*hand_over)(struct output *o);
};

void output_add(struct output *o, const char *s, size_t n);
/* Where *room bytes, at least OUTPUT_SPARE_BYTES, can be written to, of which
 * output_advance() then adds some. */
char *output_room(struct output *o, size_t *room);
void output_advance(struct output *o, size_t n);
void output_puts(struct output *o, const char *s);
void output_putc(struct output *o, char c);
void output_number(struct output *o, uint64_t value);
void output_spaces(struct output *o, size_t count);
void output_flush(struct output *o);

/* "bounce-classify: path: message" on standard error; either may be NULL.
 * Control characters are escaped. */
void complain(const char *path, const char *message);

/* --------------------------------------------------------------- escape */

enum escape_mode {
    ESCAPE_ONE_LINE, /* white space becomes one space */
    ESCAPE_QUOTED    /* white space stays, '"' is doubled: inside a CSV field */
};

/* Writes s, which should be UTF-8, without control characters: those, and what
 * else could mislead on a terminal, become \x1b, \u202e. At most max_columns
 * columns, the last three of them "..." if it is cut; 0: all. Returns the
 * columns that it takes. */
size_t output_escaped(struct output *o, const char *s, enum escape_mode mode, size_t max_columns);

/* ------------------------------------------------------------- settings */

enum mode { MODE_CLASSIFY, MODE_REPLY, MODE_CHECK_RULES, MODE_LIST_RULES, MODE_HELP, MODE_VERSION };
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

enum { EXIT_READ_OR_WRITE = 1, EXIT_USAGE = 2 };

struct settings {
    enum mode mode;
    enum format format;
    bounce_format input_format;
    bool explain, jit, no_dialects, no_prefilter, read_all;
    uint64_t max_message_bytes;
    uint32_t jobs;
    uint32_t shard, shards; /* K and N of --shard K/N; 0: all */
    const char *verp;
    const char **rules; /* of --rules and --check-rules, in order */
    size_t rules_count;
    bounce_command command; /* context of --reply */
    const char *host, *recipient;
    char **inputs; /* of argv */
    size_t input_count;
};

/* 0, or EXIT_USAGE after a message. Ends with settings_free() in both cases. */
int settings_read(struct settings *s, int argc, char **argv);
void settings_free(struct settings *s);

/* -------------------------------------------------------------- session */

struct totals {
    uint64_t messages, reports, recipients, hard, soft, none, unreadable;
};

struct pool;

/* One stream of results. A worker has one of its own. */
struct session {
    const struct settings *settings;
    bounce_parser *parser;
    bounce_context *context; /* of --reply, or NULL */
    struct pool *pool;       /* NULL: all is done by this process */
    struct output *out;
    struct totals totals;
    bool colour;
    size_t columns; /* of the terminal; 0: lines are not shortened */
};

/* All go on after errors; totals.unreadable and output.error_number tell. */
void classify_inputs(struct session *s);
void classify_replies(struct session *s);

/* One mail or reply: now, or by a worker, with results in the order of calls.
 * The bytes and the path are not needed any more afterwards. */
void classify(struct session *s, const void *bytes, size_t length, const bounce_source *source);
/* The same, by this process and now. */
void classify_here(struct session *s, const void *bytes, size_t length, const bounce_source *source);
/* To be called before a read from fd: as long as fd has nothing to read, what
 * becomes known is written. */
void wait_for_input(struct session *s, int fd);

void render_begin(struct session *s);
void render_report(struct session *s, bounce_report *report, const bounce_source *source);
void render_end(struct session *s);
void render_text_recipient(struct session *s, const bounce_recipient *r);
void render_text_totals(struct session *s);
void render_csv_header(struct output *o);
void render_csv_report(struct output *o, const bounce_report *report, const bounce_source *source);

/* Nothing can be read from fd right now, and it has not ended. */
bool must_wait(int fd);
/* Writes what is buffered if the next read from fd would have to wait. */
void flush_if_waiting(struct output *o, int fd);

/* ----------------------------------------------------------------- jobs */

/* Workers are not started before there is enough to do. NULL if one process is
 * to do all, because of the settings or because memory cannot be had. */
struct pool *pool_new(struct session *s);
/* False: the caller is to classify it, now. */
bool pool_take(struct pool *p, const void *bytes, size_t length, const bounce_source *source);
void pool_wait_for_input(struct pool *p, int fd);
/* Waits for what is being done, writes it, and ends the workers. */
void pool_end(struct pool *p);
/* The processors that this process may use. */
uint32_t count_processors(void);

/* ---------------------------------------------------------------- rules */

/* The built-in rules with those of the settings; NULL after a message for each
 * error. */
bounce_rules *load_rules(const struct settings *s);
int check_rules(const struct settings *s, struct output *o);
int list_rules(const struct settings *s, struct output *o);

#endif
