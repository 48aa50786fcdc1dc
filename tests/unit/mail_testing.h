/* SPDX-License-Identifier: MIT */
/* mail_testing.h - texts with other line ends, for the tests of mail/. */
#ifndef MAIL_TESTING_H
#define MAIL_TESTING_H

#include "base/arena.h"

/* z with LF replaced by other line ends. */
static inline struct span with_line_ends(struct arena *a, const char *z, const char *end)
{
    struct strbuf b;
    strbuf_init(&b, a);
    for (; *z; z++) {
        if (*z == '\n')
            strbuf_puts(&b, end);
        else
            strbuf_putc(&b, *z);
    }
    return span_of(b.s, b.n);
}

#endif
