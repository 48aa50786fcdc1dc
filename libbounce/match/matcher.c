/* SPDX-License-Identifier: MIT */
/*
 * matcher.c - one thread's scratch memory, and patterns in texts and lines.
 *
 * In: a pattern, and a text in normal form or a line. Out: whether it matches, where, and its captures. A match that
 * costs more than is left counts as none, and the id of its rule or dialect is kept for the caller's warning. Nothing
 * is refused.
 */
#include "match/matcher.h"
#include "base/literals.h"
#include "base/utf8.h"
#include "match/regex.h"

#include <glib.h>

struct matcher *matcher_new(bounce_rules *rules, bool jit, bool prefilter)
{
    struct matcher *m = g_new0(struct matcher, 1);
    m->rules = bounce_rules_ref(rules);
    m->jit = jit;
    m->prefilter = prefilter;
    m->engine = regex_engine_new(jit);
    m->text_steps = m->line_account = UINT64_MAX;
    m->account = &m->line_account;
    arena_init(&m->rows);
    arena_init(&m->classes);
    arena_init(&m->scratch);
    m->layer_count = ruleset_layers(rules);
    m->layers = g_new(const struct layer *, m->layer_count);
    size_t literals = 0;
    for (size_t i = 0; i < m->layer_count; i++) {
        m->layers[i] = ruleset_layer(rules, i);
        literals = MAX(literals, m->layers[i]->literals->count);
    }
    m->literals_seen = g_new0(uint64_t, literals + 1);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    g_free(m->literals_seen);
    g_free(m->layers);
    phrase_scratch_free(&m->phrases);
    regex_engine_free(m->engine);
    arena_free(&m->rows);
    arena_free(&m->classes);
    arena_free(&m->scratch);
    bounce_rules_unref(m->rules);
    g_free(m);
}

void matcher_set_exit(struct matcher *m, struct arena_exit *way_out)
{
    m->rows.exit = m->classes.exit = m->scratch.exit = way_out;
}

void matcher_begin(struct matcher *m, const struct match_budget *budget)
{
    m->text_steps = budget->text;
    m->line_at_hand = span_of(NULL, 0);
    m->undecided = (struct match_undecided){.count = 0};
    regex_engine_allow(m->engine, budget->message);
}

uint64_t matcher_left(const struct matcher *m)
{
    return regex_engine_left(m->engine);
}

void matcher_allow(struct matcher *m, uint64_t steps)
{
    regex_engine_allow(m->engine, steps);
}

const struct match_undecided *matcher_undecided(const struct matcher *m)
{
    return &m->undecided;
}

struct match_account matcher_account(const struct matcher *m)
{
    return (struct match_account){matcher_left(m), m->undecided};
}

void matcher_restore(struct matcher *m, const struct match_account *account)
{
    matcher_allow(m, account->left);
    m->undecided = account->undecided;
}

static void note_undecided(struct matcher *m, const char *id)
{
    struct match_undecided *u = &m->undecided;
    u->count++;
    if (!id) /* every rule and dialect has one */
        return;
    for (size_t i = 0; i < u->id_count; i++)
        if (!strcmp(u->ids[i], id))
            return;
    if (u->id_count < UNDECIDED_IDS)
        u->ids[u->id_count++] = id;
    else
        u->more = true;
}

/* ------------------------------------------------------ texts in normal form */

static enum regex_result run_regex(struct matcher *m, size_t layer, const struct pattern *p, struct span text,
                                   struct span *found, struct match_captures *captures)
{
    const struct regex *regex = ruleset_regex(m->rules, layer, p, m->jit);
    return regex ? regex_match(m->engine, regex, text, m->account, found, captures) : REGEX_UNDECIDED;
}

bool matcher_regex(struct matcher *m, size_t layer, const struct pattern *p, string_at owner, struct span text,
                   struct span *found, struct match_captures *captures)
{
    enum regex_result result = run_regex(m, layer, p, text, found, captures);
    if (result == REGEX_UNDECIDED)
        note_undecided(m, layer_string(m->layers[layer], owner));
    return result == REGEX_MATCH;
}

