/* SPDX-License-Identifier: MIT */
/*
 * complain.c - error messages.
 *
 * In: what the message is about (a path, an option), and what is wrong. Out:
 * one line on standard error, whatever line ends and control characters the
 * two hold. It goes past the buffer of standard output, so the two streams
 * are not in step. Nothing is refused; if standard error cannot be written to,
 * the message is lost.
 */
#include "output/complain.h"

#include "output/escape.h"
#include "output/output.h"
#include "output/progress.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { COMPLAINT_BYTES = 4096 };                     /* longer ones take more than one write(2) */
enum { MAIL_FACILITY = 2 << 3, ERROR_PRIORITY = 3 }; /* RFC 5424, section 6.2.1 */

static bool is_silent;
static int log_fd = -1;

static void write_message(struct output *o, const char *subject, const char *message)
{
    output_puts(o, PROGRAM_NAME ": ");
    if (subject) {
        output_escaped(o, subject, ESCAPE_ONE_LINE, 0);
        output_puts(o, ": ");
    }
    output_escaped(o, message, ESCAPE_ONE_LINE, 0);
}

/* A message longer than the buffer is cut. */
static void log_message(const char *subject, const char *message)
{
    char bytes[COMPLAINT_BYTES];
    struct output o = {.fd = -1, .bytes = bytes, .capacity = sizeof bytes};
    output_putc(&o, '<');
    output_number(&o, MAIL_FACILITY | ERROR_PRIORITY);
    output_putc(&o, '>');
    write_message(&o, subject, message);
    send(log_fd, o.bytes, o.n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void complain(const char *subject, const char *message)
{
    char bytes[COMPLAINT_BYTES];
    struct output o = {.fd = STDERR_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    if (log_fd >= 0)
        log_message(subject, message);
    if (is_silent)
        return;
    progress_clear();
    write_message(&o, subject, message);
    output_putc(&o, '\n');
    output_flush(&o);
}

void complain_to_system_log(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
    is_silent = !isatty(STDERR_FILENO);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        log_fd = fd;
    else if (fd >= 0)
        close(fd);
}

bool complain_is_heard(void)
{
    return !is_silent;
}
