/* SPDX-License-Identifier: MIT */
/*
 * main.c - bounce-classify, from its parts.
 *
 * In: the command line. Out: what it asks for, on standard output, and an exit
 * status: 0 everything was read and written, 1 some input could not be read or
 * output not written, 2 wrong usage or wrong rules; or the signal that ended it.
 * Refused: values that the library refuses; command_line.c refuses the others.
 */
#include "command_line.h"
#include "crosswalk/crosswalk.h"
#include "input/events.h"
#include "input/going_on.h"
#include "input/input_size.h"
#include "input/log_state.h"
#include "input/logs.h"
#include "input/maildirs.h"
#include "input/mails.h"
#include "input/replies.h"
#include "input/seen.h"
#include "jobs/interrupt.h"
#include "jobs/jobs.h"
#include "library_options.h"
#include "options_rules.h"
#include "output/complain.h"
#include "output/output.h"
#include "output/progress.h"
#include "results.h"
#include "rule_files.h"
#include "rule_modes.h"
#include "sandbox/sandbox.h"
#include "style.h"
#include "undecided_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* sources: rule files that are read again at the end. */
static void classify_inputs(struct classifier *c, const struct settings *s, const struct rule_sources *sources,
                            struct log_state *state, struct going_on *going_on)
{
    /* One byte more than the parser accepts lets it see that a mail is longer. */
    uint64_t keep_bytes = s->max_message_bytes + 1;
    const bounce_position *start = s->start_offset ? &s->start : NULL;
    struct mail_options options = {s->input_format, s->shard, s->shards, keep_bytes, start, s->follow, state};
    /* "-" in the list only allows a file of that name, if there is one. */
    size_t inputs = s->mode == MODE_REPLY ? 0 : s->input_count;
    const char **readable = rule_files_readable(sources, (const char *const *)s->inputs, inputs);
    struct log_options log_options = {s->shard, s->shards, start, s->follow, state, s->final};
    struct sandbox sandbox = {readable, readable ? inputs + sources->count : 0, s->jit, s->follow || s->state};
    struct jobs jobs;
    hint_at_terminal(s); /* inside the sandbox it could no longer check */
    jobs_begin(&jobs, c, s->events ? 1 : s->jobs, keep_bytes, s->unordered);
    if (!s->no_sandbox) {
        c->sandbox = &sandbox;
        sandbox_enter(&sandbox);
    }
    if (s->mode == MODE_REPLY)
        read_replies(&jobs, s->inputs, s->input_count, (size_t)keep_bytes, start, going_on);
    else if (s->mode == MODE_LOG)
        read_logs(&jobs, s->inputs, s->input_count, &log_options, going_on);
    else if (s->events)
        read_events(&jobs, s->inputs, s->input_count, going_on);
    else
        read_mails(&jobs, s->inputs, s->input_count, &options, going_on);
    jobs_end(&jobs);
    c->sandbox = NULL;
    free((void *)readable);
}

/* Events need a library that must be loaded before the sandbox closes. False after a message. */
static bool open_events(struct classifier *c, const struct settings *s)
{
    bounce_error error;
    if (!s->events || bounce_events_new(c->parser, &c->events, &error) == BOUNCE_OK)
        return true;
    complain(NULL, error.message);
    c->renderer.totals.unreadable++;
    return false;
}

static const char *noun_of(const struct settings *s)
{
    return s->mode == MODE_REPLY ? "replies" : s->mode == MODE_LOG ? "lines" : s->events ? "events" : "mails";
}

/* Unless the results appear on the same terminal. */
static void show_progress(const struct settings *s, const struct output *o)
{
    bool comes_late = s->summary || s->suppress || s->undecided,
         reads_terminal = s->input_count == 0 && isatty(STDIN_FILENO);
    if (s->quiet || reads_terminal || !isatty(STDERR_FILENO) || (isatty(o->fd) && !comes_late))
        return;
    progress_begin(s->input_count ? input_size(s->inputs, s->input_count) : 0, noun_of(s));
}

static void classify_and_render(struct classifier *c, const struct settings *s, const struct results *results,
                                struct going_on *going_on)
{
    struct log_state state = {.found = false};
    if (s->state && s->mode == MODE_CLASSIFY)
        seen_tidy(s->state, s->inputs[0]);
    const char *wrong = s->state ? log_state_open(&state, s->state, results->out->fd) : NULL;
    if (wrong) {
        complain(s->state, wrong);
        c->renderer.totals.unreadable++;
        return;
    }
    /* With --shard, --start-offset or --state, only the first part has a header. */
    render_begin(&c->renderer, results->file->was_empty && s->shard <= 1 && !s->start_offset && !state.found);
    interrupt_catch();
    classify_inputs(c, s, &results->sources, s->state ? &state : NULL, going_on);
    progress_end();
    render_end(&c->renderer, s->mode == MODE_REPLY ? "replies" : s->mode == MODE_LOG ? "entries" : NULL);
}

