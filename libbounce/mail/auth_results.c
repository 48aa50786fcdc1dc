/* SPDX-License-Identifier: MIT */
/*
 * auth_results.c - see auth_results.h.
 *
 * In: the header of a mail, and the host that is trusted. Out: its results. Comments are left out, and quotes undone
 * (RFC 8601 2.2). Refused: fields of other hosts, and those where a sender may have put them. Of several results of one
 * method, the one that passed counts, else the first.
 */
#include "mail/auth_results.h"
#include "mail/address_chars.h"
#include "mail/cfws.h"

#include <string.h>

static size_t word_length(struct span s)
{
    size_t n = 0;
    while (n < s.n && !ascii_is_space(s.s[n]) && !strchr(";=/(\"", s.s[n]))
        n++;
    return n;
}

/* Takes the next token: a word, or one of ";=/". Comments and folds are skipped. n 0 at the end. */
static struct span next_token(struct span *s)
{
    *s = skip_cfws(*s);
    if (s->n && s->s[0] == '(') /* a comment without an end */
        *s = span_of(s->s + s->n, 0);
    size_t n = 0;
    if (s->n && s->s[0] == '"') {
        n = quoted_length(*s);
        n = n ? n : s->n;
        if (n < s->n && s->s[n] == '@') /* "local part"@domain */
            n += word_length(span_of(s->s + n, s->n - n));
    } else if (s->n && strchr(";=/", s->s[0])) {
        n = 1;
    } else {
        n = word_length(*s);
    }
    if (!n && s->n) /* a NUL */
        n = 1;
    const struct span token = span_of(s->s, n);
    s->s += n;
    s->n -= n;
    return token;
}

static bool is_sign(struct span token, char c)
{
    return token.n == 1 && token.s[0] == c;
}

/* A token without the quotes around it and the backslashes in it (RFC 8601 2.2: values and hosts may be quoted). */
static struct span unquoted(struct arena *a, struct span token)
{
    if (token.n < 2 || quoted_length(token) != token.n)
        return token;
    char *s = arena_alloc(a, token.n);
    size_t n = 0;
    for (size_t i = 1; i + 1 < token.n; i++) {
        i += token.s[i] == '\\';
        s[n++] = token.s[i];
    }
    return span_of(s, n);
}

/* "user@ours.example" and "@ours.example" are about ours.example. */
static const char *domain_of(struct arena *a, struct span value)
{
    value = unquoted(a, value);
    const size_t at = address_at(value);
    if (at < value.n)
        value = span_of(value.s + at + 1, value.n - at - 1);
    return value.n ? arena_lower(a, value) : NULL;
}

/* Takes the next token, and what a dot joins to it: "header . d" is "header.d". */
static struct span next_name(struct arena *a, struct span *s)
{
    enum { LONGEST_BYTES = 40 };
    struct span name = next_token(s), rest = *s, next;
    while (name.n && name.n < LONGEST_BYTES && (next = next_token(&rest)).n && next.n < LONGEST_BYTES &&
           (name.s[name.n - 1] == '.' || next.s[0] == '.')) {
        char *joined = arena_alloc(a, name.n + next.n);
        memcpy(joined, name.s, name.n);
        memcpy(joined + name.n, next.s, next.n);
        name = span_of(joined, name.n + next.n);
        *s = rest;
    }
    return name;
}

/* Takes a value, which may contain delimiters, as base64 and return paths do. */
static struct span next_value(struct span *s)
{
    struct span value = next_token(s);
    if (is_sign(value, ';'))
        return value;
    for (; s->n && !ascii_is_space(s->s[0]) && s->s[0] != ';' && s->s[0] != '('; s->s++, s->n--)
        value.n++;
    return value;
}

/* Takes the next "name = value" of the result of one method; false at its end. */
static bool next_property(struct arena *a, struct span *s, struct span *name, struct span *value)
{
    struct span token;
    *name = span_of(NULL, 0);
    while ((token = next_name(a, s)).n && !is_sign(token, ';')) {
        if (is_sign(token, '=')) {
            *value = next_value(s);
            return !is_sign(*value, ';');
        }
        *name = token;
    }
    return false;
}

