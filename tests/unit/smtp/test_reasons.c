/* SPDX-License-Identifier: MIT */
/* test_reasons.c - the table of reasons (smtp/reasons.c) and what codes say by themselves (smtp/registry.c). */
#include "smtp/reasons.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

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
        for (size_t k = 0; k < REASON_CODES_MAX; k++) /* the count is the number of codes written */
            cr_assert_eq(k < info->code_count, info->codes[k] || (!k && info->code_count), "%s: code %zu", info->name.s,
                         k);
        cr_assert(info->meaning && *info->meaning && !strchr(info->meaning, '\n'), "%s", info->name.s);
        cr_assert(info->advice_text && *info->advice_text, "%s", info->name.s);
        cr_assert_eq(bounce_reason_from_name(info->name.s), (bounce_reason)i, "%s", info->name.s);
    }
}

/* Only a dead address may be advised away, or one whose owner complains. */
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

/* ---------------------------------------------------------------- registry */

/* The codes that RFC 3463 and its registry (RFC 5248) name: highest detail of each subject. */
static const unsigned registered_details[] = {0, 10, 4, 6, 7, 6, 10, 30};

static bool is_registered(unsigned subject, unsigned detail)
{
    return subject < COUNT(registered_details) && detail <= registered_details[subject];
}

Test(reasons, only_registered_codes_are_listed)
{
    for (int i = 0; i < REASON_COUNT; i++)
        for (size_t k = 0; k < reason_info((bounce_reason)i)->code_count; k++) {
            uint32_t code = reason_info((bounce_reason)i)->codes[k];
            cr_assert(is_registered(code / 1000, code % 1000), "%s: X.%u.%u", reason_info((bounce_reason)i)->name.s,
                      (unsigned)code / 1000, (unsigned)code % 1000);
        }
}

/* The look-up is a binary search: every entry must be found, whatever order the table has. */
Test(reasons, every_specific_registered_code_means_something)
{
    for (unsigned subject = 0; subject < 10; subject++)
        for (unsigned detail = 0; detail < 1000; detail++) {
            struct enhanced e = {5, (uint16_t)subject, (uint16_t)detail};
            bool no_failure = (subject == 1 && (detail == 5 || detail == 9)) || (subject == 3 && detail == 6) ||
                              (subject == 6 && detail == 4);
            bool specific = detail && is_registered(subject, detail) && !no_failure && !(subject == 7 && detail == 1);
            cr_assert_eq(registry_reason(e) != BOUNCE_REASON_UNKNOWN, specific, "5.%u.%u", subject, detail);
        }
}

static const struct {
    struct enhanced code;
    bounce_reason reason;
} specific[] = {
    {{5, 1, 1}, BOUNCE_REASON_NO_SUCH_USER},   {{4, 1, 1}, BOUNCE_REASON_NO_SUCH_USER},
    {{5, 1, 2}, BOUNCE_REASON_NO_SUCH_DOMAIN}, {{5, 1, 10}, BOUNCE_REASON_NO_MAIL_SERVICE},
    {{5, 2, 2}, BOUNCE_REASON_MAILBOX_FULL},   {{5, 4, 4}, BOUNCE_REASON_NO_SUCH_DOMAIN},
    {{4, 4, 4}, BOUNCE_REASON_NETWORK_ERROR},  {{4, 4, 7}, BOUNCE_REASON_EXPIRED},
    {{5, 4, 6}, BOUNCE_REASON_ROUTING_LOOP},   {{5, 7, 8}, BOUNCE_REASON_AUTH_REQUIRED},
    {{5, 7, 10}, BOUNCE_REASON_TLS_REQUIRED},  {{5, 7, 20}, BOUNCE_REASON_AUTH_FAILURE},
    {{5, 7, 25}, BOUNCE_REASON_PTR_MISSING},   {{5, 7, 26}, BOUNCE_REASON_AUTH_FAILURE},
    {{5, 7, 28}, BOUNCE_REASON_RATE_LIMITED},  {{5, 7, 30}, BOUNCE_REASON_TLS_REQUIRED},
    {{5, 7, 31}, BOUNCE_REASON_UNKNOWN},       {{5, 7, 1}, BOUNCE_REASON_UNKNOWN},
    {{5, 0, 0}, BOUNCE_REASON_UNKNOWN},        {{2, 1, 1}, BOUNCE_REASON_UNKNOWN},
    {{0, 1, 1}, BOUNCE_REASON_UNKNOWN},
};

