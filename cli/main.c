/* SPDX-License-Identifier: MIT */
/*
 * main.c - bounce-classify: sets up, chooses what to do, and the exit status:
 * 0 everything was read and written, 1 some input could not be read or output
 * not written, 2 wrong usage or wrong rules.
 */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char help[] = "Usage: bounce-classify [OPTION]... [INPUT]...\n"
                           "       bounce-classify --reply [OPTION]... [REPLY]...\n"
                           "Reads what mail systems send back and says for each recipient what happened,\n"
                           "why, and what to do. INPUT is a mail, mbox, Maildir or folder; none or '-' is\n"
                           "standard input.\n"
                           "\n"
                           "Output\n"
                           "  --format text|json|csv      one line, object or row each (default text)\n"
                           "  --explain                   tell how each verdict was reached\n"
                           "Input\n"
                           "  --input-format FORMAT       auto, mail, mbox, mboxcl, maildir or folder\n"
                           "  --max-message-bytes N       parse so much of each mail (default 1M)\n"
                           "  --read-all                  also read what shows no sign of a report in its header\n"
                           "  --shard K/N                 read the K-th of N parts of each input\n"
                           "  --verp PATTERN              your VERP form: bounces+{local}={domain}@example.org\n"
                           "  --reply                     judge SMTP replies: arguments, or lines of standard input\n"
                           "  --command CMD, --host HOST, --recipient ADDRESS\n"
                           "                              what is known about these replies\n"
                           "Rules\n"
                           "  --rules PATH                add rules of a file or folder (may be repeated)\n"
                           "  --check-rules PATH          list every error in rules\n"
                           "  --list-rules                list all rules in the order they are tried\n"
                           "Speed\n"
                           "  --jobs N                    use N processes (default: one for each processor)\n"
                           "  --jit                       match with PCRE2's JIT\n"
                           "\n"
                           "  --help, --version\n"
                           "\n"
                           "Exit status: 0 all was read and written; 1 something was not; 2 wrong usage or\n"
                           "rules. The manual page bounce-classify(1) tells more.\n";

static void show_version(struct output *o)
{
    bounce_rules *rules = bounce_rules_default();
    output_puts(o, "bounce-classify ");
    output_puts(o, bounce_version());
    output_puts(o, "\nrules ");
    output_puts(o, bounce_rules_digest(rules));
    output_putc(o, '\n');
    bounce_rules_unref(rules);
}

/* NULL after a message. */
static bounce_options *make_options(const struct settings *s)
{
    bounce_options *o = bounce_options_new();
    const char *wrong = NULL;
    /* A CSV row has no place for an explanation: do not work one out. */
    bounce_options_set(o, BOUNCE_OPTION_EXPLAIN, s->explain && s->format != FORMAT_CSV);
    bounce_options_set(o, BOUNCE_OPTION_JIT, s->jit);
    bounce_options_set(o, BOUNCE_OPTION_DIALECTS, !s->no_dialects);
    bounce_options_set(o, BOUNCE_OPTION_PREFILTER, !s->no_prefilter);
    bounce_options_set(o, BOUNCE_OPTION_READ_ALL, s->read_all);
    if (bounce_options_set(o, BOUNCE_OPTION_MAX_MESSAGE_BYTES, s->max_message_bytes) != BOUNCE_OK)
        wrong = "--max-message-bytes: out of range (1K to 1G)";
    else if (s->verp && bounce_options_set_verp(o, s->verp) != BOUNCE_OK)
        wrong = "--verp: the pattern needs {address}, or {local} and {domain}, once each";
    if (!wrong)
        return o;
    complain(NULL, wrong);
    bounce_options_free(o);
    return NULL;
}

/* Colour and width are for people at a terminal. */
static void look_at_terminal(struct session *s)
{
    const char *no_color = getenv("NO_COLOR");
    struct winsize size;
    if (!isatty(s->out->fd))
        return;
    s->colour = !no_color || !*no_color;
    bool known = ioctl(s->out->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    s->columns = known ? size.ws_col : 80;
}

static bounce_context *make_context(const struct settings *settings)
{
    bounce_context *context = bounce_context_new();
    bounce_context_set_command(context, settings->command);
    bounce_context_set_host(context, settings->host);
    bounce_context_set_recipient(context, settings->recipient);
    return context;
}

static void classify_all(struct session *s)
{
    render_begin(s);
    s->pool = pool_new(s);
    if (s->settings->mode == MODE_REPLY)
        classify_replies(s);
    else
        classify_inputs(s);
    pool_end(s->pool);
    s->pool = NULL;
    render_end(s);
}

static int classify_run(const struct settings *settings, struct output *o)
{
    bounce_options *options = make_options(settings);
    bounce_rules *rules = options ? load_rules(settings) : NULL;
    int status = EXIT_USAGE;
    if (rules) {
        struct session s = {.settings = settings, .out = o};
        s.parser = bounce_parser_new(rules, options);
        s.context = make_context(settings);
        look_at_terminal(&s);
        classify_all(&s);
        bounce_context_free(s.context);
        bounce_parser_free(s.parser);
        status = s.totals.unreadable ? EXIT_READ_OR_WRITE : 0;
    }
    bounce_rules_unref(rules);
    bounce_options_free(options);
    return status;
}

static int run(const struct settings *settings, struct output *o)
{
    switch (settings->mode) {
    case MODE_HELP: output_puts(o, help); return 0;
    case MODE_VERSION: show_version(o); return 0;
    case MODE_CHECK_RULES: return check_rules(settings, o);
    case MODE_LIST_RULES: return list_rules(settings, o);
    default: return classify_run(settings, o);
    }
}

int main(int argc, char **argv)
{
    /* At the start of a cache line, from where the kernel copies faster. */
    static _Alignas(64) char bytes[OUTPUT_BYTES + OUTPUT_SPARE_BYTES];
    struct output out = {.fd = STDOUT_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    struct settings settings;
    /* A reader that went away must show as an error, not end us silently. */
    signal(SIGPIPE, SIG_IGN);
    int status = settings_read(&settings, argc, argv);
    if (status == 0) {
        status = run(&settings, &out);
        output_flush(&out);
        if (close(STDOUT_FILENO) != 0 && !out.error_number)
            out.error_number = errno;
    }
    settings_free(&settings);
    if (!out.error_number)
        return status;
    complain("standard output", strerror(out.error_number));
    return status == EXIT_USAGE ? status : EXIT_READ_OR_WRITE;
}
