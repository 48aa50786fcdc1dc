/* SPDX-License-Identifier: MIT */
/* embed_literals.h - the C code of an index of literals. */
#ifndef BOUNCE_RULES_EMBED_LITERALS_H
#define BOUNCE_RULES_EMBED_LITERALS_H

#include <stdio.h>

struct literals; /* base/literals.h */

/* `const struct literals NAME` and its tables. linkage: "static " or "". */
void put_literals(FILE *out, const struct literals *l, const char *name, const char *linkage);

#endif
