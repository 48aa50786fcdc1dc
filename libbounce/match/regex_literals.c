/* SPDX-License-Identifier: MIT */
/*
 * regex_literals.c - literals that every match of a regular expression contains.
 *
 * In: an expression that PCRE2 accepts. Out: folded texts, as the literal index takes them. For each piece of the
 * expression, the texts that it matches are listed, if they are few ("mailer[-_]daemon" matches two); neighbours are
 * joined as long as their texts stay few. Of all sets of texts that no match can avoid, the most telling one is taken.
 * A piece that is not understood matches any text, which costs speed, never a match. Nothing is refused.
 */
#include "match/regex_literals.h"
#include "base/literals_build.h"
#include "match/regex_token.h"
#include "text/normal.h"

#include <string.h>

enum {
    NESTING_MAX = 12,
    EXACT_BYTES_MAX = 48, /* of one text: a longer one is not more selective */
    CLASS_MAX = 5,        /* characters of a class that are listed */
    ENOUGH_BYTES = 8,     /* a literal of this length is as selective as a longer one */
    ORDINARY_DIVISOR = 3  /* words that are in most reports are hardly selective */
};

struct texts {
    struct span *items; /* in the arena */
    size_t count, capacity;
};

/* Everything that a piece matches contains one of these texts. */
struct literal_set {
    struct texts texts; /* count 0: none is known */
    size_t worth;       /* the worst of its texts */
    size_t from, to;    /* the part of the expression that they come from */
};

struct piece {
    bool is_exact; /* it matches the texts of exact, and nothing else */
    struct texts exact;
    struct literal_set best, other; /* from parts that do not overlap */
};

/* An expression, and how far it has been read. */
struct expression {
    struct arena *arena;
    const char *source;
    size_t at;
    size_t exact_max; /* texts that a piece may match and still be exact */
};

/* ------------------------------------------------------------------- sets */

static bool texts_has(const struct texts *set, struct span text)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].n == text.n && !memcmp(set->items[i].s, text.s, text.n))
            return true;
    return false;
}

/* False at the cap. */
static bool texts_add(struct expression *e, struct texts *set, struct span text, size_t cap)
{
    if (texts_has(set, text))
        return true;
    if (set->count == cap)
        return false;
    set->items = arena_grow(e->arena, set->items, set->count, &set->capacity, sizeof *set->items);
    set->items[set->count++] = text;
    return true;
}

static size_t worth_of(struct span literal)
{
    size_t worth = literal.n < ENOUGH_BYTES ? literal.n : ENOUGH_BYTES;
    return literal_is_ordinary(literal) ? worth / ORDINARY_DIVISOR : worth;
}

/* The more selective set; of equals, the smaller one. */
static bool tells_more(const struct literal_set *a, const struct literal_set *b)
{
    if (!a->texts.count || !a->worth)
        return false;
    return a->worth > b->worth || (a->worth == b->worth && a->texts.count < b->texts.count) || !b->texts.count;
}

static bool come_from_same_part(const struct literal_set *a, const struct literal_set *b)
{
    return a->from < b->to && b->from < a->to;
}

static void offer(struct piece *to, const struct literal_set *set)
{
    if (tells_more(set, &to->best)) {
        struct literal_set last = to->best;
        to->best = *set;
        if (last.texts.count && !come_from_same_part(&last, set))
            to->other = last;
        else if (come_from_same_part(&to->other, set))
            to->other = (struct literal_set){.worth = 0};
    } else if (!come_from_same_part(set, &to->best) && tells_more(set, &to->other)) {
        to->other = *set;
    }
}

/* Offers both sets of a piece; they stay together if the first one is taken. */
static void offer_sets_of(struct piece *to, const struct piece *p)
{
    offer(to, &p->best);
    if (to->best.texts.items == p->best.texts.items && tells_more(&p->other, &to->other))
        to->other = p->other;
    else
        offer(to, &p->other);
}

/* Offers texts, folded like the texts that will be searched. */
static void offer_texts(struct expression *e, struct piece *to, const struct texts *set, size_t from, size_t end)
{
    struct literal_set sure = {.worth = SIZE_MAX, .from = from, .to = end};
    for (size_t i = 0; i < set->count; i++) {
        struct span text = span_z(text_fold(e->arena, set->items[i]));
        size_t worth = worth_of(text);
        sure.worth = worth < sure.worth ? worth : sure.worth;
        texts_add(e, &sure.texts, text, REGEX_LITERALS_MAX);
    }
    offer(to, &sure);
}

/* Each text of a followed by each of b; false if they are too many or too long. */
static bool texts_join(struct expression *e, const struct texts *a, const struct texts *b, struct texts *all)
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
            if (!texts_add(e, all, span_of(text, n), e->exact_max))
                return false;
        }
    return true;
}

/* ----------------------------------------------------------------- pieces */

static struct piece piece_exact(struct expression *e, struct span text)
{
    struct piece p = {.is_exact = true};
    texts_add(e, &p.exact, text, e->exact_max);
    return p;
}

/* Bytes of one character of a class; 0 if it is a range, \d or [:alpha:]. */
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

