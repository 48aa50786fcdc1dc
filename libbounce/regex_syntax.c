/* SPDX-License-Identifier: MIT */
/*
 * regex_syntax.c - what can be told of a regular expression by its syntax.
 *
 * What comes in: an expression that PCRE2 has accepted. What goes out: whether
 * it begins with an endless repeat, and a literal that each match must hold.
 * Both answers are careful: what is not understood counts as "no repeat" and
 * "no literal", which costs speed and never a match.
 */
#include "match_regex.h"
#include "literals.h"

#include <string.h>

enum { DEPTH_MAX = 256 }; /* PCRE2 refuses more than 250 levels of parentheses */

enum token_kind {
    TOKEN_ATOM,
    TOKEN_LITERAL,
    TOKEN_OPEN,
    TOKEN_LOOK,
    TOKEN_CLOSE,
    TOKEN_OR,
    TOKEN_ANCHOR,
    TOKEN_EMPTY,
    TOKEN_END
};

struct token {
    enum token_kind kind;
    size_t start, end; /* without its quantifier */
    size_t next;       /* behind the quantifier */
    bool quantified, optional, endless;
};

static size_t class_end(const char *s, size_t i)
{
    i++; /* [ */
    if (s[i] == '^')
        i++;
    if (s[i] == ']')
        i++;
    while (s[i] && s[i] != ']') {
        if (s[i] == '\\' && s[i + 1]) {
            i += 2;
        } else if (s[i] == '[' && s[i + 1] == ':' && strstr(s + i, ":]")) {
            i = (size_t)(strstr(s + i, ":]") - s) + 2;
        } else {
            i++;
        }
    }
    return s[i] ? i + 1 : i;
}

/* What belongs to an escape behind its letter: \p{L}, \pL, \x2d, \k<name>,
 * \g{-1}, \cA, \012. */
static size_t escape_tail(const char *s, char letter)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    if (strchr("pPxogkN", letter) && *s && strchr("{<'", *s)) {
        size_t n = 1 + strcspn(s + 1, "}>'");
        return n + (s[n] != '\0');
    }
    if (letter == 'p' || letter == 'P' || letter == 'c')
        return *s != '\0';
    if (letter == 'x')
        return strspn(s, hex) < 2 ? strspn(s, hex) : 2;
    return letter == 'g' || ascii_is_digit(letter) ? strspn(s, "+-0123456789") : 0;
}

static void read_escape(const char *s, struct token *t)
{
    char c = s[t->start + 1];
    t->kind = TOKEN_ATOM;
    t->end = t->start + (c ? 2 : 1);
    if (c == 'A' || c == 'G')
        t->kind = TOKEN_ANCHOR;
    else if (c && strchr("bBzZKQE", c))
        t->kind = TOKEN_EMPTY;
    else if (c)
        t->end += escape_tail(s + t->end, c);
}

/* "(?<name>", "(?:", "(?=" … */
static void read_open(const char *s, struct token *t)
{
    size_t i = t->start + 1;
    t->kind = TOKEN_OPEN;
    if (s[i] == '?') {
        i++;
        if (s[i] == '#') { /* a comment: all of it */
            i += strcspn(s + i, ")");
            t->kind = TOKEN_EMPTY;
            i += s[i] == ')';
        } else if (s[i] == '=' || s[i] == '!' || (s[i] == '<' && (s[i + 1] == '=' || s[i + 1] == '!'))) {
            t->kind = TOKEN_LOOK;
            i += s[i] == '<' ? 2 : 1;
        } else if (s[i] == '<' || s[i] == '\'' || (s[i] == 'P' && s[i + 1] == '<')) {
            i += s[i] == 'P' ? 2 : 1;
            i += strcspn(s + i, ">'");
            i += s[i] != '\0';
        } else {
            i += strcspn(s + i, ":)|>");
            i += s[i] == ':' || s[i] == '|' || s[i] == '>';
        }
    }
    t->end = i;
}

static bool read_braces(const char *s, size_t *i, struct token *t)
{
    size_t j = *i + 1, digits = strspn(s + j, "0123456789");
    if (!digits)
        return false;
    bool zero = strspn(s + j, "0") == digits;
    j += digits;
    bool comma = s[j] == ',';
    j += comma;
    size_t more = strspn(s + j, "0123456789");
    if (s[j + more] != '}')
        return false;
    t->optional = zero;
    t->endless = comma && !more;
    *i = j + more + 1;
    return true;
}

static void read_quantifier(const char *s, struct token *t)
{
    size_t i = t->end;
    if (t->kind == TOKEN_OPEN || t->kind == TOKEN_LOOK || t->kind == TOKEN_OR || t->kind == TOKEN_END) {
        t->next = i;
        return;
    }
    if (s[i] && strchr("*+?", s[i])) {
        t->quantified = true;
        t->optional = s[i] != '+';
        t->endless = s[i] != '?';
        i++;
    } else if (s[i] == '{') {
        t->quantified = read_braces(s, &i, t);
    }
    if (t->quantified && (s[i] == '?' || s[i] == '+')) /* lazy, possessive */
        i++;
    t->next = i;
}

