/* SPDX-License-Identifier: MIT */
/* test_address.c - address fields, comparing addresses, names of systems and of Notes. */
#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_names.h"

#include <criterion/criterion.h>
#include <string.h>

struct field_row {
    const char *value, *type, *address; /* NULL address: refused */
};

static const struct field_row fields[] = {
    {"rfc822; user@example.net", "rfc822", "user@example.net"},
    {"rfc822;user@example.net", "rfc822", "user@example.net"},
    {"RFC822 ; User@Example.NET", "rfc822", "User@Example.NET"},
    {"rfc822; <user@x.example>", "rfc822", "user@x.example"},
    {"rfc822;user@x.example (comment)", "rfc822", "user@x.example"},
    {"rfc822; (smile :-\\() user@x.example (so \\) (\\\\))", "rfc822", "user@x.example"},
    {"(a comment) (another) rfc822 ; user@x.example", "rfc822", "user@x.example"},
    {"rfc822; user@x.example (no end", "rfc822", "user@x.example"},
    {"rfc822; (a (nested \\) one)) user@x.example", "rfc822", "user@x.example"},
    {"rfc822;user@x.example (not closed", "rfc822", "user@x.example"},
    {"RFC822; \"quoted local\"@x.example", "rfc822", "\"quoted local\"@x.example"},
    {"rfc822; \"a(b)<c>\\\"d\"@x.example", "rfc822", "\"a(b)<c>\\\"d\"@x.example"},
    {"rfc822; \"not closed@x.example", "rfc822", "closed@x.example"},
    {"rfc822;\r\n user@example.net\r\n", "rfc822", "user@example.net"},
    {"rfc822; rfc822;user@example.net", "rfc822", "user@example.net"},
    {"rfc822; user@x.example.", "rfc822", "user@x.example"},
    {"rfc822; <user@x.example>.", "rfc822", "user@x.example"},
    {"rfc822; user@x.example;", "rfc822", "user@x.example"},
    {"rfc822; joe@example.net@relay.example", "rfc822", "joe@example.net@relay.example"},
    {"rfc822; joe%example.net@relay.example", "rfc822", "joe%example.net@relay.example"},
    {"rfc822; @a.example,@b.example:user@c.example", "rfc822", "user@c.example"},
    {"rfc822; <@a.example:user@c.example>", "rfc822", "user@c.example"},
    {"Joe User <joe@x.example>", NULL, "joe@x.example"},
    {"\"joe@example.net\" <mary@example.org>", NULL, "mary@example.org"},
    {"\"<a@b.example>\" <c@d.example>", NULL, "c@d.example"},
    {"<user@x.example>", NULL, "user@x.example"},
    {"user@x.example", NULL, "user@x.example"},
    {"'user@x.example'", NULL, "user@x.example"},
    {"\"user@x.example\"", NULL, "user@x.example"},
    {"rfc822; <user@x.example", "rfc822", "user@x.example"},
    {"rfc822; user@x.example>", "rfc822", "user@x.example"},
    {"smtp:joe@x.example", NULL, "joe@x.example"},
    {"rfc822; SMTP:joe@x.example", "rfc822", "joe@x.example"},
    {"mailto:joe@x.example", NULL, "joe@x.example"},
    {"rfc822; joe@[192.0.2.1]", "rfc822", "joe@[192.0.2.1]"},
    {"rfc822; user@x.example and others", "rfc822", "user@x.example"},
    {"rfc822; user@x.example, other@x.example", "rfc822", "user@x.example"},
    {"rfc822; m\xC3\xBCller@b\xC3\xBC"
     "cher.example",
     "rfc822",
     "m\xC3\xBCller@b\xC3\xBC"
     "cher.example"},
    /* RFC 6533 */
    {"utf-8; jos\\x{E9}@example.net", "utf-8", "jos\xC3\xA9@example.net"},
    {"utf-8; \\x{7528}\\x{6237}@example.net", "utf-8", "\xE7\x94\xA8\xE6\x88\xB7@example.net"},
    {"utf-8; a\\x{10FFFF}@example.net", "utf-8", "a\xF4\x8F\xBF\xBF@example.net"},
    {"utf-8; a\\x{110000}@example.net", "utf-8", "a\\x{110000}@example.net"},
    {"utf-8; a\\x{D800}\\x{0}\\x{}@example.net", "utf-8", "a\\x{D800}\\x{0}\\x{}@example.net"},
    {"utf-8; a\\x{E9", "utf-8", "a\\x{E9"},
    {"UTF-8; jos\xC3\xA9@example.net", "utf-8", "jos\xC3\xA9@example.net"},
    /* not xtext */
    {"rfc822;joe+3D@example.org", "rfc822", "joe+3D@example.org"},
    {"rfc822;a+2Bb+C3+A9@example.org", "rfc822", "a+2Bb+C3+A9@example.org"},
    {"x400;/G+3DJoe/", "x400", "/G+3DJoe/"},
    /* other types, local names */
    {"X400; /G=Joe/S=User/O=Example/C=XX/", "x400", "/G=Joe/S=User/O=Example/C=XX/"},
    {"unknown; joe", "unknown", "joe"},
    {"unknown; Joe User", "unknown", "Joe User"},
    {"system;user", "system", "user"},
    {"dns; mx.example.net (192.0.2.1)", "dns", "mx.example.net"},
    {"x-local;|/usr/bin/filter", "x-local", "|/usr/bin/filter"},
    {"joe", NULL, "joe"},
    {"rfc822;CN=Joe User/O=Example@Example", "rfc822", "CN=Joe User/O=Example@Example"},
    {"rfc822;Joe User/Org@DOM", "rfc822", "Joe User/Org@DOM"},
    {"rfc822; two\r\n lines", "rfc822", "two   lines"},
    /* empty */
    {"<>", NULL, NULL},
    {"system;<>", "system", NULL},
    {"rfc822;", "rfc822", NULL},
    {"rfc822; (comment)", "rfc822", NULL},
    {"rfc822; < >", "rfc822", NULL},
    {"rfc822; \"\"", "rfc822", NULL},
    {"", NULL, NULL},
    {"   ", NULL, NULL},
};

