/* SPDX-License-Identifier: MIT */
/*
 * mask.c - the masked face of a text; see mask.h.
 *
 * In: a normal text, and what is known of its mail. Out: where addresses, URLs and
 * hosts (typed.h) and the known phrases are, and the text with these masked. One pass,
 * and one more for each phrase. Refused: short and long phrases, and those inside a word.
 */
#include "text/mask.h"

#include "base/utf8.h"
#include "text/typed.h"
#include "text/typed_chars.h"

#include <stdlib.h>

struct masking {
    struct arena *arena;
    const struct norm_text *text;
    struct mask_span *spans;
    size_t count, capacity;
};

static void add_span(struct masking *m, size_t start, size_t end)
{
    m->spans = arena_grow(m->arena, m->spans, m->count, &m->capacity, sizeof *m->spans);
    m->spans[m->count++] = (struct mask_span){.start = start, .end = end};
}

/* ----------------------------------------------------------------- phrases */

/* As for word boundaries, "_" is a letter. */
static bool letter_at(struct span t, size_t i)
{
    size_t size;
    return i < t.n && (t.s[i] == '_' || typed_is_letter(utf8_get(t.s + i, &size)));
}

static bool letter_before(struct span t, size_t i)
{
    while (i && utf8_is_tail(t.s[i - 1]))
        i--;
    return i && letter_at(t, i - 1);
}

/* Whether neither of its ends is inside a word. */
static bool is_whole(struct span t, size_t start, size_t end)
{
    return !(letter_at(t, start) && letter_before(t, start)) && !(letter_before(t, end) && letter_at(t, end));
}

/* Whether it is in quotes, or the name before an address. */
static bool is_marked(struct span t, size_t start, size_t end)
{
    bool quoted = start && end < t.n && (t.s[start - 1] == '"' || t.s[start - 1] == '\'') && t.s[end] == t.s[start - 1];
    return quoted || (end + 2 < t.n && t.s[end] == ' ' && t.s[end + 1] == '<');
}

/* Letters alone: such a name may be a word of the server, too. */
static bool is_one_word(struct span phrase)
{
    size_t i = 0;
    for (size_t size; i < phrase.n && typed_is_letter(utf8_get(phrase.s + i, &size)); i += size)
        ;
    return i == phrase.n;
}

static void find_phrase(struct masking *m, struct span phrase)
{
    struct span t = span_of(m->text->text, m->text->length);
    if (phrase.n < MASK_PHRASE_BYTES_MIN || phrase.n > MASK_PHRASE_BYTES_MAX)
        return;
    const char *s;
    for (size_t at = 0; (s = span_find_bytes(span_of(t.s + at, t.n - at), phrase)); at++) {
        at = (size_t)(s - t.s);
        if (!is_whole(t, at, at + phrase.n) || (is_one_word(phrase) && !is_marked(t, at, at + phrase.n)))
            continue;
        add_span(m, at, at + phrase.n);
        at += phrase.n - 1;
    }
}

/* ------------------------------------------------------------------- spans */

static void find_typed(struct masking *m, const struct mask_facts *facts)
{
    struct typed_search search = {.text = span_of(m->text->text, m->text->length),
                                  .hosts = facts ? facts->hosts : NULL,
                                  .host_count = facts ? facts->host_count : 0};
    for (struct typed_range found; typed_next(&search, &found);)
        add_span(m, found.start, found.end);
}

static int compare_spans(const void *a, const void *b)
{
    const struct mask_span *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

/* Spans that overlap or touch become one. */
static void merge_spans(struct masking *m)
{
    size_t kept = 0;
    for (size_t i = 1; i < m->count; i++) {
        if (m->spans[i].start > m->spans[kept].end)
            m->spans[++kept] = m->spans[i];
        else if (m->spans[i].end > m->spans[kept].end)
            m->spans[kept].end = m->spans[i].end;
    }
    m->count = kept + 1;
}

static void mark_known_hosts(struct masking *m, const struct mask_facts *facts)
{
    for (size_t i = 0; i < m->count; i++) {
        struct mask_span *s = &m->spans[i];
        const struct span name = span_of(m->text->text + s->start, s->end - s->start);
        for (size_t k = 0; k < facts->host_count && !s->is_known_host; k++)
            s->is_known_host = span_same_nocase(name, facts->hosts[k]);
    }
}

static void fold_spans(struct masking *m)
{
    size_t from = 0;
    for (size_t i = 0; i < m->count; i++) {
        m->spans[i].folded_start = norm_fold_offset_from(m->text, from, m->spans[i].start);
        from = m->spans[i].folded_end = norm_fold_offset_from(m->text, m->spans[i].folded_start, m->spans[i].end);
    }
}

/* -------------------------------------------------------------------- face */

static void mask_letters(char *s, size_t start, size_t end)
{
    for (size_t size = 1; start < end; start += size) {
        unsigned char c = (unsigned char)s[start];
        if (c < 0x80)
            size = 1, s[start] = typed_classes[c] & TYPED_LETTER ? 'x' : s[start];
        else if (typed_is_foreign_letter(utf8_get(s + start, &size)))
            memset(s + start, 'x', size);
    }
}

static char *copy(struct arena *a, const char *s, size_t n, size_t padding)
{
    char *to = arena_alloc(a, n + padding);
    memcpy(to, s, n);
    memset(to + n, 0, padding);
    return to;
}

const struct norm_text *masked_face(struct arena *a, struct masked_text *m)
{
    const struct norm_text *t = m->text;
    if (m->face)
        return m->face;
    struct norm_text *face = arena_alloc(a, sizeof *face);
    char *text = copy(a, t->text, t->length, 1);
    char *folded = copy(a, t->folded, t->folded_length, NORM_PADDING_BYTES);
    for (size_t i = 0; i < m->count; i++) {
        mask_letters(text, m->spans[i].start, m->spans[i].end);
        mask_letters(folded, m->spans[i].folded_start, m->spans[i].folded_end);
    }
    *face = *t;
    face->text = text;
    face->folded = folded;
    return m->face = face;
}

void text_mask(struct arena *a, const struct norm_text *text, const struct mask_facts *facts, struct masked_text *out)
{
    struct masking m = {.arena = a, .text = text};
    *out = (struct masked_text){.text = text, .face = text};
    find_typed(&m, facts);
    size_t typed = m.count;
    for (size_t i = 0; facts && i < facts->phrase_count; i++)
        find_phrase(&m, facts->phrases[i]);
    if (!m.count)
        return;
    if (m.count > typed)
        qsort(m.spans, m.count, sizeof *m.spans, compare_spans);
    merge_spans(&m);
    if (facts)
        mark_known_hosts(&m, facts);
    fold_spans(&m);
    *out = (struct masked_text){.text = text, .spans = m.spans, .count = m.count};
}
