/* SPDX-License-Identifier: MIT */
/*
 * smtp_client.c - sends a mail by SMTP and judges each refusal at once.
 *
 * usage: smtp_client HOST PORT SENDER RECIPIENT... < mail
 *
 * In: a mail with its header on standard input. Out: for each recipient a line that says whether
 * the server accepted it, or what the queue should do: drop it, retry in some seconds, slow
 * down, pause. Exit status 0 if everything was accepted, 1 if not, 2 if no server answers.
 *
 * It speaks only RFC 5321: no TLS, no login. The part to reuse is judge().
 *
 *     cc smtp_client.c -o smtp_client $(pkg-config --cflags --libs libbounce)
 */
#define _POSIX_C_SOURCE 200809L /* getaddrinfo() */
#include <bounce.h>

#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_BYTES = 8192, LINE_BYTES = 1024 };

struct client {
    FILE *in, *out;
    const char *host;
    bounce_parser *parser;
    char reply[REPLY_BYTES]; /* the last one, all of its lines */
    size_t length;
};

/* ------------------------------------------------------------------ judging */

/* Prints what the reply means for a recipient, in one line; NULL: for all of them. */
static int judge(struct client *c, bounce_command command, const char *recipient)
{
    bounce_context *context = bounce_context_new();
    bounce_report *report;
    bounce_error error;
    bounce_context_set_command(context, command);
    bounce_context_set_host(context, c->host);
    bounce_context_set_recipient(context, recipient);
    bounce_status status = bounce_parse_reply(c->parser, c->reply, c->length, context, &report, &error);
    bounce_context_free(context);
    if (status != BOUNCE_OK) {
        fprintf(stderr, "smtp_client: %s\n", error.message);
        return 1;
    }
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    const char *mend = bounce_recipient_mend(r), *advice = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADVICE_TEXT);
    printf("%s: %s, %s", recipient ? recipient : "everybody", bounce_queue_name(bounce_recipient_queue(r)),
           bounce_reason_name(bounce_recipient_reason(r)));
    if (bounce_recipient_retry_count(r) > 0)
        printf(", again in %llu s", (unsigned long long)bounce_recipient_retry_after_s(r, 0));
    if (mend)
        printf(", mend %s", mend);
    printf(". %s\n", advice ? advice : "");
    bounce_report_free(report);
    return 1;
}

/* --------------------------------------------------------------------- SMTP */

/* Reads a reply, "250-..." to "250 ...", into c->reply. Returns its first digit; 0: the connection is lost. */
static char read_reply(struct client *c)
{
    char line[LINE_BYTES];
    c->length = 0;
    do {
        if (!fgets(line, sizeof line, c->in))
            return 0;
        size_t n = strlen(line), room = sizeof c->reply - c->length;
        n = n < room ? n : room; /* the rest of a longer reply is ignored */
        memcpy(c->reply + c->length, line, n);
        c->length += n;
    } while (strlen(line) > 3 && line[3] == '-');
    return c->reply[0];
}

__attribute__((format(printf, 2, 3))) static char command(struct client *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(c->out, format, arguments);
    va_end(arguments);
    fputs("\r\n", c->out);
    fflush(c->out);
    return read_reply(c);
}

/* Lines end in CRLF, and a leading dot is doubled (RFC 5321 4.5.2). */
static void send_mail(struct client *c, FILE *mail)
{
    char line[LINE_BYTES];
    int at_start = 1;
    while (fgets(line, sizeof line, mail)) {
        size_t n = strcspn(line, "\r\n");
        if (at_start && line[0] == '.')
            fputc('.', c->out);
        fwrite(line, 1, n, c->out);
        at_start = line[n] != '\0';
        if (at_start)
            fputs("\r\n", c->out);
    }
    fputs(at_start ? "." : "\r\n.", c->out);
}

/* Returns how many commands were refused. */
static int talk(struct client *c, char **words, int count)
{
    int refused = 0, taken = 0;
    const char *sender = words[0];
    if (read_reply(c) != '2' || command(c, "EHLO client.example") != '2')
        return judge(c, BOUNCE_COMMAND_EHLO, NULL);
    if (command(c, "MAIL FROM:<%s>", sender) != '2')
        return judge(c, BOUNCE_COMMAND_MAIL, NULL);
    for (int i = 1; i < count; i++) {
        if (command(c, "RCPT TO:<%s>", words[i]) == '2') {
            printf("%s: accepted so far\n", words[i]);
            taken++;
        } else {
            refused += judge(c, BOUNCE_COMMAND_RCPT, words[i]);
        }
    }
    if (taken == 0)
        return refused;
    if (command(c, "DATA") != '3')
        return refused + judge(c, BOUNCE_COMMAND_DATA, NULL);
    send_mail(c, stdin);
    if (command(c, "%s", "") != '2')
        return refused + judge(c, BOUNCE_COMMAND_DATA, NULL);
    printf("delivered to %d of %d\n", taken, count - 1);
    return refused;
}

/* ---------------------------------------------------------------- connection */

static int connect_to(const char *host, const char *port)
{
    struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM};
    int fd = -1;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *each = found; each && fd < 0; each = each->ai_next) {
        fd = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
        if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

int main(int argc, char **argv)
{
    static struct client c;
    for (int i = 3; i < argc; i++)
        if (strpbrk(argv[i], "\r\n<>"))
            argc = 0; /* these could inject another command */
    if (argc < 5) {
        fputs("usage: smtp_client HOST PORT SENDER RECIPIENT... < mail\n", stderr);
        return 2;
    }
    int fd = connect_to(argv[1], argv[2]);
    int copy = fd < 0 ? -1 : dup(fd);
    c.in = fd < 0 ? NULL : fdopen(fd, "r");
    c.out = copy < 0 ? NULL : fdopen(copy, "w");
    if (!c.in || !c.out) {
        fprintf(stderr, "smtp_client: %s:%s cannot be reached\n", argv[1], argv[2]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); /* a server that hangs up is noticed when its reply is read */
    bounce_rules *rules = bounce_rules_default();
    c.host = argv[1];
    c.parser = bounce_parser_new(rules, NULL);
    int refused = talk(&c, argv + 3, argc - 3);
    command(&c, "QUIT");
    fclose(c.out);
    fclose(c.in);
    bounce_parser_free(c.parser);
    bounce_rules_unref(rules);
    return refused != 0;
}
