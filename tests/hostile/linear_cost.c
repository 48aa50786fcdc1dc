/* SPDX-License-Identifier: MIT */
/*
 * linear_cost.c - hostile mails and replies, each in one size, in four times that
 * size and, if that is below a limit, in FULL_BYTES, for linear_cost.py, which
 * counts by callgrind what they cost. A shape that a limit cuts (limits.h) is
 * small enough that the first two sizes are below the limit; the last is above it.
 *
 * usage: linear_cost [PART PARTS]     every PARTSth shape from PART (0, 1, ...) on
 *
 * Under callgrind, which begins to count when all texts are made, each shape and
 * size is a dump of its own, named by shape and bytes. Without valgrind, under which sanitizers cannot run, the shapes
 * serve to find errors of memory, and one that takes longer than MAX_SECONDS of processor time is a failure.
 */
#include <valgrind/callgrind.h>

#include <time.h>

#include "shapes.h"

enum { MAX_SECONDS = 60 };

static void count(bounce_parser *parser, const struct shape *s, const struct text *t, size_t size)
{
    char name[100];
    snprintf(name, sizeof name, "%s/%zu", s->name, size);
    CALLGRIND_ZERO_STATS;
    run_shape(parser, s, t);
    CALLGRIND_DUMP_STATS_AT(name);
}

/* The texts of a shape in all its sizes. */
struct sizes {
    size_t bytes[3];
    struct text texts[3];
    size_t count;
};

/* Makes them, and runs the smallest, so that what is done once is done: rules are compiled,
 * and scratch memory grows. */
static struct sizes prepare(bounce_parser *parser, const struct shape *s)
{
    struct sizes made = {.bytes = {s->bytes, GROWTH * s->bytes, FULL_BYTES}, .count = s->bytes < TEXT_BYTES ? 3 : 2};
    for (size_t i = 0; i < made.count; i++)
        made.texts[i] = build(s, made.bytes[i]);
    run_shape(parser, s, &made.texts[0]);
    return made;
}

static bool passes(bounce_parser *parser, const struct shape *s, struct sizes *made)
{
    clock_t before = clock();
    for (size_t i = 0; i < made->count; i++) {
        count(parser, s, &made->texts[i], made->bytes[i]);
        free(made->texts[i].bytes);
    }
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    if (RUNNING_ON_VALGRIND || seconds <= MAX_SECONDS)
        return true;
    printf("FAIL %s: %.1f s of processor time, at most %d\n", s->name, seconds, MAX_SECONDS);
    return false;
}

int main(int argc, char **argv)
{
    size_t part = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, parts = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;
    size_t failures = 0, ran = 0;
    if ((argc != 1 && argc != 3) || part >= parts) {
        fprintf(stderr, "usage: linear_cost [PART PARTS]\n");
        return 2;
    }
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    static struct sizes made[SHAPES];
    for (size_t i = part; i < SHAPES; i += parts)
        made[i] = prepare(parser, &shapes[i]);
    CALLGRIND_START_INSTRUMENTATION;
    for (size_t i = part; i < SHAPES; i += parts, ran++)
        failures += !passes(parser, &shapes[i], &made[i]);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    printf("%zu shapes, %zu failures\n", ran, failures);
    return failures ? 1 : 0;
}
