/* SPDX-License-Identifier: MIT */
/*
 * blocks.c - finds the recipients in the free text of any writer.
 *
 * In: the lines of a report. Out: a block for each address that the text shows
 * as failed: a line of its own ("<joe@example.net>:", "To: joe@example.net"),
 * or, where no line does that, a sentence or reply that names it. Refused:
 * the sender, servers' own names, addresses to write to for help.
 */
#include "reading/blocks.h"
#include "base/limits.h"
#include "mail/address_index.h"
#include "mail/address_list.h"
#include "mail/address_names.h"
#include "mail/address_scan.h"
#include "reading/block_shapes.h"
#include "reading/lines.h"
#include "reading/mentions.h"
#include "reading/paragraphs.h"

#include <stdlib.h>
#include <string.h>

struct block_candidate {
    struct span address;
    size_t line;
    enum shape shape;
};

struct candidates {
    struct reading *rd;
    struct block_candidate *list;
    size_t count, capacity;
    bool servers_too;      /* a postmaster may be a recipient */
    bool parents_too;      /* "generated from joe@example.net", where the address itself is not disclosed */
    struct span *contacts; /* addresses that the text names as somebody to turn to */
    size_t contact_count;
    /* By address (mentions.h): */
    size_t *places;          /* in list, counted from 1; 0: not there */
    unsigned char *own;      /* bits: in which field of the report's header */
    const char *original_to; /* of the returned message */
    size_t said_line;        /* for which says_failure() has answered said */
    enum shape said;
    size_t masked_line; /* the line that masked holds; SIZE_MAX: none */
    struct span masked;
};

enum { OWN_FROM = 1, OWN_TO = 2, OWN_PATH = 4 };

/* False if none of the addresses that the text names is in a header field:
 * one that both write without quotes stands there as it does here. */
static bool may_name_one(struct candidates *c, struct span value)
{
    enum { FEW = 8 };
    const size_t count = mentions_addresses(c->rd);
    if (count > FEW || memchr(value.s, '"', value.n) || memchr(value.s, '\\', value.n))
        return true;
    for (size_t id = 0; id < count; id++) {
        struct span s = mentions_first(c->rd, id)->found.address;
        if (memchr(s.s, '"', s.n) || memchr(s.s, '\\', s.n) || span_find_word(value, s))
            return true;
    }
    return false;
}

static void collect_own(struct candidates *c)
{
    const struct {
        const char *value;
        unsigned char bit;
    } own[] = {{c->rd->from, OWN_FROM},
               {c->rd->to, OWN_TO},
               {c->rd->return_path, OWN_PATH},
               {reading_original(c->rd, "From"), OWN_TO} /* whoever wrote the returned message */};
    c->own = arena_calloc(c->rd->scratch, mentions_addresses(c->rd) + 1, sizeof *c->own);
    for (size_t i = 0; i < COUNT(own); i++) {
        struct span value = span_z(own[i].value);
        struct span address;
        size_t id;
        if (!value.n || !may_name_one(c, value))
            continue;
        for (size_t pos = 0; address_list_next(value, &pos, &address);)
            if ((id = mentions_id(c->rd, address)) != MENTIONS_NONE)
                c->own[id] |= own[i].bit;
    }
    c->original_to = reading_original(c->rd, "To");
}

/* True if an address stands alone in line i, without a label, and the line
 * below is its reply: "#550 5.1.1 ...", "mx.example.net #<... #5.7.1 smtp;550 ...". */
static bool reply_below(struct reading *rd, size_t i, struct span address)
{
    struct span t = rd->lines[i].trimmed;
    if (i + 1 >= rd->region_last || rd->lines[i + 1].blank || address.s < t.s || address.s > t.s + 1)
        return false;
    return texts_codes_of(rd, rd->lines[i + 1].trimmed).code >= 400;
}

