/* SPDX-License-Identifier: MIT */
/* scope.h - the facts about a text that the scopes of rules are compared with. */
#ifndef BOUNCE_MATCH_SCOPE_H
#define BOUNCE_MATCH_SCOPE_H

#include "match/tables.h"
#include "smtp/reply.h"

/* Where a text comes from, the most trusted first. */
enum text_origin {
    ORIGIN_REPLY = 0,      /* the innermost reply of the receiving server */
    ORIGIN_DIAGNOSTIC = 1, /* a whole Diagnostic-Code */
    ORIGIN_TRANSCRIPT = 2, /* the line of a transcript that names the recipient */
    ORIGIN_BESIDE = 3,     /* prose next to the address */
    ORIGIN_PROSE = 4       /* other prose of the report */
};
/* The word for an origin in `scope origin` and in --explain; NULL for numbers above the last one. */
const char *text_origin_name(size_t origin);

/* Strings are in lower case; NULL or 0 where a fact is not known. */
struct match_scope {
    const char *hosts[3];
    const char *software, *lang;
    bounce_command command;
    int code;
    struct enhanced status; /* class_ 0: not known */
    enum text_origin origin;
};

/* True if a scope of the layer admits these facts. */
bool scope_holds(const struct layer *layer, const struct scope *scope, const struct match_scope *facts);

#endif
