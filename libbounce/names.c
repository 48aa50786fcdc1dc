/* SPDX-License-Identifier: MIT */
/* names.c - the words of the output contract for each enum, and the version. */
#include "bounce.h"

#define LOOK_UP(table, value) \
    ((size_t)(value) < sizeof(table) / sizeof *(table) && (table)[value] ? (table)[value] : "unknown")

const char *bounce_version(void)
{
    return BOUNCE_VERSION_STRING;
}

const char *bounce_kind_name(bounce_kind kind)
{
    static const char *const names[] = {"none", "dsn", "ndr", "arf", "mdn", "auto-reply", "challenge", "reply"};
    return LOOK_UP(names, kind);
}

const char *bounce_action_name(bounce_action action)
{
    static const char *const names[] = {"unknown", "failed", "delayed", "delivered", "relayed", "expanded", "complaint"};
    return LOOK_UP(names, action);
}

const char *bounce_type_name(bounce_type type)
{
    static const char *const names[] = {"none", "soft", "hard"};
    return LOOK_UP(names, type);
}

const char *bounce_group_name(bounce_group group)
{
    static const char *const names[] = {"other", "recipient", "message", "sender", "system", "network"};
    return LOOK_UP(names, group);
}

const char *bounce_command_name(bounce_command command)
{
    static const char *const names[] = {"none", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"};
    return LOOK_UP(names, command);
}

const char *bounce_decided_by_name(bounce_decided_by who)
{
    static const char *const names[] = {"nobody", "remote", "reporter"};
    return LOOK_UP(names, who);
}

const char *bounce_advice_name(bounce_advice advice)
{
    static const char *const names[] = {"none",       "suppress",   "retry",            "fix-message",
                                        "fix-sender", "fix-config", "contact-recipient"};
    return LOOK_UP(names, advice);
}
