/* SPDX-License-Identifier: MIT */
/*
 * bystanders.c - see bystanders.h.
 *
 * In: the header of a report, what was found before, and the addresses of its
 * text. Out: for each address what it is known as. What an address itself says is
 * never searched for words: anybody may be called questions@.
 */
#include "reading/bystanders.h"
#include "mail/address_chars.h"
#include "mail/address_list.h"
#include "mail/address_names.h"
#include "reading/block_shapes.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"

#include <string.h>

/* False if none of the addresses that the text names is in a header field:
 * one that both write without quotes looks the same in both. */
static bool may_name_one(struct reading *rd, struct span value)
{
    enum { FEW = 8 };
    const size_t count = mentions_addresses(rd);
    if (count > FEW || memchr(value.s, '"', value.n) || memchr(value.s, '\\', value.n))
        return true;
    for (size_t id = 0; id < count; id++) {
        struct span s = mentions_first(rd, id)->found.address;
        if (memchr(s.s, '"', s.n) || memchr(s.s, '\\', s.n) || span_find_word(value, s))
            return true;
    }
    return false;
}

static void add_roles(struct bystanders *b, const char *field, unsigned char role)
{
    struct span value = span_z(field), address;
    if (!value.n || !may_name_one(b->rd, value))
        return;
    for (size_t pos = 0; address_list_next(value, &pos, &address);) {
        size_t id = mentions_id(b->rd, address);
        if (id != MENTIONS_NONE)
            b->roles[id] |= role;
    }
}

/* Those that the report names as recipients elsewhere. */
static void add_recipients(struct bystanders *b)
{
    for (size_t i = 0; i < b->rd->findings.count; i++) {
        const struct finding *f = &b->rd->findings.list[i];
        if (f->kind != FINDING_FIELDS && f->kind != FINDING_LISTED)
            continue;
        size_t id = mentions_find(b->rd, f->address);
        if (id != MENTIONS_NONE)
            b->roles[id] |= ROLE_RECIPIENT;
    }
}

/* Masks "mx.contact.example": words joined by dots. */
static void mask_hosts(char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t begin = i;
        bool dots = false;
        while (i < n && (address_is_label_byte(s[i]) ||
                         (s[i] == '.' && i > begin && i + 1 < n && address_is_label_byte(s[i + 1]))))
            dots |= s[i++] == '.';
        if (dots)
            memset(s + begin, 'x', i - begin);
        i += i == begin;
    }
}

struct span bystanders_masked(struct bystanders *b, size_t i)
{
    const struct span line = b->rd->lines[i].s;
    if (b->masked_line == i)
        return b->masked;
    size_t count;
    const struct mention *m = mentions_of_line(b->rd, i, &count);
    char *copy = arena_strndup(b->rd->scratch, line.s, line.n);
    for (; count; m++, count--)
        memset(copy + (m->found.address.s - line.s), 'x', m->found.address.n);
    mask_hosts(copy, line.n);
    b->masked_line = i;
    return b->masked = span_of(copy, line.n);
}

bool bystanders_has_word(struct bystanders *b, enum word_list list, size_t i, size_t end)
{
    const struct search_word *words = b->rd->words->of[list];
    struct text_line *l = &b->rd->lines[i];
    return word_search(words, span_of(l->s.s, end), reading_line_pairs(l)) &&
           word_search(words, span_of(bystanders_masked(b, i).s, end), l->pairs);
}

/* Whether line i begins with an address, and the line above ends with "please contact". */
static bool is_contact_from_above(const struct reading *rd, size_t i, const struct mention *m)
{
    const struct span before = span_trim(span_of(rd->lines[i].s.s, m->found.start));
    return before.n < 2 && i > rd->region_first && word_at_end(rd->words->of[WORDS_TURN_TO], rd->lines[i - 1].trimmed);
}

/* The addresses of sentences such as "please contact <help@example.net>": they are not
 * recipients wherever else they appear. */
static void add_contacts(struct bystanders *b)
{
    struct reading *rd = b->rd;
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct text_line *l = &rd->lines[i];
        size_t count;
        if (!l->has_at)
            continue;
        const struct mention *m = mentions_of_line(rd, i, &count);
        if (count && is_contact_from_above(rd, i, m))
            b->roles[m->id] |= ROLE_CONTACT;
        if (!bystanders_has_word(b, WORDS_TURN_TO, i, l->s.n))
            continue;
        for (size_t k = 0; k < count && k < LIMIT_LINE_ADDRESSES; k++)
            if (bystanders_has_word(b, WORDS_TURN_TO, i, m[k].found.start))
                b->roles[m[k].id] |= ROLE_CONTACT;
    }
}

