/* SPDX-License-Identifier: MIT */
/*
 * regex.c - compiling and running regular expressions (PCRE2 10.42).
 *
 * In: expressions of rule files, and texts of valid UTF-8. Out: where they match. What a match costs is charged while
 * it runs, by the callouts of regex_meter.c, to the account of the text and to that of all texts; when one is empty,
 * the match ends. PCRE2's own limits do not bound it: they count the steps of each starting position anew. Refused: \C
 * and (*UCP), because rules are data.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "match/regex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "match/match.h"
#include "match/regex_meter.h"

#include <glib.h>
#include <pcre2.h>
#include <string.h>

enum { GROUP_STEPS = 3 /* costs more than other steps: its start is kept until its end */ };

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
    uint64_t start_cost, step_cost; /* of its callouts */
    uint8_t groups[CAPTURE_NAMES];  /* number of the group with that name; 0: none */
    size_t named;
    char unknown[36]; /* the first name that is not a member; "": none */
};

struct regex_engine {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *jit_stack;
    uint64_t left;             /* of the account of all texts */
    const struct regex *regex; /* of the current match; what it has cost, and may cost */
    uint64_t spent, allowed;
    size_t at; /* where its last callout was */
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

static pcre2_code *compile(const char *source, size_t bytes_max, uint32_t options, struct regex_problem *problem)
{
    options |= PCRE2_UTF | PCRE2_CASELESS | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
    int error;
    PCRE2_SIZE offset;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context)
        pcre2_set_max_pattern_length(context, bytes_max);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    if (!code)
        set_problem(problem, offset, error);
    return code;
}

/* Says why the expression cannot be used: PCRE2 refuses it, or it has callouts of its own. */
static void find_problem(const char *source, struct regex_problem *problem)
{
    pcre2_code *code = compile(source, LIMIT_PATTERN_BYTES, 0, problem);
    if (code && problem) {
        problem->offset = 0;
        g_strlcpy(problem->message, "the regular expression has a callout, or repeats what cannot be counted",
                  sizeof problem->message);
    }
    pcre2_code_free(code);
}

/* An expression that is tried at only one place gains little from PCRE2's search for a start, and JIT searches
 * differently. */
static pcre2_code *compile_plainly_if_anchored(const struct regex_metered *metered)
{
    uint32_t options = 0;
    pcre2_code *code = compile(metered->source, SIZE_MAX, metered->anchored ? PCRE2_NO_START_OPTIMIZE : 0, NULL);
    if (!code || metered->anchored)
        return code;
    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    if (!(options & PCRE2_ANCHORED))
        return code;
    pcre2_code_free(code);
    return compile(metered->source, SIZE_MAX, PCRE2_NO_START_OPTIMIZE, NULL);
}

/* The expression with callouts in it, and what they charge. NULL if it cannot be used. */
static pcre2_code *compile_metered(const char *source, struct regex *regex)
{
    struct arena a;
    struct regex_metered metered;
    pcre2_code *code = NULL;
    arena_init_small(&a, 512);
    if (strlen(source) <= LIMIT_PATTERN_BYTES && regex_meter(&a, source, &metered))
        code = compile_plainly_if_anchored(&metered);
    arena_free(&a);
    if (!code)
        return NULL;
    uint32_t least = 0;
    pcre2_pattern_info(code, PCRE2_INFO_MINLENGTH, &least);
    regex->step_cost = 1 + metered.work / LIMIT_STEP_CHARS;
    regex->start_cost = regex->step_cost + least;
    return code;
}

