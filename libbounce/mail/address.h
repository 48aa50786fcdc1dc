/* SPDX-License-Identifier: MIT */
/*
 * address.h - the forms in which reports write addresses (RFC 5321 4.1.2,
 * RFC 3461 4.2, RFC 6533 3, Notes names), and those in which
 * senders hide a recipient in an envelope address (VERP, SRS, BATV).
 */
#ifndef BOUNCE_MAIL_ADDRESS_H
#define BOUNCE_MAIL_ADDRESS_H

#include "base/arena.h"

struct address {
    const char *type;    /* lower case: "rfc822", "utf-8", "x400", "unknown" …; NULL if none was stated */
    const char *address; /* without brackets, comments, display name; NULL if there is none */
};

/* The value of an RFC 3464 address field ("rfc822; <User@Example.net> (x)"):
 * type split off, xtext undone where ORCPT wrote it (RFC 3461: +XX; only if
 * the result stays a sane address), \x{HEX} of utf-8 addresses undone
 * (RFC 6533), angle brackets, comments, a trailing dot, display names and
 * mailto: removed. An address without '@' is kept (a local name). value is
 * decoded UTF-8. False if nothing is left. */
bool address_from_field(struct arena *a, struct span value, struct address *out);

/* Finds the next thing that looks like an internet address in a line of free
 * text, at or after *pos; *pos moves behind it. Understands <...>, quoted
 * local parts, UTF-8 local parts and IDN domains, address literals, and
 * ignores what is no recipient: message ids in "Message-ID: <…>" or
 * "id <…>", URLs, "user@host" inside http://. Strips trailing punctuation
 * (. , ; : ) ' ") and mailto:. */
struct found_address {
    struct span address; /* inside the line, without brackets */
    size_t start, end;   /* including brackets */
    bool bracketed;      /* stood in <…> */
};
bool address_next(struct span line, size_t *pos, struct found_address *out);

/* True if s is one plausible internet address: exactly local@domain, where the
 * domain has letters, digits, hyphens, dots or UTF-8, or is a literal. */
bool address_is_plausible(struct span s);

/* Equal as mailboxes: domain without case and trailing dot, local part without
 * quotes and without (ASCII) case. */
bool address_equal(const char *a, const char *b);
/* The same bytes for all addresses that are equal as mailboxes, and for no others. */
struct span address_key(struct arena *a, struct span s);

/* True for mailer-daemon, postmaster, mailerdaemon, double-bounce, no-reply …
 * at any domain: a name under which servers speak, not a failed recipient. */
bool address_is_system(struct span s);

/* Notes name ("CN=Joe/O=Org@DOM", "Joe User/Org@DOM"): true if s looks like one. */
bool address_is_notes(struct span s);

/* The recipient that hides in an envelope address: Mailman and qmail VERP
 * (list-bounces+user=example.net@, list-return-12-user=example.net@), SES and
 * others (bounce-user=example.net@), Sympa (==a==), PRVS (BATV), SRS0/SRS1
 * (gives the original *sender*: so only unwrapped, not taken as recipient).
 * pattern: the caller's own (bounce_options_set_verp), tried first; may be
 * NULL. NULL if there is none. */
char *address_from_verp(struct arena *a, struct span envelope, const char *pattern);
/* Undoes what a sender wrapped around its own address: BATV (prvs=, btv1==,
 * msprvs1=) and SRS0, SRS1, "+SRS=". The plain address, which is the same as
 * envelope (without brackets) if nothing is wrapped; NULL if it has no '@'. */
char *address_unwrap(struct arena *a, struct span envelope);
/* bounce_options_set_verp's check of a pattern. */
bool address_verp_pattern_ok(const char *pattern);

#endif
