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
#include "mail/address_scan.h"
#include "reading/block_shapes.h"
#include "reading/bystanders.h"
#include "reading/headings.h"
#include "reading/lines.h"
#include "reading/local_names.h"
#include "reading/mentions.h"
#include "reading/paragraphs.h"

#include <stdlib.h>
#include <string.h>

struct block_candidate {
    struct span address;
    size_t line;
    enum shape shape;
    bool opens; /* a paragraph, which says what is wrong: "joe@example.net Invalid Address" */
};

struct candidates {
    struct reading *rd;
    struct block_candidate *list;
    size_t count, capacity;
    unsigned allowed; /* roles of bystanders that may be recipients */
    bool parents_too; /* "generated from joe@example.net", where the address itself is not disclosed */
    struct bystanders bystanders;
    size_t *places;   /* by address (mentions.h): in list, counted from 1; 0: not there */
    size_t said_line; /* for which says_failure() gave said */
    enum shape said;
};

/* True if an address is alone in line i, without a label, and the line
 * below is its reply: "#550 5.1.1 ...", "mx.example.net #<... #5.7.1 smtp;550 ...". */
static bool reply_below(struct reading *rd, size_t i, struct span address)
{
    struct span t = rd->lines[i].trimmed;
    if (i + 1 >= rd->region_last || rd->lines[i + 1].blank || address.s < t.s || address.s > t.s + 1)
        return false;
    return texts_codes_of(rd, rd->lines[i + 1].trimmed).code >= 400;
}

/* An address that appears twice counts where it is stronger, or where its
 * reply is (Exchange: first for people, then for administrators). */
static void add(struct candidates *c, struct span address, size_t *place, size_t line, enum shape shape)
{
    if (*place) {
        struct block_candidate *known = &c->list[*place - 1];
        bool better = shape == known->shape && shape == SHAPE_ALONE && reply_below(c->rd, line, address) &&
                      !reply_below(c->rd, known->line, known->address);
        if (shape < known->shape || better)
            *known = (struct block_candidate){address, line, shape, known->opens && known->line == line};
        return;
    }
    if (c->count >= LIMIT_RECIPIENTS) {
        report_warn(c->rd->report, "too-many-recipients", "the report names more recipients than are read");
        return;
    }
    c->list = arena_grow(c->rd->scratch, c->list, c->count, &c->capacity, sizeof *c->list);
    c->list[c->count++] = (struct block_candidate){address, line, shape, false};
    *place = c->count;
}

/* Whether a rule knows the words of a line, apart from its addresses. */
static bool rule_matches(struct candidates *c, size_t line)
{
    struct reading *rd = c->rd;
    struct norm_text norm;
    text_normalise(rd->scratch, bystanders_masked(&c->bystanders, line), LIMIT_SEARCHED_BYTES, &norm);
    struct searched_text *s = searched_text_new(rd->matcher, rd->scratch, &norm);
    struct match_scope scope = {.origin = ORIGIN_BESIDE};
    struct match_hit hit;
    return match_best(rd->matcher, s, &scope, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit);
}

/* Whether a sentence with an address says that its delivery failed: NONE, in
 * words (INSIDE), or in a reply that names it (REPLY). */
static enum shape says_failure(struct candidates *c, size_t line)
{
    struct reading *rd = c->rd;
    struct text_line *l = &rd->lines[line];
    const struct reply reply = texts_codes_of(rd, l->s);
    if (reply_is_useful(&reply))
        return SHAPE_REPLY;
    if (bystanders_has_word(&c->bystanders, WORDS_SAYS_FAILURE, line, l->s.n))
        return SHAPE_INSIDE;
    return rule_matches(c, line) ? SHAPE_INSIDE : SHAPE_NONE;
}

