/* SPDX-License-Identifier: MIT */
/*
 * test_worst_texts.c - searches for the text on which each regular expression takes the most steps.
 *
 * usage: hostile_worst_texts [RULES]...     RULES: rule files, beside the built-in rules
 *
 * Texts are made of what the expression itself is made of: characters of its sets,
 * its words, and beginnings of what it matches, as a text costs most that nearly
 * matches again and again. A text is a head, a unit that fills it, and a tail; one of
 * their parts is changed, and the change stays if the text does not cost less. This
 * is done with short texts, a fixed number of times and from a fixed seed; the best
 * of each round is then made as long as a text may be. Its cost must be within what
 * all expressions together may take in a text, for built-in rules and for a user's.
 * The five worst ones of each set are printed.
 */
#include "base/limits.h"
#include "match/regex.h"
#include "match/regex_set.h"
#include "match/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 8,
    CHANGES = 120,      /* of a round */
    SHORT_BYTES = 1500, /* of texts while they are changed */
    PARTS = 4,          /* of a head, a unit or a tail at most */
    FRAGMENTS_MAX = 400,
    SPINE_REPEATS = 3,
    ENOUGH_STEPS = 20000000, /* nothing more is tried with this text */
    SHOWN = 5
};

static unsigned failures;

/* The same on every machine. */
static uint32_t next_random(uint32_t below)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

/* ------------------------------------------------------------- fragments */

struct fragments {
    struct arena *arena;
    struct span items[FRAGMENTS_MAX];
    uint32_t count;
};

static void add_fragment(struct fragments *f, struct span text)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (f->items[i].n == text.n && !memcmp(f->items[i].s, text.s, text.n))
            return;
    if (text.n && f->count < FRAGMENTS_MAX)
        f->items[f->count++] = span_of(arena_strndup(f->arena, text.s, text.n), text.n);
}

/* A character of a set: the first visible one. */
static void put_sample(struct strbuf *out, const struct regex_set *set, bool last)
{
    uint32_t c = 'a';
    for (size_t i = 0; i < set->count; i++) {
        const struct regex_range *r = &set->ranges[last ? set->count - 1 - i : i];
        uint32_t from = r->from < '!' && r->to >= '!' ? '!' : r->from;
        if (r->to < ' ')
            continue;
        c = r->to < 0x3000 && last ? r->to : from;
        break;
    }
    strbuf_putu(out, c);
}

/* Words, single characters, and beginnings of one text that the expression is likely to match, with the first of all
 * alternatives. */
struct walk {
    struct fragments *fragments;
    struct strbuf word, spine;
    size_t skipped_depth; /* of an alternative after the first; 0: none */
};

static void end_word(struct walk *w)
{
    add_fragment(w->fragments, span_of(w->word.s, w->word.n));
    w->word.n = 0;
}

static void walk_atom(struct walk *w, const char *source, const struct regex_piece *p)
{
    const struct regex_set *set = regex_set_of(w->fragments->arena, source, p);
    struct strbuf one;
    for (int last = 0; last < 2; last++) {
        strbuf_init(&one, w->fragments->arena);
        put_sample(&one, set, last);
        add_fragment(w->fragments, span_of(one.s, one.n));
        for (size_t i = 0; !last && !w->skipped_depth && i < (p->max > SPINE_REPEATS ? SPINE_REPEATS : p->max); i++)
            strbuf_add(&w->spine, one.s, one.n);
    }
    put_sample(&w->word, set, false);
    if (p->min != p->max) {
        end_word(w);
        add_fragment(w->fragments, span_of(w->spine.s, w->spine.n));
    }
}

static void walk_piece(struct walk *w, const struct regex_scan *scan, const struct regex_piece *p)
{
    if (p->kind == PIECE_ATOM) {
        walk_atom(w, scan->source, p);
        return;
    }
    end_word(w);
    if (p->kind == PIECE_OR && !w->skipped_depth)
        w->skipped_depth = scan->depth + 1;
    else if (p->kind == PIECE_CLOSE && w->skipped_depth > scan->depth + 1)
        w->skipped_depth = 0;
    add_fragment(w->fragments, span_of(w->spine.s, w->spine.n));
}

static void find_fragments(struct fragments *f, const char *source)
{
    static const char *const ordinary[] = {" ", "a", ".", "1", "@"};
    struct walk w = {.fragments = f};
    struct regex_scan scan;
    strbuf_init(&w.word, f->arena);
    strbuf_init(&w.spine, f->arena);
    regex_scan_init(&scan, source);
    for (struct regex_piece p = regex_scan_next(&scan); p.kind != PIECE_END; p = regex_scan_next(&scan))
        walk_piece(&w, &scan, &p);
    end_word(&w);
    add_fragment(f, span_of(w.spine.s, w.spine.n));
    for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
        add_fragment(f, span_z(ordinary[i]));
}

/* ----------------------------------------------------------------- texts */

struct parts {
    uint32_t items[PARTS], count;
};

struct shape {
    struct parts head, unit, tail;
};

static void change_parts(const struct fragments *f, struct parts *p)
{
    uint32_t at = next_random(PARTS);
    if (at >= p->count && p->count < PARTS)
        p->items[p->count++] = next_random(f->count);
    else if (next_random(3) == 0)
        p->count--;
    else
        p->items[at < p->count ? at : 0] = next_random(f->count);
}

static void change(const struct fragments *f, struct shape *shape)
{
    struct parts *all[] = {&shape->head, &shape->unit, &shape->unit, &shape->tail};
    change_parts(f, all[next_random(4)]);
    if (!shape->unit.count)
        shape->unit = (struct parts){{next_random(f->count)}, 1};
}

