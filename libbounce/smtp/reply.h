/* SPDX-License-Identifier: MIT */
/*
 * reply.h - the main header of smtp: SMTP replies as reports quote them (RFC 5321
 * 4.2, RFC 2034).
 *
 * In: a text. Out: its reply code and enhanced code, even on several lines or glued
 * to words, the innermost reply that is quoted in another, and the command that it
 * answers. The other headers of the room say what codes mean (enhanced.h, registry.h)
 * and hold the words of the output contract (reasons.h, names.h). smtp uses only base.
 */
#ifndef BOUNCE_SMTP_REPLY_H
#define BOUNCE_SMTP_REPLY_H

#include "bounce.h"
#include "smtp/enhanced.h"

struct reply {
    int code;                     /* 0: none stated */
    struct enhanced status;       /* of the reply itself */
    struct enhanced inner_status; /* what reply_status() says of `inner` alone */
    struct span text;             /* from the code on, inside the text given */
    struct span inner;            /* the innermost quoted reply; == text if there is none */
    const char *host;             /* the server that said the innermost one, or NULL; in arena */
    bounce_command command;       /* the command it answers, or NONE */
    bool from_remote;             /* there is a code, and the wording says that a remote server replied */
    bool has_lines;               /* false: reply_join_lines() returns the text as it is */
    bool cut;                     /* it has more than LIMIT_REPLY_CODES codes; the rest was not read */
};

/* Reads the reply in a text such as a Diagnostic-Code; its code is 0 if there is none. */
void reply_read(struct arena *a, struct span text, struct reply *out);
/* Likewise, but finds only these parts of command, host and from_remote. */
enum reply_part { REPLY_COMMAND = 1, REPLY_HOST = 2, REPLY_REMOTE = 4 };
void reply_read_parts(struct arena *a, struct span text, unsigned parts, struct reply *out);
/* The same in two steps: what its codes say, then those parts. */
void reply_read_codes(struct arena *a, struct span text, struct reply *out);
void reply_read_around(struct arena *a, struct span text, unsigned parts, struct reply *reply);
/* Its status alone, which costs less. */
struct enhanced reply_status(struct arena *a, struct span text);

/* Strips "smtp;" from the start of a Diagnostic-Code; false: it is not there. */
bool reply_strip_type(struct span *text);

/* A reply of several lines as one text, without the code that each further line repeats
 * ("550-5.1.1 "), so that no phrase is interrupted. May return its argument. */
struct span reply_join_lines(struct arena *a, struct span text);

#endif
