/* SPDX-License-Identifier: MIT */
/*
 * undecided.c - the texts that no rule decided, by likeness.
 *
 * In: reports; of each recipient whose reason comes from a general code or from
 * nothing, a line is kept: where it was, and its wording (bounce_report_wording()).
 * Out: groups of texts with the same words, with their numbers. Refused: what has
 * no text. There are at most UNDECIDED_GROUPS of them: when another one comes, it
 * takes the place of the smallest and inherits its number, which is then too high
 * by that at most (Metwally, Agrawal and El Abbadi, "Space-Saving", 2005). What
 * makes up more than one text in UNDECIDED_GROUPS is never lost.
 */
#include "render/undecided.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LEAST_UNDECIDED_TIER = 6, NO_GROUP = UNDECIDED_GROUPS };

/* ------------------------------------------------------------ what counts */

static bool is_undecided(const bounce_recipient *r)
{
    uint64_t tier;
    if (bounce_recipient_type(r) == BOUNCE_TYPE_NONE)
        return false;
    return !bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_TIER, &tier) || tier >= LEAST_UNDECIDED_TIER;
}

/* One line, whatever the path holds. */
static void put_place(struct output *o, const bounce_source *source)
{
    const char *path = source && source->path ? source->path : "standard input";
    for (; *path; path++)
        output_putc(o, (unsigned char)*path < ' ' || *path == 0x7f ? '?' : *path);
    if (source && source->index != BOUNCE_NO_NUMBER) {
        output_puts(o, ", number ");
        output_number(o, source->index + 1);
    }
    output_putc(o, '\t');
}

void render_undecided_report(struct output *o, bounce_report *report, const bounce_source *source,
                             const struct selection *filter)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        if ((filter && !filter_passes(filter, report, r)) || !is_undecided(r))
            continue;
        const char *wording = bounce_report_wording(report, i);
        if (!wording)
            continue;
        put_place(o, source);
        for (; *wording; wording++)
            output_putc(o, (unsigned char)*wording < ' ' ? ' ' : *wording);
        output_putc(o, '\n');
    }
}

/* ---------------------------------------------------------------- sketch */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* The words of a text, in small letters: nothing of what has a digit or an "@" in it. */
static char *words_of(const char *wording)
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

static uint32_t bucket_of(const char *words)
{
    return hash_of(words, strlen(words)) % UNDECIDED_BUCKETS;
}

static struct undecided_group *find(struct undecided *u, const char *words)
{
    for (uint32_t i = u->buckets[bucket_of(words)]; i != NO_GROUP; i = u->groups[i].next)
        if (strcmp(u->groups[i].words, words) == 0)
            return &u->groups[i];
    return NULL;
}

static void take_out(struct undecided *u, uint32_t group)
{
    uint32_t *link = &u->buckets[bucket_of(u->groups[group].words)];
    while (*link != group)
        link = &u->groups[*link].next;
    *link = u->groups[group].next;
}

/* One of the smallest. Counts only grow, so each is looked at once for each value of `least`. */
static uint32_t smallest(struct undecided *u)
{
    for (;; u->least++)
        for (uint32_t tried = 0; tried < UNDECIDED_GROUPS; tried++) {
            u->at = (u->at + 1) % UNDECIDED_GROUPS;
            if (u->groups[u->at].count <= u->least)
                return u->at;
        }
}

static void forget(struct undecided_group *g)
{
    free(g->words);
    free(g->wording);
    free(g->place);
}

/* Takes words, which are the group's from now on. */
static bool add_group(struct undecided *u, char *words, const char *wording, const char *place)
{
    struct undecided_group g = {.words = words, .wording = strdup(wording), .place = strdup(place), .count = 1};
    uint32_t slot = (uint32_t)u->group_count;
    if (!g.wording || !g.place) {
        forget(&g);
        return false;
    }
    if (u->group_count == UNDECIDED_GROUPS) {
        slot = smallest(u);
        g.surplus = u->groups[slot].count;
        g.count += g.surplus;
        take_out(u, slot);
        forget(&u->groups[slot]);
    } else {
        u->group_count++;
    }
    uint32_t bucket = bucket_of(words);
    g.next = u->buckets[bucket];
    u->groups[slot] = g;
    u->buckets[bucket] = slot;
    return true;
}

/* A line without its end: place, tab, wording. */
static bool take_line(struct undecided *u, char *line)
{
    char *tab = strchr(line, '\t');
    if (!tab)
        return true;
    *tab = '\0';
    char *words = words_of(tab + 1);
    struct undecided_group *g = words ? find(u, words) : NULL;
    u->texts++;
    if (!g)
        return words && add_group(u, words, tab + 1, line);
    g->count++;
    free(words);
    return true;
}

static bool grow_carry(struct undecided *u, size_t more)
{
    if (u->carry_bytes + more + 1 <= u->carry_capacity)
        return true;
    size_t capacity = (u->carry_bytes + more + 1) * 2;
    char *grown = realloc(u->carry, capacity);
    if (!grown)
        return false;
    u->carry = grown;
    u->carry_capacity = capacity;
    return true;
}

