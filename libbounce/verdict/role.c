/* SPDX-License-Identifier: MIT */
/*
 * role.c - whom words are about; see role.h.
 *
 * In: a folded text, a place in it, the addresses that are known, and the words of
 * roles (`words sender-role`, `recipient-role`, `login`, `supposed`, `quotes` in rule files). Out: the role
 * and the sign that gave it. In a long text, only ROLE_FRONT_BYTES before
 * the place and ROLE_BEHIND_BYTES after it are looked at. Nothing is refused.
 */
#include "verdict/role.h"

#include "base/chunk.h"
#include "text/sentence.h"
#include "text/word.h"
#include "verdict/echo.h"

#include <string.h>

enum {
    ROLE_FRONT_BYTES = 300,  /* two long sentences */
    ROLE_BEHIND_BYTES = 150, /* one more */
    ROLE_SPACE_BYTES = 2,    /* up to the start of the next word: "disabled for sending" */
    ROLE_QUOTES = 3          /* servers that quote one another */
};

/* ------------------------------------------------------------------ clauses */

/* How a clause ends. */
enum clause_end { CLAUSE_GOES_ON = 0, CLAUSE_SENTENCE, CLAUSE_QUOTES };

/* "host mx.example.net said:" */
static enum clause_end end_by_colon(const struct word_lists *words, struct span t, size_t i)
{
    bool after_word = i && (ascii_is_alpha(t.s[i - 1]) || (unsigned char)t.s[i - 1] >= 0x80);
    if (!after_word || (i + 1 < t.n && t.s[i + 1] != ' '))
        return CLAUSE_GOES_ON;
    return word_at_end(words->of[WORDS_QUOTES], span_of(t.s, i)) ? CLAUSE_QUOTES : CLAUSE_GOES_ON;
}

/* Whether a clause ends with the byte at i. It does not end with a semicolon ("SASL authentication failed; server mx
 * said: ..."), nor with the dots of "<joe@example.net>... User unknown", or those of names and numbers. */
static inline enum clause_end clause_end_at(const struct word_lists *words, struct span t, size_t i)
{
    if (t.s[i] == ':')
        return end_by_colon(words, t, i);
    const bool ends = sentence_ends_at(t, i) && t.s[i] != ';' && !(i && t.s[i - 1] == '.');
    return ends ? CLAUSE_SENTENCE : CLAUSE_GOES_ON;
}

struct clause {
    size_t begin, end;
    size_t quoted_by; /* where the clause that quotes this one ends; 0: none does */
};

/* Where in the chunk at i a clause may end, as bits. */
static unsigned may_end_clause(struct span t, size_t i)
{
    const size_t n = t.n - i;
    chunk c = n >= CHUNK ? chunk_load(t.s + i) : chunk_load_part(t.s + i, n);
    return chunk_bits(chunk_equal(c, ':') | chunk_equal(c, '.') | chunk_equal(c, '!') | chunk_equal(c, '?') |
                      chunk_equal(c, '\x82'));
}

/* The first place from `from` on that ends a clause; `last` if none before it does. */
static size_t find_clause_end(const struct word_lists *words, struct span t, size_t from, size_t last)
{
    for (size_t base = from; base < last; base += CHUNK)
        for (unsigned bits = may_end_clause(t, base); bits; bits &= bits - 1) {
            size_t i = base + chunk_first(bits);
            if (i >= last || clause_end_at(words, t, i))
                return i < last ? i : last;
        }
    return last;
}

/* The last place before *i, from `first` on, that ends a clause: *i is set to it. */
static enum clause_end find_clause_end_before(const struct word_lists *words, struct span t, size_t first, size_t *i)
{
    for (size_t base, end = *i; end > first; end = base) {
        base = end - first > CHUNK ? end - CHUNK : first;
        unsigned bits = may_end_clause(t, base) & ((1u << (end - base)) - 1);
        for (unsigned at; bits; bits &= ~(1u << at)) {
            at = chunk_last(bits);
            enum clause_end how = clause_end_at(words, t, base + at);
            *i = base + at;
            if (how)
                return how;
        }
    }
    return CLAUSE_GOES_ON;
}

static struct clause clause_around(const struct role_people *p, struct span t, size_t start, size_t end)
{
    size_t first = start > ROLE_FRONT_BYTES ? start - ROLE_FRONT_BYTES : 0;
    size_t last = t.n - end > ROLE_BEHIND_BYTES ? end + ROLE_BEHIND_BYTES : t.n;
    struct clause c = {.begin = first, .end = find_clause_end(p->words, t, end, last)};
    /* A quote continues past the ends of its sentences. */
    bool begun = false;
    for (size_t i = start; !c.quoted_by;) {
        enum clause_end how = find_clause_end_before(p->words, t, first, &i);
        if (!how)
            break;
        if (!begun)
            c.begin = i + 1;
        begun = true;
        if (how == CLAUSE_QUOTES)
            c.quoted_by = i;
    }
    return c;
}

/* -------------------------------------------------------------------- signs */

/* Where a sign is; n 0: none. */
struct said_place {
    struct span text;
    bool of_sender;
    enum role_sign sign;
};

