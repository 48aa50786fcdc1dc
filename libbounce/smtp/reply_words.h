/* SPDX-License-Identifier: MIT */
/* reply_words.h - the words that reply.c looks for. Private to it. */
#ifndef BOUNCE_SMTP_REPLY_WORDS_H
#define BOUNCE_SMTP_REPLY_WORDS_H

#include "base/literals.h"
#include "bounce.h"

enum reply_word_use {
    REPLY_WORD_LEAD = 1,    /* the command that a reply answers is named behind it */
    REPLY_WORD_COMMAND = 2, /* names such a command */
    REPLY_WORD_REMOTE = 4,  /* a remote server is said to have replied */
    REPLY_WORD_QUOTES = 8   /* between two codes: the second is another server's */
};

struct reply_word {
    const char *text;       /* ASCII in lower case */
    unsigned uses;          /* of enum reply_word_use */
    bounce_command command; /* of REPLY_WORD_COMMAND */
};

enum { REPLY_WORDS_MAX = 128, REPLY_WORD_BRACKET = 5 /* "[", the only word of one byte */ };
/* In the order in which they are asked. */
extern const struct reply_word reply_words[];
extern const size_t reply_word_count;
/* An index of those of at least 2 bytes, made by embed_rules; owners are places in reply_words. */
extern const struct literals reply_word_literals;
/* False if no word of REPLY_WORD_LEAD stands in the text. True is not sure: it
 * costs much less than to look for all words. */
bool reply_words_may_lead(struct span text);

#endif
