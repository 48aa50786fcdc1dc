/* SPDX-License-Identifier: MIT */
/*
 * role.h - whom words are about: "user unknown" is about the recipient, or about
 * the sender, whose address, account or login a server refused.
 *
 * A role belongs to a clause, which extends to the end of a sentence or to words
 * that quote somebody ("host mx.example.net said:"). A clause takes its role from
 * words about logging in, else from the nearest address or role word before the
 * place, else from an address after it, else from the clause that quotes it.
 * What follows "whether", "if" and the like, up to a comma, is about nobody.
 */
#ifndef BOUNCE_VERDICT_ROLE_H
#define BOUNCE_VERDICT_ROLE_H

#include "match/word_lists.h"

enum role_sign {
    ROLE_BY_NOTHING = 0, /* no sign: the recipient */
    ROLE_BY_CODE,        /* the command AUTH, or one of its codes: always the sender */
    ROLE_BY_STATUS,      /* X.1.7, X.1.8: the address of the sender, if no words decide */
    ROLE_BY_COMMAND,     /* the reply to MAIL, before a recipient was named */
    ROLE_BY_LOGIN,       /* words about logging in: always the sender */
    ROLE_BY_ADDRESS,
    ROLE_BY_WORD,
    ROLE_SUPPOSED /* "check whether the user is unknown": about nobody */
};

struct role {
    bool of_sender;
    enum role_sign sign;
    bool quotes;      /* the sign is in a clause that quotes the words */
    struct span text; /* the sign, in the text; n 0: none */
};

/* Who is known. Empty spans: nobody. */
struct role_people {
    const struct word_lists *words;
    struct span recipients[2]; /* addresses of the recipient */
    struct span senders[4];    /* texts that name the sender, such as header fields */
};

/* The role of the words from start to end of a text, folded (text/normal.h). */
struct role role_of_words(const struct role_people *people, struct span text, size_t start, size_t end);
/* That of a code at the start of a text: the first sign after it counts. */
struct role role_of_code(const struct role_people *people, struct span text);
/* That of what follows a text that ends by quoting somebody. */
struct role role_of_quoted(const struct role_people *people, struct span text);
/* Whether the text names the only address in `front`. */
bool role_names_same(struct span front, struct span text);

#endif
