/* SPDX-License-Identifier: MIT */
/*
 * gmime_parts.h - our parts of a mail compared with those of GMime's full parse, and mails for that comparison, made
 * from choices, intact or damaged: for fuzzing, and for a unit test with many cases.
 */
#ifndef BOUNCE_GMIME_PARTS_H
#define BOUNCE_GMIME_PARTS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The source of choices: these bytes, each once, and then numbers that follow from the seed (not 0). */
void made_mail_choices(const uint8_t *bytes, size_t count, uint32_t seed);
/* A mail; the one before is overwritten. */
struct span made_mail(void);
/* The same mail with a line removed, copied or moved, a blank line added, or the end cut off. */
struct span made_mail_damaged(struct span mail);

enum parts_outcome {
    PARTS_NOT_COMPARED, /* the mail is one on which the two differ on purpose */
    PARTS_SAME,
    PARTS_DIFFER /* mail and difference are on standard error */
};
enum parts_outcome gmime_parts_compare(struct span mail);

#endif
