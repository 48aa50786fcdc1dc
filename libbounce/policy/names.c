/* SPDX-License-Identifier: MIT */
/*
 * names.c - the names of states and of their causes.
 *
 * In: values or names. Out: the other one. The name of an unknown value is "unknown", which no value has.
 */
#include "bounce.h"

#include <string.h>

#include "base/span.h"

// clang-format off
static const char *const states[] = {"free", "watched", "due", "paused", "held", "suppressed"};
static const char *const bases[] = {
    "nothing", "hard", "hard-first", "hard-again", "hard-after-release", "full", "full-for-long", "disabled",
    "disabled-for-long", "strikes", "no-reason", "complaint", "unverified-complaint", "unsubscribed", "service",
    "dead-domain", "unreachable-domain", "guard", "delivered", "imported", "released"};
static const char *const happenings[] = {
    "nothing", "bounce", "delay", "delivery", "sent", "complaint", "not-spam", "unsubscription", "release",
    "suppression", "guard", "held-accept", "held-reject"};
static const char *const reasons_to_release[] = {
    "not-stated", "resubscribed", "typo-fixed", "confirmed", "provider-incident"};
// clang-format on

static const char *name_of(const char *const *names, size_t count, int value)
{
    return value >= 0 && (size_t)value < count ? names[value] : "unknown";
}

/* count if there is none. */
static size_t value_of(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && (!name || strcmp(names[i], name) != 0))
        i++;
    return i;
}

const char *bounce_state_name(bounce_state state)
{
    return name_of(states, COUNT(states), (int)state);
}

bool bounce_state_from_name(const char *name, bounce_state *value)
{
    const size_t i = value_of(states, COUNT(states), name);
    if (i < COUNT(states))
        *value = (bounce_state)i;
    return i < COUNT(states);
}

const char *bounce_basis_name(bounce_basis basis)
{
    return name_of(bases, COUNT(bases), (int)basis);
}

bool bounce_basis_from_name(const char *name, bounce_basis *value)
{
    const size_t i = value_of(bases, COUNT(bases), name);
    if (i < COUNT(bases))
        *value = (bounce_basis)i;
    return i < COUNT(bases);
}

const char *bounce_happened_name(bounce_happened happened)
{
    return name_of(happenings, COUNT(happenings), (int)happened);
}

bool bounce_happened_from_name(const char *name, bounce_happened *value)
{
    const size_t i = value_of(happenings, COUNT(happenings), name);
    if (i < COUNT(happenings))
        *value = (bounce_happened)i;
    return i < COUNT(happenings);
}

const char *bounce_because_name(bounce_because because)
{
    return name_of(reasons_to_release, COUNT(reasons_to_release), (int)because);
}

bool bounce_because_from_name(const char *name, bounce_because *value)
{
    const size_t i = value_of(reasons_to_release, COUNT(reasons_to_release), name);
    if (i < COUNT(reasons_to_release))
        *value = (bounce_because)i;
    return i < COUNT(reasons_to_release);
}
