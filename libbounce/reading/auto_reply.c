/* SPDX-License-Identifier: MIT */
/*
 * auto_reply.c - see auto_reply.h.
 *
 * In: the subject and the text of an automatic reply, and lists of words (doc/rules.md).
 * Out: a day, an address and so on, each with the sentence that says it. A date or an
 * address counts only with words of the list in its own sentence. Left out: quoted mail,
 * signatures, addresses of the report's own header, dates whose order is ambiguous.
 */
#include "reading/auto_reply.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/address_scan.h"
#include "mail/date.h"
#include "reading/header_addresses.h"
#include "reading/lines.h"
#include "reading/written_date.h"
#include "text/sentence.h"
#include "text/word.h"

#include <string.h>

enum { SENTENCE_BYTES = 400, RANGE_BYTES = 24, FEW_LETTERS = 3, SECONDS_A_DAY = 86400 };

/* One paragraph, or the subject. */
struct paragraph {
    struct reading *rd;
    struct norm_text norm;
    struct span folded;
};

/* -------------------------------------------------------------------- sentences */

/* A short capitalised word, or at most one letter, before a full stop: "Dr.", "z.B.", "5." */
static bool is_abbreviation(const struct paragraph *p, size_t at)
{
    const struct span t = p->folded;
    size_t letters = 0;
    while (letters < at && letters < FEW_LETTERS &&
           (ascii_is_alpha(t.s[at - 1 - letters]) || (unsigned char)t.s[at - 1 - letters] >= 0x80))
        letters++;
    if (letters == FEW_LETTERS || (at && t.s[at - 1] == ')'))
        return false;
    const size_t first = at - letters;
    return letters < 2 || p->norm.text[p->norm.map ? p->norm.map[first] : first] != t.s[first];
}

/* Whether a sentence ends with the mark at `at`. */
static bool is_sentence_end(const struct paragraph *p, size_t at)
{
    if (!sentence_ends_at(p->folded, at))
        return false;
    return p->folded.s[at] != '.' || !is_abbreviation(p, at);
}

/* The first place from `at` on that splits no character. */
static size_t whole_char(struct span t, size_t at)
{
    while (at < t.n && utf8_is_tail(t.s[at]))
        at++;
    return at;
}

/* The place at most SENTENCE_BYTES before `at` where a character begins. */
static size_t bytes_before(struct span t, size_t at)
{
    return at > SENTENCE_BYTES ? whole_char(t, at - SENTENCE_BYTES) : 0;
}

/* Where the sentence around `at` begins, but not before `least`. */
static size_t sentence_start(const struct paragraph *p, size_t least, size_t at)
{
    const struct span t = p->folded;
    const size_t far = bytes_before(t, at), stop = far > least ? far : least;
    while (at > stop && !is_sentence_end(p, at - 1))
        at--;
    return whole_char(t, at);
}

static size_t sentence_stop(const struct paragraph *p, size_t at, size_t most)
{
    const struct span t = p->folded;
    const size_t stop = most > at + SENTENCE_BYTES ? whole_char(t, at + SENTENCE_BYTES) : most;
    while (at < stop && !is_sentence_end(p, at))
        at++;
    while (at < stop && at && utf8_is_tail(t.s[at])) /* to the start of a full stop of three bytes */
        at--;
    return at;
}

static struct span between(const struct paragraph *p, size_t from, size_t to)
{
    return span_of(p->folded.s + from, to > from ? to - from : 0);
}

static bool says(const struct paragraph *p, enum word_list list, struct span t)
{
    return whole_word_find(p->rd->words, list, t, NULL) != NULL;
}

/* The sentence around a place, for the trace. */
static void tell(const struct paragraph *p, enum told which, size_t from, size_t to)
{
    const size_t first = sentence_start(p, 0, from), last = sentence_stop(p, to, p->folded.n);
    const uint32_t *map = p->norm.map; /* shown as it is in the mail */
    const size_t begin = map ? map[first] : first, end = map ? map[last] : last;
    const struct span sentence = span_trim(span_of(p->norm.text + begin, end - begin));
    p->rd->told[which] = arena_strndup(p->rd->scratch, sentence.s, sentence.n);
}

