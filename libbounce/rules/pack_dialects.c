/* SPDX-License-Identifier: MIT */
/*
 * pack_dialects.c - dialects and signs of a layer, with what they know, as flat tables; see packer.h.
 *
 * In: dialects and signs as they were parsed. Out: their tables, in the order in which they are asked.
 */
#include "rules/packer.h"
#include "rules/signs.h"

struct know *pack_knows(struct packer *p, const struct parsed_layer *from)
{
    struct know *knows = arena_calloc(p->arena, from->know_count, sizeof *knows);
    for (size_t i = 0; i < from->know_count; i++) {
        const struct parsed_know *know = &from->knows[i];
        knows[i] = (struct know){.key = (uint8_t)know->key,
                                 .also = know->also,
                                 .any = know->any,
                                 .negated = know->negated,
                                 .below = know->below,
                                 .keys = know->keys,
                                 .twin = know->twin,
                                 .header_slot = know->header_slot,
                                 .sign = know->sign_index,
                                 .header = pack_string(p, know->sign ? know->sign : know->header),
                                 .pattern = pack_pattern(p, &know->pattern)};
    }
    p->layer->knows = knows;
    p->layer->know_count = from->know_count;
    return knows;
}

/* The order in which signs are asked: those about the header first, then facts, then what is searched in texts. */
static int stage_of(const struct parsed_sign *sign)
{
    return sign->keys & KNOW_HEADER_KEYS ? 0 : sign->keys == 1 << KNOW_FACT ? 1 : 2;
}

/* Of those about the header, what speaks for a report goes first; else the heaviest does. So few are asked before
 * the answer is known. */
static int by_use(const void *a, const void *b, void *signs)
{
    const struct parsed_sign *x = (const struct parsed_sign *)signs + *(const uint32_t *)a;
    const struct parsed_sign *y = (const struct parsed_sign *)signs + *(const uint32_t *)b;
    const int stage = stage_of(x);
    return stage != stage_of(y)               ? stage - stage_of(y)
           : !stage && x->speaks != y->speaks ? y->speaks - x->speaks
           : abs(x->weight) != abs(y->weight) ? abs(y->weight) - abs(x->weight)
                                              : (x > y) - (x < y);
}

/* It holds only for mail whose header opens the gate anyway. */
static bool is_of_gate(const struct parsed_sign *sign)
{
    const struct parsed_know *know = sign->knows;
    return sign->know_count == 1 && know->key == KNOW_FACT && know->sign_index == FACT_WRITER_BY_HEADER;
}

/* Packs the signs that have a part in the sum. */
static void pack_weighed(struct packer *p, const struct parsed_layer *from)
{
    uint32_t *weighed = arena_calloc(p->arena, from->sign_count, sizeof *weighed);
    struct layer *layer = p->layer;
    for (size_t i = 0; i < from->sign_count; i++) {
        const struct parsed_sign *sign = &from->signs[i];
        const bool of_body = !(sign->keys & KNOW_HEADER_KEYS);
        layer->threshold = sign->threshold ? sign->threshold : layer->threshold;
        if (!sign->speaks)
            continue;
        weighed[layer->weighed_count++] = (uint32_t)i;
        layer->weighed_header_count += !of_body;
        layer->weighed_for_count += !of_body && sign->speaks > 0;
        layer->body_most += of_body && sign->weight > 0 && !is_of_gate(sign) ? sign->weight : 0;
    }
    g_qsort_with_data(weighed, (gint)layer->weighed_count, sizeof *weighed, by_use, from->signs);
    layer->weighed = weighed;
}

/* Their groups are made with those of the dialects. */
struct sign *pack_signs(struct packer *p, const struct parsed_layer *from)
{
    struct sign *signs = arena_calloc(p->arena, from->sign_count, sizeof *signs);
    for (size_t i = 0; i < from->sign_count; i++) {
        const struct parsed_sign *sign = &from->signs[i];
        signs[i] = (struct sign){.name = pack_string(p, sign->name),
                                 .knows = {(uint32_t)(sign->knows - from->knows), (uint32_t)sign->know_count},
                                 .keys = sign->keys,
                                 .weight = sign->weight,
                                 .speaks = sign->speaks};
        for (size_t k = 0; k < ASKED_COUNT; k++)
            if (strcmp(sign->name, signs_asked_name((enum asked_sign)k)) == 0)
                p->layer->asked_signs[k] = (uint32_t)i + 1;
    }
    p->layer->signs = signs;
    p->layer->sign_count = from->sign_count;
    pack_weighed(p, from);
    return signs;
}

struct dialect_action *pack_actions(struct packer *p, const struct parsed_layer *from)
{
    struct dialect_action *actions = arena_calloc(p->arena, from->action_count, sizeof *actions);
    for (size_t i = 0; i < from->action_count; i++) {
        const struct parsed_action *action = &from->actions[i];
        actions[i] = (struct dialect_action){
            .action = (uint8_t)action->action, .always = action->always, .pattern = pack_pattern(p, &action->pattern)};
    }
    p->layer->actions = actions;
    p->layer->action_count = from->action_count;
    return actions;
}

static struct range pack_decided(struct packer *p, const struct parsed_decided *from, size_t count)
{
    struct range range = {p->decided->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct dialect_decided to = {(uint8_t)from[i].who, from[i].always, pack_pattern(p, &from[i].pattern)};
        g_array_append_val(p->decided, to);
    }
    return range;
}

static struct range pack_commands(struct packer *p, const struct parsed_command *from, size_t count)
{
    struct range range = {p->commands->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct dialect_command to = {(uint8_t)from[i].command, pack_pattern(p, &from[i].phrase)};
        g_array_append_val(p->commands, to);
    }
    return range;
}

static struct dialect pack_dialect(struct packer *p, const struct parsed_layer *layer,
                                   const struct parsed_dialect *from)
{
    struct dialect to = {.kind = (uint8_t)from->kind, .priority = from->priority, .join = (uint8_t)from->join};
    to.own_replies = from->own_replies;
    to.certain = from->certain;
    to.is_general = g_str_has_prefix(from->id, "general"); /* doc/rules.md promises it */
    to.last = from->last;
    to.software = pack_string(p, from->software);
    to.id = pack_string(p, from->id);
    to.file = pack_string(p, from->file);
    to.charset = pack_string(p, from->charset);
    to.line = from->line;
    to.knows = (struct range){(uint32_t)(from->knows - layer->knows), (uint32_t)from->know_count};
    to.starts = pack_patterns(p, from->starts, from->start_count);
    to.stops = pack_patterns(p, from->stops, from->stop_count);
    to.originals = pack_patterns(p, from->originals, from->original_count);
    to.boilerplates = pack_patterns(p, from->boilerplates, from->boilerplate_count);
    to.blocks = pack_patterns(p, from->blocks, from->block_count);
    to.lines = pack_patterns(p, from->lines, from->line_count);
    to.actions = (struct range){(uint32_t)(from->actions - layer->actions), (uint32_t)from->action_count};
    to.decided = pack_decided(p, from->decided, from->decided_count);
    to.commands = pack_commands(p, from->commands, from->command_count);
    return to;
}

void pack_dialects(struct packer *p, const struct parsed_layer *from)
{
    struct dialect *dialects = arena_calloc(p->arena, from->dialect_count, sizeof *dialects);
    for (size_t i = 0; i < from->dialect_count; i++)
        dialects[i] = pack_dialect(p, from, &from->dialects[i]);
    p->layer->dialects = dialects;
    p->layer->dialect_count = from->dialect_count;
}
