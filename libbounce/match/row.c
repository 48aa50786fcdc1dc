/* SPDX-License-Identifier: MIT */
/*
 * row.c - rows of words and classes in folded texts.
 *
 * In: a row, and a text with the places of its classes. Out: where the row is. It is found element by element, as
 * phrases with gaps are: of all chains of places that end at one byte, only the one that begins last is kept, and both
 * places and chains are visited in order once. So the cost is linear in the places. If an element that must be there is
 * nowhere, the search ends before it begins. Nothing is refused.
 */
#include "match/row.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "text/word.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* The first elements of the row, from the start of the first to the end of the last. */
struct chain {
    uint32_t start, end;
    bool ends; /* as in struct row_place */
};
struct chains {
    struct chain *items; /* by end; no end twice unless `ends` differs */
    size_t count;
};

struct row_search {
    struct arena *scratch;
    struct text_classes *classes;
    const struct pattern *row;
    const struct row_element *elements;
    struct span text;
    struct match_range within;
    struct row_places places[LIMIT_PHRASE_SEGMENTS]; /* by element */
    struct chains chains[LIMIT_PHRASE_SEGMENTS];     /* likewise */
};

/* ---------------------------------------------------------------- places */

static struct row_places literal_places(const struct row_search *s, const struct row_element *e)
{
    struct span literal = span_of(s->classes->layer->strings + e->what, e->length);
    struct row_place *items = NULL;
    size_t count = 0, capacity = 0;
    const char *from = s->text.s + s->within.start, *end = s->text.s + s->within.end, *hit;
    for (; (hit = span_find_bytes(span_of(from, (size_t)(end - from)), literal)); from = hit + 1) {
        size_t at = (size_t)(hit - s->text.s);
        items = arena_grow(s->scratch, items, count, &capacity, sizeof *items);
        items[count++] = (struct row_place){.start = (uint32_t)at,
                                            .end = (uint32_t)(at + literal.n),
                                            .begins = e->open_start || word_can_begin(s->text, at),
                                            .ends = e->open_end || word_can_end(s->text, at + literal.n)};
    }
    return (struct row_places){items, count};
}

/* Those in the part of the text that is searched, by start; of the same start the longest first. */
static struct row_places places_of(const struct row_search *s, const struct row_element *e)
{
    if (!e->is_class)
        return literal_places(s, e);
    struct row_places places = text_class_places(s->classes, e->what);
    while (places.count && places.items[0].start < s->within.start)
        places.items++, places.count--;
    while (places.count && places.items[places.count - 1].start >= s->within.end)
        places.count--;
    return places;
}

/* False if an element that must be there has no place. The last ones are checked first: the first one is often how the
 * row was found. */
static bool find_places(struct row_search *s)
{
    for (size_t i = s->row->segment_count; i-- > 0;) {
        s->places[i] = places_of(s, &s->elements[i]);
        if (!s->places[i].count && !s->elements[i].optional)
            return false;
    }
    return true;
}

static bool is_within(const struct row_search *s, const struct row_place *place)
{
    return place->end <= s->within.end;
}

/* ---------------------------------------------------------------- chains */

static int compare_chains(const void *left, const void *right)
{
    const struct chain *a = left, *b = right;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    if (a->ends != b->ends)
        return a->ends ? 1 : -1;
    return (a->start < b->start) - (a->start > b->start);
}

/* Sorts them; of those with the same end, keeps only the one that begins last. */
static void arrange_chains(struct chains *c)
{
    size_t kept = 0, ordered = 1;
    while (ordered < c->count && compare_chains(&c->items[ordered - 1], &c->items[ordered]) <= 0)
        ordered++;
    if (ordered < c->count)
        qsort(c->items, c->count, sizeof *c->items, compare_chains);
    for (size_t i = 0; i < c->count; i++)
        if (!kept || c->items[kept - 1].end != c->items[i].end || c->items[kept - 1].ends != c->items[i].ends)
            c->items[kept++] = c->items[i];
    c->count = kept;
}