/* ------------------------------------------------------------------------ until */

/* Length of the whole word of a list that ends at `end`; 0: none. */
static size_t word_ending(const struct paragraph *p, enum word_list list, size_t end)
{
    for (const struct search_word *w = p->rd->words->of[list]; w->text.n; w++)
        if (w->text.n <= end && span_same_nocase(between(p, end - w->text.n, end), w->text) &&
            word_can_begin(p->folded, end - w->text.n) && word_can_end(p->folded, end))
            return w->text.n;
    return 0;
}

/* Whether a word of a list is right before a place, or with one other word between ("to Monday 5"); *at:
 * where. */
static bool stands_next(const struct paragraph *p, enum word_list list, size_t place, size_t *at)
{
    for (int words = 0; words < 2; words++) {
        while (place && p->folded.s[place - 1] == ' ')
            place--;
        const size_t n = word_ending(p, list, place);
        if (n) {
            *at = place - n;
            return true;
        }
        while (place && p->folded.s[place - 1] != ' ')
            place--;
    }
    return false;
}

/* "the 3rd to", "vom 3. bis", "8/10 -" before a day. */
static bool ends_range(const struct paragraph *p, const struct written_date *d)
{
    size_t at;
    if (!stands_next(p, WORDS_RANGE_TO, d->start, &at))
        return false;
    for (size_t i = at > RANGE_BYTES ? at - RANGE_BYTES : 0; i < at; i++)
        if (ascii_is_digit(p->folded.s[i]))
            return true;
    return false;
}

/* Double quotes enclose other people's words, such as the subject that is answered. */
static bool is_quoted(const struct paragraph *p, size_t at)
{
    size_t quotes = 0;
    for (size_t i = bytes_before(p->folded, at); i < at; i++)
        quotes += p->folded.s[i] == '"';
    return quotes % 2 && memchr(p->folded.s + at, '"', p->folded.n - at);
}

/* Settles the order of "03/04" by the words around it. False: they do not show it. */
static bool settle_order(const struct paragraph *p, struct written_date *d)
{
    if (!d->open_order)
        return true;
    const bool dotted = span_find(between(p, d->start, d->end), ".") != NULL;
    const struct span around = between(p, bytes_before(p->folded, d->start), sentence_stop(p, d->end, p->folded.n));
    const bool month_first = says(p, WORDS_MONTH_FIRST, around);
    if (month_first) {
        const int64_t day = d->month;
        d->month = d->day;
        d->day = day;
    }
    return month_first || dotted || says(p, WORDS_DAY_FIRST, around);
}

/* The first such day, from the day before the mail on, since its Date is in one time zone. */
static bool settle_year(const struct reading *rd, struct written_date *d, int64_t *days)
{
    if (d->year)
        return date_day(d->year, d->month, d->day, days);
    if (rd->report->date == INT64_MIN)
        return false;
    const int64_t today = rd->report->date / SECONDS_A_DAY;
    for (d->year = 1970 + today / 366; d->year < 9999; d->year++)
        if (date_day(d->year, d->month, d->day, days) && *days >= today - 1)
            return true;
    return false;
}

/* Whether words about an absence make it end that day; front and behind: the text up to its neighbours. */
static bool ends_absence(const struct paragraph *p, const struct written_date *d, struct span front, struct span behind)
{
    size_t at;
    return says(p, WORDS_UNTIL_BEFORE, front) || says(p, WORDS_UNTIL_AFTER, behind) || ends_range(p, d) ||
           stands_next(p, WORDS_UNTIL_NEXT, d->start, &at);
}

