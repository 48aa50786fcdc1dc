/* SPDX-License-Identifier: MIT */
/* test_domain.c - the organisation of a host name, and the domain of an address. */
#include "mail/domain.h"

#include <criterion/criterion.h>

static const struct {
    const char *name, *want;
} rows[] = {
    {"example.net", "example.net"},
    {"mx1.mail.example.net", "example.net"},
    {"mx1.mail.example.net.", "example.net"},
    {"mx.example.co.uk", "example.co.uk"},
    {"example.co.uk", "example.co.uk"},
    {"co.uk", "co.uk"},
    {"mx.example.de", "example.de"},
    {"mx.web.de", "web.de"},
    {"example.asso.fr", "example.asso.fr"},
    {"localhost", ""},
    {".", ""},
    {"", ""},
    {NULL, ""}, /* no name: no arithmetic on a null pointer */
    {".net", ".net"},
    {"192.0.2.1", ""},
    {"[192.0.2.1]", ""},
};

Test(domain, organisation)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct span got = domain_organisation(span_z(rows[i].name));
        cr_expect(span_same_nocase(got, span_z(rows[i].want)), "%s: %.*s", rows[i].name, (int)got.n, got.s);
    }
}

Test(domain, of_an_address)
{
    static const struct {
        const char *text, *want;
    } addresses[] = {{"a@b.example", "b.example"},
                     {"A <a@b.example>", "b.example"},
                     {"\"x@y\" <a@b.example>, c", "b.example"},
                     {"a@", ""},
                     {"a", ""},
                     {"", ""},
                     {NULL, ""}};
    for (size_t i = 0; i < COUNT(addresses); i++) {
        const struct span got = domain_of_address(span_z(addresses[i].text));
        cr_expect(span_same_nocase(got, span_z(addresses[i].want)), "%s: %.*s", addresses[i].text, (int)got.n, got.s);
    }
}
