/* SPDX-License-Identifier: MIT */
/*
 * embed_tables.c - the C code of rules and dialects.
 *
 * What comes in: a layer. What goes out: one table of C for each of its arrays.
 * An item is written as its members in order, so a change in match/tables.h is a
 * change here, too; the unit tests compare the tables with those of the files.
 */
#include "rules/embed_tables.h"
#include "mail/fields.h"
#include "match/tables.h"
#include "rules/embed_text.h"
#include "smtp/reasons.h"

/* --------------------------------------------------------------- patterns */

static void put_pattern(FILE *out, const struct pattern *p)
{
    fprintf(out, "{%u, %u, %u, %u, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d}", (unsigned)p->text, (unsigned)p->more,
            p->length, p->segment_count, p->is_regex, p->is_row, p->open_end, p->indexed, p->open_start, p->whole_words,
            p->at_start, p->at_end, p->is_near, p->masked, p->token);
}

static void put_range(FILE *out, const struct range *r)
{
    fprintf(out, ", {%u, %u}", (unsigned)r->first, (unsigned)r->count);
}

static void put_patterns(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct pattern", "patterns");
    for (size_t i = 0; i < layer->pattern_count; i++) {
        put_pattern(out, &layer->patterns[i]);
        fputs(",\n", out);
    }
    end_table(out);
}

static void put_segments(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct segment", "segments");
    for (size_t i = 0; i < layer->segment_count; i++)
        fprintf(out, "{%u, %u},\n", (unsigned)layer->segments[i].text, (unsigned)layer->segments[i].length);
    end_table(out);
}

static void put_row_elements(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct row_element", "elements");
    for (size_t i = 0; i < layer->row_element_count; i++) {
        const struct row_element *e = &layer->row_elements[i];
        fprintf(out, "{%u, %u, %u, %u, %u, %d, %d, %d, %d},\n", (unsigned)e->what, (unsigned)e->barrier,
                (unsigned)e->slot, e->length, e->link, e->is_class, e->optional, e->open_start, e->open_end);
    }
    end_table(out);
}

/* ---------------------------------------------------------------- classes */

static void put_class(FILE *out, const struct word_class *c)
{
    fprintf(out, "{%u, {%u, %u}, {%u, %u}, {", (unsigned)c->name, (unsigned)c->members.first,
            (unsigned)c->members.count, (unsigned)c->phrases.first, (unsigned)c->phrases.count);
    for (size_t i = 0; i < COUNT(c->first); i++)
        fprintf(out, "UINT64_C(0x%llx), ", (unsigned long long)c->first[i]);
    fprintf(out, "}, %u, %u, %d},\n", (unsigned)c->language, c->marks, c->by_heads);
}

static void put_classes(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct word_class", "classes");
    for (size_t i = 0; i < layer->class_count; i++)
        put_class(out, &layer->classes[i]);
    end_table(out);
    begin_table(out, "struct class_member", "class_members");
    for (size_t i = 0; i < layer->class_member_count; i++) {
        const struct class_member *m = &layer->class_members[i];
        fprintf(out, "{UINT64_C(0x%llx), %u, %u, %u, %d, %d},\n", (unsigned long long)m->head, (unsigned)m->text,
                (unsigned)m->shorter, m->length, m->open_start, m->open_end);
    }
    end_table(out);
    begin_table(out, "struct class_phrase", "class_phrases");
    for (size_t i = 0; i < layer->class_phrase_count; i++)
        fprintf(out, "{%u, %u, %u},\n", (unsigned)layer->class_phrases[i].rank,
                (unsigned)layer->class_phrases[i].number, (unsigned)layer->class_phrases[i].slot);
    end_table(out);
}

static void put_heads(FILE *out, const struct word_heads *heads, const char *name)
{
    begin_table(out, "struct word_head", table_name(name, "items"));
    for (size_t i = 0; i <= heads->count; i++)
        fprintf(out, "{%u, %u},\n", (unsigned)heads->items[i].bytes, (unsigned)heads->items[i].first);
    end_table(out);
    begin_table(out, "struct head_block", table_name(name, "blocks"));
    for (size_t i = 0; i < heads->block_count; i++)
        fprintf(out, "{UINT64_C(0x%llx), %u},\n", (unsigned long long)heads->blocks[i].bits,
                (unsigned)heads->blocks[i].word);
    end_table(out);
    put_numbers(out, table_name(name, "buckets"), heads->buckets, ((size_t)1 << heads->bucket_bits) + 1);
}

