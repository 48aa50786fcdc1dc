/* SPDX-License-Identifier: MIT */
/* options.h - what the command line asks for. */
#ifndef LEDGER_OPTIONS_H
#define LEDGER_OPTIONS_H

#include "option_values.h"
#include "show/table.h"

#include <stdbool.h>
#include <stdint.h>

enum { EXIT_NEVER = 1, EXIT_NOT_NOW = 3, EXIT_NO_ANSWER = 4 };

enum on_error { ON_ERROR_TELL, ON_ERROR_ALLOW, ON_ERROR_DENY };

struct ledger_settings {
    bool help, version;
    const char *db, *policy;
    enum ledger_format format;
    int64_t now;
    bool has_now; /* --now was given, so now need not be the current time */
    bool quiet, dry_run, first_cleaning, even_suppression;
    const char *scope, *scope_from, *service;
    const char **own_domains; /* as A-labels in lower case, in own_domain_keys */
    char *own_domain_keys;
    size_t own_domain_count;
    int64_t since, until; /* -1: not given; until is the first second after the period */
    int64_t after, limit; /* -1: not given */
    uint32_t batch, days;
    int because; /* a bounce_because */
    const char *who;
    enum on_error on_error;
    const char *by, *prometheus, *list;
    uint32_t given;   /* a bit for each option in the table that was given */
    char **arguments; /* part of argv, with the command first */
    size_t count;
};

/* What --help prints. */
extern const char ledger_help[];

/* 0, or an exit status after a message. ledger_settings_free() is to be called in both cases. */
int ledger_settings_read(struct ledger_settings *s, int argc, char **argv);
/* Returns 0, or an exit status after a message: the command does not accept an option that was given. */
int ledger_settings_check(const struct ledger_settings *s);
void ledger_settings_free(struct ledger_settings *s);

#endif
