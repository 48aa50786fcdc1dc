/* SPDX-License-Identifier: MIT */
/*
 * reply.c - SMTP replies in the texts of reports; see reply.h.
 *
 * In: one decoded text (a Diagnostic-Code, a line or paragraph of a report). Out:
 * the reply code (RFC 5321 4.2), the enhanced code (RFC 2034), the innermost reply
 * that is quoted, which server sent it, and which command it answers. Nothing is
 * refused: a text without codes has none.
 */
#include "smtp/reply.h"

#include "base/chunk.h"
#include "smtp/reply_codes.h"
#include "smtp/reply_words.h"

#include <string.h>

/* Which words occur in a text. Most texts are read without a search for them. */
struct found_words {
    struct arena *arena;
    struct span text;
    bool searched;
    uint64_t bits[REPLY_WORDS_MAX / 64];
    unsigned uses; /* of all words found */
};

static void note_word(struct found_words *found, uint32_t word)
{
    found->bits[word / 64] |= (uint64_t)1 << (word % 64);
    found->uses |= reply_words[word].uses;
}

static void note_literals(void *data, const struct literal_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct literal *item = &reply_word_literals.items[hits[i].literal];
        for (size_t k = 0; k < item->owner_count; k++)
            note_word(data, reply_word_literals.owners[item->first_owner + k]);
    }
}

static void find_words(struct found_words *w)
{
    size_t n = w->text.n, i = 0;
    if (w->searched)
        return;
    w->searched = true;
    _Static_assert((int)LITERAL_PADDING_BYTES <= 2 * CHUNK, "zeros follow the text");
    char *lower = arena_alloc(w->arena, n + 3 * CHUNK);
    for (; i + CHUNK <= n; i += CHUNK)
        chunk_store(lower + i, chunk_lower(chunk_load(w->text.s + i)));
    chunk_store(lower + i, chunk_lower(chunk_load_part(w->text.s + i, n - i)));
    chunk_store(lower + i + CHUNK, chunk_of('\0'));
    chunk_store(lower + i + 2 * CHUNK, chunk_of('\0'));
    literals_scan(&reply_word_literals, lower, n, note_literals, w);
    if (n && memchr(lower, '[', n)) /* too short for the index */
        note_word(w, REPLY_WORD_BRACKET);
}

/* The first word from `word` on that occurs and has this use; REPLY_WORDS_MAX if none does. */
static size_t next_found(const struct found_words *w, size_t word, enum reply_word_use use)
{
    while (w->uses & use && word < REPLY_WORDS_MAX) {
        uint64_t bits = w->bits[word / 64] >> (word % 64);
        word = bits ? word + (size_t)__builtin_ctzll(bits) : (word / 64 + 1) * 64;
        if (bits && reply_words[word].uses & use)
            return word;
        word += bits != 0;
    }
    return REPLY_WORDS_MAX;
}

/* True if the text between two codes says that another server is quoted. */
static bool quotes_another(struct span between, struct found_words *w)
{
    find_words(w);
    for (size_t i = 0; (i = next_found(w, i, REPLY_WORD_QUOTES)) < REPLY_WORDS_MAX; i++)
        if (span_find_nocase(between, reply_words[i].text))
            return true;
    return false;
}

