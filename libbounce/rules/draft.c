/* SPDX-License-Identifier: MIT */
/*
 * draft.c - a rule for a wrongly judged text: bounce_rules_draft().
 *
 * What comes in: the text, without what differs from mail to mail, and what it means. What goes out: a rule file with
 * one rule, whose phrase is the first that passes all checks in the whole set; a near miss is made from it. Refused:
 * texts that no phrase can find.
 */
#include "rules/draft.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "bounce.h"
#include "rules/rule_tests.h"
#include "text/normal.h"

#include <glib.h>
#include <stdio.h>

enum { ID_BYTES_MAX = 40, STEM_BYTES = 6 };

struct draft {
    struct arena arena;
    const bounce_rules_source *sources;
    size_t count;
    bounce_reason reason;
    const char *wording;
    const char *rival; /* a rule of the sources that decides the text so far; NULL: none of them does */
};

/* "locker-has-evaporated"; for a phrase without ASCII letters, its checksum. */
static const char *id_of(struct draft *d, struct span phrase)
{
    struct strbuf id;
    const char *folded = text_fold(&d->arena, phrase);
    strbuf_init(&id, &d->arena);
    strbuf_puts(&id, "own/");
    size_t front = id.n;
    for (const char *s = folded; *s && (id.n - front < ID_BYTES_MAX || ascii_is_alnum(*s)) && id.n < 2 * ID_BYTES_MAX;
         s++)
        if (ascii_is_alnum(*s))
            strbuf_putc(&id, *s);
        else if (!(*s & 0x80) && id.n > front && id.s[id.n - 1] != '-')
            strbuf_putc(&id, '-');
    while (id.n > front && id.s[id.n - 1] == '-')
        id.s[--id.n] = '\0';
    if (id.n < front + 3) {
        char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, folded, -1);
        strbuf_add(&id, sum, 8);
        g_free(sum);
    }
    return id.s;
}

/* The codes at the start of a text: "550 5.1.1 ". */
static struct span codes_of(const char *text)
{
    size_t n = 0;
    while (strchr("0123456789.-", text[n]) && text[n]) {
        n += strspn(text + n, "0123456789.-");
        if (text[n] != ' ')
            return span_of(text, 0);
        n++;
    }
    return span_of(text, n);
}

/* Words of the phrase, but not all of them. */
static const char *near_of(struct draft *d, struct span phrase)
{
    size_t space = phrase.n;
    while (space && phrase.s[space - 1] != ' ')
        space--;
    if (space > 4 && memcmp(phrase.s + space - 4, " .. ", 4) == 0)
        space -= 3;
    if (space)
        return arena_strndup(&d->arena, phrase.s, space - 1);
    if (phrase.s[0] & 0x80)
        return arena_strndup(&d->arena, phrase.s, utf8_cut(phrase.s, phrase.n, phrase.n * 2 / 3));
    return phrase.n > STEM_BYTES ? arena_strndup(&d->arena, phrase.s, STEM_BYTES)
                                 : arena_printf(&d->arena, "%.*ss", (int)phrase.n, phrase.s);
}

/* Whether a text has the words of a phrase, roughly: this only shows how wide a phrase is. */
static bool has_words(const char *text, const char *phrase)
{
    char part[LIMIT_WORDING_BYTES + 1];
    for (;;) {
        const char *gap = strstr(phrase, " .. ");
        size_t n = gap ? (size_t)(gap - phrase) : strlen(phrase);
        g_strlcpy(part, phrase, MIN(n + 1, sizeof part));
        text = strcasestr(text, part);
        if (!text || !gap)
            return text != NULL;
        text += n;
        phrase = gap + 4;
    }
}

/* How many examples of built-in rules of other reasons have the words of a phrase: all of them would be decided by the
 * draft. */
static size_t taken_over(const struct draft *d, const char *phrase)
{
    const struct layer *layer = &bounce_builtin_layer;
    size_t count = 0;
    for (size_t i = 0; i < layer->rule_count; i++) {
        const list_at examples = layer->abouts[i].examples;
        if (layer->rules[i].reason == d->reason)
            continue;
        for (const string_at *at = layer_list(layer, examples); at && *at; at++)
            count += has_words(layer_string(layer, *at), phrase);
    }
    return count;
}

/* reason: the word for it. */
static const char *rule_text(struct draft *d, const char *words, const char *reason)
{
    struct span codes = codes_of(d->wording);
    const char *gap = strstr(words, " .. "), *also = "";
    const char *said = gap ? arena_printf(&d->arena, "%.*s ...%s", (int)(gap - words), words, gap + 3) : words;
    size_t taken = taken_over(d, words);
    if (taken)
        also = arena_printf(&d->arena, "# %zu example%s of built-in rules for other reasons %s these words, too.\n",
                            taken, taken == 1 ? "" : "s", taken == 1 ? "has" : "have");
    return arena_printf(&d->arena,
                        "format 2\n"
                        "\n"
                        "rule %s\n"
                        "%s"
                        "reason %s\n"
                        "%s%s%s"
                        "phrase %s\n"
                        "why The server says: %s.\n"
                        "example %s\n"
                        "near %.*s%s\n",
                        id_of(d, span_z(words)), also, reason, d->rival ? "beats " : "", d->rival ? d->rival : "",
                        d->rival ? "\n" : "", words, said, d->wording, (int)codes.n, codes.s,
                        near_of(d, span_z(words)));
}

