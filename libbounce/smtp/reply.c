/* SPDX-License-Identifier: MIT */
/*
 * reply.c - finds SMTP replies inside the texts of reports.
 *
 * In: one decoded text (a Diagnostic-Code, a line or paragraph of a report).
 * Out: the reply code, the enhanced code (RFC 2034), the innermost reply that
 * is quoted, who said it and to which command.
 */
#include "smtp/reply.h"
#include "base/chunk.h"
#include "smtp/reply_codes.h"
#include "smtp/reply_words.h"

#include <string.h>

/* Which of the words stand in a text. Most texts are read without asking. */
struct words {
    struct arena *arena;
    struct span text;
    bool asked;
    uint64_t bits[REPLY_WORDS_MAX / 64];
    unsigned uses; /* of all words found */
};

static void note_word(struct words *found, uint32_t word)
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

static void find_words(struct words *w)
{
    size_t n = w->text.n, i = 0;
    if (w->asked)
        return;
    w->asked = true;
    char *lower = arena_alloc(w->arena, n + 2 * CHUNK);
    for (; i + CHUNK <= n; i += CHUNK)
        chunk_store(lower + i, chunk_lower(chunk_load(w->text.s + i)));
    chunk_store(lower + i, chunk_lower(chunk_load_part(w->text.s + i, n - i)));
    chunk_store(lower + i + CHUNK, chunk_of('\0'));
    literals_scan(&reply_word_literals, lower, n, note_literals, w);
    if (n && memchr(lower, '[', n)) /* too short for the index */
        note_word(w, REPLY_WORD_BRACKET);
}

/* The first word found from `word` on that has the use; REPLY_WORDS_MAX if there is none. */
static size_t next_word(const struct words *w, size_t word, enum reply_word_use use)
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
static bool quotes_another(struct span between, struct words *w)
{
    find_words(w);
    for (size_t i = 0; (i = next_word(w, i, REPLY_WORD_QUOTES)) < REPLY_WORDS_MAX; i++)
        if (span_find_nocase(between, reply_words[i].text))
            return true;
    return false;
}

/* A name of a host: letters, digits, dots, hyphens; has a dot. */
static bool is_host_char(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static const char *host_before(struct arena *a, struct span t, size_t at)
{
    static const char *const marks[] = {"host ", "server ", "by ", "from ", NULL};
    /* "host mx.example.net[192.0.2.1] said: 550": look back from the code. */
    size_t from = at > 200 ? at - 200 : 0;
    for (size_t i = at; i-- > from;) {
        struct span rest = span_of(t.s + i, at - i);
        char c = ascii_lower(t.s[i]);
        if (c != 'h' && c != 's' && c != 'b' && c != 'f') /* the letters that the marks begin with */
            continue;
        for (size_t m = 0; marks[m]; m++) {
            size_t n = strlen(marks[m]);
            if (!span_starts_nocase(rest, marks[m]) || (i && ascii_is_alnum(t.s[i - 1])))
                continue;
            size_t b = i + n, e;
            if (b < at && t.s[b] == '<')
                b++;
            for (e = b; e < at && is_host_char(t.s[e]); e++)
                ;
            while (e > b && t.s[e - 1] == '.')
                e--;
            if (e - b > 3 && memchr(t.s + b, '.', e - b) && ascii_is_alpha(t.s[e - 1]))
                return arena_strndup(a, t.s + b, e - b);
        }
    }
    return NULL;
}

/* The first name of a command in the text. */
static bounce_command first_command(struct span t, const struct words *w)
{
    const char *best = NULL;
    bounce_command command = BOUNCE_COMMAND_NONE;
    for (size_t i = 0; (i = next_word(w, i, REPLY_WORD_COMMAND)) < REPLY_WORDS_MAX; i++) {
        const char *hit = span_find_nocase(t, reply_words[i].text);
        if (hit && (!best || hit < best)) {
            best = hit;
            command = reply_words[i].command;
        }
    }
    return command;
}

/* The words by which MTAs name the command that a reply answers. They stand
 * after "in reply to", "after", "in response to", or in brackets. */
static bounce_command find_command(struct words *w)
{
    enum { WINDOW_BYTES = 70 };
    if (!reply_words_may_lead(w->text))
        return BOUNCE_COMMAND_NONE;
    find_words(w);
    const char *end = w->text.s + w->text.n, *at;
    for (size_t i = 0; w->uses & REPLY_WORD_COMMAND && (i = next_word(w, i, REPLY_WORD_LEAD)) < REPLY_WORDS_MAX; i++) {
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

/* The codes of a text: first leads, inner is the innermost that is quoted. */
struct codes {
    struct reply_start starts[REPLY_STARTS_MAX];
    size_t count, first, inner;
    bool repeats;
};

static void read_codes(struct words *w, struct codes *c)
{
    struct reply_start *starts = c->starts;
    c->count = reply_find_starts(w->text, starts, &c->repeats);
    c->first = 0;
    /* The first start with a code leads; a bare status in front of it does not. */
    while (c->first + 1 < c->count && !starts[c->first].code && starts[c->first + 1].code)
        c->first++;
    for (size_t i = c->first + 1; i < c->count && starts[c->first].code && starts[c->first].code < 400; i++)
        if (starts[i].code >= 400) /* "220-mx.example.net 421 4.2.1 ...": a greeting that refuses */
            c->first = i;
    c->inner = c->first;
    for (size_t i = c->first + 1; i < c->count; i++) {
        struct span between = span_of(w->text.s + starts[c->inner].end, starts[i].at - starts[c->inner].end);
        if (starts[i].code && quotes_another(between, w))
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

static struct enhanced status_of(const struct codes *c)
{
    const struct reply_start *starts = c->starts;
    struct enhanced status = status_from_inner(c);
    /* "5.3.0 - Other mail system problem 550-'Unknown user'": the status in front of the code. */
    if (!status.class_ && c->inner == c->first && c->first && !starts[c->first - 1].code)
        status = starts[c->first - 1].status;
    return status;
}

struct enhanced reply_status(struct arena *a, struct span text)
{
    struct words words = {.arena = a, .text = text};
    struct codes codes;
    read_codes(&words, &codes);
    return codes.count ? status_of(&codes) : (struct enhanced){0};
}

void reply_read_codes(struct arena *a, struct span text, struct reply *out)
{
    struct words words = {.arena = a, .text = text};
    struct codes codes;
    *out = (struct reply){.text = text, .inner = text};
    read_codes(&words, &codes);
    out->has_lines = codes.repeats;
    if (!codes.count)
        return;
    const struct reply_start *first = &codes.starts[codes.first], *inner = &codes.starts[codes.inner];
    out->text = span_of(text.s + first->at, text.n - first->at);
    out->inner = span_of(text.s + inner->at, text.n - inner->at);
    out->status = status_of(&codes);
    out->inner_status = status_from_inner(&codes);
    out->code = inner->code;
    for (size_t i = codes.inner; i < codes.count && !out->code; i++) /* "smtp;5.1.1 (#550 …)" */
        out->code = codes.starts[i].code;
}

void reply_read_around(struct arena *a, struct span text, unsigned parts, struct reply *reply)
{
    struct words words = {.arena = a, .text = text};
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

/* A line of the same reply that begins at i: "550-5.1.1 ", "550 ". 0: none. */
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
    struct enhanced e = {0}; /* a status that only a later line states must stay */
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
