/* SPDX-License-Identifier: MIT */
/*
 * log_relays.c - servers to which mail is relayed, not delivered.
 *
 * In: the name and the IP address of a server. Out: whether it is loopback, private (mail/ip.h) or named by the caller.
 * Refused: a text that is not a host name, address or network.
 */
#include "logs/log_follow.h"

#include <arpa/inet.h>
#include <glib.h>

#include "mail/ip.h"

struct log_relays {
    GPtrArray *names; /* char * */
    GArray *networks; /* struct ip_network */
};

struct log_relays *log_relays_new(void)
{
    struct log_relays *relays = g_new0(struct log_relays, 1);
    relays->names = g_ptr_array_new_with_free_func(g_free);
    relays->networks = g_array_new(FALSE, TRUE, sizeof(struct ip_network));
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
    struct ip_network network = {.family = 0};
    if (ip_read_network(text, &network)) {
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

bool log_relays_have(const struct log_relays *relays, struct span name, struct span address)
{
    char text[INET6_ADDRSTRLEN + 1];
    struct ip_network from = {.family = 0};
    for (guint i = 0; i < relays->names->len && name.n; i++)
        if (span_equal_nocase(name, g_ptr_array_index(relays->names, i)))
            return true;
    if (span_equal_nocase(name, "localhost"))
        return true;
    if (!address.n || address.n >= sizeof text)
        return false;
    memcpy(text, address.s, address.n);
    text[address.n] = '\0';
    if (!ip_read(text, &from))
        return false;
    if (ip_is_private(&from))
        return true;
    for (guint i = 0; i < relays->networks->len; i++)
        if (ip_is_inside(&g_array_index(relays->networks, struct ip_network, i), &from))
            return true;
    return false;
}
