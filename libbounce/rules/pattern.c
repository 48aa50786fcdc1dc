/* SPDX-License-Identifier: MIT */
/*
 * pattern.c - phrases and regular expressions of rule files.
 *
 * What comes in: the value of a keyword. What goes out: a struct
 * struct parsed_pattern; a phrase is folded as texts are (text/text.h). Refused: phrases
 * without a part of 3 bytes (nothing could find them quickly), expressions that
 * PCRE2 refuses, that begin with "(*", or with a repeat that is tried at every
 * byte.
 */
#include "base/limits.h"
#include "match/regex.h"
#include "rules/reader.h"
#include "text/text.h"

#include <string.h>

/* Takes the text up to the next " ... " off *rest. */
static struct span next_segment(struct span *rest)
{
    for (size_t i = 1; i + 3 < rest->n; i++) {
        if (memcmp(rest->s + i, "...", 3) == 0 && ascii_is_space(rest->s[i - 1]) && ascii_is_space(rest->s[i + 3])) {
            struct span segment = span_trim(span_of(rest->s, i));
            *rest = span_trim(span_of(rest->s + i + 3, rest->n - i - 3));
            return segment;
        }
    }
    struct span segment = *rest;
    *rest = span_of(rest->s + rest->n, 0);
    return segment;
}

static bool ends_in_star(struct span s)
{
    return s.n > 1 && s.s[s.n - 1] == '*' && s.s[s.n - 2] != '*';
}

/* Folds the segments of a phrase into strings[]; 0 and an error if one of
 * them is of no use. */
static uint8_t read_segments(struct reader *r, struct span value, const char **strings)
{
    struct span rest = value;
    size_t longest = 0;
    uint8_t n = 0;
    while (rest.n && n < LIMIT_PHRASE_SEGMENTS) {
        struct span segment = next_segment(&rest);
        if (rest.n && ends_in_star(segment) && ascii_is_alnum(segment.s[segment.n - 2])) {
            reader_error(r, segment.s + segment.n - 1, "a \"*\" may stand at the end of the phrase only");
            return 0;
        }
        char *folded = text_fold(r->out->arena, segment);
        if (!*folded) {
            reader_error(r, segment.s, "nothing is left of this part of the phrase");
            return 0;
        }
        longest = strlen(folded) > longest ? strlen(folded) : longest;
        strings[n++] = folded;
    }
    if (rest.n) {
        reader_error(r, rest.s, "a phrase has at most %d parts between \" ... \"", LIMIT_PHRASE_SEGMENTS);
        return 0;
    }
    if (longest < 3) {
        reader_error(r, value.s, "a phrase needs a part of at least 3 bytes");
        return 0;
    }
    return n;
}

static bool read_phrase(struct reader *r, struct span value, struct parsed_pattern *out)
{
    const char *strings[LIMIT_PHRASE_SEGMENTS];
    if (ends_in_star(value)) {
        out->open_end = true;
        value = span_trim(span_of(value.s, value.n - 1));
    }
    out->segment_count = read_segments(r, value, strings);
    if (!out->segment_count)
        return false;
    size_t bytes = out->segment_count * sizeof *strings;
    const char **segments = arena_alloc(r->out->arena, bytes);
    memcpy(segments, strings, bytes);
    out->segments = segments;
    return true;
}

static bool check_captures(struct reader *r, struct span value, const struct regex *regex)
{
    const char *unknown;
    regex_named_captures(regex, &unknown);
    if (!unknown)
        return true;
    reader_error(r, value.s,
                 "unknown capture \"%s\": the names are address original action status reply_code command "
                 "remote_mta diagnostic last_attempt",
                 unknown);
    return false;
}

static bool read_regex(struct reader *r, struct span value, struct parsed_pattern *out)
{
    struct regex_problem problem;
    size_t offset;
    if (value.n >= 2 && value.s[0] == '(' && value.s[1] == '*') {
        reader_error(r, value.s, "a regular expression must not begin with \"(*\"");
        return false;
    }
    struct regex *regex = regex_compile(out->source, false, &problem);
    if (!regex) {
        reader_error(r, value.s + (problem.offset < value.n ? problem.offset : value.n), "%s", problem.message);
        return false;
    }
    bool good = check_captures(r, value, regex);
    regex_free(regex);
    if (good && regex_begins_unbounded(out->source, &offset)) {
        reader_error(r, value.s + offset,
                     "this begins with a repeat without an end, which is tried at every byte: "
                     "begin with ^, \\b and plain text, or give it an end as in {1,64}");
        return false;
    }
    out->is_regex = true;
    out->regex_id = (uint32_t)r->out->regex_count++;
    return good;
}

static bool in_slashes(struct span value)
{
    return value.n >= 2 && value.s[0] == '/' && value.s[value.n - 1] == '/';
}

/* Does a pattern of that form have slashes around it where it must, and none
 * where it must not? */
static bool check_slashes(struct reader *r, struct span value, enum pattern_form form)
{
    const char *message = NULL;
    if (form == PATTERN_PHRASE && in_slashes(value))
        message = "a phrase is plain words: a regular expression belongs into \"match\"";
    else if (form == PATTERN_REGEX_BARE && in_slashes(value))
        message = "\"match\" takes the regular expression without slashes around it";
    else if (form == PATTERN_REGEX_SLASHES && !in_slashes(value))
        message = "a regular expression between slashes is needed here";
    else if (in_slashes(value) && value.n == 2)
        message = "the regular expression is empty";
    else if (value.n > LIMIT_PATTERN_BYTES)
        message = "the pattern is longer than 4096 bytes";
    if (message)
        reader_error(r, value.s, "%s", message);
    return !message;
}

_Static_assert(LIMIT_PATTERN_BYTES == 4096, "the message in check_slashes names it");

bool pattern_read(struct reader *r, struct span value, enum pattern_form form, struct parsed_pattern *out)
{
    *out = (struct parsed_pattern){.source = NULL};
    if (!check_slashes(r, value, form))
        return false;
    if (form != PATTERN_REGEX_BARE && in_slashes(value)) {
        form = PATTERN_REGEX_SLASHES;
        value = span_of(value.s + 1, value.n - 2);
    }
    out->source = arena_strndup(r->out->arena, value.s, value.n);
    if (form == PATTERN_REGEX_BARE || form == PATTERN_REGEX_SLASHES)
        return read_regex(r, value, out);
    return read_phrase(r, value, out);
}

static void append(struct reader *r, struct span value, enum pattern_form form, enum reader_list list)
{
    struct parsed_pattern pattern;
    if (pattern_read(r, value, form, &pattern))
        *(struct parsed_pattern *)reader_add(r, list, sizeof pattern) = pattern;
}

void pattern_read_phrase(struct reader *r, struct span value, enum reader_list list)
{
    append(r, value, PATTERN_PHRASE, list);
}

void pattern_read_match(struct reader *r, struct span value, enum reader_list list)
{
    r->has_match = true;
    append(r, value, PATTERN_REGEX_BARE, list);
}

void pattern_read_any(struct reader *r, struct span value, enum reader_list list)
{
    append(r, value, PATTERN_ANY, list);
}

void pattern_read_regex(struct reader *r, struct span value, enum reader_list list)
{
    append(r, value, PATTERN_REGEX_SLASHES, list);
}
