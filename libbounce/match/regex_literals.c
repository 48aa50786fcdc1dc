/* SPDX-License-Identifier: MIT */
/*
 * regex_literals.c - literals of which every match of an expression holds one.
 *
 * What comes in: an expression that PCRE2 has accepted. What goes out: folded
 * texts, as the literal index takes them. Of each piece of the expression it is
 * worked out which texts it can stand for, if these are few ("mailer[-_]daemon"
 * stands for two); neighbours are put together as long as they stay few, and of
 * all sets of texts that cannot be avoided the one that tells most is taken.
 * What is not understood stands for any text, which costs speed and never a
 * match.
 */
#include "base/literals.h"
#include "match/regex.h"
#include "match/regex_token.h"
#include "text/text.h"

#include <string.h>

enum {
    NESTING_MAX = 12,
    EXACT_BYTES_MAX = 48, /* of such a text: a longer one tells no more */
    CLASS_MAX = 5,        /* characters of a class that is taken apart */
    FIRST_TEXTS = 4,
    ENOUGH_BYTES = 8,    /* a literal of so many is as good as a longer one */
    ORDINARY_DIVISOR = 3 /* words that stand in most reports are worth little */
};

struct texts {
    struct span *items; /* in the arena */
    size_t count, capacity;
};

/* One of these texts stands in all that a piece can be. */
struct sure {
    struct texts texts; /* count 0: none is known */
    size_t worth;       /* that of the one that is worth least */
    size_t from, to;    /* the part of the expression that it was told from */
};

struct piece {
    bool is_exact; /* it stands for one of the texts of exact, and for nothing else */
    struct texts exact;
    struct sure best, other; /* other was told from another part than best */
};

/* An expression, and how far it was read. */
struct expression {
    struct arena *arena;
    const char *source;
    size_t at;
    size_t exact_max; /* texts of pieces that are put together */
};

/* ------------------------------------------------------------------- sets */

static bool has_text(const struct texts *set, struct span text)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].n == text.n && !memcmp(set->items[i].s, text.s, text.n))
            return true;
    return false;
}

/* False at the cap. */
static bool add_text(struct expression *e, struct texts *set, struct span text, size_t cap)
{
    if (has_text(set, text))
        return true;
    if (set->count == cap)
        return false;
    if (set->count == set->capacity) {
        set->capacity = set->capacity ? set->capacity * 2 : FIRST_TEXTS;
        struct span *more = arena_alloc(e->arena, set->capacity * sizeof *more);
        if (set->count)
            memcpy(more, set->items, set->count * sizeof *more);
        set->items = more;
    }
    set->items[set->count++] = text;
    return true;
}

static size_t worth_of(struct span literal)
{
    size_t worth = literal.n < ENOUGH_BYTES ? literal.n : ENOUGH_BYTES;
    return literal_is_ordinary(literal) ? worth / ORDINARY_DIVISOR : worth;
}

/* It tells more than the other one; of equals, the smaller one. */
static bool is_better(const struct sure *a, const struct sure *b)
{
    if (!a->texts.count || !a->worth)
        return false;
    return a->worth > b->worth || (a->worth == b->worth && a->texts.count < b->texts.count) || !b->texts.count;
}

static bool overlap(const struct sure *a, const struct sure *b)
{
    return a->from < b->to && b->from < a->to;
}

static void offer(struct piece *to, const struct sure *set)
{
    if (is_better(set, &to->best)) {
        struct sure last = to->best;
        to->best = *set;
        if (last.texts.count && !overlap(&last, set))
            to->other = last;
        else if (overlap(&to->other, set))
            to->other = (struct sure){.worth = 0};
    } else if (!overlap(set, &to->best) && is_better(set, &to->other)) {
        to->other = *set;
    }
}

/* Those of a piece go together. */
static void offer_both(struct piece *to, const struct piece *p)
{
    offer(to, &p->best);
    if (to->best.texts.items == p->best.texts.items && is_better(&p->other, &to->other))
        to->other = p->other;
    else
        offer(to, &p->other);
}

/* One of these texts stands there: folded, as texts are searched. */
static void offer_texts(struct expression *e, struct piece *to, const struct texts *set, size_t from, size_t end)
{
    struct sure sure = {.worth = SIZE_MAX, .from = from, .to = end};
    for (size_t i = 0; i < set->count; i++) {
        struct span text = span_z(text_fold(e->arena, set->items[i]));
        size_t worth = worth_of(text);
        sure.worth = worth < sure.worth ? worth : sure.worth;
        add_text(e, &sure.texts, text, REGEX_LITERALS_MAX);
    }
    offer(to, &sure);
}

