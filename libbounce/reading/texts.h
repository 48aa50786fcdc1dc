/* SPDX-License-Identifier: MIT */
/*
 * texts.h - the texts of one report, each of them once: two findings that quote
 * the same words share one text, and with it the parsed reply.
 */
#ifndef BOUNCE_READING_TEXTS_H
#define BOUNCE_READING_TEXTS_H

#include "base/arena.h"
#include "smtp/reply.h"

struct reading;

struct read_text {
    uint32_t id;   /* from 1, in the order in which they were met */
    bool is_read;  /* the codes of reply are filled in; */
    bool is_whole; /* ... and everything else in it */
    bool command_looked_up;
    bounce_command command; /* that the dialect's phrases name in it */
    struct span raw;        /* trimmed */
    struct reply reply;
    /* Copies in the report's arena, made when first needed: */
    const char *shown, *shown_from; /* one line of it, from that byte on */
    const char *host;               /* of its reply */
};

/* The text with these words, without white space around them. Lives in scratch,
 * as long as the reading; the words must, too. */
struct read_text *texts_intern(struct reading *rd, struct span words);
/* A text of its own, whatever others say. */
struct read_text *texts_add(struct reading *rd, struct span words);
/* What the codes of its reply say, parsed when first needed; for a text in which
 * nothing can be a failure's code, only the text is set. */
const struct reply *texts_codes(struct reading *rd, struct read_text *t);
/* The same for words that need not become a text: a line that is only looked at. */
struct reply texts_codes_of(struct reading *rd, struct span words);
/* Its whole reply: host, command and who said it, too, and without that shortcut. */
const struct reply *texts_reply(struct reading *rd, struct read_text *t);

/* True if a reply says more than that all went well. */
bool reply_is_useful(const struct reply *reply);
/* False if nothing in the text could make its reply a useful one. */
bool reply_may_be_useful(struct span text);

#endif
