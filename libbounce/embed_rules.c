/* SPDX-License-Identifier: MIT */
/*
 * embed_rules.c - data/patterns/ to a C file; runs when libbounce is built.
 *
 * usage: embed_rules OUTPUT FILE...
 *
 * What comes in: rule files, in any order (they are read in byte order of
 * their names), and the file VERSION beside the first of them. What goes out:
 * `const struct layer bounce_builtin_layer` as const tables, literal index
 * included. Refused: files with errors; all are listed, and it exits with 1.
 */
#include "literals.h"
#include "reply_words.h"
#include "rulelayer.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tables that are shared by all entries; each pattern, string list and so
 * on is named by where it begins in its table. */
struct emitter {
    FILE *out;
    GHashTable *offsets; /* address of an array of the layer -> its offset in its table + 1 */
    size_t string_count, pattern_count;
};

/* ----------------------------------------------------------- C expressions */

static void put_string(struct emitter *e, const char *s)
{
    if (!s) {
        fputs("0", e->out);
        return;
    }
    fputc('"', e->out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\' || *s == '?' || (unsigned char)*s < ' ' || (unsigned char)*s > '~')
            fprintf(e->out, "\\%03o", (unsigned char)*s); /* always three digits: no digit can join it */
        else
            fputc(*s, e->out);
    }
    fputc('"', e->out);
}

static void remember(struct emitter *e, const void *array, size_t offset)
{
    g_hash_table_insert(e->offsets, (gpointer)array, GSIZE_TO_POINTER(offset + 1));
}

/* "table + offset", or 0 for an array that has nothing. */
static void put_reference(struct emitter *e, const char *table, const void *array)
{
    gpointer offset = array ? g_hash_table_lookup(e->offsets, array) : NULL;
    if (offset)
        fprintf(e->out, "%s + %zu", table, GPOINTER_TO_SIZE(offset) - 1);
    else
        fputs("0", e->out);
}

/* --------------------------------------------------------------- strings */

static void put_strings(struct emitter *e, const char *const *strings, size_t count)
{
    if (!strings || !count)
        return;
    remember(e, strings, e->string_count);
    for (size_t i = 0; i < count; i++) {
        put_string(e, strings[i]);
        fputs(",\n", e->out);
    }
    e->string_count += count;
}

static void put_list(struct emitter *e, const char *const *strings) /* with its NULL */
{
    size_t n = 0;
    while (strings && strings[n])
        n++;
    if (strings)
        put_strings(e, strings, n + 1);
}

static void put_segments(struct emitter *e, const struct pattern *patterns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_strings(e, patterns[i].segments, patterns[i].segment_count);
}

typedef void pattern_fn(struct emitter *e, const struct pattern *patterns, size_t count);

/* All lists of patterns of a dialect that stand in the pattern table. */
static void each_dialect_list(struct emitter *e, const struct dialect *d, pattern_fn *put)
{
    put(e, d->starts, d->start_count);
    put(e, d->stops, d->stop_count);
    put(e, d->originals, d->original_count);
    put(e, d->boilerplates, d->boilerplate_count);
    put(e, d->blocks, d->block_count);
    put(e, d->lines, d->line_count);
}

static void put_rule_strings(struct emitter *e, const struct bounce_rule *r)
{
    put_segments(e, r->patterns, r->pattern_count);
    put_segments(e, r->unless, r->unless_count);
    put_strings(e, r->needs, r->need_count);
    put_list(e, r->examples);
    put_list(e, r->nears);
    put_list(e, r->scope.hosts);
    put_list(e, r->scope.softwares);
    put_list(e, r->scope.langs);
    put_list(e, r->scope.codes);
    put_list(e, r->scope.statuses);
}

