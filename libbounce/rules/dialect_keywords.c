/* SPDX-License-Identifier: MIT */
/*
 * dialect_keywords.c - the keywords of dialects, and what a dialect must have.
 *
 * What comes in: the value of one keyword. What goes out: the fields of a struct
 * parsed_dialect; condition.c reads its conditions. Refused, with an error: values
 * that do not have the right form; a `line` without a named capture; a dialect
 * without a `know`.
 */
#include "rules/dialect_keywords.h"
#include "match/regex.h"
#include "rules/condition.h"
#include "rules/pattern.h"
#include "rules/warnings.h"

/* Indexes in the table, for reader_saw(). */
enum dialect_keyword {
    DIALECT_KNOW = CONDITION_KNOW,
    DIALECT_ALSO,
    DIALECT_SOFTWARE,
    DIALECT_KIND,
    DIALECT_PRIORITY,
    DIALECT_YIELDS,
    DIALECT_BEATS,
    DIALECT_LAST_OF_ALL,
    DIALECT_CERTAIN,
    DIALECT_START,
    DIALECT_STOP,
    DIALECT_ORIGINAL,
    DIALECT_BOILERPLATE,
    DIALECT_BLOCK,
    DIALECT_LINE,
    DIALECT_JOIN,
    DIALECT_ACTION,
    DIALECT_DECIDED,
    DIALECT_COMMAND,
    DIALECT_CHARSET,
    DIALECT_OWN_WORDS
};

static struct parsed_dialect *dialect_of(struct reader *r)
{
    return &r->entry->dialect;
}

static void set_software(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (reader_id(r, value))
        dialect_of(r)->software = word_is(value, "none") ? NULL : reader_copy(r, value);
}

static void set_kind(struct reader *r, struct span value, enum reader_list list)
{
    static const bounce_kind kinds[] = {BOUNCE_KIND_NDR, BOUNCE_KIND_AUTO_REPLY, BOUNCE_KIND_CHALLENGE,
                                        BOUNCE_KIND_NONE};
    (void)list;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (word_is(value, bounce_kind_name(kinds[i]))) {
            dialect_of(r)->kind = kinds[i];
            return;
        }
    }
    reader_error(r, value.s, "a kind is one of ndr auto-reply challenge none");
}

static void set_dialect_priority(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    reader_priority(r, value, &dialect_of(r)->priority);
}

static void set_last(struct reader *r, struct span value, enum reader_list list)
{
    (void)value;
    (void)list;
    dialect_of(r)->last = true;
}

static void set_certain(struct reader *r, struct span value, enum reader_list list)
{
    (void)value;
    (void)list;
    dialect_of(r)->certain = true;
}

static void set_charset(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    dialect_of(r)->charset = reader_copy(r, value);
}

static void set_join(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (word_is(value, "indent"))
        dialect_of(r)->join = JOIN_INDENT;
    else if (word_is(value, "blank"))
        dialect_of(r)->join = JOIN_BLANK;
    else if (!word_is(value, "none"))
        reader_error(r, value.s, "join is one of indent blank none");
}

static void set_own_words(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (word_is(value, "reply"))
        dialect_of(r)->own_replies = true;
    else if (!word_is(value, "none"))
        reader_error(r, value.s, "own-words is one of reply none");
}

/* ------------------------------------------------- action, decided, command */

static bool read_optional(struct reader *r, struct span value, bool *always, struct parsed_pattern *pattern)
{
    *always = !value.n;
    return *always || pattern_read(r, value, PATTERN_ANY, pattern);
}

static void add_action(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_action item = {0};
    struct span word = reader_word(&value);
    for (int i = BOUNCE_ACTION_FAILED; i <= BOUNCE_ACTION_EXPANDED; i++)
        if (word_is(word, bounce_action_name((bounce_action)i)))
            item.action = (bounce_action)i;
    if (!item.action)
        reader_error(r, word.s, "an action is one of failed delayed delivered relayed expanded");
    else if (read_optional(r, value, &item.always, &item.pattern))
        *(struct parsed_action *)reader_add(r, list, sizeof item) = item;
}

static void add_decided(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_decided item = {0};
    struct span word = reader_word(&value);
    for (int i = BOUNCE_DECIDED_BY_REMOTE; i <= BOUNCE_DECIDED_BY_REPORTER; i++)
        if (word_is(word, bounce_decided_by_name((bounce_decided_by)i)))
            item.who = (bounce_decided_by)i;
    if (!item.who)
        reader_error(r, word.s, "decided is remote or reporter");
    else if (read_optional(r, value, &item.always, &item.pattern))
        *(struct parsed_decided *)reader_add(r, list, sizeof item) = item;
}

