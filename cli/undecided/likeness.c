/* SPDX-License-Identifier: MIT */
/*
 * likeness.c - texts that differ in a name or two.
 *
 * In: the wordings of two texts. Out: whether four of five of their words are the same, in the same order; and the
 * wording of one, in which the differences count as names. Refused: anything with a digit or an "@" is not a word; only
 * the first LIKENESS_WORDS words of a text count.
 */
#include "undecided/likeness.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEUTRAL_WORD "user1" /* contains a digit, so no phrase includes it */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

char *likeness_words(const char *wording)
{
    char *words = malloc(strlen(wording) + 2), *to = words;
    while (words && *wording) {
        size_t n = strcspn(wording, " ");
        bool plain = strcspn(wording, "0123456789@") >= n;
        for (size_t i = 0; plain && i < n; i++)
            if (is_letter(wording[i]))
                *to++ = wording[i] >= 'A' && wording[i] <= 'Z' ? (char)(wording[i] + 'a' - 'A') : wording[i];
            else if (to > words && to[-1] != ' ')
                *to++ = ' ';
        if (to > words && to[-1] != ' ')
            *to++ = ' ';
        wording += n + (wording[n] == ' ');
    }
    if (words)
        *to = '\0';
    return words;
}

static uint32_t hash_of(const char *s, size_t n)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)s[i]) * 16777619u;
    return hash;
}

static int by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

void likeness_split(const char *words, struct likeness_text *out)
{
    out->count = 0;
    while (*words && out->count < LIKENESS_WORDS) {
        size_t n = strcspn(words, " ");
        const struct likeness_word word = {words, n, hash_of(words, n)};
        out->sorted[out->count] = word.hash;
        out->words[out->count++] = word;
        words += n + (words[n] == ' ');
    }
    qsort(out->sorted, out->count, sizeof *out->sorted, by_number);
}

/* An upper bound of the words that two texts have in common, in any order: few pairs have enough to be compared in
 * full. */
static size_t most_in_common(const struct likeness_text *a, const struct likeness_text *b)
{
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const uint32_t one = a->sorted[i], other = b->sorted[k];
        common += one == other;
        i += one <= other;
        k += other <= one;
    }
    return common;
}

static bool is_same(struct likeness_word a, struct likeness_word b)
{
    return a.hash == b.hash && a.n == b.n && memcmp(a.s, b.s, a.n) == 0;
}

typedef uint8_t lengths[LIKENESS_WORDS + 1][LIKENESS_WORDS + 1];

/* How many words two texts have in common in the same order; in[i][k] is that number from the i-th and the k-th word
 * on. */
static size_t in_common(const struct likeness_word *a, size_t an, const struct likeness_word *b, size_t bn, lengths in)
{
    for (size_t i = an + 1; i-- > 0;)
        for (size_t k = bn + 1; k-- > 0;) {
            if (i == an || k == bn)
                in[i][k] = 0;
            else if (is_same(a[i], b[k]))
                in[i][k] = (uint8_t)(in[i + 1][k + 1] + 1);
            else
                in[i][k] = in[i + 1][k] > in[i][k + 1] ? in[i + 1][k] : in[i][k + 1];
        }
    return in[0][0];
}

static bool is_at(const char *text, const char *at, struct likeness_word word)
{
    return strncasecmp(at, word.s, word.n) == 0 && !is_letter(at[word.n]) && (at == text || !is_letter(at[-1]));
}

/* A word that differs between similar texts is a name. */
static void neutralise(char **wording, struct likeness_word word)
{
    char *at = *wording;
    while (*at && !is_at(*wording, at, word))
        at++;
    size_t front = (size_t)(at - *wording), rest = strlen(at) - (*at ? word.n : 0);
    char *changed = *at ? malloc(front + sizeof NEUTRAL_WORD + rest) : NULL;
    if (!changed)
        return;
    memcpy(changed, *wording, front);
    memcpy(changed + front, NEUTRAL_WORD, sizeof NEUTRAL_WORD - 1);
    memcpy(changed + front + sizeof NEUTRAL_WORD - 1, at + word.n, rest + 1);
    free(*wording);
    *wording = changed;
}

bool likeness_join(char **wording, const struct likeness_text *x, const struct likeness_text *y)
{
    const struct likeness_word *a = x->words, *b = y->words;
    const size_t an = x->count, bn = y->count, least = ((an + bn) * 4 + 9) / 10;
    lengths in;
    if (most_in_common(x, y) < least)
        return false;
    memset(in, 0, sizeof in);
    if (in_common(a, an, b, bn, in) < least)
        return false;
    for (size_t i = 0, k = 0; i < an;) {
        if (k < bn && is_same(a[i], b[k])) {
            i++;
            k++;
        } else if (k < bn && in[i][k + 1] >= in[i + 1][k]) {
            k++;
        } else {
            neutralise(wording, a[i++]);
        }
    }
    return true;
}
