/* SPDX-License-Identifier: MIT */
/*
 * mailbox_threads.c - a mailbox, read by several threads at once.
 *
 * usage: mailbox_threads MAILBOX [THREADS]
 *
 * In: an mbox, a Maildir or a folder. Out: a line for each failed recipient, in the order of
 * the mailbox, whatever the number of threads. Exit status 1 if something cannot be read.
 *
 * All threads share one set of rules. Each has its own parser and its own mailbox,
 * which returns only its part of the messages (bounce_mailbox_set_shard()); the parts in
 * order are the whole mailbox. So no locks are needed.
 *
 *     cc mailbox_threads.c -o mailbox_threads -pthread $(pkg-config --cflags --libs libbounce)
 */
#define _POSIX_C_SOURCE 200809L /* open_memstream() */
#include <bounce.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS_MAX = 64 };

struct part {
    pthread_t thread;
    const char *path;
    bounce_rules *rules; /* shared: rules never change */
    uint32_t number, count;
    char *text; /* what this part prints; freed by main() */
    size_t length;
    int failed;
};

static void print_failures(FILE *out, const bounce_report *report)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
        if (bounce_recipient_type(r) == BOUNCE_TYPE_NONE)
            continue;
        fprintf(out, "%s %s %s\n", bounce_type_name(bounce_recipient_type(r)), address ? address : "(not stated)",
                bounce_reason_name(bounce_recipient_reason(r)));
    }
}

/* A file in a folder that cannot be read is reported, and reading continues after it. */
static void read_messages(struct part *p, bounce_mailbox *mailbox, FILE *out)
{
    bounce_parser *parser = bounce_parser_new(p->rules, NULL);
    bounce_view view;
    bounce_error error;
    bounce_status status;
    while ((status = bounce_mailbox_next(mailbox, &view, &error)) != BOUNCE_END) {
        bounce_report *report = NULL;
        if (status == BOUNCE_OK)
            status = bounce_parse(parser, view.bytes, view.length, &report, &error);
        if (status == BOUNCE_OK) {
            print_failures(out, report);
        } else {
            fprintf(stderr, "mailbox_threads: %s\n", error.message);
            p->failed = 1;
            if (status != BOUNCE_ERROR_IO)
                break;
        }
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
}

static void *run(void *data)
{
    struct part *p = data;
    bounce_mailbox *mailbox = NULL;
    bounce_error error = {0};
    FILE *out = open_memstream(&p->text, &p->length);
    if (out && bounce_mailbox_open(p->path, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error) == BOUNCE_OK &&
        bounce_mailbox_set_shard(mailbox, p->number, p->count, &error) == BOUNCE_OK) {
        read_messages(p, mailbox, out);
    } else {
        fprintf(stderr, "mailbox_threads: %s\n", out ? error.message : "memory ran out");
        p->failed = 1;
    }
    bounce_mailbox_close(mailbox);
    if (out)
        fclose(out);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct part parts[THREADS_MAX];
    long wanted = argc > 2 ? strtol(argv[2], NULL, 10) : 2;
    if (argc < 2 || argc > 3 || wanted < 1 || wanted > THREADS_MAX) {
        fprintf(stderr, "usage: mailbox_threads MAILBOX [THREADS], of which there are 1 to %d\n", THREADS_MAX);
        return 2;
    }
    int failed = 0;
    uint32_t started = 0, count = (uint32_t)wanted;
    bounce_rules *rules = bounce_rules_default();
    for (; started < count; started++) {
        parts[started] = (struct part){.path = argv[1], .rules = rules, .number = started, .count = count};
        if (pthread_create(&parts[started].thread, NULL, run, &parts[started]) != 0)
            break;
    }
    for (uint32_t i = 0; i < started; i++) {
        pthread_join(parts[i].thread, NULL);
        fwrite(parts[i].text, 1, parts[i].text ? parts[i].length : 0, stdout);
        free(parts[i].text);
        failed |= parts[i].failed;
    }
    bounce_rules_unref(rules);
    if (started < count)
        fprintf(stderr, "mailbox_threads: a thread cannot be started\n");
    return failed || started < count;
}
