/* SPDX-License-Identifier: MIT */
/*
 * handwritten.c - what libbounce writes by hand, compared with the function of a
 * library that does the same, over the same inputs.
 *
 *     handwritten [-r ROUNDS] [-p PAIR] [-e EXAMPLES] PATH...
 *     handwritten -1 PATH...
 *
 * In: mailboxes, folders, mails. Out, for each pair: how many inputs, how many
 * results differ and in what way, and the time of ours, theirs being 1: the
 * median over the rounds. -e shows some of the inputs whose results differ.
 * -1 runs each side once over its inputs, for a profiler, and prints the names
 * of the functions. Nothing is checked.
 */
#include "handwritten.h"
#include "../clock.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUND_US = 20000, MOST_ROUNDS = 99, MOST_EXAMPLE_BYTES = 200 };

struct settings {
    int rounds, examples;
    const char *only; /* part of a name, or NULL */
    bool once;
};

static const struct pairs *const all_pairs[] = {&mime_pairs, &header_pairs, &text_pairs, &value_pairs, &byte_pairs};

struct span squeeze(struct arena *a, struct span s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_space(s.s[i]))
            out[n++] = s.s[i];
    return span_of(out, n);
}

struct span single_spaced(struct arena *a, struct span s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    s = span_trim(s);
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_space(s.s[i]) || !ascii_is_space(s.s[i + 1]))
            out[n++] = ascii_is_space(s.s[i]) ? ' ' : s.s[i];
    return span_of(out, n);
}

/* ------------------------------------------------------------------ time */

/* The time of this thread, the only one: under a limit of processor time, which tests have, Linux counts the time of a
 * process in ticks of up to 10 ms, and anything shorter seems to take no time. */
static volatile size_t sink; /* uses each result, so that it must be computed */

static void run(side_fn *side, const struct inputs *inputs, struct arena *a)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct span result = side(a, &inputs->items[i], false);
        sink = sink + result.n;
        arena_reset(a);
    }
}

/* Microseconds of this many runs. */
static double run_us(side_fn *side, const struct inputs *inputs, struct arena *a, unsigned times)
{
    double start = clock_us(CLOCK_THREAD_CPUTIME_ID);
    for (unsigned i = 0; i < times; i++)
        run(side, inputs, a);
    return clock_us(CLOCK_THREAD_CPUTIME_ID) - start;
}

/* How many runs make a round long enough to be measured. */
static unsigned times_of(double us)
{
    return us >= ROUND_US ? 1 : us < 1 ? ROUND_US : (unsigned)(ROUND_US / us) + 1;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Both take turns: what slows down the machine slows down both. */
static double ratio(const struct pair *p, const struct inputs *inputs, struct arena *a, int rounds)
{
    double ratios[MOST_ROUNDS];
    unsigned ours = times_of(run_us(p->ours, inputs, a, 1)), theirs = times_of(run_us(p->theirs, inputs, a, 1));
    for (int i = 0; i < rounds; i++)
        ratios[i] = run_us(p->ours, inputs, a, ours) / ours / (run_us(p->theirs, inputs, a, theirs) / theirs);
    qsort(ratios, (size_t)rounds, sizeof *ratios, compare_doubles);
    return ratios[rounds / 2];
}

/* ----------------------------------------------------------- differences */

struct difference {
    char *what;
    size_t count;
    GString *examples;
};

static void add_example(GString *to, const char *name, struct span s)
{
    size_t n = s.n < MOST_EXAMPLE_BYTES ? s.n : MOST_EXAMPLE_BYTES;
    char *raw = g_strndup(s.s ? s.s : "", n), *safe = g_strescape(raw, NULL);
    g_string_append_printf(to, "        %-7s %s%s\n", name, safe, n < s.n ? " ..." : "");
    g_free(raw);
    g_free(safe);
}

static void note(GArray *found, const char *what, const struct input *in, struct span ours, struct span theirs,
                 int most)
{
    struct difference *d = NULL;
    for (guint i = 0; i < found->len && !d; i++)
        if (strcmp(g_array_index(found, struct difference, i).what, what) == 0)
            d = &g_array_index(found, struct difference, i);
    if (!d) {
        struct difference fresh = {g_strdup(what), 0, g_string_new(NULL)};
        g_array_append_val(found, fresh);
        d = &g_array_index(found, struct difference, found->len - 1);
    }
    if (d->count++ < (size_t)most) {
        add_example(d->examples, "input", in->bytes);
        add_example(d->examples, "ours", ours);
        add_example(d->examples, "theirs", theirs);
    }
}

static void free_difference(void *data)
{
    struct difference *d = data;
    g_free(d->what);
    g_string_free(d->examples, TRUE);
}

/* Counts all inputs whose results differ, by kind. */
static size_t compare(const struct pair *p, const struct inputs *inputs, struct arena *a, GArray *found, int examples)
{
    size_t count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input *in = &inputs->items[i];
        struct span ours = p->ours(a, in, true), theirs = p->theirs(a, in, true);
        const char *what = same_bytes(ours, theirs) ? NULL : p->differ ? p->differ(a, in, ours, theirs) : "unexplained";
        if (what) {
            count++;
            note(found, what, in, ours, theirs, examples);
        }
        arena_reset(a);
    }
    return count;
}

