/* SPDX-License-Identifier: MIT */
/* embed_known.h - the C code of the tables of block lists and providers. */
#ifndef BOUNCE_RULES_EMBED_KNOWN_H
#define BOUNCE_RULES_EMBED_KNOWN_H

#include <stdbool.h>

/* Writes `const struct known bounce_known` to output. False, and a message on standard error, if a file cannot be read
 * or has a line that is wrong. */
bool embed_known(const char *output, const char *blocklists, const char *providers);

#endif
