/* SPDX-License-Identifier: MIT */
/*
 * names.c - the words of states, and of what led to them.
 *
 * In: values or names. Out: the other of both. An unknown value is "unknown"; that is no name of any.
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

#define BOTH_WAYS(type, names) \
    const char *type##_name(type value) \
    { \
        return name_of(names, COUNT(names), (int)value); \
    } \
    bool type##_from_name(const char *name, type *value) \
    { \
        const size_t i = value_of(names, COUNT(names), name); \
        if (i < COUNT(names)) \
            *value = (type)i; \
        return i < COUNT(names); \
    }

BOTH_WAYS(bounce_state, states)
BOTH_WAYS(bounce_basis, bases)
BOTH_WAYS(bounce_happened, happenings)
BOTH_WAYS(bounce_because, reasons_to_release)
