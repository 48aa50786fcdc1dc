/* SPDX-License-Identifier: MIT */
/*
 * groups.c - the texts that no rule decided, grouped by similarity.
 *
 * In: lines of render_undecided_report(): where a text was, and its wording. Out: groups of texts with the same words,
 * with their counts, in a sketch: a group with more than one text in UNDECIDED_GROUPS is never lost. At the end similar
 * groups are merged. Nothing is refused.
 */
#include "undecided/groups.h"

#include "undecided/likeness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void forget(struct undecided_group *g)
{
    free(g->wording);
    free(g->place);
    *g = (struct undecided_group){.words = NULL};
}

/* Parses place, tab, wording. False if memory runs out. */
static bool take_line(struct undecided *u, char *line)
{
    const struct sketch_counts one = {.all = 1};
    char *tab = strchr(line, '\t');
    if (!tab)
        return true;
    *tab = '\0';
    char *words = likeness_words(tab + 1);
    size_t number = 0;
    bool is_new = words && sketch_add(&u->words, words, &one, &number);
    u->texts++;
    free(words);
    if (!words || u->words.no_memory)
        return false;
    if (!is_new)
        return true;
    struct undecided_group *g = &u->groups[number];
    forget(g);
    g->wording = strdup(tab + 1);
    g->place = strdup(line);
    return g->wording && g->place;
}

static void take(struct output *o)
{
    struct undecided *u = (struct undecided *)(void *)((char *)o - offsetof(struct undecided, in));
    char *line;
    for (size_t at = 0; !o->error_number && (line = output_next_line(o, &at));)
        if (!take_line(u, line))
            o->error_number = ENOMEM;
}

struct undecided *undecided_begin(void)
{
    struct undecided *u = calloc(1, sizeof *u);
    if (!u || !output_lines(&u->in, take)) {
        free(u);
        return NULL;
    }
    u->words.most = UNDECIDED_GROUPS;
    return u;
}

void undecided_free(struct undecided *u)
{
    if (!u)
        return;
    for (size_t i = 0; i < UNDECIDED_GROUPS; i++)
        forget(&u->groups[i]);
    sketch_free(&u->words);
    free(u->in.bytes);
    free(u);
}

static int largest_first(const void *left, const void *right)
{
    const struct undecided_group *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : strcmp(a->words, b->words);
}

/* Merges each group into the largest one that is similar. texts: room for the words of all. */
static size_t join_groups(struct undecided *u, struct likeness_text *texts)
{
    size_t kept = 0;
    for (size_t i = 0; i < u->group_count; i++) {
        struct undecided_group g = u->groups[i];
        size_t k = 0;
        likeness_split(g.words, &texts[kept]);
        while (k < kept && !likeness_join(&u->groups[k].wording, &texts[k], &texts[kept]))
            k++;
        u->groups[i] = (struct undecided_group){.words = NULL};
        if (k == kept) {
            u->groups[kept++] = g;
            continue;
        }
        u->groups[k].count += g.count;
        u->groups[k].surplus += g.surplus;
        forget(&g);
    }
    return kept;
}

bool undecided_finish(struct undecided *u)
{
    output_flush(&u->in);
    if (u->in.error_number)
        return false;
    u->group_count = u->words.count;
    for (size_t i = 0; i < u->group_count; i++) {
        const struct sketch_value *v = &u->words.values[i];
        u->groups[i].words = v->key;
        u->groups[i].count = v->counts.all;
        u->groups[i].surplus = v->error;
    }
    struct likeness_text *texts = malloc((u->group_count + 1) * sizeof *texts);
    if (!texts)
        return false;
    qsort(u->groups, u->group_count, sizeof *u->groups, largest_first);
    u->group_count = join_groups(u, texts);
    free(texts);
    qsort(u->groups, u->group_count, sizeof *u->groups, largest_first);
    return true;
}