static void put_dialect_strings(struct emitter *e, const struct dialect *d)
{
    each_dialect_list(e, d, put_segments);
    for (size_t i = 0; i < d->know_count; i++)
        put_segments(e, &d->knows[i].pattern, 1);
    for (size_t i = 0; i < d->action_count; i++)
        put_segments(e, &d->actions[i].pattern, 1);
    for (size_t i = 0; i < d->decided_count; i++)
        put_segments(e, &d->decided[i].pattern, 1);
    for (size_t i = 0; i < d->command_count; i++)
        put_segments(e, &d->commands[i].phrase, 1);
}

static void put_string_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const char *const strings[] = {\n", e->out);
    for (size_t i = 0; i < layer->rule_count; i++)
        put_rule_strings(e, &layer->rules[i]);
    for (size_t i = 0; i < layer->dialect_count; i++)
        put_dialect_strings(e, &layer->dialects[i]);
    fputs("0};\n\n", e->out);
}

/* -------------------------------------------------------------- patterns */

static void put_pattern(struct emitter *e, const struct pattern *p)
{
    fputs("{.source = ", e->out);
    put_string(e, p->source);
    fputs(", .segments = ", e->out);
    put_reference(e, "strings", p->segments);
    fprintf(e->out, ", .segment_count = %u, .is_regex = %d, .open_end = %d, .line = %u, .regex_id = %u}",
            p->segment_count, p->is_regex, p->open_end, (unsigned)p->line, (unsigned)p->regex_id);
}

static void put_patterns(struct emitter *e, const struct pattern *patterns, size_t count)
{
    if (!count)
        return;
    remember(e, patterns, e->pattern_count);
    for (size_t i = 0; i < count; i++) {
        put_pattern(e, &patterns[i]);
        fputs(",\n", e->out);
    }
    e->pattern_count += count;
}

static void put_pattern_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const struct pattern patterns[] = {\n", e->out);
    for (size_t i = 0; i < layer->rule_count; i++) {
        put_patterns(e, layer->rules[i].patterns, layer->rules[i].pattern_count);
        put_patterns(e, layer->rules[i].unless, layer->rules[i].unless_count);
    }
    for (size_t i = 0; i < layer->dialect_count; i++)
        each_dialect_list(e, &layer->dialects[i], put_patterns);
    fputs("{0}};\n\n", e->out);
}

/* ----------------------------------------------------------------- rules */

static void put_scope(struct emitter *e, const struct scope *s)
{
    fputs(" .scope = {.hosts = ", e->out);
    put_reference(e, "strings", s->hosts);
    fputs(", .softwares = ", e->out);
    put_reference(e, "strings", s->softwares);
    fputs(", .langs = ", e->out);
    put_reference(e, "strings", s->langs);
    fputs(", .codes = ", e->out);
    put_reference(e, "strings", s->codes);
    fputs(", .statuses = ", e->out);
    put_reference(e, "strings", s->statuses);
    fprintf(e->out, ", .commands = %u, .origins = %u},\n", s->commands, s->origins);
}

static void put_rule(struct emitter *e, const struct bounce_rule *r)
{
    fputs("{.id = ", e->out);
    put_string(e, r->id);
    fputs(", .file = ", e->out);
    put_string(e, r->file);
    fputs(", .why = ", e->out);
    put_string(e, r->why);
    fputs(", .tag = ", e->out);
    put_string(e, r->tag);
    fprintf(
        e->out,
        ",\n .line = %u, .tier = %u, .priority = %d, .reason = %d, .cause = %d, .rank = %u, .first_owner = %u,"
        " .literal_length = %u,\n",
        (unsigned)r->line, r->tier, r->priority, (int)r->reason, (int)r->cause, (unsigned)r->rank, (unsigned)r->first_owner,
        (unsigned)r->literal_length);
    put_scope(e, &r->scope);
    fputs(" .patterns = ", e->out);
    put_reference(e, "patterns", r->patterns);
    fprintf(e->out, ", .pattern_count = %zu, .unless = ", r->pattern_count);
    put_reference(e, "patterns", r->unless);
    fprintf(e->out, ", .unless_count = %zu, .needs = ", r->unless_count);
    put_reference(e, "strings", r->needs);
    fprintf(e->out, ", .need_count = %zu, .examples = ", r->need_count);
    put_reference(e, "strings", r->examples);
    fputs(", .nears = ", e->out);
    put_reference(e, "strings", r->nears);
    fputs("},\n", e->out);
}