/* Whether the report itself says in line i, or right below, that this address was refused. */
static bool is_refused_in(struct reading *rd, const struct mention *m, size_t i)
{
    enum { LINES_BELOW = 6 };
    struct text_line *l = &rd->lines[i];
    enum shape shape = shape_of(rd->words, l->s, &m->found);
    const struct reply before = texts_codes_of(rd, span_of(l->s.s, m->found.start));
    if (reply_is_useful(&before)) /* a reply that names him: "550 Verification failed for <joe@example.org>" */
        return false;
    if (shape == SHAPE_LEADS) {
        const struct reply reply = texts_codes_of(rd, span_of(l->s.s + m->found.end, l->s.n - m->found.end));
        if (reply_is_useful(&reply))
            return true;
    }
    for (size_t k = i + 1; shape <= SHAPE_LEADS && shape && k < rd->region_last && k <= i + LINES_BELOW; k++) {
        if (rd->lines[k].blank || (rd->lines[k].has_at && !mentions_in_line(rd, k, m->id)))
            break;
        const struct reply reply = texts_codes_of(rd, rd->lines[k].trimmed);
        if (reply_is_useful(&reply))
            return true;
    }
    return false;
}

static bool is_own_address(struct candidates *c, const struct mention *m, size_t line)
{
    unsigned fields = c->own[m->id];
    if (!fields)
        return false;
    if (fields & OWN_FROM || !(fields & OWN_TO))
        return true;
    /* A sender may write to himself; and if the report shows no To, what it says of him tells. */
    return !span_find_word(span_z(c->original_to), m->found.address) && !is_refused_in(c->rd, m, line);
}

/* An address that stands twice counts where it stands stronger, or where its
 * reply stands (Exchange: first for people, then for administrators). */
static void add(struct candidates *c, struct span address, size_t *place, size_t line, enum shape shape)
{
    if (*place) {
        struct block_candidate *known = &c->list[*place - 1];
        bool better = shape == known->shape && shape == SHAPE_ALONE && reply_below(c->rd, line, address) &&
                      !reply_below(c->rd, known->line, known->address);
        if (shape < known->shape || better)
            *known = (struct block_candidate){address, line, shape};
        return;
    }
    if (c->count >= LIMIT_RECIPIENTS) {
        report_warn(c->rd->report, "too-many-recipients", "the report names more recipients than are read");
        return;
    }
    c->list = arena_grow(c->rd->scratch, c->list, c->count, &c->capacity, sizeof *c->list);
    c->list[c->count++] = (struct block_candidate){address, line, shape};
    *place = c->count;
}

/* Whether a sentence with an address says that its delivery failed: NONE, in
 * words (INSIDE), or in a reply that names it (REPLY). */
static enum shape says_failure(struct reading *rd, struct text_line *l)
{
    const struct reply reply = texts_codes_of(rd, l->s);
    if (reply_is_useful(&reply))
        return SHAPE_REPLY;
    if (word_search(rd->words->of[WORDS_SAYS_FAILURE], l->s, reading_line_pairs(l)))
        return SHAPE_INSIDE;
    struct norm_text norm;
    text_normalise(rd->scratch, l->s, LIMIT_SEARCHED_BYTES, &norm);
    struct searched_text *s = searched_text_new(rd->matcher, rd->scratch, &norm);
    struct match_scope scope = {.origin = ORIGIN_BESIDE};
    struct match_hit hit;
    return match_best(rd->matcher, s, &scope, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit) ? SHAPE_INSIDE
                                                                                                   : SHAPE_NONE;
}

/* ... asked once for a line, however many addresses it has. */
static enum shape line_says_failure(struct candidates *c, size_t line)
{
    if (c->said_line != line)
        c->said = says_failure(c->rd, &c->rd->lines[line]);
    c->said_line = line;
    return c->said;
}

/* Whether the words in front of an address in a line say that it is another
 * name for a recipient: "(expanded from: <x>)", "originally addressed to x". */
static bool names_parent(const struct reading *rd, struct text_line *l, struct span before)
{
    return word_search(rd->words->of[WORDS_OTHER_NAME], before, reading_line_pairs(l));
}

/* "pipe to |/usr/bin/filter" and below it "generated by robot@example.net": a
 * recipient that has no other address. The line of the pipe; SIZE_MAX: none. */
static size_t pipe_above(const struct candidates *c, size_t i)
{
    enum { LINES_ABOVE = 3 };
    for (size_t k = i; k-- > 0 && i - k <= LINES_ABOVE && !c->rd->lines[k].blank;) {
        struct span t = c->rd->lines[k].trimmed;
        if (c->rd->lines[k].has_at)
            break;
        if (t.s[0] == '"' || t.s[0] == '|' || word_at_start(c->rd->words->of[WORDS_PIPE], t))
            return k;
    }
    return SIZE_MAX;
}

/* Line i with every letter of an address as 'x': a recipient called contact@ is
 * not somebody to contact. */
