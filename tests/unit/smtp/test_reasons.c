/* SPDX-License-Identifier: MIT */
/* test_reasons.c - the table of reasons. */
#include "smtp/reasons.h"
#include "smtp/registry.h"

#include <criterion/criterion.h>
#include <string.h>

/* Group, type, default class and first code of every reason: the contract. */
static const struct {
    bounce_reason reason;
    const char *name;
    bounce_group group;
    bounce_type type;
    int default_class;
    uint32_t code; /* 0: none, or X.0.0 */
} contract[] = {
    {BOUNCE_REASON_UNKNOWN, "unknown", BOUNCE_GROUP_OTHER, BOUNCE_TYPE_SOFT, 4, 0},
    {BOUNCE_REASON_NO_SUCH_USER, "no-such-user", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 1)},
    {BOUNCE_REASON_NO_SUCH_DOMAIN, "no-such-domain", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 2)},
    {BOUNCE_REASON_BAD_ADDRESS, "bad-address", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 3)},
    {BOUNCE_REASON_MAILBOX_MOVED, "mailbox-moved", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 6)},
    {BOUNCE_REASON_MAILBOX_DISABLED, "mailbox-disabled", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(2, 1)},
    {BOUNCE_REASON_MAILBOX_FULL, "mailbox-full", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_SOFT, 5, CODE(2, 2)},
    {BOUNCE_REASON_RECIPIENT_REFUSED, "recipient-refused", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_NO_MAIL_SERVICE, "no-mail-service", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 10)},
    {BOUNCE_REASON_SUPPRESSED, "suppressed", BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5, CODE(1, 1)},
    {BOUNCE_REASON_MESSAGE_TOO_LARGE, "message-too-large", BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5, CODE(3, 4)},
    {BOUNCE_REASON_CONTENT_REJECTED, "content-rejected", BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5, CODE(6, 0)},
    {BOUNCE_REASON_NONCOMPLIANT, "noncompliant", BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5, CODE(6, 0)},
    {BOUNCE_REASON_SPAM, "spam", BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_VIRUS, "virus", BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_RELAY_DENIED, "relay-denied", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_AUTH_FAILURE, "auth-failure", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 26)},
    {BOUNCE_REASON_AUTH_REQUIRED, "auth-required", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 0)},
    {BOUNCE_REASON_IP_BLOCKED, "ip-blocked", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_BAD_REPUTATION, "bad-reputation", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_PTR_MISSING, "ptr-missing", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 25)},
    {BOUNCE_REASON_SENDER_REJECTED, "sender-rejected", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(1, 8)},
    {BOUNCE_REASON_POLICY, "policy", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 1)},
    {BOUNCE_REASON_TLS_REQUIRED, "tls-required", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5, CODE(7, 10)},
    {BOUNCE_REASON_RATE_LIMITED, "rate-limited", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4, CODE(7, 0)},
    {BOUNCE_REASON_TOO_MANY_CONNECTIONS, "too-many-connections", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4, CODE(7, 0)},
    {BOUNCE_REASON_TOO_MANY_RECIPIENTS, "too-many-recipients", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4, CODE(5, 3)},
    {BOUNCE_REASON_GREYLISTED, "greylisted", BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4, CODE(7, 1)},
    {BOUNCE_REASON_SYSTEM_FULL, "system-full", BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4, CODE(3, 1)},
    {BOUNCE_REASON_SYSTEM_ERROR, "system-error", BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4, CODE(3, 0)},
    {BOUNCE_REASON_MAILER_ERROR, "mailer-error", BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4, CODE(3, 0)},
    {BOUNCE_REASON_NETWORK_ERROR, "network-error", BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4, CODE(4, 1)},
    {BOUNCE_REASON_DNS_ERROR, "dns-error", BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4, CODE(4, 3)},
    {BOUNCE_REASON_ROUTING_LOOP, "routing-loop", BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 5, CODE(4, 6)},
    {BOUNCE_REASON_EXPIRED, "expired", BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4, CODE(4, 7)},
    {BOUNCE_REASON_PROTOCOL_ERROR, "protocol-error", BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 5, CODE(5, 0)},
    {BOUNCE_REASON_COMPLAINT, "complaint", BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2, 0},
    {BOUNCE_REASON_CHALLENGE, "challenge", BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2, 0},
    {BOUNCE_REASON_DELIVERED, "delivered", BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2, 0},
};

