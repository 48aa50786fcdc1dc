/* SPDX-License-Identifier: MIT */
/*
 * message_mime.c - the values of MIME header fields; see message_mime.h.
 *
 * In: raw values of Content-Type and Content-Disposition. Out: the type and the parameters that the library needs.
 * Values in plain form, as in nearly all mails, are read here; comments, backslashes and RFC 2231 parameters are left
 * to GMime (by_gmime.c). Both give the same result (tests/unit/mail/test_message_gmime.c). Forms that are in use, but
 * that GMime cannot read, are tried once more: a boundary without its closing quote, or without the semicolon before
 * it.
 */
#include "mail/message_mime.h"

#include "base/limits.h"
#include "mail/by_gmime.h"
#include "mail/cfws.h"
#include "text/header.h"

#include <string.h>

struct params {
    struct arena *arena;
    struct span boundary, charset, name, report_type, filename; /* s == NULL: there is none */
};

/* The first parameter of a name counts. */
static void take_param(struct params *p, struct span name, struct span value)
{
    static const struct {
        struct span name;
        size_t offset;
    } known[] = {
        {SPAN("boundary"), offsetof(struct params, boundary)},
        {SPAN("charset"), offsetof(struct params, charset)},
        {SPAN("name"), offsetof(struct params, name)},
        {SPAN("report-type"), offsetof(struct params, report_type)},
        {SPAN("filename"), offsetof(struct params, filename)},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        if (!span_same_nocase(name, known[i].name))
            continue;
        struct span *to = (struct span *)(void *)((char *)p + known[i].offset);
        if (!to->s)
            *to = value;
        return;
    }
}

static inline bool is_token_byte(char c)
{
    switch (c) {
    case '(':
    case ')':
    case '<':
    case '>':
    case '@':
    case ',':
    case ';':
    case ':':
    case '\\':
    case '"':
    case '/':
    case '[':
    case ']':
    case '?':
    case '=': return false;
    default: return c > ' ' && c < 0x7f;
    }
}

/* Characters of an unquoted value. RFC 2045 forbids some of them, but
 * "boundary=----=_Part_1" is common. */
static inline bool is_value_byte(char c)
{
    return c > ' ' && c < 0x7f && c != ';' && c != '"' && c != '\\' && c != '(' && c != ')';
}

static void skip_space(struct span *s)
{
    while (s->n && ascii_is_space(s->s[0]))
        s->s++, s->n--;
}

/* Takes the bytes at the front for which belongs() is true off *s. Inlined, so that belongs() is, too. */
static inline __attribute__((always_inline)) struct span take_while(struct span *s, bool (*belongs)(char))
{
    size_t n = 0;
    while (n < s->n && s->s[n] && belongs(s->s[n]))
        n++;
    struct span taken = span_of(s->s, n);
    s->s += n;
    s->n -= n;
    return taken;
}

static inline bool is_quoted_byte(char c)
{
    return c != '"' && c != '\\' && c != '\r' && c != '\n';
}

/* Takes a value in plain form off *rest; false if it is not plain. */
static bool take_value(struct span *rest, struct span *value)
{
    if (rest->n && rest->s[0] == '"') {
        rest->s++, rest->n--;
        *value = take_while(rest, is_quoted_byte);
        if (!rest->n || rest->s[0] != '"')
            return false;
        rest->s++, rest->n--;
    } else {
        *value = take_while(rest, is_value_byte);
        if (!value->n)
            return false;
    }
    skip_space(rest);
    return !rest->n || rest->s[0] == ';';
}

/* Takes parameters in plain form: (";" name "=" value)*. False at anything else. */
static bool take_plain_params(struct params *p, struct span rest)
{
    for (;;) {
        skip_space(&rest);
        if (!rest.n)
            return true;
        if (rest.s[0] == ';') {
            rest.s++, rest.n--;
            continue;
        }
        struct span name = take_while(&rest, is_token_byte), value;
        skip_space(&rest);
        if (!name.n || memchr(name.s, '*', name.n) || !rest.n || rest.s[0] != '=')
            return false;
        rest.s++, rest.n--;
        skip_space(&rest);
        if (!take_value(&rest, &value))
            return false;
        take_param(p, name, value);
    }
}

/* The value on one line, as GMime needs it. */
static char *unfold(struct arena *a, struct span value)
{
    value.n = value.n < LIMIT_HEADER_BYTES ? value.n : LIMIT_HEADER_BYTES;
    char *z = arena_strndup(a, value.s, value.n), *to = z;
    for (size_t i = 0; i < value.n; i++)
        if (value.s[i] != '\r' && value.s[i] != '\n')
            *to++ = value.s[i] ? value.s[i] : ' ';
    *to = '\0';
    return z;
}

