/* SPDX-License-Identifier: MIT */
/* html_entities.h - named characters of HTML. */
#ifndef BOUNCE_HTML_ENTITIES_H
#define BOUNCE_HTML_ENTITIES_H

#include "arena.h"

/* The character of "eacute", or 0. */
uint32_t html_entity(struct span name);

#endif
