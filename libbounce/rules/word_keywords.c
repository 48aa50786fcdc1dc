/* SPDX-License-Identifier: MIT */
/*
 * word_keywords.c - lists of words: `words NAME`, and one `word` per line.
 *
 * What comes in: the value of a keyword. What goes out: the words of each list,
 * of all entries and files together. Refused, with an error: a name that C does
 * not know, a list without a word, a repeated word, and what looks like a
 * pattern, which would never be found.
 */
#include "rules/word_keywords.h"
#include "base/limits.h"
#include "rules/arrays.h"
#include "rules/class_keywords.h"
#include "text/normal.h"
#include "text/text.h"

static const char *const names[] = {[WORDS_CONTACT] = "contact",
                                    [WORDS_TURN_TO] = "turn-to",
                                    [WORDS_SAYS_FAILURE] = "says-failure",
                                    [WORDS_OTHER_NAME] = "other-name",
                                    [WORDS_ORIGINAL_NAME] = "original-name",
                                    [WORDS_EXPANDED] = "expanded",
                                    [WORDS_PIPE] = "pipe",
                                    [WORDS_NAMES_FOLLOW] = "names-follow",
                                    [WORDS_RECIPIENT_BEFORE] = "recipient-before",
                                    [WORDS_TO_BEFORE] = "to-before",
                                    [WORDS_SAID_AFTER] = "said-after",
                                    [WORDS_SENDER_BEFORE] = "sender-before",
                                    [WORDS_RECIPIENT_END] = "recipient-end",
                                    [WORDS_MESSAGE_TO] = "message-to",
                                    [WORDS_CLAUSE_JOIN] = "clause-join",
                                    [WORDS_OTHER_LABEL] = "other-label",
                                    [WORDS_SUMMARY_TO] = "summary-to",
                                    [WORDS_SUMMARY_FIELD] = "summary-field",
                                    [WORDS_RETURNED_MESSAGE] = "returned-message",
                                    [WORDS_SUMMARY_THEN] = "summary-then",
                                    [WORDS_TOLD_SUBJECT] = "told-subject",
                                    [WORDS_TOLD_DATE] = "told-date",
                                    [WORDS_TOLD_MESSAGE_ID] = "told-message-id",
                                    [WORDS_FOOTER] = "footer",
                                    [WORDS_DISCLAIMER] = "disclaimer",
                                    [WORDS_SUBJECT_MARK] = "subject-mark",
                                    [WORDS_SESSION_FOLLOWS] = "session-follows",
                                    [WORDS_TALKING_TO] = "talking-to",
                                    [WORDS_MAILER_ERROR] = "mailer-error",
                                    [WORDS_REPORTER] = "reporter",
                                    [WORDS_REFUSED] = "refused",
                                    [WORDS_CHALLENGE_TAG] = "challenge-tag",
                                    [WORDS_QUOTES] = "quotes",
                                    [WORDS_MONTH_1 + 0] = "month-1",
                                    [WORDS_MONTH_1 + 1] = "month-2",
                                    [WORDS_MONTH_1 + 2] = "month-3",
                                    [WORDS_MONTH_1 + 3] = "month-4",
                                    [WORDS_MONTH_1 + 4] = "month-5",
                                    [WORDS_MONTH_1 + 5] = "month-6",
                                    [WORDS_MONTH_1 + 6] = "month-7",
                                    [WORDS_MONTH_1 + 7] = "month-8",
                                    [WORDS_MONTH_1 + 8] = "month-9",
                                    [WORDS_MONTH_1 + 9] = "month-10",
                                    [WORDS_MONTH_1 + 10] = "month-11",
                                    [WORDS_MONTH_1 + 11] = "month-12",
                                    [WORDS_DATE_YEAR] = "date-year",
                                    [WORDS_DATE_MONTH] = "date-month",
                                    [WORDS_DATE_DAY] = "date-day",
                                    [WORDS_DATE_OF] = "date-of",
                                    [WORDS_UNTIL_BEFORE] = "until-before",
                                    [WORDS_UNTIL_NEXT] = "until-next",
                                    [WORDS_UNTIL_AFTER] = "until-after",
                                    [WORDS_RANGE_TO] = "range-to",
                                    [WORDS_DAY_FIRST] = "day-first",
                                    [WORDS_MONTH_FIRST] = "month-first",
                                    [WORDS_HAS_LEFT] = "has-left",
                                    [WORDS_NEW_ADDRESS] = "new-address",
                                    [WORDS_NEW_ADDRESS_AFTER] = "new-address-after",
                                    [WORDS_WRITE_TO] = "write-to",
                                    [WORDS_WRITE_TO_AFTER] = "write-to-after",
                                    [WORDS_SOME_OF] = "true-of-some",
                                    [WORDS_CLOSING] = "closing",
                                    [WORDS_UNIT_SECOND] = "unit-second",
                                    [WORDS_UNIT_MINUTE] = "unit-minute",
                                    [WORDS_UNIT_HOUR] = "unit-hour",
                                    [WORDS_UNIT_DAY] = "unit-day",
                                    [WORDS_UNIT_JOIN] = "unit-join",
                                    [WORDS_RETRY_BEFORE] = "retry-before",
                                    [WORDS_RETRY_JOINED] = "retry-joined",
                                    [WORDS_RETRY_JOIN] = "retry-join",
                                    [WORDS_RETRY_BETWEEN] = "retry-between",
                                    [WORDS_RETRY_AFTER] = "retry-after",
                                    [WORDS_RETRY_LINK] = "retry-link",
                                    [WORDS_RETRY_SINCE] = "retry-since",
                                    [WORDS_RETRY_SINCE_THEN] = "retry-since-then",
                                    [WORDS_IP_BEFORE] = "ip-before",
                                    [WORDS_IP_AFTER] = "ip-after",
                                    [WORDS_REMOTE_BEFORE] = "remote-before",
                                    [WORDS_REMOTE_AFTER] = "remote-after",
                                    [WORDS_REFUSED_SENDER] = "refused-sender",
                                    [WORDS_DOMAIN_BEFORE] = "domain-before",
                                    [WORDS_DOMAIN_OTHER] = "domain-other",
                                    [WORDS_LINK_CONTAINS] = "link-contains",
                                    [WORDS_LINK_BEFORE] = "link-before",
                                    [WORDS_LINK_ARTICLE] = "link-article",
                                    [WORDS_LINK_REFUSED] = "link-refused",
                                    [WORDS_SENDER_REFUSED] = "sender-refused",
                                    [WORDS_SENDER_ROLE] = "sender-role",
                                    [WORDS_RECIPIENT_ROLE] = "recipient-role",
                                    [WORDS_LOGIN] = "login",
                                    [WORDS_SUPPOSED] = "supposed"};
