/* SPDX-License-Identifier: MIT */
/*
 * embed_logs.c - the C code of the words of logs (logs/log_dialect.h). Part of embed_rules.
 *
 * What comes in: the files of data/logs, as doc/logs.md explains them. What goes out: a table for each list of words
 * of each log; what a word means is written as its name in C. Refused: unknown keywords and meanings, lines that lack a
 * word or have too many, an example without what it gives.
 */
#include "rules/embed_logs.h"
#include "base/arena.h"
#include "base/span.h"
#include "rules/embed_text.h"

#include <glib.h>
#include <stdio.h>

enum { MOST_WORDS = 24, MOST_LINES = 400 };

struct meaning {
    const char *name, *in_c;
};

static const struct meaning actions[] = {{"failed", "BOUNCE_ACTION_FAILED"},
                                         {"delayed", "BOUNCE_ACTION_DELAYED"},
                                         {"delivered", "BOUNCE_ACTION_DELIVERED"},
                                         {"relayed", "BOUNCE_ACTION_RELAYED"},
                                         {"complaint", "BOUNCE_ACTION_COMPLAINT"},
                                         {"inbound", "LOG_INBOUND"},
                                         {"nothing", "LOG_NO_OUTCOME"},
                                         {NULL, NULL}};
static const struct meaning commands[] = {{"EHLO", "BOUNCE_COMMAND_EHLO"}, {"STARTTLS", "BOUNCE_COMMAND_STARTTLS"},
                                          {"AUTH", "BOUNCE_COMMAND_AUTH"}, {"MAIL", "BOUNCE_COMMAND_MAIL"},
                                          {"RCPT", "BOUNCE_COMMAND_RCPT"}, {"DATA", "BOUNCE_COMMAND_DATA"},
                                          {"-", "BOUNCE_COMMAND_NONE"},    {NULL, NULL}};
static const struct meaning keys[] = {{"recipient", "LOG_KEY_RECIPIENT"}, {"original", "LOG_KEY_ORIGINAL"},
                                      {"owner", "LOG_KEY_OWNER"},         {"sender", "LOG_KEY_SENDER"},
                                      {"host", "LOG_KEY_HOST"},           {"address", "LOG_KEY_ADDRESS"},
                                      {"reporter", "LOG_KEY_REPORTER"},   {"status", "LOG_KEY_STATUS"},
                                      {"outcome", "LOG_KEY_OUTCOME"},     {"action", "LOG_KEY_ACTION"},
                                      {"text", "LOG_KEY_TEXT"},           {"reply", "LOG_KEY_REPLY"},
                                      {"context", "LOG_KEY_CONTEXT"},     {"source", "LOG_KEY_SOURCE"},
                                      {"mailer", "LOG_KEY_MAILER"},       {"delay", "LOG_KEY_DELAY"},
                                      {"time", "LOG_KEY_TIME"},           {"queued", "LOG_KEY_QUEUED"},
                                      {"queue-id", "LOG_KEY_QUEUE_ID"},   {"message-id", "LOG_KEY_MESSAGE_ID"},
                                      {"size", "LOG_KEY_SIZE"},           {NULL, NULL}};
static const struct meaning any_text[] = {{NULL, NULL}};

/* The lists of a log. meanings NULL: each word of a line stands for itself; else the last word is what the first
 * means. */
static const struct keyword {
    const char *name, *list;
    const struct meaning *meanings;
} keywords[] = {{"program", "programs", NULL},   {"outcome", "outcomes", actions},  {"untried", "untried", NULL},
                {"server", "servers", commands}, {"command", "commands", commands}, {"field", "fields", keys},
                {"hollow", "hollow", any_text},  {"expired", "expired", NULL},      {"discarded", "discarded", NULL},
                {"columns", "usual", NULL}};

struct words_line {
    const struct keyword *keyword;
    const char *words[MOST_WORDS];
    size_t columns[MOST_WORDS];
    size_t count;
};

struct reader {
    struct arena *arena;
    const char *path, *log;
    size_t number, example; /* the line; that of an example that lacks what it gives, or 0 */
    struct words_line lines[MOST_LINES];
    size_t count;
};

static bool wrong(const struct reader *r, size_t column, const char *message)
{
    fprintf(stderr, "%s:%zu:%zu: %s\n", r->path, r->number, column, message);
    return false;
}

/* Words are separated by blanks; one in quotes may contain some. */
static bool split(const struct reader *r, struct span text, struct words_line *line)
{
    const char *start = text.s;
    for (text = span_trim(text); text.n && text.s[0] != '#'; text = span_trim(text)) {
        const bool quoted = text.s[0] == '"';
        const size_t column = (size_t)(text.s - start) + 1;
        size_t end = quoted;
        while (end < text.n && (quoted ? text.s[end] != '"' : !ascii_is_space(text.s[end])))
            end++;
        if (quoted && end == text.n)
            return wrong(r, column, "a quote is not closed");
        if (line->count == MOST_WORDS)
            return wrong(r, column, "too many words");
        line->columns[line->count] = column;
        line->words[line->count++] = arena_strndup(r->arena, text.s + quoted, end - quoted);
        text = span_of(text.s + end + quoted, text.n - end - quoted);
    }
    return true;
}

static const char *meaning_of(const struct meaning *m, const char *name)
{
    while (m->name && strcmp(m->name, name) != 0)
        m++;
    return m->in_c;
}