static bool is_host_char(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* Length of the word at i that precedes a host name; 0: none. */
static size_t host_mark(struct span t, size_t i)
{
    static const struct span marks[] = {SPAN("host "), SPAN("server "), SPAN("by "), SPAN("from ")};
    static const bool first[256] = {['h'] = true, ['H'] = true, ['s'] = true, ['S'] = true,
                                    ['b'] = true, ['B'] = true, ['f'] = true, ['F'] = true}; /* of the marks */
    if (!first[(unsigned char)t.s[i]])
        return 0;
    for (size_t m = 0; m < COUNT(marks); m++)
        if (span_starts_with(span_of(t.s + i, t.n - i), marks[m]) && !(i && ascii_is_alnum(t.s[i - 1])))
            return marks[m].n;
    return 0;
}

/* A host name at the start of t, perhaps after "<": letters, digits, dots and hyphens,
 * with at least one dot. Empty if there is none. */
static struct span host_name(struct span t)
{
    if (t.n && t.s[0] == '<')
        t = span_of(t.s + 1, t.n - 1);
    size_t n = 0;
    while (n < t.n && is_host_char(t.s[n]))
        n++;
    while (n && t.s[n - 1] == '.')
        n--;
    bool is_name = n > 3 && memchr(t.s, '.', n) && ascii_is_alpha(t.s[n - 1]);
    return span_of(t.s, is_name ? n : 0);
}

/* "host mx.example.net[192.0.2.1] said: 550": looks back from the code, which is at `at`. */
static const char *host_before(struct arena *a, struct span t, size_t at)
{
    enum { WINDOW_BYTES = 200 }; /* a name, an address and a few words */
    size_t from = at > WINDOW_BYTES ? at - WINDOW_BYTES : 0;
    for (size_t i = at; i-- > from;) {
        size_t mark = host_mark(span_of(t.s, at), i);
        struct span name = mark ? host_name(span_of(t.s + i + mark, at - i - mark)) : span_of(NULL, 0);
        if (name.n)
            return arena_strndup(a, name.s, name.n);
    }
    return NULL;
}

/* The command whose name comes first in the text. */
static bounce_command first_command(struct span t, const struct found_words *w)
{
    const char *best = NULL;
    bounce_command command = BOUNCE_COMMAND_NONE;
    for (size_t i = 0; (i = next_found(w, i, REPLY_WORD_COMMAND)) < REPLY_WORDS_MAX; i++) {
        const char *hit = span_find_nocase(t, reply_words[i].text);
        if (hit && (!best || hit < best)) {
            best = hit;
            command = reply_words[i].command;
        }
    }
    return command;
}

/* The command that a reply answers. MTAs name it after "in reply to", "after", "in
 * response to", or in brackets. */
static bounce_command find_command(struct found_words *w)
{
    enum { WINDOW_BYTES = 70 }; /* "in reply to end of DATA command", and longer wordings */
    if (!reply_words_may_lead(w->text))
        return BOUNCE_COMMAND_NONE;
    find_words(w);
    const char *end = w->text.s + w->text.n, *at;
    for (size_t i = 0; w->uses & REPLY_WORD_COMMAND && (i = next_found(w, i, REPLY_WORD_LEAD)) < REPLY_WORDS_MAX; i++) {
        for (struct span rest = w->text; (at = span_find_nocase(rest, reply_words[i].text));) {
            rest = span_of(at, (size_t)(end - at));
            bounce_command command = first_command(span_of(at, rest.n < WINDOW_BYTES ? rest.n : WINDOW_BYTES), w);
            if (command)
                return command;
            rest = span_of(at + 1, rest.n - 1);
        }
    }
    return BOUNCE_COMMAND_NONE;
}

/* The codes of a text, and two of their indexes: that of the reply itself, and that of the
 * innermost reply that it quotes. */
struct codes {
    struct reply_start starts[LIMIT_REPLY_CODES];
    size_t count, first, inner;
    bool repeats, cut;
};

/* "550-Message rejected: Account has been", "550 paused": the reply continues on its next line, unless the line
 * above ends by announcing another. */
static bool goes_on(struct span text, const struct reply_start *from, const struct reply_start *next,
                    struct span between)
{
    between = span_trim(between);
    const bool announces = between.n > 1 && between.s[between.n - 1] == ':' && ascii_is_alpha(between.s[between.n - 2]);
    return next->code == from->code && from->at + 3 < text.n && text.s[from->at + 3] == '-' && !announces;
}

static void find_codes(struct found_words *w, struct codes *c)
{
    struct reply_start *starts = c->starts;
    c->count = reply_find_starts(w->text, starts, &c->repeats, &c->cut);
    c->first = 0;
    /* The first one with a reply code counts; an enhanced code alone before it does not. */
    while (c->first + 1 < c->count && !starts[c->first].code && starts[c->first + 1].code)
        c->first++;
    for (size_t i = c->first + 1; i < c->count && starts[c->first].code && starts[c->first].code < 400; i++)
        if (starts[i].code >= 400) /* "220-mx.example.net 421 4.2.1 ...": a greeting that refuses */
            c->first = i;
    c->inner = c->first;
    for (size_t i = c->first + 1; i < c->count; i++) {
        struct span between = span_of(w->text.s + starts[c->inner].end, starts[i].at - starts[c->inner].end);
        if (starts[i].code && !goes_on(w->text, &starts[c->inner], &starts[i], between) && quotes_another(between, w))
            c->inner = i;
    }
}

static struct enhanced status_from_inner(const struct codes *c)
{
    const struct reply_start *starts = c->starts, *s = &starts[c->inner];
    struct enhanced status = s->status;
    /* "550 User unknown (#5.1.1)", "550-first line 550 5.1.1 second": the status of a later line. */
    for (size_t i = c->inner; i < c->count; i++) {
        bool same = !starts[i].code || starts[i].code == s->code;
        bool better = !status.class_ || (enhanced_is_generic(status) && !enhanced_is_generic(starts[i].status));
        if (same && starts[i].status.class_ && better)
            status = starts[i].status;
    }
    return status;
}

static struct enhanced status_of_codes(const struct codes *c)
{
    const struct reply_start *starts = c->starts;
    struct enhanced status = status_from_inner(c);
    /* "5.3.0 - Other mail system problem 550-'Unknown user'": the status before the code. */
    if (!status.class_ && c->inner == c->first && c->first && !starts[c->first - 1].code)
        status = starts[c->first - 1].status;
    return status;
}

struct enhanced reply_status(struct arena *a, struct span text)
{
    struct found_words words = {.arena = a, .text = text};
    struct codes codes;
    find_codes(&words, &codes);
    return codes.count ? status_of_codes(&codes) : (struct enhanced){0};
}

/* The text from `at` on, without its closing quote if the same mark is right before it: "returned '550 no'". */
static struct span quoted_from(struct span text, size_t at)
{
    const char mark = at ? text.s[at - 1] : ' ';
    struct span rest = span_of(text.s + at, text.n - at);
    if ((mark == '\'' || mark == '"') && rest.n && rest.s[rest.n - 1] == mark)
        rest.n--;
    return rest;
}

void reply_read_codes(struct arena *a, struct span text, struct reply *out)
{
    struct found_words words = {.arena = a, .text = text};
    struct codes codes;
    *out = (struct reply){.text = text, .inner = text};
    find_codes(&words, &codes);
    out->has_lines = codes.repeats;
    out->cut = codes.cut;
    if (!codes.count)
        return;
    const struct reply_start *first = &codes.starts[codes.first], *inner = &codes.starts[codes.inner];
    out->text = span_of(text.s + first->at, text.n - first->at);
    out->inner = quoted_from(text, inner->at);
    out->status = status_of_codes(&codes);
    out->inner_status = status_from_inner(&codes);
    out->code = inner->code;
    for (size_t i = codes.inner; i < codes.count && !out->code; i++) /* "smtp;5.1.1 (#550 …)" */
        out->code = codes.starts[i].code;
}

void reply_read_around(struct arena *a, struct span text, unsigned parts, struct reply *reply)
{
    struct found_words words = {.arena = a, .text = text};
    if (parts & REPLY_COMMAND)
        reply->command = find_command(&words);
    if (parts & REPLY_HOST && (reply->code || reply->status.class_))
        reply->host = host_before(a, text, (size_t)(reply->inner.s - text.s));
    if (parts & REPLY_REMOTE && reply->code) {
        find_words(&words);
        reply->from_remote = words.uses & REPLY_WORD_REMOTE;
    }
}

void reply_read_parts(struct arena *a, struct span text, unsigned parts, struct reply *out)
{
    reply_read_codes(a, text, out);
    reply_read_around(a, text, parts, out);
}

void reply_read(struct arena *a, struct span text, struct reply *out)
{
    reply_read_parts(a, text, REPLY_COMMAND | REPLY_HOST | REPLY_REMOTE, out);
}

/* Length of the codes at i if another line of the same reply begins there ("550-5.1.1 ",
 * "550 "); 0 if none does. */
static size_t continuation_at(struct span t, size_t i, bool with_status)
{
    if (t.n - i < 4 || (t.s[i + 3] != '-' && t.s[i + 3] != ' ') || !ascii_is_space(t.s[i - 1]))
        return 0;
    struct enhanced e;
    size_t used, end = i + 4;
    if (with_status && enhanced_parse(span_of(t.s + end, t.n - end), &e, &used))
        end += used;
    return end - i;
}

struct span reply_join_lines(struct arena *a, struct span text)
{
    if (text.n < 8 || !reply_code_at(text.s, text.n))
        return text;
    struct span code = span_of(text.s, 3);
    const char *at = span_find_bytes(span_of(text.s + 3, text.n - 3), code), *end = text.s + text.n;
    if (!at)
        return text;
    struct enhanced e = {0}; /* a status that only a later line has must be kept */
    bool with_status = reply_enhanced_after(text, 3, &e) > 3;
    struct strbuf b;
    strbuf_init(&b, a);
    strbuf_reserve(&b, text.n);
    const char *from = text.s;
    while (at) {
        size_t skip = continuation_at(text, (size_t)(at - text.s), with_status);
        if (skip) {
            strbuf_add(&b, from, (size_t)(at - from));
            from = at + skip;
        }
        at += skip ? skip : 1;
        at = span_find_bytes(span_of(at, (size_t)(end - at)), code);
    }
    strbuf_add(&b, from, (size_t)(end - from));
    return span_of(b.s, b.n);
}

bool reply_strip_type(struct span *text)
{
    static const struct span type = SPAN("smtp;");
    if (!span_starts_with(*text, type))
        return false;
    *text = span_trim(span_of(text->s + type.n, text->n - type.n));
    return true;
}
