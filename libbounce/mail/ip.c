/* SPDX-License-Identifier: MIT */
/*
 * ip.c - see ip.h.
 *
 * In: texts. Out: addresses and networks as bytes. Refused: what inet_pton() refuses, and networks with more bits than
 * their address has.
 */
#include "mail/ip.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

static bool read_bytes(const char *text, struct ip_network *address)
{
    const bool v4 = inet_pton(AF_INET, text, address->bytes) == 1;
    address->family = v4 ? AF_INET : AF_INET6;
    address->bits = v4 ? 32 : 128;
    return v4 || inet_pton(AF_INET6, text, address->bytes) == 1;
}

/* An IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) is the IPv4 address. */
static void unmap(struct ip_network *network)
{
    static const unsigned char prefix[12] = {[10] = 0xff, [11] = 0xff};
    if (network->family != AF_INET6 || network->bits < sizeof prefix * 8 ||
        memcmp(network->bytes, prefix, sizeof prefix) != 0)
        return;
    memcpy(network->bytes, network->bytes + sizeof prefix, 4);
    network->family = AF_INET;
    network->bits -= (unsigned)sizeof prefix * 8;
}

bool ip_read(const char *text, struct ip_network *address)
{
    if (!read_bytes(text, address))
        return false;
    unmap(address);
    return true;
}

bool ip_read_network(const char *text, struct ip_network *network)
{
    char address[INET6_ADDRSTRLEN + 1], *end;
    const char *slash = strchr(text, '/');
    const size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    if (!read_bytes(address, network))
        return false;
    if (slash) {
        const unsigned long bits = strtoul(slash + 1, &end, 10);
        if (!ascii_is_digit(slash[1]) || *end || bits > network->bits)
            return false;
        network->bits = (unsigned)bits;
    }
    unmap(network);
    return true;
}

bool ip_is_inside(const struct ip_network *network, const struct ip_network *address)
{
    if (network->family != address->family || memcmp(network->bytes, address->bytes, network->bits / 8) != 0)
        return false;
    const unsigned rest = network->bits % 8, at = network->bits / 8;
    return !rest || !((network->bytes[at] ^ address->bytes[at]) >> (8 - rest));
}

bool ip_is_private(const struct ip_network *address)
{
    static const struct ip_network networks[] = {
        {AF_INET, 8, {0}},         {AF_INET, 8, {10}},          {AF_INET, 10, {100, 64}},  {AF_INET, 8, {127}},
        {AF_INET, 16, {169, 254}}, {AF_INET, 12, {172, 16}},    {AF_INET, 16, {192, 168}}, {AF_INET6, 120, {0}},
        {AF_INET6, 7, {0xfc}},     {AF_INET6, 10, {0xfe, 0x80}}};
    for (size_t i = 0; i < COUNT(networks); i++)
        if (ip_is_inside(&networks[i], address))
            return true;
    return false;
}
