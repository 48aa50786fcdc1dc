/* SPDX-License-Identifier: MIT */
/* text_classes.h - where the members of classes of words are in a text. Private to match/. */
#ifndef BOUNCE_MATCH_TEXT_CLASSES_H
#define BOUNCE_MATCH_TEXT_CLASSES_H

#include "match/tables.h"
#include "text/normal.h"

/* A place of an element of a row. */
struct row_place {
    uint32_t start, end;
    bool begins, ends; /* a whole word can begin, or end, there; or the element need not be one */
};
struct row_places {
    const struct row_place *items; /* by start; of the same start the longest first; no place twice */
    size_t count;
};

/* Something that a gap inside one sentence must not contain. */
struct row_barrier {
    uint32_t start, end;
};
struct row_barriers {
    const struct row_barrier *items; /* by end */
    size_t count;
};

/* How the words of a text begin. */
struct text_heads {
    const uint64_t *slots; /* one bit for each slot that a word has */
    size_t count;
    struct text_head {
        uint32_t at;
        uint32_t key; /* word_head_key() */
    } items[];        /* the words with a head that is in the table, in order */
};

enum { TEXT_CLASSES_BUCKETS = 16 };
/* The places in one text of the classes of one layer, each found when it is first needed. In an arena. */
struct text_classes {
    struct arena *arena;
    const struct layer *layer;
    const struct word_heads *table; /* that of the rows that are searched: of rules, or of dialects */
    const struct norm_text *text;
    struct class_found *found[TEXT_CLASSES_BUCKETS]; /* those that were needed so far, by class index modulo the size */
    const struct text_heads *heads;                  /* NULL: not known yet */
};
static inline struct text_classes text_classes_of(struct arena *a, const struct layer *layer,
                                                  const struct word_heads *table, const struct norm_text *text)
{
    return (struct text_classes){.arena = a, .layer = layer, .table = table, .text = text};
}

/* Finds the heads of the text, for text_class_possible(). */
void text_classes_find_heads(struct text_classes *t);
/* Whether something with this slot, plus 1, may be in the text; false is certain. 0: it has none. */
static inline bool text_class_possible(struct text_classes *t, uint32_t slot_after)
{
    if (!slot_after)
        return true;
    if (!t->heads)
        text_classes_find_heads(t);
    return t->heads->slots[(slot_after - 1) / WORD_SLOT_BITS] >> ((slot_after - 1) % WORD_SLOT_BITS) & 1;
}
/* Whether the text begins with a member of the class, perhaps inside a word: found without looking at the rest. */
bool text_class_begins(const struct text_classes *t, uint32_t class_index);
struct row_places text_class_places(struct text_classes *t, uint32_t class_index);
/* The members of the class that are whole words, and the ends of sentences.
 * class_index + 1, or 0 for the ends of sentences alone. */
struct row_barriers text_class_barriers(struct text_classes *t, uint32_t class_after);
/* The sentence with this part of the text: [*start, *end). */
void text_sentence(struct text_classes *t, size_t from, size_t to, size_t *start, size_t *end);

#endif
