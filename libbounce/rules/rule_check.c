/* SPDX-License-Identifier: MIT */
/*
 * rule_check.c - what a rule must have.
 *
 * What comes in: the lines of one rule or override. What goes out: a complete
 * struct parsed_rule. Refused, with an error: a rule without reason, why,
 * example, near or pattern; `match` without `need`, and `need` without `match`;
 * `cause` or `implies` with a reason for which it means nothing; a near miss that
 * has no word of the rule, and so tests nothing.
 */
#include "rules/rule_check.h"
#include "rules/rule_keywords.h"
#include "text/normal.h"
#include "text/text.h"

enum {
    STEM_BYTES = 6,      /* of a long word that are compared */
    WORD_BYTES_MIN = 3,  /* shorter words are not compared */
    TWO_LETTERS_MIN = 4, /* bytes of two letters of a script that is not Latin */
    TWO_LETTERS_MAX = 6
};

/* -------------------------------------------------------------- presence */

static void check_required(struct reader *r)
{
    static const struct {
        enum rule_keyword keyword;
        const char *message;
    } required[] = {
        {RULE_REASON, "the rule has no reason"},
        {RULE_WHY, "the rule has no why: one line for people"},
        {RULE_EXAMPLE, "the rule has no example: a text that it decides"},
        {RULE_NEAR, "the rule has no near: a text with its words that it must not decide"},
    };
    for (size_t i = 0; i < COUNT(required); i++)
        if (!reader_saw(r, required[i].keyword))
            reader_entry_error(r, "%s", required[i].message);
}

static void check_patterns(struct reader *r)
{
    bool match = reader_saw(r, RULE_MATCH), need = reader_saw(r, RULE_NEED);
    if (!match && !reader_saw(r, RULE_PHRASE) && !reader_saw(r, RULE_TOKEN))
        reader_entry_error(r, r->format > 1 ? "the rule has no phrase, no token and no match"
                                            : "the rule has neither phrase nor match");
    if (match && !need)
        reader_entry_error(r, "a rule with match must have at least one need");
    if (need && !match)
        reader_entry_error(r, "need is only for match: a phrase needs none");
}

static void check_meaning(struct reader *r)
{
    const struct parsed_rule *rule = &r->entry->rule;
    const struct implication *implication = rule_implication(rule->implies);
    if (!reader_saw(r, RULE_REASON))
        return;
    if (reader_saw(r, RULE_CAUSE) && rule->reason != BOUNCE_REASON_EXPIRED)
        reader_entry_error(r, "cause is only for rules with the reason expired");
    if (implication && rule->reason != implication->reason)
        reader_entry_error(r, "implies %s is only for rules with the reason %s", implication->word,
                           bounce_reason_name(implication->reason));
}

/* ------------------------------------------------------------ near misses */

/* True if text has the word, in any inflection: the beginning of a long word is
 * enough. For a word in another script, which may have no spaces around it, two
 * neighbouring letters are enough. */
static bool has_word(const char *text, struct span word)
{
    if (bytes_ascii(word.s, word.n) == word.n)
        return memmem(text, strlen(text), word.s, word.n < STEM_BYTES ? word.n : STEM_BYTES) != NULL;
    for (size_t i = 0; i + TWO_LETTERS_MIN <= word.n; i++)
        if (memmem(text, strlen(text), word.s + i, word.n - i < TWO_LETTERS_MAX ? word.n - i : TWO_LETTERS_MAX))
            return true;
    return false;
}

/* *had_words is set if the literal has a word that could be compared. */
static bool has_word_of(const char *text, const char *literal, bool *had_words)
{
    while (*literal) {
        size_t n = 0;
        while (literal[n] && (ascii_is_alnum(literal[n]) || (literal[n] & 0x80)))
            n++;
        if (n >= WORD_BYTES_MIN) {
            *had_words = true;
            if (has_word(text, span_of(literal, n)))
                return true;
        }
        literal += n ? n : 1;
    }
    return false;
}

