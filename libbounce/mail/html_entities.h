/* SPDX-License-Identifier: MIT */
/* html_entities.h - named characters of HTML. */
#ifndef BOUNCE_MAIL_HTML_ENTITIES_H
#define BOUNCE_MAIL_HTML_ENTITIES_H

#include "base/arena.h"

/* The character of "eacute", or 0. */
uint32_t html_entity(struct span name);

#endif