/* PHRASE = CMD; the last '=' counts. */
static void add_command_phrase(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_command item = {0};
    size_t i = value.n;
    while (i && value.s[i - 1] != '=')
        i--;
    struct span phrase = span_trim(span_of(value.s, i ? i - 1 : 0));
    struct span command = span_trim(span_of(value.s + i, value.n - i));
    if (!i || !phrase.n || !command.n) {
        reader_error(r, value.s, "the form is \"command PHRASE = CMD\"");
        return;
    }
    item.command = reader_command(r, command);
    if (item.command && pattern_read(r, phrase, PATTERN_PHRASE, &item.phrase))
        *(struct parsed_command *)reader_add(r, list, sizeof item) = item;
}

/* ----------------------------------------------------------------- lines */

static void add_line(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_pattern pattern;
    if (!pattern_read(r, value, PATTERN_REGEX_SLASHES, &pattern))
        return;
    struct regex *regex = regex_compile(pattern.source, false, NULL);
    bool useful = regex && regex_named_captures(regex, NULL);
    regex_free(regex);
    warn_of_line(r, value, &pattern, list);
    if (useful)
        *(struct parsed_pattern *)reader_add(r, list, sizeof pattern) = pattern;
    else
        reader_error(r, value.s, "a line without a named capture reads nothing");
}

/* -------------------------------------------------------------- completion */

/* Checks and completes the dialect whose last line was read. */
static void dialect_finish(struct reader *r)
{
    struct parsed_dialect *d = dialect_of(r);
    if (!reader_saw(r, DIALECT_KNOW))
        reader_entry_error(r, "the dialect has no know: nothing identifies its mails");
    if (!reader_saw(r, DIALECT_SOFTWARE))
        d->software = d->id;
    if (!reader_saw(r, DIALECT_KIND))
        d->kind = BOUNCE_KIND_NDR;
    d->statements = reader_items(r, LIST_STATEMENTS, &d->statement_count);
    d->knows = reader_items(r, LIST_KNOWS, &d->know_count);
    d->starts = reader_items(r, LIST_STARTS, &d->start_count);
    d->stops = reader_items(r, LIST_STOPS, &d->stop_count);
    d->originals = reader_items(r, LIST_ORIGINALS, &d->original_count);
    d->boilerplates = reader_items(r, LIST_BOILERPLATES, &d->boilerplate_count);
    d->blocks = reader_items(r, LIST_BLOCKS, &d->block_count);
    d->lines = reader_items(r, LIST_LINES, &d->line_count);
    d->actions = reader_items(r, LIST_ACTIONS, &d->action_count);
    d->decided = reader_items(r, LIST_DECIDED, &d->decided_count);
    d->commands = reader_items(r, LIST_COMMANDS, &d->command_count);
    r->out->dialect_count++;
}

static const struct keyword keywords[] = {
    [DIALECT_KNOW] = {"know", condition_add_know, LIST_KNOWS},
    [DIALECT_ALSO] = {"also", condition_add_also, LIST_KNOWS},
    [DIALECT_SOFTWARE] = {"software", set_software, LIST_COUNT},
    [DIALECT_KIND] = {"kind", set_kind, LIST_COUNT},
    [DIALECT_PRIORITY] = {"priority", set_dialect_priority, LIST_COUNT},
    [DIALECT_YIELDS] = {"yields", reader_add_yields, LIST_STATEMENTS},
    [DIALECT_BEATS] = {"beats", reader_add_beats, LIST_STATEMENTS},
    [DIALECT_LAST_OF_ALL] = {"last", set_last, LIST_ALONE},
    [DIALECT_CERTAIN] = {"certain", set_certain, LIST_ALONE},
    [DIALECT_START] = {"start", pattern_add_any, LIST_STARTS},
    [DIALECT_STOP] = {"stop", pattern_add_any, LIST_STOPS},
    [DIALECT_ORIGINAL] = {"original", pattern_add_any, LIST_ORIGINALS},
    [DIALECT_BOILERPLATE] = {"boilerplate", pattern_add_any, LIST_BOILERPLATES},
    [DIALECT_BLOCK] = {"block", pattern_add_regex, LIST_BLOCKS},
    [DIALECT_LINE] = {"line", add_line, LIST_LINES},
    [DIALECT_JOIN] = {"join", set_join, LIST_COUNT},
    [DIALECT_ACTION] = {"action", add_action, LIST_ACTIONS},
    [DIALECT_DECIDED] = {"decided", add_decided, LIST_DECIDED},
    [DIALECT_COMMAND] = {"command", add_command_phrase, LIST_COMMANDS},
    [DIALECT_CHARSET] = {"charset", set_charset, LIST_COUNT},
    [DIALECT_OWN_WORDS] = {"own-words", set_own_words, LIST_COUNT},
};

const struct keyword_table dialect_keywords = {keywords, COUNT(keywords), dialect_finish};
