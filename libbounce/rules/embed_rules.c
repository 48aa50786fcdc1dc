/* SPDX-License-Identifier: MIT */
/*
 * embed_rules.c - data/patterns/ to a C file; runs when libbounce is built.
 *
 * usage: embed_rules OUTPUT FILE...
 *
 * What comes in: rule files, in any order (they are read in byte order of
 * their names), and the file VERSION beside the first of them. What goes out:
 * `const struct layer bounce_builtin_layer`, whose tables are numbers and texts,
 * literal index included. Refused: files with errors; all are listed, and it
 * exits with 1.
 */
#include "base/literals.h"
#include "mail/fields.h"
#include "rules/layer.h"
#include "smtp/reply_words.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ texts */

static void put_string(FILE *out, const char *s)
{
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\' || *s == '?' || (unsigned char)*s < ' ' || (unsigned char)*s > '~')
            fprintf(out, "\\%03o", (unsigned char)*s); /* always three digits: no digit can join it */
        else
            fputc(*s, out);
    }
    fputc('"', out);
}

/* Strings that stand one behind the other, each with its NUL. */
static void put_texts(FILE *out, const char *name, const char *texts, size_t bytes)
{
    fprintf(out, "static const char %s[] =\n\"\"\n", name);
    for (size_t at = 0; at < bytes; at += strlen(texts + at) + 1) {
        put_string(out, texts + at);
        fputs(" \"\\0\"\n", out);
    }
    fputs(";\n\n", out);
}

/* ----------------------------------------------------------------- tables */

/* Each table ends in an item that is all 0: none may be empty in C. */
static void begin_table(FILE *out, const char *type, const char *name)
{
    fprintf(out, "static const %s %s[] = {\n", type, name);
}

static void end_table(FILE *out)
{
    fputs("{0}};\n\n", out);
}

static void put_numbers(FILE *out, const char *name, const uint32_t *numbers, size_t count)
{
    fprintf(out, "static const uint32_t %s[] = {", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n", (unsigned)numbers[i]);
    fputs(" 0};\n\n", out);
}

static void put_bits(FILE *out, const char *name, const uint64_t *words, size_t count)
{
    fprintf(out, "static const uint64_t %s[] = {", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s0x%llxu,", i % 8 ? " " : "\n", (unsigned long long)words[i]);
    fputs("};\n\n", out);
}

/* The name of one of the tables of an index; valid until the next call but one. */
static const char *table_name(const char *index, const char *table)
{
    static char names[2][64];
    static unsigned next;
    char *name = names[next++ % 2];
    g_snprintf(name, sizeof names[0], "%s_%s", index, table);
    return name;
}

/* The C code of one item of a struct: its members in order. */
static void put_pattern(FILE *out, const struct pattern *p)
{
    fprintf(out, "{%u, %u, %u, %u, %d, %d, %d}", (unsigned)p->text, (unsigned)p->more, p->length, p->segment_count,
            p->is_regex, p->open_end, p->indexed);
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
    begin_table(out, "struct segment", "segments");
    for (size_t i = 0; i < layer->segment_count; i++)
        fprintf(out, "{%u, %u},\n", (unsigned)layer->segments[i].text, (unsigned)layer->segments[i].length);
    end_table(out);
}

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
        fprintf(out, "{%u, %d, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u},\n", r->tier, r->priority, r->reason,
                r->cause, (unsigned)r->scope, (unsigned)r->rank, (unsigned)r->first_owner, (unsigned)r->first_unless,
                (unsigned)r->first_pattern, (unsigned)r->pattern_count, (unsigned)r->unless_count,
                (unsigned)r->unsure_unless, (unsigned)r->id);
    }
    fputs("{0}}};\n\n", out);
    begin_table(out, "struct rule_about", "abouts");
    for (size_t i = 0; i < layer->rule_count; i++) {
        const struct rule_about *r = &layer->abouts[i];
        fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, %u, %u},\n", (unsigned)r->file, (unsigned)r->why, (unsigned)r->tag,
                (unsigned)r->line, (unsigned)r->needs, (unsigned)r->examples, (unsigned)r->nears, (unsigned)r->implies,
                (unsigned)r->literal_length);
    }
    end_table(out);
}

/* --------------------------------------------------------------- dialects */