/* The range in which a chain may end so that a place can follow it; it moves on with the places. */
struct window {
    const struct row_search *search;
    const struct row_element *element;
    enum row_link link;
    bool has_barriers; /* they are found when the first gap is looked at */
    struct row_barriers barriers;
    size_t next_barrier, low;         /* there is no barrier after low */
    size_t first_end;                 /* the least end of all chains: none precedes a place that begins before it */
    const struct chain *chains, *end; /* those that are not in the queue yet */
    const struct chain **queue;       /* those in the window that begin later than all those after them */
    size_t head, tail;
};

static struct window window_of(const struct row_search *s, const struct row_element *e, enum row_link link,
                               const struct chains *chains)
{
    struct window w = {.search = s, .element = e, .link = link};
    w.chains = chains->items;
    w.end = chains->items + chains->count;
    w.first_end = chains->count ? chains->items[0].end : SIZE_MAX;
    w.queue = arena_alloc(s->scratch, (chains->count + 1) * sizeof *w.queue);
    return w;
}

/* The first byte from which a gap up to `start` is inside one sentence and short enough. */
static size_t sentence_gap(struct window *w, size_t start)
{
    const struct row_barriers *b = &w->barriers;
    if (!w->has_barriers) {
        w->barriers = text_class_barriers(w->search->classes, w->element->barrier);
        w->has_barriers = true;
    }
    for (; w->next_barrier < b->count && b->items[w->next_barrier].end <= start; w->next_barrier++)
        w->low = MAX(w->low, (size_t)b->items[w->next_barrier].start + 1);
    size_t from = start;
    for (size_t chars = 0; chars < LIMIT_SENTENCE_GAP_CHARS && from > w->low; chars++)
        do
            from--;
        while (from > w->low && utf8_is_tail(w->search->text.s[from]));
    return MAX(w->low, from);
}

/* False if no chain can precede the place. Those that can end from *from to *to. */
static bool window_at(struct window *w, const struct row_place *place, size_t *from, size_t *to)
{
    *from = *to = place->start;
    switch (w->link) {
    case LINK_TOUCH: return true;
    case LINK_SPACE:
        *from = *to = place->start - 1;
        return place->begins && place->start && w->search->text.s[place->start - 1] == ' ';
    case LINK_SENTENCE: *from = sentence_gap(w, place->start); return place->begins;
    case LINK_GAP:
        *from = place->start > LIMIT_PHRASE_GAP_BYTES ? place->start - LIMIT_PHRASE_GAP_BYTES : 0;
        return place->begins;
    }
    return false;
}

/* Of the chains that can precede the place, the one that begins last; NULL: none can. */
static const struct chain *chain_before(struct window *w, const struct row_place *place)
{
    size_t from, to;
    if (w->first_end > place->start || !window_at(w, place, &from, &to))
        return NULL;
    for (; w->chains < w->end && w->chains->end <= to; w->chains++) {
        if (w->link != LINK_TOUCH && !w->chains->ends)
            continue;
        while (w->tail > w->head && w->queue[w->tail - 1]->start <= w->chains->start)
            w->tail--;
        w->queue[w->tail++] = w->chains;
    }
    while (w->head < w->tail && w->queue[w->head]->end < from)
        w->head++;
    return w->head < w->tail ? w->queue[w->head] : NULL;
}

/* ----------------------------------------------------------------- search */

/* The chains that an element can follow: those of the element before it, and, if that is optional, of the ones before
 * that. */
struct sources {
    struct window windows[LIMIT_PHRASE_SEGMENTS];
    size_t count;
};

static void find_sources(const struct row_search *s, size_t index, struct sources *sources)
{
    enum row_link link = (enum row_link)s->elements[index].link;
    const struct row_element *barred = &s->elements[index];
    sources->count = 0;
    for (size_t before = index; before-- > 0;) {
        sources->windows[sources->count++] = window_of(s, barred, link, &s->chains[before]);
        if (!s->elements[before].optional)
            break;
        if ((enum row_link)s->elements[before].link > link) {
            link = (enum row_link)s->elements[before].link;
            barred = &s->elements[before];
        }
    }
}