Test(reasons, meaning_of_specific_codes)
{
    for (size_t i = 0; i < COUNT(specific); i++)
        cr_assert_eq(registry_reason(specific[i].code), specific[i].reason, "%u.%u.%u", specific[i].code.class_,
                     specific[i].code.subject, specific[i].code.detail);
}

Test(reasons, meaning_of_subjects)
{
    static const struct {
        struct enhanced code;
        bounce_reason reason;
    } rows[] = {
        {{5, 0, 0}, BOUNCE_REASON_UNKNOWN},          {{5, 1, 0}, BOUNCE_REASON_NO_SUCH_USER},
        {{4, 1, 0}, BOUNCE_REASON_UNKNOWN},          {{5, 2, 0}, BOUNCE_REASON_MAILBOX_DISABLED},
        {{4, 2, 0}, BOUNCE_REASON_UNKNOWN},          {{5, 3, 0}, BOUNCE_REASON_SYSTEM_ERROR},
        {{4, 4, 0}, BOUNCE_REASON_NETWORK_ERROR},    {{5, 5, 0}, BOUNCE_REASON_PROTOCOL_ERROR},
        {{5, 6, 0}, BOUNCE_REASON_CONTENT_REJECTED}, {{5, 7, 1}, BOUNCE_REASON_POLICY},
        {{5, 8, 0}, BOUNCE_REASON_UNKNOWN},          {{2, 7, 0}, BOUNCE_REASON_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(registry_subject_reason(rows[i].code), rows[i].reason, "%u.%u.%u", rows[i].code.class_,
                     rows[i].code.subject, rows[i].code.detail);
}

Test(reasons, meaning_of_reply_codes)
{
    static const struct {
        int code;
        bounce_command command;
        bounce_reason reason;
    } rows[] = {
        {550, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_NO_SUCH_USER},
        {550, BOUNCE_COMMAND_MAIL, BOUNCE_REASON_SENDER_REJECTED},
        {550, BOUNCE_COMMAND_DATA, BOUNCE_REASON_UNKNOWN},
        {550, BOUNCE_COMMAND_NONE, BOUNCE_REASON_UNKNOWN},
        {450, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_MAILBOX_DISABLED},
        {450, BOUNCE_COMMAND_NONE, BOUNCE_REASON_UNKNOWN},
        {552, BOUNCE_COMMAND_DATA, BOUNCE_REASON_MESSAGE_TOO_LARGE},
        {552, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_MAILBOX_FULL},
        {501, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_BAD_ADDRESS},
        {501, BOUNCE_COMMAND_MAIL, BOUNCE_REASON_PROTOCOL_ERROR},
        {421, BOUNCE_COMMAND_NONE, BOUNCE_REASON_SYSTEM_ERROR},
        {452, BOUNCE_COMMAND_NONE, BOUNCE_REASON_SYSTEM_FULL},
        {521, BOUNCE_COMMAND_NONE, BOUNCE_REASON_NO_MAIL_SERVICE},
        {556, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_NO_MAIL_SERVICE},
        {530, BOUNCE_COMMAND_MAIL, BOUNCE_REASON_AUTH_REQUIRED},
        {553, BOUNCE_COMMAND_MAIL, BOUNCE_REASON_SENDER_REJECTED},
        {553, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_BAD_ADDRESS},
        {554, BOUNCE_COMMAND_DATA, BOUNCE_REASON_UNKNOWN},
        {250, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_UNKNOWN},
        {0, BOUNCE_COMMAND_RCPT, BOUNCE_REASON_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(registry_reply_reason(rows[i].code, rows[i].command), rows[i].reason, "%d at %s", rows[i].code,
                     bounce_command_name(rows[i].command));
}
