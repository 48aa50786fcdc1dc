/* SPDX-License-Identifier: MIT */
/*
 * written_date.c - see written_date.h.
 *
 * In: a folded text, and the names of the months and the words of dates of all
 * languages (lists month-1 to month-12, date-year, date-month, date-day, date-of).
 * Out: days, one after the other. Refused: numbers that are not a day of any month, times
 * of day, versions and telephone numbers; "24/7"; months without a day.
 */
#include "reading/written_date.h"
#include "text/word.h"

/* A place in a text that is read from start to end. */
struct cursor {
    const struct word_lists *words;
    struct span text;
    size_t at;
};

static char char_at(const struct cursor *c, size_t at)
{
    return at < c->text.n ? c->text.s[at] : '\0';
}

static void skip_spaces(struct cursor *c)
{
    while (char_at(c, c->at) == ' ')
        c->at++;
}

static bool is_whole(struct span text, size_t at, size_t n)
{
    return word_can_begin(text, at) && word_can_end(text, at + n);
}

const struct search_word *whole_word_find(const struct word_lists *words, enum word_list list, struct span text,
                                          size_t *at)
{
    for (const struct search_word *w = words->of[list]; w->text.n; w++)
        for (size_t from = 0; from < text.n;) {
            const char *found = span_find_bytes(span_of(text.s + from, text.n - from), w->text);
            if (!found)
                break;
            const size_t place = (size_t)(found - text.s);
            if (is_whole(text, place, w->text.n)) {
                if (at)
                    *at = place;
                return w;
            }
            from = place + 1;
        }
    return NULL;
}

/* The length of the longest word of a list at the cursor; 0: none. attached: a number may come right before it. */
static size_t word_here(const struct cursor *c, enum word_list list, bool attached)
{
    const struct span rest = span_of(c->text.s + c->at, c->text.n - c->at);
    size_t longest = 0;
    for (const struct search_word *w = c->words->of[list]; w->text.n; w++)
        if (w->text.n > longest && span_starts_with(rest, w->text) &&
            (attached ? word_can_end(c->text, c->at + w->text.n) : is_whole(c->text, c->at, w->text.n)))
            longest = w->text.n;
    return longest;
}

/* A number of at most four digits; 0, and the cursor stays, if there is none. */
static int64_t take_number(struct cursor *c, size_t *digits)
{
    int64_t number = 0;
    size_t n = 0;
    for (; ascii_is_digit(char_at(c, c->at + n)); n++)
        if (n < 5)
            number = number * 10 + (char_at(c, c->at + n) - '0');
    if (!n || n > 4)
        return 0;
    *digits = n;
    c->at += n;
    return number;
}

static bool is_year(int64_t number, size_t digits)
{
    return digits == 4 && number >= 1990 && number < 2200;
}

static bool is_day(int64_t number, size_t digits)
{
    return digits <= 2 && number >= 1 && number <= 31;
}

/* "17:30", "17.50", "17/": the number before is not a day. */
static bool goes_on(const struct cursor *c)
{
    const char here = char_at(c, c->at), next = char_at(c, c->at + 1);
    return ascii_is_alnum(here) || here == '%' || (here == ':' && ascii_is_digit(next)) ||
           (here && strchr("./-", here) && ascii_is_digit(next));
}

/* A month by its name; 0: none. */
static int64_t take_month(struct cursor *c)
{
    for (int month = 0; month < 12; month++) {
        const size_t n = word_here(c, (enum word_list)(WORDS_MONTH_1 + month), false);
        if (n) {
            c->at += n;
            return month + 1;
        }
    }
    return 0;
}

static void skip_list(struct cursor *c, enum word_list list, bool attached)
{
    c->at += word_here(c, list, attached);
}

/* "st", ".", "日" after the number of a day. */
static void skip_day_mark(struct cursor *c)
{
    const size_t before = c->at;
    skip_spaces(c);
    const size_t n = word_here(c, WORDS_DATE_DAY, true);
    c->at = n ? c->at + n : before;
    if (!n && char_at(c, c->at) == '.')
        c->at++;
}

/* Between a month and a year: spaces, a comma, "de". The cursor stays if no year follows. */
static void take_year(struct cursor *c, struct written_date *d)
{
    struct cursor ahead = *c;
    size_t digits = 0;
    if (char_at(&ahead, ahead.at) == '.')
        ahead.at++;
    skip_spaces(&ahead);
    if (char_at(&ahead, ahead.at) == ',')
        ahead.at++;
    skip_spaces(&ahead);
    skip_list(&ahead, WORDS_DATE_OF, false);
    skip_spaces(&ahead);
    const int64_t number = take_number(&ahead, &digits);
    if (!is_year(number, digits) || char_at(&ahead, ahead.at) == ':')
        return;
    d->year = number;
    *c = ahead;
}

/* "3 March", "3. März", "3 de marzo de 2025", after the number. */
static bool take_month_name(struct cursor *c, int64_t day, struct written_date *d)
{
    skip_day_mark(c);
    skip_spaces(c);
    skip_list(c, WORDS_DATE_OF, false);
    skip_spaces(c);
    d->month = take_month(c);
    d->day = day;
    if (d->month)
        take_year(c, d);
    return d->month != 0;
}

/* The day after a month: "3rd", "3日"; false: none. */
static bool take_day(struct cursor *c, struct written_date *d)
{
    size_t digits = 0;
    skip_spaces(c);
    d->day = take_number(c, &digits);
    if (!is_day(d->day, digits))
        return false;
    skip_day_mark(c);
    return !goes_on(c);
}

