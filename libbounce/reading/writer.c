/* SPDX-License-Identifier: MIT */
/*
 * writer.c - reads free text the way its writer's dialect says (doc/rules.md).
 *
 * In: the lines of the report. Out: the region to read, boilerplate marked,
 * one block per recipient with what the patterns captured, and what the dialect
 * says about the action and about who decided. Dialects named general-* hold
 * the vocabulary of a language; they are tried after the writer's own.
 */
#include "reading/writer.h"
#include "base/limits.h"
#include "reading/lines.h"
#include "text/header.h"

#include <string.h>

bool dialect_is_general(const struct dialect *d)
{
    return d->is_general;
}

/* The table of the dialect that wrote the mail. */
static const struct layer *layer_of(const struct reading *rd)
{
    return ruleset_layer(rd->rules, rd->dialect_layer);
}

const char *dialect_software(const struct reading *rd)
{
    return rd->dialect ? layer_string(layer_of(rd), rd->dialect->software) : NULL;
}

/* A field for `know header`, normalised. */
static const struct norm_text *know_header(void *data, struct span value)
{
    struct reading *rd = data;
    struct norm_text *t = arena_alloc(rd->scratch, sizeof *t);
    if (!text_header_is_plain(value, &value))
        value = span_z(message_decode_field(&rd->m, value));
    text_normalise(rd->scratch, value, LIMIT_SEARCHED_BYTES, t);
    return t;
}

static const struct norm_text *normalised(struct reading *rd, const char *value)
{
    if (!value)
        return NULL;
    struct norm_text *t = arena_alloc(rd->scratch, sizeof *t);
    text_normalise(rd->scratch, span_z(value), LIMIT_SEARCHED_BYTES, t);
    return t;
}

void dialect_begin(struct reading *rd)
{
    rd->type = normalised(rd, message_header(&rd->m, "Content-Type"));
    struct header_facts header = {
        .subject = normalised(rd, rd->subject),
        .from = normalised(rd, rd->from),
        .type = rd->type,
        .fields = &rd->m.header,
        .decode = know_header,
        .data = rd,
        .no_reports = !rd->use_dialects,
    };
    rd->recognition = recognition_new(rd->matcher, rd->scratch, &header);
    rd->from_system = recognition_sign(rd->recognition, ASKED_AUTOMATIC_SENDER);
    rd->report->machine = recognition_sign(rd->recognition, ASKED_MACHINE);
}

void dialect_recognise(struct reading *rd)
{
    const struct finding *fields = findings_first(rd, FINDING_FIELDS);
    struct body_facts body = {
        .text = &rd->norm,
        .reporting_mta = normalised(rd, rd->report->strings[BOUNCE_REPORT_REPORTING_MTA]),
        .diagnostic = normalised(rd, fields ? fields->diagnostic : NULL),
        .status_fields = &rd->status_group,
        .writers_only = fields != NULL,
    };
    recognition_add_body(rd->recognition, &body);
    rd->dialect = recognition_dialect(rd->recognition, &rd->dialect_layer);
}

/* An ASCII line that lacks a pair of the pattern's letters cannot match; other lines may spell them differently. */
static bool has_pairs(const struct reading *rd, const struct pattern *p, struct text_line *l)
{
    return !l->ascii || !(recognition_line_pairs(rd->recognition, rd->dialect_layer, p) & ~reading_line_pairs(l));
}

/* One of the patterns for lines, in a line. Most can match in no line, and most others not in this one. */
static bool line_match(struct reading *rd, const struct pattern *p, struct text_line *l,
                       struct match_captures *captures)
{
    return (!rd->norm_is_all || recognition_line_possible(rd->recognition, rd->dialect_layer, p)) &&
           has_pairs(rd, p, l) && match_pattern(rd->matcher, rd->dialect_layer, p, l->trimmed, NULL, captures);
}

