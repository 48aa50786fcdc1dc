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

#include <unistd.h>

enum { COMPLAINT_BYTES = 4096 }; /* longer ones take more than one write(2) */

void complain(const char *subject, const char *message)
{
    char bytes[COMPLAINT_BYTES];
    struct output o = {.fd = STDERR_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    output_puts(&o, PROGRAM_NAME ": ");
    if (subject) {
        output_escaped(&o, subject, ESCAPE_ONE_LINE, 0);
        output_puts(&o, ": ");
    }
    output_escaped(&o, message, ESCAPE_ONE_LINE, 0);
    output_putc(&o, '\n');
    output_flush(&o);
}
