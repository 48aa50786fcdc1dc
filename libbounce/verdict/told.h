/* SPDX-License-Identifier: MIT */
/* told.h - what a reply itself says besides the reason: when to try again, who refuses, and what it refuses. */
#ifndef BOUNCE_VERDICT_TOLD_H
#define BOUNCE_VERDICT_TOLD_H

#include "verdict/texts.h"

/* Sets verdict->told, which stays NULL if nothing is said. To be called once the reason is known. */
void told_find(struct judged *b);

/* A page that a text points to. */
struct told_link {
    struct span url; /* n 0: none */
    size_t start;    /* in the folded text */
};
/* The next link at or after *pos of the folded text; *pos moves past it. */
bool told_next_link(const struct norm_text *t, size_t *pos, struct told_link *link);

/* In how many seconds the folded text says to try again; 0: it does not say. now: when it was said, for a time of day;
 * INT64_MIN: not known. */
uint64_t told_retry(const struct word_lists *words, struct span folded, int64_t now);

/* The last word of a folded text, without marks at its ends; n 0: none. Removes it from *front. */
struct span told_last_word(struct span *front);
struct span told_first_word(struct span *rest);
/* Whether a word of a folded text is one of a list. */
bool told_is_one_of(struct span word, const struct search_word *words);
/* Whether a folded text ends with words of a list, apart from marks at its end; if so, removes them from *front; or
 * whether it starts with them, apart from marks at its start. */
bool told_ends_with(const struct search_word *words, struct span *front);
bool told_starts_with(const struct search_word *words, struct span rest);

/* refused.c: what the server says it refuses, in a refusal that is about the sender or the message. */
void told_refused(struct arena *a, const struct word_lists *words, const struct norm_text *t, bool of_sender,
                  struct told_facts *told);
/* Whether a text has a name with a dot inside, "example.net". */
bool told_has_name(struct span folded);
void told_refused_link(struct arena *a, const struct word_lists *words, const struct norm_text *t,
                       struct told_facts *told);
/* Whether a link is what is refused, not a help page. */
bool told_link_is_refused(const struct word_lists *words, struct span folded, const struct told_link *link);

#endif
