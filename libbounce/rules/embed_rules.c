/* SPDX-License-Identifier: MIT */
/*
 * embed_rules.c - the program that writes the built-in layer as C. It runs when
 * libbounce is built.
 *
 * usage: embed_rules OUTPUT FILE...
 *        embed_rules --known OUTPUT BLOCKLISTS PROVIDERS
 *
 * What comes in: rule files, in any order (they are read in byte order of their
 * names), and the files VERSION and order in the folder above. What goes out:
 * `const struct layer bounce_builtin_layer`, whose tables are numbers and texts,
 * indexes included; and the index of the words that smtp/ looks for. The same
 * files give the same bytes. Refused: files with errors or warnings; all are listed, and the
 * exit status is 1. With --known, the two tables of data/ instead: embed_known.c.
 */
#include "base/literals_build.h"
#include "match/tables.h"
#include "rules/embed_known.h"
#include "rules/embed_literals.h"
#include "rules/embed_logs.h"
#include "rules/embed_tables.h"
#include "rules/embed_text.h"
#include "rules/layer.h"
#include "rules/signs.h"
#include "rules/warnings.h"
#include "smtp/reply_words.h"

#include <glib.h>
#include <stdlib.h>

/* ------------------------------------------------------------ reply words */

/* These words need no rule file. */
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

static void put_groups_member(FILE *out, const struct know_groups *g, const char *name)
{
    fprintf(out, " .%s = {.groups = %s_groups, .conditions = %s_conditions, .first = %s_first,\n", name, name, name,
            name);
    fprintf(out, "  .triggered = %s_triggered, .group_count = %zu, .condition_count = %zu, .trigger_count = %zu},\n",
            name, g->group_count, g->condition_count, g->trigger_count);
}

static void put_asked_signs(FILE *out, const struct layer *layer)
{
    fputs(" .asked_signs = {", out);
    for (size_t i = 0; i < ASKED_COUNT; i++)
        fprintf(out, "%u, ", (unsigned)layer->asked_signs[i]);
    fputs("},\n", out);
}

static void put_heads_member(FILE *out, const struct word_heads *h, const char *name)
{
    fprintf(out, " .%s = {.items = %s_items, .buckets = %s_buckets, .blocks = %s_blocks,\n", name, name, name, name);
    fprintf(out, "  .count = %u, .bucket_bits = %u, .block_count = %u, .slot_count = %u},\n", (unsigned)h->count,
            (unsigned)h->bucket_bits, (unsigned)h->block_count, (unsigned)h->slot_count);
}

static void put_count(FILE *out, const char *name, size_t count)
{
    fprintf(out, " .%s_count = %zu,", name, count);
}

static void put_counts(FILE *out, const struct layer *layer)
{
    fprintf(out, " .first_line_pattern = %zu,", layer->first_line_pattern);
    fprintf(out, " .threshold = %d, .body_most = %d,", layer->threshold, layer->body_most);
    fprintf(out, " .string_bytes = %zu,", layer->string_bytes);
    fprintf(out, " .owner_faces = %u,", (unsigned)layer->owner_faces);
    put_count(out, "list", layer->list_count);
    put_count(out, "segment", layer->segment_count);
    put_count(out, "row_element", layer->row_element_count);
    put_count(out, "class", layer->class_count);
    put_count(out, "class_member", layer->class_member_count);
    put_count(out, "class_phrase", layer->class_phrase_count);
    put_count(out, "pattern", layer->pattern_count);
    put_count(out, "scope", layer->scope_count);
    put_count(out, "rule", layer->rule_count);
    put_count(out, "dialect", layer->dialect_count);
    put_count(out, "owner", layer->owner_count);
    put_count(out, "regex", layer->regex_count);
    put_count(out, "know", layer->know_count);
    put_count(out, "sign", layer->sign_count);
    put_count(out, "weighed", layer->weighed_count);
    put_count(out, "weighed_header", layer->weighed_header_count);
    put_count(out, "weighed_for", layer->weighed_for_count);
    put_count(out, "action", layer->action_count);
    put_count(out, "decided", layer->decided_count);
    put_count(out, "command", layer->command_count);
    put_count(out, "header", layer->header_count);
    put_count(out, "word", layer->word_count);
    put_count(out, "pair", layer->pair_count);
    put_count(out, "dialect_pair", layer->dialect_pair_count);
}

static void put_names(FILE *out, const struct layer *layer, const char *version)
{
    fputs("\n .digest = ", out);
    put_string(out, layer->digest);
    fputs(", .version = ", out);
    put_string(out, version);
    fputs(",\n .label = ", out);
    put_string(out, version);
    fputs(" \"+sha256:\" ", out);
    put_string(out, layer->digest);
}

