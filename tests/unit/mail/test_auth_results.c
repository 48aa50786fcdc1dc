/* SPDX-License-Identifier: MIT */
/* test_auth_results.c - whose Authentication-Results are trusted, and what they say. */
#include "mail/auth_results.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(auth_results, .init = set_up, .fini = tear_down);

static const char *shown(const char *s)
{
    return s ? s : "-";
}

/* "spf dkim dmarc arc of", or "none". */
static const char *results(const char *header)
{
    static char text[256];
    struct span rest = span_z(header);
    struct field_group g;
    struct auth_results r;
    fields_read_header(&arena, &rest, '\n', 100, &g, NULL, &(bool){false});
    if (!auth_results_read(&arena, &g, span_z("mx.ours.example"), &r))
        return "none";
    snprintf(text, sizeof text, "%s %s %s %s %s", shown(r.spf), shown(r.dkim), shown(r.dmarc), shown(r.arc),
             shown(r.of));
    return text;
}

#define OURS "Authentication-Results: mx.ours.example; "
#define RECEIVED \
    "Received: from a.example (b [192.0.2.1])\n by mx.ours.example with ESMTP; Sat, 28 Nov 2026 10:00:00 +0000\n"

Test(auth_results, what_they_say)
{
    static const struct {
        const char *header, *want;
    } rows[] = {
        {OURS "spf=pass smtp.mailfrom=a@One.example; dkim=fail header.d=two.example;\n dmarc=Pass (p=none; x) "
              "header.from=three.example; arc=none\n",
         "pass fail pass none three.example"},
        {OURS "spf=softfail smtp.helo=mx.one.example\n", "softfail - - - mx.one.example"},
        {OURS "dkim=pass header.i=@two.example header.s=x; spf=none\n", "none pass - - two.example"},
        {OURS "dkim=fail header.d=bad.example; dkim=pass header.d=good.example; dkim=fail header.d=c.example\n",
         "- pass - - good.example"},
        {"Authentication-Results: mx.ours.example 1;\n dkim/1 = pass reason=\"good; signature\" header.d = a.example\n",
         "- pass - - a.example"},
        {"Authentication-Results: (a comment) \"x\" MX.Ours.Example; none\n", "none"},
        {"Authentication-Results: MX.Ours.Example (c); none\n", "- - - - -"},
        {OURS "x-own=pass; iprev=pass policy.iprev=192.0.2.1\n", "- - - - -"},
        {OURS "dmarc=fail reason=\"no \\\"; dmarc=pass header.from=victim.example; x=\\\"\" header.from=evil.example\n",
         "- - fail - evil.example"},
        {OURS "dmarc=fail (a \\) ; dmarc=pass header.from=victim.example \\( ) header.from=evil.example\n",
         "- - fail - evil.example"},
        {"Authentication-Results: \"mx.ours.example\" (c); dmarc=pass header.from=\"Ours.\\example\"\n",
         "- - pass - ours.example"},
        {OURS "dkim=pass header . d (c) = (c) a.example; spf=pass smtp. mailfrom=\"x y@v.example\"@b.example\n",
         "pass pass - - a.example"},
        {OURS "spf=pass smtp .mailfrom=\"x y@v.example\"@b.example\n", "pass - - - b.example"},
        {OURS "dkim=pass header.b=Ab+/c== header.d=a.example\n", "- pass - - a.example"},
        {OURS "dkim=pass header.s=a. . . . . . . . . . . . . . . . . . . . . . . . . . header.d=b.example\n",
         "- pass - - -"},
        {OURS "dkim=pass header.b=Ab+/c= header.d=a.example\n", "- pass - - a.example"},
        {OURS "spf=pass smtp.mailfrom=c=smtp.mailfrom=victim.example@b.example\n", "pass - - - b.example"},
        {OURS "dmarc=pass header.from=; dkim=pass header.d=\n", "- pass pass - -"},
        {OURS "dmarc=pass policy.x=\";\" policy.y=header.from header.from=a.example\n", "- - pass - a.example"},
        {OURS "spf\n", "- - - - -"},
        {OURS "spf=\n", "- - - - -"},
        {OURS "spf==;;dkim\n", "- - - - -"},
        {OURS "(never closed spf=pass\n", "- - - - -"},
        {"Authentication-Results:\n", "none"},
        {"Subject: x\n", "none"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(results(rows[i].header), rows[i].want, "%s", rows[i].header);
}

/* RFC 8601 section 5: fields below the host's own Received came with the mail. */
Test(auth_results, where_they_are)
{
    static const char internal[] = "Received: from mx.ours.example by store.ours.example; Sat, 28 Nov 2026 10:00\n";
    static const struct {
        const char *front, *back, *want;
    } rows[] = {
        {"", RECEIVED, "pass - - - -"},
        {RECEIVED, "", "none"},
        {RECEIVED, RECEIVED, "none"},
        {internal, RECEIVED, "pass - - - -"},
        {internal, "", "none"},
        {"Received: by other.example\n", "Received: from mx.ours.example by x.example\n", "none"},
        {"Return-Path: <>\nDelivered-To: a@ours.example\n", RECEIVED, "pass - - - -"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char header[1024];
        snprintf(header, sizeof header, "%s" OURS "spf=pass\n%s\n", rows[i].front, rows[i].back);
        cr_expect_str_eq(results(header), rows[i].want, "%s", header);
    }
}

Test(auth_results, of_other_hosts)
{
    cr_expect_str_eq(results("Authentication-Results: mx.evil.test; dmarc=pass\n"), "none");
    cr_expect_str_eq(results("Authentication-Results: mx.ours.example.evil.test; dmarc=pass\n"), "none");
    cr_expect_str_eq(results("Authentication-Results: mx.evil.test; x=y mx.ours.example; dmarc=pass\n"), "none");
}