static void put_rule_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const struct bounce_rule rules[] = {\n", e->out);
    for (size_t i = 0; i < layer->rule_count; i++)
        put_rule(e, &layer->rules[i]);
    fputs("{0}};\n\n", e->out);
}

static void put_owner_ranks(struct emitter *e, const struct layer *layer)
{
    fputs("static const uint32_t owner_ranks[] = {", e->out);
    for (size_t i = 0; i < layer->owner_count; i++)
        fprintf(e->out, "%s%u,", i % 16 ? " " : "\n", (unsigned)layer->owner_ranks[i]);
    fputs("0};\n\n", e->out);
}

/* -------------------------------------------------------------- dialects */

static void put_know_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const struct know knows[] = {\n", e->out);
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct know *k = &layer->knows[i];
        fprintf(e->out, "{.key = %d, .also = %d, .any = %d, .indexed = %d, .twin = %u, .header_slot = %u, .header = ",
                (int)k->key, k->also, k->any, k->indexed, (unsigned)k->twin, (unsigned)k->header_slot);
        put_string(e, k->header);
        fputs(", .pattern = ", e->out);
        put_pattern(e, &k->pattern);
        fputs("},\n", e->out);
    }
    fputs("{0}};\n\n", e->out);
}

static void put_brief_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const struct know_brief briefs[] = {\n", e->out);
    for (size_t i = 0; i < layer->know_count; i++)
        fprintf(e->out, "{%u, %u, %u, %d},\n", (unsigned)layer->briefs[i].twin, (unsigned)layer->briefs[i].trigger,
                layer->briefs[i].group, layer->briefs[i].by_literal);
    fputs("{0}};\n\n", e->out);
}

static void put_action_table(struct emitter *e, const struct layer *layer)
{
    fputs("static const struct dialect_action actions[] = {\n", e->out);
    for (size_t i = 0; i < layer->action_count; i++) {
        const struct dialect_action *action = &layer->actions[i];
        fprintf(e->out, "{.action = %d, .always = %d, .indexed = %d, .pattern = ", (int)action->action,
                action->always, action->indexed);
        put_pattern(e, &action->pattern);
        fputs("},\n", e->out);
    }
    fputs("{0}};\n\n", e->out);
}

/* The lists of one dialect whose items are no bare patterns. */
static void put_small_lists(struct emitter *e, const struct dialect *d, size_t number)
{
    fprintf(e->out, "static const struct dialect_decided decided_%zu[] = {\n", number);
    for (size_t i = 0; i < d->decided_count; i++) {
        fprintf(e->out, "{.who = %d, .always = %d, .pattern = ", (int)d->decided[i].who, d->decided[i].always);
        put_pattern(e, &d->decided[i].pattern);
        fputs("},\n", e->out);
    }
    fprintf(e->out, "{0}};\nstatic const struct dialect_command commands_%zu[] = {\n", number);
    for (size_t i = 0; i < d->command_count; i++) {
        fprintf(e->out, "{.command = %d, .phrase = ", (int)d->commands[i].command);
        put_pattern(e, &d->commands[i].phrase);
        fputs("},\n", e->out);
    }
    fputs("{.command = 0}};\n", e->out);
}

static void put_pattern_list(struct emitter *e, const char *name, const struct pattern *patterns, size_t count)
{
    fprintf(e->out, " .%ss = ", name);
    put_reference(e, "patterns", count ? patterns : NULL);
    fprintf(e->out, ", .%s_count = %zu,", name, count);
}

