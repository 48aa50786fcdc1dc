/* SPDX-License-Identifier: MIT */
/* test_state_text.c - states as text, and back; names. */
#include "policy_testing.h"

TestSuite(state_text, .init = set_up, .fini = tear_down);

static char text[BOUNCE_STATE_TEXT_BYTES];

static const char *written(void)
{
    size_t n = 0;
    cr_assert_eq(bounce_address_state_write(&state, text, sizeof text, &n), BOUNCE_OK);
    cr_assert_eq(n, strlen(text));
    return text;
}

Test(state_text, nothing)
{
    cr_assert_str_eq(written(), "1");
    state.strikes = 3;
    cr_assert_eq(bounce_address_state_read(&state, "1"), BOUNCE_OK);
    cr_assert_eq(state.strikes, 0);
    cr_assert_eq(bounce_address_state_read(&state, ""), BOUNCE_OK);
    cr_assert_eq(bounce_address_state_read(&state, NULL), BOUNCE_OK);
}

Test(state_text, an_address)
{
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(0, 0), -7));
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(3, 0), 8));
    cr_assert_str_eq(written(),
                     "1 first-bounce=1793491200 last-bounce=1793750400 last-bounce-message=8 last-soft=1793750400 "
                     "last-sent=1793750400 last-event=1793750400 strikes=20758:-7,20761:8");
    const bounce_address_state before = state;
    memset(&state.first_bounce, 0xff,
           sizeof state - offsetof(bounce_address_state, first_bounce) - sizeof state.reserved);
    state.reserved_1 = 0;
    cr_assert_eq(bounce_address_state_read(&state, text), BOUNCE_OK);
    cr_assert_eq(memcmp(&state, &before, sizeof state), 0);
}

Test(state_text, a_domain)
{
    bounce_policy_event e = soft(BOUNCE_REASON_NETWORK_ERROR, at(0, 0), 9);
    bounce_policy_apply_domain(policy, &domain, &e, NULL);
    cr_assert_eq(bounce_domain_state_write(&domain, text, sizeof text, NULL), BOUNCE_OK);
    cr_assert_str_eq(text, "1 last-failure=1793491200 last-event=1793491200 strikes=20758:9");
    const bounce_domain_state before = domain;
    domain.failures = 0;
    domain.failure_days[0] = 4;
    cr_assert_eq(bounce_domain_state_read(&domain, text), BOUNCE_OK);
    cr_assert_eq(memcmp(&domain, &before, sizeof domain), 0);
}

/* The longest possible text. */
Test(state_text, room)
{
    memset(&state, 0x80, sizeof state);
    state.strikes = BOUNCE_STRIKES;
    const size_t n = strlen(written());
    cr_assert_lt(n, BOUNCE_STATE_TEXT_BYTES);
    size_t needed = 0;
    cr_assert_eq(bounce_address_state_write(&state, text, n, &needed), BOUNCE_ERROR_LIMIT);
    cr_assert_eq(needed, n);
    cr_assert_eq(bounce_address_state_write(&state, NULL, 0, &needed), BOUNCE_ERROR_LIMIT);
    cr_assert_eq(bounce_address_state_write(&state, text, n + 1, &needed), BOUNCE_OK);
}

Test(state_text, texts_that_no_version_wrote)
{
    static const char *const wrong[] = {"2",
                                        "1x",
                                        "1 ",
                                        "1 retries",
                                        "1 retries=",
                                        "1 retries=x",
                                        "1 retries=1,2",
                                        "1 nothing=1",
                                        "1 retries=1  proof=1",
                                        "1 strikes=1",
                                        "1 strikes=1:",
                                        "1 strikes=1:2,",
                                        "1 strikes=1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9",
                                        "1 before-strikes=1",
                                        "1 retries=4294967298",
                                        "1 retries=-2147483649",
                                        "1 last-event=9223372036854775808",
                                        "1 strikes=4294967299:7",
                                        "1 strikes=-2147483649:7",
                                        "1 strikes=3:9223372036854775808",
                                        "1 =1",
                                        "x"};
    state.retries = 2;
    const bounce_address_state before = state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_assert_eq(bounce_address_state_read(&state, wrong[i]), BOUNCE_ERROR_SYNTAX, "%s", wrong[i]);
        cr_assert_eq(memcmp(&state, &before, sizeof state), 0);
        if (!strstr(wrong[i], "retries") && !strstr(wrong[i], "before"))
            cr_assert_eq(bounce_domain_state_read(&domain, wrong[i]), BOUNCE_ERROR_SYNTAX, "%s", wrong[i]);
    }
    cr_assert_eq(bounce_address_state_read(NULL, "1"), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_address_state_write(NULL, text, sizeof text, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_domain_state_read(NULL, "1"), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_domain_state_write(NULL, text, sizeof text, NULL), BOUNCE_ERROR_ARGUMENT);
}

#define NAMES(type, last) \
    for (int i = 0; i <= (last); i++) { \
        type value = (type)0; \
        cr_assert(type##_from_name(type##_name((type)i), &value), "%d", i); \
        cr_assert_eq(value, (type)i); \
        cr_assert_not(type##_from_name("unknown", &value)); \
        cr_assert_not(type##_from_name(NULL, &value)); \
        cr_assert_str_eq(type##_name((type)((last) + 1)), "unknown"); \
        cr_assert_str_eq(type##_name((type)-1), "unknown"); \
    }

Test(state_text, names)
{
    NAMES(bounce_state, BOUNCE_STATE_SUPPRESSED)
    NAMES(bounce_basis, BOUNCE_BASIS_RELEASED)
    NAMES(bounce_happened, BOUNCE_HAPPENED_HELD_REJECT)
    NAMES(bounce_because, BOUNCE_BECAUSE_PROVIDER_INCIDENT)
}
