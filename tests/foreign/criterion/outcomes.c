/* SPDX-License-Identifier: MIT */
/*
 * outcomes.c - tests that pass, fail, crash, hang and exit: test_outcomes.py
 * checks that run_tests.c tells them apart.
 */
#include <criterion/criterion.h>
#include <unistd.h>

static void set_up(void)
{
    puts("set up");
}

static void tear_down(void)
{
    puts("torn down");
}

TestSuite(outcomes, .init = set_up, .fini = tear_down, .timeout = 1);

Test(outcomes, passes)
{
    cr_assert_eq(1, 1, "a message with %d", 1);
    cr_expect_str_eq("a", "a");
}

Test(outcomes, passes_by_its_signal, .signal = SIGTERM)
{
    raise(SIGTERM);
}

Test(outcomes, fails_without_its_signal, .signal = SIGTERM)
{
    cr_expect(true);
}

Test(outcomes, fails_and_goes_on)
{
    cr_expect_eq(1, 2, "because of %d", 7);
    puts("went on");
}

Test(outcomes, fails_at_once)
{
    cr_assert_str_eq("a", "b");
    puts("must not be seen");
}

Test(outcomes, fails_by_a_crash)
{
    raise(SIGSEGV);
}

Test(outcomes, fails_by_time)
{
    for (;;)
        pause();
}

Test(outcomes, fails_by_leaving)
{
    exit(0);
}