static int classify_all(const struct settings *s, struct output *o, struct results_file *file,
                        struct going_on *going_on)
{
    bounce_options *options = library_options(s);
    bounce_rules *rules = options ? load_rules(s) : NULL;
    int status = EXIT_USAGE;
    struct classifier c = {.log = NULL};
    if (rules && library_log(s, rules, options, &c.log)) {
        c.parser = bounce_parser_new(rules, options);
        c.context = library_context(s);
        bounce_parser_set_envelope(c.parser, s->sender.envelope_from, s->sender.envelope_to);
        c.delivered = s->delivered;
        struct results results;
        if (!results_begin(&results, s, o, file) || (s->undecided && !find_sources(s, &results.sources)))
            exit(EXIT_READ_OR_WRITE);
        struct crosswalk as = {.system = NULL};
        if (s->as)
            crosswalk_open(&as, s->as);
        c.renderer = (struct renderer){.out = results_input(&results),
                                       .format = results_format(&results),
                                       .filter = s->suppress || filter_is_set(&s->filter) ? &s->filter : NULL,
                                       .text = style_for(s, o->fd),
                                       .fields = s->fields.count ? &s->fields : NULL,
                                       .headers = s->headers,
                                       .header_count = s->header_count,
                                       .as = s->as ? &as : NULL};
        c.renderer.text.as = c.renderer.as;
        show_progress(s, o);
        if (open_events(&c, s))
            classify_and_render(&c, s, &results, going_on);
        bounce_events_free(c.events);
        bounce_context_free(c.context);
        bounce_parser_free(c.parser);
        status = c.renderer.totals.unreadable ? EXIT_READ_OR_WRITE : 0;
        if (!results_end(&results, &c.renderer.totals))
            status = EXIT_READ_OR_WRITE;
    }
    bounce_log_free(c.log);
    bounce_rules_unref(rules);
    bounce_options_free(options);
    return status;
}

static int run(const struct settings *s, struct output *o, struct results_file *file, struct going_on *going_on)
{
    switch (s->mode) {
    case MODE_HELP: output_puts(o, settings_help); return 0;
    case MODE_VERSION: show_version(o); return 0;
    case MODE_CHECK_RULES:
    case MODE_TEST_RULES:
    case MODE_LIST_RULES: return run_rules(s, o);
    default: return s->draft_rule ? run_draft(s, o) : classify_all(s, o, file, going_on);
    }
}

/* If one of the three standard descriptors is closed, a file or a worker's socket would get its number, and output
 * meant for one would go to the other. The descriptor opened in its place fails as a closed one does: with EBADF. */
static void occupy_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(EXIT_READ_OR_WRITE);
}

/* Even if nothing was written. */
static void finish_output(struct output *o)
{
    output_flush(o);
    if (o->whole_lines)
        free(o->bytes);
    bool can_write = (fcntl(o->fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
    if ((close(o->fd) != 0 || !can_write) && !o->error_number)
        o->error_number = can_write ? errno : EBADF;
}

/* For mail servers: 75, EX_TEMPFAIL, makes them try again. */
static int final_status(const struct settings *s, int status)
{
    enum { TRY_AGAIN = 75 };
    return s->sysexits && status ? TRY_AGAIN : status;
}

/* Before the options are parsed, since they may be wrong. Accepts abbreviations, as getopt_long(3) does. */
static bool wants_sysexits(int argc, char **argv)
{
    const size_t least = sizeof "--s"; /* a shorter abbreviation would be ambiguous */
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        size_t n = strcspn(argv[i], "="); /* with a value it is an error, which mail servers get as EX_TEMPFAIL too */
        if (n >= least && strncmp(argv[i], "--sysexits", n) == 0)
            return true;
    }
    return false;
}

/* Finds the Maildirs for --recursive. False after a message. */
static bool list_maildirs(struct settings *s, struct paths *paths)
{
    if (!s->recursive || s->mode != MODE_CLASSIFY)
        return true;
    if (!maildirs_list(s->inputs, s->input_count, paths)) {
        complain(NULL, strerror(ENOMEM));
        return false;
    }
    s->inputs = paths->all;
    s->input_count = paths->count;
    return true;
}

/* Runs with the requested output, and reports if that failed. Readers such as head(1) may close
 * standard output early. */
static int run_into(const struct settings *s, struct output *o, struct going_on *going_on)
{
    struct results_file file;
    if (!results_open(&file, s, o))
        return EXIT_READ_OR_WRITE;
    int status = run(s, o, &file, going_on);
    finish_output(o);
    file.is_whole = file.is_whole && !o->error_number && !interrupt_signal();
    if (!results_close(&file, s) && status == 0)
        status = EXIT_READ_OR_WRITE;
    if (!o->error_number || (o->error_number == EPIPE && !s->output))
        return status;
    complain(s->output ? s->output : "standard output", strerror(o->error_number));
    return status == EXIT_USAGE ? status : EXIT_READ_OR_WRITE;
}

int main(int argc, char **argv)
{
    /* Aligned to a cache line, from where the kernel copies faster. */
    static _Alignas(64) char bytes[OUTPUT_BYTES + OUTPUT_SPARE_BYTES];
    struct output out = {.fd = STDOUT_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    struct settings settings;
    struct going_on going_on = {0};
    struct paths paths = {NULL, 0};
    occupy_standard_descriptors();
    /* A reader that has gone away must be seen as an error, not end the process silently. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* likewise a file that has reached its size limit */
    if (wants_sysexits(argc, argv))
        complain_to_system_log();
    int status = settings_read(&settings, argc, argv);
    settings.sysexits = settings.sysexits || wants_sysexits(argc, argv);
    settings.quiet = settings.quiet || settings.sysexits;
    if (status == 0)
        status = settings_check_rules(&settings);
    if (status == 0)
        status = list_maildirs(&settings, &paths) ? run_into(&settings, &out, &going_on) : EXIT_READ_OR_WRITE;
    bool is_interrupted = going_on.wanted && !out.error_number;
    if (is_interrupted)
        going_on_tell(&going_on, interrupt_signal());
    settings_free(&settings);
    paths_free(&paths);
    if (is_interrupted && !settings.sysexits)
        interrupt_end();
    /* A signal may also have interrupted a pipe before a mail began. */
    return final_status(&settings, interrupt_signal() && settings.sysexits ? EXIT_READ_OR_WRITE : status);
}
