/* SPDX-License-Identifier: MIT */
/* test_address_list.c - the addresses of header fields. */
#include "mail/address_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The addresses of a field, one after the other with a space. */
static const char *addresses(const char *field)
{
    static char all[512];
    struct span address;
    size_t n = 0;
    all[0] = '\0';
    for (size_t pos = 0; address_list_next(span_z(field), &pos, &address);)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%.*s", n ? " " : "", (int)address.n, address.s);
    return all;
}

#define IS(field, want) cr_expect_str_eq(addresses(field), want, "%s gives %s", field, addresses(field))

Test(address_list, gives_one_address_a_mailbox)
{
    IS("joe@example.net", "joe@example.net");
    IS("Joe User <joe@example.net>, ann@example.org", "joe@example.net ann@example.org");
    IS("<joe@example.net>;<ann@example.org>", "joe@example.net ann@example.org");
    IS("<@relay.example,@other.example:joe@example.net>", "joe@example.net");
}

Test(address_list, reads_no_display_name)
{
    IS("\"old@name.example\" <joe@real.example>", "joe@real.example");
    IS("old@name.example <joe@real.example>", "joe@real.example");
    IS("Automated Message <iris@garden.example>", "iris@garden.example");
    IS("\"Doe, Jane\" <jane@example.net>, \"a \\\" b@c.example\" <b@example.net>", "jane@example.net b@example.net");
}

Test(address_list, reads_no_comment)
{
    IS("(was old@name.example) joe@real.example", "joe@real.example");
    IS("joe@real.example (Joe, at old@name.example)", "joe@real.example");
    IS("joe@real.example (nested (old@name.example) comment)", "joe@real.example");
}

Test(address_list, reads_members_of_groups)
{
    IS("Friends: ann@example.org, Joe <joe@example.net>;", "ann@example.org joe@example.net");
    IS("undisclosed-recipients:;", "");
    IS("joe@[IPv6:2001:db8::1]", "joe@[IPv6:2001:db8::1]");
    IS("ann@example.org, Friends: joe@[IPv6:2001:db8::1], <jim@[IPv6:2001:db8::2]>;",
       "ann@example.org joe@[IPv6:2001:db8::1] jim@[IPv6:2001:db8::2]");
    IS("Friends@[no literal: joe@example.net, x@[", "joe@example.net");
}

Test(address_list, tolerates_broken_fields)
{
    IS("", "");
    IS("\"no end joe@example.net", "joe@example.net");
    IS("(no end joe@example.net", "joe@example.net");
    IS("joe@example.net, , ,ann@example.org,", "joe@example.net ann@example.org");
    IS("<joe@example.net", "joe@example.net");
    IS("nobody here", "");
}