static struct token next_token(const char *s, size_t i)
{
    struct token t = {.start = i, .end = i + 1, .kind = TOKEN_LITERAL};
    switch (s[i]) {
    case '\0':
        t.kind = TOKEN_END;
        t.end = i;
        break;
    case '(':
        read_open(s, &t);
        break;
    case ')':
        t.kind = TOKEN_CLOSE;
        break;
    case '|':
        t.kind = TOKEN_OR;
        break;
    case '^':
        t.kind = TOKEN_ANCHOR;
        break;
    case '$':
        t.kind = TOKEN_EMPTY;
        break;
    case '.':
        t.kind = TOKEN_ATOM;
        break;
    case '[':
        t.kind = TOKEN_ATOM;
        t.end = class_end(s, i);
        break;
    case '\\':
        read_escape(s, &t);
        break;
    default: /* one character of any script */
        while (((unsigned char)s[t.end] & 0xc0) == 0x80)
            t.end++;
    }
    read_quantifier(s, &t);
    return t;
}

/* Of each level of parentheses: is nothing that takes up text read yet? */
struct start_state {
    bool at_start[DEPTH_MAX], opened_at_start[DEPTH_MAX], is_look[DEPTH_MAX];
    size_t depth;
};

static bool enter_group(struct start_state *st, bool is_look)
{
    if (st->depth + 1 == DEPTH_MAX)
        return false;
    bool at_start = st->at_start[st->depth++];
    st->at_start[st->depth] = st->opened_at_start[st->depth] = at_start;
    st->is_look[st->depth] = is_look;
    return true;
}

/* True if the group as a whole is repeated without an end. */
static bool leave_group(struct start_state *st, const struct token *t)
{
    bool *outer = &st->at_start[--st->depth];
    if (st->is_look[st->depth + 1])
        return false;
    bool endless = *outer && t->endless;
    *outer = *outer && t->optional;
    return endless;
}

static bool pass_atom(struct start_state *st, const struct token *t)
{
    bool *here = &st->at_start[st->depth], endless = *here && t->endless;
    *here = *here && t->optional;
    return endless;
}

bool regex_begins_unbounded(const char *source, size_t *offset)
{
    struct start_state st = {.at_start = {true}, .opened_at_start = {true}};
    for (struct token t = next_token(source, 0); t.kind != TOKEN_END; t = next_token(source, t.next)) {
        bool endless = false;
        if (t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK) {
            if (!enter_group(&st, t.kind == TOKEN_LOOK))
                return false;
        } else if (t.kind == TOKEN_CLOSE) {
            if (!st.depth)
                return false;
            endless = leave_group(&st, &t);
        } else if (t.kind == TOKEN_OR) {
            st.at_start[st.depth] = st.opened_at_start[st.depth];
        } else if (t.kind == TOKEN_ANCHOR) {
            st.at_start[st.depth] = false;
        } else if (t.kind == TOKEN_ATOM || t.kind == TOKEN_LITERAL) {
            endless = pass_atom(&st, &t);
        }
        *offset = t.start;
        if (endless)
            return true;
    }
    return false;
}

/* ---------------------------------------------------------- sure literals */

/* Literals of which every match holds at least one. */
struct literal_set {
    struct span items[REGEX_LITERALS_MAX]; /* as they stand in the source: escapes included */
    size_t count; /* 0: nothing is sure */
    size_t worth; /* of the one that is worth least */
};

enum { LONG_ENOUGH_BYTES = 8, ORDINARY_DIVISOR = 3, NESTING_MAX = 12 };

/* A longer literal is worth more, up to a length, but words that stand in most
 * reports are worth little. */
static size_t worth_of(struct span literal)
{
    size_t worth = literal.n;
    for (size_t i = 0; i < literal.n; i++)
        worth -= literal.s[i] == '\\';
    if (worth > LONG_ENOUGH_BYTES)
        worth = LONG_ENOUGH_BYTES;
    return literal_is_ordinary(literal) ? worth / ORDINARY_DIVISOR : worth;
}

/* Of equals, fewer are better. */
static bool is_better(const struct literal_set *a, const struct literal_set *b)
{
    return a->count && (!b->count || a->worth > b->worth || (a->worth == b->worth && a->count < b->count));
}

static void offer(struct literal_set *best, const struct literal_set *set)
{
    if (is_better(set, best))
        *best = *set;
}

static void offer_run(struct literal_set *best, struct span run)
{
    run = span_trim(run);
    if (run.n && run.s[run.n - 1] == '\\') /* its blank was cut off */
        run.n--;
    struct literal_set set = {.count = 1};
    set.items[0] = run;
    if (!run.n)
        return;
    set.worth = worth_of(run);
    offer(best, &set);
}

static void branches(const char *s, size_t *at, struct literal_set *all);

