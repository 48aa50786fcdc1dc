/* SPDX-License-Identifier: MIT */
/*
 * block_shapes.c - what is beside an address in a line, and what that makes
 * of it.
 *
 * In: a line of a report, and an address in it. Out: its shape, from an address
 * that is all of its line to one inside a sentence. Refused: an address after
 * a label for somebody else ("From:").
 */
#include "reading/block_shapes.h"
#include "reading/paragraphs.h"

#include <string.h>

/* Whether a label, without its colon, is for an address that is not a recipient. "Message to:" is for one. */
static bool is_other_label(const struct word_lists *lists, struct span label)
{
    const struct search_word *words = lists->of[WORDS_OTHER_LABEL];
    label = span_trim(label);
    if (word_at_end(lists->of[WORDS_MESSAGE_TO], label))
        return false;
    for (; words->text.n; words++) {
        const size_t n = words->text.n;
        if (span_starts_with(label, words->text) && (n == label.n || !ascii_is_alpha(label.s[n])))
            return true;
    }
    return false;
}

/* Bytes of a non-ASCII mark at the start: a bullet, an arrow, a dash, a quote, a full-width mark; 0: none. */
static size_t foreign_mark(struct span t)
{
    static const char *const fronts[] = {"\xc2\xab", "\xc2\xb7", "\xc2\xbb", "\xe2\x80", "\xe2\x86",
                                         "\xe2\x87", "\xe2\x96", "\xe2\x97", "\xe3\x80", "\xef\xbc"};
    for (size_t i = 0; t.n > 2 && (unsigned char)t.s[0] >= 0xc2 && i < COUNT(fronts); i++)
        if (!memcmp(t.s, fronts[i], 2))
            return fronts[i][0] == '\xc2' ? 2 : 3;
    return 0;
}

/* Bytes of "1. ", "1) ", "(1) " or "#1 " at the start; 0: none. */
static size_t list_number(struct span t)
{
    const bool open = t.n && t.s[0] == '(', hash = t.n && t.s[0] == '#';
    size_t first = open || hash, i = first;
    while (i < t.n && i - first < 3 && ascii_is_digit(t.s[i]))
        i++;
    if (i == first || i + 1 >= t.n)
        return 0;
    if (t.s[i] == ')' || (t.s[i] == '.' && !open))
        i++;
    else if (!hash)
        return 0;
    return i < t.n && t.s[i] == ' ' ? i : 0;
}

/* Bytes of the type before an address; 0: none. */
static size_t address_type(struct span t)
{
    static const char *const types[] = {"rfc822;", "smtp;", "smtp:", "mailto:"};
    for (size_t i = 0; t.n && strchr("rsmRSM", t.s[0]) && i < COUNT(types); i++)
        if (span_starts_nocase(t, types[i]))
            return strlen(types[i]);
    return 0;
}

/* Bytes of "*", "->" and the like at the start; an "o" counts before a space. */
static size_t bullets(struct span t)
{
    size_t i = 0;
    while (i < t.n && strchr("*->+o|#=.\"'`[", t.s[i]) && t.s[i])
        i++;
    return i && i < t.n && (t.s[i] == ' ' || t.s[i] == '\t' || t.s[0] != 'o') ? i : 0;
}

/* Strips what precedes an address in a list and means nothing. */
static struct span strip_bullets(struct span t)
{
    for (;;) {
        t = span_trim(t);
        size_t i = list_number(t);
        if (!i)
            i = bullets(t);
        if (!i)
            i = foreign_mark(t);
        if (!i)
            i = address_type(t);
        if (!i)
            return t;
        t = span_of(t.s + i, t.n - i);
    }
}

/* Whether the same address follows again, and nothing else: "joe@x <joe@x>", "joe@x<mailto:joe@x>", "joe@x (joe@x)",
 * and Exchange: "joe@x (joe@x)<mailto:joe@x>". */
static bool repeats_address(struct span rest, const struct found_address *found)
{
    enum { BETWEEN = 8, BEHIND = 3 };
    struct found_address again = {0};
    size_t pos = 0, end = 0;
    while (memchr(rest.s + pos, '@', rest.n - pos) && address_next(rest, &pos, &again)) {
        if (again.start > end + BETWEEN || again.address.n != found->address.n ||
            strncasecmp(again.address.s, found->address.s, again.address.n) != 0)
            return false;
        end = again.end;
    }
    return end && rest.n - end <= BEHIND;
}

