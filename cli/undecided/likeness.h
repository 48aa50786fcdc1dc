/* SPDX-License-Identifier: MIT */
/* likeness.h - texts that differ in a name or two. */
#ifndef CLI_UNDECIDED_LIKENESS_H
#define CLI_UNDECIDED_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIKENESS_WORDS = 64 };

struct likeness_word {
    const char *s;
    size_t n;
    uint32_t hash;
};

/* The words of a text in order, and their hashes, sorted. */
struct likeness_text {
    size_t count;
    struct likeness_word words[LIKENESS_WORDS];
    uint32_t sorted[LIKENESS_WORDS];
};

/* The words of a wording in lower case; free() them. NULL if memory runs out. */
char *likeness_words(const char *wording);
/* Splits these words; out points into them. */
void likeness_split(const char *words, struct likeness_text *out);
/* Whether y is similar to x. Then the words that only x has are replaced as names in *wording, the wording of x, which
 * is from malloc(). */
bool likeness_join(char **wording, const struct likeness_text *x, const struct likeness_text *y);

#endif
