/* SPDX-License-Identifier: MIT */
/* test_load.c - policy files: defaults, changes, and errors with their place. */
#include "base/limits.h"
#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400 };

static bounce_policy *policy;

static void set_up(void)
{
    policy = bounce_policy_new_default();
}

static void tear_down(void)
{
    bounce_policy_free(policy);
}

TestSuite(load, .init = set_up, .fini = tear_down);

static int64_t setting(const bounce_policy *p, const char *name, size_t index)
{
    int64_t value = -99;
    cr_assert(bounce_policy_setting(p, name, index, &value), "%s", name);
    return value;
}

Test(load, defaults)
{
    cr_assert_eq(setting(policy, "hard-known-delivery", 0), 90 * DAY);
    cr_assert_eq(setting(policy, "full-retries", 3), 7 * DAY);
    cr_assert_eq(setting(policy, "guard-of-sent", 0), 5);
    cr_assert_eq(setting(policy, "strikes-pauses", 0), -1);
    int64_t value = 7;
    cr_assert_not(bounce_policy_setting(policy, "full-retries", 4, &value));
    cr_assert_not(bounce_policy_setting(policy, "no-such-setting", 0, &value));
    cr_assert_eq(value, 7);
}

Test(load, the_default_text_is_a_policy)
{
    const char *text = bounce_policy_default_text();
    bounce_policy *p;
    bounce_error error;
    cr_assert_eq(bounce_policy_read(text, strlen(text), "data/policy", NULL, NULL, &p, &error), BOUNCE_OK, "%u:%u: %s",
                 error.line, error.column, error.message);
    bounce_policy_free(p);
}

Test(load, hard)
{
    bounce_address_state state = {0};
    const bounce_policy_event event = {.happened = BOUNCE_HAPPENED_BOUNCE,
                                       .type = BOUNCE_TYPE_HARD,
                                       .reason = BOUNCE_REASON_NO_SUCH_USER,
                                       .time = 1000000000};
    bounce_policy_decision decision;
    cr_assert_eq(bounce_policy_apply(policy, &state, &event, &decision), BOUNCE_OK);
    cr_assert_eq(state.state, BOUNCE_STATE_SUPPRESSED);
    cr_assert(decision.changed);
    cr_assert(decision.counted);
}

/* ------------------------------------------------------------------ errors */

static char errors[1024];

static void note(void *data, const char *path, const bounce_error *error)
{
    const size_t n = strlen(errors);
    cr_assert_str_eq(data, "data");
    cr_assert_eq(error->status, BOUNCE_ERROR_SYNTAX);
    snprintf(errors + n, sizeof errors - n, "%s:%u:%u: %s\n", path, error->line, error->column, error->message);
}

static const char *errors_of(const char *text)
{
    bounce_policy *p = (bounce_policy *)1;
    bounce_error error;
    char data[] = "data";
    errors[0] = '\0';
    const bounce_status status = bounce_policy_read(text, strlen(text), "p", note, data, &p, &error);
    cr_assert_eq(status, errors[0] ? BOUNCE_ERROR_SYNTAX : BOUNCE_OK);
    if (errors[0])
        cr_assert_null(p);
    bounce_policy_free(p);
    return errors;
}

Test(load, changes)
{
    bounce_policy *p;
    const char *text =
        "\xef\xbb\xbf# mine\r\nhard-pause 3d # three\r\n\r\n  full-retries\t1h 2h\r\nstrikes-pauses 2\r\n"
        "guard-of-sent 7%\r\nfull-pause 2w";
    cr_assert_eq(bounce_policy_read(text, strlen(text), NULL, NULL, NULL, &p, NULL), BOUNCE_OK);
    cr_assert_eq(setting(p, "hard-pause", 0), 3 * DAY);
    cr_assert_eq(setting(p, "full-retries", 1), 7200);
    int64_t value;
    cr_assert_not(bounce_policy_setting(p, "full-retries", 2, &value));
    cr_assert_eq(setting(p, "strikes-pauses", 0), 2);
    cr_assert_eq(setting(p, "guard-of-sent", 0), 7);
    cr_assert_eq(setting(p, "full-pause", 0), 14 * DAY);
    cr_assert_eq(setting(p, "hard-again", 0), 3 * DAY); /* as it was */
    bounce_policy_free(p);
}

