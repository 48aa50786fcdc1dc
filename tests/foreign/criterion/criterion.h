/* SPDX-License-Identifier: MIT */
/*
 * criterion.h - the part of Criterion's interface that tests/unit uses.
 *
 * For machines without Criterion, and for emulators that run a program but not
 * the programs that it executes: Criterion executes the test program again for
 * each test. Here each test runs in a forked process of its own.
 * Used with -DBOUNCE_OWN_CRITERION=ON; run_tests.c is the main program.
 */
#ifndef FOREIGN_CRITERION_H
#define FOREIGN_CRITERION_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
/* Criterion's header includes these, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a message, a string may be NULL only if the test passes. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif

/* Of a test or a suite; a test inherits what it does not set from its suite. */
struct test_options {
    void (*init)(void), (*fini)(void);
    double timeout; /* seconds; 0: not set */
    int signal;     /* must end the test; 0: it runs to its end */
};

struct test {
    const char *suite, *name;
    void (*run)(void); /* NULL: this is a suite */
    struct test_options options;
    struct test *next;
};

void test_register(struct test *test);
/* Prints a failure with its place, and the message, which begins with ": ". */
void test_failed(const char *file, int line, const char *what, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
_Noreturn void test_abort(void);

#define TEST_REGISTER(id, suite_, name_, run_, ...) \
    static struct test id##_entry = {.suite = suite_, .name = name_, .run = run_, .options = {__VA_ARGS__}}; \
    __attribute__((constructor)) static void id##_register(void) \
    { \
        test_register(&id##_entry); \
    } \
    struct test

#define TestSuite(suite, ...) TEST_REGISTER(suite##_suite, #suite, NULL, NULL, __VA_ARGS__)

#define Test(suite, name, ...) \
    static void suite##_##name##_run(void); \
    TEST_REGISTER(suite##_##name, #suite, #name, suite##_##name##_run, __VA_ARGS__); \
    static void suite##_##name##_run(void)

/* Each either goes on after a failure or does not; the message is optional. */
#define TEST_EXPECT(then, holds, what, ...) \
    do { \
        if (!(holds)) { \
            test_failed(__FILE__, __LINE__, what, ": " __VA_ARGS__); \
            then; \
        } \
    } while (0)
#define TEST_GO_ON (void)0

#define TEST_SAME_BYTES(a, b, n) (memcmp((a), (b), (n)) == 0)
#define TEST_SAME_STRING(a, b) (strcmp((a), (b)) == 0)

#define cr_assert(c, ...) TEST_EXPECT(test_abort(), c, #c, __VA_ARGS__)
#define cr_assert_not(c, ...) TEST_EXPECT(test_abort(), !(c), "not " #c, __VA_ARGS__)
#define cr_assert_null(p, ...) TEST_EXPECT(test_abort(), (p) == NULL, #p " is NULL", __VA_ARGS__)
#define cr_assert_not_null(p, ...) TEST_EXPECT(test_abort(), (p) != NULL, #p " is not NULL", __VA_ARGS__)
#define cr_assert_eq(a, b, ...) TEST_EXPECT(test_abort(), (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) TEST_EXPECT(test_abort(), (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) TEST_EXPECT(test_abort(), (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) TEST_EXPECT(test_abort(), (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) TEST_EXPECT(test_abort(), (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) TEST_EXPECT(test_abort(), (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) TEST_EXPECT(test_abort(), TEST_SAME_STRING(a, b), #a " equals " #b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) \
    TEST_EXPECT(test_abort(), !TEST_SAME_STRING(a, b), #a " differs from " #b, __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...) \
    TEST_EXPECT(test_abort(), TEST_SAME_BYTES(a, b, n), #a " equals " #b, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, n, ...) \
    TEST_EXPECT(test_abort(), !TEST_SAME_BYTES(a, b, n), #a " differs from " #b, __VA_ARGS__)
#define cr_assert_fail(...) TEST_EXPECT(test_abort(), false, "not to get here", __VA_ARGS__)

#define cr_expect(c, ...) TEST_EXPECT(TEST_GO_ON, c, #c, __VA_ARGS__)
#define cr_expect_not(c, ...) TEST_EXPECT(TEST_GO_ON, !(c), "not " #c, __VA_ARGS__)
#define cr_expect_null(p, ...) TEST_EXPECT(TEST_GO_ON, (p) == NULL, #p " is NULL", __VA_ARGS__)
#define cr_expect_not_null(p, ...) TEST_EXPECT(TEST_GO_ON, (p) != NULL, #p " is not NULL", __VA_ARGS__)
#define cr_expect_eq(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) TEST_EXPECT(TEST_GO_ON, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) TEST_EXPECT(TEST_GO_ON, TEST_SAME_STRING(a, b), #a " equals " #b, __VA_ARGS__)
#define cr_expect_str_neq(a, b, ...) \
    TEST_EXPECT(TEST_GO_ON, !TEST_SAME_STRING(a, b), #a " differs from " #b, __VA_ARGS__)
#define cr_expect_arr_eq(a, b, n, ...) TEST_EXPECT(TEST_GO_ON, TEST_SAME_BYTES(a, b, n), #a " equals " #b, __VA_ARGS__)
#define cr_expect_arr_neq(a, b, n, ...) \
    TEST_EXPECT(TEST_GO_ON, !TEST_SAME_BYTES(a, b, n), #a " differs from " #b, __VA_ARGS__)
#define cr_expect_fail(...) TEST_EXPECT(TEST_GO_ON, false, "not to get here", __VA_ARGS__)

#endif