static bool check_meaning(const struct reader *r, const struct words_line *line)
{
    const struct meaning *m = line->keyword->meanings;
    if (line->count < 2 + (m != NULL))
        return wrong(r, line->columns[0], m ? "a word and its meaning are needed" : "a word is needed");
    if (m && line->count > 3)
        return wrong(r, line->columns[3], "too many words: what has blanks needs quotes");
    if (m && m->name && !meaning_of(m, line->words[2]))
        return wrong(r, line->columns[2], "this meaning is not known");
    return true;
}

static bool begin_log(struct reader *r, const struct words_line *line)
{
    if (r->log || line->count != 2)
        return wrong(r, line->columns[0], "one name of a log, once in a file");
    for (const char *s = line->words[1]; *s; s++)
        if (!(*s >= 'a' && *s <= 'z'))
            return wrong(r, line->columns[1], "the name of a log has small letters only");
    r->log = line->words[1];
    return true;
}

/* "example LINE", "gives KEY=VALUE ...": they are tried by a test. */
static bool take_example(struct reader *r, const struct words_line *line)
{
    const bool example = !strcmp(line->words[0], "example");
    if (example == (r->example != 0))
        return wrong(r, line->columns[0],
                     example ? "the example above lacks what it gives" : "there is no example above");
    if (line->count < 2)
        return wrong(r, line->columns[0], "nothing follows");
    r->example = example ? r->number : 0;
    return true;
}

static bool take_line(struct reader *r, struct span text)
{
    struct words_line *line = &r->lines[r->count];
    *line = (struct words_line){.count = 0};
    if (span_starts_nocase(text, "example ") ||
        span_starts_nocase(text, "gives ")) { /* a quote in it belongs to the log */
        line->words[0] = span_starts_nocase(text, "example ") ? "example" : "gives";
        line->columns[0] = 1;
        line->count = 2;
    } else if (!split(r, text, line)) {
        return false;
    }
    if (!line->count)
        return true;
    const char *keyword = line->words[0];
    if (!strcmp(keyword, "log"))
        return begin_log(r, line);
    if (!r->log)
        return wrong(r, line->columns[0], "the first line must be `log NAME`");
    if (!strcmp(keyword, "example") || !strcmp(keyword, "gives"))
        return take_example(r, line);
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (!strcmp(keyword, keywords[i].name))
            line->keyword = &keywords[i];
    if (!line->keyword)
        return wrong(r, line->columns[0], "this keyword is not known");
    if (r->count + 1 == MOST_LINES)
        return wrong(r, line->columns[0], "too many lines");
    r->count++;
    return check_meaning(r, line);
}

static bool read_file(struct reader *r, const char *path)
{
    char *text = NULL;
    gsize length;
    r->path = path;
    r->log = NULL;
    r->number = r->example = r->count = 0;
    if (!g_file_get_contents(path, &text, &length, NULL)) {
        perror(path);
        return false;
    }
    bool good = true;
    struct span rest = span_of(text, length), line;
    while (span_next_line(&rest, &line)) {
        r->number++;
        good = take_line(r, line) && good;
    }
    if (good && r->example) {
        r->number = r->example;
        good = wrong(r, 1, "the example lacks what it gives");
    }
    if (good && !r->log)
        good = wrong(r, 1, "the first line must be `log NAME`");
    g_free(text);
    return good;
}

/* ---------------------------------------------------------------- writing */

static void put_word(FILE *out, const struct words_line *line, size_t i)
{
    const struct meaning *m = line->keyword->meanings;
    fputs("{SPAN(", out);
    put_string(out, line->words[i]);
    fprintf(out, "), %s, ", m && m->name ? meaning_of(m, line->words[2]) : "0");
    if (m && !m->name)
        put_string(out, line->words[2]);
    else
        fputs("NULL", out);
    fputs("},\n", out);
}

/* How many words the list has. */
static size_t put_list(FILE *out, const struct reader *r, const struct keyword *k)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct words_line *line = &r->lines[i];
        for (size_t w = 1; line->keyword == k && w < (k->meanings ? 2 : line->count); w++) {
            if (!count++)
                fprintf(out, "static const struct log_word %s_%s[] = {\n", r->log, k->list);
            put_word(out, line, w);
        }
    }
    if (count)
        fputs("};\n", out);
    return count;
}

static void put_log(FILE *out, const struct reader *r)
{
    size_t counts[COUNT(keywords)];
    for (size_t i = 0; i < COUNT(keywords); i++)
        counts[i] = put_list(out, r, &keywords[i]);
    fprintf(out, "const struct log_dialect bounce_log_%s = {.software = \"%s\",\n", r->log, r->log);
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (counts[i])
            fprintf(out, " .%s = {%s_%s, %zu},\n", keywords[i].list, r->log, keywords[i].list, counts[i]);
    fputs("};\n\n", out);
}

bool embed_logs(const char *output, char **files, size_t count)
{
    struct arena arena;
    struct reader *r = g_new0(struct reader, 1);
    FILE *out = fopen(output, "w");
    bool good = out != NULL;
    arena_init(&arena);
    r->arena = &arena;
    if (out)
        fputs("/* Made by embed_rules from data/logs. Do not edit. */\n#include \"logs/log_dialect.h\"\n\n", out);
    else
        perror(output);
    for (size_t i = 0; i < count; i++) {
        const bool read = read_file(r, files[i]);
        good = read && good;
        if (read && out)
            put_log(out, r);
    }
    if (out) {
        good = !ferror(out) && good;
        good = fclose(out) == 0 && good;
    }
    if (!good)
        remove(output);
    arena_free(&arena);
    g_free(r);
    return good;
}