Test(load, errors_have_their_place)
{
    cr_assert_str_eq(errors_of(""), "");
    cr_assert_str_eq(errors_of("\n  hart-pause 7d\n"), "p:2:3: 'hart-pause' is not a policy setting\n");
    cr_assert_str_eq(errors_of("hard-pause"), "p:1:11: hard-pause needs a value\n");
    cr_assert_str_eq(errors_of("hard-pause 7"), "p:1:12: '7' is not a span of time such as 90min, 24h, 7d or 2w\n");
    cr_assert_str_eq(errors_of("hard-pause 7d 8d"), "p:1:15: hard-pause has at most 1 value\n");
    cr_assert_str_eq(errors_of("hard-pause 7d\nhard-pause 8d"), "p:2:1: hard-pause is already in this file\n");
    cr_assert_str_eq(errors_of("hard-pause 9999999999w"), "p:1:12: '9999999999w' is too large for hard-pause\n");
    cr_assert_str_eq(errors_of("hard-pause 99999999999d"),
                     "p:1:12: '99999999999d' is not a span of time such as 90min, 24h, 7d or 2w\n");
    cr_assert_str_eq(errors_of("hard-pause 1111111111111111111111d"),
                     "p:1:12: '1111111111111111111111d' is not a span of time such as 90min, 24h, 7d or 2w\n");
    cr_assert_str_eq(errors_of("hard-pause never"),
                     "p:1:12: 'never' is not a span of time such as 90min, 24h, 7d or 2w\n");
    cr_assert_str_eq(errors_of("held-for 1s"), "p:1:10: '1s' is too small for held-for\n");
    cr_assert_str_eq(errors_of("strikes 9"), "p:1:9: '9' is too large for strikes\n");
    cr_assert_str_eq(errors_of("strikes 5x"), "p:1:9: '5x' is no number\n");
    cr_assert_str_eq(errors_of("guard-of-sent 5"), "p:1:15: '5' is no share such as 5%\n");
    cr_assert_str_eq(errors_of("own-domains perhaps"), "p:1:13: 'perhaps' is not ignore, count\n");
    cr_assert_str_eq(errors_of("complaint-unverified x"), "p:1:22: 'x' is not suppress, hold or ignore\n");
    cr_assert_str_eq(errors_of("format 2"), "p:1:8: the format of policy files is 1\n");
    cr_assert_str_eq(errors_of("x\xc3\xa9 1"), "p:1:1: 'x\?\?' is not a policy setting\n");
    cr_assert_str_eq(errors_of("full-retries 1h 2h 3h 4h 5h 6h 7h 8h 9h"),
                     "p:1:38: full-retries has at most 8 values\n");
    cr_assert_str_eq(errors_of("bad\nworse\n"),
                     "p:1:1: 'bad' is not a policy setting\np:2:1: 'worse' is not a policy setting\n");
}

Test(load, errors_of_treat_and_reach)
{
    cr_assert_str_eq(errors_of("treat"), "p:1:6: 'treat' is followed by hard or soft\n");
    cr_assert_str_eq(errors_of("treat hard nobody as dead"), "p:1:12: 'nobody' is no reason\n");
    cr_assert_str_eq(errors_of("treat hard spam dead"), "p:1:17: a reason is followed by 'as'\n");
    cr_assert_str_eq(errors_of("treat hard spam as complaint"), "p:1:20: 'complaint' is not a class of failures\n");
    cr_assert_str_eq(errors_of("treat hard spam as dead now"), "p:1:25: 'now' is one word too many\n");
    cr_assert_str_eq(errors_of("treat hard spam as dead\ntreat hard spam as full"),
                     "p:2:7: this reason is already in this file\n");
    cr_assert_str_eq(errors_of("reach domain tenant"), "p:1:7: 'domain' is not a class with a reach\n");
    cr_assert_str_eq(errors_of("reach dead nobody"), "p:1:12: 'nobody' is not scope, tenant or everywhere\n");
    cr_assert_str_eq(errors_of("reach dead scope\nreach dead tenant"),
                     "p:2:7: the reach of dead is already in this file\n");
    cr_assert_str_eq(errors_of("treat hard spam as dead\ntreat soft spam as strike\nreach dead scope"), "");
}

