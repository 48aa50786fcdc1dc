/* SPDX-License-Identifier: MIT */
/* echo.h - addresses that servers echo: their owner shows whom the text is about. */
#ifndef BOUNCE_VERDICT_ECHO_H
#define BOUNCE_VERDICT_ECHO_H

#include "base/span.h"

/* The address that the byte at i is part of, without quotes around it; empty if there is none. */
struct span echo_address_around(struct span text, size_t i);

#endif
