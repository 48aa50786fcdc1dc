/* SPDX-License-Identifier: MIT */
/*
 * test_page_end.c - nothing after the bytes that a caller passes is read, and
 * what is there changes no answer.
 *
 * Much of the library looks at 8, 16 or 64 bytes at once. Beginnings of mails and
 * replies, of nearly all lengths, are placed directly before a page without access;
 * then again with other bytes after them. So are all mails of the corpus.
 */
#include <bounce.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 16, BEHIND_BYTES = 64 };

static char *guard; /* the page without access; MOST_BYTES before it are writable */
static char before_more[MOST_BYTES + BEHIND_BYTES];
static bounce_parser *parser;
static size_t asked;
static int failures;

static void make_guard(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map = mmap(NULL, MOST_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + MOST_BYTES, page, PROT_NONE) != 0)
        abort();
    guard = map + MOST_BYTES;
}

/* Bodies are read, whatever the header says. */
static void make_parser(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_READ_ALL, 1);
    parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_rules_unref(rules);
}

typedef bounce_report *read_fn(const void *bytes, size_t n);

static bounce_report *read_mail(const void *bytes, size_t n)
{
    bounce_report *report;
    return bounce_parse(parser, bytes, n, &report, NULL) == BOUNCE_OK ? report : NULL;
}

static bounce_report *read_reply(const void *bytes, size_t n)
{
    bounce_report *report;
    return bounce_parse_reply(parser, bytes, n, NULL, &report, NULL) == BOUNCE_OK ? report : NULL;
}

/* Through the splitter, which also looks for From lines. */
static bounce_report *read_mailbox(const void *bytes, size_t n)
{
    bounce_mailbox *mailbox;
    bounce_view view;
    if (bounce_mailbox_open_memory(bytes, n, BOUNCE_FORMAT_AUTO, 0, &mailbox, NULL) != BOUNCE_OK)
        return NULL;
    bounce_report *report =
        bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK ? read_mail(view.bytes, view.length) : read_mail("", 0);
    bounce_mailbox_close(mailbox);
    return report;
}

static const char *json_of(bounce_report *report)
{
    const char *json;
    return report && bounce_report_json(report, NULL, &json, NULL) == BOUNCE_OK ? json : "";
}

static void ask(read_fn *read, const void *bytes, size_t n)
{
    static const char behind[] = "4@>=?\n\n--From 550 5.1.1 \x80: ";
    memcpy(guard - n, bytes, n);
    memcpy(before_more, bytes, n);
    for (size_t i = 0; i < BEHIND_BYTES; i++)
        before_more[n + i] = behind[(n + i) % (sizeof behind - 1)];
    bounce_report *at_end = read(guard - n, n), *inside = read(before_more, n);
    if (!*json_of(at_end) || strcmp(json_of(at_end), json_of(inside)) != 0) {
        printf("FAIL the first %zu bytes of\n%.*s\n%s\n%s\n", n, (int)n, (const char *)bytes, json_of(at_end),
               json_of(inside));
        failures++;
    }
    bounce_report_free(at_end);
    bounce_report_free(inside);
    asked++;
}

/* All lengths up to 80; then in steps of a prime, so that all remainders occur. */
static void ask_fronts(read_fn *read, const void *bytes, size_t n)
{
    for (size_t front = 0; front <= n && front < MOST_BYTES; front += front < 80 ? 1 : 13)
        ask(read, bytes, front);
}

/* The mail as it is. */
static void ask_whole(read_fn *read, const void *bytes, size_t n)
{
    if (n <= MOST_BYTES)
        ask(read, bytes, n);
}

typedef void ask_fn(read_fn *read, const void *bytes, size_t n);

static void ask_folder(ask_fn *ask_about, read_fn *read, const char *path)
{
    bounce_mailbox *mailbox;
    bounce_view view;
    if (bounce_mailbox_open(path, BOUNCE_FORMAT_FOLDER, 0, &mailbox, NULL) != BOUNCE_OK)
        return;
    while (bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK)
        ask_about(read, view.bytes, view.length);
    bounce_mailbox_close(mailbox);
}

int main(void)
{
    make_guard();
    make_parser();
    ask_folder(ask_fronts, read_mail, TEST_DATA_DIR "/fuzz/inputs/parse");
    ask_folder(ask_fronts, read_reply, TEST_DATA_DIR "/fuzz/inputs/reply");
    ask_folder(ask_fronts, read_mailbox, TEST_DATA_DIR "/fuzz/inputs/mailbox");
    ask_folder(ask_whole, read_mail, TEST_DATA_DIR "/corpus");
    ask_folder(ask_whole, read_mailbox, TEST_DATA_DIR "/corpus");
    bounce_parser_free(parser);
    printf("%zu fronts\n", asked);
    return failures || asked < 1000;
}
