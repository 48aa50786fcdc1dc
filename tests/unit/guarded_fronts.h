/* SPDX-License-Identifier: MIT */
/*
 * guarded_fronts.h - calls readers and decoders on all beginnings of a text, each of them
 * directly before a page without access, and again before other bytes: they read
 * nothing after the end, and what is there changes no answer.
 */
#ifndef GUARDED_FRONTS_H
#define GUARDED_FRONTS_H

#include "base/arena.h"
#include "guarded.h"

#include <string.h>

/* Adds everything that it finds out about the bytes to the answer. */
typedef void guarded_fn(struct arena *a, struct span bytes, struct strbuf *answer);

static inline void guarded_add(struct strbuf *answer, struct span s)
{
    strbuf_add(answer, s.s ? s.s : "", s.n);
    strbuf_putc(answer, '|');
}

static inline void guarded_add_z(struct strbuf *answer, const char *z)
{
    guarded_add(answer, span_z(z ? z : "(none)"));
}

static inline void guarded_front(guarded_fn *ask, const char *text, size_t n)
{
    static const char behind[] = "=41>;\n\n: 550 5.1.1 \x80\"(<a@b.test> =?utf-8?q?_?=";
    static char inside[8192];
    struct arena a;
    struct strbuf at_end, before_more;
    cr_assert_lt(n + sizeof behind, sizeof inside);
    arena_init(&a);
    strbuf_init(&at_end, &a);
    strbuf_init(&before_more, &a);
    memcpy(guarded_bytes(n), text, n);
    memcpy(inside, text, n);
    memcpy(inside + n, behind, sizeof behind);
    ask(&a, span_of(guarded_bytes(n), n), &at_end);
    ask(&a, span_of(inside, n), &before_more);
    cr_assert(at_end.n == before_more.n && !memcmp(at_end.s, before_more.s, at_end.n),
              "the first %zu bytes of '%s' give '%s', and before other bytes '%s'", n, text, at_end.s, before_more.s);
    arena_free(&a);
}

static inline void guarded_fronts(guarded_fn *ask, const char *text)
{
    for (size_t n = 0; n <= strlen(text); n++)
        guarded_front(ask, text, n);
}

#endif