/* "550-" before the first word of a line of a reply */
static bool is_after_code(struct span t, size_t i)
{
    enum { CODE_BYTES = 4 };
    if (i < CODE_BYTES || t.s[i - 1] != '-' || (i > CODE_BYTES && t.s[i - CODE_BYTES - 1] != ' '))
        return false;
    return ascii_is_digit(t.s[i - 2]) && ascii_is_digit(t.s[i - 3]) && ascii_is_digit(t.s[i - 4]);
}

/* True for part of an address, a host name or a path: a name that somebody chose says nothing. */
static bool is_in_name(struct span t, size_t i, size_t n)
{
    if (i && memchr("./_-=@", t.s[i - 1], 6) && !is_after_code(t, i))
        return true;
    if (i + n + 1 < t.n && t.s[i + n] == '.' && ascii_is_alnum(t.s[i + n + 1]))
        return true;
    return echo_address_around(t, i).n;
}

/* The words of a clause. */
struct clause_words {
    struct said_place login, before, after; /* the last one that begins before the middle, the first one after it */
    struct said_place supposed;             /* the last one before the middle */
};

static struct said_place place_of(const struct indexed_word *word, const char *at)
{
    static const struct said_place kinds[] = {{.of_sender = true, .sign = ROLE_BY_WORD},
                                              {.of_sender = false, .sign = ROLE_BY_WORD},
                                              {.of_sender = true, .sign = ROLE_BY_LOGIN},
                                              {.of_sender = false, .sign = ROLE_SUPPOSED}};
    struct said_place place = kinds[word->list];
    place.text = span_of(at, word->text.n);
    return place;
}

static void note_word(struct clause_words *found, struct said_place place, bool is_before)
{
    if (place.sign == ROLE_BY_LOGIN)
        found->login = place;
    else if (place.sign == ROLE_SUPPOSED)
        found->supposed = is_before ? place : found->supposed;
    else if (is_before)
        found->before = place;
    else if (!found->after.sign)
        found->after = place;
}

/* Role words inside longer ones do not count: "returned to sender". */
static struct clause_words find_words(const struct role_people *p, struct span t, size_t middle)
{
    struct clause_words found = {.login = {.sign = ROLE_BY_NOTHING}};
    size_t next = 0;
    for (size_t base = 0; base < t.n; base += CHUNK)
        for (unsigned bits = word_starts(t, base); bits; bits &= bits - 1) {
            size_t i = base + chunk_first(bits);
            const struct indexed_word *word = i < next ? NULL : word_index_at(&p->words->roles, t, i);
            if (!word || is_in_name(t, i, word->text.n))
                continue;
            note_word(&found, place_of(word, t.s + i), i < middle);
            next = i + word->text.n;
        }
    return found;
}

/* True if the text names the address itself, not a longer one that contains it. */
static bool names(struct span text, struct span address)
{
    if (!address.n || !text.n)
        return false;
    const char *end = text.s + text.n, *at;
    for (struct span rest = text; (at = span_find_word(rest, address));
         rest = span_of(at + 1, (size_t)(end - at) - 1)) {
        struct span around = echo_address_around(text, (size_t)(at - text.s));
        if (span_same_nocase(around, address))
            return true;
    }
    return false;
}

static bool is_sender(const struct role_people *p, struct span address)
{
    for (size_t i = 0; i < COUNT(p->senders); i++)
        if (names(p->senders[i], address))
            return true;
    return false;
}

static bool is_recipient(const struct role_people *p, struct span address)
{
    return span_same_nocase(address, p->recipients[0]) || span_same_nocase(address, p->recipients[1]);
}

/* Whose address it is; .sign ROLE_BY_NOTHING: neither's, or both's. */
static struct said_place whose(const struct role_people *p, struct span address)
{
    struct said_place place = {.text = address};
    bool recipient = is_recipient(p, address), sender = is_sender(p, address);
    if (recipient != sender) {
        place.sign = ROLE_BY_ADDRESS;
        place.of_sender = sender;
    }
    return place;
}

/* The nearest known address: the last one that begins before `middle`, else the first one after it. */
static struct said_place find_address(const struct role_people *p, struct span t, size_t middle)
{
    struct said_place best = {.text = {NULL, 0}};
    const char *at;
    for (size_t i = 0; i < t.n && (at = memchr(t.s + i, '@', t.n - i));) {
        struct span address = echo_address_around(t, (size_t)(at - t.s));
        i = (size_t)(at - t.s) + 1;
        if (!address.n)
            continue;
        i = (size_t)(address.s + address.n - t.s);
        bool behind = (size_t)(address.s - t.s) >= middle;
        struct said_place found = whose(p, address);
        if (found.sign && (!behind || !best.sign))
            best = found;
        if (behind && best.sign)
            break;
    }
    return best;
}

static struct role role_by(const struct said_place *place)
{
    return (struct role){.of_sender = place->of_sender, .sign = place->sign, .text = place->text};
}

/* Whether a is nearer than b to what follows both. */
static bool is_nearer(const struct said_place *a, const struct said_place *b)
{
    return a->sign && (!b->sign || a->text.s > b->text.s);
}

