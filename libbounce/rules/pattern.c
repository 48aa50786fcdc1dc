/* SPDX-License-Identifier: MIT */
/*
 * pattern.c - phrases and regular expressions of rule files.
 *
 * What comes in: the value of a keyword. What goes out: a struct parsed_pattern;
 * a phrase is folded as texts are (text/normal.h). Refused: a phrase without a part
 * of 3 bytes, which nothing could find quickly; an expression that PCRE2 refuses,
 * that begins with "(*", or that begins with an unlimited repeat.
 */
#include "rules/pattern.h"
#include "base/limits.h"
#include "match/regex.h"
#include "match/regex_shape.h"
#include "match/regex_syntax.h"
#include "rules/arrays.h"
#include "rules/row.h"
#include "rules/warnings.h"
#include "text/mask.h"

enum { PHRASE_BYTES_MIN = 3 };

/* Takes a part of a phrase, up to the next " ... ", off *rest. */
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

/* The folded part of a phrase; NULL, and an error, if it cannot be used. */
static const char *fold_segment(struct reader *r, struct span segment, bool is_last)
{
    if (!is_last && ends_in_star(segment) && ascii_is_alnum(segment.s[segment.n - 2])) {
        reader_error(r, segment.s + segment.n - 1, "a \"*\" is allowed only at the end of the phrase");
        return NULL;
    }
    const char *folded = text_fold(r->out->arena, segment);
    if (*folded)
        return folded;
    reader_error(r, segment.s, "nothing of this part of the phrase can be searched");
    return NULL;
}

/* Folds the parts of a phrase into segments[]. Returns their number; 0, and an
 * error, if the phrase cannot be used. */
static uint8_t fold_segments(struct reader *r, struct span value, const char **segments)
{
    struct span rest = value;
    size_t longest = 0;
    uint8_t n = 0;
    while (rest.n && n < LIMIT_PHRASE_SEGMENTS) {
        struct span segment = next_segment(&rest);
        segments[n] = fold_segment(r, segment, !rest.n);
        if (!segments[n])
            return 0;
        longest = MAX(longest, strlen(segments[n]));
        n++;
    }
    if (rest.n)
        reader_error(r, rest.s, "a phrase may have at most %d parts separated by \" ... \"", LIMIT_PHRASE_SEGMENTS);
    else if (longest < PHRASE_BYTES_MIN)
        reader_error(r, value.s, "a phrase needs a part of at least %d bytes", PHRASE_BYTES_MIN);
    return rest.n || longest < PHRASE_BYTES_MIN ? 0 : n;
}

static bool read_phrase(struct reader *r, struct span value, struct parsed_pattern *out)
{
    const char *segments[LIMIT_PHRASE_SEGMENTS];
    if (ends_in_star(value)) {
        out->open_end = true;
        value = span_trim(span_of(value.s, value.n - 1));
    }
    out->segment_count = fold_segments(r, value, segments);
    out->segments = array_copy(r->out->arena, segments, out->segment_count * sizeof *segments);
    return out->segment_count > 0;
}

