/* SPDX-License-Identifier: MIT */
/*
 * maillog.c - who could not be reached, according to the log of a mail server.
 *
 * usage: maillog [FILE...]       (default: /var/log/mail.log; - is standard input)
 *
 * In: logs of Postfix, Exim, Sendmail and others, the oldest first. Out: for each recipient of
 * a message its last outcome, if that is a failure or a delay. Exit status 1 if a file cannot be
 * read, or if none of its lines is known.
 *
 *     cc maillog.c -o maillog $(pkg-config --cflags --libs libbounce)
 */
#define _POSIX_C_SOURCE 200809L /* getline() */
#include <bounce.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* Prints the reports of the lines so far. */
static void print_reports(bounce_log *log)
{
    bounce_report *report;
    while (bounce_log_next(log, &report, NULL) == BOUNCE_OK) {
        const bounce_recipient *r = bounce_report_recipient(report, 0);
        printf("%s %s %s %s %s\n", or_dash(bounce_report_string(report, BOUNCE_REPORT_QUEUE_ID)),
               or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS)),
               bounce_action_name(bounce_recipient_action(r)), bounce_reason_name(bounce_recipient_reason(r)),
               or_dash(bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS)));
        bounce_report_free(report);
    }
}

static int read_lines(bounce_log *log, FILE *file, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int failed = 0;
    bounce_error error;
    while (!failed && (n = getline(&line, &room, file)) >= 0) {
        failed = bounce_log_line(log, line, (size_t)n, &error) != BOUNCE_OK;
        print_reports(log);
    }
    if (failed)
        fprintf(stderr, "maillog: %s: %s\n", path, error.message);
    else if (ferror(file))
        fprintf(stderr, "maillog: %s: %s\n", path, strerror(errno));
    free(line);
    return failed || ferror(file);
}

static int read_file(bounce_log *log, const char *path)
{
    struct stat info;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!file) {
        fprintf(stderr, "maillog: %s: %s\n", path, strerror(errno));
        return 1;
    }
    /* Syslog lines have no year: it is derived from the modification time of the file. */
    if (fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode))
        bounce_log_file(log, (int64_t)info.st_mtime);
    int failed = read_lines(log, file, path);
    if (file != stdin)
        fclose(file);
    if (!failed && !bounce_log_software(log)) {
        fprintf(stderr, "maillog: %s: no line is of a log that is known\n", path);
        return 1;
    }
    for (size_t i = 0; i < bounce_log_warnings(log); i++)
        fprintf(stderr, "maillog: %s: %s\n", path, bounce_log_warning_text(log, i));
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    bounce_rules *rules = bounce_rules_default();
    bounce_log *log = bounce_log_new(rules, NULL);
    bounce_log_set(log, BOUNCE_LOG_FINAL, true);
    for (int i = 1; i < argc; i++)
        failed |= read_file(log, argv[i]);
    if (argc < 2)
        failed = read_file(log, "/var/log/mail.log");
    bounce_log_end(log);
    print_reports(log); /* for messages that are still in the queue */
    bounce_log_free(log);
    bounce_rules_unref(rules);
    return failed;
}
