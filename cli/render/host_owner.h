/* SPDX-License-Identifier: MIT */
/* host_owner.h - whose a mail server is, by its name. */
#ifndef CLI_RENDER_HOST_OWNER_H
#define CLI_RENDER_HOST_OWNER_H

#include "bounce.h"

/* The last two names of the host that refused, three of "mx.example.co.uk": near enough. Without a host that has a
 * name, the domain of the address, which may be NULL; "-" without that. Part of a string of the recipient or of
 * address. */
const char *host_owner(const bounce_recipient *r, const char *address);

#endif
