/* SPDX-License-Identifier: MIT */
/*
 * resolve.c - see resolve.h for the passes and their order.
 *
 * In: findings, none of which is changed except for dropped_by. Out: facts of
 * each recipient. Of two findings that state the same fact, the earlier counts.
 */
#include "reading/resolve.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_index.h"
#include "reading/resolve_texts.h"

#include <string.h>

enum { NOBODY = UINT32_MAX };

struct resolver {
    const struct resolve_input *in;
    struct person *people;
    size_t count, capacity;
    struct address_index names; /* person by address and original recipient; of two, the first counts */
    uint32_t *person_of;        /* by finding */
    struct {
        uint32_t first, count;
    } of_kind[FINDING_POLARITY + 1]; /* findings by their kind */
    bool placed;                     /* a block has found its recipient */
    bool too_many, nameless;
};

static struct finding *finding_at(const struct resolver *s, size_t i)
{
    return &s->in->findings->list[i];
}

static size_t finding_count(const struct resolver *s)
{
    return s->in->findings->count;
}

/* The parent of a finding. */
static const struct finding *parent_of(const struct resolver *s, const struct finding *f)
{
    return finding_at(s, f->parent);
}

static bool has_kind(const struct resolver *s, enum finding_kind kind)
{
    return s->of_kind[kind].count > 0;
}

/* The first finding of a kind; NULL: none. */
static struct finding *first_of_kind(const struct resolver *s, enum finding_kind kind)
{
    return has_kind(s, kind) ? finding_at(s, s->of_kind[kind].first) : NULL;
}

static const struct finding *first_with_address(const struct resolver *s, enum finding_kind kind)
{
    for (size_t i = s->of_kind[kind].first; has_kind(s, kind) && i < finding_count(s); i++)
        if (finding_at(s, i)->kind == kind && finding_at(s, i)->address)
            return finding_at(s, i);
    return NULL;
}

static void count_kinds(struct resolver *s)
{
    for (size_t i = 0; i < finding_count(s); i++) {
        struct finding *f = finding_at(s, i);
        if (!s->of_kind[f->kind].count++)
            s->of_kind[f->kind].first = (uint32_t)i;
        s->person_of[i] = NOBODY;
        f->dropped_by = NULL;
    }
}

static void note_names(struct resolver *s, uint32_t i)
{
    const char *const names[] = {s->people[i].facts.address, s->people[i].facts.original};
    for (size_t k = 0; k < 2; k++) {
        size_t *at = names[k] ? address_index_at(&s->names, span_z(names[k]), i) : NULL;
        if (at && i < *at)
            *at = i;
    }
}

static void note_all_names(struct resolver *s)
{
    address_index_init(&s->names, s->in->scratch);
    for (uint32_t i = 0; i < s->count; i++)
        note_names(s, i);
}

static uint32_t find_person(struct resolver *s, const char *address)
{
    size_t i;
    return address && address_index_find(&s->names, span_z(address), &i) ? (uint32_t)i : NOBODY;
}

/* A new recipient; NOBODY at the limit. */
static uint32_t add_person(struct resolver *s, const char *address, const char *type)
{
    if (s->count >= LIMIT_RECIPIENTS) {
        s->too_many = true;
        return NOBODY;
    }
    s->people = arena_grow(s->in->scratch, s->people, s->count, &s->capacity, sizeof *s->people);
    person_init(&s->people[s->count]);
    s->people[s->count].facts.address = address;
    s->people[s->count].facts.address_type = type;
    return (uint32_t)s->count++;
}

/* ------------------------------------------------------- fields, listed */

/* RFC 3464 2.3.3 requires an Action; those who leave it out mean failed, unless
 * the status says otherwise. */
static bounce_action stated_action(const struct finding *f)
{
    return f->action ? f->action : f->status.class_ == 2 ? BOUNCE_ACTION_DELIVERED : BOUNCE_ACTION_FAILED;
}

static void tidy_names(struct facts *to)
{
    if (!to->address ||
        (to->original && !address_is_plausible(span_z(to->address)) && address_is_plausible(span_z(to->original)))) {
        to->address = to->original;
        to->original = NULL;
    }
    if (to->original && to->address && address_equal(to->original, to->address))
        to->original = NULL; /* not another name */
    if (to->address && !to->address_type)
        to->address_type = "rfc822";
}

