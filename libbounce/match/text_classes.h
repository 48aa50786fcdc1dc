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
    const struct row_place *items; /* by start; of one start the long ones first; no place twice */
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

/* Where words can begin, by the class_member_key() of what begins there. */
struct text_starts {
    uint64_t keys[CLASS_KEYS / 64];               /* one bit for each key that there is */
    uint32_t first[CLASS_KEYS], last[CLASS_KEYS]; /* by such a key: index in items */
    struct text_start {
        uint32_t at;
        uint32_t next; /* of the same key: index in items; not set in the last one */
    } items[];
};

enum { TEXT_CLASSES_BUCKETS = 16 };
/* The places in one text of the classes of one layer, each found when it is first
 * asked for. In an arena. */
struct text_classes {
    struct arena *arena;
    const struct layer *layer;
    const struct norm_text *text;
    struct class_found *found[TEXT_CLASSES_BUCKETS]; /* those that were asked for; by class, its remainder */
    const struct text_starts *starts;                /* NULL: not known yet */
};
static inline struct text_classes text_classes_of(struct arena *a, const struct layer *layer,
                                                  const struct norm_text *text)
{
    return (struct text_classes){.arena = a, .layer = layer, .text = text};
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
