/* SPDX-License-Identifier: MIT */
/*
 * members.c - by which members of its classes a rule was found.
 *
 * In: a rule that matches a text, and where. Out: for each class of its row the member
 * that is in the text. For explanations: the row is searched again. Left out: elements
 * that are missing, and rules that were not found by a row.
 */
#include "match/match.h"
#include "match/matcher.h"
#include "match/searched_text.h"

static size_t layer_index(const struct matcher *m, const struct layer *layer)
{
    size_t i = 0;
    while (m->layers[i] != layer)
        i++;
    return i;
}

/* The row of the rule that matches exactly this place; NULL: none. */
static const struct pattern *row_of_hit(struct matcher *m, struct searched_text *s, const struct match_hit *hit,
                                        struct text_classes *classes, size_t index)
{
    const struct pattern *patterns = rule_patterns(classes->layer, hit->rule);
    for (size_t i = 0; i < hit->rule->pattern_count; i++) {
        struct match_range found;
        if (!patterns[i].is_row ||
            !matcher_pattern(m, index, &patterns[i], hit->rule->id, classes->text, classes, &found))
            continue;
        if (classes->text != s->text)
            matcher_whole_characters(s->text, &found);
        if (found.start == hit->start && found.end == hit->start + hit->length)
            return &patterns[i];
    }
    return NULL;
}

/* The place of a class in a row: the one that begins the row or ends it, else the first one after `from`; one of
 * whole words, if there is any. */
static const struct row_place *place_of(struct text_classes *classes, uint32_t class_index, size_t from,
                                        struct match_range row, bool is_first, bool is_last)
{
    const struct row_places places = text_class_places(classes, class_index);
    const struct row_place *part_of_word = NULL;
    for (size_t i = 0; i < places.count; i++) {
        const struct row_place *p = &places.items[i];
        if (p->start < from || p->end > row.end || (is_first && p->start != row.start) ||
            (is_last && p->end != row.end))
            continue;
        if (p->begins && p->ends)
            return p;
        part_of_word = part_of_word ? part_of_word : p;
    }
    return part_of_word;
}

size_t match_members(struct matcher *m, struct searched_text *s, const struct match_hit *hit, struct arena *a,
                     struct match_member **members)
{
    const struct layer *layer = rule_layer(hit->rule);
    const size_t index = layer_index(m, layer);
    struct text_classes *classes = &s->classes[index];
    classes->text = s->masked.count ? masked_face(s->arena, &s->masked) : s->text;
    const struct pattern *row = row_of_hit(m, s, hit, classes, index);
    size_t count = 0;
    *members = row ? arena_alloc(a, row->segment_count * sizeof **members) : NULL;
    const struct match_range folded = {norm_fold_offset(s->text, hit->start),
                                       norm_fold_offset(s->text, hit->start + hit->length)};
    size_t from = folded.start;
    for (size_t i = 0; row && i < row->segment_count; i++) {
        const struct row_element *e = &row_elements(layer, row)[i];
        const struct row_place *p =
            e->is_class ? place_of(classes, e->what, from, folded, !i, i + 1 == row->segment_count) : NULL;
        if (!p)
            continue;
        const size_t start = matcher_unfold(s->text, p->start), end = matcher_unfold_end(s->text, p->end);
        (*members)[count++] = (struct match_member){layer_string(layer, layer->classes[e->what].name),
                                                    span_of(s->text->text + start, end - start)};
        from = p->end;
    }
    return count;
}