static void count_one(void *data, const char *path, const bounce_error *error)
{
    (void)path;
    (void)error;
    ++*(size_t *)data;
}

/* Whether it gives neither an error nor a warning together with the sources. */
static bool passes(struct draft *d, const char *text)
{
    bounce_rules_source *all = arena_calloc(&d->arena, d->count + 1, sizeof *all);
    size_t found = 0;
    for (size_t i = 0; i < d->count; i++)
        all[i] = d->sources[i];
    all[d->count] = (bounce_rules_source){.path = "draft", .text = text, .length = strlen(text)};
    return bounce_rules_check(all, d->count + 1, count_one, count_one, &found, NULL, 0, NULL) == BOUNCE_OK && !found;
}

/* The phrases that take over the fewest texts of others come first; otherwise they stay in their order. */
static void sort_phrases(const struct draft *d, const char **phrases, size_t count)
{
    size_t taken[DRAFT_PHRASES_MAX];
    for (size_t i = 0; i < count; i++) {
        const char *phrase = phrases[i];
        size_t own = taken_over(d, phrase), k = i;
        for (; k > 0 && taken[k - 1] > own; k--) {
            taken[k] = taken[k - 1];
            phrases[k] = phrases[k - 1];
        }
        taken[k] = own;
        phrases[k] = phrase;
    }
}

/* NULL: no phrase will do. Before the reason is known, the draft is tried with one that any rule may have. */
static const char *find_draft(struct draft *d)
{
    const char *phrases[DRAFT_PHRASES_MAX];
    bool known = d->reason != BOUNCE_REASON_UNKNOWN;
    size_t count = draft_phrases(&d->arena, d->wording, phrases);
    sort_phrases(d, phrases, count);
    for (size_t i = 0; i < count; i++)
        if (passes(d, rule_text(d, phrases[i], bounce_reason_name(known ? d->reason : BOUNCE_REASON_POLICY))))
            return rule_text(d, phrases[i], known ? bounce_reason_name(d->reason) : "?");
    return NULL;
}

/* The errors of the sources are not those of the draft. */
static bounce_status load(const struct draft *d, bounce_rules **rules)
{
    return bounce_rules_load_sources(d->sources, d->count, NULL, NULL, rules, NULL);
}

/* A rule of the user that decides the text goes before all rules that state nothing about it. */
static const char *find_rival(struct draft *d, bounce_rules *rules)
{
    enum { OWN_LAYER = 1 };
    static const struct match_budget budget = {LIMIT_TEXT_STEPS_DEFAULT, LIMIT_MESSAGE_STEPS_DEFAULT};
    const char *rival = NULL;
    if (ruleset_layers(rules) <= OWN_LAYER)
        return NULL;
    struct matcher *m = matcher_new(rules, false, true);
    matcher_begin(m, &budget);
    struct bounce_rule any = {.scope = 0};
    const struct bounce_rule *winner =
        rule_test_decide(m, &d->arena, ruleset_layer(rules, OWN_LAYER), &any, d->wording);
    if (winner && rule_layer(winner) == ruleset_layer(rules, OWN_LAYER))
        rival = arena_strdup(&d->arena, bounce_rule_string(winner, BOUNCE_RULE_ID));
    matcher_free(m);
    return rival;
}

bounce_status bounce_rules_draft(const bounce_rules_source *sources, size_t count, bounce_reason reason,
                                 const char *wording, char *buffer, size_t capacity, size_t *length)
{
    if (length)
        *length = 0;
    if (!wording || !length || (!buffer && capacity))
        return BOUNCE_ERROR_ARGUMENT;
    if (!g_utf8_validate(wording, -1, NULL))
        return BOUNCE_END;
    struct draft d = {.sources = sources, .count = count, .reason = reason};
    bounce_rules *rules = NULL;
    bounce_status status = load(&d, &rules);
    if (status != BOUNCE_OK)
        return status;
    arena_init(&d.arena);
    struct norm_text norm;
    text_normalise(&d.arena, span_z(wording), LIMIT_WORDING_BYTES, &norm);
    d.wording = norm.text;
    d.rival = norm.length ? find_rival(&d, rules) : NULL;
    bounce_rules_unref(rules);
    const char *text = norm.length ? find_draft(&d) : NULL;
    if (text) {
        *length = strlen(text);
        status = *length < capacity ? BOUNCE_OK : BOUNCE_ERROR_LIMIT;
        if (status == BOUNCE_OK)
            memcpy(buffer, text, *length + 1);
    }
    arena_free(&d.arena);
    return text ? status : BOUNCE_END;
}