static void put_dialect(struct emitter *e, const struct layer *layer, size_t number)
{
    const struct dialect *d = &layer->dialects[number];
    fputs("{.id = ", e->out);
    put_string(e, d->id);
    fputs(", .software = ", e->out);
    put_string(e, d->software);
    fputs(", .file = ", e->out);
    put_string(e, d->file);
    fputs(", .charset = ", e->out);
    put_string(e, d->charset);
    fprintf(
        e->out, ",\n .line = %u, .kind = %d, .priority = %d, .join = %d, .knows = knows + %zu, .know_count = %zu,\n",
        (unsigned)d->line, (int)d->kind, d->priority, (int)d->join, (size_t)(d->knows - layer->knows), d->know_count);
    put_pattern_list(e, "start", d->starts, d->start_count);
    put_pattern_list(e, "stop", d->stops, d->stop_count);
    put_pattern_list(e, "original", d->originals, d->original_count);
    put_pattern_list(e, "boilerplate", d->boilerplates, d->boilerplate_count);
    put_pattern_list(e, "block", d->blocks, d->block_count);
    put_pattern_list(e, "line", d->lines, d->line_count);
    fprintf(e->out,
            "\n .actions = actions + %zu, .action_count = %zu, .decided = decided_%zu, .decided_count = %zu,"
            " .commands = commands_%zu, .command_count = %zu},\n",
            (size_t)(d->actions - layer->actions), d->action_count, number, d->decided_count, number, d->command_count);
}

static void put_dialect_table(struct emitter *e, const struct layer *layer)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        put_small_lists(e, &layer->dialects[i], i);
    fputs("\nstatic const struct dialect dialects[] = {\n", e->out);
    for (size_t i = 0; i < layer->dialect_count; i++)
        put_dialect(e, layer, i);
    fputs("{0}};\n\n", e->out);
}

/* -------------------------------------------------------------- literals */

/* All in one string: put_string() with a NUL behind each. */
static void put_literal_texts(struct emitter *e, const struct literals *l, const char *name)
{
    fprintf(e->out, "static const char %s_texts[] =\n\"\"\n", name);
    for (size_t i = 0; i < l->count; i++) {
        put_string(e, l->texts + l->items[i].text);
        fputs(" \"\\0\"\n", e->out);
    }
    fputs(";\n", e->out);
}

static void put_literal_items(struct emitter *e, const struct literals *l, const char *name)
{
    fprintf(e->out, "static const struct literal %s_items[] = {\n", name);
    for (size_t i = 0; i < l->count; i++)
        fprintf(e->out, "{%u, %u, %u, %u},\n", (unsigned)l->items[i].text, (unsigned)l->items[i].first_owner,
                l->items[i].length, l->items[i].owner_count);
    fprintf(e->out, "{0}};\nstatic const uint32_t %s_owners[] = {", name);
    for (size_t i = 0; i < l->owner_count; i++)
        fprintf(e->out, "%s%u,", i % 16 ? " " : "\n", (unsigned)l->owners[i]);
    fputs("0};\n", e->out);
}

static void put_literal_grams(struct emitter *e, const struct literals *l, const char *name)
{
    fprintf(e->out, "static const struct literal_gram %s_grams[] = {\n", name);
    for (size_t i = 0; i < l->gram_count; i++) {
        const struct literal_gram *g = &l->grams[i];
        fprintf(e->out, "{0x%xu, 0x%xu, %u, %u, %u},\n", (unsigned)g->gram, (unsigned)g->tail, (unsigned)g->literal,
                g->at, g->length);
    }
    fprintf(e->out, "{0}};\nstatic const uint32_t %s_buckets[] = {", name);
    for (size_t i = 0; i <= (size_t)1 << l->bucket_bits; i++)
        fprintf(e->out, "%s%u,", i % 16 ? " " : "\n", (unsigned)l->buckets[i]);
    fprintf(e->out, "};\nstatic const uint64_t %s_bitmap[] = {", name);
    for (size_t i = 0; i < (size_t)1 << (l->bitmap_bits - 6); i++)
        fprintf(e->out, "%s0x%llxu,", i % 8 ? " " : "\n", (unsigned long long)l->bitmap[i]);
    fputs("};\n", e->out);
}