/* Sets *start to where a chain that reaches the place begins; false: none reaches it. */
static bool reach(const struct row_search *s, size_t index, struct sources *sources, const struct row_place *place,
                  uint32_t *start)
{
    bool reached = false;
    if (!index) {
        *start = place->start;
        return place->begins && (!s->row->at_start || !place->start);
    }
    for (size_t i = 0; i < sources->count; i++) {
        const struct chain *chain = chain_before(&sources->windows[i], place);
        if (chain && (!reached || chain->start > *start)) {
            *start = chain->start;
            reached = true;
        }
    }
    return reached;
}

static void extend_chains(struct row_search *s, size_t index)
{
    const struct row_places places = s->places[index];
    struct chains *to = &s->chains[index];
    struct sources sources;
    find_sources(s, index, &sources);
    *to = (struct chains){.items = arena_alloc(s->scratch, (places.count + 1) * sizeof *to->items)};
    for (size_t i = 0; i < places.count; i++) {
        const struct row_place *place = &places.items[i];
        uint32_t start;
        if (is_within(s, place) && reach(s, index, &sources, place, &start))
            to->items[to->count++] = (struct chain){start, place->end, place->ends};
    }
    arrange_chains(to);
}

/* The first place that ends the row; of those with the same start, the longest. */
static bool finish_row(struct row_search *s, size_t index, struct match_range *found)
{
    const struct row_places places = s->places[index];
    struct sources sources;
    find_sources(s, index, &sources);
    for (size_t i = 0; i < places.count; i++) {
        const struct row_place *place = &places.items[i];
        uint32_t start;
        if (!is_within(s, place) || !place->ends || (s->row->at_end && place->end != s->text.n) ||
            !reach(s, index, &sources, place, &start))
            continue;
        *found = (struct match_range){start, place->end};
        return true;
    }
    return false;
}

/* For a row that must be at the start of the text: whether it can be there; false is certain. */
static bool starts_here(const struct text_classes *t, const struct pattern *row)
{
    const struct row_element *e = row_elements(t->layer, row);
    struct span text = span_of(t->text->folded, t->text->folded_length);
    return e->is_class ? text_class_begins(t, e->what)
                       : text.n >= e->length && memcmp(text.s, t->layer->strings + e->what, e->length) == 0;
}

/* Whether the whole row is one literal at the start of the text: then the rest of the text is not searched. */
static bool is_first_literal(const struct pattern *row, const struct row_element *e)
{
    return row->at_start && row->segment_count == 1 && !e->is_class;
}

static bool find_first_literal(const struct text_classes *t, const struct pattern *row, struct match_range within,
                               struct match_range *found)
{
    const struct row_element *e = row_elements(t->layer, row);
    const struct span text = span_of(t->text->folded, t->text->folded_length);
    *found = (struct match_range){0, e->length};
    return !within.start && found->end <= within.end && (!row->at_end || found->end == text.n) &&
           (e->open_start || word_can_begin(text, 0)) && (e->open_end || word_can_end(text, found->end));
}

bool row_possible(struct text_classes *t, const struct pattern *row)
{
    const struct row_element *e = row_elements(t->layer, row);
    for (size_t i = 0; i < row->segment_count; i++)
        if (!e[i].optional && !text_class_possible(t, e[i].slot))
            return false;
    return true;
}

bool row_find(struct arena *scratch, struct text_classes *t, const struct pattern *row, struct match_range within,
              struct match_range *found)
{
    if (row->at_start && !starts_here(t, row))
        return false;
    if (is_first_literal(row, row_elements(t->layer, row)))
        return find_first_literal(t, row, within, found);
    if (!row_possible(t, row))
        return false;
    struct row_search s; /* not cleared: it is large, and most rows are short */
    s.scratch = scratch;
    s.classes = t;
    s.row = row;
    s.within = within;
    s.elements = row_elements(t->layer, row);
    s.text = span_of(t->text->folded, t->text->folded_length);
    size_t last = row->segment_count - 1;
    arena_reset(scratch);
    if (!find_places(&s))
        return false;
    for (size_t i = 0; i < last; i++) {
        extend_chains(&s, i);
        if (!s.chains[i].count && !s.elements[i].optional)
            return false;
    }
    return finish_row(&s, last, found);
}