/* For a class, each member is compared, once its members are known. */
static bool has_member(const char *text, const struct parsed_class *class, bool *had_words)
{
    for (size_t i = 0; i < class->member_count; i++)
        if (has_word_of(text, class->members[i].text, had_words))
            return true;
    return false;
}

static bool is_near_row(const struct parsed_row *row, const char *text, bool *had_words)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct parsed_element *e = &row->elements[i];
        if (e->text ? has_word_of(text, e->text, had_words) : !e->class || has_member(text, e->class, had_words))
            return true;
    }
    return false;
}

static bool is_near_pattern(const struct parsed_pattern *p, const char *text, bool *had_words)
{
    if (p->row && is_near_row(p->row, text, had_words))
        return true;
    for (size_t i = 0; i < p->segment_count; i++)
        if (has_word_of(text, p->segments[i], had_words))
            return true;
    return false;
}

static bool is_near(const struct parsed_rule *rule, const char *text)
{
    bool had_words = false;
    for (size_t i = 0; i < rule->pattern_count; i++)
        if (is_near_pattern(&rule->patterns[i], text, &had_words))
            return true;
    for (const char *const *need = rule->needs; need && *need; need++)
        if (has_word_of(text, *need, &had_words) || strstr(text, *need))
            return true;
    return !had_words;
}

static void check_nears(struct rule_entries *e, const struct rule_entry *entry)
{
    const struct parsed_rule *rule = &entry->rule;
    for (size_t i = 0; rule->nears && rule->nears[i]; i++) {
        const struct rule_error where = {.path = entry->path,
                                         .file = entry->file,
                                         .status = BOUNCE_ERROR_RULES,
                                         .line = rule->near_lines[i],
                                         .column = 1};
        if (!is_near(rule, text_fold(e->arena, span_z(rule->nears[i]))))
            rule_entries_error(e, &where, "a near with no word of the rule's phrases and needs tests nothing");
    }
}

void rule_check_nears(struct rule_entries *e)
{
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next)
        if ((entry->kind == ENTRY_RULE || entry->kind == ENTRY_OVERRIDE) && !entry->removes)
            check_nears(e, entry);
}

/* -------------------------------------------------------------- completion */

static void take_lists(struct reader *r, struct parsed_rule *rule)
{
    size_t count;
    rule->masked = r->format > 1;
    rule->patterns = reader_items(r, LIST_PATTERNS, &rule->pattern_count);
    rule->needs = reader_strings(r, LIST_NEEDS);
    rule->unless = reader_items(r, LIST_UNLESS, &rule->unless_count);
    rule->examples = reader_strings(r, LIST_EXAMPLES);
    rule->nears = reader_strings(r, LIST_NEARS);
    rule->near_lines = reader_items(r, LIST_NEAR_LINES, &count);
    rule->example_lines = reader_items(r, LIST_EXAMPLE_LINES, &count);
    rule->need_places = reader_items(r, LIST_NEED_PLACES, &count);
    rule->scope.software_places = reader_items(r, LIST_SOFTWARE_PLACES, &count);
    rule->statements = reader_items(r, LIST_STATEMENTS, &rule->statement_count);
    rule->scope.hosts = reader_strings(r, LIST_HOSTS);
    rule->scope.softwares = reader_strings(r, LIST_SOFTWARES);
    rule->scope.langs = reader_strings(r, LIST_LANGS);
    rule->scope.codes = reader_strings(r, LIST_CODES);
    rule->scope.statuses = reader_strings(r, LIST_STATUSES);
}

void rule_finish(struct reader *r)
{
    struct parsed_rule *rule = &r->entry->rule;
    if (r->entry->kind == ENTRY_OVERRIDE && !r->entry_lines) {
        r->entry->removes = true;
        return;
    }
    check_required(r);
    check_patterns(r);
    check_meaning(r);
    rule->tier_stated = rule->tier != TIER_NONE;
    if (!rule->tier_stated)
        rule->tier = TIER_DEFINITE;
    take_lists(r, rule);
    r->out->rule_count++;
}
