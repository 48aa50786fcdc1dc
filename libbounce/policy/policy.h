/* SPDX-License-Identifier: MIT */
/*
 * policy.h - a policy in memory, and what the files of this room share.
 *
 * In: states and events, as bounce.h has them. Out: states and decisions. Nothing here reads a clock, a file other than
 * the policy's own, or anything else that is not passed in. May see base, mail, smtp and report.
 */
#ifndef BOUNCE_POLICY_POLICY_H
#define BOUNCE_POLICY_POLICY_H

#include "base/span.h"
#include "bounce.h"
#include "smtp/reasons.h"

enum { SECONDS_OF_DAY = 86400, SETTING_VALUES_MAX = 8, COUNTS_MAX = 1000000 };

/* What a failure counts as. */
enum treatment {
    TREAT_NOTHING,
    TREAT_DEAD,
    TREAT_FULL,
    TREAT_DISABLED,
    TREAT_STRIKE,
    TREAT_REFUSED,
    TREAT_HOLD,
    TREAT_DOMAIN,
    TREAT_UNREACHABLE,
    TREAT_SERVICE,
    TREAT_COMPLAINT, /* these two are not failures, but have a reach */
    TREAT_UNSUBSCRIPTION,
    TREAT_COUNT
};

/* In the order of the table in settings.c. */
enum setting {
    HARD_KNOWN_DELIVERY,
    HARD_PAUSE,
    HARD_AGAIN,
    HARD_COUNTS_FOR,
    FULL_RETRIES,
    STATED_RETRY_AT_MOST,
    FULL_PAUSE,
    FULL_PAUSES,
    DISABLED_PAUSE,
    DISABLED_PAUSES,
    STRIKES,
    STRIKES_OVER,
    STRIKES_PAUSE,
    STRIKES_PAUSES,
    SOFT_FADE,
    DELIVERY_STANDS,
    CLOCK_SKEW,
    DOMAIN_AGAIN,
    DOMAIN_UNREACHABLE,
    DOMAIN_UNREACHABLE_OVER,
    DOMAIN_PAUSE,
    DOMAIN_SUPPRESS_AFTER,
    COMPLAINT_UNVERIFIED,
    OWN_DOMAINS,
    GUARD_WINDOW,
    GUARD_HISTORY,
    GUARD_ADDRESSES,
    GUARD_RATE,
    GUARD_OF_SENT,
    GUARD_HISTORY_LEAST,
    GUARD_OF_OUTCOMES,
    GUARD_MESSAGE,
    GUARD_OF_RECIPIENTS,
    GUARD_REPORT,
    GUARD_REPORTER,
    HELD_FOR,
    SETTING_COUNT
};

/* The value of a setting that is a word. */
enum unverified { UNVERIFIED_SUPPRESS, UNVERIFIED_HOLD, UNVERIFIED_IGNORE };
enum own_domains { OWN_DOMAINS_IGNORE, OWN_DOMAINS_COUNT };
enum { SETTING_NEVER = -1 };

struct bounce_policy {
    int64_t values[SETTING_COUNT][SETTING_VALUES_MAX];
    size_t counts[SETTING_COUNT];
    unsigned char treat[2][REASON_COUNT]; /* [type is hard]: enum treatment */
    unsigned char reach[TREAT_COUNT];     /* bit of bounce_reach */
};

static inline int64_t policy_value(const struct bounce_policy *p, enum setting s)
{
    return p->values[s][0];
}

/* What kind of values a setting has. */
enum setting_kind { KIND_SPAN, KIND_NUMBER, KIND_PERCENT, KIND_WORD };
struct setting_info {
    struct span name;
    enum setting_kind kind;
    size_t values_max;
    int64_t min, max; /* of a value */
    bool may_be_never;
    const char *words[4]; /* of KIND_WORD: the value is the index; NULL ends them */
};
/* settings.c */
const struct setting_info *setting_info(enum setting s);
/* SETTING_COUNT if there is none. */
enum setting setting_by_name(struct span name);
const char *treatment_name(enum treatment t);
/* TREAT_COUNT if there is none. */
enum treatment treatment_by_name(struct span name);

/* data/policy, which the build turns into a source file. */
extern const char bounce_builtin_policy[];
extern const size_t bounce_builtin_policy_length;

#endif
