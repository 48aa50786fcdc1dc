/* SPDX-License-Identifier: MIT */
/* test_registry.c - what codes mean by themselves. */
#include "smtp/registry.h"

#include <criterion/criterion.h>

/* The highest detail of each subject by RFC 3463 and its registry (RFC 5248). */
static const unsigned registered_details[] = {0, 10, 4, 6, 7, 6, 10, 30};

static bool is_registered(unsigned subject, unsigned detail)
{
    return subject < COUNT(registered_details) && detail <= registered_details[subject];
}

Test(registry, has_the_registered_codes)
{
    for (unsigned class = 0; class < 10; class ++)
        for (unsigned subject = 0; subject < 10; subject++)
            for (unsigned detail = 0; detail < 100; detail++) {
                struct enhanced e = {(uint16_t) class, (uint16_t)subject, (uint16_t)detail};
                bool is_class = class == 2 || class == 4 || class == 5;
                cr_assert_eq(registry_has(e), is_class && is_registered(subject, detail), "%u.%u.%u", class, subject,
                             detail);
            }
}

/* The table is searched by bisection: every entry must be found. */
Test(registry, every_specific_code_has_a_meaning)
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

Test(registry, meaning_of_specific_codes)
{
    for (size_t i = 0; i < COUNT(specific); i++)
        cr_assert_eq(registry_reason(specific[i].code), specific[i].reason, "%u.%u.%u", specific[i].code.class_,
                     specific[i].code.subject, specific[i].code.detail);
}

Test(registry, meaning_of_subjects)
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

Test(registry, meaning_of_reply_codes)
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