/* "8月16日", after the number. */
static bool take_marked_month(struct cursor *c, int64_t month, struct written_date *d)
{
    skip_spaces(c);
    const size_t n = word_here(c, WORDS_DATE_MONTH, true);
    c->at += n;
    d->month = month;
    return n && month >= 1 && month <= 12 && take_day(c, d);
}

/* The separator between two numbers, and the spaces that may follow it; '\0': none. */
static char take_separator(struct cursor *c)
{
    const char sign = char_at(c, c->at);
    if (!sign || !strchr("./-", sign))
        return '\0';
    c->at++;
    if (sign == '.')
        skip_spaces(c);
    return sign;
}

/* "08-05", "8. 5.", "年8月5日", after a year. */
static bool take_after_year(struct cursor *c, int64_t year, struct written_date *d)
{
    struct cursor marked = *c;
    size_t digits = 0;
    d->year = year;
    skip_spaces(&marked);
    marked.at += word_here(&marked, WORDS_DATE_YEAR, true);
    if (char_at(&marked, marked.at) == '.')
        marked.at++;
    skip_spaces(&marked);
    struct cursor named = marked;
    const int64_t month = take_number(&marked, &digits);
    if (digits && digits <= 2 && take_marked_month(&marked, month, d)) {
        *c = marked;
        return true;
    }
    d->month = take_month(&named); /* "2024. augusztus 16." */
    if (d->month && take_day(&named, d)) {
        *c = named;
        return true;
    }
    const char sign = take_separator(c);
    d->month = sign ? take_number(c, &digits) : 0;
    if (d->month < 1 || d->month > 12 || take_separator(c) != sign)
        return false;
    d->day = take_number(c, &digits);
    return is_day(d->day, digits) && !ascii_is_alnum(char_at(c, c->at));
}

/* The year of "05.08.2024" or "05/08/24", after the second number. */
static bool take_numeric_year(struct cursor *c, char sign, struct written_date *d)
{
    struct cursor ahead = *c;
    size_t digits = 0;
    if (take_separator(&ahead) != sign)
        return false;
    const int64_t year = take_number(&ahead, &digits);
    if (!is_year(year, digits) && (digits != 2 || ahead.at - c->at > 3)) /* "14.07. 24 Stunden" */
        return false;
    d->year = digits == 2 ? 2000 + year : year;
    *c = ahead;
    return true;
}

/* "08.2024", "/7", "-08-2024", after the first number. */
static bool take_numeric(struct cursor *c, int64_t first, struct written_date *d)
{
    size_t digits = 0;
    const char sign = take_separator(c);
    const int64_t second = sign ? take_number(c, &digits) : 0;
    if (!is_day(second, digits) || (first > 12 && second > 12))
        return false;
    const bool with_year = take_numeric_year(c, sign, d);
    if (!with_year && (sign == '-' || goes_on(c) || (sign == '/' && first == 24 && second == 7)))
        return false;
    if (!with_year && sign == '.' && char_at(c, c->at) == '.')
        c->at++;
    d->open_order = first <= 12 && second <= 12 && first != second;
    d->day = second > 12 ? second : first;
    d->month = second > 12 ? first : second;
    return !ascii_is_digit(char_at(c, c->at));
}

/* What begins with a number. */
static bool take_from_number(struct cursor *c, struct written_date *d)
{
    size_t digits = 0;
    const bool after_number = c->at > 1 && char_at(c, c->at - 1) == ' ' && ascii_is_digit(char_at(c, c->at - 2));
    const int64_t number = take_number(c, &digits);
    const struct cursor behind = *c;
    if (!digits)
        return false;
    if (is_year(number, digits))
        return take_after_year(c, number, d);
    if (!is_day(number, digits))
        return false;
    if (take_marked_month(c, number, d))
        return true;
    *c = behind;
    if (take_month_name(c, number, d))
        return true;
    *c = behind;
    *d = (struct written_date){0};
    return !after_number && take_numeric(c, number, d); /* "+49 30 12.08.55" */
}

/* "March 3rd, 2025" */
static bool take_from_month(struct cursor *c, struct written_date *d)
{
    d->month = take_month(c);
    if (!d->month)
        return false;
    if (char_at(c, c->at) == '.')
        c->at++;
    if (!take_day(c, d))
        return false;
    take_year(c, d);
    return true;
}

/* Whether something may begin here that is not the middle of a number, a name or an address. */
static bool may_begin(const struct cursor *c)
{
    const char before = c->at ? char_at(c, c->at - 1) : ' ';
    if (!ascii_is_digit(char_at(c, c->at)))
        return (unsigned char)char_at(c, c->at) >= 'a' && word_can_begin(c->text, c->at);
    if (before && strchr("./", before) && c->at > 1)
        return !ascii_is_alnum(char_at(c, c->at - 2));
    return !ascii_is_alnum(before) && before != '+' && before != '@' && before != '_';
}

bool written_date_next(const struct word_lists *words, struct span text, size_t *pos, struct written_date *out)
{
    for (size_t at = *pos; at < text.n; at++) {
        struct cursor c = {words, text, at};
        if (((unsigned char)text.s[at] & 0xc0) == 0x80 || !may_begin(&c))
            continue;
        *out = (struct written_date){0};
        if (ascii_is_digit(text.s[at]) ? take_from_number(&c, out) : take_from_month(&c, out)) {
            out->start = at;
            *pos = out->end = c.at;
            return true;
        }
    }
    *pos = text.n;
    return false;
}