static bool line_matches(struct reading *rd, struct range patterns, struct text_line *line)
{
    const struct pattern *first = layer_of(rd)->patterns + patterns.first;
    for (size_t i = 0; i < patterns.count; i++)
        if (line_match(rd, &first[i], line, NULL))
            return true;
    return false;
}

static bool any_possible(struct reading *rd, struct range patterns)
{
    const struct pattern *first = layer_of(rd)->patterns + patterns.first;
    for (size_t i = 0; i < patterns.count; i++)
        if (!rd->norm_is_all || recognition_line_possible(rd->recognition, rd->dialect_layer, &first[i]))
            return true;
    return false;
}

/* Cuts the returned message off, which begins after a line that one of these patterns matches. */
static void cut_original(struct reading *rd, struct range originals)
{
    if (any_possible(rd, originals))
        for (size_t i = 0; i < rd->region_last; i++)
            if (!rd->lines[i].blank && line_matches(rd, originals, &rd->lines[i]))
                rd->region_last = i;
}

/* Many reports are in two languages, one of them English: its vocabulary counts for all others. */
static void cut_originals(struct reading *rd)
{
    const struct layer *layer = layer_of(rd);
    cut_original(rd, rd->dialect->originals);
    for (size_t i = 0; rd->dialect->is_general && i < layer->dialect_count; i++) {
        const struct dialect *other = &layer->dialects[i];
        if (other->is_general && other != rd->dialect && strcmp(layer_string(layer, other->id), "general-en") == 0)
            cut_original(rd, other->originals);
    }
}

void dialect_region(struct reading *rd)
{
    rd->region_first = 0;
    rd->region_last = rd->line_count;
    const struct dialect *d = rd->dialect;
    if (!d)
        return;
    cut_originals(rd);
    if (any_possible(rd, d->starts))
        for (size_t i = 0; i < rd->region_last; i++)
            if (!rd->lines[i].blank && line_matches(rd, d->starts, &rd->lines[i])) {
                rd->region_first = i + 1;
                break;
            }
    if (any_possible(rd, d->stops))
        for (size_t i = rd->region_first; i < rd->region_last; i++)
            if (!rd->lines[i].blank && line_matches(rd, d->stops, &rd->lines[i]))
                rd->region_last = i;
    if (any_possible(rd, d->boilerplates))
        for (size_t i = 0; i < rd->region_last; i++)
            if (!rd->lines[i].blank)
                rd->lines[i].boilerplate |= line_matches(rd, d->boilerplates, &rd->lines[i]);
}

/* Keeps the first capture of each name. */
static void merge_captures(struct match_captures *to, const struct match_captures *from)
{
    const struct span *src = (const struct span *)from;
    struct span *dst = (struct span *)to;
    for (size_t i = 0; i < sizeof *to / sizeof *dst; i++)
        if (!dst[i].n)
            dst[i] = src[i];
}

static size_t indent_of(struct span line)
{
    size_t i = 0;
    while (i < line.n && (line.s[i] == ' ' || line.s[i] == '\t'))
        i++;
    return i;
}

/* The diagnostic that begins in line i, with the lines that the dialect joins to it. */
static struct span join_diagnostic(struct reading *rd, size_t i, size_t last, struct span first)
{
    if (rd->dialect->join == JOIN_NONE)
        return first;
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_add(&b, first.s, first.n);
    size_t indent = indent_of(rd->lines[i].s);
    for (size_t k = i + 1; k < last && !rd->lines[k].blank; k++) {
        if (rd->dialect->join == JOIN_INDENT && indent_of(rd->lines[k].s) <= indent)
            break;
        strbuf_putc(&b, '\n');
        strbuf_add(&b, rd->lines[k].trimmed.s, rd->lines[k].trimmed.n);
    }
    return span_of(b.s, b.n);
}