/* Of what a renderer wrote, the last line may go on later. */
static void take(struct output *o)
{
    struct undecided *u = (struct undecided *)(void *)((char *)o - offsetof(struct undecided, in));
    bool good = !o->error_number;
    for (size_t at = 0, n; good && at < o->n; at += n) {
        const char *end = memchr(o->bytes + at, '\n', o->n - at);
        n = end ? (size_t)(end - (o->bytes + at)) + 1 : o->n - at;
        good = grow_carry(u, n);
        if (!good)
            break;
        memcpy(u->carry + u->carry_bytes, o->bytes + at, n);
        u->carry_bytes += n;
        if (!end)
            continue;
        u->carry[u->carry_bytes - 1] = '\0';
        u->carry_bytes = 0;
        good = take_line(u, u->carry);
    }
    if (!good && !o->error_number)
        o->error_number = ENOMEM;
}

struct undecided *undecided_begin(void)
{
    struct undecided *u = calloc(1, sizeof *u);
    char *bytes = malloc(OUTPUT_BYTES + OUTPUT_SPARE_BYTES);
    if (!u || !bytes) {
        free(u);
        free(bytes);
        return NULL;
    }
    u->in = (struct output){.fd = -1, .bytes = bytes, .capacity = OUTPUT_BYTES + OUTPUT_SPARE_BYTES, .hand_over = take};
    for (size_t i = 0; i < UNDECIDED_BUCKETS; i++)
        u->buckets[i] = NO_GROUP;
    return u;
}

void undecided_free(struct undecided *u)
{
    for (size_t i = 0; u && i < u->group_count; i++)
        forget(&u->groups[i]);
    if (u) {
        free(u->carry);
        free(u->in.bytes);
    }
    free(u);
}

/* --------------------------------------------------------------- likeness */

enum { WORDS_MAX = 64 };
#define NEUTRAL_WORD "user1" /* has a digit, so that no phrase goes over it */

struct word {
    const char *s;
    size_t n;
    uint32_t hash;
};

/* The words of a text, in their order, and their hashes, sorted. */
struct split {
    size_t count;
    struct word words[WORDS_MAX];
    uint32_t sorted[WORDS_MAX];
};

static int by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void split(const char *words, struct split *out)
{
    out->count = 0;
    while (*words && out->count < WORDS_MAX) {
        size_t n = strcspn(words, " ");
        const struct word word = {words, n, hash_of(words, n)};
        out->sorted[out->count] = word.hash;
        out->words[out->count++] = word;
        words += n + (words[n] == ' ');
    }
    qsort(out->sorted, out->count, sizeof *out->sorted, by_number);
}

/* No fewer words than two texts have in common, in whatever order: few pairs have enough of them to be compared. */
static size_t most_in_common(const struct split *a, const struct split *b)
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

static bool is_same(struct word a, struct word b)
{
    return a.hash == b.hash && a.n == b.n && memcmp(a.s, b.s, a.n) == 0;
}

typedef uint8_t lengths[WORDS_MAX + 1][WORDS_MAX + 1];

/* How many words two texts have in the same order: in[i][k] from the i-th and the k-th on. */
static size_t in_common(const struct word *a, size_t an, const struct word *b, size_t bn, lengths in)
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

static bool is_at(const char *text, const char *at, struct word word)
{
    return strncasecmp(at, word.s, word.n) == 0 && !is_letter(at[word.n]) && (at == text || !is_letter(at[-1]));
}

/* A word that differs between like texts is somebody's or something's name. */
static void neutralise(struct undecided_group *g, struct word word)
{
    char *at = g->wording;
    while (*at && !is_at(g->wording, at, word))
        at++;
    size_t front = (size_t)(at - g->wording), rest = strlen(at) - (*at ? word.n : 0);
    char *changed = *at ? malloc(front + sizeof NEUTRAL_WORD + rest) : NULL;
    if (!changed)
        return;
    memcpy(changed, g->wording, front);
    memcpy(changed + front, NEUTRAL_WORD, sizeof NEUTRAL_WORD - 1);
    memcpy(changed + front + sizeof NEUTRAL_WORD - 1, at + word.n, rest + 1);
    free(g->wording);
    g->wording = changed;
}

/* If four of five words are the same, other becomes part of g; x and y are their words. */
static bool join(struct undecided_group *g, const struct split *x, const struct undecided_group *other,
                 const struct split *y)
{
    const struct word *a = x->words, *b = y->words;
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
            neutralise(g, a[i++]);
        }
    }
    g->count += other->count;
    g->surplus += other->surplus;
    return true;
}

static int largest_first(const void *left, const void *right)
{
    const struct undecided_group *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : strcmp(a->words, b->words);
}

/* Each group joins the largest one that is like it. splits: room for the words of all. */
static size_t join_groups(struct undecided *u, struct split *splits)
{
    size_t kept = 0;
    for (size_t i = 0; i < u->group_count; i++) {
        size_t k = 0;
        split(u->groups[i].words, &splits[kept]);
        while (k < kept && !join(&u->groups[k], &splits[k], &u->groups[i], &splits[kept]))
            k++;
        if (k < kept)
            forget(&u->groups[i]);
        else
            u->groups[kept++] = u->groups[i];
    }
    return kept;
}

bool undecided_finish(struct undecided *u)
{
    output_flush(&u->in);
    struct split *splits = malloc((u->group_count + 1) * sizeof *splits);
    if (!splits)
        return false;
    if (u->group_count)
        qsort(u->groups, u->group_count, sizeof *u->groups, largest_first);
    const size_t kept = join_groups(u, splits);
    u->group_count = kept;
    free(splits);
    if (kept)
        qsort(u->groups, kept, sizeof *u->groups, largest_first);
    return !u->in.error_number;
}