/* Reads whole words in every script, as in a phrase of format 2. */
static bool read_token(struct reader *r, struct span value, struct parsed_pattern *out)
{
    out->whole_words = true;
    out->open_start = value.n > 1 && value.s[0] == '*' && value.s[1] != '*';
    if (out->open_start)
        value = span_trim(span_of(value.s + 1, value.n - 1));
    return read_phrase(r, value, out);
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

/* Compiles the expression once, to see whether it can be used. */
static bool check_regex(struct reader *r, struct span value, const char *source)
{
    struct regex_problem problem;
    size_t offset;
    struct regex *regex = regex_compile(source, false, &problem);
    if (!regex) {
        reader_error(r, value.s + MIN(problem.offset, value.n), "%s", problem.message);
        return false;
    }
    bool good = check_captures(r, value, regex);
    regex_free(regex);
    if (good && regex_begins_unbounded(source, &offset)) {
        reader_error(r, value.s + offset,
                     "an unlimited repeat at the beginning would be tried at every byte: "
                     "begin with ^, or with \\b and plain text, or limit it as in {1,30}");
        return false;
    }
    if (good && !regex_shape_is_good(source, &problem)) {
        reader_error(r, value.s + MIN(problem.offset, value.n), "%s", problem.message);
        return false;
    }
    return good;
}

static bool read_regex(struct reader *r, struct span value, struct parsed_pattern *out)
{
    if (span_starts_nocase(value, "(*")) {
        reader_error(r, value.s, "a regular expression must not begin with \"(*\"");
        return false;
    }
    if (!check_regex(r, value, out->source))
        return false;
    out->is_regex = true;
    out->regex_id = (uint32_t)r->out->regex_count++;
    return true;
}

static bool in_slashes(struct span value)
{
    return value.n >= 2 && value.s[0] == '/' && value.s[value.n - 1] == '/';
}

static const char *phrase_problem(const struct reader *r)
{
    return r->entry->kind == ENTRY_DIALECT ? "this must be a phrase, not a regular expression"
                                           : "a phrase is plain words; a regular expression goes into \"match\"";
}

_Static_assert(LIMIT_PATTERN_BYTES == 4096, "a message names it");

/* False, and an error, if slashes are missing or not allowed, or the length is wrong. */
static bool check_form(struct reader *r, struct span value, enum pattern_form form)
{
    const char *message = NULL;
    if (form == PATTERN_PHRASE && in_slashes(value))
        message = phrase_problem(r);
    else if (form == PATTERN_REGEX_BARE && in_slashes(value))
        message = "\"match\" takes a regular expression without slashes around it";
    else if (form == PATTERN_REGEX_SLASHES && !in_slashes(value))
        message = "this must be a regular expression between slashes";
    else if (in_slashes(value) && value.n == 2)
        message = "the regular expression is empty";
    else if (value.n > LIMIT_PATTERN_BYTES)
        message = "the pattern is longer than 4096 bytes";
    if (message)
        reader_error(r, value.s, "%s", message);
    return !message;
}

bool pattern_read(struct reader *r, struct span value, enum pattern_form form, struct parsed_pattern *out)
{
    *out = (struct parsed_pattern){.source = NULL};
    if (!check_form(r, value, form))
        return false;
    if (form != PATTERN_REGEX_BARE && in_slashes(value)) {
        form = PATTERN_REGEX_SLASHES;
        value = span_of(value.s + 1, value.n - 2);
    }
    out->source = reader_copy(r, value);
    if (form != PATTERN_REGEX_BARE && form != PATTERN_REGEX_SLASHES)
        warn_of_phrase(r, value);
    if (form == PATTERN_REGEX_BARE || form == PATTERN_REGEX_SLASHES)
        return read_regex(r, value, out);
    if (form == PATTERN_TOKEN)
        return read_token(r, value, out);
    return r->format == 1 ? read_phrase(r, value, out) : row_read(r, value, out);
}

void pattern_refuse_masked(struct reader *r, struct span value)
{
    struct norm_text text;
    struct masked_text masked;
    text_normalise(r->out->arena, value, SIZE_MAX, &text);
    text_mask(r->out->arena, &text, NULL, &masked);
    if (masked.count)
        reader_error(r, value.s, "addresses, URLs and hosts are masked: what is in them is a \"token\"");
}

/* The patterns of rules in files of format 2 are searched in the masked face. */
static void mask_pattern(struct reader *r, struct span value, struct parsed_pattern *pattern)
{
    pattern->masked = r->format > 1 && (r->entry->kind == ENTRY_RULE || r->entry->kind == ENTRY_OVERRIDE);
    if (pattern->masked && !pattern->is_regex)
        pattern_refuse_masked(r, value);
}

static void keep_pattern(struct reader *r, struct span value, struct parsed_pattern *pattern, enum reader_list list)
{
    if (pattern->row)
        pattern->row->is_exception = list == LIST_UNLESS;
    mask_pattern(r, value, pattern);
    warn_of_line(r, value, pattern, list);
    *(struct parsed_pattern *)reader_add(r, list, sizeof *pattern) = *pattern;
}

static void add_pattern(struct reader *r, struct span value, enum pattern_form form, enum reader_list list)
{
    struct parsed_pattern pattern;
    if (pattern_read(r, value, form, &pattern))
        keep_pattern(r, value, &pattern, list);
}

void pattern_add_token(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_pattern pattern;
    if (r->format < 2) {
        reader_error(r, value.s, "a token needs \"format 2\" as the first line of the file");
    } else if (in_slashes(value) || memchr(value.s, '{', value.n)) {
        reader_error(r, value.s, "a token is plain words");
    } else if (pattern_read(r, value, PATTERN_TOKEN, &pattern)) {
        pattern.token = true;
        *(struct parsed_pattern *)reader_add(r, list, sizeof pattern) = pattern;
    }
}

void pattern_add_phrase(struct reader *r, struct span value, enum reader_list list)
{
    add_pattern(r, value, PATTERN_PHRASE, list);
}

void pattern_add_match(struct reader *r, struct span value, enum reader_list list)
{
    add_pattern(r, value, PATTERN_REGEX_BARE, list);
}

void pattern_add_any(struct reader *r, struct span value, enum reader_list list)
{
    add_pattern(r, value, PATTERN_ANY, list);
}

void pattern_add_near(struct reader *r, struct span value, enum reader_list list)
{
    struct parsed_pattern pattern;
    if (r->format < 2) {
        reader_error(r, value.s, "unless-near needs \"format 2\" as the first line of the file");
    } else if (pattern_read(r, value, PATTERN_ANY, &pattern)) {
        pattern.is_near = true;
        keep_pattern(r, value, &pattern, list);
    }
}

void pattern_add_regex(struct reader *r, struct span value, enum reader_list list)
{
    add_pattern(r, value, PATTERN_REGEX_SLASHES, list);
}
