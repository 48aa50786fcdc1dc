/* SPDX-License-Identifier: MIT */
/* ip.h - IP addresses and networks, and which of them are private. */
#ifndef BOUNCE_MAIL_IP_H
#define BOUNCE_MAIL_IP_H

#include <stdbool.h>

struct ip_network {
    int family;    /* AF_INET, AF_INET6 */
    unsigned bits; /* the length of the prefix: all bits in an address */
    unsigned char bytes[16];
};

/* "192.0.2.1", "2001:db8::25", "::ffff:192.0.2.1", which is IPv4. False for anything else. */
bool ip_read(const char *text, struct ip_network *address);
/* An address, or one followed by "/24". */
bool ip_read_network(const char *text, struct ip_network *network);
bool ip_is_inside(const struct ip_network *network, const struct ip_network *address);
/* Loopback, link-local, private (RFC 1918, RFC 4193), shared (RFC 6598) or unspecified: no host on the Internet. */
bool ip_is_private(const struct ip_network *address);

#endif
