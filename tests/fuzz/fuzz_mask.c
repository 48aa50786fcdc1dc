/* SPDX-License-Identifier: MIT */
/*
 * fuzz_mask.c - any bytes as a text that is masked (text/mask.h). The first line is a
 * phrase and a host that the mail also states; the rest is the text.
 */
#include "fuzz.h"

#include "base/span.h"
#include "base/utf8.h"
#include "text/mask.h"
#include "text/text.h"
#include "text/typed_chars.h"

/* Equal, except for an x in place of letters and digits. */
static void check_part(const char *plain, const char *face, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        MUST(face[i] == plain[i] || face[i] == 'x');
}

static void check(const struct norm_text *text, const struct masked_text *masked)
{
    const struct norm_text *face = masked->face;
    size_t last = 0, folded_last = 0;
    MUST((face == text) == (masked->count == 0));
    MUST(face->length == text->length && face->folded_length == text->folded_length && face->map == text->map);
    for (size_t i = 0; i < masked->count; i++) {
        const struct mask_span *s = &masked->spans[i];
        MUST(s->start < s->end && s->end <= text->length && (i == 0 || s->start > last));
        MUST(s->folded_start <= s->folded_end && s->folded_end <= text->folded_length);
        MUST(s->folded_start >= folded_last);
        MUST(!memcmp(face->text + last, text->text + last, s->start - last));
        MUST(!memcmp(face->folded + folded_last, text->folded + folded_last, s->folded_start - folded_last));
        check_part(text->text, face->text, s->start, s->end);
        check_part(text->folded, face->folded, s->folded_start, s->folded_end);
        last = s->end;
        folded_last = s->folded_end;
    }
    MUST(!strcmp(face->text + last, text->text + last) &&
         !strcmp(face->folded + folded_last, text->folded + folded_last));
    fuzz_check_string(face->text);
    fuzz_check_string(face->folded);
}

/* The mask hides whether a path followed a host or an address, and where a script without
 * spaces began: both show where what somebody typed ends. */
static bool hides_ends(const struct norm_text *text)
{
    bool hides = strpbrk(text->text, "/?") != NULL;
    for (size_t i = 0; i < text->length && !hides; i++)
        hides = !utf8_is_tail(text->text[i]) && typed_is_solid(span_of(text->text, text->length), i);
    return hides;
}

/* Masking a masked text changes nothing. */
static void check_again(struct arena *a, const struct norm_text *face)
{
    struct masked_text again;
    text_mask(a, face, NULL, &again);
    masked_face(a, &again);
    check(face, &again);
    MUST(!strcmp(again.face->text, face->text) && !strcmp(again.face->folded, face->folded));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct norm_text text, stated;
    struct masked_text masked;
    arena_init(&arena);
    struct span all = text_decode(&arena, span_of((const char *)data, size), "utf-8", NULL), first = {"", 0};
    struct span whole = all;
    span_next_line(&all, &first);
    text_normalise(&arena, first, SIZE_MAX, &stated);
    text_normalise(&arena, whole, SIZE_MAX, &text);
    text_mask(&arena, &text, NULL, &masked);
    masked_face(&arena, &masked);
    check(&text, &masked);
    if (!hides_ends(&text))
        check_again(&arena, masked.face);
    struct span name = span_of(stated.text, stated.length);
    struct mask_facts facts = {.hosts = &name, .host_count = 1, .phrases = &name, .phrase_count = 1};
    text_mask(&arena, &text, &facts, &masked);
    masked_face(&arena, &masked);
    check(&text, &masked);
    arena_free(&arena);
    return 0;
}
