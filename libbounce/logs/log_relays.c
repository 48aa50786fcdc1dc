/* SPDX-License-Identifier: MIT */
/*
 * log_relays.c - servers that mail is handed over to, not delivered to.
 *
 * In: the name and the IP address of a server. Out: whether it is loopback, private (RFC 1918, RFC 4193, link-local)
 * or one of those that the caller named. Refused: a text that is no host name, address or network.
 */
#include "logs/log_follow.h"

#include <arpa/inet.h>
#include <glib.h>

struct network {
    int family;
    unsigned bits;
    unsigned char bytes[16];
};

struct log_relays {
    GPtrArray *names; /* char * */
    GArray *networks; /* struct network */
};

static const char *const private_networks[] = {"127.0.0.0/8",    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                               "169.254.0.0/16", "::1/128",    "fc00::/7",      "fe80::/10"};

/* Bytes of an IP address; 0 if it is none. */
static size_t read_address(const char *text, struct network *to)
{
    if (inet_pton(AF_INET, text, to->bytes) == 1) {
        to->family = AF_INET;
        return 4;
    }
    to->family = AF_INET6;
    return inet_pton(AF_INET6, text, to->bytes) == 1 ? 16 : 0;
}

static bool read_network(const char *text, struct network *to)
{
    char address[INET6_ADDRSTRLEN + 1];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    unsigned most = (unsigned)read_address(address, to) * 8;
    to->bits = most;
    if (slash) {
        char *end;
        unsigned long bits = strtoul(slash + 1, &end, 10);
        if (!ascii_is_digit(slash[1]) || *end || bits > most)
            return false;
        to->bits = (unsigned)bits;
    }
    return most > 0;
}

struct log_relays *log_relays_new(void)
{
    struct log_relays *relays = g_new0(struct log_relays, 1);
    relays->names = g_ptr_array_new_with_free_func(g_free);
    relays->networks = g_array_new(FALSE, TRUE, sizeof(struct network));
    for (size_t i = 0; i < COUNT(private_networks); i++)
        log_relays_add(relays, private_networks[i]);
    return relays;
}

void log_relays_free(struct log_relays *relays)
{
    if (!relays)
        return;
    g_ptr_array_free(relays->names, TRUE);
    g_array_free(relays->networks, TRUE);
    g_free(relays);
}

bool log_relays_add(struct log_relays *relays, const char *text)
{
    struct network network = {.family = 0};
    if (read_network(text, &network)) {
        g_array_append_val(relays->networks, network);
        return true;
    }
    for (const char *c = text; *c; c++)
        if (!ascii_is_alnum(*c) && *c != '-' && *c != '.' && *c != '_')
            return false;
    if (!*text)
        return false;
    g_ptr_array_add(relays->names, g_strdup(text));
    return true;
}

static bool is_inside(const struct network *n, const struct network *address)
{
    if (n->family != address->family || memcmp(n->bytes, address->bytes, n->bits / 8) != 0)
        return false;
    unsigned rest = n->bits % 8, at = n->bits / 8;
    return !rest || !((n->bytes[at] ^ address->bytes[at]) >> (8 - rest));
}

bool log_relays_have(const struct log_relays *relays, struct span name, struct span address)
{
    char text[INET6_ADDRSTRLEN + 1];
    struct network from = {.family = 0};
    for (guint i = 0; i < relays->names->len && name.n; i++)
        if (span_equal_nocase(name, g_ptr_array_index(relays->names, i)))
            return true;
    if (span_equal_nocase(name, "localhost"))
        return true;
    if (!address.n || address.n >= sizeof text)
        return false;
    memcpy(text, address.s, address.n);
    text[address.n] = '\0';
    if (!read_address(text, &from))
        return false;
    for (guint i = 0; i < relays->networks->len; i++)
        if (is_inside(&g_array_index(relays->networks, struct network, i), &from))
            return true;
    return false;
}
