/* SPDX-License-Identifier: MIT */
/* html_entities.h - the entities of HTML: characters that have names. */
#ifndef BOUNCE_MAIL_HTML_ENTITIES_H
#define BOUNCE_MAIL_HTML_ENTITIES_H

#include "base/span.h"

#include <stdint.h>

/* The character of a name such as "eacute", or 0. */
uint32_t html_entity(struct span name);

#endif
