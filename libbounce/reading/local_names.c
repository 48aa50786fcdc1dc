/* SPDX-License-Identifier: MIT */
/*
 * local_names.c - recipients that a report names without a domain.
 *
 * In: the lines of a report in which no address is that of a recipient. Out: names,
 * each once, with the line that says most about it. Refused: words that no mark
 * shows to be names.
 */
#include "reading/local_names.h"
#include "base/limits.h"
#include "mail/address_index.h"
#include "reading/lines.h"

#include <string.h>

struct name_list {
    struct reading *rd;
    struct local_name *list;
    size_t count, capacity;
    struct address_index places;
};

static bool is_name_byte(char c)
{
    return ascii_is_alnum(c) || (c && strchr("._-+", c));
}

/* The name at the start of t; none: n 0. */
static struct span name_at(struct span t)
{
    size_t n = 0;
    while (n < t.n && (is_name_byte(t.s[n]) || (n && t.s[n] == '!'))) /* "mars!joe": UUCP */
        n++;
    while (n && t.s[n - 1] == '.') /* "jsmith..." */
        n--;
    return span_of(t.s, n > 1 && ascii_is_alnum(t.s[0]) ? n : 0);
}

static void add_name(struct name_list *l, struct span name, size_t line)
{
    if (l->count >= LIMIT_RECIPIENTS || *address_index_at(&l->places, name, l->count) < l->count)
        return;
    l->list = arena_grow(l->rd->scratch, l->list, l->count, &l->capacity, sizeof *l->list);
    l->list[l->count++] = (struct local_name){name, line};
}

/* A name is alone, or columns or marks divide it from what is said about it. "https:" is not a name. */
static bool is_divided(struct span t, size_t n)
{
    if (span_starts_nocase(span_of(t.s + n, t.n - n), "://"))
        return false;
    return n == t.n ||
           (n + 1 < t.n && (strchr("\t\":;,(<", t.s[n]) || (t.s[n] == ' ' && strchr(" \t\"(-", t.s[n + 1]))));
}

/* "bob: user unknown" below a list of names: more is said about him there. */
static void find_what_is_said(struct name_list *l)
{
    size_t k;
    for (size_t i = l->rd->region_first; l->count && i < l->rd->region_last; i++) {
        const struct span t = l->rd->lines[i].trimmed, name = name_at(t);
        if (l->rd->lines[i].boilerplate || !name.n || name.n + 1 >= t.n || !is_divided(t, name.n) ||
            !address_index_find(&l->places, name, &k) || l->list[k].line >= i)
            continue;
        const struct span known = l->rd->lines[l->list[k].line].trimmed;
        if (known.n == name.n) /* nothing is said there */
            l->list[k].line = i;
    }
}

size_t local_names_listed(struct reading *rd, struct local_name **names)
{
    struct name_list l = {.rd = rd};
    bool announced = false;
    address_index_init(&l.places, rd->scratch);
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct span t = rd->lines[i].trimmed;
        if (rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        if (t.s[t.n - 1] == ':') {
            announced = word_search(rd->words->of[WORDS_NAMES_FOLLOW], t, reading_line_pairs(&rd->lines[i]));
            continue;
        }
        const struct span name = name_at(t);
        if (announced && name.n && is_divided(t, name.n))
            add_name(&l, name, i);
        announced = announced && name.n == t.n;
    }
    find_what_is_said(&l);
    *names = l.list;
    return l.count;
}

/* The name in quotes or brackets that follows a word for recipients at the start of t. */
static struct span marked_name(const struct reading *rd, struct span t)
{
    static const char open[] = "\"'<[(", close[] = "\"'>])";
    const struct search_word *word = word_at_start(rd->words->of[WORDS_RECIPIENT_BEFORE], t);
    const struct span none = span_of(t.s, 0);
    if (!word)
        return none;
    const struct span rest = span_trim(span_of(t.s + word->text.n, t.n - word->text.n));
    const char *mark = rest.n > 2 && rest.s[0] ? strchr(open, rest.s[0]) : NULL;
    const struct span name = mark ? name_at(span_of(rest.s + 1, rest.n - 1)) : none;
    return name.n && name.n + 1 < rest.n && name.s[name.n] == close[mark - open] ? name : none;
}

/* "jsmith... User unknown" after a reply code: Sendmail. */
static struct span dotted_name(struct reading *rd, struct span t)
{
    enum { CODE_BYTES = 3 };
    if (t.n < 2 * CODE_BYTES || texts_codes_of(rd, span_of(t.s, CODE_BYTES)).code < 400)
        return span_of(t.s, 0);
    const struct span name = name_at(span_trim(span_of(t.s + CODE_BYTES, t.n - CODE_BYTES)));
    const struct span rest = span_of(name.s + name.n, (size_t)(t.s + t.n - name.s) - name.n);
    return span_starts_nocase(rest, "... ") ? name : span_of(t.s, 0);
}

size_t local_names_told(struct reading *rd, struct local_name **names)
{
    struct name_list l = {.rd = rd};
    address_index_init(&l.places, rd->scratch);
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        const struct span t = rd->lines[i].trimmed;
        if (rd->lines[i].blank || rd->lines[i].boilerplate || rd->lines[i].has_at)
            continue;
        struct span name = dotted_name(rd, t);
        for (size_t k = 0; !name.n && k < t.n; k++)
            if (!k || t.s[k - 1] == ' ')
                name = marked_name(rd, span_of(t.s + k, t.n - k));
        if (name.n)
            add_name(&l, name, i);
    }
    *names = l.list;
    return l.count;
}
