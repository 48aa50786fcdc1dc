/* SPDX-License-Identifier: MIT */
/* test_known.c - who runs a host (match/known.c). tests/check_known.py checks every line of the tables. */
#include "match/known.h"

#include <criterion/criterion.h>
#include <string.h>

static bool runs(const char *host, const char *want)
{
    const struct known_provider *got = known_provider_of_host(span_z(host));
    return want ? got && !strcmp(got->name, want) : !got;
}

Test(known, hosts)
{
    cr_expect(runs("google.com", "google"));
    cr_expect(runs("aspmx.l.google.com", "google"));
    cr_expect(runs("ASPMX.L.GOOGLE.COM.", "google"));
    cr_expect(runs("example-net.mail.protection.outlook.com", "microsoft"));
    cr_expect(runs("mx.yahoo.co.jp", "yahoo-japan"));
    cr_expect(runs("mx-aol.mail.gm0.yahoodns.net", "yahoo"));
}

Test(known, the_longest_domain_decides)
{
    cr_expect(runs("route1.mx.cloudflare.net", "cloudflare"));
    cr_expect(runs("cloudflare.net", NULL));
}

Test(known, names_that_only_end_alike)
{
    cr_expect(runs("notgoogle.com", NULL));
    cr_expect(runs("mx.google.com.example.net", NULL));
    cr_expect(runs("com", NULL));
    cr_expect(runs("", NULL));
    cr_expect(runs(".", NULL));
    cr_expect(runs("...", NULL));
    cr_expect(runs(".google.com", "google"));
}
