/* SPDX-License-Identifier: MIT */
/*
 * cost_table.c - prints the cost of the hostile shapes of shapes.h, as the table of
 * doc/hostile-shapes.md: processor time at n, 2n and 4n bytes, bytes per second, and
 * the most memory in use beyond what the parser held before.
 *
 * usage: cost_table [LEAST_MS]     (default: 20)
 *
 * Each size runs until LEAST_MS of processor time have passed, and at least three
 * times; the shortest run counts. The memory shown is that of 4n. Built without
 * sanitizers, on Linux; nothing is checked.
 */
#include <malloc.h>
#include <string.h>

#include "../clock.h"
#include "shapes.h"

enum { SIZES = 3 };

struct figures {
    size_t bytes[SIZES];
    double seconds[SIZES];
    long peak_kib;
};

/* A line of /proc/self/status, in KiB. */
static long status_kib(const char *name)
{
    char line[256];
    long kib = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    if (f)
        fclose(f);
    return kib;
}

/* From here on the most memory in use is counted. */
static long begin_peak(void)
{
    malloc_trim(0);
    FILE *f = fopen("/proc/self/clear_refs", "w");
    if (f) {
        fputs("5", f);
        fclose(f);
    }
    return status_kib("VmRSS:");
}

static double shortest(bounce_parser *parser, const struct shape *s, const struct text *t, double least)
{
    double best = 1e9;
    const double start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < 3 || clock_s(CLOCK_PROCESS_CPUTIME_ID) - start < least; i++) {
        const double before = clock_s(CLOCK_PROCESS_CPUTIME_ID);
        run_shape(parser, s, t);
        const double took = clock_s(CLOCK_PROCESS_CPUTIME_ID) - before;
        best = took < best ? took : best;
    }
    return best;
}

static struct figures measure(bounce_parser *parser, const struct shape *s, double least)
{
    struct figures f = {.peak_kib = 0};
    for (int i = 0; i < SIZES; i++) {
        struct text t = build(s, s->bytes << i);
        run_shape(parser, s, &t); /* compiles its expressions */
        const long before = begin_peak();
        run_shape(parser, s, &t);
        f.peak_kib = status_kib("VmHWM:") - before;
        f.bytes[i] = t.n;
        f.seconds[i] = shortest(parser, s, &t, least);
        free(t.bytes);
    }
    return f;
}

static void print(const struct shape *s, const struct figures *f)
{
    printf("| %s | %zu |", s->name, f->bytes[0]);
    for (int i = 0; i < SIZES; i++)
        printf(" %.2f |", f->seconds[i] * 1e3);
    printf(" %.1f | %ld |\n", (double)f->bytes[SIZES - 1] / f->seconds[SIZES - 1] / 1e6, f->peak_kib);
}

int main(int argc, char **argv)
{
    const double least = (argc > 1 ? strtod(argv[1], NULL) : 20) / 1e3;
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    puts("| shape | n, bytes | n, ms | 2n, ms | 4n, ms | MB/s at 4n | KiB at 4n |\n|---|---|---|---|---|---|---|");
    for (size_t i = 0; i < SHAPES; i++) {
        struct figures f = measure(parser, &shapes[i], least);
        print(&shapes[i], &f);
    }
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    return 0;
}