static void put_knows(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct know", "knows");
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct know *k = &layer->knows[i];
        fprintf(out, "{%u, %d, %d, %d, %u, %u, %u, ", k->key, k->also, k->any, k->indexed, (unsigned)k->twin,
                (unsigned)k->header_slot, (unsigned)k->header);
        put_pattern(out, &k->pattern);
        fputs("},\n", out);
    }
    end_table(out);
}

static void put_groups(FILE *out, const struct know_groups *g, const char *name)
{
    begin_table(out, "struct know_group", table_name(name, "groups"));
    for (size_t i = 0; i < g->group_count; i++)
        fprintf(out, "{%u, %u, %u},\n", (unsigned)g->groups[i].first, (unsigned)g->groups[i].count,
                (unsigned)g->groups[i].dialect);
    end_table(out);
    put_numbers(out, table_name(name, "conditions"), g->conditions, g->condition_count);
    put_numbers(out, table_name(name, "first"), g->first, g->trigger_count + 1);
    put_numbers(out, table_name(name, "triggered"), g->triggered, g->group_count);
}

static void put_groups_member(FILE *out, const struct know_groups *g, const char *name)
{
    fprintf(out, " .%s = {.groups = %s_groups, .conditions = %s_conditions, .first = %s_first,\n", name, name, name,
            name);
    fprintf(out, "  .triggered = %s_triggered, .group_count = %zu, .condition_count = %zu, .trigger_count = %zu},\n",
            name, g->group_count, g->condition_count, g->trigger_count);
}

static void put_dialect_indexes(FILE *out, const struct layer *layer)
{
    put_groups(out, &layer->groups, "groups");
    put_groups(out, &layer->signs, "signs");
    put_numbers(out, "header_names", layer->header_names, layer->header_count);
    put_numbers(out, "header_heads", layer->header_heads, FIELD_NAME_BITS);
    put_numbers(out, "header_next", layer->header_next, layer->header_count);
    put_numbers(out, "header_searched", layer->header_searched, layer->header_count);
    put_bits(out, "unsure_actions", layer->unsure_actions, layer->action_count / 64 + 1);
    put_bits(out, "unsure_patterns", layer->unsure_patterns,
             (layer->pattern_count - layer->first_line_pattern) / 64 + 1);
}

static void put_small_tables(FILE *out, const struct layer *layer)
{
    begin_table(out, "struct dialect_action", "actions");
    for (size_t i = 0; i < layer->action_count; i++) {
        const struct dialect_action *action = &layer->actions[i];
        fprintf(out, "{%u, %d, %d, ", action->action, action->always, action->indexed);
        put_pattern(out, &action->pattern);
        fputs("},\n", out);
    }
    end_table(out);
    begin_table(out, "struct dialect_decided", "decided");
    for (size_t i = 0; i < layer->decided_count; i++) {
        fprintf(out, "{%u, %d, ", layer->decided[i].who, layer->decided[i].always);
        put_pattern(out, &layer->decided[i].pattern);
        fputs("},\n", out);
    }
    end_table(out);
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
        fprintf(out, "{%u, %d, %u, %d, %u", d->kind, d->priority, d->join, d->is_general, (unsigned)d->software);
        put_range(out, &d->knows);
        fprintf(out, ", %u, %u, %u, %u", (unsigned)d->id, (unsigned)d->file, (unsigned)d->charset, (unsigned)d->line);
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
            put_range(out, lists[k]);
        fputs("},\n", out);
    }
    end_table(out);
}

/* --------------------------------------------------------------- literals */

static size_t bytes_of_texts(const struct literals *l)
{
    const struct literal *last = l->count ? &l->items[l->count - 1] : NULL;
    return last ? (size_t)last->text + last->length + 1 : 0;
}

static void put_literal_table(FILE *out, const struct literal_table *t, const char *name, size_t kind)
{
    char which[24];
    g_snprintf(which, sizeof which, "entries%zu", kind);
    begin_table(out, "struct literal_entry", table_name(name, which));
    for (size_t i = 0; i < t->count; i++)
        fprintf(out, "{UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "), %u, %u, %u},\n", t->entries[i].window,
                t->entries[i].tail, (unsigned)t->entries[i].literal, t->entries[i].at, t->entries[i].length);
    end_table(out);
    g_snprintf(which, sizeof which, "buckets%zu", kind);
    put_numbers(out, table_name(name, which), t->buckets, ((size_t)1 << t->bucket_bits) + 1);
}

