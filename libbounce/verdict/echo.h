/* SPDX-License-Identifier: MIT */
/* echo.h - addresses that servers echo: whose they are tells of whom is spoken. */
#ifndef BOUNCE_VERDICT_ECHO_H
#define BOUNCE_VERDICT_ECHO_H

#include "base/span.h"

/* The address of which the byte at i is part, without quotes around it; empty if there is none. */
struct span echo_address_around(struct span text, size_t i);

#endif
