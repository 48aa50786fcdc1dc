/* SPDX-License-Identifier: MIT */
/*
 * warnings.c - what is valid but has no effect.
 *
 * What comes in: values of keywords, and all entries once read. What goes out: warnings at their places, each with what
 * to write instead. Nothing is refused: a pattern that never fires is not an error, and the rule's other patterns may
 * fire.
 */
#include "rules/warnings.h"
#include "match/regex.h"
#include "match/tables.h"
#include "text/normal.h"

/* ---------------------------------------------------------------- phrases */

static bool is_quoted(struct span value)
{
    static const struct span open = SPAN("\xe2\x80\x9c"), close = SPAN("\xe2\x80\x9d");
    bool straight = value.n > 2 && value.s[0] == '"' && value.s[value.n - 1] == '"';
    return straight || (span_starts_with(value, open) && value.n > close.n &&
                        memcmp(value.s + value.n - close.n, close.s, close.n) == 0);
}

/* Where a sign is between two words, with or without spaces around it; NULL: nowhere. */
static const char *between_words(struct span value, const char *sign)
{
    size_t length = strlen(sign);
    for (size_t i = 1; i + length < value.n; i++) {
        size_t before = i, after = i + length;
        while (before && value.s[before - 1] == ' ')
            before--;
        while (after < value.n && value.s[after] == ' ')
            after++;
        if (memcmp(value.s + i, sign, length) == 0 && before &&
            (ascii_is_alnum(value.s[before - 1]) || value.s[before - 1] == '}') &&
            (ascii_is_alnum(value.s[after]) || value.s[after] == '{'))
            return value.s + i;
    }
    return NULL;
}

void warn_of_phrase(struct reader *r, struct span value)
{
    const char *any = between_words(value, ".*"), * or = between_words(value, "|");
    const char *syntax = memmem(value.s, value.n, "(?", 2);
    if (!syntax && value.n > 1 && (syntax = memchr(value.s, '\\', value.n - 1)) && !strchr("bdswBDSW", syntax[1]))
        syntax = NULL;
    if (is_quoted(value))
        reader_warning(r, value.s, "the quotes belong to the phrase, and few texts have them: leave them out");
    else if (any)
        reader_warning(r, any, "\".*\" is not a gap in a phrase: write \" ... \"");
    else if (or)
        reader_warning(r, or, "\"|\" means nothing in a phrase: write two phrases");
    else if (syntax)
        reader_warning(r, syntax, "a phrase is plain words; a regular expression goes into \"match\"");
}

/* ------------------------------------------------------ lines of dialects */

/* The bytes of an atom that white space alone matches: " ", "\t", "\s", "[ \t]"; 0: it is not one. */
static size_t white_atom(const char *s)
{
    if (*s == ' ' || *s == '\t')
        return 1;
    if (*s == '\\' && s[1] && strchr("sht", s[1]))
        return 2;
    if (*s != '[')
        return 0;
    size_t n = 1;
    while (s[n] == ' ' || s[n] == '\t' || (s[n] == '\\' && s[n + 1] && strchr("sht", s[n + 1])))
        n += s[n] == '\\' ? 2 : 1;
    return n > 1 && s[n] == ']' ? n + 1 : 0;
}

/* The expression begins with white space that must be there. */
static bool wants_indentation(const char *source)
{
    if (*source++ != '^')
        return false;
    source += strncmp(source, "(?:", 3) == 0 ? 3 : *source == '(' && source[1] != '?';
    size_t n = white_atom(source);
    return n && source[n] != '*' && source[n] != '?' && strncmp(source + n, "{0", 2) != 0;
}

/* Whether a name of what it captures is `address`. */
static bool captures_address(const char *source)
{
    return strstr(source, "(?<address>") || strstr(source, "(?P<address>") || strstr(source, "(?'address'");
}

void warn_of_line(struct reader *r, struct span value, const struct parsed_pattern *pattern, enum reader_list list)
{
    if (list < LIST_STARTS || list > LIST_LINES || !pattern->is_regex)
        return;
    if (wants_indentation(pattern->source))
        reader_warning(r, value.s, "lines are compared without leading white space: there is none after the \"^\"");
    if (list == LIST_BLOCKS && !captures_address(pattern->source))
        reader_warning(r, value.s, "a block without (?<address>...) names no recipient");
}

