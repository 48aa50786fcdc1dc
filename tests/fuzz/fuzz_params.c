/* SPDX-License-Identifier: MIT */
/*
 * fuzz_params.c - any bytes as the value of Content-Type, Content-Disposition and Content-Transfer-Encoding.
 *
 * The result is UTF-8 on one line, of a bounded length, and the same a second time.
 */
#include "forms.h"

#include "base/limits.h"
#include "mail/message_mime.h"

static struct arena arena;

static void check_text(const char *s, size_t limit)
{
    fuzz_check_string(s);
    MUST(!s || (!strpbrk(s, "\r\n") && strlen(s) <= limit));
}

static void check_type(struct span value)
{
    struct mime_type type, again;
    mime_read_type(&arena, value, &type);
    mime_read_type(&arena, value, &again);
    /* A character of one byte may need three as UTF-8. */
    const size_t limit = 3 * (value.n < LIMIT_HEADER_BYTES ? value.n : LIMIT_HEADER_BYTES) + 3;
    check_text(type.name, limit);
    MUST(!type.type || (*type.type && strchr(type.type, '/')));
    MUST(type.boundary.n <= limit);
    MUST(fuzz_same_string(type.type, again.type) && fuzz_same_string(type.charset, again.charset));
    MUST(fuzz_same_string(type.name, again.name) && fuzz_same_string(type.report_type, again.report_type));
    MUST(fuzz_same_span(type.boundary, again.boundary));
}

static void check_disposition(struct span value)
{
    const char *name = NULL, *other = NULL;
    bool attachment, again;
    mime_read_disposition(&arena, value, &attachment, &name);
    mime_read_disposition(&arena, value, &again, &other);
    fuzz_check_string(name);
    MUST(attachment == again && fuzz_same_string(name, other));
    const char *encoding = mime_read_encoding(&arena, value);
    MUST(!encoding || (*encoding && strlen(encoding) <= value.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_reset(&arena);
    const struct span value = span_of((const char *)data, size);
    char *copy = fuzz_exact_copy(value);
    check_type(span_of(copy, size));
    check_disposition(span_of(copy, size));
    free(copy);
    return 0;
}
