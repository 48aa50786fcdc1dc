/* SPDX-License-Identifier: MIT */
/*
 * mask.h - the masked face of a text: what somebody typed says nothing.
 *
 * "<user.unknown@example.net>: rejected as spam" is about spam. In the masked face it
 * is "<xxxx.xxxxxxx@xxxxxxx.xxx>: rejected as spam": lengths and places stay.
 */
#ifndef BOUNCE_TEXT_MASK_H
#define BOUNCE_TEXT_MASK_H

#include "text/normal.h"

/* What is known of the mail that a text belongs to. */
struct mask_facts {
    const struct span *hosts; /* names of hosts and domains; one without a dot is not looked for */
    size_t host_count;
    /* Other things that somebody typed: a subject, a display name, a file name, each as in
     * norm_text.text. Only whole words of MASK_PHRASE_BYTES_MIN to _MAX bytes are looked for. A
     * single word is masked only in quotes or before " <": "unknown" is a name, too. */
    const struct span *phrases;
    size_t phrase_count;
};
enum { MASK_PHRASE_BYTES_MIN = 6, MASK_PHRASE_BYTES_MAX = 256 };

/* A part that is masked: in norm_text.text, and the same in norm_text.folded. */
struct mask_span {
    size_t start, end;
    size_t folded_start, folded_end;
    bool is_known_host; /* it is one of mask_facts.hosts: a name that the mail had before the text was written */
};

struct masked_text {
    const struct norm_text *text;
    const struct mask_span *spans; /* in order; they neither overlap nor touch */
    size_t count;
    const struct norm_text *face; /* see masked_face(); NULL: not yet made */
};

/* Finds what is masked; in a, and without an allocation if that is nothing. facts may be
 * NULL. text must live as long. */
void text_mask(struct arena *a, const struct norm_text *text, const struct mask_facts *facts, struct masked_text *out);

/* The masked face, made when it is first asked for: in it an x stands for each byte of
 * the letters and digits of all spans, in both forms; all else, the map included, is as
 * it was. The text itself if nothing of it is masked. */
const struct norm_text *masked_face(struct arena *a, struct masked_text *m);

#endif