static struct span masked_line(struct candidates *c, size_t i)
{
    const struct span line = c->rd->lines[i].s;
    if (c->masked_line == i)
        return c->masked;
    size_t count;
    const struct mention *m = mentions_of_line(c->rd, i, &count);
    char *copy = arena_strndup(c->rd->scratch, line.s, line.n);
    for (; count; m++, count--)
        memset(copy + (m->found.address.s - line.s), 'x', m->found.address.n);
    c->masked_line = i;
    return c->masked = span_of(copy, line.n);
}

/* Whether a word of the list is in line i in front of byte `end`, outside of addresses. */
static bool has_word(struct candidates *c, enum word_list list, size_t i, size_t end)
{
    const struct search_word *words = c->rd->words->of[list];
    struct text_line *l = &c->rd->lines[i];
    return word_search(words, span_of(l->s.s, end), reading_line_pairs(l)) &&
           (!l->has_at || word_search(words, span_of(masked_line(c, i).s, end), l->pairs));
}

/* Remembers the addresses of sentences such as "please contact <help@example.net>":
 * they are no recipients wherever else they stand. */
static void find_contacts(struct candidates *c)
{
    enum { MAX_CONTACTS = 16 };
    struct reading *rd = c->rd;
    c->contacts = arena_alloc(rd->scratch, MAX_CONTACTS * sizeof *c->contacts);
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct text_line *l = &rd->lines[i];
        if (!l->has_at || !has_word(c, WORDS_TURN_TO, i, l->s.n))
            continue;
        size_t count;
        const struct mention *m = mentions_of_line(rd, i, &count);
        for (; count && c->contact_count < MAX_CONTACTS; m++, count--)
            if (has_word(c, WORDS_TURN_TO, i, m->found.start))
                c->contacts[c->contact_count++] = m->found.address;
    }
}

static bool is_contact(const struct candidates *c, struct span address)
{
    for (size_t i = 0; i < c->contact_count; i++)
        if (span_same_nocase(c->contacts[i], address))
            return true;
    return false;
}

/* One address of line i, the first, second ... of it. */
static void scan_mention(struct candidates *c, const struct mention *m, size_t i, bool first)
{
    struct reading *rd = c->rd;
    struct text_line *l = &rd->lines[i];
    const struct found_address *found = &m->found;
    size_t *place = &c->places[m->id];
    if ((!c->servers_too && address_is_system(found->address)) || is_own_address(c, m, i))
        return;
    struct span before = span_of(l->s.s, found->start);
    bool parent = names_parent(rd, l, before);
    size_t pipe = parent && !c->parents_too ? pipe_above(c, i) : SIZE_MAX;
    if (parent && !c->parents_too) {
        if (pipe != SIZE_MAX)
            add(c, found->address, place, pipe, SHAPE_ALONE);
        return;
    }
    if (!parent && introduces_sender(rd->words, before))
        return;
    enum shape shape = first ? shape_of(rd->words, l->s, found) : SHAPE_INSIDE;
    if (!first && c->count && c->list[c->count - 1].line == i && c->list[c->count - 1].shape == SHAPE_ALONE)
        shape = SHAPE_ALONE; /* a list in one line */
    if (shape == SHAPE_NONE)
        return;
    bool asks = has_word(c, WORDS_CONTACT, i, shape == SHAPE_ALONE ? before.n : l->s.n) ||
                (shape > SHAPE_LEADS && span_starts_nocase(found->address, "abuse@") &&
                 !span_find_word(span_z(c->original_to), found->address));
    if (is_contact(c, found->address) || (asks && !names_parent(rd, l, l->s))) /* "(expanded from: <x>)" asks nobody */
        return;
    if (shape == SHAPE_INSIDE && !parent && (shape = line_says_failure(c, i)) == SHAPE_NONE)
        return;
    struct text_line *above = i && !rd->lines[i - 1].blank ? &rd->lines[i - 1] : NULL;
    if (shape == SHAPE_ALONE && above && has_word(c, WORDS_TURN_TO, i - 1, above->s.n))
        return;
    add(c, found->address, place, i, stands_in_summary(rd, i) ? SHAPE_SUMMARY : shape);
}

