/* SPDX-License-Identifier: MIT */
/* parser.h - the context of a reply, as the caller knows it. */
#ifndef BOUNCE_PARSER_H
#define BOUNCE_PARSER_H

#include "bounce.h"

struct bounce_context {
    bounce_command command;
    char *host, *recipient; /* g_free */
};

#endif