/* Whether the sentence of line i continues in line i + 1, which names nobody. */
static bool goes_on(const struct reading *rd, size_t i)
{
    if (i + 1 >= rd->region_last || rd->lines[i + 1].blank || rd->lines[i + 1].boilerplate || rd->lines[i + 1].has_at)
        return false;
    const struct span t = rd->lines[i].trimmed, next = rd->lines[i + 1].trimmed;
    return next.s[0] >= 'a' && next.s[0] <= 'z' && !strchr(".!?:;", t.s[t.n - 1]);
}

/* Whether the sentence of line i began in line i - 1, which names nobody and sends the reader to nobody. */
static bool began_above(struct candidates *c, size_t i)
{
    const struct reading *rd = c->rd;
    if (i <= rd->region_first || rd->lines[i - 1].blank || rd->lines[i - 1].boilerplate || rd->lines[i - 1].has_at)
        return false;
    const struct span above = rd->lines[i - 1].trimmed;
    return !strchr(".!?:;", above.s[above.n - 1]) &&
           !bystanders_has_word(&c->bystanders, WORDS_CONTACT, i - 1, rd->lines[i - 1].s.n);
}

/* ... asked once per line, however many addresses it has. */
static enum shape line_says_failure(struct candidates *c, size_t line)
{
    if (c->said_line == line)
        return c->said;
    c->said = says_failure(c, line);
    if (!c->said && goes_on(c->rd, line) && says_failure(c, line + 1))
        c->said = SHAPE_INSIDE;
    if (!c->said && began_above(c, line) &&
        bystanders_has_word(&c->bystanders, WORDS_SAYS_FAILURE, line - 1, c->rd->lines[line - 1].s.n))
        c->said = SHAPE_INSIDE;
    c->said_line = line;
    return c->said;
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

/* abuse@ in a sentence is whom to complain to, unless the message went there, or it is listed with others. */
static bool is_abuse_desk(struct candidates *c, const struct mention *m, enum shape shape)
{
    return shape > SHAPE_LEADS && !m->found.bracketed && span_starts_nocase(m->found.address, "abuse@") &&
           !(c->bystanders.roles[m->id] & ROLE_RECIPIENT) &&
           !bystanders_in_original_to(&c->bystanders, m->found.address) && !bystanders_list_others(&c->bystanders, m);
}

/* Whether line i, or the one above, sends the reader to this address. */
static bool asks_to_turn_to(struct candidates *c, const struct mention *m, size_t i, enum shape shape)
{
    const struct text_line *l = &c->rd->lines[i], *above = i && !c->rd->lines[i - 1].blank ? l - 1 : NULL;
    if (c->bystanders.roles[m->id] & ROLE_CONTACT)
        return true;
    const size_t end = shape == SHAPE_ALONE ? m->found.start : address_sentence_end(l->s, &m->found);
    if (bystanders_has_word(&c->bystanders, WORDS_CONTACT, i, end) &&
        !bystanders_has_word(&c->bystanders, WORDS_OTHER_NAME, i, l->s.n)) /* "(expanded from: <x>)" asks nobody */
        return true;
    return shape == SHAPE_ALONE && above && bystanders_has_word(&c->bystanders, WORDS_TURN_TO, i - 1, above->s.n);
}

/* Whether line i is indented below "<joe@example.net>: host mx.example.net said: 550": it continues what was said
 * about joe, whatever address it begins with. */
static bool continues_block(const struct reading *rd, size_t i)
{
    enum { LINES_ABOVE = 4 };
    for (size_t k = i + 1; k-- > rd->region_first && i - k <= LINES_ABOVE && !rd->lines[k].blank;) {
        const struct span t = rd->lines[k].s;
        if (ascii_is_space(t.s[0]))
            continue;
        return k != i && t.s[0] == '<' && span_find(t, ">: ") && t.s[t.n - 1] != ':';
    }
    return false;
}

/* "The message sender was" above an address on its own. */
static bool sender_is_above(const struct reading *rd, size_t i, enum shape shape)
{
    return shape == SHAPE_ALONE && i > rd->region_first && !rd->lines[i - 1].blank &&
           introduces_sender(rd->words, rd->lines[i - 1].s);
}

/* How strong an address is as a candidate, apart from the words that make it somebody else's; NONE: not at all.
 * parent: what precedes it makes it another name of a recipient. */
static enum shape strength(struct candidates *c, const struct mention *m, size_t i, enum shape shape, bool parent)
{
    if (shape == SHAPE_NONE || asks_to_turn_to(c, m, i, shape) || sender_is_above(c->rd, i, shape))
        return SHAPE_NONE;
    bool desk = is_abuse_desk(c, m, shape);
    if (shape <= SHAPE_LEADS && continues_block(c->rd, i))
        shape = SHAPE_REPLY;
    if (shape == SHAPE_INSIDE && !parent)
        shape = line_says_failure(c, i);
    if (desk) /* it may be the one, if there is no other */
        return shape == SHAPE_INSIDE && !c->bystanders.original_to ? SHAPE_SUMMARY : SHAPE_NONE;
    return shape && stands_in_summary(c->rd, i) ? SHAPE_SUMMARY : shape;
}

/* Whether the address is the first word of a paragraph in which line i itself says what is wrong. */
static bool opens_paragraph(struct candidates *c, const struct found_address *found, size_t i)
{
    const struct reading *rd = c->rd;
    const struct text_line *l = &rd->lines[i];
    const bool above_is_blank = i == rd->region_first || rd->lines[i - 1].blank;
    return above_is_blank && found->address.s <= l->trimmed.s + 1 && !continues_block(rd, i) && says_failure(c, i);
}

/* One address of line i, which may have several. */
static void scan_mention(struct candidates *c, const struct mention *m, size_t i, bool first)
{
    struct reading *rd = c->rd;
    struct text_line *l = &rd->lines[i];
    const struct found_address *found = &m->found;
    size_t *place = &c->places[m->id];
    const unsigned roles = bystander_roles(&c->bystanders, m, i) & ~c->allowed;
    if (roles & ROLE_WRITER || (roles && !c->parents_too))
        return;
    bool parent = bystanders_has_word(&c->bystanders, WORDS_OTHER_NAME, i, found->start);
    if (roles && !parent)
        return;
    if (parent && !c->parents_too) {
        size_t pipe = pipe_above(c, i);
        if (pipe != SIZE_MAX)
            add(c, found->address, place, pipe, SHAPE_ALONE);
        return;
    }
    if (!parent && introduces_sender(rd->words, span_of(l->s.s, found->start)))
        return;
    enum shape shape = first ? shape_of(rd->words, l->s, found) : SHAPE_INSIDE;
    if (!first && c->count && c->list[c->count - 1].line == i && c->list[c->count - 1].shape == SHAPE_ALONE)
        shape = SHAPE_ALONE; /* a list in one line */
    if (shape == SHAPE_INSIDE && named_in_list(rd, i, found))
        shape = SHAPE_ALONE;
    shape = strength(c, m, i, shape, parent);
    if (shape)
        add(c, found->address, place, i, shape);
    if (shape > SHAPE_LEADS && !parent && *place && c->list[*place - 1].line == i)
        c->list[*place - 1].opens |= opens_paragraph(c, found, i);
}

static void scan_line(struct candidates *c, size_t i)
{
    size_t count;
    const struct mention *m = mentions_of_line(c->rd, i, &count);
    if (count > LIMIT_LINE_ADDRESSES)
        report_warn(c->rd->report, "too-many-addresses",
                    "a line of the report's text has more addresses than are read");
    for (size_t k = 0; k < count && k < LIMIT_LINE_ADDRESSES; k++)
        scan_mention(c, &m[k], i, k == 0);
}

/* "Ann Lee on 3/4/2004", and below it "<mx.example.net #5.1.1 smtp;550 <ann@example.org> unknown>": the message went
 * to her, and the paragraph that refuses her names nobody else. */
static bool is_refused_apart(struct candidates *c, struct block_candidate *x)
{
    struct reading *rd = c->rd;
    if (x->shape != SHAPE_REPLY || !c->bystanders.original_to || !bystanders_in_original_to(&c->bystanders, x->address))
        return false;
    const size_t first = lines_paragraph_start(rd, x->line);
    if (first == x->line)
        return false;
    for (size_t i = first; i < x->line; i++)
        if (rd->lines[i].has_at || rd->lines[i].boilerplate || paragraph_side(rd->lines[i].trimmed))
            return false;
    x->line = first;
    return true;
}

/* Candidates on a line of their own rule out those inside sentences, except
 * those that open a paragraph; and these rule out those that only a reply names. */
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
        if (c->list[i].shape <= best || c->list[i].opens || is_refused_apart(c, &c->list[i]))
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

static void forget_all(struct candidates *c)
{
    memset(c->places, 0, mentions_addresses(c->rd) * sizeof *c->places);
    c->count = 0;
}

/* Names without a domain; those in a sentence say less than the header of the returned message. */
static void scan_local_names(struct candidates *c)
{
    struct local_name *names;
    size_t count = local_names_listed(c->rd, &names);
    const char *to = c->bystanders.original_to;
    const bool told = !count && !(to && strchr(to, '@'));
    if (told)
        count = local_names_told(c->rd, &names);
    for (size_t i = 0; i < count; i++) {
        size_t place = 0; /* each is there once */
        if (!told || line_says_failure(c, names[i].line))
            add(c, names[i].name, &place, names[i].line, SHAPE_ALONE);
    }
}

static void scan(struct candidates *c)
{
    for (size_t i = c->rd->region_first; i < c->rd->region_last; i++)
        if (!c->rd->lines[i].blank && !c->rd->lines[i].boilerplate)
            scan_line(c, i);
}

/* The words before an address, without the number of its place in a list. */
static struct span words_before(struct span line, const char *address)
{
    struct span t = span_trim(span_of(line.s, (size_t)(address - line.s)));
    while (t.n && ascii_is_digit(t.s[0]))
        t = span_of(t.s + 1, t.n - 1);
    return t;
}

/* Whether an address appears in its line as another one does in its own: after the same words, before
 * the same mark. */
static bool same_form(const struct reading *rd, const struct block_candidate *x, const struct block_candidate *y)
{
    const struct span a = rd->lines[x->line].s, b = rd->lines[y->line].s;
    const char *a_end = x->address.s + x->address.n, *b_end = y->address.s + y->address.n;
    if (y->address.s < b.s || b_end > b.s + b.n) /* a pipe's */
        return false;
    return span_same_nocase(words_before(a, x->address.s), words_before(b, y->address.s)) &&
           (a_end < a.s + a.n ? *a_end : ' ') == (b_end < b.s + b.n ? *b_end : ' ');
}

/* "joe@example.net, ann@example.net": one of a list on its line. */
static bool stands_in_list(const struct reading *rd, const struct block_candidate *x, const struct block_candidate *y)
{
    const char *line = rd->lines[x->line].s.s;
    return x->line == y->line && x->address.s > line + 1 && x->address.s[-1] == ' ' &&
           (x->address.s[-2] == ',' || x->address.s[-2] == ';');
}

/* Whether a bystander appears in its line as recipients do in theirs, or alone with words that say what failed. */
static bool stands_like_others(struct candidates *c, const struct block_candidate *new)
{
    enum { COMPARED = 8 };
    for (size_t k = 0; k < c->count && k < COMPARED; k++)
        if ((c->list[k].shape <= SHAPE_LEADS) == (new->shape <= SHAPE_LEADS) && c->list[k].shape <= SHAPE_INSIDE &&
            (same_form(c->rd, new, &c->list[k]) || stands_in_list(c->rd, new, &c->list[k])))
            return true;
    if (new->shape > SHAPE_LEADS)
        return false;
    return rule_matches(c, new->line);
}

/* An address of line i, the first or a later one, if it is a bystander's. */
static void add_like_others(struct candidates *c, const struct mention *m, size_t i)
{
    const unsigned roles = c->places[m->id] ? 0 : bystander_roles(&c->bystanders, m, i);
    const enum shape shape = roles ? shape_of(c->rd->words, c->rd->lines[i].s, &m->found) : SHAPE_NONE;
    const struct block_candidate new = {m->found.address, i, shape, false};
    if (shape && !(roles & ROLE_WRITER) && strength(c, m, i, shape, false) == shape && shape <= SHAPE_INSIDE &&
        !introduces_sender(c->rd->words, span_of(c->rd->lines[i].s.s, m->found.start)) && stands_like_others(c, &new))
        add(c, new.address, &c->places[m->id], i, shape);
}

/* Somebody who wrote to himself and to others is a recipient as they are. */
static void scan_like_others(struct candidates *c)
{
    struct reading *rd = c->rd;
    size_t count;
    for (size_t i = rd->region_first; c->count && i < rd->region_last; i++)
        if (rd->lines[i].has_at && !rd->lines[i].boilerplate) {
            const struct mention *m = mentions_of_line(rd, i, &count);
            for (size_t k = 0; k < count && k < LIMIT_LINE_ADDRESSES; k++)
                add_like_others(c, &m[k], i);
        }
}

/* Scans with more allowed, for those on a line of their own. */
static void scan_bolder(struct candidates *c, unsigned allowed)
{
    c->allowed = allowed;
    scan(c);
    keep_strongest(c);
    if (c->count && c->list[0].shape >= SHAPE_INSIDE)
        forget_all(c);
}

/* Whether the line above, or above a blank one, says that mail was not delivered: "Delivery to this one failed:"
 */
static bool stands_below_failure(struct candidates *c, size_t line)
{
    enum { LINES_ABOVE = 2 };
    for (size_t k = line; k-- > c->rd->region_first && line - k <= LINES_ABOVE;)
        if (!c->rd->lines[k].blank)
            return line_says_failure(c, k);
    return false;
}

/* An address alone below a heading is meant, whoever is named in sentences: "write to help@example.net". */
static void prefer_bolder(struct candidates *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].shape <= SHAPE_LEADS)
            return;
    const struct candidates before = *c;
    c->places = arena_calloc(c->rd->scratch, mentions_addresses(c->rd) + 1, sizeof *c->places);
    c->list = NULL;
    c->count = c->capacity = 0;
    scan_bolder(c, ROLE_SYSTEM | ROLE_ADDRESSEE | ROLE_PATH);
    if (!c->count || !stands_below_failure(c, c->list[0].line))
        *c = before;
}