/* ------------------------------------------------------------------ rules */

static void put_scopes(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct scope", "scopes");
    for (size_t i = 0; i < layer->scope_count; i++) {
        const struct scope *s = &layer->scopes[i];
        fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, 0},\n", (unsigned)s->hosts, (unsigned)s->softwares,
                (unsigned)s->langs, (unsigned)s->codes, (unsigned)s->statuses, s->commands, s->origins);
    }
    end_table(out);
}

static void put_rules(FILE *out, const struct layer *layer)
{
    fputs("static const struct rule_table rules = {&bounce_builtin_layer, {\n", out);
    for (size_t i = 0; i < layer->rule_count; i++) {
        const struct bounce_rule *r = &layer->rules[i];
        fprintf(out, "{%u, %u, %u, 0, %u, %u, %u, %u, %u, %u, %u, %u, %u},\n", r->tier, r->reason, r->cause,
                (unsigned)r->scope, (unsigned)r->rank, (unsigned)r->first_owner, (unsigned)r->first_unless,
                (unsigned)r->first_pattern, (unsigned)r->pattern_count, (unsigned)r->unless_count,
                (unsigned)r->unsure_unless, (unsigned)r->id);
    }
    fputs("{0}}};\n\n", out);
}

static void put_abouts(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct rule_about", "abouts");
    for (size_t i = 0; i < layer->rule_count; i++) {
        const struct rule_about *r = &layer->abouts[i];
        fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, %u, %d, %u},\n", (unsigned)r->file, (unsigned)r->why,
                (unsigned)r->tag, (unsigned)r->line, (unsigned)r->needs, (unsigned)r->examples, (unsigned)r->nears,
                (unsigned)r->implies, (int)r->priority, (unsigned)r->last);
    }
    end_table(out);
}

static void put_pairs(FILE *out, const struct place_pair *pairs, size_t count, const char *name)
{
    begin_table(out, "struct place_pair", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "{%u, %u},\n", (unsigned)pairs[i].winner, (unsigned)pairs[i].loser);
    end_table(out);
}

static void put_owners(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct rule_owner", "owners");
    for (size_t i = 0; i < layer->owner_count; i++)
        fprintf(out, "{%u, %u, %u, %u},\n", (unsigned)layer->owners[i].rank, (unsigned)layer->owners[i].number,
                (unsigned)layer->owners[i].flags, (unsigned)layer->owners[i].slot);
    end_table(out);
}

/* --------------------------------------------------------------- dialects */

static void put_knows(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct know", "knows");
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct know *k = &layer->knows[i];
        fprintf(out, "{%u, %d, %d, %d, %d, %d, %u, %u, %u, %u, %u, ", k->key, k->also, k->any, k->negated, k->below,
                k->indexed, k->keys, (unsigned)k->twin, (unsigned)k->header_slot, (unsigned)k->sign,
                (unsigned)k->header);
        put_pattern(out, &k->pattern);
        fputs("},\n", out);
    }
    end_table(out);
}

static void put_signs(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct sign", "signs");
    for (size_t i = 0; i < layer->sign_count; i++) {
        const struct sign *s = &layer->signs[i];
        fprintf(out, "{%u", (unsigned)s->name);
        put_range(out, &s->knows);
        put_range(out, &s->groups);
        fprintf(out, ", %u, %d, %d},\n", s->keys, s->weight, s->speaks);
    }
    end_table(out);
    put_numbers(out, "weighed", layer->weighed, layer->weighed_count);
    put_bits(out, "header_for_groups", layer->header_for_groups, layer->sign_groups.group_count / 64 + 1);
}

static void put_groups(FILE *out, const struct know_groups *g, const char *name)
{
    begin_table(out, "struct know_group", table_name(name, "groups"));
    for (size_t i = 0; i < g->group_count; i++)
        fprintf(out, "{%u, %u, %u},\n", (unsigned)g->groups[i].first, (unsigned)g->groups[i].count,
                (unsigned)g->groups[i].owner);
    end_table(out);
    put_numbers(out, table_name(name, "conditions"), g->conditions, g->condition_count);
    put_numbers(out, table_name(name, "first"), g->first, g->trigger_count + 1);
    put_numbers(out, table_name(name, "triggered"), g->triggered, g->first[g->trigger_count]);
}