struct regex *regex_compile(const char *source, bool jit, struct regex_problem *problem)
{
    struct regex costs;
    pcre2_code *code = compile_metered(source, &costs);
    if (!code)
        find_problem(source, problem);
    if (!code || too_many_groups(code, problem)) {
        pcre2_code_free(code);
        return NULL;
    }
    if (jit) /* fails where memory may not be executable: then it is interpreted */
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    struct regex *regex = g_new0(struct regex, 1);
    regex->code = code;
    regex->start_cost = costs.start_cost;
    regex->step_cost = costs.step_cost;
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

/* One callout: charges what was done since the last one. It is the same with and without JIT: both call out at the same
 * places. */
static int charge(pcre2_callout_block *block, void *data)
{
    struct regex_engine *engine = data;
    const size_t from = engine->at, at = engine->at = block->current_position;
    engine->spent += at > from ? at - from : from - at;
    engine->spent += block->callout_number == METER_START ? engine->regex->start_cost : engine->regex->step_cost;
    engine->spent += block->callout_number == METER_GROUP ? GROUP_STEPS : 0;
    for (uint32_t i = 1; block->callout_number == METER_REFERENCE && i < block->capture_top; i++)
        if (block->offset_vector[2 * i] != PCRE2_UNSET && block->offset_vector[2 * i] < block->offset_vector[2 * i + 1])
            engine->spent += block->offset_vector[2 * i + 1] - block->offset_vector[2 * i];
    return engine->spent > engine->allowed ? PCRE2_ERROR_CALLOUT : 0;
}

struct regex_engine *regex_engine_new(bool jit)
{
    struct regex_engine *engine = g_new0(struct regex_engine, 1);
    engine->left = UINT64_MAX;
    engine->context = pcre2_match_context_create(NULL);
    engine->data = pcre2_match_data_create(LIMIT_REGEX_GROUPS + 1, NULL);
    if (!engine->context || !engine->data)
        g_error("libbounce: out of memory");
    pcre2_set_match_limit(engine->context, LIMIT_MATCH_STEPS);
    pcre2_set_depth_limit(engine->context, LIMIT_MATCH_DEPTH);
    pcre2_set_heap_limit(engine->context, LIMIT_MATCH_HEAP_KIB);
    pcre2_set_callout(engine->context, charge, engine);
    if (jit) { /* without a stack of its own, JIT code has only 32 KiB of the machine's */
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

uint64_t regex_engine_left(const struct regex_engine *engine)
{
    return engine->left;
}

void regex_engine_allow(struct regex_engine *engine, uint64_t steps)
{
    engine->left = steps;
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

/* What is left in an account after a match. */
static uint64_t rest_of(uint64_t account, uint64_t spent)
{
    return account > spent ? account - spent : 0;
}

/* Like pcre2_match(). An empty account stays empty. */
static int run(struct regex_engine *engine, const struct regex *regex, struct span text, uint64_t *account)
{
    /* PCRE2 would read the text once more to check that it is UTF-8, which ASCII is. */
    uint32_t options = bytes_ascii(text.s, text.n) == text.n ? PCRE2_NO_UTF_CHECK : 0;
    engine->regex = regex;
    engine->at = 0;
    engine->spent = 1 + text.n / LIMIT_STEP_CHARS; /* for the search for a start */
    engine->allowed = MIN(engine->left, *account);
    if (engine->spent > engine->allowed)
        return PCRE2_ERROR_CALLOUT;
    int pairs = pcre2_match(regex->code, (PCRE2_SPTR)text.s, text.n, 0, options, engine->data, engine->context);
    engine->left = rest_of(engine->left, engine->spent);
    *account = rest_of(*account, engine->spent);
    return pairs;
}

enum regex_result regex_match(struct regex_engine *engine, const struct regex *regex, struct span text,
                              uint64_t *account, struct span *found, struct match_captures *captures)
{
    if (captures)
        *captures = (struct match_captures){.address = {NULL, 0}};
    text = cut_text(text);
    int pairs = run(engine, regex, text, account);
    if (pairs == PCRE2_ERROR_NOMATCH)
        return REGEX_NO_MATCH;
    if (pairs < 0) /* a limit, or a text that is not UTF-8: neither is a miss */
        return REGEX_UNDECIDED;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(engine->data);
    /* \K in a look-ahead can put the start after the end. */
    size_t start = MIN(offsets[0], offsets[1]), end = MAX(offsets[0], offsets[1]);
    if (found)
        *found = span_of(text.s + start, end - start);
    if (captures)
        fill_captures(regex, offsets, (size_t)pairs, text, captures);
    return REGEX_MATCH;
}
