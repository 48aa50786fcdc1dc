/* SPDX-License-Identifier: MIT */
/*
 * rule_keywords.c - the keywords of verdict rules, and what a rule must have.
 *
 * What comes in: the value of one keyword. What goes out: the fields of a
 * struct parsed_rule. Refused: values of the wrong form; rules without reason,
 * why, example, near or pattern; `match` without `need`; `cause` or `implies`
 * beside a reason that gives it no meaning; a `near` that has no word of the rule.
 */
#include "rules/reader.h"
#include "text/text.h"

#include <string.h>

static struct parsed_rule *rule_of(struct reader *r)
{
    return &r->entry->rule;
}

static const char *reason_name(size_t i)
{
    return i <= BOUNCE_REASON_DELIVERED ? bounce_reason_name((bounce_reason)i) : NULL;
}

static bounce_reason read_reason_name(struct reader *r, struct span value)
{
    for (size_t i = 0; reason_name(i); i++)
        if (strlen(reason_name(i)) == value.n && memcmp(reason_name(i), value.s, value.n) == 0)
            return (bounce_reason)i;
    reader_error(r, value.s, "unknown reason \"%s\"%s", reader_show(r, value), reader_hint(r, value, reason_name));
    return BOUNCE_REASON_UNKNOWN;
}

static void read_reason(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->reason = read_reason_name(r, value);
}

static void read_cause(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->cause = read_reason_name(r, value);
}

/* What a rule may imply, and the reason that it must have. */
static const struct {
    const char *word;
    bounce_reason reason;
} implications[] = {
    [IMPLIES_NOTHING] = {NULL, BOUNCE_REASON_UNKNOWN},
    [IMPLIES_RECIPIENT_LIMIT] = {"recipient-limit", BOUNCE_REASON_RATE_LIMITED},
    [IMPLIES_MAIL_CLIENT] = {"mail-client", BOUNCE_REASON_NETWORK_ERROR},
};

static const char *implied_word(size_t i)
{
    return i + 1 < sizeof implications / sizeof *implications ? implications[i + 1].word : NULL;
}

static void read_implies(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    for (size_t i = 0; implied_word(i); i++) {
        if (strlen(implied_word(i)) == value.n && memcmp(implied_word(i), value.s, value.n) == 0) {
            rule_of(r)->implies = (enum rule_implies)(i + 1);
            return;
        }
    }
    reader_error(r, value.s, "unknown word \"%s\": a rule implies one of recipient-limit mail-client%s",
                 reader_show(r, value), reader_hint(r, value, implied_word));
}

static void read_tier(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (value.n == 1 && value.s[0] && strchr("1235", value.s[0]))
        rule_of(r)->tier = (uint8_t)(value.s[0] - '0');
    else
        reader_error(r, value.s,
                     "a tier is 1 (documented token), 2 (known host or software), 3 (definite wording) "
                     "or 5 (vague wording)");
}

static void read_priority(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    reader_priority(r, value, &rule_of(r)->priority);
}

static void read_why(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->why = arena_strndup(r->out->arena, value.s, value.n);
}

static void read_tag(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    for (size_t i = 0; i < value.n; i++) {
        if (ascii_is_space(value.s[i])) {
            reader_error(r, value.s + i, "a tag is one word");
            return;
        }
    }
    rule_of(r)->tag = arena_strndup(r->out->arena, value.s, value.n);
}

/* An example or a near miss: the only values in which \n is a line break. */
static void read_text(struct reader *r, struct span value, enum reader_list list)
{
    struct strbuf text;
    strbuf_init(&text, r->out->arena);
    for (size_t i = 0; i < value.n; i++) {
        bool escape = value.s[i] == '\\' && i + 1 < value.n && value.s[i + 1] == 'n';
        strbuf_putc(&text, escape ? '\n' : value.s[i]);
        i += escape;
    }
    reader_add_string(r, list, text.s);
    if (list == LIST_NEARS)
        *(uint32_t *)reader_add(r, LIST_NEAR_LINES, sizeof(uint32_t)) = r->line_number;
}