static void take_gmime_param(void *data, const char *name, struct span value)
{
    take_param(data, span_z(name), value);
}

/* Takes "type/subtype" off the front: in lower case, or NULL. */
static const char *take_media_type(struct arena *a, struct span *rest)
{
    skip_space(rest);
    const char *start = rest->s;
    struct span media = take_while(rest, is_token_byte);
    if (!media.n || !rest->n || rest->s[0] != '/')
        return NULL;
    rest->s++, rest->n--;
    struct span sub = take_while(rest, is_token_byte);
    return sub.n ? arena_lower(a, span_of(start, (size_t)(rest->s - start))) : NULL;
}

/* A last attempt, if the syntax is broken: what follows "boundary=". */
static struct span find_boundary(struct span value)
{
    const char *at = span_find_nocase(value, "boundary");
    if (!at)
        return (struct span){0};
    struct span rest = span_of(at + 8, value.n - (size_t)(at + 8 - value.s)), found;
    skip_space(&rest);
    if (!rest.n || rest.s[0] != '=')
        return (struct span){0};
    rest.s++, rest.n--;
    skip_space(&rest);
    if (rest.n && rest.s[0] == '"') {
        rest.s++, rest.n--;
        found = span_trim(take_while(&rest, is_quoted_byte));
    } else {
        found = take_while(&rest, is_value_byte);
    }
    return found.n ? found : (struct span){0};
}

/* 'abc type=x' or '"abc': the value includes what was meant as syntax. */
static bool runs_on(struct span s)
{
    const char *blank = memchr(s.s, ' ', s.n);
    return memchr(s.s, '"', s.n) || (blank && memchr(blank, '=', s.n - (size_t)(blank - s.s)));
}

static struct span first_word(struct span s)
{
    s = skip_cfws(s);
    for (size_t i = 0; i < s.n; i++)
        if (ascii_is_space(s.s[i]) || !s.s[i] || s.s[i] == ';' || s.s[i] == '(')
            s.n = i;
    return s;
}

/* One word, without the single quotes that some writers put around it. */
static const char *charset_name(struct arena *a, struct span s)
{
    s = first_word(s);
    if (s.n > 1 && s.s[0] == '\'' && s.s[s.n - 1] == '\'')
        s = span_of(s.s + 1, s.n - 2);
    return s.n ? arena_strndup(a, s.s, s.n) : NULL;
}

void mime_read_type(struct arena *a, struct span value, struct mime_type *out)
{
    struct params p = {.arena = a};
    struct span rest = value;
    *out = (struct mime_type){0};
    out->type = take_media_type(a, &rest);
    skip_space(&rest);
    bool plain = out->type && (!rest.n || rest.s[0] == ';') && take_plain_params(&p, rest);
    if (!plain) {
        p = (struct params){.arena = a};
        const char *type = gmime_read_type(a, unfold(a, value), take_gmime_param, &p);
        bool fallback = !type || !strcmp(type, "application/octet-stream"); /* GMime's type for broken values */
        out->type = out->type || fallback ? out->type : type;
        if (out->type && !strncmp(out->type, "multipart/", 10) && (!p.boundary.n || runs_on(p.boundary))) {
            struct span found = find_boundary(value);
            p.boundary = found.n ? found : p.boundary;
        }
    }
    while (p.boundary.n && ascii_is_space(p.boundary.s[p.boundary.n - 1]))
        p.boundary.n--;
    out->boundary = p.boundary;
    out->charset = p.charset.s ? charset_name(a, p.charset) : NULL;
    out->name = p.name.s ? text_decode_header(a, p.name, NULL) : NULL;
    out->report_type = p.report_type.s ? arena_lower(a, first_word(p.report_type)) : NULL;
}

void mime_read_disposition(struct arena *a, struct span value, bool *attachment, const char **filename)
{
    struct params p = {.arena = a};
    struct span rest = value;
    skip_space(&rest);
    struct span word = take_while(&rest, is_token_byte);
    skip_space(&rest);
    if (!word.n || (rest.n && rest.s[0] != ';') || !take_plain_params(&p, rest)) {
        p = (struct params){.arena = a};
        const char *found = gmime_read_disposition(a, unfold(a, value), take_gmime_param, &p);
        word = word.n ? word : span_z(found);
    }
    *attachment = span_equal_nocase(word, "attachment");
    if (p.filename.s)
        *filename = text_decode_header(a, p.filename, NULL);
}

const char *mime_read_encoding(struct arena *a, struct span value)
{
    struct span word = first_word(value);
    return word.n ? arena_lower(a, word) : NULL;
}