/* "[-_ .]": any of a few characters. */
static struct piece read_class(struct expression *e, const char *s, const char *end)
{
    struct piece p = {.is_exact = true}, any = {.is_exact = false};
    if (*s == '^')
        return any;
    for (size_t n; s < end; s += n) {
        struct span character;
        n = class_character(s, end, &character);
        if (!n || !texts_add(e, &p.exact, character, CLASS_MAX))
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
    if (*s == '\\' && s[1] > ' ' && s[1] < 0x7f && !ascii_is_alnum(s[1])) /* "\.": the character itself */
        return piece_exact(e, span_of(s + 1, 1));
    return (struct piece){.is_exact = false};
}

static void read_alternatives(struct expression *e, struct piece *all);

/* The piece that begins with *last, which becomes its last token, the one with the quantifier. */
static struct piece read_piece(struct expression *e, struct regex_token *last)
{
    if (last->kind != TOKEN_OPEN && last->kind != TOKEN_LOOK)
        return last->kind == TOKEN_ATOM || last->kind == TOKEN_LITERAL ? read_atom(e, last)
                                                                       : piece_exact(e, span_z(""));
    bool look = last->kind == TOKEN_LOOK;
    struct piece inner;
    read_alternatives(e, &inner);
    *last = regex_next_token(e->source, e->at - 1);
    e->at = last->next;
    return look ? piece_exact(e, span_z("")) : inner; /* look-around consumes no text */
}

/* Applies a quantifier. "x?" also matches nothing, "x*" and "x{0,2}" many texts. */
static void apply_quantifier(struct expression *e, struct piece *p, const struct regex_token *t)
{
    if (!t->optional)
        return;
    p->best = p->other = (struct literal_set){.worth = 0};
    p->is_exact = p->is_exact && e->source[t->end] == '?' && texts_add(e, &p->exact, span_z(""), e->exact_max);
}

/* ----------------------------------------------------------- alternatives */

/* One alternative while it is read. run: what its last pieces match together,
 * from run_from on. */
struct alternative {
    struct piece all;
    struct texts run;
    size_t run_from;
};

/* The run ended at `end`; the next one begins at `next`. */
static void end_run(struct expression *e, struct alternative *b, size_t end, size_t next)
{
    offer_texts(e, &b->all, &b->run, b->run_from, end);
    b->all.is_exact = false;
    b->run = (struct texts){.count = 0};
    b->run_from = next;
    texts_add(e, &b->run, span_z(""), e->exact_max);
}

/* Adds a piece that goes from `from` up to e->at. */
static void append_piece(struct expression *e, struct alternative *b, const struct piece *p,
                         const struct regex_token *t, size_t from)
{
    struct texts both;
    bool once = !t->quantified || t->optional;
    offer_sets_of(&b->all, p);
    if (!p->is_exact) {
        end_run(e, b, from, e->at);
        return;
    }
    if (texts_join(e, &b->run, &p->exact, &both))
        b->run = both;
    else {
        end_run(e, b, from, from);
        b->run = p->exact;
    }
    if (!once) { /* "ab{2}c": only the last b is next to the c */
        end_run(e, b, e->at, from);
        b->run = p->exact;
    }
}

/* Reads one alternative, up to '|', ')' or the end; returns the token that ends it. */
static struct regex_token read_alternative(struct expression *e, struct piece *all)
{
    struct alternative b = {.all = {.is_exact = true}, .run_from = e->at};
    texts_add(e, &b.run, span_z(""), e->exact_max);
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
        apply_quantifier(e, &p, &t);
        append_piece(e, &b, &p, &t, from);
    }
}

static bool texts_add_all(struct expression *e, struct texts *to, const struct texts *from, size_t cap)
{
    for (size_t i = 0; i < from->count; i++)
        if (!texts_add(e, to, from->items[i], cap))
            return false;
    return true;
}

/* Adds the set of one more alternative to *all. If any alternative has no set, the whole has none. */
static void merge_sets(struct expression *e, struct literal_set *all, const struct literal_set *one, bool is_first)
{
    struct literal_set both = *all;
    if (is_first)
        both = (struct literal_set){.worth = one->worth, .from = one->from, .to = one->to};
    both.worth = one->worth < both.worth ? one->worth : both.worth;
    both.from = one->from < both.from ? one->from : both.from;
    both.to = one->to > both.to ? one->to : both.to;
    bool known = one->texts.count && (is_first || all->texts.count) &&
                 texts_add_all(e, &both.texts, &one->texts, REGEX_LITERALS_MAX);
    *all = known ? both : (struct literal_set){.worth = 0};
}

/* Reads all alternatives, up to the ')' that ends them; e->at is then after it,
 * before its quantifier. */
static void read_alternatives(struct expression *e, struct piece *all)
{
    struct regex_token last;
    bool is_first = true;
    *all = (struct piece){.is_exact = true};
    do {
        struct piece one;
        last = read_alternative(e, &one);
        merge_sets(e, &all->best, &one.best, is_first);
        merge_sets(e, &all->other, &one.other, is_first);
        all->is_exact = all->is_exact && one.is_exact && texts_add_all(e, &all->exact, &one.exact, e->exact_max);
        is_first = false;
    } while (last.kind == TOKEN_OR);
    e->at = last.end;
}

/* A text that contains another one of the set adds nothing to it. */
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

/* Searching for a few texts costs less than a match that fails; very short ones are everywhere. */
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
    read_alternatives(&e, &all);
    if (source[e.at])
        return 0; /* not understood */
    const char **also = arena_calloc(a, all.other.texts.count + 1, sizeof *also);
    size_t count = copy_texts(a, &all.other.texts, also);
    if (others && is_useful(also, count))
        *others = also;
    return copy_texts(a, &all.best.texts, literals);
}