static void read_need(struct reader *r, struct span value, enum reader_list list)
{
    char *folded = text_fold(r->out->arena, value);
    if (strlen(folded) < 3)
        reader_error(r, value.s, "a need has at least 3 bytes");
    else if (strstr(folded, " ... "))
        reader_error(r, value.s, "a need is one literal, without \" ... \"");
    else if (value.s[value.n - 1] == '*' && value.n > 1 && ascii_is_alnum(value.s[value.n - 2]))
        reader_error(r, value.s + value.n - 1, "a need is found inside of words too: leave the \"*\" out");
    else
        reader_add_string(r, list, folded);
}

/* ----------------------------------------------------------------- scope */

/* 550, 5xx, 45x, none. */
static bool is_code_mask(const char *s)
{
    return strcmp(s, "none") == 0 || (strlen(s) == 3 && strchr("245", s[0]) && strspn(s + 1, "0123456789x") == 2);
}

/* 5.7.1, x.7.1, 5.x.x, none. */
static bool is_status_mask(const char *s)
{
    if (strcmp(s, "none") == 0)
        return true;
    if (!strchr("245x", *s))
        return false;
    for (int part = 0; part < 3; part++, s++) {
        size_t n = *s == 'x' ? 1 : strspn(s, "0123456789");
        if (n < 1 || n > 3 || s[n] != (part < 2 ? '.' : '\0'))
            return false;
        s += n;
    }
    return true;
}

static void scope_host(struct reader *r, struct span value, char *lower)
{
    (void)value;
    lower += *lower == '.'; /* ".example.net" is meant to be a suffix, as all are */
    reader_add_string(r, LIST_HOSTS, lower);
}

static void scope_software(struct reader *r, struct span value, char *lower)
{
    (void)value;
    reader_add_string(r, LIST_SOFTWARES, lower);
}

static void scope_lang(struct reader *r, struct span value, char *lower)
{
    if (strspn(lower, "abcdefghijklmnopqrstuvwxyz") != strlen(lower) || strlen(lower) < 2 || strlen(lower) > 3)
        reader_error(r, value.s, "a language is a primary tag of two or three letters, such as de");
    else
        reader_add_string(r, LIST_LANGS, lower);
}

static void scope_code(struct reader *r, struct span value, char *lower)
{
    if (is_code_mask(lower))
        reader_add_string(r, LIST_CODES, lower);
    else
        reader_error(r, value.s, "a code is three digits, of which the last ones may be x (550, 5xx), or none");
}

static void scope_status(struct reader *r, struct span value, char *lower)
{
    if (is_status_mask(lower))
        reader_add_string(r, LIST_STATUSES, lower);
    else
        reader_error(r, value.s, "a status is three numbers, of which each may be x (5.7.1, x.7.1), or none");
}

static void scope_command(struct reader *r, struct span value, char *lower)
{
    (void)lower;
    bounce_command command = reader_command(r, value);
    if (command)
        rule_of(r)->scope.commands |= (uint8_t)(1u << command);
}

static void scope_origin(struct reader *r, struct span value, char *lower)
{
    for (size_t i = 0; text_origin_name(i); i++) {
        if (strcmp(text_origin_name(i), lower) == 0) {
            rule_of(r)->scope.origins |= (uint8_t)(1u << i);
            return;
        }
    }
    reader_error(r, value.s, "an origin is one of reply diagnostic transcript beside prose%s",
                 reader_hint(r, value, text_origin_name));
}

static const struct {
    const char *name;
    void (*read)(struct reader *r, struct span value, char *lower);
} scope_keys[] = {{"host", scope_host}, {"software", scope_software}, {"command", scope_command},
                  {"code", scope_code}, {"status", scope_status},     {"origin", scope_origin},
                  {"lang", scope_lang}};

