/* SPDX-License-Identifier: MIT */
/*
 * regex_syntax.c - what the syntax of a regular expression shows.
 *
 * In: an expression that PCRE2 accepts. Out: whether it begins with an endless repeat, and its alternatives. One that
 * is not understood has neither, which costs speed, never a match. Nothing is refused.
 */
#include "match/regex_syntax.h"
#include "match/regex_token.h"

enum { DEPTH_MAX = 256 }; /* PCRE2 refuses more than 250 levels of parentheses */

/* By level of parentheses: whether nothing that matches text has been read yet. */
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
static bool leave_group(struct start_state *st, const struct regex_token *t)
{
    bool *outer = &st->at_start[--st->depth];
    if (st->is_look[st->depth + 1])
        return false;
    bool endless = *outer && t->endless;
    *outer = *outer && t->optional;
    return endless;
}

static bool pass_atom(struct start_state *st, const struct regex_token *t)
{
    bool *here = &st->at_start[st->depth], endless = *here && t->endless;
    *here = *here && t->optional;
    return endless;
}

/* *endless: a repeat without an end is tried at every byte. False if parentheses cannot be followed any further. */
static bool read_token(struct start_state *st, const struct regex_token *t, bool *endless)
{
    *endless = false;
    switch (t->kind) {
    case TOKEN_OPEN: return enter_group(st, false);
    case TOKEN_LOOK: return enter_group(st, true);
    case TOKEN_CLOSE:
        if (!st->depth)
            return false;
        *endless = leave_group(st, t);
        return true;
    case TOKEN_OR: st->at_start[st->depth] = st->opened_at_start[st->depth]; return true;
    case TOKEN_ANCHOR: st->at_start[st->depth] = false; return true;
    case TOKEN_ATOM:
    case TOKEN_LITERAL: *endless = pass_atom(st, t); return true;
    default: return true;
    }
}

bool regex_begins_unbounded(const char *source, size_t *offset)
{
    struct start_state st = {.at_start = {true}, .opened_at_start = {true}};
    struct regex_token t = regex_next_token(source, 0);
    bool endless = false, followed = true;
    for (; t.kind != TOKEN_END && followed && !endless; t = regex_next_token(source, t.next)) {
        followed = read_token(&st, &t, &endless);
        *offset = t.start;
    }
    return endless;
}

/* \1, \k<name>, \g{-1}: the group may be in another alternative. */
static bool refers_to_group(const char *s, const struct regex_token *t)
{
    char c = t->kind == TOKEN_ATOM && s[t->start] == '\\' ? s[t->start + 1] : '\0';
    return c == 'k' || c == 'g' || (c >= '1' && c <= '9');
}

size_t regex_branches(const char *source, struct span branches[REGEX_BRANCHES_MAX])
{
    size_t count = 0, depth = 0, start = 0;
    struct regex_token t = {.kind = TOKEN_EMPTY};
    if (!regex_is_plain(source))
        return 0;
    for (size_t at = 0; t.kind != TOKEN_END; at = t.next) {
        t = regex_next_token(source, at);
        depth += t.kind == TOKEN_OPEN || t.kind == TOKEN_LOOK;
        depth -= t.kind == TOKEN_CLOSE && depth;
        if (refers_to_group(source, &t))
            return 0;
        if (t.kind != TOKEN_END && (t.kind != TOKEN_OR || depth))
            continue;
        if (count == REGEX_BRANCHES_MAX)
            return 0;
        branches[count++] = span_of(source + start, t.start - start);
        start = t.next;
    }
    return depth ? 0 : count;
}