/* Each text of a with each of b behind it; false if these are too many. */
static bool put_together(struct expression *e, const struct texts *a, const struct texts *b, struct texts *all)
{
    *all = (struct texts){.count = 0};
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++) {
            size_t n = a->items[i].n + b->items[j].n;
            char *text = arena_alloc(e->arena, n + 1);
            if (n > EXACT_BYTES_MAX)
                return false;
            if (a->items[i].n)
                memcpy(text, a->items[i].s, a->items[i].n);
            if (b->items[j].n)
                memcpy(text + a->items[i].n, b->items[j].s, b->items[j].n);
            if (!add_text(e, all, span_of(text, n), e->exact_max))
                return false;
        }
    return true;
}

/* ----------------------------------------------------------------- pieces */

static struct piece piece_exact(struct expression *e, struct span text)
{
    struct piece p = {.is_exact = true};
    add_text(e, &p.exact, text, e->exact_max);
    return p;
}

/* One character of a class; 0 if it is more than that: a range, \d, [:alpha:]. */
static size_t class_character(const char *s, const char *end, struct span *character)
{
    size_t escaped = *s == '\\';
    if (escaped && (s + 1 == end || ascii_is_alnum(s[1])))
        return 0;
    size_t n = escaped + 1;
    while (s + n < end && ((unsigned char)s[n] & 0xc0) == 0x80)
        n++;
    if (*s == '[' || (s + n + 1 < end && s[n] == '-'))
        return 0;
    *character = span_of(s + escaped, n - escaped);
    return n;
}

/* "[-_ .]": one of a few characters. */
static struct piece read_class(struct expression *e, const char *s, const char *end)
{
    struct piece p = {.is_exact = true}, any = {.is_exact = false};
    if (*s == '^')
        return any;
    for (size_t n; s < end; s += n) {
        struct span character;
        n = class_character(s, end, &character);
        if (!n || !add_text(e, &p.exact, character, CLASS_MAX))
            return any;
    }
    return p;
}

static struct piece read_atom(struct expression *e, const struct regex_token *t)
{
    const char *s = e->source + t->start;
    if (t->kind == TOKEN_LITERAL)
        return piece_exact(e, span_of(s, t->end - t->start));
    if (*s == '[')
        return read_class(e, s + 1, e->source + t->end - 1);
    if (*s == '\\' && s[1] > ' ' && s[1] < 0x7f && !ascii_is_alnum(s[1])) /* "\.": the sign itself */
        return piece_exact(e, span_of(s + 1, 1));
    return (struct piece){.is_exact = false};
}

static void read_branches(struct expression *e, struct piece *all);

/* The piece that begins with this token; *last becomes the token with its quantifier. */
static struct piece read_piece(struct expression *e, struct regex_token *last)
{
    if (last->kind != TOKEN_OPEN && last->kind != TOKEN_LOOK)
        return last->kind == TOKEN_ATOM || last->kind == TOKEN_LITERAL ? read_atom(e, last)
                                                                       : piece_exact(e, span_z(""));
    bool look = last->kind == TOKEN_LOOK;
    struct piece inner;
    read_branches(e, &inner);
    *last = regex_next_token(e->source, e->at - 1);
    e->at = last->next;
    return look ? piece_exact(e, span_z("")) : inner; /* a look takes up nothing */
}

/* What a quantifier makes of it. "x?" may be nothing, "x*" and "x{0,2}" anything. */
static void quantify(struct expression *e, struct piece *p, const struct regex_token *t)
{
    if (!t->optional)
        return;
    p->best = p->other = (struct sure){.worth = 0};
    p->is_exact = p->is_exact && e->source[t->end] == '?' && add_text(e, &p->exact, span_z(""), e->exact_max);
}

/* ----------------------------------------------------------- alternatives */

/* One alternative on its way: run is what its last pieces stand for together,
 * from run_from on. */
struct branch {
    struct piece all;
    struct texts run;
    size_t run_from;
};

/* It ended at `end`, and the next one begins at `next`. */
static void end_run(struct expression *e, struct branch *b, size_t end, size_t next)
{
    offer_texts(e, &b->all, &b->run, b->run_from, end);
    b->all.is_exact = false;
    b->run = (struct texts){.count = 0};
    b->run_from = next;
    add_text(e, &b->run, span_z(""), e->exact_max);
}