/* -------------------------------------------------------------- software */

/* All that a report may show; "none" stands for a dialect without one. */
static GHashTable *known_softwares(const struct rule_entries *e, const struct layer *lower)
{
    /* What JSON notifications (reading/kind.c) and logs show, but no dialect does. */
    static const char *const others[] = {"none", "amazon-ses", "kumomta", "zonemta"};
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < COUNT(others); i++)
        g_hash_table_add(known, (gpointer)others[i]);
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next)
        if (entry->kind == ENTRY_DIALECT && entry->dialect.software)
            g_hash_table_add(known, (gpointer)entry->dialect.software);
    for (size_t i = 0; lower && i < lower->dialect_count; i++) {
        const char *software = layer_string(lower, lower->dialects[i].software);
        if (software)
            g_hash_table_add(known, (gpointer)software);
    }
    return known;
}

static void warn_at(struct rule_entries *e, const struct rule_place *at, const char *what, const char *message)
{
    struct rule_error where = {.path = at->path, .file = at->file, .line = at->line, .column = at->column};
    rule_entries_warning(e, &where, "\"%s\" %s", what, message);
}

static void warn_of_softwares(struct rule_entries *e, GHashTable *known, const struct parsed_scope *scope)
{
    for (size_t i = 0; scope->softwares && scope->softwares[i]; i++)
        if (!g_hash_table_contains(known, scope->softwares[i]) && !strchr(scope->softwares[i], ','))
            warn_at(e, &scope->software_places[i], scope->softwares[i], "is the software of no dialect");
}

/* ------------------------------------------------------------------ needs */

/* Whether some word of the need begins as a word of the text does, or the need has no word of four letters. */
static bool is_related(const char *need, const char *text)
{
    enum { WORD = 4, STEM = 3 };
    bool had_words = false;
    while (*need) {
        size_t n = 0;
        while (need[n] && (ascii_is_alpha(need[n]) || (need[n] & 0x80)))
            n++;
        had_words = had_words || n >= WORD;
        if (n >= WORD && memmem(text, strlen(text), need, STEM))
            return true;
        need += n ? n : 1;
    }
    return !had_words;
}

static bool is_foreign(struct arena *a, const struct parsed_rule *rule, const char *need)
{
    for (size_t i = 0; i < rule->pattern_count; i++)
        if (rule->patterns[i].is_regex && is_related(need, text_fold(a, span_z(rule->patterns[i].source))))
            return false;
    for (const char *const *example = rule->examples; example && *example; example++)
        if (is_related(need, text_fold(a, span_z(*example))))
            return false;
    return true;
}

static void warn_of_needs(struct rule_entries *e, const struct parsed_rule *rule)
{
    for (size_t i = 0; rule->needs && rule->needs[i]; i++)
        if (is_foreign(e->arena, rule, rule->needs[i]))
            warn_at(e, &rule->need_places[i], rule->needs[i],
                    "has no word of the match and of the examples: where it is missing, the match is not tried");
}

/* ---------------------------------------------------------------- classes */

/* Only those that are written: what is copied from the layer below, or joined for gaps, has no place. */
static void warn_of_classes(struct rule_entries *e)
{
    for (size_t i = 0; i < e->class_count; i++) {
        const struct parsed_class *class = e->classes[i];
        if (class->place.path && !class->is_used && class->marks == MARKS_NOTHING)
            warn_at(e, &class->place, class->name, "is a class that no phrase and no other class names");
    }
}

void warn_of_entries(struct rule_entries *e, const struct layer *lower)
{
    warn_of_classes(e);
    GHashTable *known = known_softwares(e, lower);
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next) {
        if ((entry->kind != ENTRY_RULE && entry->kind != ENTRY_OVERRIDE) || entry->removes || entry->unchecked)
            continue;
        warn_of_softwares(e, known, &entry->rule.scope);
        warn_of_needs(e, &entry->rule);
    }
    g_hash_table_destroy(known);
}