static const char *scope_key_name(size_t i)
{
    return i < sizeof scope_keys / sizeof *scope_keys ? scope_keys[i].name : NULL;
}

/* One KEY, and one VALUE or several. */
static void read_scope(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    struct span key = reader_word(&value);
    for (size_t i = 0; scope_key_name(i); i++) {
        if (!(strlen(scope_key_name(i)) == key.n && memcmp(scope_key_name(i), key.s, key.n) == 0))
            continue;
        if (!value.n)
            reader_error(r, key.s, "\"scope %s\" needs a value", scope_key_name(i));
        while (value.n) {
            struct span word = reader_word(&value);
            scope_keys[i].read(r, word, reader_lower(r, word));
        }
        return;
    }
    reader_error(r, key.s, "unknown scope \"%s\": it is one of host software command code status origin lang%s",
                 reader_show(r, key), reader_hint(r, key, scope_key_name));
}

/* ----------------------------------------------------------------- lint */

enum {
    SEEN_REASON,
    SEEN_TIER,
    SEEN_PRIORITY,
    SEEN_SCOPE,
    SEEN_PHRASE,
    SEEN_MATCH,
    SEEN_NEED,
    SEEN_UNLESS,
    SEEN_CAUSE,
    SEEN_IMPLIES,
    SEEN_TAG,
    SEEN_WHY,
    SEEN_EXAMPLE,
    SEEN_NEAR
};

const struct keyword rule_keywords[] = {
    [SEEN_REASON] = {"reason", read_reason, LIST_COUNT},
    [SEEN_TIER] = {"tier", read_tier, LIST_COUNT},
    [SEEN_PRIORITY] = {"priority", read_priority, LIST_COUNT},
    [SEEN_SCOPE] = {"scope", read_scope, LIST_HOSTS},
    [SEEN_PHRASE] = {"phrase", pattern_read_phrase, LIST_PATTERNS},
    [SEEN_MATCH] = {"match", pattern_read_match, LIST_PATTERNS},
    [SEEN_NEED] = {"need", read_need, LIST_NEEDS},
    [SEEN_UNLESS] = {"unless", pattern_read_any, LIST_UNLESS},
    [SEEN_CAUSE] = {"cause", read_cause, LIST_COUNT},
    [SEEN_IMPLIES] = {"implies", read_implies, LIST_COUNT},
    [SEEN_TAG] = {"tag", read_tag, LIST_COUNT},
    [SEEN_WHY] = {"why", read_why, LIST_COUNT},
    [SEEN_EXAMPLE] = {"example", read_text, LIST_EXAMPLES},
    [SEEN_NEAR] = {"near", read_text, LIST_NEARS},
};
const size_t rule_keyword_count = sizeof rule_keywords / sizeof *rule_keywords;

static bool saw(const struct reader *r, int keyword)
{
    return r->seen >> keyword & 1;
}

/* A word that the reason makes meaningless is an error: nothing would come of it. */
static void check_implies(struct reader *r)
{
    enum rule_implies implies = rule_of(r)->implies;
    if (implies && saw(r, SEEN_REASON) && rule_of(r)->reason != implications[implies].reason)
        reader_entry_error(r, "implies %s is for rules of reason %s only", implications[implies].word,
                           bounce_reason_name(implications[implies].reason));
}

static void check_presence(struct reader *r)
{
    static const struct {
        int keyword;
        const char *message;
    } required[] = {
        {SEEN_REASON, "the rule has no reason"},
        {SEEN_WHY, "the rule has no why: one line for people"},
        {SEEN_EXAMPLE, "the rule has no example: a text that it decides"},
        {SEEN_NEAR, "the rule has no near: a text with its words that it must not decide"},
    };
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!saw(r, required[i].keyword))
            reader_entry_error(r, "%s", required[i].message);
    if (!saw(r, SEEN_PHRASE) && !saw(r, SEEN_MATCH))
        reader_entry_error(r, "the rule has neither phrase nor match");
    if (saw(r, SEEN_MATCH) && !saw(r, SEEN_NEED))
        reader_entry_error(r, "a rule with match has at least one need");
    if (saw(r, SEEN_NEED) && !saw(r, SEEN_MATCH))
        reader_entry_error(r, "need is for match: a phrase needs none");
    if (saw(r, SEEN_CAUSE) && saw(r, SEEN_REASON) && rule_of(r)->reason != BOUNCE_REASON_EXPIRED)
        reader_entry_error(r, "cause is for rules of reason expired only");
    check_implies(r);
}

