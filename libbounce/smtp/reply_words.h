/* SPDX-License-Identifier: MIT */
/* reply_words.h - the words that reply.c searches for. Private to it. */
#ifndef BOUNCE_SMTP_REPLY_WORDS_H
#define BOUNCE_SMTP_REPLY_WORDS_H

#include "base/literals.h"
#include "bounce.h"

enum reply_word_use {
    REPLY_WORD_LEAD = 1,    /* introduces the command that a reply answers */
    REPLY_WORD_COMMAND = 2, /* names such a command */
    REPLY_WORD_REMOTE = 4,  /* says that a remote server replied */
    REPLY_WORD_QUOTES = 8   /* between two codes, says that the second is another server's */
};

struct reply_word {
    const char *text;       /* ASCII in lower case */
    unsigned uses;          /* of enum reply_word_use */
    bounce_command command; /* of REPLY_WORD_COMMAND */
};

enum { REPLY_WORDS_MAX = 128, REPLY_WORD_BRACKET = 5 /* "[", the only word of one byte */ };
/* In the order in which they are tried. */
extern const struct reply_word reply_words[];
extern const size_t reply_word_count;
/* An index of those of at least 2 bytes, built by embed_rules; owners are indexes in reply_words. */
extern const struct literals reply_word_literals;
/* False if the text certainly has no word of REPLY_WORD_LEAD: costs much less than a search
 * for all words. */
bool reply_words_may_lead(struct span text);

#endif
