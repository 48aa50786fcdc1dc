/* SPDX-License-Identifier: MIT */
/*
 * resolve_texts.h - what one finding adds to the facts of one recipient. Facts
 * that are there already stay. Private to resolve.c.
 */
#ifndef BOUNCE_READING_RESOLVE_TEXTS_H
#define BOUNCE_READING_RESOLVE_TEXTS_H

#include "reading/resolve.h"

/* A recipient in the making. */
struct person {
    struct facts facts;
    struct fact_text *last; /* of facts.texts; NULL: none */
    bool has_transcript;
};

void person_init(struct person *p);
/* What another finding of the same address said. */
void person_absorb(struct person *to, const struct person *from);
/* Neither a diagnostic nor a transcript line is about it so far. */
bool person_is_silent(const struct person *p);

/* The fields of FINDING_FIELDS, and the reply in their diagnostic. */
void person_take_fields(struct person *p, const struct finding *f, const struct resolve_input *in);
/* The captures of FINDING_BLOCK. */
void person_take_block(struct person *p, const struct finding *f);
/* A text whose reply states facts. */
void person_take_reply(struct person *p, const struct finding *f, const struct resolve_input *in);
void person_take_session(struct person *p, const struct finding *f);
/* Words, a part of `text` or all of it. */
void person_add_text(struct person *p, const struct resolve_input *in, enum text_origin origin, const char *where,
                     struct span words, const struct read_text *text);

#endif
