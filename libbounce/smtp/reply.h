/* SPDX-License-Identifier: MIT */
/*
 * reply.h - the grammar of SMTP replies as reports quote them (RFC 5321 4.2,
 * RFC 2034): reply code, enhanced code, several lines, codes glued to text,
 * a reply quoted inside a reply, and the command that it answers.
 */
#ifndef BOUNCE_SMTP_REPLY_H
#define BOUNCE_SMTP_REPLY_H

#include "base/arena.h"
#include "bounce.h"

struct enhanced {
    uint16_t class_, subject, detail; /* class_ 2, 4 or 5; 0: no code */
};

struct reply {
    int code;                     /* 0: none stated */
    struct enhanced status;       /* of the reply itself */
    struct enhanced inner_status; /* what reply_status() says of `inner` alone */
    struct span text;             /* from the code on, inside the text given */
    struct span inner;            /* the innermost quoted reply; == text if there is none */
    const char *host;             /* the server that said the innermost one, or NULL; in arena */
    bounce_command command;       /* the command it answers, or NONE */
    bool from_remote;             /* there is a code, and the wording says that a remote server replied */
    bool has_lines;               /* false: reply_join_lines() gives the text as it is */
};

/* Reads the reply (or none: code 0) in one text such as a Diagnostic-Code. */
void reply_read(struct arena *a, struct span text, struct reply *out);
/* Of command, host and from_remote these parts alone; codes always. */
enum reply_part { REPLY_COMMAND = 1, REPLY_HOST = 2, REPLY_REMOTE = 4 };
void reply_read_parts(struct arena *a, struct span text, unsigned parts, struct reply *out);
/* The same in two steps: what its codes tell, then those parts. */
void reply_read_codes(struct arena *a, struct span text, struct reply *out);
void reply_read_around(struct arena *a, struct span text, unsigned parts, struct reply *reply);
/* Its status alone, which costs less. */
struct enhanced reply_status(struct arena *a, struct span text);

/* A reply of several lines as one text: the code that each further line
 * repeats ("550-5.1.1 ") is left out, so that words over a line's end stand
 * together. May return its argument. */
struct span reply_join_lines(struct arena *a, struct span text);

bool enhanced_parse(struct span s, struct enhanced *out, size_t *used); /* "5.1.1" at the start of s */
/* X.0.0: says only success, transient or permanent. */
bool enhanced_is_generic(struct enhanced e);
char *enhanced_format(struct arena *a, struct enhanced e);

#endif