/* True if what follows an address on its line adds nothing. */
static bool is_tail(const struct word_lists *words, struct span rest, const struct found_address *found)
{
    rest = span_trim(rest);
    for (;;) {
        const size_t mark = foreign_mark(rest);
        if (rest.n && strchr(">\"':;,.)]`*-", rest.s[0]))
            rest = span_trim(span_of(rest.s + 1, rest.n - 1));
        else if (mark)
            rest = span_trim(span_of(rest.s + mark, rest.n - mark));
        else
            break;
    }
    if (!rest.n)
        return true;
    if (rest.s[0] == '(' && rest.s[rest.n - 1] == ')' && rest.n < 80)
        return word_search(words->of[WORDS_EXPANDED], rest, UINT64_MAX) || !memchr(rest.s, ' ', rest.n);
    return repeats_address(rest, found);
}

/* Bytes of a colon, full-width or not, at the end; 0: none. */
static size_t ends_with_colon(struct span before)
{
    if (before.n && before.s[before.n - 1] == ':')
        return 1;
    return before.n >= 3 && !memcmp(before.s + before.n - 3, "\xef\xbc\x9a", 3) ? 3 : 0;
}

/* Whether a word of the list is in t after a space: "Mail to". */
static bool has_after_space(const struct search_word *words, struct span t)
{
    for (; words->text.n; words++)
        for (struct span rest = t; rest.n > words->text.n;) {
            const char *at = span_find_word(span_of(rest.s + 1, rest.n - 1), words->text);
            if (!at)
                break;
            if (at[-1] == ' ')
                return true;
            rest = span_of(at, (size_t)(rest.s + rest.n - at));
        }
    return false;
}

/* Whether what follows an address begins with a word of the list and a space: "on host mx". */
static bool says_more(const struct search_word *words, struct span t)
{
    const struct search_word *w = word_at_start(words, t);
    return w && w->text.n < t.n && t.s[w->text.n] == ' ';
}

/* Whether a date follows: "on 11/17/2015". */
static bool is_dated(const struct word_lists *words, struct span rest)
{
    const struct search_word *w = word_at_start(words->of[WORDS_SAID_AFTER], rest);
    const size_t n = w ? w->text.n + 1 : 0;
    return n && n < rest.n && rest.s[n - 1] == ' ' && ascii_is_digit(rest.s[n]);
}

/* Whether a date follows at once: "14.04.2009 10:21", as Exchange writes it in Russian. */
static bool begins_with_date(struct span t)
{
    size_t marks = 0, i = 0;
    while (i < t.n && (ascii_is_digit(t.s[i]) || (i && strchr("./-", t.s[i]))))
        marks += !ascii_is_digit(t.s[i++]);
    return marks == 2 && i >= 6 && i <= 10 && (i == t.n || t.s[i] == ' ' || t.s[i] == ',');
}

/* Whether the words before the address are in quotes, of which strip_bullets() took the first. */
static bool is_quoted(struct span line, struct span before)
{
    if (before.n < 2 || before.s == line.s)
        return false;
    char quote = before.s[-1];
    return (quote == '"' || quote == '\'') && memchr(before.s, quote, before.n) == before.s + before.n - 1;
}

/* The words before the address: none, a label ("Recipient address:"), a
 * display name, or a sentence. */
