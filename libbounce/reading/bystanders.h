/* SPDX-License-Identifier: MIT */
/*
 * bystanders.h - addresses that a report names besides its recipients: whoever
 * wrote it, whoever gets it, mail systems, and those to turn to for help.
 */
#ifndef BOUNCE_READING_BYSTANDERS_H
#define BOUNCE_READING_BYSTANDERS_H

#include "reading/mentions.h"
#include "reading/reading.h"

/* What an address is known as; several may be true. */
enum role {
    ROLE_WRITER = 1,    /* the report's From */
    ROLE_ADDRESSEE = 2, /* its To; whoever wrote the returned message */
    ROLE_PATH = 4,      /* its Return-Path */
    ROLE_SYSTEM = 8,    /* mailer-daemon and the like */
    ROLE_CONTACT = 16,  /* a sentence names it as somebody to turn to */
    ROLE_RECIPIENT = 32 /* fields or the writer's own list name it */
};

struct bystanders {
    struct reading *rd;
    unsigned char *roles;    /* by mention id */
    const char *original_to; /* of the returned message */
    size_t masked_line;      /* the line that masked holds; SIZE_MAX: none */
    struct span masked;
};

void bystanders_find(struct bystanders *b, struct reading *rd);
/* The roles of an address that rule it out as a recipient in line i; 0: none. A report may be
 * about its addressee or a mail system: the message went there, or a reply that refuses follows. */
unsigned bystander_roles(struct bystanders *b, const struct mention *m, size_t i);
/* "could not be delivered to: ann@example.org, joe@example.net": an address listed with another, which is not a
 * bystander's, is what that one is. */
bool bystanders_list_others(struct bystanders *b, const struct mention *m);
/* Whether the returned message was sent to this address. */
bool bystanders_in_original_to(const struct bystanders *b, struct span address);
/* Whether a word of the list is in line i before byte `end`, outside addresses and hosts. */
bool bystanders_has_word(struct bystanders *b, enum word_list list, size_t i, size_t end);
/* Line i with every letter of an address or host as 'x': a recipient called contact@ is not somebody to contact. */
struct span bystanders_masked(struct bystanders *b, size_t i);

#endif