static void put_dialect_indexes(FILE *out, const struct layer *layer)
{
    put_groups(out, &layer->groups, "groups");
    put_groups(out, &layer->sign_groups, "sign_groups");
    put_groups(out, &layer->header_groups, "header_groups");
    put_numbers(out, "header_names", layer->header_names, layer->header_count);
    put_numbers(out, "header_heads", layer->header_heads, FIELD_NAME_BITS);
    put_numbers(out, "header_next", layer->header_next, layer->header_count);
    put_numbers(out, "header_searched", layer->header_searched, layer->header_count);
    put_bits(out, "unsure_actions", layer->unsure_actions, layer->action_count / 64 + 1);
    put_bits(out, "unsure_patterns", layer->unsure_patterns,
             (layer->pattern_count - layer->first_line_pattern) / 64 + 1);
    put_bits(out, "line_pairs", layer->line_pairs, layer->pattern_count - layer->first_line_pattern + 1);
}

static void put_actions(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct dialect_action", "actions");
    for (size_t i = 0; i < layer->action_count; i++) {
        const struct dialect_action *action = &layer->actions[i];
        fprintf(out, "{%u, %d, %d, ", action->action, action->always, action->indexed);
        put_pattern(out, &action->pattern);
        fputs("},\n", out);
    }
    end_table(out);
}

static void put_decided(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct dialect_decided", "decided");
    for (size_t i = 0; i < layer->decided_count; i++) {
        fprintf(out, "{%u, %d, ", layer->decided[i].who, layer->decided[i].always);
        put_pattern(out, &layer->decided[i].pattern);
        fputs("},\n", out);
    }
    end_table(out);
}

static void put_commands(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct dialect_command", "commands");
    for (size_t i = 0; i < layer->command_count; i++) {
        fprintf(out, "{%u, ", layer->commands[i].command);
        put_pattern(out, &layer->commands[i].phrase);
        fputs("},\n", out);
    }
    end_table(out);
}

static void put_dialects(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct dialect", "dialects");
    for (size_t i = 0; i < layer->dialect_count; i++) {
        const struct dialect *d = &layer->dialects[i];
        const struct range *lists[] = {&d->starts, &d->stops,   &d->originals, &d->boilerplates, &d->blocks,
                                       &d->lines,  &d->actions, &d->decided,   &d->commands};
        fprintf(out, "{%u, %d, %u, %u, %d, %d, %d, %u", d->kind, d->priority, d->join, d->last, d->is_general,
                d->own_replies, d->certain, (unsigned)d->software);
        put_range(out, &d->knows);
        fprintf(out, ", %u, %u, %u, %u", (unsigned)d->id, (unsigned)d->file, (unsigned)d->charset, (unsigned)d->line);
        for (size_t k = 0; k < COUNT(lists); k++)
            put_range(out, lists[k]);
        fputs("},\n", out);
    }
    end_table(out);
}

/* ------------------------------------------------------------------ words */

static void put_words(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct listed_word", "words");
    for (size_t i = 0; i < layer->word_count; i++)
        fprintf(out, "{0x%llxu, %u, %u},\n", (unsigned long long)layer->words[i].pairs, (unsigned)layer->words[i].text,
                (unsigned)layer->words[i].length);
    end_table(out);
    begin_table(out, "struct range", "word_lists");
    for (size_t i = 0; i < WORDS_COUNT; i++)
        fprintf(out, "{%u, %u},\n", (unsigned)layer->word_lists[i].first, (unsigned)layer->word_lists[i].count);
    end_table(out);
}

void put_layer_tables(FILE *out, const struct layer *layer)
{
    put_texts(out, "strings", layer->strings, layer->string_bytes);
    put_numbers(out, "lists", layer->lists, layer->list_count);
    put_numbers(out, "regex_also", layer->regex_also, layer->regex_count);
    put_patterns(out, layer);
    put_segments(out, layer);
    put_row_elements(out, layer);
    put_classes(out, layer);
    put_heads(out, &layer->rule_heads, "rule_heads");
    put_heads(out, &layer->dialect_heads, "dialect_heads");
    put_scopes(out, layer);
    put_owners(out, layer);
    put_rules(out, layer);
    put_abouts(out, layer);
    put_pairs(out, layer->pairs, layer->pair_count, "pairs");
    put_pairs(out, layer->dialect_pairs, layer->dialect_pair_count, "dialect_pairs");
    put_numbers(out, "reason_places", layer->reason_places, REASON_COUNT);
    put_knows(out, layer);
    put_signs(out, layer);
    put_actions(out, layer);
    put_decided(out, layer);
    put_commands(out, layer);
    put_dialects(out, layer);
    put_dialect_indexes(out, layer);
    put_words(out, layer);
}
