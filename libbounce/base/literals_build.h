/* SPDX-License-Identifier: MIT */
/* literals_build.h - builds the index that literals.h searches with. */
#ifndef BOUNCE_BASE_LITERALS_BUILD_H
#define BOUNCE_BASE_LITERALS_BUILD_H

#include "base/arena.h"
#include "base/literals.h"

/* Texts that must all occur wherever the owner is to be found, so that only one of
 * them, the least ordinary, is indexed. At least one has LITERAL_BYTES_MIN bytes,
 * none more than 65535. */
struct literal_source {
    const char *const *texts;
    size_t text_count;
    uint32_t owner;
};

/* Allocates the index in a. sample is folded text of the kind that will be searched:
 * what is frequent there is avoided. It may be empty; the words of reports are known. */
const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count,
                                      struct span sample);

/* True for words that most reports contain, ignoring case: finding one says little. */
bool literal_is_ordinary(struct span text);

#endif
