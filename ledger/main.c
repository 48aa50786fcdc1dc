/* SPDX-License-Identifier: MIT */
/*
 * main.c - bounce-ledger, from its parts.
 *
 * In: the command line. Out: what it asks for, on standard output, and an exit status: 0 done, 1 some input was wrong
 * or output not written, 2 wrong usage or policy, 4 the database cannot be used; for may, 1 never and 3 not now.
 * Refused: unknown commands.
 */
#include "commands/export.h"
#include "commands/import.h"
#include "commands/lists.h"
#include "commands/may.h"
#include "commands/person.h"
#include "commands/policies.h"
#include "commands/record.h"
#include "commands/sent.h"
#include "commands/session.h"
#include "commands/show.h"
#include "commands/stats.h"
#include "lines/value.h"
#include "output/complain.h"
#include "settings/options.h"
#include "show/later.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct ledger_command {
    const char *name;
    int (*run)(struct session *s);
    bool makes_ledger;  /* creates the ledger if there is none */
    bool has_arguments; /* besides the name of the command */
    const char *reads;  /* what it reads from standard input without arguments; NULL: nothing */
};

static const struct ledger_command commands[] = {
    {"record", command_record, true, true, "verdicts"},
    {"sent", command_sent, true, true, "mails that were sent"},
    {"show", command_show, false, true, NULL},
    {"may", command_may, false, true, "addresses"},
    {"suppressed", command_suppressed, false, false, NULL},
    {"due", command_due, false, false, NULL},
    {"held", command_held, false, true, NULL},
    {"changes", command_changes, false, false, NULL},
    {"release", command_release, false, true, NULL},
    {"forget", command_forget, false, true, NULL},
    {"prune", command_prune, false, false, NULL},
    {"stats", command_stats, false, false, NULL},
    {"export", command_export, false, false, NULL},
    {"import", command_import, true, true, "a list"},
    {"replay", command_replay, false, false, NULL},
};

/* A terminal that calls itself narrower does not know its width. */
enum { COMMAND_COUNT = sizeof commands / sizeof *commands, LEAST_COLUMNS = 20 };

static const struct ledger_command *command_named(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    char text[512] = "unknown command; it can be ";
    for (int i = 0; i < COMMAND_COUNT; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s", i == 0 ? "" : ", ", commands[i].name);
    }
    size_t n = strlen(text);
    snprintf(text + n, sizeof text - n, " or policy"); /* policy is not in the table, since it needs no ledger */
    return usage_error(name, text);
}

static void tell_policy_error(void *data, const char *path, const bounce_error *error)
{
    char subject[4200];
    (void)data;
    snprintf(subject, sizeof subject, "%s:%u:%u", path, error->line, error->column);
    complain(subject, error->message);
}

static void hint_at_terminal(const struct ledger_settings *s, const char *what)
{
    char text[128];
    snprintf(text, sizeof text, "reads %s from the terminal; Ctrl-D ends it (see bounce-ledger --help)", what);
    if (s->count == 1 && !s->quiet && isatty(STDIN_FILENO))
        complain(NULL, text);
}

/* NULL after a message. */
static bounce_policy *load_policy(const struct ledger_settings *s)
{
    bounce_policy *policy = NULL;
    bounce_error error;
    if (!s->policy)
        policy = bounce_policy_new_default();
    else if (bounce_policy_load(s->policy, tell_policy_error, NULL, &policy, &error) == BOUNCE_ERROR_IO)
        complain(NULL, error.message); /* the message begins with the path */
    return policy;
}

static int run_with_database(const struct ledger_command *command, struct session *s)
{
    int status;
    s->db = db_open(s->settings->db, command->makes_ledger);
    if (!s->db) {
        complain(NULL, strerror(ENOMEM));
        return EXIT_NO_ANSWER;
    }
    if (db_problem(s->db) && command->run != command_may)
        status = session_status(s, 0);
    else
        status = command->run(s);
    db_close(s->db);
    later_give(s->out);
    return status;
}

/* 0: not a terminal; whoever reads the output can count on one line for each row. */
static size_t line_columns(int fd)
{
    size_t columns = output_terminal_columns(fd);
    return columns && columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
}

/* Needs no ledger. */
static int run_policy(const struct ledger_settings *settings, struct output *out)
{
    struct ledger_settings with_file = *settings;
    struct session session = {.settings = settings, .out = out};
    if (settings->count == 3)
        with_file.policy = settings->arguments[2];
    bounce_policy *policy = load_policy(&with_file);
    bounce_policy_free(policy);
    return policy ? command_policy(&session) : EXIT_USAGE;
}

static int run(const struct ledger_settings *settings, struct output *out)
{
    const struct ledger_command *command;
    if (settings->count > 0 && strcmp(settings->arguments[0], "policy") == 0)
        return run_policy(settings, out);
    if (settings->count == 0)
        return usage_error(NULL, "no command is given");
    if (!(command = command_named(settings->arguments[0])))
        return unknown_command(settings->arguments[0]);
    if (settings->count > 1 && !command->has_arguments)
        return usage_error(settings->arguments[1], "the command takes no arguments");
    if (ledger_settings_check(settings))
        return EXIT_USAGE;
    bounce_policy *policy = load_policy(settings);
    if (!policy)
        return EXIT_USAGE;
    struct session session = {
        .settings = settings, .out = out, .policy = policy, .line_columns = line_columns(out->fd)};
    if (command->reads)
        hint_at_terminal(settings, command->reads);
    int status = run_with_database(command, &session);
    bounce_policy_free(policy);
    return status;
}

static void show_version(struct output *o)
{
    output_puts(o, "bounce-ledger ");
    output_puts(o, bounce_version());
    output_putc(o, '\n');
}

int main(int argc, char **argv)
{
    static char bytes[OUTPUT_BYTES + OUTPUT_SPARE_BYTES];
    struct output out = {.fd = STDOUT_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    struct ledger_settings settings;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is then an error, like a full disk */
    int status = ledger_settings_read(&settings, argc, argv);
    if (status == 0 && settings.help)
        output_puts(&out, ledger_help);
    else if (status == 0 && settings.version)
        show_version(&out);
    else if (status == 0)
        status = run(&settings, &out);
    output_flush(&out);
    value_free();
    ledger_settings_free(&settings);
    if (!out.error_number || out.error_number == EPIPE)
        return status;
    complain("standard output", strerror(out.error_number));
    return status ? status : EXIT_READ_OR_WRITE;
}
