/* SPDX-License-Identifier: MIT */
/* test_ip.c - addresses and networks (mail/ip.c). */
#include "mail/ip.h"

#include <criterion/criterion.h>

static bool inside(const char *network, const char *address)
{
    struct ip_network n, a;
    cr_assert(ip_read_network(network, &n), "%s", network);
    cr_assert(ip_read(address, &a), "%s", address);
    return ip_is_inside(&n, &a);
}

Test(ip, networks)
{
    cr_expect(inside("192.0.2.0/24", "192.0.2.255"));
    cr_expect_not(inside("192.0.2.0/24", "192.0.3.0"));
    cr_expect(inside("192.0.2.7", "192.0.2.7"));
    cr_expect(inside("0.0.0.0/0", "198.51.100.1"));
    cr_expect_not(inside("0.0.0.0/0", "2001:db8::25"));
    cr_expect(inside("2001:db8::/33", "2001:db8:7fff::1"));
    cr_expect_not(inside("2001:db8::/33", "2001:db8:8000::1"));
    cr_expect(inside("10.0.0.0/8", "::ffff:10.0.0.5"));
    cr_expect(inside("::ffff:10.0.0.0/104", "10.9.8.7"));
    cr_expect_not(inside("::ffff:10.0.0.0/104", "11.9.8.7"));
    cr_expect(inside("::ffff:0:0/96", "198.51.100.1"));
    cr_expect_not(inside("::/96", "198.51.100.1"));
}

Test(ip, no_networks)
{
    static const char *const texts[] = {"",
                                        "192.0.2",
                                        "192.0.2.0/33",
                                        "192.0.2.0/",
                                        "192.0.2.0/+8",
                                        "::/129",
                                        "mx/24",
                                        "2001:db8:2001:db8:2001:db8:2001:db8:2001:db8:2001:db8/8"};
    struct ip_network n;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_not(ip_read_network(texts[i], &n), "%s", texts[i]);
}

Test(ip, private_ones)
{
    static const char *const is[] = {
        "10.1.2.3", "127.0.0.1", "172.31.0.1", "192.168.0.1", "169.254.1.1", "100.127.255.1", "::ffff:10.0.0.1",
        "0.0.0.0",  "::1",       "::",         "fe80::1",     "febf::1",     "fc00::1",       "fdff:ffff:1::25"};
    static const char *const is_not[] = {"11.0.0.1",  "172.32.0.1", "192.169.0.1",  "100.128.0.1",     "100.63.0.1",
                                         "192.0.2.1", "fec0::1",    "2001:db8::25", "::ffff:192.0.2.1"};
    struct ip_network a;
    for (size_t i = 0; i < sizeof is / sizeof *is; i++)
        cr_expect(ip_read(is[i], &a) && ip_is_private(&a), "%s", is[i]);
    for (size_t i = 0; i < sizeof is_not / sizeof *is_not; i++)
        cr_expect(ip_read(is_not[i], &a) && !ip_is_private(&a), "%s", is_not[i]);
}
