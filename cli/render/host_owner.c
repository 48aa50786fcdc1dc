/* SPDX-License-Identifier: MIT */
/*
 * host_owner.c - the owner of a mail server, by its name.
 *
 * In: a recipient and an address. Out: the domain that a registry would have sold, guessed from the lengths of its
 * parts. Nothing is refused.
 */
#include "render/host_owner.h"

#include <string.h>

const char *host_owner(const bounce_recipient *r, const char *address)
{
    const char *host = bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA);
    const char *at = address ? strrchr(address, '@') : NULL;
    if (!host || strspn(host, "0123456789.:[]") == strlen(host))
        host = at ? at + 1 : "-";
    const char *dots[3] = {NULL};
    size_t n = strlen(host);
    for (const char *s = host + n; s-- > host;)
        if (*s == '.' && !dots[2])
            dots[!dots[0] ? 0 : !dots[1] ? 1 : 2] = s;
    bool is_short = dots[0] && dots[1] && strlen(dots[0]) == 3 && dots[0] - dots[1] <= 4;
    const char *dot = is_short ? dots[2] : dots[1];
    return dot ? dot + 1 : host;
}