static size_t put_parts(const struct fragments *f, const struct parts *p, char *to, size_t room)
{
    size_t n = 0;
    for (uint32_t i = 0; i < p->count && n + f->items[p->items[i]].n <= room; i++) {
        memcpy(to + n, f->items[p->items[i]].s, f->items[p->items[i]].n);
        n += f->items[p->items[i]].n;
    }
    return n;
}

static struct span make_text(const struct fragments *f, const struct shape *shape, size_t bytes)
{
    static char text[LIMIT_SEARCHED_BYTES], tail[LIMIT_SEARCHED_BYTES];
    size_t tail_bytes = put_parts(f, &shape->tail, tail, bytes / 2);
    size_t n = put_parts(f, &shape->head, text, bytes / 2), added = 1;
    for (; added && n < bytes - tail_bytes; n += added)
        added = put_parts(f, &shape->unit, text + n, bytes - tail_bytes - n);
    memcpy(text + n, tail, tail_bytes);
    return span_of(text, n + tail_bytes);
}

/* ---------------------------------------------------------------- search */

struct worst {
    uint64_t steps;
    const char *source;
};

static uint64_t cost(struct regex_engine *engine, const struct regex *regex, struct span text)
{
    uint64_t account = ENOUGH_STEPS;
    regex_engine_allow(engine, ENOUGH_STEPS);
    regex_match(engine, regex, text, &account, NULL, NULL);
    return ENOUGH_STEPS - account;
}

static uint64_t search_once(const struct fragments *f, struct regex_engine *engine, const struct regex *regex,
                            size_t bytes)
{
    struct shape best = {.unit = {{next_random(f->count)}, 1}};
    uint64_t most = 0;
    for (int i = 0; i < CHANGES; i++) {
        struct shape other = best;
        change(f, &other);
        uint64_t steps = cost(engine, regex, make_text(f, &other, SHORT_BYTES));
        if (steps >= most) {
            best = other;
            most = steps;
        }
    }
    return cost(engine, regex, make_text(f, &best, bytes));
}

static uint64_t worst_cost(struct regex_engine *engine, const char *source, size_t bytes)
{
    struct arena arena;
    uint64_t most = 0;
    struct regex *regex = regex_compile(source, false, NULL);
    arena_init(&arena);
    struct fragments *f = arena_calloc(&arena, 1, sizeof *f);
    f->arena = &arena;
    find_fragments(f, source);
    for (int i = 0; regex && i < ROUNDS; i++) {
        uint64_t steps = search_once(f, engine, regex, bytes);
        most = steps > most ? steps : most;
    }
    arena_free(&arena);
    regex_free(regex);
    return most;
}

struct survey {
    struct regex_engine *engine;
    size_t count;
    struct worst worst[SHOWN + 1]; /* the worst first; the last is room for one more */
};

static void survey_regex(struct survey *s, const struct layer *layer, const struct pattern *p, size_t bytes)
{
    if (!p->is_regex || !p->text)
        return;
    struct worst w = {.source = layer_string(layer, p->text)};
    w.steps = worst_cost(s->engine, w.source, bytes);
    s->count++;
    if (w.steps > LIMIT_TEXT_STEPS_DEFAULT) {
        printf("FAIL %llu steps: %s\n", (unsigned long long)w.steps, w.source);
        failures++;
    }
    size_t at = SHOWN;
    for (; at && s->worst[at - 1].steps < w.steps; at--)
        s->worst[at] = s->worst[at - 1];
    s->worst[at] = w;
}

static void survey_layer(struct regex_engine *engine, const struct layer *layer, const char *name)
{
    struct survey s = {.engine = engine};
    for (size_t i = 0; i < layer->pattern_count; i++)
        survey_regex(&s, layer, &layer->patterns[i],
                     i < layer->first_line_pattern ? LIMIT_SEARCHED_BYTES : LIMIT_LINE_BYTES);
    for (size_t i = 0; i < layer->know_count; i++)
        survey_regex(&s, layer, &layer->knows[i].pattern, LIMIT_SEARCHED_BYTES);
    for (size_t i = 0; i < layer->action_count; i++)
        survey_regex(&s, layer, &layer->actions[i].pattern, LIMIT_SEARCHED_BYTES);
    for (size_t i = 0; i < layer->decided_count; i++)
        survey_regex(&s, layer, &layer->decided[i].pattern, LIMIT_SEARCHED_BYTES);
    printf("%s: %zu expressions\n", name, s.count);
    for (size_t i = 0; i < SHOWN && s.worst[i].source; i++)
        printf("%10llu  %s\n", (unsigned long long)s.worst[i].steps, s.worst[i].source);
    if (!s.count) {
        printf("FAIL %s: no expression\n", name);
        failures++;
    }
}

int main(int argc, char **argv)
{
    bounce_rules *rules = bounce_rules_default();
    struct regex_engine *engine = regex_engine_new(false);
    bounce_error error = {.message = ""};
    survey_layer(engine, ruleset_layer(rules, 0), "built-in rules");
    bounce_rules_unref(rules);
    rules = NULL;
    if (argc > 1 && bounce_rules_load((const char *const *)argv + 1, (size_t)argc - 1, NULL, NULL, &rules, &error)) {
        printf("FAIL %s: %s\n", argv[1], error.message);
        failures++;
    }
    if (rules)
        survey_layer(engine, ruleset_layer(rules, 1), "rules of a user");
    bounce_rules_unref(rules);
    regex_engine_free(engine);
    return failures != 0;
}