/* The domain that a result is about. rest: "dkim=pass header.d=ours.example" without its first two words. properties:
 * those that name the domain, best first. */
static const char *read_domain(struct arena *a, struct span rest, const char *const *properties)
{
    for (; *properties; properties++) {
        struct span s = rest, name, value;
        while (next_property(a, &s, &name, &value))
            if (span_equal_nocase(name, *properties))
                return domain_of(a, value);
    }
    return NULL;
}

static void read_method(struct arena *a, struct span name, struct span word, struct span rest, struct auth_results *out,
                        const char *of[3])
{
    static const char *const from[] = {"header.from", NULL}, *const signer[] = {"header.d", "header.i", NULL};
    static const char *const path[] = {"smtp.mailfrom", "smtp.helo", NULL};
    const struct {
        const char *name;
        const char **result;
        const char *const *properties;
        const char **of;
    } methods[] = {{"dmarc", &out->dmarc, from, &of[0]},
                   {"dkim", &out->dkim, signer, &of[1]},
                   {"spf", &out->spf, path, &of[2]},
                   {"arc", &out->arc, NULL, NULL}};
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (!span_equal_nocase(name, methods[i].name))
            continue;
        const char *known = *methods[i].result;
        if (known && (strcmp(known, "pass") == 0 || !span_equal_nocase(word, "pass")))
            return;
        *methods[i].result = arena_lower(a, word);
        if (methods[i].of)
            *methods[i].of = read_domain(a, rest, methods[i].properties);
    }
}

/* The results of one field, if the host wrote it. */
static bool read_field(struct arena *a, struct span value, struct span host, struct auth_results *out,
                       const char *of[3])
{
    struct span s = value, token = next_token(&s);
    if (!span_same_nocase(unquoted(a, token), host))
        return false;
    while (s.n) {
        while ((token = next_token(&s)).n && !is_sign(token, ';'))
            ;
        const struct span name = next_token(&s);
        struct span sign = next_token(&s);
        if (is_sign(sign, '/')) { /* the version of the method */
            next_token(&s);
            sign = next_token(&s);
        }
        const struct span word = is_sign(sign, '=') ? next_token(&s) : span_of(NULL, 0);
        if (word.n && ascii_is_alpha(word.s[0]))
            read_method(a, name, word, s, out, of);
    }
    return true;
}

/* Whether a Received field says that this host wrote it: "by mx.ours.example". */
static bool is_by(struct span value, struct span host)
{
    for (struct span s = value, token; (token = next_token(&s)).n;)
        if (span_equal_nocase(token, "by"))
            return span_same_nocase(next_token(&s), host);
    return false;
}

/* How many fields of the header are above those that a sender can have written. */
static size_t trusted_fields(const struct field_group *header, struct span host)
{
    size_t first = header->count;
    for (size_t i = header->count; i; i--)
        if (span_equal_nocase(header->fields[i - 1].name, "Received"))
            first = i - 1;
    for (size_t i = first; i < header->count; i++)
        if (span_equal_nocase(header->fields[i].name, "Received") && is_by(header->fields[i].value, host))
            return i;
    return first;
}

bool auth_results_read(struct arena *a, const struct field_group *header, struct span host, struct auth_results *out)
{
    static const char name[] = "Authentication-Results";
    const char *of[3] = {NULL, NULL, NULL};
    bool found = false;
    *out = (struct auth_results){0};
    if (!host.n || !fields_may_have(header, span_z(name)))
        return false;
    const size_t trusted = trusted_fields(header, host);
    for (size_t i = 0; i < trusted; i++)
        if (span_equal_nocase(header->fields[i].name, name))
            found |= read_field(a, header->fields[i].value, host, out, of);
    out->of = of[0] ? of[0] : of[1] ? of[1] : of[2];
    return found;
}