/* ">>> RCPT To:<joe@example.net>" names a recipient, whoever it is; so do "your message to joe@example.net" and
 * Sendmail's "550 <joe@example.net>... User unknown", but not what is quoted from a server ("<<< 550 ..."). */
static bool is_called_recipient(struct reading *rd, const struct mention *m, size_t i)
{
    enum { CODES_BYTES = 12 }; /* "550 5.1.1" */
    const struct span line = rd->lines[i].s, before = span_trim(span_of(line.s, m->found.start));
    const struct span after = span_of(line.s + m->found.end, line.n - m->found.end);
    if (word_at_end(rd->words->of[WORDS_RECIPIENT_END], before))
        return paragraph_reply_line(before) != 2; /* "550-Sent: RCPT TO:<...>": how Exim verified a sender */
    if (word_at_end(rd->words->of[WORDS_MESSAGE_TO], before)) {
        const struct reply codes = texts_codes_of(rd, before);
        return !reply_is_useful(&codes);
    }
    return before.n && before.n <= CODES_BYTES && ascii_is_digit(before.s[0]) && span_starts_nocase(after, "... ") &&
           texts_codes_of(rd, before).code >= 400;
}

/* Whoever is called a recipient in one line is one in all of them, even the addressee or a mail system. */
static void add_called_recipients(struct bystanders *b)
{
    struct reading *rd = b->rd;
    const size_t count = mentions_addresses(rd);
    for (size_t id = 0; id < count; id++) {
        if (!(b->roles[id] & (ROLE_ADDRESSEE | ROLE_SYSTEM)) || b->roles[id] & ROLE_WRITER)
            continue;
        for (const struct mention *m = mentions_first(rd, id); m; m = mentions_after(rd, m))
            if (is_called_recipient(rd, m, m->line))
                b->roles[id] |= ROLE_RECIPIENT;
    }
}

void bystanders_find(struct bystanders *b, struct reading *rd)
{
    const size_t count = mentions_addresses(rd);
    *b = (struct bystanders){.rd = rd, .masked_line = SIZE_MAX, .original_to = reading_original(rd, "To")};
    b->roles = arena_calloc(rd->scratch, count + 1, sizeof *b->roles);
    add_roles(b, rd->from, ROLE_WRITER);
    add_roles(b, rd->to, ROLE_ADDRESSEE);
    add_roles(b, rd->return_path, ROLE_PATH);
    add_roles(b, reading_original(rd, "From"), ROLE_ADDRESSEE);
    for (size_t id = 0; id < count; id++)
        if (address_is_system(mentions_first(rd, id)->found.address))
            b->roles[id] |= ROLE_SYSTEM;
    add_recipients(b);
    add_called_recipients(b);
    add_contacts(b);
}

bool bystanders_in_original_to(const struct bystanders *b, struct span address)
{
    return span_find_word(span_z(b->original_to), address);
}

/* Whether the report itself says in line i, or right below, that this address was refused. */
static bool is_refused_in(struct reading *rd, const struct mention *m, size_t i)
{
    enum { LINES_BELOW = 6 };
    struct text_line *l = &rd->lines[i];
    enum shape shape = shape_of(rd->words, l->s, &m->found);
    const struct reply before = texts_codes_of(rd, span_of(l->s.s, m->found.start));
    if (reply_is_useful(&before)) /* a reply that names it: "550 Verification failed for <joe@example.org>" */
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

/* Whether only a comma is between two addresses of a line, and the other one is not a bystander. */
static bool is_listed_beside(const struct bystanders *b, const struct mention *left, const struct mention *right,
                             const struct mention *other)
{
    const char *end = left->found.address.s + left->found.address.n;
    const struct span between = span_trim(span_of(end, (size_t)(right->found.address.s - end)));
    return between.n == 1 && strchr(",;", between.s[0]) && !b->roles[other->id];
}

bool bystanders_list_others(struct bystanders *b, const struct mention *m)
{
    size_t count;
    const struct mention *first = mentions_of_line(b->rd, m->line, &count);
    return (m > first && is_listed_beside(b, m - 1, m, m - 1)) ||
           (m + 1 < first + count && is_listed_beside(b, m, m + 1, m + 1));
}

unsigned bystander_roles(struct bystanders *b, const struct mention *m, size_t i)
{
    const unsigned roles = b->roles[m->id] & (ROLE_WRITER | ROLE_ADDRESSEE | ROLE_PATH | ROLE_SYSTEM);
    if (!roles || b->roles[m->id] & ROLE_RECIPIENT)
        return 0;
    if (roles & ROLE_WRITER || !(roles & (ROLE_ADDRESSEE | ROLE_SYSTEM)))
        return roles;
    if (bystanders_in_original_to(b, m->found.address) || is_refused_in(b->rd, m, i))
        return 0;
    return roles & ROLE_SYSTEM || !bystanders_list_others(b, m) ? roles : 0;
}
