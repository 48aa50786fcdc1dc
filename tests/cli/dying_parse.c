/* SPDX-License-Identifier: MIT */
/*
 * dying_parse.c - functions of the library for a program whose workers die.
 *
 * bounce-classify-dying is built from the program's own sources, with these
 * functions instead of the library's. A worker dies of:
 *
 *     X-Test-Die: yes              in the mail that it parses
 *     X-Test-Die-Once: FILE        the same, if it can remove FILE
 *     dies@example.net             the recipient that it explains
 *     dies-once@example.net        the same, if it can remove $BOUNCE_TEST_DIE_ONCE
 *     $BOUNCE_TEST_DIE_AT_START    its start
 *
 * The first process never dies.
 */
#define _GNU_SOURCE 1 /* memmem() */
#include "bounce.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bounce_status dying_parse(bounce_parser *parser, const void *bytes, size_t length, bounce_report **report,
                          bounce_error *error);
size_t dying_explain_count(const bounce_recipient *recipient);

static bool is_worker;

static void on_fork(void)
{
    is_worker = true;
    if (getenv("BOUNCE_TEST_DIE_AT_START"))
        _exit(3);
}

__attribute__((constructor)) static void listen_for_forks(void)
{
    pthread_atfork(NULL, NULL, on_fork);
}

static bool removes(const char *name, const char *end)
{
    char path[4096] = "";
    const char *line_end = memchr(name, '\n', (size_t)(end - name));
    if (!line_end || (size_t)(line_end - name) >= sizeof path)
        return false;
    memcpy(path, name, (size_t)(line_end - name));
    return unlink(path) == 0;
}

bounce_status dying_parse(bounce_parser *parser, const void *bytes, size_t length, bounce_report **report,
                          bounce_error *error)
{
    static const char always[] = "X-Test-Die: ", once[] = "X-Test-Die-Once: ";
    const char *text = bytes, *at = length ? memmem(text, length, once, sizeof once - 1) : NULL;
    bool dies = at && is_worker && removes(at + sizeof once - 1, text + length);
    if (dies || (is_worker && length && memmem(text, length, always, sizeof always - 1)))
        raise(SIGKILL);
    return bounce_parse(parser, bytes, length, report, error);
}

size_t dying_explain_count(const bounce_recipient *recipient)
{
    const char *file = getenv("BOUNCE_TEST_DIE_ONCE");
    const char *address = bounce_recipient_string(recipient, BOUNCE_RECIPIENT_ADDRESS);
    bool once = address && strcmp(address, "dies-once@example.net") == 0 && is_worker && file && unlink(file) == 0;
    if (once || (address && strcmp(address, "dies@example.net") == 0 && is_worker))
        raise(SIGKILL);
    return bounce_recipient_explain_count(recipient);
}
