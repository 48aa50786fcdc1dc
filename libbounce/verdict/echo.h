/* SPDX-License-Identifier: MIT */
/*
 * echo.h - words that somebody chose as an address or another name: servers echo them, and they
 * say nothing. "<user.unknown@example.net>: rejected as spam" is about spam.
 */
#ifndef BOUNCE_VERDICT_ECHO_H
#define BOUNCE_VERDICT_ECHO_H

#include "base/arena.h"
#include "base/span.h"
#include "text/normal.h"

/* The address of which the byte at i is part, without quotes around it; empty if there is none. */
struct span echo_address_around(struct span text, size_t i);
/* True if all of [start, start + length) is inside an address of the text, or part of
 * another name with a dot: "account-disabled.zip". */
bool echo_is_in_name(const struct norm_text *t, size_t start, size_t length);
/* The same text with an x for each letter and digit of a name: lengths and
 * offsets stay. In a. */
struct norm_text echo_mask(struct arena *a, const struct norm_text *t);

#endif