static void put_bitmap(FILE *out, const struct literal_bitmap *bitmap, const char *name, const char *which)
{
    put_bits(out, table_name(name, which), bitmap->words, (size_t)1 << (bitmap->bits - 6));
}

static void put_literal_tables(FILE *out, const struct literals *l, const char *name)
{
    put_texts(out, table_name(name, "texts"), l->texts, bytes_of_texts(l));
    begin_table(out, "struct literal", table_name(name, "items"));
    for (size_t i = 0; i < l->count; i++)
        fprintf(out, "{%u, %u, %u, %u},\n", (unsigned)l->items[i].text, (unsigned)l->items[i].first_owner,
                (unsigned)l->items[i].length, (unsigned)l->items[i].owner_count);
    end_table(out);
    put_numbers(out, table_name(name, "owners"), l->owners, l->owner_count);
    put_numbers(out, table_name(name, "pairs"), l->pairs, l->pair_count);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        put_literal_table(out, &l->tables[kind], name, kind);
    put_bitmap(out, &l->places, name, "places");
    put_bitmap(out, &l->windows, name, "windows");
    put_bitmap(out, &l->others, name, "others");
    put_bitmap(out, &l->shorts, name, "shorts");
}

static void put_bitmap_member(FILE *out, const struct literal_bitmap *bitmap, const char *name, const char *which)
{
    fprintf(out, " .%s = {%s_%s, %u},\n", which, name, which, (unsigned)bitmap->bits);
}

static void put_literals(FILE *out, const struct literals *l, const char *name, const char *linkage)
{
    put_literal_tables(out, l, name);
    fprintf(out, "%sconst struct literals %s = {\n", linkage, name);
    fprintf(out, " .texts = %s_texts, .items = %s_items, .owners = %s_owners, .pairs = %s_pairs,\n", name, name, name,
            name);
    fputs(" .tables = {\n", out);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        fprintf(out, "  {%s_entries%zu, %s_buckets%zu, %u, %u},\n", name, kind, name, kind,
                (unsigned)l->tables[kind].count, (unsigned)l->tables[kind].bucket_bits);
    fputs(" },\n", out);
    put_bitmap_member(out, &l->places, name, "places");
    put_bitmap_member(out, &l->windows, name, "windows");
    put_bitmap_member(out, &l->others, name, "others");
    put_bitmap_member(out, &l->shorts, name, "shorts");
    fprintf(out, " .count = %u, .owner_count = %u, .pair_count = %u};\n\n", (unsigned)l->count,
            (unsigned)l->owner_count, (unsigned)l->pair_count);
}

/* The index of the words that smtp/reply.c looks for: they need no rule file. */
static void put_reply_words(FILE *out)
{
    struct literal_source sources[REPLY_WORDS_MAX];
    struct arena arena;
    size_t count = 0;
    for (uint32_t w = 0; w < reply_word_count; w++)
        if (reply_words[w].text[1])
            sources[count++] = (struct literal_source){&reply_words[w].text, 1, w};
    arena_init(&arena);
    put_literals(out, literals_build(&arena, sources, count, span_z(NULL)), "reply_word_literals", "");
    arena_free(&arena);
}

/* ------------------------------------------------------------------ layer */

static void put_tables(FILE *out, const struct layer *layer)
{
    fputs("/* Made by embed_rules from data/patterns. Do not edit. */\n"
          "#include \"base/literals.h\"\n#include \"smtp/reply_words.h\"\n#include \"match/ruleset.h\"\n\n",
          out);
    put_texts(out, "strings", layer->strings, layer->string_bytes);
    put_numbers(out, "lists", layer->lists, layer->list_count);
    begin_table(out, "struct rule_owner", "owners");
    for (size_t i = 0; i < layer->owner_count; i++)
        fprintf(out, "{%u, %u, %u},\n", (unsigned)layer->owners[i].rank, (unsigned)layer->owners[i].number,
                (unsigned)layer->owners[i].flags);
    end_table(out);
    put_numbers(out, "regex_also", layer->regex_also, layer->regex_count);
    put_patterns(out, layer);
    put_scopes(out, layer);
    put_rules(out, layer);
    put_knows(out, layer);
    put_small_tables(out, layer);
    put_dialects(out, layer);
    put_dialect_indexes(out, layer);
    put_literals(out, layer->literals, "rule_literals", "static ");
    put_literals(out, layer->head_literals, "head_literals", "static ");
    put_literals(out, layer->body_literals, "body_literals", "static ");
}

