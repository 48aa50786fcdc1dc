/* SPDX-License-Identifier: MIT */
/* address_names.h - addresses that are names of a mail system or of Notes. */
#ifndef BOUNCE_MAIL_ADDRESS_NAMES_H
#define BOUNCE_MAIL_ADDRESS_NAMES_H

#include "base/span.h"

/* True for mailer-daemon, postmaster, double-bounce, no-reply and the like at any
 * domain: names under which servers write, not failed recipients. */
bool address_is_system(struct span s);

/* True if s looks like a Notes name ("CN=Joe/O=Org@DOM", "Joe User/Org@DOM"). */
bool address_is_notes(struct span s);

#endif