/* Tries the dialect's `line` patterns on the lines of a block. */
static void read_lines(struct reading *rd, struct block *b, size_t first, size_t last)
{
    const struct range range = rd->dialect->lines;
    const struct pattern *patterns = layer_of(rd)->patterns + range.first;
    for (size_t i = first; i < last; i++) {
        if (rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        for (size_t p = 0; p < range.count; p++) {
            struct match_captures c = {0};
            if (!line_match(rd, &patterns[p], &rd->lines[i], &c))
                continue;
            if (c.diagnostic.n && !b->diagnostic.n)
                b->diagnostic = join_diagnostic(rd, i, last, c.diagnostic);
            merge_captures(&b->captures, &c);
        }
    }
}

static char *clean_address(struct reading *rd, struct span s)
{
    s = span_trim(s);
    while (s.n && strchr("<\"'(", s.s[0]))
        s.s++, s.n--;
    while (s.n && strchr(">\"'):;,", s.s[s.n - 1]))
        s.n--;
    return s.n ? arena_strndup(&rd->report->arena, s.s, s.n) : NULL;
}

/* One of the dialect's `block` patterns, in a line. */
static bool begins_block(struct reading *rd, struct text_line *line, struct match_captures *captures)
{
    const struct range range = rd->dialect->blocks;
    const struct pattern *patterns = layer_of(rd)->patterns + range.first;
    for (size_t p = 0; p < range.count; p++)
        if (line_match(rd, &patterns[p], line, captures))
            return true;
    return false;
}

struct blocks {
    struct block *list;
    size_t count, capacity;
};

/* A block that begins in line i. */
static void add_block(struct reading *rd, struct blocks *blocks, size_t i, const struct match_captures *captures)
{
    blocks->list = arena_grow(rd->scratch, blocks->list, blocks->count, &blocks->capacity, sizeof *blocks->list);
    struct block *b = &blocks->list[blocks->count++];
    *b = (struct block){.first = i, .body = i + 1, .last = rd->region_last, .captures = *captures};
    b->address = clean_address(rd, captures->address);
    if (captures->diagnostic.n)
        b->diagnostic = join_diagnostic(rd, i, rd->region_last, captures->diagnostic);
    if (blocks->count > 1)
        b[-1].last = i;
}

size_t dialect_blocks(struct reading *rd, struct block **blocks)
{
    const struct dialect *d = rd->dialect;
    struct blocks found = {.list = NULL};
    if (d && d->blocks.count && !dialect_is_general(d))
        for (size_t i = rd->region_first; i < rd->region_last && found.count < LIMIT_RECIPIENTS; i++) {
            struct match_captures c = {0};
            if (!rd->lines[i].blank && begins_block(rd, &rd->lines[i], &c))
                add_block(rd, &found, i, &c);
        }
    if (found.count)
        dialect_captures(rd, found.list, found.count);
    *blocks = found.list;
    return found.count;
}

/* What is captured before all blocks belongs to each of them. */
void dialect_captures(struct reading *rd, struct block *blocks, size_t count)
{
    if (!rd->dialect || !any_possible(rd, rd->dialect->lines))
        return;
    size_t front = count ? blocks[0].first : rd->region_last;
    struct block common = {0};
    read_lines(rd, &common, rd->region_first, front);
    for (size_t i = 0; i < count; i++) {
        struct block *b = &blocks[i];
        read_lines(rd, b, b->first, b->last);
        if (!b->address && b->captures.address.n)
            b->address = clean_address(rd, b->captures.address);
        if (!b->diagnostic.n)
            b->diagnostic = common.diagnostic;
        merge_captures(&b->captures, &common.captures);
    }
}

static bool action_in_text(struct reading *rd, const struct dialect_action *action, size_t layer)
{
    const struct pattern *p = &action->pattern;
    if (!recognition_action_possible(rd->recognition, layer, action, KNOW_BODY))
        return false;
    return p->is_row
               ? recognition_row_matches(rd->recognition, layer, p, KNOW_BODY)
               : match_pattern(rd->matcher, layer, p, span_of(rd->norm.text, rd->norm.length), rd->norm.folded, NULL);
}

static bool action_in_subject(struct reading *rd, const struct dialect_action *action, size_t layer)
{
    const struct pattern *p = &action->pattern;
    if (!rd->subject || !recognition_action_possible(rd->recognition, layer, action, KNOW_SUBJECT))
        return false;
    return p->is_row ? recognition_row_matches(rd->recognition, layer, p, KNOW_SUBJECT)
                     : match_pattern(rd->matcher, layer, p, span_z(rd->subject), NULL, NULL);
}

/* Asks the writer's dialect, then each general one. */
static bounce_action action_of(struct reading *rd, const struct dialect *d, size_t layer, bool always)
{
    const struct dialect_action *actions = ruleset_layer(rd->rules, layer)->actions;
    size_t end = d->actions.first + d->actions.count;
    for (size_t i = d->actions.first; (i = recognition_next_action(rd->recognition, layer, i, end)) < end; i++) {
        if (actions[i].always) {
            if (always)
                return actions[i].action;
            continue;
        }
        if (action_in_text(rd, &actions[i], layer) || action_in_subject(rd, &actions[i], layer))
            return actions[i].action;
    }
    return BOUNCE_ACTION_UNKNOWN;
}

static bounce_action ask_action(struct reading *rd)
{
    bounce_action action = BOUNCE_ACTION_UNKNOWN;
    if (rd->dialect)
        action = action_of(rd, rd->dialect, rd->dialect_layer, true);
    const bounce_rules *rules = rd->rules;
    for (size_t l = ruleset_layers(rules); !action && l-- > 0;) {
        const struct layer *layer = ruleset_layer(rules, l);
        for (size_t i = 0; !action && i < layer->dialect_count; i++)
            if (dialect_is_general(&layer->dialects[i]) && !ruleset_dialect_off(rules, l, i))
                action = action_of(rd, &layer->dialects[i], l, false);
    }
    return action;
}

bounce_action dialect_action(struct reading *rd)
{
    if (!rd->action_asked)
        rd->action = ask_action(rd);
    rd->action_asked = true;
    return rd->action;
}

/* In the recipient's own texts; if it has none, in all of the report. */
static bool recipient_matches(struct reading *rd, const struct facts *to, const struct pattern *p)
{
    for (const struct fact_text *t = to->texts; t; t = t->next)
        if (match_pattern(rd->matcher, rd->dialect_layer, p, t->raw, NULL, NULL))
            return true;
    return !to->texts && match_pattern(rd->matcher, rd->dialect_layer, p, span_of(rd->norm.text, rd->norm.length),
                                       rd->norm.folded, NULL);
}

bounce_decided_by dialect_decided(struct reading *rd, const struct facts *to)
{
    const struct dialect *d = rd->dialect;
    const struct dialect_decided *decided = d ? layer_of(rd)->decided + d->decided.first : NULL;
    for (size_t i = 0; d && i < d->decided.count; i++)
        if (decided[i].always || recipient_matches(rd, to, &decided[i].pattern))
            return decided[i].who;
    return BOUNCE_DECIDED_BY_NOBODY;
}

/* ... looked up once. */
static bounce_command text_command(struct reading *rd, struct read_text *t)
{
    if (!t->command_looked_up)
        t->command = dialect_command(rd, t->raw);
    t->command_looked_up = true;
    return t->command;
}

void dialect_complete(struct reading *rd)
{
    if (!rd->dialect || !rd->dialect->commands.count)
        return;
    for (size_t i = 0; i < rd->findings.count; i++) {
        struct finding *f = &rd->findings.list[i];
        if (f->text && !f->command && (f->is_reply || f->kind == FINDING_FIELDS))
            f->command = text_command(rd, f->text);
    }
}

bounce_command dialect_command(struct reading *rd, struct span text)
{
    const struct dialect *d = rd->dialect;
    const struct dialect_command *commands = d ? layer_of(rd)->commands + d->commands.first : NULL;
    for (size_t i = 0; d && i < d->commands.count; i++)
        if (match_pattern(rd->matcher, rd->dialect_layer, &commands[i].phrase, text, NULL, NULL))
            return commands[i].command;
    return BOUNCE_COMMAND_NONE;
}
