/* SPDX-License-Identifier: MIT */
/*
 * state_text.c - the members of a state that only the policy reads, as one line of text.
 *
 * In: a state. Out: "1 last-bounce=1606780800 strikes=18597:0,18600:7", without what is 0; and back.
 * Refused: text that no version wrote, and numbers that do not fit into a state; the state is then unchanged.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/policy.h"

struct column {
    struct span name;
    size_t at;
    bool wide; /* of 64 bits */
};
#define WIDE(type, member, name) SPAN(name), offsetof(type, member), true
#define NARROW(type, member, name) SPAN(name), offsetof(type, member), false

// clang-format off
#define OF bounce_address_state
static const struct column address_columns[] = {
    {WIDE(OF, first_bounce, "first-bounce")}, {WIDE(OF, last_bounce, "last-bounce")},
    {WIDE(OF, last_bounce_message, "last-bounce-message")}, {WIDE(OF, last_soft, "last-soft")},
    {WIDE(OF, last_hard, "last-hard")}, {WIDE(OF, first_hard, "first-hard")},
    {WIDE(OF, last_delivery, "last-delivery")}, {WIDE(OF, last_sent, "last-sent")},
    {WIDE(OF, last_event, "last-event")}, {WIDE(OF, released, "released")}, {WIDE(OF, complained, "complained")},
    {WIDE(OF, complaint_message, "complaint-message")}, {WIDE(OF, unsubscribed, "unsubscribed")},
    {NARROW(OF, retries, "retries")}, {NARROW(OF, full_pauses, "full-pauses")},
    {NARROW(OF, disabled_pauses, "disabled-pauses")}, {NARROW(OF, strike_pauses, "strike-pauses")},
    {WIDE(OF, proof, "proof")}, {WIDE(OF, proof_message, "proof-message")},
    {WIDE(OF, before_since, "before-since")}, {WIDE(OF, before_until, "before-until")},
    {WIDE(OF, before_delivery, "before-delivery")}, {WIDE(OF, before_first_hard, "before-first-hard")},
    {NARROW(OF, before_state, "before-state")}, {NARROW(OF, before_basis, "before-basis")},
    {NARROW(OF, before_cause, "before-cause")}, {NARROW(OF, before_retries, "before-retries")},
    {NARROW(OF, before_full_pauses, "before-full-pauses")},
    {NARROW(OF, before_disabled_pauses, "before-disabled-pauses")},
    {NARROW(OF, before_strike_pauses, "before-strike-pauses")}, {NARROW(OF, before_strikes, "before-strikes")}};
#undef OF
#define OF bounce_domain_state
static const struct column domain_columns[] = {
    {WIDE(OF, first_dead, "first-dead")}, {WIDE(OF, last_failure, "last-failure")},
    {WIDE(OF, last_delivery, "last-delivery")}, {WIDE(OF, last_event, "last-event")},
    {WIDE(OF, released, "released")}, {WIDE(OF, paused_first, "paused-first")}, {NARROW(OF, pauses, "pauses")}};
#undef OF
// clang-format on

/* A state, and where its columns and its strikes are. */
struct shape {
    const struct column *columns;
    size_t count, strikes, days, messages;
};
static const struct shape of_address = {
    address_columns, COUNT(address_columns), offsetof(bounce_address_state, strikes),
    offsetof(bounce_address_state, strike_days), offsetof(bounce_address_state, strike_messages)};
static const struct shape of_domain = {domain_columns, COUNT(domain_columns), offsetof(bounce_domain_state, failures),
                                       offsetof(bounce_domain_state, failure_days),
                                       offsetof(bounce_domain_state, failure_messages)};

/* ---------------------------------------------------------------- writing */

struct text {
    char *buffer;
    size_t capacity, n; /* n: including what did not fit */
};

__attribute__((format(printf, 2, 3))) static void add(struct text *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t room = to->n < to->capacity ? to->capacity - to->n : 0;
    to->n += (size_t)vsnprintf(room ? to->buffer + to->n : NULL, room, format, arguments);
    va_end(arguments);
}

static int64_t get(const char *state, const struct column *c)
{
    int64_t wide;
    int32_t narrow;
    memcpy(c->wide ? (void *)&wide : (void *)&narrow, state + c->at, c->wide ? sizeof wide : sizeof narrow);
    return c->wide ? wide : narrow;
}

static bool is_narrow(int64_t value)
{
    return value >= INT32_MIN && value <= INT32_MAX;
}

/* False: the value does not fit into the column. */
static bool set(char *state, const struct column *c, int64_t value)
{
    const int32_t narrow = (int32_t)value;
    if (!c->wide && !is_narrow(value))
        return false;
    memcpy(state + c->at, c->wide ? (const void *)&value : (const void *)&narrow,
           c->wide ? sizeof value : sizeof narrow);
    return true;
}

