/* SPDX-License-Identifier: MIT */
/*
 * library_options.c - the library's options, from the settings.
 *
 * In: settings. Out: options, contexts and logs of the library, ready to be used.
 * Refused, with a message: values that the library refuses.
 */
#include "library_options.h"

#include "output/complain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns what is wrong with a value of --header, or NULL. */
static const char *ask_for_headers(bounce_options *o, const struct settings *s)
{
    for (size_t i = 0; i < s->header_count; i++)
        switch (bounce_options_add_header(o, s->headers[i])) {
        case BOUNCE_OK: break;
        case BOUNCE_ERROR_LIMIT: return "--header: more than 64 names, or a name of more than 128 bytes";
        default: return "--header: not the name of a header field: printable ASCII without spaces and colons";
        }
    return NULL;
}

bounce_options *library_options(const struct settings *s)
{
    bounce_options *o = bounce_options_new();
    const char *wrong = NULL;
    /* CSV has no column for an explanation, so none is computed. */
    bounce_options_set(o, BOUNCE_OPTION_EXPLAIN, (s->explain || s->trace) && s->format != FORMAT_CSV);
    bounce_options_set(o, BOUNCE_OPTION_JIT, s->jit);
    bounce_options_set(o, BOUNCE_OPTION_DIALECTS, !s->no_dialects);
    bounce_options_set(o, BOUNCE_OPTION_PREFILTER, !s->no_prefilter);
    bounce_options_set(o, BOUNCE_OPTION_READ_ALL, s->read_all);
    bounce_options_set(o, BOUNCE_OPTION_READ_FORWARDED, s->read_forwarded);
    if (bounce_options_set(o, BOUNCE_OPTION_MAX_MESSAGE_BYTES, s->max_message_bytes) != BOUNCE_OK)
        wrong = "--max-message-bytes: out of range (1K to 1G)";
    else if (bounce_options_set(o, BOUNCE_OPTION_MAX_TEXT_STEPS, s->max_text_steps) != BOUNCE_OK ||
             bounce_options_set(o, BOUNCE_OPTION_MAX_MESSAGE_STEPS, s->max_message_steps) != BOUNCE_OK)
        wrong = "--max-steps: out of range (1000 to 1000000000)";
    else if (s->verp && bounce_options_set_verp(o, s->verp) != BOUNCE_OK)
        wrong = "--verp: the pattern needs {address}, or {local} and {domain}, once each";
    else
        wrong = ask_for_headers(o, s);
    if (!wrong && (s->mode == MODE_LOG || sender_apply(&s->sender, o)))
        return o;
    if (wrong)
        complain(NULL, wrong);
    bounce_options_free(o);
    return NULL;
}

/* Removes the angle brackets that people copy with the address. */
static void set_recipient(bounce_context *context, const char *recipient)
{
    size_t n = recipient ? strlen(recipient) : 0;
    char *plain = n > 2 && recipient[0] == '<' && recipient[n - 1] == '>' ? strndup(recipient + 1, n - 2) : NULL;
    bounce_context_set_recipient(context, plain ? plain : recipient);
    free(plain);
}

bounce_context *library_context(const struct settings *s)
{
    if (s->mode != MODE_REPLY)
        return NULL;
    bounce_context *context = bounce_context_new();
    bounce_context_set_command(context, s->command);
    bounce_context_set_host(context, s->host);
    set_recipient(context, s->recipient);
    return context;
}

bool library_log(const struct settings *s, bounce_rules *rules, const bounce_options *options, bounce_log **log)
{
    *log = NULL;
    if (s->mode != MODE_LOG)
        return true;
    *log = bounce_log_new(rules, options);
    bounce_log_set(*log, BOUNCE_LOG_DELIVERED, s->delivered);
    bounce_log_set(*log, BOUNCE_LOG_INBOUND, s->inbound);
    bounce_log_set(*log, BOUNCE_LOG_ALL, s->all);
    bounce_log_set(*log, BOUNCE_LOG_FINAL, s->final);
    for (size_t i = 0; i < s->sender.count; i++)
        if (bounce_log_add_relay(*log, s->sender.options[i].value) != BOUNCE_OK) {
            const char *value = s->sender.options[i].value;
            complain(*value ? value : "--relay", "not a host name, an IP address or a network such as 10.0.0.0/8");
            return false;
        }
    if (!s->log_timezone || bounce_log_set_timezone(*log, s->log_timezone) == BOUNCE_OK)
        return true;
    complain("--log-timezone", "not UTC or an offset such as +0200");
    return false;
}

void hint_at_terminal(const struct settings *s)
{
    bool reads_terminal = s->input_count == 0 && isatty(STDIN_FILENO);
    if (reads_terminal && !s->quiet)
        complain(NULL, s->mode == MODE_REPLY ? "type SMTP replies, one a line; Ctrl-D ends (see bounce-classify --help)"
                       : s->mode == MODE_LOG
                           ? "reads a log from the terminal; Ctrl-D ends it (see bounce-classify --help)"
                       : s->events ? "reads events from the terminal; Ctrl-D ends them (see bounce-classify --help)"
                                   : "reads a mail from the terminal; Ctrl-D ends it (see bounce-classify --help)");
}
