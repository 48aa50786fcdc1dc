/* SPDX-License-Identifier: MIT */
/*
 * rule_keywords.c - the keywords of rules.
 *
 * What comes in: the value of one keyword. What goes out: the fields of a struct
 * parsed_rule. Refused, with an error: values that do not have the right form.
 * What a rule as a whole must have is in rule_check.c.
 */
#include "rules/rule_keywords.h"
#include "rules/pattern.h"
#include "rules/rule_check.h"
#include "rules/rule_scope.h"
#include "text/normal.h"

enum { NEED_BYTES_MIN = 3 };

static struct parsed_rule *rule_of(struct reader *r)
{
    return &r->entry->rule;
}

/* --------------------------------------------------------- reason and cause */

static const char *reason_word(size_t i)
{
    return i <= BOUNCE_REASON_DELIVERED ? bounce_reason_name((bounce_reason)i) : NULL;
}

static bounce_reason reason_by_word(struct reader *r, struct span value)
{
    for (size_t i = 0; reason_word(i); i++)
        if (word_is(value, reason_word(i)))
            return (bounce_reason)i;
    reader_error(r, value.s, "unknown reason \"%s\"%s", reader_show(r, value), reader_hint(r, value, reason_word));
    return BOUNCE_REASON_UNKNOWN;
}

static void set_reason(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->reason = reason_by_word(r, value);
}

static void set_cause(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->cause = reason_by_word(r, value);
}

/* ----------------------------------------------------------------- implies */

const struct implication *rule_implication(size_t implies)
{
    static const struct implication implications[] = {
        [IMPLIES_RECIPIENT_LIMIT] = {"recipient-limit", BOUNCE_REASON_RATE_LIMITED},
        [IMPLIES_MAIL_CLIENT] = {"mail-client", BOUNCE_REASON_NETWORK_ERROR},
    };
    bool known = implies != IMPLIES_NOTHING && implies < COUNT(implications);
    return known ? &implications[implies] : NULL;
}

/* The words begin after IMPLIES_NOTHING. */
static const char *implied_word(size_t i)
{
    const struct implication *implication = rule_implication(i + 1);
    return implication ? implication->word : NULL;
}

static void set_implies(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    for (size_t i = 0; implied_word(i); i++) {
        if (word_is(value, implied_word(i))) {
            rule_of(r)->implies = (enum rule_implies)(i + 1);
            return;
        }
    }
    reader_error(r, value.s, "unknown word \"%s\": a rule implies recipient-limit or mail-client%s",
                 reader_show(r, value), reader_hint(r, value, implied_word));
}

/* ------------------------------------------------------------- small values */

static void set_tier(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    int tier = value.n == 1 ? value.s[0] - '0' : TIER_NONE;
    if (tier == TIER_TOKEN || tier == TIER_KNOWN_WRITER || tier == TIER_DEFINITE || tier == TIER_VAGUE)
        rule_of(r)->tier = (enum rule_tier)tier;
    else
        reader_error(r, value.s,
                     "a tier is 1 (documented token), 2 (known host or software), 3 (definite wording) "
                     "or 5 (vague wording)");
}

static void set_rule_priority(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    reader_priority(r, value, &rule_of(r)->priority);
}

static void set_last(struct reader *r, struct span value, enum reader_list list)
{
    (void)value;
    (void)list;
    rule_of(r)->last = true;
}

static void set_why(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    rule_of(r)->why = reader_copy(r, value);
}

static void set_tag(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    for (size_t i = 0; i < value.n; i++) {
        if (ascii_is_space(value.s[i])) {
            reader_error(r, value.s + i, "a tag is one word");
            return;
        }
    }
    rule_of(r)->tag = reader_copy(r, value);
}

/* ------------------------------------------------------- texts and literals */

/* An example or a near miss: the only values in which \n is a line break. */
static void add_sample(struct reader *r, struct span value, enum reader_list list)
{
    struct strbuf text;
    strbuf_init(&text, r->out->arena);
    for (size_t i = 0; i < value.n; i++) {
        bool escape = value.s[i] == '\\' && i + 1 < value.n && value.s[i + 1] == 'n';
        strbuf_putc(&text, escape ? '\n' : value.s[i]);
        i += escape;
    }
    reader_add_string(r, list, text.s);
    *(uint32_t *)reader_add(r, list == LIST_NEARS ? LIST_NEAR_LINES : LIST_EXAMPLE_LINES, sizeof(uint32_t)) =
        r->line_number;
}

static void add_need(struct reader *r, struct span value, enum reader_list list)
{
    char *folded = text_fold(r->out->arena, value);
    if (r->format > 1)
        pattern_refuse_masked(r, value);
    if (strlen(folded) < NEED_BYTES_MIN)
        reader_error(r, value.s, "a need must have at least %d bytes", NEED_BYTES_MIN);
    else if (strstr(folded, " ... "))
        reader_error(r, value.s, "a need is one literal, without \" ... \"");
    else if (value.s[value.n - 1] == '*' && value.n > 1 && ascii_is_alnum(value.s[value.n - 2]))
        reader_error(r, value.s + value.n - 1, "a need is also found inside words: leave out the \"*\"");
    else {
        reader_add_string(r, list, folded);
        *(struct rule_place *)reader_add(r, LIST_NEED_PLACES, sizeof(struct rule_place)) = reader_place(r, value.s);
    }
}

static const struct keyword keywords[] = {
    [RULE_REASON] = {"reason", set_reason, LIST_COUNT},
    [RULE_TIER] = {"tier", set_tier, LIST_COUNT},
    [RULE_PRIORITY] = {"priority", set_rule_priority, LIST_COUNT},
    [RULE_YIELDS] = {"yields", reader_add_yields, LIST_STATEMENTS},
    [RULE_BEATS] = {"beats", reader_add_beats, LIST_STATEMENTS},
    [RULE_LAST] = {"last", set_last, LIST_ALONE},
    [RULE_SCOPE] = {"scope", rule_scope_read, LIST_HOSTS},
    [RULE_PHRASE] = {"phrase", pattern_add_phrase, LIST_PATTERNS},
    [RULE_TOKEN] = {"token", pattern_add_token, LIST_PATTERNS},
    [RULE_MATCH] = {"match", pattern_add_match, LIST_PATTERNS},
    [RULE_NEED] = {"need", add_need, LIST_NEEDS},
    [RULE_UNLESS] = {"unless", pattern_add_any, LIST_UNLESS},
    [RULE_UNLESS_NEAR] = {"unless-near", pattern_add_near, LIST_UNLESS},
    [RULE_UNLESS_TOKEN] = {"unless-token", pattern_add_token, LIST_UNLESS},
    [RULE_CAUSE] = {"cause", set_cause, LIST_COUNT},
    [RULE_IMPLIES] = {"implies", set_implies, LIST_COUNT},
    [RULE_TAG] = {"tag", set_tag, LIST_COUNT},
    [RULE_WHY] = {"why", set_why, LIST_COUNT},
    [RULE_EXAMPLE] = {"example", add_sample, LIST_EXAMPLES},
    [RULE_NEAR] = {"near", add_sample, LIST_NEARS},
};

const struct keyword_table rule_keywords = {keywords, COUNT(keywords), rule_finish};