/* Original-Recipient contains the xtext of RFC 3461. */
static const struct field_row orcpts[] = {
    {"rfc822;user+2Btag@example.org", "rfc822", "user+tag@example.org"},
    {"rfc822;a+3Db+2Bc@example.org", "rfc822", "a=b+c@example.org"},
    {"rfc822;+22quoted+20local+22@example.org", "rfc822", "+22quoted+20local+22@example.org"},
    {"rfc822;\"quoted+20local\"@example.org", "rfc822", "\"quoted local\"@example.org"},
    {"rfc822;jos+C3+A9@example.org", "rfc822", "jos\xC3\xA9@example.org"},
    {"rfc822;user+25abc@example.org", "rfc822", "user+25abc@example.org"},
    {"rfc822;user+2btag@example.org", "rfc822", "user+2btag@example.org"},
    {"rfc822;user+41@example.org", "rfc822", "user+41@example.org"},
    {"rfc822;user+20@example.org", "rfc822", "user+20@example.org"},
    {"rfc822;user+E9@example.org", "rfc822", "user+E9@example.org"},
    {"rfc822;user+0A@example.org", "rfc822", "user+0A@example.org"},
    {"rfc822;user+2", "rfc822", "user+2"},
    {"rfc822;user+tag@example.org", "rfc822", "user+tag@example.org"},
    {"x400;/G+3DJoe/S+3DUser/", "x400", "/G=Joe/S=User/"},
    {"rfc822; <user@example.net> (x)", "rfc822", "user@example.net"},
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void expect_fields(const struct field_row *rows, size_t count,
                          bool (*read)(struct arena *, struct span, struct address *))
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < count; i++) {
        struct address got;
        bool ok = read(&a, span_z(rows[i].value), &got);
        cr_expect_eq(ok, rows[i].address != NULL, "\"%s\"", rows[i].value);
        cr_expect(same(got.type, rows[i].type), "\"%s\": type %s", rows[i].value, got.type ? got.type : "NULL");
        cr_expect(same(got.address, rows[i].address), "\"%s\": address %s", rows[i].value,
                  got.address ? got.address : "NULL");
    }
    arena_free(&a);
}

Test(address, reads_fields)
{
    expect_fields(fields, COUNT(fields), address_from_field);
    expect_fields(orcpts, COUNT(orcpts), address_from_orcpt);
}

/* The beginning of a longer address is another address. */
Test(address, too_long_an_address_is_none)
{
    struct arena a;
    arena_init(&a);
    char value[LIMIT_ADDRESS_BYTES + 1];
    struct address got;
    memset(value, 'x', sizeof value);
    cr_expect(address_from_field(&a, span_of(value, LIMIT_ADDRESS_BYTES), &got));
    cr_expect_eq(strlen(got.address), LIMIT_ADDRESS_BYTES);
    cr_expect_not(got.too_long);
    cr_expect_not(address_from_field(&a, span_of(value, LIMIT_ADDRESS_BYTES + 1), &got));
    cr_expect_null(got.address);
    cr_expect(got.too_long);
    memcpy(value, "a@", 2);
    cr_expect(address_is_plausible(span_of(value, LIMIT_ADDRESS_BYTES)));
    cr_expect_not(address_is_plausible(span_of(value, LIMIT_ADDRESS_BYTES + 1)));
    arena_free(&a);
}

