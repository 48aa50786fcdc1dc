/* SPDX-License-Identifier: MIT */
/* test_verp.c - recipients hidden in envelope addresses, and wrapped senders. */
#include "base/limits.h"
#include "mail/verp.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *envelope, *want; /* NULL: there is none */
} rows[] = {
    /* Mailman, qmail, ezmlm */
    {"list-bounces+user=example.net@list.example", "user@example.net"},
    {"<list-bounces+user=example.net@list.example>", "user@example.net"},
    {"list-bounces+user+tag=example.net@list.example", "user+tag@example.net"},
    {"list-bounces+joe-smith=example.net@list.example", "joe-smith@example.net"},
    {"list-return-123-user=example.net@list.example", "user@example.net"},
    {"list-return-123-joe-smith=example.net@list.example", "joe-smith@example.net"},
    {"List-Return-123-User=Example.NET@list.example", "User@Example.NET"},
    /* Sympa */
    {"list-owner+user==example.net@host.example", "user@example.net"},
    {"bounce+user==a==example.net@host.example", "user@example.net"},
    {"bounce+user==a==example.net==list@host.example", "user@example.net"},
    {"bounce+a=b==a==example.net==list@host.example", "a=b@example.net"},
    /* mailing services */
    {"bounce-user=example.net@em.example", "user@example.net"},
    {"bounces-user=example.net@em.example", "user@example.net"},
    {"bounce-joe-smith=example.net@em.example", "joe-smith@example.net"},
    {"bounce-5899542-1206365-user=example.net@em.example", "user@example.net"},
    {"bounces+123-ab12-user=example.net@em.example", "user@example.net"},
    {"bounces+123-ab12-ab12-x=example.net@em.example", "ab12-x@example.net"},
    {"bounces+ab12-user=example.net@em.example", "ab12-user@example.net"},
    {"bounce-mc.us1_123.456-user=example.net@em.example", "user@example.net"},
    {"user=example.net@bounce.example", "user@example.net"},
    {"joe-user=example.net@bounce.example", "joe-user@example.net"},
    {"a=b=example.net@bounce.example", "a=b@example.net"},
    {"joe+caf_=user=example.net@forwarder.example", "user@example.net"},
    {"b\xC3\xBC=xn--bcher-kva.example@bounce.example", "b\xC3\xBC@xn--bcher-kva.example"},
    {"u=x.xn--p1ai@bounce.example", "u@x.xn--p1ai"},
    /* wrapped once more on the way */
    {"prvs=1234567890=list-bounces+user=example.net@list.example", "user@example.net"},
    {"SRS0=AbCd=XY=list.example=list-bounces+user=example.net@fwd.example", "user@example.net"},
    /* none */
    {"user@example.net", NULL},
    {"user+tag@example.net", NULL},
    {"user+tag=1@example.net", NULL},
    {"user+a=b@example.net", NULL},
    {"user+v=1.2@example.net", NULL},
    {"user+v=1.x@example.net", NULL},
    {"a=b@example.net", NULL},
    {"=example.org@example.net", NULL},
    {"bounces+=example.org@example.net", NULL},
    {"user=example.c0m@example.net", NULL},
    {"user=example..org@example.net", NULL},
    {"user=.org@example.net", NULL},
    {"user=example.xn--@example.net", NULL},
    {"0100018abcdef-01234567-89ab-cdef-0123-456789abcdef-000000@amazonses.example", NULL},
    {"prvs=1234567890=user@example.net", NULL},
    {"btv1==0123456789a==user@example.net", NULL},
    {"SRS0=AbCd=XY=example.org=user@fwd.example", NULL},
    {"user=example.org", NULL},
    {"<>", NULL},
    {"", NULL},
};

Test(verp, finds_recipients)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = verp_recipient(&a, span_z(rows[i].envelope), NULL);
        cr_expect(got && rows[i].want ? strcmp(got, rows[i].want) == 0 : !got == !rows[i].want, "\"%s\": %s",
                  rows[i].envelope, got ? got : "NULL");
    }
    arena_free(&a);
}

static const struct {
    const char *envelope, *want;
} wraps[] = {
    {"user@example.net", "user@example.net"},
    {" <user@example.net> ", "user@example.net"},
    {"prvs=1234567890=user@example.net", "user@example.net"},
    {"PRVS=123456abcd=user@example.net", "user@example.net"},
    {"prvs=1234567890=a=b@example.net", "a=b@example.net"},
    {"prvs=user=1234567890@example.net", "user@example.net"},
    {"prvs=user/1234567890@example.net", "user@example.net"},
    {"prvs=123456789=user@example.net", "prvs=123456789=user@example.net"},
    {"prvs=1234567890=@example.net", "prvs=1234567890=@example.net"},
    {"prvs=@example.net", "prvs=@example.net"},
    {"btv1==0123456789a==user@example.net", "user@example.net"},
    {"msprvs1=17743abcdef=bounces-123@example.net", "bounces-123@example.net"},
    {"SRS0=AbCd=XY=example.org=user@fwd.example", "user@example.org"},
    {"srs0+AbC/d=XY=example.org=user@fwd.example", "user@example.org"},
    {"SRS0-AbCd=XY=example.org=a=b@fwd.example", "a=b@example.org"},
    {"SRS1=XyZ=first.example==AbCd=XY=example.org=user@second.example", "user@example.org"},
    {"SRS1=XyZ=first.example=+AbCd=XY=example.org=user@second.example", "user@example.org"},
    {"joe+SRS=abcde=XY=example.org=user@tenant.example", "user@example.org"},
    {"SRS0=AbCd=XY=example.org=prvs=1234567890=user@fwd.example", "user@example.org"},
    {"SRS0=AbCd=XY=example.org@fwd.example", "SRS0=AbCd=XY=example.org@fwd.example"},
    {"SRS0=AbCd@fwd.example", "SRS0=AbCd@fwd.example"},
    {"SRS0@fwd.example", "SRS0@fwd.example"},
    {"SRS1==@fwd.example", "SRS1==@fwd.example"},
    {"user", NULL},
    {"", NULL},
};

