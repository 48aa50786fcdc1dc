/* SPDX-License-Identifier: MIT */
/*
 * regex_shape.c - whether an expression can take too many ways through a text.
 *
 * In: an expression that PCRE2 accepts. Out: the first repeat that may make it too expensive. Repeats multiply their
 * ways if one can match what the next one needs, and what is between them, too: such repeats are called "open" here. An
 * expression without ^ is tried at every byte where its front matches, and may each time run as far as its repeats do,
 * if they match that front. Letters set a bound: two places of a word of five different letters are five bytes apart.
 * What the repeats do not show, such as alternatives that begin alike, is left to the account of the text. Refused:
 * expressions that may cost too much.
 */
#include "match/regex_shape.h"
#include "base/limits.h"
#include "match/regex_set.h"

#include <glib.h>
#include <string.h>

enum {
    START_STEPS = 8, /* cost of a try at a place */
    WAY_STEPS = 3,   /* forth, back, and what is tried */
    LOOP_STEPS = 8,  /* likewise, of a group */
    OPEN_MAX = 16,   /* repeats that are open at a place; of more, the last ones count */
    FRONT_MAX = 24,  /* pieces of the front that are looked at */
    LOOPS_MAX = 6    /* repeated groups inside each other, each of which is read twice */
};
#define WAYS_MAX (UINT64_C(1) << 40)

/* Different letters, as bits. */
struct letters {
    uint64_t bits[2];
};

/* A repeat that can still give back what the next one may take. */
struct open_repeat {
    size_t id; /* where it is */
    const struct regex_set *set;
    uint64_t ways;          /* with those of the repeats before it that it multiplies */
    struct letters between; /* that must follow it */
};

struct shape {
    struct open_repeat open[OPEN_MAX];
    size_t open_count;
    const struct regex_set *front[FRONT_MAX]; /* what must be matched first, in order */
    size_t front_count;
    struct letters letters; /* of the front */
    bool anchored, begun;   /* by ^; something is matched already */
};

struct shaper {
    struct arena *arena;
    struct regex_scan scan;
    size_t loops;                 /* repeated groups inside each other, of the group that was read last */
    const struct regex_set *seen; /* everything that the current group matches */
    struct regex_problem *problem;
    bool failed;
};

/* --------------------------------------------------------------- letters */