static bool keep_until(const struct paragraph *p, struct written_date d)
{
    struct reading *rd = p->rd;
    int64_t days;
    if (!settle_order(p, &d) || !settle_year(rd, &d, &days))
        return false;
    rd->report->strings[BOUNCE_REPORT_AUTO_REPLY_UNTIL] = arena_printf(
        &rd->report->arena, "%04lld-%02lld-%02lld", (long long)d.year, (long long)d.month, (long long)d.day);
    tell(p, TOLD_UNTIL, d.start, d.end);
    return true;
}

static void read_until(const struct paragraph *p)
{
    struct written_date d, next;
    size_t pos = 0, before = 0;
    bool more = written_date_next(p->rd->words, p->folded, &pos, &next);
    while (more) {
        d = next;
        more = written_date_next(p->rd->words, p->folded, &pos, &next);
        const size_t stop = sentence_stop(p, d.end, more ? next.start : p->folded.n);
        const struct span front = between(p, sentence_start(p, before, d.start), d.start);
        before = d.end;
        if (!is_quoted(p, d.start) && ends_absence(p, &d, front, between(p, d.end, stop)) && keep_until(p, d))
            return;
    }
}

/* -------------------------------------------------------------------- addresses */

/* The writer of the reply, or whoever gets it. */
static bool is_own(struct reading *rd, const char *address)
{
    static const char *const fields[] = {"From", "Reply-To",     "Sender",        "Return-Path", "To",
                                         "Cc",   "Delivered-To", "X-Original-To", "Envelope-To"};
    for (size_t i = 0; i < COUNT(fields); i++)
        if (header_field_has(rd, message_header(&rd->m, fields[i]), address, address_equal))
            return true;
    return false;
}

static void keep_address(const struct paragraph *p, bounce_report_field field, enum told which, const char *address,
                         size_t at)
{
    struct reading *rd = p->rd;
    if (rd->report->strings[field] || is_own(rd, address))
        return;
    rd->report->strings[field] = arena_strdup(&rd->report->arena, address);
    tell(p, which, at, at);
}

static void read_address(const struct paragraph *p, const struct found_address *found)
{
    const size_t start = norm_fold_offset(&p->norm, found->start), end = norm_fold_offset(&p->norm, found->end);
    const struct span front = between(p, sentence_start(p, 0, start), start);
    const struct span behind = between(p, end, sentence_stop(p, end, p->folded.n));
    const char *address = arena_strndup(p->rd->scratch, found->address.s, found->address.n);
    if (says(p, WORDS_NEW_ADDRESS, front) || says(p, WORDS_NEW_ADDRESS_AFTER, behind))
        keep_address(p, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS, TOLD_NEW_ADDRESS, address, start);
    else if (says(p, WORDS_WRITE_TO, front) || says(p, WORDS_WRITE_TO_AFTER, behind))
        keep_address(p, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT, TOLD_CONTACT, address, start);
}

/* ------------------------------------------------------------------- paragraphs */

static struct paragraph paragraph_of(struct reading *rd, struct span s)
{
    struct paragraph p = {.rd = rd};
    text_normalise(rd->scratch, s, LIMIT_SEARCHED_BYTES, &p.norm);
    p.folded = span_of(p.norm.folded, p.norm.folded_length);
    return p;
}

static void read_absence(const struct paragraph *p, bool with_day)
{
    size_t at;
    if (with_day && !p->rd->report->strings[BOUNCE_REPORT_AUTO_REPLY_UNTIL])
        read_until(p);
    if (!p->rd->report->left && whole_word_find(p->rd->words, WORDS_HAS_LEFT, p->folded, &at)) {
        p->rd->report->left = true;
        tell(p, TOLD_LEFT, at, at);
    }
}

static void read_paragraph(struct reading *rd, struct span s, bool with_day)
{
    const struct paragraph p = paragraph_of(rd, s);
    read_absence(&p, with_day);
    const struct span text = span_of(p.norm.text, p.norm.length);
    struct found_address found;
    for (size_t pos = 0; memchr(s.s, '@', s.n) && address_next(text, &pos, &found);)
        read_address(&p, &found);
}