Test(verp, unwraps_senders)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(wraps); i++) {
        const char *got = verp_unwrap(&a, span_z(wraps[i].envelope));
        cr_expect(got && wraps[i].want ? strcmp(got, wraps[i].want) == 0 : !got == !wraps[i].want, "\"%s\": %s",
                  wraps[i].envelope, got ? got : "NULL");
    }
    arena_free(&a);
}

Test(verp, wraps_have_a_limit)
{
    struct arena a;
    arena_init(&a);
    struct strbuf b;
    strbuf_init(&b, &a);
    for (int i = 0; i < LIMIT_ADDRESS_WRAPS; i++)
        strbuf_puts(&b, "prvs=1234567890=");
    strbuf_puts(&b, "user@example.net");
    cr_expect_str_eq(verp_unwrap(&a, span_of(b.s, b.n)), "user@example.net");
    char *more = arena_printf(&a, "prvs=1234567890=%s", b.s);
    cr_expect_str_eq(verp_unwrap(&a, span_z(more)), "prvs=1234567890=user@example.net");
    arena_free(&a);
}

static const struct {
    const char *pattern;
    bool ok;
} patterns[] = {
    {"{address}", true},
    {"b+{local}={domain}@x.example", true},
    {"{domain}.{local}", true},
    {"{LOCAL}={Domain}@x.example", true},
    {"b+{address}@x.example", true},
    {"", false},
    {"b@x.example", false},
    {"{local}@x.example", false},
    {"{domain}@x.example", false},
    {"{local}{local}", false},
    {"{local}={domain}{domain}", false},
    {"{local}={domain}{local}", false},
    {"{address}{address}", false},
    {"{address}{local}", false},
    {"{locale}{domain}", false},
    {NULL, false},
};

Test(verp, checks_patterns)
{
    for (size_t i = 0; i < COUNT(patterns); i++)
        cr_expect_eq(verp_pattern_is_valid(patterns[i].pattern), patterns[i].ok, "%s",
                     patterns[i].pattern ? patterns[i].pattern : "NULL");
}

static const struct {
    const char *pattern, *envelope, *want;
} matches[] = {
    {"bounces+{local}={domain}@news.example", "bounces+user=example.net@news.example", "user@example.net"},
    {"bounces+{local}={domain}@news.example", "BOUNCES+user=example.net@NEWS.example", "user@example.net"},
    {"bounces+{local}={domain}@news.example", "bounces+a=b=example.net@news.example", "a=b@example.net"},
    {"x.{domain}.{local}@news.example", "x.example.net.joe@news.example", "joe@example.net"},
    {"x-{domain}-at-{local}@news.example", "x-example.net-at-joe@news.example", "joe@example.net"},
    {"x.{local}.at.{domain}@news.example", "x.joe.at.work.at.example.net@news.example", "joe.at.work@example.net"},
    {"x-{address}@news.example", "x-joe=example.net@news.example", "joe@example.net"},
    {"{address}.news.example", "joe@example.net.news.example", "joe@example.net"},
    {"x-{local}_{domain}@news.example", "x-joe_example.net@other.example", NULL},
    {"x-{local}_{domain}@news.example", "x-joe@news.example", NULL},
    {"{local}{domain}@news.example", "joeexample.net@news.example", NULL},
    {"x-{local}_{domain}@news.example", "@", NULL},
    {"not a pattern", "bounces+user=example.net@news.example", "user@example.net"},
    {"x-{local}_{domain}@news.example", "bounces+user=example.net@news.example", "user@example.net"},
};

Test(verp, tries_the_callers_pattern_first)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(matches); i++) {
        const char *got = verp_recipient(&a, span_z(matches[i].envelope), matches[i].pattern);
        cr_expect(got && matches[i].want ? strcmp(got, matches[i].want) == 0 : !got == !matches[i].want,
                  "\"%s\", \"%s\": %s", matches[i].pattern, matches[i].envelope, got ? got : "NULL");
    }
    arena_free(&a);
}

Test(verp, has_a_limit)
{
    struct arena a;
    arena_init(&a);
    char envelope[LIMIT_ADDRESS_BYTES + 1];
    memset(envelope, 'x', sizeof envelope);
    memcpy(envelope, "u=example.net@", 14);
    cr_expect_not_null(verp_recipient(&a, span_of(envelope, LIMIT_ADDRESS_BYTES), NULL));
    cr_expect_null(verp_recipient(&a, span_of(envelope, LIMIT_ADDRESS_BYTES + 1), NULL));
    arena_free(&a);
}