Test(reasons, table_is_the_contract)
{
    cr_assert_eq(COUNT(contract), (size_t)REASON_COUNT);
    for (size_t i = 0; i < COUNT(contract); i++) {
        const struct reason_info *info = reason_info(contract[i].reason);
        const char *name = contract[i].name;
        cr_assert_eq((size_t)contract[i].reason, i, "%s", name);
        cr_assert_str_eq(info->name.s, name);
        cr_assert_eq(info->name.length, strlen(name), "%s", name);
        cr_assert_eq(info->group, contract[i].group, "%s", name);
        cr_assert_eq(info->type, contract[i].type, "%s", name);
        cr_assert_eq(info->default_class, contract[i].default_class, "%s", name);
        cr_assert_eq(info->codes[0], contract[i].code, "%s", name);
    }
}

Test(reasons, every_row_is_complete)
{
    for (int i = 0; i < REASON_COUNT; i++) {
        const struct reason_info *info = reason_info((bounce_reason)i);
        cr_assert(info->code_count < REASON_CODES_MAX, "%s", info->name.s);
        for (size_t k = 0; k < REASON_CODES_MAX; k++) /* the count is the number of codes in the row */
            cr_assert_eq(k < info->code_count, info->codes[k] || (!k && info->code_count), "%s: code %zu", info->name.s,
                         k);
        cr_assert(info->meaning && *info->meaning && !strchr(info->meaning, '\n'), "%s", info->name.s);
        cr_assert(info->advice_text && *info->advice_text, "%s", info->name.s);
        cr_assert_eq(bounce_reason_from_name(info->name.s), (bounce_reason)i, "%s", info->name.s);
    }
}

/* The advice to suppress is for dead addresses, and for those whose owners complain. */
Test(reasons, suppress_is_for_hard_reasons_and_complaints)
{
    for (int i = 0; i < REASON_COUNT; i++) {
        const struct reason_info *info = reason_info((bounce_reason)i);
        bool suppress = false;
        for (size_t k = 0; k < COUNT(info->advice); k++)
            suppress |= info->advice[k] == BOUNCE_ADVICE_SUPPRESS;
        cr_assert_eq(suppress, info->type == BOUNCE_TYPE_HARD || i == BOUNCE_REASON_COMPLAINT, "%s", info->name.s);
    }
}

Test(reasons, values_of_a_later_version_are_unknown)
{
    cr_assert_eq(reason_info((bounce_reason)REASON_COUNT), reason_info(BOUNCE_REASON_UNKNOWN));
    cr_assert_eq(reason_info((bounce_reason)-1), reason_info(BOUNCE_REASON_UNKNOWN));
    cr_assert_str_eq(bounce_reason_name((bounce_reason)REASON_COUNT), "unknown");
    cr_assert_eq(bounce_reason_from_name("No-Such-User"), BOUNCE_REASON_UNKNOWN);
    cr_assert_eq(bounce_reason_from_name(""), BOUNCE_REASON_UNKNOWN);
    cr_assert_eq(bounce_reason_from_name(NULL), BOUNCE_REASON_UNKNOWN);
}

Test(reasons, codes_of_a_reason)
{
    cr_assert(reason_has_code(BOUNCE_REASON_NO_SUCH_USER, (struct enhanced){5, 1, 1}));
    cr_assert(reason_has_code(BOUNCE_REASON_NO_SUCH_USER, (struct enhanced){4, 1, 4}));
    cr_assert_not(reason_has_code(BOUNCE_REASON_NO_SUCH_USER, (struct enhanced){5, 1, 10}));
    cr_assert_not(reason_has_code(BOUNCE_REASON_NO_SUCH_USER, (struct enhanced){5, 0, 0}));
    cr_assert(reason_has_code(BOUNCE_REASON_UNKNOWN, (struct enhanced){5, 0, 0}));
    cr_assert_not(reason_has_code(BOUNCE_REASON_COMPLAINT, (struct enhanced){5, 0, 0}));
}

/* A reason must not be reported with a code that is not registered. */
Test(reasons, codes_are_registered)
{
    for (int i = 0; i < REASON_COUNT; i++)
        for (size_t k = 0; k < reason_info((bounce_reason)i)->code_count; k++) {
            unsigned code = reason_info((bounce_reason)i)->codes[k];
            struct enhanced e = {5, (uint16_t)(code / 1000), (uint16_t)(code % 1000)};
            cr_assert(registry_has(e), "%s: X.%u.%u", reason_info((bounce_reason)i)->name.s, e.subject, e.detail);
        }
}