/* Bystanders in a sentence. It is not a warning to its own reader ("your mailbox joe@... is nearly full") if a
 * message comes back; whom that went to is better known from its header, if that is shown. */
static void scan_bystanders(struct candidates *c)
{
    const bool returns_message = c->rd->m.original_part != SIZE_MAX || c->rd->text_original.count;
    if (c->bystanders.original_to)
        return;
    c->allowed = ROLE_SYSTEM | (returns_message ? ROLE_ADDRESSEE | ROLE_PATH : 0);
    scan(c);
}

/* From the surest reading to the boldest; the next is tried if one finds nobody. */
static void find_candidates(struct candidates *c)
{
    scan(c);
    scan_like_others(c);
    if (c->count)
        prefer_bolder(c);
    else
        scan_bolder(c, ROLE_SYSTEM | ROLE_ADDRESSEE | ROLE_PATH);
    if (!c->count) {
        c->parents_too = true;
        c->allowed = 0;
        scan(c);
    }
    if (!c->count)
        scan_local_names(c);
    if (!c->count)
        scan_bystanders(c);
}

size_t general_blocks(struct reading *rd, struct block **blocks)
{
    struct candidates c = {.rd = rd, .said_line = SIZE_MAX};
    c.places = arena_calloc(rd->scratch, mentions_addresses(rd) + 1, sizeof *c.places);
    bystanders_find(&c.bystanders, rd);
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
            b->last = headings_section_end(rd, b->first, b->last);
        if (b->last < b->body)
            b->last = b->body;
    }
    return c.count;
}