static const struct {
    const char *address;
    bool plausible;
} plausible[] = {
    {"user@example.net", true},
    {"user@localhost", true},
    {"u@x", true},
    {"a.b+c=d@example.net", true},
    {"\"a b\"@example.net", true},
    {"user@[192.0.2.1]", true},
    {"user@[IPv6:2001:db8::1]", true},
    {"user@192.0.2.1", true},
    {"用户@例え.example", true},
    {"joe%a.example@b.example", true},
    {"user..x.@example.net", true},
    {"user@ex_ample.net", true},
    {"", false},
    {"@", false},
    {"user@", false},
    {"@example.net", false},
    {"user", false},
    {"a b@example.net", false},
    {"a@b@example.net", false},
    {"user@example..net", false},
    {"user@.example", false},
    {"user@example.net.", false},
    {"user@-example.net", false},
    {"user@example.net>", false},
    {"<user@example.net>", false},
    {"\"a\"b@example.net", false},
    {"user@[192.0.2.1", false},
    {"user@[]", false},
    {"user@exa mple.net", false},
    {"\"@example.net", false},
};

Test(address, knows_what_is_plausible)
{
    for (size_t i = 0; i < COUNT(plausible); i++)
        cr_expect_eq(address_is_plausible(span_z(plausible[i].address)), plausible[i].plausible, "\"%s\"",
                     plausible[i].address);
}

static const struct {
    const char *a, *b;
    bool equal;
} pairs[] = {
    {"User@Example.NET", "user@example.net", true},
    {"user@example.net.", "user@example.net", true},
    {"\"user\"@example.net", "user@example.net", true},
    {"\"us\\er\"@example.net", "user@example.net", true},
    {"\"a b\"@example.net", "\"a  b\"@example.net", false},
    {"user@example.net", "user@example.org", false},
    {"user@example.net", "users@example.net", false},
    {"user@example.net", "user", false},
    {"Joe", "joe", true},
    {"user@", "user", false},
    {"É@example.net", "é@example.net", false},
    {NULL, "user@example.net", false},
    {NULL, NULL, false},
};

Test(address, compares)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        cr_expect_eq(address_equal(pairs[i].a, pairs[i].b), pairs[i].equal, "row %zu", i);
        cr_expect_eq(address_equal(pairs[i].b, pairs[i].a), pairs[i].equal, "row %zu, swapped", i);
    }
}

enum { SYSTEM = 1, NOTES = 2 };
static const struct {
    const char *name;
    int kinds;
} names[] = {
    {"MAILER-DAEMON@example.net", SYSTEM},
    {"<postmaster@example.net>", SYSTEM},
    {"\"Postmaster\"@example.net", SYSTEM},
    {"mailer-daemon", SYSTEM},
    {"double-bounce@example.net", SYSTEM},
    {"no-reply@example.net", SYSTEM},
    {"noreply@example.net", SYSTEM},
    {"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net", SYSTEM},
    {"postmasters@example.net", 0},
    {"user@mailer-daemon.example", 0},
    {"/S=USER/O=EXAMPLE/P=X/A= /C=US/", 0},
    {"/G=Joe/S=User/@gateway.example", 0},
    {"c=us;a= ;p=x;s=user;g=joe", 0},
    {"/o=Example/ou=Site/cn=Recipients/cn=user", 0},
    {"/var/mail/user", 0},
    {"s=user", 0},
    {"a=1;zz=2", 0},
    {"CN=Joe User/O=Org@DOM", NOTES},
    {"CN=Joe User/OU=Sales/O=Org", NOTES},
    {"Joe User/Org@DOM", NOTES},
    {"Joe User/Sales/Org@DOM", NOTES},
    {"Joe User/Org", NOTES},
    {"Joe/Org@DOM", NOTES},
    {"Joe/Org", 0},
    {"and/or", 0},
    {"joe user/org@DOM", 0},
    {"Joe User/Org@example.net", 0},
    {"user/tag@example.net", 0},
    {"Joe User/Org=x@DOM", 0},
    {"Joe (User)/Org@DOM", 0},
    {"Joe User/Org@", 0},
    {"http://example.net/a b", 0},
    {"", 0},
    {"@", 0},
    {"/", 0},
    {";", 0},
};

Test(address, distinguishes_kinds_of_names)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        struct span s = span_z(names[i].name);
        int kinds = address_is_system(s) * SYSTEM + address_is_notes(s) * NOTES;
        cr_expect_eq(kinds, names[i].kinds, "\"%s\": %d", names[i].name, kinds);
    }
}
