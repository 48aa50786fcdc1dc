/* SPDX-License-Identifier: MIT */
/*
 * forms.h - the same input in other forms, on which the result of a target must not depend.
 */
#ifndef BOUNCE_FUZZ_FORMS_H
#define BOUNCE_FUZZ_FORMS_H

#include "fuzz.h"

#include "base/arena.h"

/* UTF-8 without a NUL, like every string that the library returns. */
static inline void fuzz_check_span(struct span s)
{
    const unsigned char *p = (const unsigned char *)s.s;
    for (size_t i = 0, n; i < s.n; i += n) {
        n = fuzz_utf8_length(p + i);
        MUST(n && n <= s.n - i);
    }
}

static inline bool fuzz_same_span(struct span a, struct span b)
{
    return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

static inline bool fuzz_same_string(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Memory of exactly that size, so that a sanitizer notices any read beyond it. Freed by the caller. */
static inline char *fuzz_exact_copy(struct span s)
{
    char *copy = (char *)malloc(s.n ? s.n : 1);
    MUST(copy);
    if (s.n)
        memcpy(copy, s.s, s.n);
    return copy;
}

/* Every LF as CRLF, in a. s.s is NULL if there is a CR already: then more would change. */
static inline struct span fuzz_with_crlf(struct arena *a, struct span s)
{
    if (!s.n || memchr(s.s, '\r', s.n))
        return span_of(NULL, 0);
    char *to = (char *)arena_alloc(a, 2 * s.n), *at = to;
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\n')
            *at++ = '\r';
        *at++ = s.s[i];
    }
    return span_of(to, (size_t)(at - to));
}

/* The next part of *rest, up to a NUL: a string, which the caller puts into a. */
static inline char *fuzz_take_string(struct arena *a, struct span *rest)
{
    const char *end = rest->n ? (const char *)memchr(rest->s, '\0', rest->n) : NULL;
    size_t n = end ? (size_t)(end - rest->s) : rest->n;
    char *z = arena_strndup(a, rest->n ? rest->s : "", n);
    *rest = span_of(rest->s + n + (end != NULL), rest->n - n - (end != NULL));
    return z;
}

#endif