static bounce_status write_state(const struct shape *shape, const char *state, struct text *to)
{
    int32_t strikes, day;
    int64_t message;
    add(to, "1");
    for (size_t i = 0; i < shape->count; i++)
        if (get(state, &shape->columns[i]))
            add(to, " %s=%lld", shape->columns[i].name.s, (long long)get(state, &shape->columns[i]));
    memcpy(&strikes, state + shape->strikes, sizeof strikes);
    for (int32_t i = 0; i < strikes && i < BOUNCE_STRIKES; i++) {
        memcpy(&day, state + shape->days + (size_t)i * sizeof day, sizeof day);
        memcpy(&message, state + shape->messages + (size_t)i * sizeof message, sizeof message);
        add(to, "%s%ld:%lld", i ? "," : " strikes=", (long)day, (long long)message);
    }
    return to->n < to->capacity ? BOUNCE_OK : BOUNCE_ERROR_LIMIT;
}

/* ---------------------------------------------------------------- reading */

/* A number, and the byte after it, which is one of those that may end it. */
static bool take_number(const char **c, const char *ends, int64_t *value)
{
    char *end;
    if (**c != '-' && !ascii_is_digit(**c))
        return false;
    errno = 0;
    *value = strtoll(*c, &end, 10);
    *c = end;
    return errno == 0 && (!*end || strchr(ends, *end));
}

static bool read_strikes(const struct shape *shape, char *state, const char **c)
{
    int32_t strikes = 0;
    for (bool more = true; more; strikes++) {
        int64_t wide_day, message;
        if (strikes == BOUNCE_STRIKES || !take_number(c, ":", &wide_day) || *(*c)++ != ':' ||
            !take_number(c, ", ", &message) || !is_narrow(wide_day))
            return false;
        const int32_t day = (int32_t)wide_day;
        memcpy(state + shape->days + (size_t)strikes * sizeof day, &day, sizeof day);
        memcpy(state + shape->messages + (size_t)strikes * sizeof message, &message, sizeof message);
        more = **c == ',';
        *c += more;
    }
    memcpy(state + shape->strikes, &strikes, sizeof strikes);
    return true;
}

static const struct column *find_column(const struct shape *shape, struct span name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->columns[i].name.n == name.n && memcmp(shape->columns[i].name.s, name.s, name.n) == 0)
            return &shape->columns[i];
    return NULL;
}

/* "NAME=VALUE" */
static bool read_pair(const struct shape *shape, char *state, const char **c)
{
    const char *equals = strchr(*c, '=');
    const struct span name = span_of(*c, equals ? (size_t)(equals - *c) : 0);
    int64_t value;
    *c += name.n + 1;
    if (!equals)
        return false;
    if (span_equal_nocase(name, "strikes"))
        return read_strikes(shape, state, c);
    const struct column *column = find_column(shape, name);
    return column && take_number(c, " ", &value) && set(state, column, value);
}

static bool read_state(const struct shape *shape, char *state, const char *text)
{
    const int32_t none = 0;
    for (size_t i = 0; i < shape->count; i++)
        set(state, &shape->columns[i], 0);
    memcpy(state + shape->strikes, &none, sizeof none);
    memset(state + shape->days, 0, BOUNCE_STRIKES * sizeof(int32_t));
    memset(state + shape->messages, 0, BOUNCE_STRIKES * sizeof(int64_t));
    if (!text || !*text)
        return true;
    if (*text != '1' || (text[1] && text[1] != ' '))
        return false;
    for (const char *c = text + 1; *c;)
        if (*c++ != ' ' || !read_pair(shape, state, &c))
            return false;
    return true;
}

/* ----------------------------------------------------------------- public */

static bounce_status start_text(struct text *to, const void *state, size_t *length)
{
    if (length)
        *length = 0;
    if (!state || (!to->buffer && to->capacity))
        return BOUNCE_ERROR_ARGUMENT;
    return BOUNCE_OK;
}

bounce_status bounce_address_state_write(const bounce_address_state *state, char *buffer, size_t capacity,
                                         size_t *length)
{
    struct text to = {buffer, capacity, 0};
    bounce_status status = start_text(&to, state, length);
    if (status == BOUNCE_OK)
        status = write_state(&of_address, (const char *)state, &to);
    if (length)
        *length = to.n;
    return status;
}

bounce_status bounce_domain_state_write(const bounce_domain_state *state, char *buffer, size_t capacity, size_t *length)
{
    struct text to = {buffer, capacity, 0};
    bounce_status status = start_text(&to, state, length);
    if (status == BOUNCE_OK)
        status = write_state(&of_domain, (const char *)state, &to);
    if (length)
        *length = to.n;
    return status;
}

bounce_status bounce_address_state_read(bounce_address_state *state, const char *text)
{
    if (!state)
        return BOUNCE_ERROR_ARGUMENT;
    bounce_address_state read = *state;
    if (!read_state(&of_address, (char *)&read, text) || read.before_strikes < 0 || read.before_strikes > read.strikes)
        return BOUNCE_ERROR_SYNTAX;
    *state = read;
    return BOUNCE_OK;
}

bounce_status bounce_domain_state_read(bounce_domain_state *state, const char *text)
{
    if (!state)
        return BOUNCE_ERROR_ARGUMENT;
    bounce_domain_state read = *state;
    if (!read_state(&of_domain, (char *)&read, text))
        return BOUNCE_ERROR_SYNTAX;
    *state = read;
    return BOUNCE_OK;
}