/* The piece stands from `from` on, up to e->at. */
static void append(struct expression *e, struct branch *b, const struct piece *p, const struct regex_token *t,
                   size_t from)
{
    struct texts both;
    bool once = !t->quantified || t->optional;
    offer_both(&b->all, p);
    if (!p->is_exact) {
        end_run(e, b, from, e->at);
        return;
    }
    if (put_together(e, &b->run, &p->exact, &both))
        b->run = both;
    else {
        end_run(e, b, from, from);
        b->run = p->exact;
    }
    if (!once) { /* "ab{2}c": the last b stands before the c */
        end_run(e, b, e->at, from);
        b->run = p->exact;
    }
}

/* One alternative, up to '|', ')' or the end; gives the token that ends it. */
static struct regex_token read_branch(struct expression *e, struct piece *all)
{
    struct branch b = {.all = {.is_exact = true}, .run_from = e->at};
    add_text(e, &b.run, span_z(""), e->exact_max);
    for (;;) {
        struct regex_token t = regex_next_token(e->source, e->at);
        e->at = t.next;
        if (t.kind == TOKEN_OR || t.kind == TOKEN_CLOSE || t.kind == TOKEN_END) {
            offer_texts(e, &b.all, &b.run, b.run_from, t.start);
            b.all.exact = b.run;
            *all = b.all;
            return t;
        }
        size_t from = t.start;
        struct piece p = read_piece(e, &t);
        quantify(e, &p, &t);
        append(e, &b, &p, &t, from);
    }
}

static bool add_all(struct expression *e, struct texts *to, const struct texts *from, size_t cap)
{
    for (size_t i = 0; i < from->count; i++)
        if (!add_text(e, to, from->items[i], cap))
            return false;
    return true;
}

/* What stands in one alternative or the other: *all becomes that of one more. */
static void add_sure(struct expression *e, struct sure *all, const struct sure *one, bool is_first)
{
    struct sure both = *all;
    if (is_first)
        both = (struct sure){.worth = one->worth, .from = one->from, .to = one->to};
    both.worth = one->worth < both.worth ? one->worth : both.worth;
    both.from = one->from < both.from ? one->from : both.from;
    both.to = one->to > both.to ? one->to : both.to;
    bool known =
        one->texts.count && (is_first || all->texts.count) && add_all(e, &both.texts, &one->texts, REGEX_LITERALS_MAX);
    *all = known ? both : (struct sure){.worth = 0};
}

/* All alternatives up to the ')' that ends them, behind which e->at is then,
 * but for its quantifier. */
static void read_branches(struct expression *e, struct piece *all)
{
    struct regex_token last;
    bool is_first = true;
    *all = (struct piece){.is_exact = true};
    do {
        struct piece one;
        last = read_branch(e, &one);
        add_sure(e, &all->best, &one.best, is_first);
        add_sure(e, &all->other, &one.other, is_first);
        all->is_exact = all->is_exact && one.is_exact && add_all(e, &all->exact, &one.exact, e->exact_max);
        is_first = false;
    } while (last.kind == TOKEN_OR);
    e->at = last.end;
}

/* Where another one stands in it, to look for that is enough. */
static bool is_needed(const struct texts *texts, struct span text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (texts->items[i].n < text.n && span_find_bytes(text, texts->items[i]))
            return false;
    return true;
}

static size_t copy_texts(struct arena *a, const struct texts *texts, const char **copies)
{
    size_t count = 0;
    for (size_t i = 0; i < texts->count; i++)
        if (is_needed(texts, texts->items[i]))
            copies[count++] = arena_strndup(a, texts->items[i].s, texts->items[i].n);
    return count;
}

/* Looking for few texts costs less than a match that fails; very short ones stand everywhere. */
static bool is_useful(const char *const *texts, size_t count)
{
    enum { BYTES_MIN = 3, COUNT_MAX = 24 };
    bool useful = count && count <= COUNT_MAX;
    for (size_t i = 0; i < count; i++)
        useful = useful && strlen(texts[i]) >= BYTES_MIN;
    return useful;
}

size_t regex_sure_literals(struct arena *a, const char *source, enum regex_effort effort,
                           const char *literals[REGEX_LITERALS_MAX], const char *const **others)
{
    struct expression e = {.arena = a, .source = source, .exact_max = (size_t)effort};
    struct piece all;
    if (others)
        *others = NULL;
    if (!regex_is_plain(source) || regex_nesting(source) > NESTING_MAX)
        return 0;
    read_branches(&e, &all);
    if (source[e.at])
        return 0; /* not understood */
    const char **also = arena_calloc(a, all.other.texts.count + 1, sizeof *also);
    size_t count = copy_texts(a, &all.other.texts, also);
    if (others && is_useful(also, count))
        *others = also;
    return copy_texts(a, &all.best.texts, literals);
}