_Static_assert(COUNT(names) == WORDS_COUNT, "each list has a name");

/* The name of a list; NULL for WORDS_COUNT. */
static const char *list_name(size_t list)
{
    return list < WORDS_COUNT ? names[list] : NULL;
}

enum word_list word_list_find(struct reader *r, struct span name)
{
    size_t list = 0;
    while (list < WORDS_COUNT && !word_is(name, names[list]))
        list++;
    if (list < WORDS_COUNT)
        return (enum word_list)list;
    if (name.n && r->format > 1)
        class_begin(r, name);
    else if (name.n)
        reader_error(r, name.s, "unknown list of words \"%s\"%s", reader_show(r, name),
                     reader_hint(r, name, list_name));
    else
        reader_error(r, r->line.s, "the name of the list is missing");
    return WORDS_COUNT;
}

/* A run of white space becomes one space, and ASCII letters lower case. */
static const char *fold_word(struct arena *a, struct span value)
{
    char *folded = arena_alloc(a, value.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        const bool space = ascii_is_space(value.s[i]);
        if (!space || !ascii_is_space(value.s[i - 1])) /* it does not begin with a space */
            folded[n++] = space ? ' ' : ascii_lower(value.s[i]);
    }
    folded[n] = '\0';
    return folded;
}

/* Some lists are searched in texts in normal form, as rules are, all others in lines as they are. */
static bool is_folded(enum word_list list)
{
    return list >= WORDS_REFUSED; /* and those after it */
}

static const char *fold_for(struct reader *r, struct span value)
{
    return is_folded(r->entry->words) ? text_fold(r->out->arena, value) : fold_word(r->out->arena, value);
}

/* What the word has that it cannot have, although phrases can; NULL: nothing. *at: where. */
static const char *word_problem(struct span value, const char **at)
{
    *at = value.s;
    if (value.n > 1 && value.s[0] == '/' && value.s[value.n - 1] == '/')
        return "a word is plain text, not a regular expression";
    if ((*at = span_find(value, " ... ")))
        return "a word is one text, without \" ... \"";
    *at = value.s + value.n - 1;
    if (value.n > 1 && **at == '*' && ascii_is_alnum(value.s[value.n - 2]))
        return "a word is also found inside others: leave out the \"*\"";
    return NULL;
}

static const struct parsed_word *find_word(const struct parsed_words *words, const char *text)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i].text, text) == 0)
            return &words->items[i];
    return NULL;
}

static void keep_word(struct reader *r, struct span value, const char *text)
{
    struct parsed_words *words = &r->out->words[r->entry->words];
    const struct parsed_word *known = find_word(words, text);
    if (!*text)
        reader_error(r, value.s, "nothing of this word can be searched");
    else if (known)
        reader_error(r, value.s, "\"%s\" is in the list \"%s\" already (%s:%u)", reader_show(r, value),
                     list_name(r->entry->words), known->file, (unsigned)known->line);
    else if (words->count == LIMIT_LISTED_WORDS)
        reader_error(r, value.s, "the list \"%s\" has more than %d words", list_name(r->entry->words),
                     LIMIT_LISTED_WORDS);
    else {
        words->items = arena_grow(r->out->arena, words->items, words->count, &words->capacity, sizeof *words->items);
        words->items[words->count++] = (struct parsed_word){text, r->file_name, r->line_number};
    }
}

static void add_word(struct reader *r, struct span value, enum reader_list list)
{
    const char *at, *problem = word_problem(value, &at);
    (void)list;
    if (problem)
        reader_error(r, at, "%s", problem);
    else if (r->entry->words < WORDS_COUNT)
        keep_word(r, value, fold_for(r, value));
}

static void words_finish(struct reader *r)
{
    if (!reader_saw(r, 0))
        reader_entry_error(r, "the list has no word");
}

static const struct keyword keywords[] = {{"word", add_word, LIST_WORDS}};

const struct keyword_table word_keywords = {keywords, COUNT(keywords), words_finish};
