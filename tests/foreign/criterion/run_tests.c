/* SPDX-License-Identifier: MIT */
/*
 * run_tests.c - runs the tests of one program, each in a process of its own.
 *
 * In: the tests and suites that Test() and TestSuite() have registered
 * (criterion.h). Out: each failure with its place, a summary line, and exit status
 * 1 if any test failed, crashed or took too long, or if there is none.
 * Arguments are accepted because Criterion has --jobs, and are ignored.
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_S = 60, RAN_TO_ITS_END = 99 /* unlike a test that exits by itself */ };

static struct test *registered, **last = &registered;
static bool failed; /* the test that this process runs */

void test_register(struct test *test)
{
    *last = test;
    last = &test->next;
}

void test_failed(const char *file, int line, const char *what, const char *message, ...)
{
    va_list args;
    failed = true;
    printf("%s:%d: expected %s", file, line, what);
    va_start(args, message);
    vprintf(message, args);
    va_end(args);
    putchar('\n');
}

void test_abort(void)
{
    fflush(stdout);
    _exit(1);
}

static const struct test_options *suite_options(const struct test *test)
{
    static const struct test_options none;
    for (const struct test *t = registered; t; t = t->next)
        if (!t->run && strcmp(t->suite, test->suite) == 0)
            return &t->options;
    return &none;
}

/* With many programs on one processor, or an emulated one, everything takes longer. */
static unsigned timeout_s(const struct test *test)
{
    double said = test->options.timeout > 0 ? test->options.timeout : suite_options(test)->timeout;
    return (unsigned)(said > 0 ? said : DEFAULT_TIMEOUT_S) * TEST_TIMEOUT_FACTOR;
}

/* Runs in the process of the test. */
static _Noreturn void run(const struct test *test)
{
    const struct test_options *suite = suite_options(test);
    void (*init)(void) = test->options.init ? test->options.init : suite->init;
    void (*fini)(void) = test->options.fini ? test->options.fini : suite->fini;
    alarm(timeout_s(test));
    if (init)
        init();
    test->run();
    if (fini)
        fini();
    exit(failed ? 1 : RAN_TO_ITS_END);
}

static bool passes(const struct test *test)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        run(test);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("run_tests");
        return false;
    }
    if (test->options.signal ? WIFSIGNALED(status) && WTERMSIG(status) == test->options.signal
                             : WIFEXITED(status) && WEXITSTATUS(status) == RAN_TO_ITS_END)
        return true;
    printf("FAILED %s/%s", test->suite, test->name);
    if (WIFSIGNALED(status))
        printf(": %s", WTERMSIG(status) == SIGALRM ? "took too long" : strsignal(WTERMSIG(status)));
    putchar('\n');
    return false;
}

int main(void)
{
    size_t tested = 0, passed = 0;
    for (const struct test *test = registered; test; test = test->next) {
        if (!test->run)
            continue;
        tested++;
        passed += passes(test);
    }
    printf("Tested: %zu | Passed: %zu | Failed: %zu\n", tested, passed, tested - passed);
    return passed == tested && tested ? 0 : 1;
}