static void put_layer(FILE *out, const struct layer *layer, const char *version)
{
    fputs("const struct layer bounce_builtin_layer = {\n"
          " .strings = strings, .lists = lists, .segments = segments, .patterns = patterns, .scopes = scopes,\n"
          " .rules = rules.rules, .abouts = abouts, .dialects = dialects, .literals = &rule_literals,\n"
          " .owners = owners, .regex_also = regex_also, .knows = knows, .actions = actions, .decided = decided,\n"
          " .signs = signs, .weighed = weighed, .header_for_groups = header_for_groups,\n"
          " .commands = commands, .head_literals = &head_literals, .body_literals = &body_literals,\n"
          " .header_names = header_names, .header_heads = header_heads, .header_next = header_next,\n"
          " .header_searched = header_searched, .expiry = &expiry_literals,\n"
          " .unsure_patterns = unsure_patterns, .unsure_actions = unsure_actions, .line_pairs = line_pairs,\n"
          " .pairs = pairs, .dialect_pairs = dialect_pairs, .reason_places = reason_places,\n"
          " .words = words, .word_lists = word_lists, .row_elements = elements, .classes = classes,\n"
          " .class_members = class_members, .class_phrases = class_phrases,\n",
          out);
    put_groups_member(out, &layer->groups, "groups");
    put_groups_member(out, &layer->sign_groups, "sign_groups");
    put_groups_member(out, &layer->header_groups, "header_groups");
    put_asked_signs(out, layer);
    put_heads_member(out, &layer->rule_heads, "rule_heads");
    put_heads_member(out, &layer->dialect_heads, "dialect_heads");
    put_counts(out, layer);
    put_names(out, layer, version);
    fputs("};\n", out);
}

/* ------------------------------------------------------------------ main */

/* In the order of rule_source_read() in a folder, so that both give the same digest. */
static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The path of a file in the folder above that of a rule file, to be freed. */
static char *path_above(const char *rule_file, const char *name)
{
    char *folder = g_path_get_dirname(rule_file), *path = g_build_filename(folder, "..", name, NULL);
    g_free(folder);
    return path;
}

/* The word in the file VERSION above a rule file, to be freed; NULL if there is none. */
static char *version_above(const char *rule_file)
{
    char *path = path_above(rule_file, "VERSION"), *version = NULL;
    if (g_file_get_contents(path, &version, NULL, NULL) && !*g_strstrip(version))
        g_clear_pointer(&version, g_free);
    g_free(path);
    return version;
}

/* The first file `order` above a rule file; without one, reasons are ordered by their numbers. */
static void read_order(struct rule_entries *entries, char **files, size_t count)
{
    for (size_t i = 0; i < count && !entries->reason_places; i++) {
        char *path = path_above(files[i], "order");
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            reason_order_read(entries, arena_strdup(entries->arena, path));
        g_free(path);
    }
}

/* The version of the first file that has one (a benchmark adds files from elsewhere); NULL, and a message, if none
 * has. */
static char *read_version(char **files, size_t count)
{
    char *version = count ? NULL : g_strdup("0");
    for (size_t i = 0; i < count && !version; i++)
        version = version_above(files[i]);
    if (!version)
        fprintf(stderr, "%s: no VERSION in the folder above\n", files[0]);
    return version;
}

static bool write_file(const char *path, const struct layer *layer, const char *version)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return false;
    }
    fputs("/* Made by embed_rules from data/patterns. Do not edit. */\n"
          "#include \"base/literals.h\"\n#include \"match/tables.h\"\n#include \"smtp/reply_words.h\"\n\n",
          out);
    put_layer_tables(out, layer);
    put_literals(out, layer->literals, "rule_literals", "static ");
    put_literals(out, layer->expiry, "expiry_literals", "static ");
    put_literals(out, layer->head_literals, "head_literals", "static ");
    put_literals(out, layer->body_literals, "body_literals", "static ");
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

static void show(const struct rule_error *errors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s:%u:%u: %s\n", errors[i].path, (unsigned)errors[i].line, (unsigned)errors[i].column,
                errors[i].message);
}

static bool embed(const char *output, char **files, size_t count)
{
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    qsort(files, count, sizeof *files, compare_paths);
    for (size_t i = 0; i < count; i++)
        rule_source_read(&entries, files[i]);
    read_order(&entries, files, count);
    char *version = read_version(files, count);
    const struct layer *layer = layer_build(&entries, NULL, &arena);
    signs_check_builtin(&entries);
    warn_of_entries(&entries, NULL);
    rule_entries_sort_errors(&entries);
    show(entries.errors, entries.error_count);
    show(entries.warnings, entries.warning_count);
    bool good =
        layer && !entries.error_count && !entries.warning_count && version && write_file(output, layer, version);
    g_free(version);
    arena_free(&arena);
    return good;
}

int main(int argc, char **argv)
{
    if (argc == 5 && !strcmp(argv[1], "--known"))
        return embed_known(argv[2], argv[3], argv[4]) ? 0 : 1;
    if (argc > 3 && !strcmp(argv[1], "--logs"))
        return embed_logs(argv[2], argv + 3, (size_t)argc - 3) ? 0 : 1;
    if (argc < 2) {
        fputs("usage: embed_rules OUTPUT FILE...\n       embed_rules --known OUTPUT BLOCKLISTS PROVIDERS\n"
              "       embed_rules --logs OUTPUT FILE...\n",
              stderr);
        return 2;
    }
    return embed(argv[1], argv + 2, (size_t)argc - 2) ? 0 : 1;
}
