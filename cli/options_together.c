/* SPDX-License-Identifier: MIT */
/*
 * options_together.c - which options go together.
 *
 * In: settings. Out: nothing. Refused, with exit status 2: options that have no
 * meaning beside what else was asked for. options_rules.c does this for those on rules.
 */
#include "options_together.h"

#include "input/paths.h"

#include <stdio.h>
#include <string.h>

/* Logs only know the servers that mail is handed over to. */
static bool only_relays(const struct settings *s)
{
    for (size_t i = 0; i < s->sender.count; i++)
        if (s->sender.options[i].kind != SENDER_RELAY)
            return false;
    return s->mode == MODE_LOG && !s->sender.envelope_from && !s->sender.envelope_to && !s->sender.authserv_id;
}

static int check_mode(const struct settings *s)
{
    bool context = s->host || s->recipient || s->command != BOUNCE_COMMAND_NONE;
    bool takes_inputs = s->mode != MODE_LIST_RULES; /* --check-rules and --test-rules take paths of rules */
    if (context && s->mode != MODE_REPLY)
        return usage_error(NULL, "--command, --host and --recipient need --reply");
    bool sender = s->sender.count || s->sender.envelope_from || s->sender.envelope_to || s->sender.authserv_id;
    if (sender && s->mode != MODE_CLASSIFY && !only_relays(s))
        return usage_error(NULL, "what you know of your mail (--own-domain and the like) is for mails only");
    if ((s->inbound || s->all || s->final || s->log_timezone) && s->mode != MODE_LOG)
        return usage_error(NULL, "--inbound, --all, --final and --log-timezone need --log");
    if (s->mode == MODE_LOG && s->input_format != BOUNCE_FORMAT_AUTO)
        return usage_error("--input-format", "is for mails; --log takes the log of any server");
    if (s->input_count > 0 && !takes_inputs)
        return usage_error(s->inputs[0], "--list-rules reads no input");
    if (s->fields.count && (s->format == FORMAT_TEXT || s->suppress))
        return usage_error("--fields", "is for --format json and --format csv");
    if (s->force && !s->suppress)
        return usage_error("--force", "is for --suppress");
    if (s->header_count && s->mode != MODE_CLASSIFY)
        return usage_error("--header", "only mails have a header");
    if (s->shards && s->mode != MODE_CLASSIFY && s->mode != MODE_LOG)
        return usage_error("--shard", "only mails and logs can be read in parts");
    if (s->shards && s->input_format == BOUNCE_FORMAT_MBOXCL)
        return usage_error("--shard", "goes by From lines, not by Content-Length; use --input-format mbox");
    return 0;
}

/* Checks --fields for fields that only exist if an option requests them. */
static int check_fields(const struct settings *s)
{
    for (size_t i = 0; i < s->fields.count; i++) {
        const char *name = s->fields.names[i];
        bool account = strcmp(name, "trace") == 0 || strcmp(name, "recipients.explain") == 0;
        if (account && !s->explain && !s->trace)
            return usage_error("--fields", "trace and explain need --trace or --explain");
        if (strcmp(name, "recipients.as") == 0 && !s->as)
            return usage_error("--fields", "as needs --as");
    }
    return 0;
}

static int check_summary(const struct settings *s)
{
    bool reads = s->mode == MODE_CLASSIFY || s->mode == MODE_REPLY || s->mode == MODE_LOG;
    if (s->sysexits && !s->output)
        return usage_error("--sysexits", "needs --output: a mail server would return standard output to somebody");
    if ((s->summary || s->output) && !reads)
        return usage_error(s->summary ? "--summary" : "--output", "is for mails, logs, events and replies");
    if (s->as && (s->summary || s->suppress || !reads))
        return usage_error("--as", "is for results, one by one");
    if (s->as && s->fields.count && s->format == FORMAT_CSV)
        return usage_error("--as", "cannot be used with --fields and --format csv");
    if (s->summary && s->suppress)
        return usage_error("--summary", "cannot be used with --suppress");
    if (s->summary && (s->format != FORMAT_TEXT || s->fields.count))
        return usage_error("--summary", "has its own formats instead of --format and --fields: --summary json");
    return 0;
}

static int check_start(const struct settings *s)
{
    bool reads_lines = s->mode == MODE_REPLY && s->input_count == 0;
    if (s->start_offset && s->mode != MODE_CLASSIFY && s->mode != MODE_LOG && !reads_lines)
        return usage_error("--start-offset", "is for mails, logs, and replies on standard input");
    return 0;
}

static int check_follow(const struct settings *s)
{
    const char *last = s->input_count ? s->inputs[s->input_count - 1] : "-";
    if (!s->follow && !s->state)
        return 0;
    const char *option = s->follow ? "--follow" : "--state";
    bool maildir = s->mode == MODE_CLASSIFY && !s->events && !s->recursive &&
                   (s->input_format == BOUNCE_FORMAT_AUTO || s->input_format == BOUNCE_FORMAT_MAILDIR);
    if (s->mode == MODE_CLASSIFY && s->recursive)
        return usage_error(option, "cannot be used with --recursive: it is for one Maildir");
    if (s->mode != MODE_LOG && !maildir)
        return usage_error(option, "is for a log (--log) or a Maildir");
    if (strcmp(last, "-") == 0)
        return usage_error(option, "needs the path of a log or Maildir");
    if (s->shards)
        return usage_error("--shard", "a growing input has no parts");
    if (s->state && s->input_count != 1)
        return usage_error("--state", "is for one log or Maildir");
    if (s->state && s->start_offset)
        return usage_error("--state", "says where to begin; --start-offset cannot be used");
    if (s->state && s->suppress)
        return usage_error("--state", "--suppress shows nothing before the end");
    return maildir && !path_has_folder(last, "new") ? usage_error(last, "not a Maildir; for a log, use --log") : 0;
}

static int check_events(const struct settings *s)
{
    bool sender = s->sender.count || s->sender.envelope_from || s->sender.envelope_to || s->sender.authserv_id;
    if (s->delivered && !s->events && s->mode != MODE_LOG)
        return usage_error("--delivered", "only logs and events report deliveries");
    if (s->events && s->mode != MODE_CLASSIFY)
        return usage_error("--events",
                           "cannot be used with --log, --reply, --check-rules, --test-rules and --list-rules");
    if (s->events && (s->shards || s->start_offset || s->header_count || sender))
        return usage_error("--events", "what is for mails only (--shard, --start-offset, --header and the like) "
                                       "cannot be used");
    return 0;
}

static int check_folder(const struct settings *s)
{
    bool folder = s->input_format == BOUNCE_FORMAT_MAILDIR || s->input_format == BOUNCE_FORMAT_FOLDER;
    bool standard_input = s->input_count == 0;
    for (size_t i = 0; i < s->input_count; i++)
        standard_input = standard_input || strcmp(s->inputs[i], "-") == 0;
    if (s->mode == MODE_CLASSIFY && folder && standard_input)
        return usage_error(NULL, "standard input is not a folder");
    return 0;
}

int settings_check_together(const struct settings *s)
{
    int (*const checks[])(const struct settings *) = {check_mode,   check_fields, check_summary, check_start,
                                                      check_events, check_follow, check_folder};
    int failed = 0;
    for (size_t i = 0; !failed && i < sizeof checks / sizeof *checks; i++)
        failed = checks[i](s);
    return failed;
}