enum shape shape_of(const struct word_lists *words, struct span line, const struct found_address *found)
{
    if (span_starts_nocase(span_trim(line), ">>> ")) /* what was said to a server */
        return SHAPE_REPLY;
    struct span t = strip_bullets(line);
    struct span before = span_of(t.s, found->address.s > t.s ? (size_t)(line.s + found->start - t.s) : 0);
    if (line.s + found->start < t.s)
        before = span_of(t.s, 0);
    before = span_trim(before);
    struct span rest = span_of(line.s + found->end, line.n - found->end);
    bool tail = is_tail(words, rest, found);
    size_t colon = ends_with_colon(before);
    if (colon) {
        struct span label = span_of(before.s, before.n - colon);
        if (is_other_label(words, label))
            return SHAPE_NONE;
        return tail && label.n <= 60 ? SHAPE_ALONE : SHAPE_INSIDE;
    }
    if (!before.n) {
        if (tail)
            return SHAPE_ALONE;
        struct span r = span_trim(rest);
        return r.n && (strchr(":;-(.,", r.s[0]) || found->bracketed || rest.s[0] == '\t' ||
                       (rest.n > 1 && rest.s[1] == ' ') || paragraph_reply_line(r) == 1 ||
                       says_more(words->of[WORDS_SAID_AFTER], r) || begins_with_date(r))
                   ? SHAPE_LEADS
                   : SHAPE_INSIDE;
    }
    /* "Joe User <joe@example.net>", and Exchange: "Joe User <joe@example.net> on 11/17/2015 10:00 AM" */
    if (found->bracketed && before.n < 60 && ascii_upper(before.s[0]) == before.s[0] &&
        is_dated(words, span_trim(rest)))
        return SHAPE_LEADS;
    if (found->bracketed && tail && before.n < 60 && !has_after_space(words->of[WORDS_TO_BEFORE], before) &&
        before.s[0] != '(' && paragraph_reply_line(before) != 2) /* "550-Callback failed for <joe@example.net>" */
        return word_alone(words->of[WORDS_TO_BEFORE], before) || is_quoted(line, before) ||
                       ascii_upper(before.s[0]) == before.s[0]
                   ? SHAPE_ALONE
                   : SHAPE_INSIDE;
    /* "Joe User (joe@example.net)<mailto:joe@example.net>" */
    if (tail && before.n < 60 && before.s[before.n - 1] == '(' && span_find_nocase(rest, "<mailto:"))
        return SHAPE_ALONE;
    /* "Joe User [joe@example.net]" */
    if (tail && before.n < 60 && before.s[before.n - 1] == '[' && rest.n && rest.s[0] == ']' &&
        ascii_upper(before.s[0]) == before.s[0])
        return SHAPE_ALONE;
    if (word_alone(words->of[WORDS_RECIPIENT_BEFORE], before))
        return tail ? SHAPE_ALONE : SHAPE_LEADS;
    return SHAPE_INSIDE;
}

bool named_in_list(const struct reading *rd, size_t i, const struct found_address *found)
{
    enum { LINES_ABOVE = 8, LONGEST_NAME = 60 };
    const struct span line = rd->lines[i].s;
    const struct span before = span_trim(span_of(line.s, found->start));
    const struct span rest = span_trim(span_of(line.s + found->end, line.n - found->end));
    if (found->bracketed || before.n < 3 || before.n > LONGEST_NAME || before.s[before.n - 1] != '(' ||
        !span_equal_nocase(rest, ")") || memchr(before.s, ':', before.n))
        return false;
    for (size_t k = i; k-- > rd->region_first && i - k <= LINES_ABOVE;) {
        const struct span t = rd->lines[k].trimmed;
        if (!rd->lines[k].blank && !rd->lines[k].has_at)
            return t.s[t.n - 1] == ':' && word_search(rd->words->of[WORDS_SAYS_FAILURE], t, UINT64_MAX);
    }
    return false;
}

bool introduces_sender(const struct word_lists *words, struct span before)
{
    return word_at_end(words->of[WORDS_SENDER_BEFORE], span_trim(before));
}

/* "To: ..." beside "Subject: ..." and "Sent: ...": a summary of the returned
 * message, which says whom it went to, not who failed. */
bool stands_in_summary(struct reading *rd, size_t i)
{
    if (!word_at_start(rd->words->of[WORDS_SUMMARY_TO], rd->lines[i].trimmed))
        return false;
    for (size_t k = i > 3 ? i - 3 : 0; k < i + 4 && k < rd->line_count; k++)
        if (word_at_start(rd->words->of[WORDS_SUMMARY_FIELD], rd->lines[k].trimmed))
            return true;
    return false;
}

size_t lines_paragraph_start(const struct reading *rd, size_t i)
{
    enum { LINES_ABOVE = 6 };
    size_t k = i;
    while (k > rd->region_first && i - k <= LINES_ABOVE && !rd->lines[k - 1].blank)
        k--;
    return i - k <= LINES_ABOVE ? k : i;
}

size_t address_sentence_end(struct span line, const struct found_address *found)
{
    const char *end = span_find(span_of(line.s + found->end, line.n - found->end), ". ");
    return end ? (size_t)(end - line.s) : line.n;
}