/* False if the text has none of the other literals of which every match contains one. */
static bool has_further_literal(const struct layer *layer, const struct pattern *p, const struct norm_text *text)
{
    const string_at *also = layer_list(layer, layer->regex_also[p->more]);
    bool has = !also;
    for (; !has && *also; also++)
        has = span_find(span_of(text->folded, text->folded_length), layer_string(layer, *also)) != NULL;
    return has;
}

static bool regex_in_text(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                          const struct norm_text *text, struct match_range within, struct match_range *found)
{
    struct span span;
    size_t start = matcher_unfold(text, within.start), end = matcher_unfold(text, within.end);
    if (m->prefilter && !has_further_literal(m->layers[layer], p, text))
        return false;
    if (!matcher_regex(m, layer, p, owner, span_of(text->text + start, end - start), &span, NULL))
        return false;
    found->start = (size_t)(span.s - text->text);
    found->end = found->start + span.n;
    return true;
}

static bool row_in_text(struct matcher *m, size_t layer, const struct pattern *p, const struct norm_text *text,
                        struct text_classes *classes, struct match_range within, struct match_range *found)
{
    struct text_classes once;
    if (!classes) {
        arena_reset(&m->classes);
        once = text_classes_of(&m->classes, m->layers[layer], &m->layers[layer]->dialect_heads, text);
        classes = &once;
    }
    return row_find(&m->rows, classes, p, within, found);
}

static bool phrase_in_text(struct matcher *m, size_t layer, const struct pattern *p, const struct norm_text *text,
                           struct match_range within, struct match_range *found)
{
    struct span part = span_of(text->folded + within.start, within.end - within.start);
    if (!phrase_find(&m->phrases, m->layers[layer], p, part, found))
        return false;
    found->start += within.start;
    found->end += within.start;
    return true;
}

bool matcher_pattern_within(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                            const struct norm_text *text, struct text_classes *classes, struct match_range within,
                            struct match_range *found)
{
    struct match_range folded;
    if (p->is_regex)
        return regex_in_text(m, layer, p, owner, text, within, found);
    if (!(p->is_row ? row_in_text(m, layer, p, text, classes, within, &folded)
                    : phrase_in_text(m, layer, p, text, within, &folded)))
        return false;
    *found = (struct match_range){matcher_unfold(text, folded.start), matcher_unfold_end(text, folded.end)};
    return true;
}

bool matcher_pattern(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                     const struct norm_text *text, struct text_classes *classes, struct match_range *found)
{
    const struct match_range all = {0, text->folded_length};
    return matcher_pattern_within(m, layer, p, owner, text, classes, all, found);
}

void matcher_whole_characters(const struct norm_text *text, struct match_range *found)
{
    while (found->start && utf8_is_tail(text->text[found->start]))
        found->start--;
    while (utf8_is_tail(text->text[found->end]))
        found->end++;
}

bool matcher_token(struct matcher *m, const struct layer *layer, const struct pattern *p, const struct norm_text *text,
                   const struct mask_span *spans, size_t count, struct match_range *found)
{
    for (size_t i = 0; i < count; i++) {
        struct match_range folded;
        size_t start = spans[i].folded_start;
        struct span part = span_of(text->folded + start, spans[i].folded_end - start);
        if (spans[i].is_known_host || !phrase_find(&m->phrases, layer, p, part, &folded))
            continue;
        *found = (struct match_range){matcher_unfold(text, start + folded.start),
                                      matcher_unfold_end(text, start + folded.end)};
        return true;
    }
    return false;
}

/* ----------------------------------------------------- patterns of dialects */

static bool list_has(const struct layer *layer, struct range list, const struct pattern *p)
{
    for (size_t i = 0; i < list.count; i++)
        if (&layer->patterns[list.first + i] == p)
            return true;
    return false;
}

static bool dialect_has(const struct layer *layer, const struct dialect *d, const struct pattern *p)
{
    bool has = list_has(layer, d->starts, p) || list_has(layer, d->stops, p) || list_has(layer, d->originals, p) ||
               list_has(layer, d->boilerplates, p) || list_has(layer, d->blocks, p) || list_has(layer, d->lines, p);
    for (size_t i = 0; i < d->actions.count; i++)
        has = has || &layer->actions[d->actions.first + i].pattern == p;
    for (size_t i = 0; i < d->decided.count; i++)
        has = has || &layer->decided[d->decided.first + i].pattern == p;
    return has;
}

