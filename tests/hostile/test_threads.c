/* SPDX-License-Identifier: MIT */
/*
 * test_threads.c - threads that share one set of rules give the answers that
 * one thread gives. Regular expressions are compiled when a thread first needs
 * them: all threads begin at once, each with another mail. Also meant to be run
 * under ThreadSanitizer.
 */
#include <bounce.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_THREAD__
/* iconv_open() and iconv_close() load and unload charsets. The dynamic loader
 * does that under its own lock, which ThreadSanitizer cannot see. */
__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:_dl_close_worker\n";
}
#endif

enum { THREADS = 4 };

struct mail {
    char *bytes;
    size_t length;
};

static struct mail *mails;
static size_t mail_count;

struct worker {
    pthread_t thread;
    bounce_rules *rules;
    size_t number;
    char **answers; /* by mail */
};

static char *copy(const void *bytes, size_t length)
{
    char *z = calloc(1, length + 1);
    if (!z)
        abort();
    if (length)
        memcpy(z, bytes, length);
    return z;
}

static void read_mails(const char *folder)
{
    bounce_mailbox *mailbox;
    bounce_view view;
    if (bounce_mailbox_open(folder, BOUNCE_FORMAT_FOLDER, 0, &mailbox, NULL) != BOUNCE_OK)
        return;
    while (bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK) {
        struct mail *grown = realloc(mails, (mail_count + 1) * sizeof *grown);
        if (!grown)
            abort();
        mails = grown;
        mails[mail_count++] = (struct mail){copy(view.bytes, view.length), view.length};
    }
    bounce_mailbox_close(mailbox);
}

static void *work(void *data)
{
    struct worker *w = data;
    bounce_parser *parser = bounce_parser_new(w->rules, NULL);
    for (size_t k = 0; k < mail_count; k++) {
        size_t i = (k + w->number * mail_count / THREADS) % mail_count;
        bounce_report *report;
        const char *json = NULL;
        bounce_parse(parser, mails[i].bytes, mails[i].length, &report, NULL);
        bounce_report_json(report, NULL, &json, NULL);
        w->answers[i] = copy(json, strlen(json));
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
    bounce_rules_unref(w->rules);
    return NULL;
}

static size_t different(const struct worker *w, const struct worker *first)
{
    size_t count = 0;
    for (size_t i = 0; i < mail_count; i++)
        if (!w->answers[i] || strcmp(w->answers[i], first->answers[i]) != 0) {
            printf("FAIL mail %zu, thread %zu:\n%s\n%s\n", i, w->number, first->answers[i], w->answers[i]);
            count++;
        }
    return count;
}

int main(void)
{
    struct worker workers[THREADS];
    size_t failures = 0;
    read_mails(TEST_DATA_DIR "/corpus");
    bounce_rules *rules = bounce_rules_default();
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i, .rules = bounce_rules_ref(rules)};
        workers[i].answers = calloc(mail_count + 1, sizeof *workers[i].answers);
        if (!workers[i].answers || pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    }
    bounce_rules_unref(rules);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < THREADS; i++) {
        failures += different(&workers[i], &workers[0]);
        for (size_t k = 0; k < mail_count && i; k++)
            free(workers[i].answers[k]);
    }
    for (size_t k = 0; k < mail_count; k++) {
        free(workers[0].answers[k]);
        free(mails[k].bytes);
    }
    for (size_t i = 0; i < THREADS; i++)
        free(workers[i].answers);
    free(mails);
    printf("%zu mails, %d threads, %zu differ\n", mail_count, THREADS, failures);
    return failures || !mail_count ? 1 : 0;
}
