/* SPDX-License-Identifier: MIT */
/* host_owner.h - the owner of a mail server, by its name. */
#ifndef CLI_RENDER_HOST_OWNER_H
#define CLI_RENDER_HOST_OWNER_H

#include "bounce.h"

/* The last two labels of the host that refused, or three of "mx.example.co.uk": close enough. If no host name is known,
 * the domain of address; "-" if address is NULL or has none. The result is part of a string of the recipient, or of
 * address. */
const char *host_owner(const bounce_recipient *r, const char *address);

#endif