/* "\.", "\@": the sign itself. */
static bool is_escaped_sign(const char *s, const struct token *t)
{
    return t->kind == TOKEN_ATOM && s[t->start] == '\\' && s[t->start + 1] > ' ' && s[t->start + 1] < 0x7f &&
           !ascii_is_alnum(s[t->start + 1]);
}

/* One alternative, up to '|', ')' or the end: the best of its runs of plain
 * characters and of its groups, which may have alternatives themselves. */
static struct token branch(const char *s, size_t *at, struct literal_set *best)
{
    struct span run = {s + *at, 0};
    *best = (struct literal_set){.count = 0};
    for (;;) {
        struct token t = next_token(s, *at);
        *at = t.next;
        bool plain = (t.kind == TOKEN_LITERAL || is_escaped_sign(s, &t)) && !t.optional;
        if (plain && run.s + run.n == s + t.start) {
            run.n += t.end - t.start;
            if (!t.quantified)
                continue;
        }
        offer_run(best, run);
        run = span_of(s + t.next, 0); /* "ab{2}c": what follows is not beside it in the text */
        if (t.kind == TOKEN_OR || t.kind == TOKEN_CLOSE || t.kind == TOKEN_END)
            return t;
        if (t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK) {
            struct literal_set inner;
            branches(s, at, &inner);
            struct token close = next_token(s, *at - 1);
            *at = close.next;
            if (t.kind == TOKEN_OPEN && !close.optional)
                offer(best, &inner);
            run = span_of(s + *at, 0);
        }
    }
}

/* Adds the literals of one alternative. False if it has none, or too many. */
static bool add_branch(struct literal_set *all, const struct literal_set *one)
{
    if (!one->count || all->count + one->count > REGEX_LITERALS_MAX)
        return false;
    if (!all->count || one->worth < all->worth)
        all->worth = one->worth;
    memcpy(all->items + all->count, one->items, one->count * sizeof *one->items);
    all->count += one->count;
    return true;
}

/* All alternatives up to the ')' that ends them, behind which *at is then, but
 * for its quantifier. */
static void branches(const char *s, size_t *at, struct literal_set *all)
{
    bool sure = true;
    struct token last;
    *all = (struct literal_set){.count = 0};
    do {
        struct literal_set one;
        last = branch(s, at, &one);
        sure = sure && add_branch(all, &one);
    } while (last.kind == TOKEN_OR);
    *at = last.end;
    if (!sure)
        all->count = 0;
}

static size_t nesting(const char *source)
{
    size_t depth = 0, deepest = 0;
    for (struct token t = next_token(source, 0); t.kind != TOKEN_END; t = next_token(source, t.next)) {
        depth += t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK;
        depth -= t.kind == TOKEN_CLOSE && depth;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* Recursion, conditions, flags, verbs and \Q change what plain characters
 * mean: only groups, look-around, names and comments are understood. */
static bool is_plain_syntax(const char *source)
{
    if (strstr(source, "\\Q") || strstr(source, "(*"))
        return false;
    for (const char *s = source; (s = strstr(s, "(?")); s += 2)
        if (!s[2] || !strchr(":|>=!<'#", s[2]))
            return false;
    return true;
}

size_t regex_literal_text(struct span literal, char *text)
{
    size_t n = 0;
    for (size_t i = 0; i < literal.n; i++) {
        i += literal.s[i] == '\\' && i + 1 < literal.n;
        text[n++] = literal.s[i];
    }
    return n;
}

size_t regex_sure_literals(const char *source, struct span literals[REGEX_LITERALS_MAX])
{
    struct literal_set all;
    size_t at = 0;
    if (!is_plain_syntax(source) || nesting(source) > NESTING_MAX)
        return 0;
    branches(source, &at, &all);
    if (source[at])
        return 0; /* not understood */
    memcpy(literals, all.items, all.count * sizeof *literals);
    return all.count;
}

/* \1, \k<name>, \g{-1}: the number or name of a group that may be gone. */
static bool refers_to_group(const char *s, const struct token *t)
{
    char c = t->kind == TOKEN_ATOM && s[t->start] == '\\' ? s[t->start + 1] : '\0';
    return c == 'k' || c == 'g' || (c >= '1' && c <= '9');
}

size_t regex_branches(const char *source, struct span found[REGEX_BRANCHES_MAX])
{
    size_t count = 0, depth = 0, start = 0;
    struct token t = {.kind = TOKEN_EMPTY};
    if (!is_plain_syntax(source))
        return 0;
    for (size_t at = 0; t.kind != TOKEN_END; at = t.next) {
        t = next_token(source, at);
        depth += t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK;
        depth -= t.kind == TOKEN_CLOSE && depth;
        if (refers_to_group(source, &t))
            return 0;
        if (t.kind != TOKEN_END && (t.kind != TOKEN_OR || depth))
            continue;
        if (count == REGEX_BRANCHES_MAX)
            return 0;
        found[count++] = span_of(source + start, t.start - start);
        start = t.next;
    }
    return depth ? 0 : count;
}