/* Two letters outside ASCII may count as one. */
static void add_letter(struct letters *l, uint32_t c)
{
    uint32_t bit = c < 128 ? c : 64 + c * UINT32_C(2654435761) / (UINT32_MAX / 64 + 1);
    if (c)
        l->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static uint64_t letter_count(const struct letters *l)
{
    int n = __builtin_popcountll(l->bits[0]) + __builtin_popcountll(l->bits[1]);
    return n ? (uint64_t)n : 1;
}

static void keep_fewer(struct letters *l, const struct letters *other)
{
    if (letter_count(other) < letter_count(l))
        *l = *other;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return b && a > WAYS_MAX / b ? WAYS_MAX : a * b;
}

/* --------------------------------------------------------------- repeats */

static bool fail(struct shaper *s, size_t at, const char *message)
{
    if (!s->failed && s->problem) {
        s->problem->offset = at;
        g_strlcpy(s->problem->message, message, sizeof s->problem->message);
    }
    s->failed = true;
    return false;
}

/* Whether the set can match all of the front, so that the expression may begin inside its match. */
static bool meets_front(const struct shape *state, const struct regex_set *set)
{
    for (size_t i = 0; i < state->front_count; i++)
        if (!regex_sets_meet(state->front[i], set))
            return false;
    return true;
}

/* At how many places a repeat that runs this far may be reached. */
static uint64_t starts(const struct shape *state, const struct regex_set *set, uint64_t reach)
{
    if (state->anchored)
        return 1;
    uint64_t places = LIMIT_SEARCHED_BYTES / letter_count(&state->letters);
    return meets_front(state, set) ? places : MIN(places, LIMIT_SEARCHED_BYTES / reach + 1);
}

static uint64_t reach_of(uint32_t min, uint32_t max)
{
    uint64_t n = max == REGEX_ENDLESS || max > LIMIT_SEARCHED_BYTES ? LIMIT_SEARCHED_BYTES : max;
    return n > min ? n - min + 1 : 1;
}

static void open_repeat(struct shape *state, const struct open_repeat *repeat)
{
    for (size_t i = 0; i < state->open_count; i++)
        if (state->open[i].id == repeat->id) {
            state->open[i].ways = MAX(state->open[i].ways, repeat->ways);
            keep_fewer(&state->open[i].between, &repeat->between);
            return;
        }
    if (state->open_count == OPEN_MAX)
        memmove(state->open, state->open + 1, --state->open_count * sizeof *state->open);
    state->open[state->open_count++] = *repeat;
}

/* A repeat multiplies the ways of the open ones that meet it; that of a group does not multiply those inside. */
static bool add_repeat(struct shaper *s, struct shape *state, const struct regex_piece *p, const struct regex_set *set)
{
    uint64_t reach = reach_of(p->min, p->max), before = 1;
    for (size_t i = 0; i < state->open_count; i++)
        if (!(p->kind == PIECE_OPEN && state->open[i].id > p->start) && regex_sets_meet(state->open[i].set, set))
            before = MAX(before, state->open[i].ways / letter_count(&state->open[i].between));
    uint64_t steps = p->possessive ? 1 : p->kind == PIECE_OPEN ? LOOP_STEPS : WAY_STEPS;
    uint64_t ways = multiply(before, reach), each = START_STEPS + multiply(ways, steps);
    if (multiply(each, starts(state, set, reach)) > LIMIT_TEXT_STEPS_DEFAULT)
        return fail(s, p->start,
                    before > 1 ? "this repeat and one before it can divide a text in too many ways: let them match "
                                 "different characters, or limit both"
                               : "this repeat can run too far from too many places: limit it, begin with ^, or "
                                 "exclude what comes before it");
    if (!p->possessive)
        open_repeat(state, &(struct open_repeat){.id = p->start, .set = set, .ways = ways});
    return true;
}

/* A piece that must match closes the repeats that cannot match it. */
static void pass_must(struct shape *state, const struct regex_set *set)
{
    size_t kept = 0;
    uint32_t letter = regex_set_letter(set);
    for (size_t i = 0; i < state->open_count; i++)
        if (regex_sets_meet(state->open[i].set, set)) {
            state->open[kept] = state->open[i];
            add_letter(&state->open[kept++].between, letter);
        }
    state->open_count = kept;
    if (state->front_count < FRONT_MAX)
        state->front[state->front_count++] = set;
    add_letter(&state->letters, letter);
    state->begun = true;
}

static bool read_atom(struct shaper *s, struct shape *state, const struct regex_piece *p)
{
    const struct regex_set *set = regex_set_of(s->arena, s->scan.source, p);
    s->seen = regex_set_union(s->arena, s->seen, set);
    if (reach_of(p->min, p->max) > 2) {
        if (!add_repeat(s, state, p, set))
            return false;
        if (p->min && !p->possessive) { /* it is itself open, whatever it closes */
            struct open_repeat own = state->open[state->open_count - 1];
            pass_must(state, set);
            open_repeat(state, &own);
            return true;
        }
    }
    if (p->min)
        pass_must(state, set);
    return true;
}

/* ---------------------------------------------------------------- groups */

static void merge_open(struct shape *into, const struct shape *other)
{
    for (size_t i = 0; i < other->open_count; i++)
        open_repeat(into, &other->open[i]);
}

/* Merges the state after another alternative; both have the same front up to `common`. */
static void merge(struct shaper *s, struct shape *into, const struct shape *other, size_t common)
{
    static const struct regex_set nothing;
    merge_open(into, other);
    const struct regex_set *mine = into->front_count > common ? into->front[common] : into->anchored ? &nothing : NULL;
    const struct regex_set *its = other->front_count > common ? other->front[common]
                                  : other->anchored           ? &nothing
                                                              : NULL;
    into->front_count = common;
    if (mine && its && common < FRONT_MAX)
        into->front[into->front_count++] = regex_set_union(s->arena, mine, its);
    keep_fewer(&into->letters, &other->letters);
    into->anchored = into->anchored && other->anchored;
    into->begun = into->begun && other->begun;
}

static bool read_alternatives(struct shaper *s, struct shape *state, struct regex_piece *close);

/* Nothing inside an atomic group is given back: only the repeats before it are open. */
static void close_inside(struct shape *state, const struct shape *before)
{
    state->open_count = before->open_count;
    memcpy(state->open, before->open, sizeof state->open);
}

/* The content of a group; that of a repeated one is read twice, since its end meets its front. */
static bool read_inside(struct shaper *s, struct shape *state, const struct regex_piece *open,
                        struct regex_piece *close)
{
    const struct regex_scan at_start = s->scan;
    const struct shape before = *state;
    const size_t loops = s->loops;
    s->loops = 0;
    if (!read_alternatives(s, state, close))
        return false;
    if (open->atomic)
        close_inside(state, &before);
    if (close->max > 1) {
        if (++s->loops > LOOPS_MAX)
            return fail(s, open->start, "repeats are nested too deep");
        const size_t own_loops = s->loops;
        s->scan = at_start;
        if (!read_alternatives(s, state, close))
            return false;
        s->loops = own_loops;
    }
    s->loops = MAX(s->loops, loops);
    return true;
}

/* The repeat of a group. */
static bool read_loop(struct shaper *s, struct shape *state, const struct regex_piece *open,
                      const struct regex_piece *close)
{
    const struct regex_piece loop = {.kind = PIECE_OPEN,
                                     .start = open->start,
                                     .min = close->min,
                                     .max = close->max,
                                     .possessive = close->possessive};
    return open->kind != PIECE_OPEN || reach_of(close->min, close->max) <= 2 || add_repeat(s, state, &loop, s->seen);
}

/* A group, repeated or not. */
static bool read_group(struct shaper *s, struct shape *state, const struct regex_piece *open)
{
    static const struct regex_set nothing;
    const struct shape before = *state;
    const struct regex_set *seen = s->seen;
    struct regex_piece close;
    s->seen = &nothing;
    if (!read_inside(s, state, open, &close) || !read_loop(s, state, open, &close))
        return false;
    s->seen = regex_set_union(s->arena, s->seen, seen);
    if (open->atomic || close.possessive)
        close_inside(state, &before);
    if (open->kind == PIECE_LOOK)
        *state = before;
    else if (!close.min)
        merge(s, state, &before, before.front_count);
    return true;
}

static bool read_piece(struct shaper *s, struct shape *state, const struct regex_piece *p)
{
    switch (p->kind) {
    case PIECE_ATOM: return read_atom(s, state, p);
    case PIECE_OPEN:
    case PIECE_LOOK: return read_group(s, state, p);
    case PIECE_START: state->anchored = state->anchored || (!state->begun && p->min); return true;
    default: return true;
    }
}

/* Reads up to the end of the group, which becomes *close, or of the expression. */
static bool read_alternatives(struct shaper *s, struct shape *state, struct regex_piece *close)
{
    const struct shape before = *state;
    struct shape all = before;
    bool first = true;
    for (;;) {
        struct regex_piece p = regex_scan_next(&s->scan);
        if (p.kind != PIECE_OR && p.kind != PIECE_CLOSE && p.kind != PIECE_END) {
            if (!read_piece(s, state, &p))
                return false;
            continue;
        }
        if (first)
            all = *state;
        else
            merge(s, &all, state, before.front_count);
        first = false;
        *state = before;
        if (p.kind != PIECE_OR) {
            *state = all;
            *close = p;
            return true;
        }
    }
}

bool regex_shape_is_good(const char *source, struct regex_problem *problem)
{
    struct arena a;
    struct shape state = {.open_count = 0};
    struct regex_piece close;
    arena_init_small(&a, 4096);
    struct shaper s = {.arena = &a, .problem = problem, .seen = &(const struct regex_set){.count = 0}};
    regex_scan_init(&s.scan, source);
    read_alternatives(&s, &state, &close);
    arena_free(&a);
    return !s.failed;
}
