/* SPDX-License-Identifier: MIT */
/*
 * reference.c - the reference matcher: a recursive search over all places.
 *
 * In: rule files without errors, a text, and the id of a rule. Out: whether the rule matches
 * the text, and where. It follows doc/rules.md sentence by sentence and nothing else; normal form, word boundaries
 * and the masked form are those of text/. Its cost is exponential in the number of elements, so it is for short texts.
 * Keywords that it does not know are skipped.
 */
#include "reference.h"
#include "base/utf8.h"
#include "text/word.h"

#include <glib.h>

enum { CLASSES_MAX = 4, MEMBERS_MAX = 8, RULES_MAX = 4, PATTERNS_MAX = 8, ELEMENTS_MAX = 8 };
enum { GAP_CHARACTERS_MAX = 60, GAP_BYTES_MAX = 80 };
enum join { TOUCH, SPACE, GAP, ANY }; /* the wider one is greater */

struct class {
    struct span name, language;
    struct span members[MEMBERS_MAX]; /* folded, with '*' and braces */
    size_t count;
    bool marks;
};
struct element {
    struct span text; /* words, or the name of a class */
    bool is_class, optional;
    enum join join; /* to the next element */
};
struct row {
    struct span keyword, language;
    struct element elements[ELEMENTS_MAX];
    size_t count;
    bool at_start, at_end;
};
struct rule {
    struct span id;
    struct row rows[PATTERNS_MAX];
    size_t count;
};
struct reference {
    struct arena *arena;
    struct class classes[CLASSES_MAX];
    struct rule rules[RULES_MAX];
    size_t class_count, rule_count;
};

/* ---------------------------------------------------------------- reading */

static bool take(struct span *rest, const char *z)
{
    size_t n = strlen(z);
    if (rest->n < n || memcmp(rest->s, z, n) != 0)
        return false;
    *rest = span_of(rest->s + n, rest->n - n);
    return true;
}

static enum join take_join(struct span *rest)
{
    return take(rest, " ... ") ? ANY : take(rest, " .. ") ? GAP : take(rest, " ") ? SPACE : TOUCH;
}

/* Words end before a class or a gap. */
static struct span take_words(struct span *rest)
{
    size_t n = 0;
    for (; n < rest->n && rest->s[n] != '{'; n++) {
        struct span behind = span_of(rest->s + n, rest->n - n);
        if (take(&behind, " {") || take(&behind, " .. ") || take(&behind, " ... "))
            break;
    }
    struct span words = span_of(rest->s, n);
    *rest = span_of(rest->s + n, rest->n - n);
    return words;
}

static void read_row(struct reference *r, struct row *row, struct span value)
{
    struct span rest = span_z(text_fold(r->arena, value));
    row->at_start = take(&rest, "^");
    row->at_end = rest.s[rest.n - 1] == '$';
    rest.n -= row->at_end;
    while (rest.n) {
        struct element *e = &row->elements[row->count++];
        e->is_class = take(&rest, "{");
        e->text = take_words(&rest);
        if (e->is_class) {
            const char *end = memchr(e->text.s, '}', e->text.n);
            rest = span_of(end + 1, (size_t)(rest.s + rest.n - end) - 1);
            e->text.n = (size_t)(end - e->text.s);
            e->optional = take(&rest, "?");
        }
        e->join = take_join(&rest);
    }
}

static void read_members(struct class *c, struct span value)
{
    for (const char *bar; (bar = span_find(value, " | "));) {
        c->members[c->count++] = span_of(value.s, (size_t)(bar - value.s));
        value = span_of(bar + 3, (size_t)(value.s + value.n - bar) - 3);
    }
    c->members[c->count++] = value;
}