static void put_literals(struct emitter *e, const struct literals *l, const char *name, const char *linkage)
{
    put_literal_texts(e, l, name);
    put_literal_items(e, l, name);
    put_literal_grams(e, l, name);
    fprintf(e->out,
            "%sconst struct literals %s = {%s_texts, %s_items, %s_owners, %s_grams, %s_buckets, %s_bitmap,"
            " %u, %u, %u, %u, %u, %u, {",
            linkage, name, name, name, name, name, name, name, (unsigned)l->count, (unsigned)l->owner_count,
            (unsigned)l->gram_count, (unsigned)l->bucket_bits, (unsigned)l->bitmap_bits, (unsigned)l->shortest);
    for (size_t i = 0; i < sizeof l->short_bits / sizeof *l->short_bits; i++)
        fprintf(e->out, "0x%xu,", (unsigned)l->short_bits[i]);
    fputs("}};\n\n", e->out);
}

/* The index of the words that reply.c looks for: they need no rule file. */
static void put_reply_words(struct emitter *e)
{
    struct literal_source sources[REPLY_WORDS_MAX];
    struct arena arena;
    size_t count = 0;
    for (uint32_t w = 0; w < reply_word_count; w++)
        if (reply_words[w].text[1])
            sources[count++] = (struct literal_source){&reply_words[w].text, 1, w};
    arena_init(&arena);
    put_literals(e, literals_build(&arena, sources, count), "reply_word_literals", "");
    arena_free(&arena);
}

static void put_layer(struct emitter *e, const struct layer *layer, const char *version)
{
    fputs("/* Made by embed_rules from data/patterns. Do not edit. */\n"
          "#include \"reply_words.h\"\n#include \"ruleset.h\"\n\n",
          e->out);
    put_string_table(e, layer);
    put_pattern_table(e, layer);
    put_rule_table(e, layer);
    put_owner_ranks(e, layer);
    put_know_table(e, layer);
    put_brief_table(e, layer);
    put_action_table(e, layer);
    put_dialect_table(e, layer);
    put_literals(e, layer->literals, "rule_literals", "static ");
    put_literals(e, layer->head_literals, "head_literals", "static ");
    put_literals(e, layer->body_literals, "body_literals", "static ");
    put_reply_words(e);
    fprintf(
        e->out,
        "const struct layer bounce_builtin_layer = {.rules = rules, .rule_count = %zu,\n .dialects = dialects,"
        " .dialect_count = %zu, .literals = &rule_literals,\n .owner_ranks = owner_ranks, .owner_count = %zu, .regex_count = %zu,\n .knows = knows, .know_count = %zu,"
        " .actions = actions, .action_count = %zu, \n .briefs = briefs, .head_literals = &head_literals, .body_literals = &body_literals, .header_count = %zu,\n .digest = ",
        layer->rule_count, layer->dialect_count, layer->owner_count, layer->regex_count, layer->know_count, layer->action_count,
        layer->header_count);
    put_string(e, layer->digest);
    fputs(", .version = ", e->out);
    put_string(e, version);
    fputs("};\n", e->out);
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
    struct emitter e = {.out = fopen(path, "w")};
    if (!e.out) {
        perror(path);
        return false;
    }
    e.offsets = g_hash_table_new(NULL, NULL);
    put_layer(&e, layer, version);
    g_hash_table_destroy(e.offsets);
    bool failed = ferror(e.out) != 0;
    failed = fclose(e.out) != 0 || failed;
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
    const struct layer *layer = rulelayer_build(&entries, NULL);
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