static void pass_fields(struct resolver *s)
{
    if (!has_kind(s, FINDING_FIELDS))
        return;
    for (size_t i = 0; i < finding_count(s); i++) {
        struct finding *f = finding_at(s, i);
        if (f->kind == FINDING_FIELDS) {
            uint32_t who = s->person_of[i] = add_person(s, f->address, f->address_type);
            if (who == NOBODY) {
                f->dropped_by = "fields: too many recipients";
                continue;
            }
            struct person *p = &s->people[who];
            p->facts.original = f->alias;
            p->facts.action = stated_action(f);
            p->facts.service = f->service;
            tidy_names(&p->facts);
            person_take_fields(p, f, s->in);
        } else if (f->kind == FINDING_TEXT && parent_of(s, f)->kind == FINDING_FIELDS &&
                   s->person_of[f->parent] != NOBODY) {
            person_add_text(&s->people[s->person_of[f->parent]], s->in, f->origin, f->where, f->text->raw, f->text);
        }
    }
}

static void pass_listed(struct resolver *s)
{
    const bool from_fields = s->count > 0;
    if (!has_kind(s, FINDING_LISTED))
        return;
    for (size_t i = 0; i < finding_count(s); i++) {
        struct finding *f = finding_at(s, i);
        if (f->kind != FINDING_LISTED)
            continue;
        if (from_fields) {
            f->dropped_by = "listed: fields name the recipients";
            continue;
        }
        s->person_of[i] = find_person(s, f->address);
        if (s->person_of[i] == NOBODY && (s->person_of[i] = add_person(s, f->address, f->address_type)) != NOBODY)
            note_names(s, s->person_of[i]);
    }
}

/* ------------------------------------------------------------ name, merge */

static void pass_name(struct resolver *s)
{
    struct facts *to = s->count == 1 ? &s->people[0].facts : NULL;
    const struct finding *listed = to ? first_with_address(s, FINDING_LISTED) : NULL;
    if (to && to->address && !address_is_plausible(span_z(to->address)) && listed) {
        to->original = to->address; /* a path or pipe */
        to->address = listed->address;
    }
    if (!to || to->address)
        return;
    static const enum finding_kind kinds[] = {FINDING_LISTED, FINDING_BLOCK, FINDING_ORIGINAL_TO};
    for (size_t i = 0; !to->address && i < COUNT(kinds); i++) {
        const struct finding *f = first_with_address(s, kinds[i]);
        to->address = f ? f->address : NULL;
    }
    to->address_type = to->address ? "rfc822" : NULL;
}

/* The first keeps its facts; person_of follows. */
static void pass_merge(struct resolver *s)
{
    if (s->count < 2)
        return;
    struct address_index places;
    uint32_t *moved = arena_alloc(s->in->scratch, (s->count + 1) * sizeof *moved);
    size_t kept = 0;
    address_index_init(&places, s->in->scratch);
    for (size_t i = 0; i < s->count; i++) {
        const char *address = s->people[i].facts.address;
        size_t place = address ? *address_index_at(&places, span_z(address), kept) : kept;
        moved[i] = (uint32_t)place;
        if (place < kept) {
            person_absorb(&s->people[place], &s->people[i]);
            continue;
        }
        if (kept != i)
            s->people[kept] = s->people[i];
        kept++;
    }
    s->count = kept;
    for (size_t i = 0; i < finding_count(s); i++)
        if (s->person_of[i] != NOBODY)
            s->person_of[i] = moved[s->person_of[i]];
}

/* ---------------------------------------------------------------- blocks */

/* The address that the sender used for that of a block, by the text: the first
 * that is not the same. The aliases follow their block. */
static const char *alias_of_block(const struct resolver *s, size_t block)
{
    const char *address = finding_at(s, block)->address;
    for (size_t i = block + 1; i < finding_count(s) && finding_at(s, i)->parent == block; i++) {
        const struct finding *f = finding_at(s, i);
        if (f->kind == FINDING_ALIAS && !(address && address_equal(f->alias, address)))
            return f->alias;
    }
    return NULL;
}

/* "joe@target.example (generated from team@alias.example)": the recipient whose
 * fields name the alias. */
