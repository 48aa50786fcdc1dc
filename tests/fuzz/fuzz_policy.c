/* SPDX-License-Identifier: MIT */
/*
 * fuzz_policy.c - any bytes as a policy file, a state from a table, an address, and events.
 *
 * The first two lines are the text of a state and an address. What follows up to an empty line is a
 * policy file, and the rest is events, some bytes each: whatever they are, a state remains valid, time has
 * the same effect in one step and in two, and events in any order lead to one state.
 */
#include "fuzz.h"

enum { EVENTS = 64, EVENT_BYTES = 6, DAY = 86400 };
#define START INT64_C(1793491200)

struct input {
    const uint8_t *data;
    size_t size;
};

/* The next line, as far as there is room, without its NUL bytes. */
static void take_line(struct input *in, char *line, size_t room)
{
    size_t n = 0;
    while (in->size && *in->data != '\n') {
        if (n + 1 < room && *in->data)
            line[n++] = (char)*in->data;
        in->data++, in->size--;
    }
    line[n] = '\0';
    if (in->size)
        in->data++, in->size--;
}

static void on_error(void *data, const char *path, const bounce_error *error)
{
    size_t *count = data;
    ++*count;
    MUST(path && error->status == BOUNCE_ERROR_SYNTAX && error->line && error->column && error->message[0]);
    fuzz_check_string(error->message);
}

static bounce_policy *take_policy(struct input *in)
{
    size_t n = 0, errors = 0;
    bounce_policy *policy;
    bounce_error error;
    while (n < in->size && !(in->data[n] == '\n' && (!n || in->data[n - 1] == '\n')))
        n++;
    const bounce_status status = bounce_policy_read((const char *)in->data, n, "p", on_error, &errors, &policy, &error);
    MUST((status == BOUNCE_OK) == (errors == 0) && (policy != NULL) == (errors == 0));
    in->data += n;
    in->size -= n;
    return policy ? policy : bounce_policy_new_default();
}

static size_t take_events(struct input *in, bounce_policy_event *events)
{
    size_t count = 0;
    int64_t time = START;
    for (; count < EVENTS && in->size >= EVENT_BYTES; count++, in->data += EVENT_BYTES, in->size -= EVENT_BYTES) {
        const uint8_t *d = in->data;
        time += d[0] * (int64_t)3600;
        events[count] = (bounce_policy_event){.happened = d[1] % (BOUNCE_HAPPENED_HELD_REJECT + 1),
                                              .type = d[2] % 3,
                                              .reason = d[3] % (BOUNCE_REASON_DELIVERED + 1),
                                              .cause = d[3] % 7,
                                              .sent = d[2] >> 6,
                                              .because = d[2] % 5,
                                              .flags = (uint32_t)(d[4] & 3) | (d[4] > 250 ? BOUNCE_EVENT_GUARDED : 0),
                                              .time = time - (d[4] > 240 ? d[5] * (int64_t)DAY : 0),
                                              .retry_at = d[5] > 200 ? time + d[5] : 0,
                                              .message = d[5]};
    }
    return count;
}

static void check_decision(const bounce_policy_decision *d)
{
    MUST(d->from >= BOUNCE_STATE_FREE && d->from <= BOUNCE_STATE_SUPPRESSED);
    MUST(d->to >= BOUNCE_STATE_FREE && d->to <= BOUNCE_STATE_SUPPRESSED);
    MUST(strcmp(bounce_basis_name((bounce_basis)d->basis), "unknown") != 0);
    fuzz_check_string(d->why);
}

/* A state survives conversion to text and back; time in two steps is time in one. */
static void check_state(const bounce_policy *policy, const bounce_address_state *state)
{
    char text[BOUNCE_STATE_TEXT_BYTES];
    bounce_address_state again = *state, once = *state;
    MUST(bounce_address_state_write(state, text, sizeof text, NULL) == BOUNCE_OK);
    MUST(bounce_address_state_read(&again, text) == BOUNCE_OK && !memcmp(state, &again, sizeof again));
    const int64_t end = state->last_event + 200 * (int64_t)DAY;
    MUST(bounce_policy_tick(policy, &again, state->last_event + 30 * (int64_t)DAY, NULL) == BOUNCE_OK);
    MUST(bounce_policy_tick(policy, &again, end, NULL) == BOUNCE_OK);
    MUST(bounce_policy_tick(policy, &once, end, NULL) == BOUNCE_OK);
    MUST(!memcmp(&once, &again, sizeof again));
    MUST(!once.next || once.next > end);
}

static void apply_all(const bounce_policy *policy, const bounce_policy_event *events, size_t count)
{
    bounce_address_state state = {0};
    bounce_domain_state domain = {0};
    bounce_policy_decision decision;
    for (size_t i = 0; i < count; i++) {
        MUST(bounce_policy_reach(policy, &events[i]) < 32);
        MUST(bounce_policy_apply(policy, &state, &events[i], &decision) == BOUNCE_OK);
        check_decision(&decision);
        check_state(policy, &state);
        MUST(bounce_policy_apply_domain(policy, &domain, &events[i], &decision) == BOUNCE_OK);
        check_decision(&decision);
    }
}

static void replay_all(const bounce_policy *policy, bounce_policy_event *events, size_t count)
{
    bounce_address_state state, turned;
    bounce_policy_decision decision;
    MUST(bounce_policy_replay(policy, events, count, 0, &state, &decision) == BOUNCE_OK);
    for (size_t i = 0; i < count / 2; i++) {
        const bounce_policy_event e = events[i];
        events[i] = events[count - 1 - i];
        events[count - 1 - i] = e;
    }
    MUST(bounce_policy_replay(policy, events, count, 0, &turned, &decision) == BOUNCE_OK);
    MUST(!memcmp(&state, &turned, sizeof state));
}

/* From a table to which somebody else wrote. */
static void apply_to_odd_state(const bounce_policy *policy, const char *text, const bounce_policy_event *event)
{
    bounce_address_state state = {.state = BOUNCE_STATE_PAUSED, .until = START};
    bounce_domain_state domain = {.state = BOUNCE_STATE_PAUSED, .until = START};
    if (bounce_address_state_read(&state, text) == BOUNCE_OK)
        bounce_policy_apply(policy, &state, event, NULL);
    if (bounce_domain_state_read(&domain, text) == BOUNCE_OK)
        bounce_policy_apply_domain(policy, &domain, event, NULL);
}

static void check_key(const char *address)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES], again[BOUNCE_ADDRESS_KEY_BYTES];
    size_t n;
    const bounce_status status = bounce_address_key(address, key, sizeof key, &n);
    MUST(status == BOUNCE_OK || status == BOUNCE_ERROR_ARGUMENT);
    MUST(n == strlen(key));
    fuzz_check_string(key);
    const char *at = strrchr(key, '@');
    if (status == BOUNCE_OK) {
        MUST(at && bounce_domain_key(at + 1, again, sizeof again, NULL) == BOUNCE_OK && !strcmp(at + 1, again));
    }
    bounce_message_key(address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    char text[1024], address[1100];
    bounce_policy_event events[EVENTS] = {{0}};
    take_line(&in, text, sizeof text);
    take_line(&in, address, sizeof address);
    check_key(address);
    bounce_policy *policy = take_policy(&in);
    MUST(policy);
    const size_t count = take_events(&in, events);
    apply_to_odd_state(policy, text, &events[0]);
    apply_all(policy, events, count);
    replay_all(policy, events, count);
    bounce_policy_free(policy);
    return 0;
}