static bool is_pattern(struct span keyword)
{
    static const char *const all[] = {"phrase", "token", "unless", "unless-near", "unless-token"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (span_equal_nocase(keyword, all[i]))
            return true;
    return false;
}

static void read_line(struct reference *r, struct span *language, struct span line)
{
    size_t n = 0;
    while (n < line.n && line.s[n] != ' ')
        n++;
    struct span keyword = span_of(line.s, n), value = span_trim(span_of(line.s + n, line.n - n));
    if (span_equal_nocase(keyword, "language")) {
        *language = value;
    } else if (span_equal_nocase(keyword, "words")) {
        r->classes[r->class_count++] = (struct class){.name = value, .language = *language};
    } else if (span_equal_nocase(keyword, "word")) {
        read_members(&r->classes[r->class_count - 1], span_z(text_fold(r->arena, value)));
    } else if (span_equal_nocase(keyword, "marks")) {
        r->classes[r->class_count - 1].marks = true;
    } else if (span_equal_nocase(keyword, "rule")) {
        r->rules[r->rule_count++].id = value;
    } else if (is_pattern(keyword)) {
        struct rule *rule = &r->rules[r->rule_count - 1];
        struct row *row = &rule->rows[rule->count++];
        *row = (struct row){.keyword = keyword, .language = *language};
        read_row(r, row, value);
    }
}

struct reference *reference_read(struct arena *a, const struct rule_text *files, size_t count)
{
    struct reference *r = arena_calloc(a, 1, sizeof *r);
    r->arena = a;
    for (size_t i = 0; i < count; i++) {
        struct span rest = span_z(files[i].text), line, language = {"", 0};
        while (span_next_line(&rest, &line))
            read_line(r, &language, span_trim(line));
    }
    return r;
}

/* -------------------------------------------------------------- searching */

struct place {
    size_t start, end, last; /* last: where the last element begins */
};

struct search {
    struct reference *r;
    const struct row *row;
    const struct norm_text *face;
    struct span text;        /* folded */
    size_t to;               /* the end of the part that is searched */
    struct place here, best; /* the chain so far; the one to show */
    bool found;
};

/* What is searched for at one place. */
struct step {
    size_t element, at;
    bool touches;   /* what precedes it */
    size_t gap_end; /* of a gap that is searched for marked members */
};
/* ends: whether a word must end there. */
typedef bool end_fn(struct search *s, const struct step *step, size_t end, bool ends);

/* A member or words, with `*` where a boundary is lifted. */
static bool literal(struct search *s, struct span written, const struct step *step, end_fn *fn)
{
    bool open_start = take(&written, "*"), open_end = written.n && written.s[written.n - 1] == '*';
    written.n -= open_end;
    size_t end = step->at + written.n;
    if (end > s->text.n || memcmp(s->text.s + step->at, written.s, written.n) != 0)
        return false;
    if (!open_start && !step->touches && !word_can_begin(s->text, step->at))
        return false;
    return fn(s, step, end, open_end || word_can_end(s->text, end));
}

static const struct class *class_named(struct reference *r, struct span name)
{
    for (size_t i = 0; i < r->class_count; i++)
        if (r->classes[i].name.n == name.n && memcmp(r->classes[i].name.s, name.s, name.n) == 0)
            return &r->classes[i];
    return NULL;
}

/* Calls fn for the end of each member, until it returns true. */
static bool each_member(struct search *s, const struct class *c, const struct step *step, end_fn *fn)
{
    bool done = false;
    for (size_t i = 0; i < c->count && !done; i++) {
        struct span member = c->members[i];
        done = member.s[0] == '{' ? each_member(s, class_named(s->r, span_of(member.s + 1, member.n - 2)), step, fn)
                                  : literal(s, member, step, fn);
    }
    return done;
}

/* -------------------------------------------------------------------- gaps */

static bool is_in_front_of_sentence(const struct search *s, size_t at)
{
    size_t size;
    if (at == s->text.n || s->text.s[at] == ' ')
        return true;
    gunichar c = utf8_get(s->face->text + (s->face->map ? s->face->map[at] : at), &size);
    return g_unichar_isalpha(c) && !g_unichar_islower(c);
}

static bool is_capital(const struct search *s, size_t at)
{
    return at < s->text.n && g_ascii_isupper(s->face->text[s->face->map ? s->face->map[at] : at]);
}

/* The end of the mark at `at`, if a sentence ends there, otherwise 0. */
static size_t sentence_end(const struct search *s, size_t at)
{
    struct span rest = span_of(s->text.s + at, s->text.n - at);
    if (take(&rest, "。"))
        return at + strlen("。");
    if (take(&rest, ".") && at && is_capital(s, at - 1) && is_capital(s, at + 1) && is_capital(s, at + 2))
        return 0;
    rest = span_of(s->text.s + at, s->text.n - at);
    bool is_mark = take(&rest, ".") || take(&rest, "!") || take(&rest, "?") || take(&rest, ";");
    return is_mark && is_in_front_of_sentence(s, at + 1) ? at + 1 : 0;
}

static bool is_in_gap(struct search *s, const struct step *step, size_t end, bool ends)
{
    (void)s;
    return ends && end <= step->gap_end;
}

/* Whether a member of a marked class of the phrase's language begins at `at` and ends inside the gap. */
static bool is_marked(struct search *s, size_t at, size_t gap_end)
{
    const struct step step = {.at = at, .gap_end = gap_end};
    for (size_t i = 0; i < s->r->class_count; i++) {
        const struct class *c = &s->r->classes[i];
        if (c->marks && span_same_nocase(c->language, s->row->language) && each_member(s, c, &step, is_in_gap))
            return true;
    }
    return false;
}

static bool is_gap(struct search *s, size_t start, size_t end)
{
    size_t characters = 0;
    for (size_t at = start; at < end; at++) {
        if (utf8_is_tail(s->text.s[at]))
            continue;
        if (++characters > GAP_CHARACTERS_MAX || sentence_end(s, at) || is_marked(s, at, end))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ chains */

static bool is_better(const struct place *a, const struct place *b)
{
    if (a->last != b->last)
        return a->last < b->last;
    return a->start != b->start ? a->start > b->start : a->end > b->end;
}

static void walk(struct search *s, size_t element, size_t at, bool touches);

/* Element `next` is tried everywhere after `end` where the join lets it begin; if it is optional, so is the
 * element after it, with the wider of the two joins. Words end there, unless it touches. */
static void walk_on(struct search *s, size_t next, enum join join, size_t end, bool ends)
{
    if (join == TOUCH)
        walk(s, next, end, true);
    else if (join == SPACE && ends && end < s->text.n && s->text.s[end] == ' ')
        walk(s, next, end + 1, false);
    for (size_t at = end; join >= GAP && ends && at <= s->to && at - end <= 4 * GAP_CHARACTERS_MAX; at++)
        if (join == ANY ? at - end <= GAP_BYTES_MAX : is_gap(s, end, at))
            walk(s, next, at, false);
    const struct element *e = &s->row->elements[next];
    if (e->optional)
        walk_on(s, next + 1, e->join > join ? e->join : join, end, ends);
}

static bool goes_on(struct search *s, const struct step *step, size_t end, bool ends)
{
    struct place *p = &s->here;
    if (step->element + 1 < s->row->count) {
        walk_on(s, step->element + 1, s->row->elements[step->element].join, end, ends);
    } else if (ends && end <= s->to && (!s->row->at_end || end == s->text.n)) {
        p->end = end;
        if (!s->found || is_better(p, &s->best))
            s->best = *p;
        s->found = true;
    }
    return false;
}

static void walk(struct search *s, size_t element, size_t at, bool touches)
{
    const struct element *e = &s->row->elements[element];
    const struct step step = {.element = element, .at = at, .touches = touches};
    if (at > s->text.n || utf8_is_tail(s->text.s[at]))
        return;
    s->here.last = at;
    if (e->is_class)
        each_member(s, class_named(s->r, e->text), &step, goes_on);
    else
        literal(s, e->text, &step, goes_on);
}

/* Searches one part of the text for a row. */
static bool find_in(struct reference *r, const struct row *row, const struct norm_text *face, size_t from, size_t to,
                    struct place *found)
{
    struct search s = {.r = r, .row = row, .face = face, .to = to};
    s.text = span_of(face->folded, face->folded_length);
    for (size_t at = from; at < to && (at == 0 || !row->at_start); at++) {
        s.here.start = at;
        walk(&s, 0, at, false);
    }
    *found = s.best;
    return s.found;
}

/* ------------------------------------------------------------------- rules */

/* In the form that the pattern sees, or, for a token, in one of the masked parts. */
static bool find(struct reference *r, const struct row *row, struct masked_text *masked, struct place *found)
{
    if (!span_ends_with(row->keyword, span_z("token"))) {
        const struct norm_text *face = masked_face(r->arena, masked);
        return find_in(r, row, face, 0, face->folded_length, found);
    }
    for (size_t i = 0; i < masked->count; i++)
        if (find_in(r, row, masked->text, masked->spans[i].folded_start, masked->spans[i].folded_end, found))
            return true;
    return false;
}

/* In the sentence of the match, without the mark at its end. */
static bool find_near(struct reference *r, const struct row *row, struct masked_text *masked, const struct place *match)
{
    struct search s = {.face = masked_face(r->arena, masked)};
    size_t from = 0, to;
    struct place other;
    s.text = span_of(s.face->folded, s.face->folded_length);
    for (size_t at = 0; at < match->start; at++)
        from = sentence_end(&s, at) ? sentence_end(&s, at) : from;
    for (to = match->end; to < s.text.n && !sentence_end(&s, to); to++)
        ;
    return find_in(r, row, s.face, from, to, &other);
}

static bool rule_matches(struct reference *r, const struct rule *rule, struct masked_text *masked, struct place *found)
{
    bool matches = false;
    struct place other;
    for (size_t i = 0; i < rule->count && !matches; i++)
        if (!span_starts_nocase(rule->rows[i].keyword, "unless"))
            matches = find(r, &rule->rows[i], masked, found);
    for (size_t i = 0; i < rule->count && matches; i++) {
        const struct row *row = &rule->rows[i];
        if (span_equal_nocase(row->keyword, "unless-near"))
            matches = !find_near(r, row, masked, found);
        else if (span_starts_nocase(row->keyword, "unless"))
            matches = !find(r, row, masked, &other);
    }
    return matches;
}

/* The characters of the text that correspond to the place in its folded form. */
static void whole_characters(const struct norm_text *text, const struct place *found, size_t *start, size_t *end)
{
    size_t at = 0;
    for (*start = 0; at <= text->length; at++) {
        if (utf8_is_tail(text->text[at]))
            continue;
        *start = norm_fold_offset(text, at) <= found->start ? at : *start;
        if ((*end = at) && norm_fold_offset(text, at) >= found->end)
            return;
    }
}

bool reference_match(struct reference *r, const char *id, const struct norm_text *text, const struct mask_facts *facts,
                     size_t *start, size_t *end)
{
    struct masked_text masked;
    struct place found = {0, 0, 0};
    text_mask(r->arena, text, facts, &masked);
    for (size_t i = 0; i < r->rule_count; i++) {
        if (!span_equal_nocase(r->rules[i].id, id) || !rule_matches(r, &r->rules[i], &masked, &found))
            continue;
        whole_characters(text, &found, start, end);
        return true;
    }
    return false;
}
