/* SPDX-License-Identifier: MIT */
/*
 * linear_cost.c - hostile mails and replies, each in one size, in four times that
 * size and, where that is below a limit, in FULL_BYTES, for linear_cost.py, which counts by callgrind what they
 * cost. A shape that a limit cuts (limits.h) is small enough that the first two
 * sizes are below the limit; the last is beyond it.
 *
 * usage: linear_cost [PART PARTS]     every PARTSth shape from PART (0, 1, ...) on
 *
 * Under callgrind each shape and size is a dump of its own, named by shape and
 * bytes. Alone (the sanitizers cannot be run under valgrind) the shapes are there
 * for errors of memory, and one that takes longer than MAX_SECONDS of processor
 * time is a failure.
 */
#include <valgrind/callgrind.h>

#include <time.h>

#include "shapes.h"

enum { MAX_SECONDS = 60 };

static void count(bounce_parser *parser, const struct shape *s, size_t size)
{
    char name[100];
    struct text t = build(s, size);
    snprintf(name, sizeof name, "%s/%zu", s->name, size);
    CALLGRIND_ZERO_STATS;
    run_shape(parser, s, &t);
    CALLGRIND_DUMP_STATS_AT(name);
    free(t.bytes);
}

/* The first run is for what is made at its first use: rules are compiled then,
 * and scratch memory grows. */
static bool passes(bounce_parser *parser, const struct shape *s)
{
    clock_t before = clock();
    struct text t = build(s, s->bytes);
    run_shape(parser, s, &t);
    free(t.bytes);
    count(parser, s, s->bytes);
    count(parser, s, GROWTH * s->bytes);
    if (s->bytes < TEXT_BYTES)
        count(parser, s, FULL_BYTES);
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
    for (size_t i = part; i < SHAPES; i += parts, ran++)
        failures += !passes(parser, &shapes[i]);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
    printf("%zu shapes, %zu failures\n", ran, failures);
    return failures ? 1 : 0;
}