enum { STEM_BYTES = 6 };

/* Does text hold word, in any inflection? Of a long word the beginning is
 * enough; of one in another script, which may be written without spaces, two
 * neighbouring characters. */
static bool shares_word(const char *text, struct span word)
{
    bool ascii = true;
    for (size_t i = 0; i < word.n; i++)
        ascii = ascii && !(word.s[i] & 0x80);
    if (ascii)
        return memmem(text, strlen(text), word.s, word.n < STEM_BYTES ? word.n : STEM_BYTES) != NULL;
    for (size_t i = 0; i + 4 <= word.n; i++)
        if (memmem(text, strlen(text), word.s + i, word.n - i < 6 ? word.n - i : 6))
            return true;
    return false;
}

static bool shares_words(const char *text, const char *literal, bool *had_words)
{
    while (*literal) {
        size_t n = 0;
        while (literal[n] && (ascii_is_alnum(literal[n]) || (literal[n] & 0x80)))
            n++;
        if (n >= 3) {
            *had_words = true;
            if (shares_word(text, span_of(literal, n)))
                return true;
        }
        literal += n ? n : 1;
    }
    return false;
}

static bool near_is_near(struct reader *r, const char *near)
{
    size_t count;
    bool had_words = false;
    const char *text = text_fold(r->out->arena, span_z(near));
    const struct parsed_pattern *patterns = reader_items(r, LIST_PATTERNS, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < patterns[i].segment_count; j++)
            if (shares_words(text, patterns[i].segments[j], &had_words))
                return true;
    const char *const *needs = reader_items(r, LIST_NEEDS, &count);
    for (size_t i = 0; i < count; i++)
        if (shares_words(text, needs[i], &had_words) || strstr(text, needs[i]))
            return true;
    return !had_words;
}

static void check_nears(struct reader *r)
{
    size_t count;
    const char *const *nears = reader_items(r, LIST_NEARS, &count);
    const uint32_t *lines = reader_items(r, LIST_NEAR_LINES, &count);
    for (size_t i = 0; i < count; i++)
        if (!near_is_near(r, nears[i]))
            reader_line_error(r, lines[i], "a near with no word of the rule's phrases and needs tests nothing");
}

void rule_finish(struct reader *r)
{
    struct parsed_rule *rule = rule_of(r);
    if (r->entry->kind == ENTRY_OVERRIDE && !r->entry_lines) {
        r->entry->removes = true;
        return;
    }
    check_presence(r);
    check_nears(r);
    if (!rule->tier)
        rule->tier = 3;
    rule->patterns = reader_items(r, LIST_PATTERNS, &rule->pattern_count);
    rule->needs = reader_strings(r, LIST_NEEDS);
    rule->unless = reader_items(r, LIST_UNLESS, &rule->unless_count);
    rule->examples = reader_strings(r, LIST_EXAMPLES);
    rule->nears = reader_strings(r, LIST_NEARS);
    rule->scope.hosts = reader_strings(r, LIST_HOSTS);
    rule->scope.softwares = reader_strings(r, LIST_SOFTWARES);
    rule->scope.langs = reader_strings(r, LIST_LANGS);
    rule->scope.codes = reader_strings(r, LIST_CODES);
    rule->scope.statuses = reader_strings(r, LIST_STATUSES);
    r->out->rule_count++;
}