static uint32_t find_by_alias(struct resolver *s, size_t block)
{
    const struct finding *f = finding_at(s, block);
    if (!f->address || !address_is_plausible(span_z(f->address)))
        return NOBODY;
    const char *alias = alias_of_block(s, block);
    uint32_t who = find_person(s, alias);
    const struct facts *to = who != NOBODY ? &s->people[who].facts : NULL;
    return to && to->address && !to->original && address_equal(to->address, alias) ? who : NOBODY;
}

/* Whom a block is about. named: how many recipients the report named before;
 * only: it is the only block. */
static uint32_t person_of_block(struct resolver *s, size_t block, size_t named, bool from_fields, bool only)
{
    const struct finding *f = finding_at(s, block);
    uint32_t who = find_person(s, f->address);
    if (who != NOBODY)
        return who;
    if (from_fields && (who = find_by_alias(s, block)) != NOBODY) {
        /* The fields name the alias, the text its target: report the target. */
        s->people[who].facts.original = s->people[who].facts.address;
        s->people[who].facts.address = f->address;
        return who;
    }
    if (named == 1 && only) {
        struct facts *to = &s->people[0].facts;
        if (!to->original && f->address && address_is_plausible(span_z(f->address)))
            to->original = f->address;
        return 0;
    }
    return named || !f->address ? NOBODY : add_person(s, f->address, "rfc822");
}

/* A finding that belongs to a block, or to the whole text, for its recipient. */
static void take_child(struct person *p, const struct finding *f, const struct resolve_input *in)
{
    if (f->kind == FINDING_ALIAS) {
        if (!p->facts.original && !(p->facts.address && address_equal(f->alias, p->facts.address)))
            p->facts.original = f->alias;
    } else if (f->kind == FINDING_SESSION) {
        person_take_session(p, f);
    } else if (f->is_reply) {
        person_take_reply(p, f, in);
    } else {
        person_add_text(p, in, f->origin, f->where, f->text->raw, f->text);
    }
}

static void pass_blocks(struct resolver *s)
{
    const size_t named = s->count, blocks = s->of_kind[FINDING_BLOCK].count;
    const bool from_fields = has_kind(s, FINDING_FIELDS);
    if (!blocks)
        return;
    note_all_names(s);
    for (size_t i = 0; i < finding_count(s); i++) {
        struct finding *f = finding_at(s, i);
        if (f->kind == FINDING_BLOCK) {
            uint32_t who = s->person_of[i] = person_of_block(s, i, named, from_fields, blocks == 1);
            if (who == NOBODY) {
                f->dropped_by = !f->address             ? "blocks: names nobody"
                                : named || !s->too_many ? "blocks: the report names others"
                                                        : "blocks: too many recipients";
                continue;
            }
            person_take_block(&s->people[who], f);
            s->placed = true;
            note_names(s, who);
        } else if (parent_of(s, f)->kind == FINDING_BLOCK) {
            uint32_t who = s->person_of[f->parent];
            if (who == NOBODY)
                f->dropped_by = "blocks: so is its block";
            else if (f->if_silent && !person_is_silent(&s->people[who]))
                f->dropped_by = "blocks: something nearer speaks";
            else
                take_child(&s->people[who], f, s->in);
            if (who != NOBODY && f->kind == FINDING_ALIAS)
                note_names(s, who);
        }
    }
}

/* ------------------------------------------------- inferred, whole, polarity */

static void pass_inferred(struct resolver *s)
{
    if (s->count)
        return;
    const struct finding *hidden = first_with_address(s, FINDING_VERP);
    if (hidden)
        add_person(s, hidden->address, "rfc822");
    for (size_t i = 0; !hidden && i < finding_count(s); i++) {
        const struct finding *f = finding_at(s, i);
        if (f->kind == FINDING_ORIGINAL_TO && find_person(s, f->address) == NOBODY) {
            uint32_t who = add_person(s, f->address, "rfc822");
            if (who != NOBODY)
                note_names(s, who);
        }
    }
    if (!s->count && has_kind(s, FINDING_WHOLE)) /* a failure all the same: its verdict must not be lost */
        add_person(s, NULL, NULL);
}

/* The only recipient that no block concerns; without fields, all who have no
 * text of their own. */
static bool gets_whole_text(const struct resolver *s, const struct person *p, bool from_fields)
{
    return (s->count == 1 && !s->placed) || (!p->facts.texts && !from_fields);
}

