/* SPDX-License-Identifier: MIT */
/* test_load.c - policy files: defaults, changes, and errors with their place. */
#include "bounce.h"

#include <criterion/criterion.h>
#include <string.h>

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