/* After "Best regards", only whole sentences are more than a signature. */
static bool is_signature(struct span s)
{
    static const struct span ends[] = {SPAN("."), SPAN("!"), SPAN("?"), SPAN("。"), SPAN("！"), SPAN("？")};
    const struct span t = span_trim(s);
    for (size_t i = 0; i < COUNT(ends); i++)
        if (span_ends_with(t, ends[i]))
            return false;
    return true;
}

static bool begins_signature(const struct reading *rd, struct span line)
{
    return line.n && word_at_start(rd->words->of[WORDS_CLOSING], span_z(text_fold(rd->scratch, line)));
}

/* "-- ", and what mail programs put above the mail being answered. */
static bool ends_text(struct span line)
{
    return (line.n == 2 && line.s[0] == '-' && line.s[1] == '-') ||
           (line.n > 10 && span_starts_nocase(line, "-----") && span_ends_with(line, span_z("-----")) &&
            ascii_is_alpha(*span_trim(span_of(line.s + 5, line.n - 5)).s));
}

/* The text is read paragraph by paragraph; one that ends in a colon continues below a blank line. */
struct text_walk {
    struct reading *rd;
    const char *first; /* of the paragraph; NULL: none yet */
    bool signature;    /* below a closing line */
    bool with_day;
};

static void end_paragraph(struct text_walk *w, const char *end)
{
    const struct span s = span_of(w->first, w->first ? (size_t)(end - w->first) : 0);
    w->first = NULL;
    if (s.n && !(w->signature && is_signature(s)))
        read_paragraph(w->rd, s, w->with_day);
}

static bool goes_on_below(const struct text_walk *w, const char *end)
{
    const struct span s = span_trim(span_of(w->first, w->first ? (size_t)(end - w->first) : 0));
    return s.n && s.s[s.n - 1] == ':';
}

static void take_line(struct text_walk *w, struct span line, struct span trimmed)
{
    if (!trimmed.n) {
        if (!goes_on_below(w, line.s))
            end_paragraph(w, line.s);
    } else if (trimmed.s[0] == '>') {
        if (goes_on_below(w, line.s)) /* "On Monday joe@example.net wrote:" */
            w->first = NULL;
        end_paragraph(w, line.s);
    } else if (begins_signature(w->rd, trimmed)) {
        end_paragraph(w, line.s);
        w->signature = true;
    } else if (!w->first) {
        w->first = line.s;
    }
}

static void read_text(struct reading *rd, bool with_day)
{
    struct text_walk w = {.rd = rd, .with_day = with_day};
    struct span rest = rd->text, line;
    if (rest.n > LIMIT_SEARCHED_BYTES)
        rest.n = LIMIT_SEARCHED_BYTES;
    while (span_next_line(&rest, &line)) {
        const struct span trimmed = span_trim(line);
        if (ends_text(trimmed)) {
            end_paragraph(&w, line.s);
            return;
        }
        take_line(&w, line, trimmed);
    }
    end_paragraph(&w, rest.s);
}

/* After the first colon is usually the subject that is answered; what the program adds is in brackets. */
static struct span own_part(struct span subject)
{
    const char *colon = span_find(subject, ": ");
    if (!colon)
        return subject;
    size_t at = subject.n;
    while (at && subject.s[at - 1] != '(')
        at--;
    return at && subject.s[subject.n - 1] == ')' ? span_of(subject.s + at, subject.n - at - 1) : span_of(NULL, 0);
}

void auto_reply_read(struct reading *rd)
{
    const bool with_day = !recognition_sign(rd->recognition, ASKED_ACKNOWLEDGEMENT);
    read_text(rd, with_day);
    const struct paragraph subject = paragraph_of(rd, own_part(span_trim(span_z(rd->subject))));
    read_absence(&subject, with_day);
}