Test(load, files)
{
    bounce_policy *p = (bounce_policy *)1;
    bounce_error error;
    cr_assert_eq(bounce_policy_load("/nonexistent/policy", NULL, NULL, &p, &error), BOUNCE_ERROR_IO);
    cr_assert_null(p);
    cr_assert_str_eq(error.message, "/nonexistent/policy: No such file or directory");
    cr_assert_eq(bounce_policy_load("/", NULL, NULL, &p, &error), BOUNCE_ERROR_IO);
    cr_assert_eq(bounce_policy_load("/dev/zero", NULL, NULL, &p, &error), BOUNCE_ERROR_IO);
    cr_assert_str_eq(error.message, "/dev/zero: too large for a policy");
    static char path[] = "/tmp/bounce-policy-XXXXXX";
    const int fd = mkstemp(path);
    for (int bytes = LIMIT_POLICY_BYTES; bytes <= (int)LIMIT_POLICY_BYTES + 1; bytes++) {
        cr_assert_eq(ftruncate(fd, bytes), 0);
        cr_assert_eq(bounce_policy_load(path, NULL, NULL, &p, &error),
                     bytes > (int)LIMIT_POLICY_BYTES ? BOUNCE_ERROR_IO : BOUNCE_ERROR_SYNTAX); /* NUL bytes */
    }
    close(fd);
    unlink(path);
    cr_assert_eq(bounce_policy_load(BOUNCE_SOURCE_DIR "/data/policy", NULL, NULL, &p, &error), BOUNCE_OK);
    bounce_policy_free(p);
    cr_assert_eq(bounce_policy_load(NULL, NULL, NULL, &p, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_load("x", NULL, NULL, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_read(NULL, 1, NULL, NULL, NULL, &p, NULL), BOUNCE_ERROR_ARGUMENT);
}

/* The example of doc/policy.md. */
Test(load, the_example_of_the_document)
{
    static char text[65536], example[4096];
    FILE *file = fopen(BOUNCE_SOURCE_DIR "/doc/policy.md", "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *start = strstr(text, "    # Ours."), *end = start ? strstr(start, "\n\n") : NULL;
    cr_assert_not_null(end);
    memcpy(example, start, (size_t)(end - start));
    cr_assert_str_eq(errors_of(example), "");
    bounce_policy *p;
    cr_assert_eq(bounce_policy_read(example, strlen(example), NULL, NULL, NULL, &p, NULL), BOUNCE_OK);
    cr_assert_eq(setting(p, "soft-fade", 0), 365 * DAY);
    bounce_policy_free(p);
}

/* Each setting is in the default policy, and is explained there. */
Test(load, every_setting_has_a_default)
{
    static const char *const names[] = {"hard-known-delivery",
                                        "hard-pause",
                                        "hard-again",
                                        "hard-counts-for",
                                        "full-retries",
                                        "stated-retry-at-most",
                                        "full-pause",
                                        "full-pauses",
                                        "disabled-pause",
                                        "disabled-pauses",
                                        "strikes",
                                        "strikes-over",
                                        "strikes-pause",
                                        "strikes-pauses",
                                        "soft-fade",
                                        "delivery-stands",
                                        "clock-skew",
                                        "domain-again",
                                        "domain-unreachable",
                                        "domain-unreachable-over",
                                        "domain-pause",
                                        "domain-suppress-after",
                                        "complaint-unverified",
                                        "own-domains",
                                        "guard-window",
                                        "guard-history",
                                        "guard-addresses",
                                        "guard-rate",
                                        "guard-of-sent",
                                        "guard-history-least",
                                        "guard-of-outcomes",
                                        "guard-message",
                                        "guard-of-recipients",
                                        "guard-report",
                                        "guard-reporter",
                                        "held-for"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        setting(policy, names[i], 0);
}