/* True if nothing ends the supposition before the words in question end: "if so, user unknown" states it. */
static bool is_supposed(const struct said_place *supposed, const char *end)
{
    enum { SUPPOSED_BYTES = 80 }; /* half of a sentence */
    if (!supposed->sign)
        return false;
    const char *from = supposed->text.s + supposed->text.n;
    if (end < from || end - from > SUPPOSED_BYTES)
        return false;
    const struct span between = span_of(from, (size_t)(end - from));
    for (size_t i = 0; i < between.n; i++)
        if (memchr(",;:()", between.s[i], 5))
            return false;
    return !span_find(between, " - ");
}

/* The role of a clause; .sign ROLE_BY_NOTHING: none. The words whose role it is end at `end`. */
static struct role role_in(const struct role_people *p, struct span t, const struct clause *c, size_t end)
{
    const struct span all = span_of(t.s + c->begin, c->end - c->begin);
    const struct clause_words words = find_words(p, all, end - c->begin + ROLE_SPACE_BYTES);
    if (words.login.sign)
        return role_by(&words.login);
    if (is_supposed(&words.supposed, t.s + end))
        return role_by(&words.supposed);
    const struct said_place address = find_address(p, all, end - c->begin);
    bool behind = address.sign && address.text.s >= t.s + end;
    return role_by(behind                               ? (words.before.sign ? &words.before : &address)
                   : is_nearer(&words.before, &address) ? &words.before
                                                        : &address);
}

/* -------------------------------------------------------------------- roles */

/* The role of the clause that ends at `end` by quoting, or of one that quotes it. *begin: where the last of these
 * clauses begins. */
static struct role role_of_quoting(const struct role_people *p, struct span t, size_t end, size_t *begin)
{
    struct role role = {.of_sender = false};
    *begin = 0;
    for (size_t i = 0; i < ROLE_QUOTES && end && !role.sign; i++) {
        struct clause c = clause_around(p, span_of(t.s, end), end, end);
        role = role_in(p, t, &c, end);
        if (role.sign == ROLE_SUPPOSED)
            role = (struct role){.of_sender = false};
        end = c.quoted_by;
        *begin = c.begin;
    }
    role.quotes = role.sign != ROLE_BY_NOTHING;
    return role;
}

/* "The sender's address was rejected. Server response: ...": a mail client says what was refused, and quotes the
 * server in the next sentence. */
static struct role role_of_sentence_before(const struct role_people *p, struct span front)
{
    const struct search_word *word = word_search(p->words->of[WORDS_SENDER_REFUSED], front, word_pairs(front));
    if (!word)
        return (struct role){.of_sender = false};
    return (struct role){.of_sender = true, .sign = ROLE_BY_WORD, .quotes = true, .text = word->text};
}

/* The role of what is quoted by the words that end at `end`. */
static struct role role_of_front(const struct role_people *p, struct span t, size_t end)
{
    size_t begin;
    const struct role role = role_of_quoting(p, t, end, &begin);
    return role.sign || !begin ? role : role_of_sentence_before(p, span_of(t.s, begin));
}

/* "Could not authenticate. Account suspended": a sentence about a login continues in the next one. */
static struct role role_of_login_before(const struct role_people *p, struct span t, const struct clause *c)
{
    if (!c->begin || c->quoted_by + 1 == c->begin)
        return (struct role){.of_sender = false};
    struct clause before = clause_around(p, span_of(t.s, c->begin - 1), c->begin - 1, c->begin - 1);
    struct clause_words words = find_words(p, span_of(t.s + before.begin, before.end - before.begin), 0);
    return role_by(&words.login);
}

struct role role_of_words(const struct role_people *people, struct span text, size_t start, size_t end)
{
    struct clause c = clause_around(people, text, start, end);
    struct role role = role_in(people, text, &c, end);
    if (!role.sign)
        role = role_of_login_before(people, text, &c);
    return role.sign ? role : role_of_front(people, text, c.quoted_by);
}

struct role role_of_code(const struct role_people *people, struct span text)
{
    struct clause c = clause_around(people, text, 0, 0);
    const struct span all = span_of(text.s, c.end);
    const struct clause_words words = find_words(people, all, 0);
    const struct said_place address = find_address(people, all, 0);
    if (words.login.sign)
        return role_by(&words.login);
    bool address_first = address.sign && (!words.after.sign || address.text.s < words.after.text.s);
    return role_by(address_first ? &address : &words.after);
}

struct role role_of_quoted(const struct role_people *people, struct span text)
{
    while (text.n && (text.s[text.n - 1] == ' ' || text.s[text.n - 1] == ':'))
        text.n--;
    return role_of_front(people, text, text.n);
}

bool role_names_same(struct span front, struct span text)
{
    struct span only = {NULL, 0};
    const char *at;
    for (size_t i = 0; i < front.n && (at = memchr(front.s + i, '@', front.n - i)); i = (size_t)(at - front.s) + 1) {
        struct span address = echo_address_around(front, (size_t)(at - front.s));
        if (!address.n)
            continue;
        if (only.n && !span_same_nocase(only, address))
            return false;
        only = address;
    }
    return names(text, only);
}