/* ---------------------------------------------------------------- output */

static void show_pair(const struct pair *p, const struct inputs *inputs, const struct settings *settings)
{
    struct arena a;
    if (!p->theirs || !inputs->count) {
        printf("| %s | %s | %s%s | %zu | | |\n", p->name, p->own, p->library, p->theirs ? "" : " (not installed)",
               inputs->count);
        return;
    }
    if (p->prepare)
        p->prepare(inputs);
    arena_init(&a);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(struct difference));
    g_array_set_clear_func(found, free_difference);
    size_t differ = compare(p, inputs, &a, found, settings->examples);
    printf("| %s | %s | %s | %zu | %zu | %.2f |\n", p->name, p->own, p->library, inputs->count, differ,
           ratio(p, inputs, &a, settings->rounds));
    for (guint i = 0; i < found->len; i++) {
        const struct difference *d = &g_array_index(found, struct difference, i);
        printf("    %6zu  %s\n%s", d->count, d->what, d->examples->str);
    }
    fflush(stdout);
    g_array_free(found, TRUE);
    arena_free(&a);
}

static void run_once(const struct pair *p, const struct inputs *inputs)
{
    struct arena a;
    if (!p->theirs || !inputs->count)
        return;
    if (p->prepare)
        p->prepare(inputs);
    printf("%s\t%s\t%s\n", p->name, p->ours_name, p->theirs_name);
    arena_init(&a);
    run(p->ours, inputs, &a);
    run(p->theirs, inputs, &a);
    arena_free(&a);
}

static const char heading[] = "| task | ours | theirs | inputs | differ | time, theirs = 1 |\n"
                              "|---|---|---|---|---|---|\n";

static void show_all(const struct sources *sources, const struct settings *settings)
{
    if (!settings->once)
        printf("mails: %zu\n\n%s", sources->mails, heading);
    for (size_t i = 0; i < sizeof all_pairs / sizeof *all_pairs; i++)
        for (size_t k = 0; k < all_pairs[i]->count; k++) {
            const struct pair *p = &all_pairs[i]->items[k];
            if (settings->only && !strstr(p->name, settings->only))
                continue;
            if (settings->once)
                run_once(p, &sources->kinds[p->kind]);
            else
                show_pair(p, &sources->kinds[p->kind], settings);
        }
}

static bool read_options(int argc, char **argv, int *first, struct settings *settings)
{
    *settings = (struct settings){.rounds = 7};
    for (*first = 1; *first < argc && argv[*first][0] == '-'; ++*first) {
        const char *option = argv[*first], *value = argv[*first + 1];
        if (!strcmp(option, "-1")) {
            settings->once = true;
            continue;
        }
        if (!value || !strchr("rpe", option[1]))
            return false;
        ++*first;
        if (option[1] == 'p')
            settings->only = value;
        else
            *(option[1] == 'r' ? &settings->rounds : &settings->examples) = atoi(value);
    }
    return *first < argc && settings->rounds > 0 && settings->rounds <= MOST_ROUNDS;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct sources sources = {0};
    bool read = true;
    int first;
    if (!read_options(argc, argv, &first, &settings)) {
        fprintf(stderr, "usage: handwritten [-1] [-r ROUNDS] [-p PAIR] [-e EXAMPLES] PATH...\n");
        return 2;
    }
    g_mime_init();
    for (int i = first; i < argc; i++)
        read = sources_read(&sources, argv[i]) && read;
    if (sources.mails)
        show_all(&sources, &settings);
    sources_free(&sources);
    return read && sources.mails ? 0 : 1;
}
