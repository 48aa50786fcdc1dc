/* SPDX-License-Identifier: MIT */
/*
 * gmime_parts.h - our parts of a mail compared with those of GMime's full parse, and mails that are made for it of
 * choices, sound and then damaged: for fuzzing, and for a unit test with many cases.
 */
#ifndef BOUNCE_GMIME_PARTS_H
#define BOUNCE_GMIME_PARTS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where choices come from: these bytes, each once, and then numbers that follow from the seed (not 0). */
void made_mail_choices(const uint8_t *bytes, size_t count, uint32_t seed);
/* A mail; what was made before is gone. */
struct span made_mail(void);
/* The same with a line removed, copied or moved, a blank one added, or the end cut. */
struct span made_mail_damaged(struct span mail);

enum parts_outcome {
    PARTS_NOT_COMPARED, /* the mail is one on which the two differ on purpose */
    PARTS_SAME,
    PARTS_DIFFER /* mail and difference are on standard error */
};
enum parts_outcome gmime_parts_compare(struct span mail);

#endif