static void pass_whole(struct resolver *s)
{
    const bool from_fields = has_kind(s, FINDING_FIELDS);
    const size_t first = s->of_kind[FINDING_WHOLE].first, n = finding_count(s); /* its texts follow it */
    if (!has_kind(s, FINDING_WHOLE))
        return;
    for (size_t k = 0; k < s->count; k++) {
        struct person *p = &s->people[k];
        if (gets_whole_text(s, p, from_fields))
            for (size_t i = first + 1; i < n && finding_at(s, i)->parent == first; i++)
                take_child(p, finding_at(s, i), s->in);
    }
}

/* What the words say; a reply that refuses outweighs words of success. */
static void pass_polarity(struct resolver *s)
{
    const struct finding *said = first_of_kind(s, FINDING_POLARITY);
    bounce_action action = said ? said->action : BOUNCE_ACTION_UNKNOWN;
    for (size_t i = 0; i < s->count; i++) {
        struct facts *to = &s->people[i].facts;
        bool refused = !action || (to->reply_code >= 400 && action != BOUNCE_ACTION_DELAYED);
        if (!to->action)
            to->action = refused ? BOUNCE_ACTION_FAILED : action;
    }
}

/* ------------------------------------------------ nameless, aliases, partial */

static void pass_nameless(struct resolver *s)
{
    size_t kept = 0;
    if (s->count < 2)
        return;
    for (size_t i = 0; i < finding_count(s); i++) {
        struct finding *f = finding_at(s, i);
        uint32_t who = f->kind == FINDING_FIELDS ? s->person_of[i] : NOBODY;
        if (who == NOBODY || s->people[who].facts.address)
            continue;
        f->dropped_by = "nameless: names nobody, and others are named";
        s->nameless |= f->action || f->status.class_ || f->diagnostic;
    }
    for (size_t i = 0; i < s->count; i++)
        if (s->people[i].facts.address)
            s->people[kept++] = s->people[i];
    s->count = kept;
}

static void pass_aliases(struct resolver *s)
{
    for (size_t i = 0; i < s->count; i++)
        tidy_names(&s->people[i].facts);
}

static void pass_verp(struct resolver *s)
{
    const struct finding *hidden = first_with_address(s, FINDING_VERP);
    struct facts *only = s->count == 1 ? &s->people[0].facts : NULL;
    if (only && !only->original && hidden && only->address && !address_equal(hidden->address, only->address))
        only->original = hidden->address;
}

static bool was_served(bounce_action action)
{
    return action == BOUNCE_ACTION_DELIVERED || action == BOUNCE_ACTION_RELAYED || action == BOUNCE_ACTION_EXPANDED;
}

/* Linear: those who were served are noted by the name that the sender used. */
static void pass_partial(struct resolver *s)
{
    struct address_index served;
    address_index_init(&served, s->in->scratch);
    for (size_t i = 0; i < s->count; i++) {
        const struct facts *to = &s->people[i].facts;
        const char *name = to->original ? to->original : to->address;
        if (name && was_served(to->action))
            address_index_at(&served, span_z(name), i);
    }
    for (size_t i = 0; served.count && i < s->count; i++) {
        struct facts *to = &s->people[i].facts;
        size_t other;
        if (to->original && to->action == BOUNCE_ACTION_FAILED)
            to->partial = address_index_find(&served, span_z(to->original), &other);
    }
}

struct resolution resolve(const struct resolve_input *in)
{
    struct resolver s = {.in = in};
    address_index_init(&s.names, in->scratch);
    s.person_of = arena_alloc(in->scratch, (in->findings->count + 1) * sizeof *s.person_of);
    count_kinds(&s);
    pass_fields(&s);
    pass_listed(&s);
    pass_name(&s);
    pass_merge(&s);
    pass_blocks(&s);
    pass_inferred(&s);
    pass_whole(&s);
    pass_polarity(&s);
    pass_aliases(&s);
    pass_merge(&s);
    pass_nameless(&s);
    pass_verp(&s);
    pass_partial(&s);
    struct resolution out = {.count = s.count, .too_many = s.too_many, .nameless = s.nameless};
    out.recipients = arena_alloc(in->scratch, (s.count + 1) * sizeof *out.recipients);
    for (size_t i = 0; i < s.count; i++)
        out.recipients[i] = s.people[i].facts;
    return out;
}
