/* SPDX-License-Identifier: MIT */
/*
 * regex.c - compiling and running regular expressions (PCRE2 10.42).
 *
 * What comes in: expressions of rule files, and texts of valid UTF-8. What goes
 * out: where they match. Every match runs under the limits of base/limits.h, on
 * a text of limited length: PCRE2 counts its steps anew at each starting
 * position, and its default limits are too high to protect anybody. Refused: \C
 * and (*UCP), because rules are data.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "match/regex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "match/match.h"

#include <glib.h>
#include <pcre2.h>
#include <string.h>

/* The members of struct match_captures. */
static const struct {
    const char *name;
    size_t offset;
} capture_names[] = {
    {"address", offsetof(struct match_captures, address)},
    {"original", offsetof(struct match_captures, original)},
    {"action", offsetof(struct match_captures, action)},
    {"status", offsetof(struct match_captures, status)},
    {"reply_code", offsetof(struct match_captures, reply_code)},
    {"command", offsetof(struct match_captures, command)},
    {"remote_mta", offsetof(struct match_captures, remote_mta)},
    {"diagnostic", offsetof(struct match_captures, diagnostic)},
    {"last_attempt", offsetof(struct match_captures, last_attempt)},
};
enum { CAPTURE_NAMES = sizeof capture_names / sizeof *capture_names };

struct regex {
    pcre2_code *code;
    uint8_t groups[CAPTURE_NAMES]; /* number of the group with that name; 0: none */
    size_t named;
    char unknown[36]; /* the first name that is no member; "": none */
};

struct regex_engine {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *jit_stack;
};

/* --------------------------------------------------------------- compile */

static void note_capture(struct regex *regex, unsigned group, const char *name)
{
    regex->named++;
    for (size_t i = 0; i < CAPTURE_NAMES; i++) {
        if (strcmp(capture_names[i].name, name) == 0) {
            regex->groups[i] = (uint8_t)group;
            return;
        }
    }
    if (!regex->unknown[0])
        g_strlcpy(regex->unknown, name, sizeof regex->unknown);
}

static void read_capture_names(struct regex *regex)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    for (uint32_t i = 0; i < count; i++, table += size)
        note_capture(regex, (unsigned)table[0] << 8 | table[1], (const char *)table + 2);
}

static void set_problem(struct regex_problem *problem, size_t offset, int code)
{
    if (!problem)
        return;
    problem->offset = offset;
    if (pcre2_get_error_message(code, (PCRE2_UCHAR *)problem->message, sizeof problem->message) < 0)
        g_strlcpy(problem->message, "the regular expression cannot be compiled", sizeof problem->message);
}

static bool too_many_groups(const pcre2_code *code, struct regex_problem *problem)
{
    uint32_t groups = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups > LIMIT_REGEX_GROUPS && problem) {
        problem->offset = 0;
        g_snprintf(problem->message, sizeof problem->message,
                   "the regular expression has %u groups; at most %d are allowed", groups, LIMIT_REGEX_GROUPS);
    }
    return groups > LIMIT_REGEX_GROUPS;
}

static pcre2_code *compile(const char *source, struct regex_problem *problem)
{
    const uint32_t options =
        PCRE2_UTF | PCRE2_CASELESS | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
    int error;
    PCRE2_SIZE offset;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context)
        pcre2_set_max_pattern_length(context, LIMIT_PATTERN_BYTES);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    if (!code)
        set_problem(problem, offset, error);
    return code;
}

struct regex *regex_compile(const char *source, bool jit, struct regex_problem *problem)
{
    pcre2_code *code = compile(source, problem);
    if (!code)
        return NULL;
    if (too_many_groups(code, problem)) {
        pcre2_code_free(code);
        return NULL;
    }
    if (jit) /* fails where memory may not be executable: then it is interpreted */
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    struct regex *regex = g_new0(struct regex, 1);
    regex->code = code;
    read_capture_names(regex);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (regex)
        pcre2_code_free(regex->code);
    g_free(regex);
}

size_t regex_named_captures(const struct regex *regex, const char **unknown)
{
    if (unknown)
        *unknown = regex->unknown[0] ? regex->unknown : NULL;
    return regex->named;
}

/* ----------------------------------------------------------------- match */

struct regex_engine *regex_engine_new(bool jit)
{
    struct regex_engine *engine = g_new0(struct regex_engine, 1);
    engine->context = pcre2_match_context_create(NULL);
    engine->data = pcre2_match_data_create(LIMIT_REGEX_GROUPS + 1, NULL);
    if (!engine->context || !engine->data)
        g_error("libbounce: out of memory");
    pcre2_set_match_limit(engine->context, LIMIT_MATCH_STEPS);
    pcre2_set_depth_limit(engine->context, LIMIT_MATCH_DEPTH);
    pcre2_set_heap_limit(engine->context, LIMIT_MATCH_HEAP_KIB);
    if (jit) { /* without a stack of its own, JIT code gets by with 32 KiB of the machine's */
        engine->jit_stack = pcre2_jit_stack_create(32 * 1024, LIMIT_MATCH_HEAP_KIB * 1024, NULL);
        if (engine->jit_stack)
            pcre2_jit_stack_assign(engine->context, NULL, engine->jit_stack);
    }
    return engine;
}

void regex_engine_free(struct regex_engine *engine)
{
    if (!engine)
        return;
    pcre2_match_data_free(engine->data);
    pcre2_match_context_free(engine->context);
    pcre2_jit_stack_free(engine->jit_stack);
    g_free(engine);
}

/* Cuts a text that is too long at the end of a character. */
static struct span cut_text(struct span text)
{
    text.n = utf8_cut(text.s, text.n, LIMIT_SEARCHED_BYTES);
    return text.s ? text : span_z("");
}

static void fill_captures(const struct regex *regex, const PCRE2_SIZE *offsets, size_t pairs, struct span text,
                          struct match_captures *captures)
{
    for (size_t i = 0; i < CAPTURE_NAMES; i++) {
        size_t group = regex->groups[i];
        struct span *to = (struct span *)(void *)((char *)captures + capture_names[i].offset);
        if (group && group < pairs && offsets[2 * group] != PCRE2_UNSET && offsets[2 * group] <= offsets[2 * group + 1])
            *to = span_of(text.s + offsets[2 * group], offsets[2 * group + 1] - offsets[2 * group]);
    }
}

enum regex_result regex_match(struct regex_engine *engine, const struct regex *regex, struct span text,
                              struct span *found, struct match_captures *captures)
{
    if (captures)
        *captures = (struct match_captures){.address = {NULL, 0}};
    text = cut_text(text);
    /* PCRE2 would read the text once more to check that it is UTF-8, which ASCII is. */
    uint32_t options = bytes_ascii(text.s, text.n) == text.n ? PCRE2_NO_UTF_CHECK : 0;
    int pairs = pcre2_match(regex->code, (PCRE2_SPTR)text.s, text.n, 0, options, engine->data, engine->context);
    if (pairs == PCRE2_ERROR_NOMATCH)
        return REGEX_NO_MATCH;
    if (pairs < 0) /* a limit, or a text that is not UTF-8: neither is a miss */
        return REGEX_ABANDONED;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(engine->data);
    /* \K in a look-ahead can put the start after the end. */
    size_t start = MIN(offsets[0], offsets[1]), end = MAX(offsets[0], offsets[1]);
    if (found)
        *found = span_of(text.s + start, end - start);
    if (captures)
        fill_captures(regex, offsets, (size_t)pairs, text, captures);
    return REGEX_MATCH;
}