static void put_count(FILE *out, const char *name, size_t count)
{
    fprintf(out, " .%s_count = %zu,", name, count);
}

static void put_layer(FILE *out, const struct layer *layer, const char *version)
{
    fputs("const struct layer bounce_builtin_layer = {\n"
          " .strings = strings, .lists = lists, .segments = segments, .patterns = patterns, .scopes = scopes,\n"
          " .rules = rules.rules, .abouts = abouts, .dialects = dialects, .literals = &rule_literals,\n"
          " .owners = owners, .regex_also = regex_also, .knows = knows, .actions = actions, .decided = decided,\n"
          " .commands = commands, .head_literals = &head_literals, .body_literals = &body_literals,\n"
          " .header_names = header_names, .header_heads = header_heads, .header_next = header_next,\n"
          " .header_searched = header_searched,\n"
          " .unsure_patterns = unsure_patterns, .unsure_actions = unsure_actions,\n",
          out);
    put_groups_member(out, &layer->groups, "groups");
    put_groups_member(out, &layer->signs, "signs");
    fprintf(out, " .first_line_pattern = %zu,", layer->first_line_pattern);
    fprintf(out, " .string_bytes = %zu,", layer->string_bytes);
    put_count(out, "list", layer->list_count);
    put_count(out, "segment", layer->segment_count);
    put_count(out, "pattern", layer->pattern_count);
    put_count(out, "scope", layer->scope_count);
    put_count(out, "rule", layer->rule_count);
    put_count(out, "dialect", layer->dialect_count);
    put_count(out, "owner", layer->owner_count);
    put_count(out, "regex", layer->regex_count);
    put_count(out, "know", layer->know_count);
    put_count(out, "action", layer->action_count);
    put_count(out, "decided", layer->decided_count);
    put_count(out, "command", layer->command_count);
    put_count(out, "header", layer->header_count);
    fputs("\n .digest = ", out);
    put_string(out, layer->digest);
    fputs(", .version = ", out);
    put_string(out, version);
    fputs(",\n .label = ", out);
    put_string(out, version);
    fputs(" \"+sha256:\" ", out);
    put_string(out, layer->digest);
    fputs("};\n", out);
}

/* ------------------------------------------------------------------ main */

static int compare_names(const void *left, const void *right)
{
    char *a = g_path_get_basename(*(char *const *)left), *b = g_path_get_basename(*(char *const *)right);
    int order = strcmp(a, b);
    g_free(a);
    g_free(b);
    return order;
}

/* One word, in the file VERSION beside the rule files. */
static char *read_version(const char *rule_file)
{
    char *folder = g_path_get_dirname(rule_file), *path = g_build_filename(folder, "VERSION", NULL), *version = NULL;
    if (!g_file_get_contents(path, &version, NULL, NULL) || !*g_strstrip(version)) {
        fprintf(stderr, "%s: holds no version\n", path);
        g_clear_pointer(&version, g_free);
    }
    g_free(folder);
    g_free(path);
    return version;
}

static bool write_file(const char *path, const struct layer *layer, const char *version)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return false;
    }
    put_tables(out, layer);
    put_reply_words(out);
    put_layer(out, layer, version);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    if (failed) {
        fprintf(stderr, "%s: cannot be written\n", path);
        remove(path);
    }
    return !failed;
}

static bool embed(const char *output, char **files, size_t count)
{
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    qsort(files, count, sizeof *files, compare_names);
    for (size_t i = 0; i < count; i++)
        rulefile_load(&entries, files[i]);
    char *version = count ? read_version(files[0]) : g_strdup("0");
    const struct layer *layer = rulelayer_build(&entries, NULL, &arena);
    for (size_t i = 0; i < entries.error_count; i++)
        fprintf(stderr, "%s:%u:%u: %s\n", entries.errors[i].path, (unsigned)entries.errors[i].line,
                (unsigned)entries.errors[i].column, entries.errors[i].message);
    bool good = layer && version && write_file(output, layer, version);
    g_free(version);
    arena_free(&arena);
    return good;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: embed_rules OUTPUT FILE...\n", stderr);
        return 2;
    }
    return embed(argv[1], argv + 2, (size_t)argc - 2) ? 0 : 1;
}
