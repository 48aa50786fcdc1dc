/* SPDX-License-Identifier: MIT */
/*
 * draft_phrase.c - phrases that could find a text.
 *
 * What comes in: a text in which what differs from mail to mail has a digit or an "@" in it. What goes out: runs of
 * words separated by one space, as in a rule's phrase, without small words at their ends; the longest ones first.
 * Refused: words with digits or punctuation, or that somebody typed.
 */
#include "base/limits.h"
#include "rules/draft.h"
#include "text/mask.h"

#include <stdlib.h>

enum {
    WORDS_MAX = 6,
    WORD_BYTES_MAX = 60,
    ALONE_BYTES_MIN = 5,
    SOLID_BYTES_MAX = 30,
    CHOSEN_MAX = 4,
    GAP_BYTES_MAX = 40
};

struct run {
    struct span text;
    size_t words, weight; /* letters of words that are not small */
};

/* Words that are in every text say nothing at the ends of a phrase. */
static bool is_small(struct span w)
{
    static const char *const words[] = {"a",   "an",   "and",  "are",  "as",   "at",   "be",    "been", "by",  "can",
                                        "for", "from", "has",  "have", "host", "in",   "is",    "it",   "its", "of",
                                        "on",  "or",   "our",  "said", "so",   "that", "the",   "this", "to",  "was",
                                        "we",  "were", "will", "with", "you",  "your", "please"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_equal_nocase(w, words[i]))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return ascii_is_alpha(c) || (c & 0x80);
}

/* The bytes of a word at a place: letters, with single hyphens and apostrophes inside; 0: something else is there. */
static size_t word_bytes(struct span t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && (is_letter(t.s[at + n]) || (n && (t.s[at + n] == '\'' || t.s[at + n] == '-') &&
                                                       at + n + 1 < t.n && is_letter(t.s[at + n + 1]))))
        n++;
    bool glued = at + n < t.n && strchr("0123456789@_/=#*{}|\\^$~", t.s[at + n]);
    return glued || n > WORD_BYTES_MAX ? 0 : n;
}

/* Typed by somebody: in the masked face, nothing but x is left of it. */
static bool is_masked(const char *face, struct span t, struct span w)
{
    size_t at = (size_t)(w.s - t.s);
    return memcmp(face + at, w.s, w.n) != 0;
}

/* Words in a row, up to what is not a word. */
static size_t words_at(struct span t, const char *face, size_t at, struct span words[WORDS_MAX])
{
    size_t count = 0;
    while (count < WORDS_MAX) {
        size_t n = word_bytes(t, at);
        if (!n || is_masked(face, t, span_of(t.s + at, n)))
            break;
        words[count++] = span_of(t.s + at, n);
        at += n;
        if (at + 1 >= t.n || t.s[at] != ' ')
            break;
        at++;
    }
    return count;
}

/* The run without the small words at both ends. */
static struct run make_run(const struct span *words, size_t count)
{
    struct run run = {.words = 0};
    while (count && is_small(words[count - 1]))
        count--;
    while (count && is_small(*words)) {
        words++;
        count--;
    }
    for (size_t i = 0; i < count; i++)
        run.weight += is_small(words[i]) ? 0 : words[i].n;
    run.words = count;
    if (count)
        run.text = span_of(words->s, (size_t)(words[count - 1].s - words->s) + words[count - 1].n);
    return run;
}

/* A script without spaces gives one long word; a part of it is enough. */
static void shorten(struct run *run)
{
    if (run->words != 1 || run->text.n <= SOLID_BYTES_MAX || !(run->text.s[0] & 0x80))
        return;
    run->text.n = SOLID_BYTES_MAX;
    while ((run->text.s[run->text.n] & 0xc0) == 0x80)
        run->text.n--;
}

static bool is_useful(const struct run *run)
{
    return run->words > 1 || (run->words == 1 && run->text.n >= ALONE_BYTES_MIN);
}

static int heaviest_first(const void *left, const void *right)
{
    const struct run *a = left, *b = right;
    if ((a->words > 1) != (b->words > 1))
        return a->words > 1 ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->text.s < b->text.s ? -1 : a->text.s > b->text.s;
}

static bool overlaps(struct span a, struct span b)
{
    return a.s < b.s + b.n && b.s < a.s + a.n;
}

/* The heaviest runs that do not overlap: one phrase for each sentence. */
static size_t choose(struct run *runs, size_t count, struct run *chosen)
{
    size_t n = 0;
    if (count)
        qsort(runs, count, sizeof *runs, heaviest_first);
    for (size_t i = 0; i < count && n < CHOSEN_MAX; i++) {
        bool free = true;
        for (size_t k = 0; k < n; k++)
            free = free && !overlaps(runs[i].text, chosen[k].text);
        if (free)
            chosen[n++] = runs[i];
    }
    return n;
}

/* "locker .. evaporated": two single words say more together. NULL if they are too far apart. */
static const char *make_pair(struct arena *a, struct run left, struct run right)
{
    struct span between = span_of(left.text.s + left.text.n, 0);
    if (right.text.s < between.s)
        return NULL;
    between.n = (size_t)(right.text.s - between.s);
    if (between.n > GAP_BYTES_MAX || memmem(between.s, between.n, ". ", 2))
        return NULL;
    return arena_printf(a, "%.*s .. %.*s", (int)left.text.n, left.text.s, (int)right.text.n, right.text.s);
}

/* Runs of several words, pairs of single words, single words. */
static size_t put_phrases(struct arena *a, const struct run *runs, size_t count, const char **phrases)
{
    size_t n = 0;
    const char *pair;
    for (size_t i = 0; i < count && n < DRAFT_PHRASES_MAX; i++)
        if (runs[i].words > 1)
            phrases[n++] = arena_strndup(a, runs[i].text.s, runs[i].text.n);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count && n < DRAFT_PHRASES_MAX; k++)
            if (i != k && runs[i].words == 1 && runs[k].words == 1 && (pair = make_pair(a, runs[i], runs[k])))
                phrases[n++] = pair;
    for (size_t i = 0; i < count && n < DRAFT_PHRASES_MAX; i++)
        if (runs[i].words == 1)
            phrases[n++] = arena_strndup(a, runs[i].text.s, runs[i].text.n);
    return n;
}

size_t draft_phrases(struct arena *a, const char *wording, const char *phrases[DRAFT_PHRASES_MAX])
{
    struct norm_text norm;
    struct masked_text masked;
    struct run chosen[CHOSEN_MAX] = {{.words = 0}};
    text_normalise(a, span_z(wording), LIMIT_SEARCHED_BYTES, &norm);
    text_mask(a, &norm, NULL, &masked);
    const char *face = masked_face(a, &masked)->text;
    struct span t = span_of(norm.text, norm.length);
    struct run *runs = arena_calloc(a, t.n + 1, sizeof *runs);
    size_t count = 0;
    for (size_t at = 0; at < t.n; at++) {
        struct span words[WORDS_MAX];
        bool begins = !at || t.s[at - 1] == ' ' || strchr("(<[\"':,;-", t.s[at - 1]);
        struct run run = begins ? make_run(words, words_at(t, face, at, words)) : (struct run){.words = 0};
        shorten(&run);
        if (is_useful(&run))
            runs[count++] = run;
    }
    return put_phrases(a, chosen, choose(runs, count, chosen), phrases);
}
