/* SPDX-License-Identifier: MIT */
/*
 * embed_known.c - the C code of the tables of block lists and providers (match/known.h). Part of embed_rules.
 *
 * What comes in: data/blocklists.tsv and data/providers.tsv. What goes out: their rows, an index of all words that name
 * them, and a table of hosts. The same files give the same bytes. Refused: a line with another number of columns, an
 * empty column.
 */
#include "rules/embed_known.h"
#include "base/arena.h"
#include "base/literals_build.h"
#include "match/known.h"
#include "rules/embed_literals.h"
#include "rules/embed_text.h"
#include "text/normal.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROWS = 1000, MOST_WORDS = 4000, HOST_BITS = 10 };

struct table {
    const char *path;
    char **rows[MOST_ROWS];
    size_t count;
};

struct words {
    struct arena arena;
    const char *texts[MOST_WORDS];
    struct literal_source sources[MOST_WORDS];
    size_t count;
};

/* ---------------------------------------------------------------- reading */

static bool read_row(struct table *t, const char *line, size_t number, size_t columns)
{
    char **row = g_strsplit(line, "\t", -1);
    bool good = g_strv_length(row) == columns && t->count < MOST_ROWS;
    for (size_t i = 0; good && i < columns; i++)
        good = *row[i] != '\0';
    if (good)
        t->rows[t->count++] = row;
    else
        fprintf(stderr, "%s:%zu: not %zu columns with something in each\n", t->path, number, columns);
    return good;
}

static bool read_table(struct table *t, const char *path, size_t columns)
{
    char *text = NULL;
    *t = (struct table){.path = path};
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        perror(path);
        return false;
    }
    char **lines = g_strsplit(text, "\n", -1);
    bool good = true;
    for (size_t i = 0; lines[i]; i++)
        if (*lines[i] && *lines[i] != '#')
            good = read_row(t, lines[i], i + 1, columns) && good;
    g_strfreev(lines);
    g_free(text);
    return good;
}

static void free_table(struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        g_strfreev(t->rows[i]);
}

/* ---------------------------------------------------------------- writing */

static bool is_stated(const char *column)
{
    return strcmp(column, "-") != 0;
}

static void put_column(FILE *out, const char *column)
{
    if (is_stated(column))
        put_string(out, column);
    else
        fputs("NULL", out);
}

static void add_word(struct words *w, const char *word, uint32_t owner)
{
    if (w->count == MOST_WORDS)
        abort();
    w->texts[w->count] = text_fold(&w->arena, span_z(word));
    w->sources[w->count] = (struct literal_source){&w->texts[w->count], 1, owner};
    w->count++;
}

/* "one|another". */
static void add_words(struct words *w, const char *column, uint32_t owner)
{
    char **words = is_stated(column) ? g_strsplit(column, "|", -1) : NULL;
    for (size_t i = 0; words && words[i]; i++)
        add_word(w, words[i], owner);
    g_strfreev(words);
}

static void put_blocklists(FILE *out, const struct table *t, struct words *w)
{
    begin_table(out, "struct known_blocklist", "blocklists");
    for (size_t i = 0; i < t->count; i++) {
        char **row = t->rows[i];
        fputs("{", out);
        for (size_t column = 0; column < 3; column++) {
            put_column(out, row[column]);
            fputs(column < 2 ? ", " : "},\n", out);
        }
        if (is_stated(row[1]))
            add_word(w, row[1], (uint32_t)i);
        add_words(w, row[3], (uint32_t)i);
    }
    end_table(out);
}

static void put_providers(FILE *out, const struct table *t, struct words *w)
{
    begin_table(out, "struct known_provider", "providers");
    for (size_t i = 0; i < t->count; i++) {
        fputs("{", out);
        put_string(out, t->rows[i][0]);
        fprintf(out, ", %d},\n", is_stated(t->rows[i][3]));
        add_words(w, t->rows[i][2], KNOWN_IS_PROVIDER | (uint32_t)i);
    }
    end_table(out);
}

static uint32_t place_of(struct known_host *hosts, const char *domain)
{
    uint32_t hash = KNOWN_HASH_START;
    for (size_t i = strlen(domain); i-- > 0;)
        hash = known_hash(hash, domain[i]);
    uint32_t place = known_place(hash, HOST_BITS);
    while (hosts[place].length)
        place = (place + 1) & ((1u << HOST_BITS) - 1);
    return place;
}

static void put_hosts(FILE *out, const struct table *t, struct arena *a)
{
    struct known_host hosts[1 << HOST_BITS] = {{NULL, 0, 0}};
    for (size_t i = 0; i < t->count; i++) {
        char **domains = g_strsplit(t->rows[i][1], " ", -1);
        for (size_t k = 0; domains[k]; k++)
            hosts[place_of(hosts, domains[k])] =
                (struct known_host){arena_strdup(a, domains[k]), (uint32_t)strlen(domains[k]), (uint32_t)i};
        g_strfreev(domains);
    }
    begin_table(out, "struct known_host", "hosts");
    for (size_t i = 0; i < COUNT(hosts); i++) {
        fputs("{", out);
        put_column(out, hosts[i].length ? hosts[i].domain : "-");
        fprintf(out, ", %u, %u},\n", (unsigned)hosts[i].length, (unsigned)hosts[i].provider);
    }
    end_table(out);
}

static void put_known(FILE *out, const struct table *blocklists, const struct table *providers)
{
    struct words w = {.count = 0};
    arena_init(&w.arena);
    fputs("/* Made by embed_rules from data/blocklists.tsv and data/providers.tsv. Do not edit. */\n"
          "#include \"match/known.h\"\n\n",
          out);
    put_blocklists(out, blocklists, &w);
    put_providers(out, providers, &w);
    put_hosts(out, providers, &w.arena);
    put_literals(out, literals_build(&w.arena, w.sources, w.count, span_z(NULL)), "known_words", "static ");
    fprintf(out,
            "const struct known bounce_known = {.blocklists = blocklists, .providers = providers,\n"
            " .words = &known_words, .hosts = hosts,\n"
            " .host_bits = %d};\n",
            HOST_BITS);
    arena_free(&w.arena);
}

bool embed_known(const char *output, const char *blocklists, const char *providers)
{
    struct table lists, names;
    bool good = read_table(&lists, blocklists, 4);
    good = read_table(&names, providers, 4) && good;
    FILE *out = good ? fopen(output, "w") : NULL;
    if (out) {
        put_known(out, &lists, &names);
        good = !ferror(out);
        good = fclose(out) == 0 && good;
    }
    if (good && !out)
        perror(output);
    free_table(&lists);
    free_table(&names);
    return good && out;
}