/* A pattern does not know its dialect, which is needed only if a limit is hit. */
static string_at dialect_of_pattern(const struct layer *layer, const struct pattern *p)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        if (dialect_has(layer, &layer->dialects[i], p))
            return layer->dialects[i].id;
    return p->text;
}

/* The patterns of a dialect are tried one after the other on the same line, so
 * the last folded form is kept. */
static const struct norm_text *fold_line(struct matcher *m, struct span line)
{
    static const char nothing[NORM_PADDING_BYTES + 1]; /* as text_normalise() ends a text */
    static const struct norm_text empty = {.text = nothing, .folded = nothing};
    if (!line.n)
        return &empty;
    if (m->line.s && m->line.n == line.n && memcmp(m->line.s, line.s, line.n) == 0)
        return &m->line_norm;
    arena_reset(&m->scratch);
    m->line = span_of(arena_strndup(&m->scratch, line.s, line.n), line.n);
    text_normalise(&m->scratch, line, line.n, &m->line_norm);
    return &m->line_norm;
}

/* All patterns that are tried on the same line in a row share its account. */
static bool regex_in_line(struct matcher *m, size_t layer, const struct pattern *p, struct span line,
                          struct match_captures *captures)
{
    if (m->line_at_hand.s != line.s || m->line_at_hand.n != line.n)
        m->line_account = m->text_steps;
    m->line_at_hand = line;
    m->account = &m->line_account;
    enum regex_result result = run_regex(m, layer, p, line, NULL, captures);
    if (result == REGEX_UNDECIDED)
        note_undecided(m, layer_string(m->layers[layer], dialect_of_pattern(m->layers[layer], p)));
    return result == REGEX_MATCH;
}

static bool is_mark(char c)
{
    return !ascii_is_alnum(c) && (unsigned char)c < 0x80;
}

/* The text of an element; for a class, that of a member. */
static struct span text_of_element(const struct layer *layer, const struct row_element *e)
{
    const struct class_member *member =
        layer->class_members + (e->is_class ? layer->classes[e->what].members.first : 0);
    return e->is_class ? span_of(layer->strings + member->text, member->length)
                       : span_of(layer->strings + e->what, e->length);
}

/* "--- Original message ---": marks at the start and end of a line count only for a row that has marks there, too. */
static struct span without_marks(const struct layer *layer, const struct pattern *row, struct span line)
{
    const struct row_element *elements = row_elements(layer, row);
    const struct span first = text_of_element(layer, elements);
    const struct span last = text_of_element(layer, &elements[row->segment_count - 1]);
    while (row->at_start && line.n && is_mark(*line.s) && !is_mark(*first.s))
        line = span_of(line.s + 1, line.n - 1);
    while (row->at_end && line.n && is_mark(line.s[line.n - 1]) && !is_mark(last.s[last.n - 1]))
        line.n--;
    return line;
}

/* Needs the whole normal form, because rows may need capitals, which folding hides. */
static bool row_in_line(struct matcher *m, size_t layer, const struct pattern *p, struct span line)
{
    struct match_range found;
    const struct norm_text *text = fold_line(m, without_marks(m->layers[layer], p, line));
    arena_reset(&m->classes);
    struct text_classes classes =
        text_classes_of(&m->classes, m->layers[layer], &m->layers[layer]->dialect_heads, text);
    return row_find(&m->rows, &classes, p, (struct match_range){0, text->folded_length}, &found);
}

bool match_pattern(struct matcher *m, size_t layer, const struct pattern *p, struct span line, const char *folded,
                   struct match_captures *captures)
{
    struct match_range found;
    if (p->is_regex)
        return regex_in_line(m, layer, p, line, captures);
    if (captures)
        *captures = (struct match_captures){.address = {NULL, 0}};
    if (p->is_row)
        return row_in_line(m, layer, p, line);
    return phrase_find(&m->phrases, m->layers[layer], p, span_z(folded ? folded : fold_line(m, line)->folded), &found);
}