static void scan_line(struct candidates *c, size_t i)
{
    enum { ADDRESSES = 64 };
    size_t count;
    const struct mention *m = mentions_of_line(c->rd, i, &count);
    for (size_t k = 0; k < count && k < ADDRESSES; k++)
        scan_mention(c, &m[k], i, k == 0);
}

/* Candidates that stand on a line of their own rule out those inside
 * sentences, and these rule out those that only a reply names. */
static void keep_strongest(struct candidates *c)
{
    enum shape best = SHAPE_SUMMARY;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].shape < best)
            best = c->list[i].shape;
    if (best == SHAPE_ALONE)
        best = SHAPE_LEADS;
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].shape <= best)
            c->list[kept++] = c->list[i];
    c->count = kept;
}

static int compare_lines(const void *x, const void *y)
{
    const struct block_candidate *a = x, *b = y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->address.s < b->address.s ? -1 : a->address.s > b->address.s;
}

static void sort_by_line(struct candidates *c)
{
    if (c->count > 1)
        qsort(c->list, c->count, sizeof *c->list, compare_lines);
}

/* "The following recipients could not be reached:", then a name without a domain. */
static void scan_local_names(struct candidates *c)
{
    struct address_index seen;
    struct reading *rd = c->rd;
    bool announced = false;
    address_index_init(&seen, rd->scratch);
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct span t = rd->lines[i].trimmed;
        if (rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        if (t.s[t.n - 1] == ':') {
            announced = word_search(rd->words->of[WORDS_NAMES_FOLLOW], t, reading_line_pairs(&rd->lines[i]));
            continue;
        }
        size_t n = 0;
        while (n < t.n && (ascii_is_alnum(t.s[n]) || strchr("._-+", t.s[n])))
            n++;
        /* A name stands alone, or columns or marks divide it from what is said of it. */
        bool divided = n == t.n || (n + 1 < t.n &&
                                    (strchr("\t\":;,(<", t.s[n]) || (t.s[n] == ' ' && strchr(" \t\"(-", t.s[n + 1]))));
        if (announced && n > 1 && divided)
            add(c, span_of(t.s, n), address_index_at(&seen, span_of(t.s, n), 0), i, SHAPE_ALONE);
        announced = announced && n == t.n;
    }
}

static void scan(struct candidates *c)
{
    for (size_t i = c->rd->region_first; i < c->rd->region_last; i++)
        if (!c->rd->lines[i].blank && !c->rd->lines[i].boilerplate)
            scan_line(c, i);
}

/* From the surest reading to the boldest; the next is tried where one finds nobody. */
static void find_candidates(struct candidates *c)
{
    scan(c);
    if (!c->count) {
        c->parents_too = true;
        scan(c);
    }
    if (!c->count)
        scan_local_names(c);
    if (!c->count) {
        c->servers_too = true;
        scan(c);
        keep_strongest(c);
        if (c->count && c->list[0].shape >= SHAPE_INSIDE)
            c->count = 0;
    }
}

/* "----- Transcript of session follows -----": what comes behind speaks of all. */
static size_t section_end(struct reading *rd, size_t i, size_t last)
{
    for (i++; i < last; i++) {
        struct span t = rd->lines[i].trimmed;
        if (t.n > 8 && t.s[0] == '-' && t.s[1] == '-' && t.s[2] == '-' && rd->lines[i - 1].blank)
            return i;
    }
    return last;
}

size_t general_blocks(struct reading *rd, struct block **blocks)
{
    struct candidates c = {.rd = rd, .said_line = SIZE_MAX, .masked_line = SIZE_MAX};
    c.places = arena_calloc(rd->scratch, mentions_addresses(rd) + 1, sizeof *c.places);
    collect_own(&c);
    find_contacts(&c);
    find_candidates(&c);
    keep_strongest(&c);
    sort_by_line(&c);
    *blocks = arena_calloc(rd->scratch, c.count + 1, sizeof **blocks);
    for (size_t i = 0; i < c.count; i++) {
        struct block *b = &(*blocks)[i];
        b->address = arena_strndup(&rd->report->arena, c.list[i].address.s, c.list[i].address.n);
        b->first = c.list[i].line;
        b->body = b->first + (c.list[i].shape == SHAPE_ALONE);
        b->last = i + 1 < c.count ? c.list[i + 1].line : rd->region_last;
        if (c.count > 1)
            b->last = section_end(rd, b->first, b->last);
        if (b->last < b->body)
            b->last = b->body;
    }
    return c.count;
}
