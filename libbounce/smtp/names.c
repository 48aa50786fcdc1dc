/* SPDX-License-Identifier: MIT */
/*
 * names.c - the words of the output contract; see names.h.
 *
 * In: an enum value, or a word. Out: its word, or "unknown" for an unknown value;
 * or the value of that word. The words of reasons are in reasons.c.
 */
#include "smtp/names.h"

#include <string.h>

#include "base/span.h"

static const struct name unknown = NAME("unknown");

#define LOOK_UP(table, value) ((size_t)(value) < COUNT(table) && (table)[value].length ? &(table)[value] : &unknown)

const char *bounce_version(void)
{
    return BOUNCE_VERSION_STRING;
}

const struct name *name_of_kind(bounce_kind kind)
{
    static const struct name names[] = {NAME("none"), NAME("dsn"),        NAME("ndr"),       NAME("arf"),
                                        NAME("mdn"),  NAME("auto-reply"), NAME("challenge"), NAME("reply"),
                                        NAME("log"),  NAME("event")};
    return LOOK_UP(names, kind);
}

const struct name *name_of_action(bounce_action action)
{
    static const struct name names[] = {NAME("unknown"), NAME("failed"),   NAME("delayed"),  NAME("delivered"),
                                        NAME("relayed"), NAME("expanded"), NAME("complaint")};
    return LOOK_UP(names, action);
}

const struct name *name_of_type(bounce_type type)
{
    static const struct name names[] = {NAME("none"), NAME("soft"), NAME("hard")};
    return LOOK_UP(names, type);
}

const struct name *name_of_group(bounce_group group)
{
    static const struct name names[] = {NAME("other"),  NAME("recipient"), NAME("message"),
                                        NAME("sender"), NAME("system"),    NAME("network")};
    return LOOK_UP(names, group);
}

const struct name *name_of_command(bounce_command command)
{
    static const struct name names[] = {NAME("none"), NAME("EHLO"), NAME("STARTTLS"), NAME("AUTH"),
                                        NAME("MAIL"), NAME("RCPT"), NAME("DATA")};
    return LOOK_UP(names, command);
}

const struct name *name_of_decided_by(bounce_decided_by who)
{
    static const struct name names[] = {NAME("nobody"), NAME("remote"), NAME("reporter")};
    return LOOK_UP(names, who);
}

const struct name *name_of_advice(bounce_advice advice)
{
    static const struct name names[] = {
        NAME("none"),       NAME("suppress"),         NAME("retry"), NAME("fix-message"), NAME("fix-sender"),
        NAME("fix-config"), NAME("contact-recipient")};
    return LOOK_UP(names, advice);
}

const struct name *name_of_queue(bounce_queue queue)
{
    static const struct name names[] = {NAME("none"),      NAME("drop"),         NAME("retry"),
                                        NAME("slow-down"), NAME("split"),        NAME("pause-domain"),
                                        NAME("pause-ip"),  NAME("pause-sender"), NAME("hold")};
    return LOOK_UP(names, queue);
}

const struct name *name_of_sent(bounce_sent_answer answer)
{
    static const struct name names[] = {NAME("unknown"), NAME("yes"), NAME("no"), NAME("unknown")};
    return LOOK_UP(names, answer);
}

const char *bounce_kind_name(bounce_kind kind)
{
    return name_of_kind(kind)->s;
}

const char *bounce_action_name(bounce_action action)
{
    return name_of_action(action)->s;
}

const char *bounce_type_name(bounce_type type)
{
    return name_of_type(type)->s;
}

const char *bounce_group_name(bounce_group group)
{
    return name_of_group(group)->s;
}

const char *bounce_command_name(bounce_command command)
{
    return name_of_command(command)->s;
}

const char *bounce_decided_by_name(bounce_decided_by who)
{
    return name_of_decided_by(who)->s;
}

const char *bounce_advice_name(bounce_advice advice)
{
    return name_of_advice(advice)->s;
}

const char *bounce_queue_name(bounce_queue queue)
{
    return name_of_queue(queue)->s;
}

const char *bounce_sent_name(bounce_sent_answer answer)
{
    return name_of_sent(answer)->s;
}

const char *bounce_status_text(bounce_status status)
{
    static const char *const texts[] = {"no error",
                                        "nothing further",
                                        "an argument is not allowed",
                                        "a file cannot be opened or read",
                                        "a rule file has errors",
                                        "a value is out of its range, or a buffer is too small",
                                        "a bug in the library",
                                        "memory ran out",
                                        "a document is broken"};
    return (size_t)status < COUNT(texts) ? texts[status] : "unknown status";
}

/* ------------------------------------------------------------- from names */

/* The tables have no gaps: the first value without a word of its own is past the end. */
#define FROM_NAME(what) \
    bool bounce_##what##_from_name(const char *name, bounce_##what *value) \
    { \
        const struct name *each; \
        for (int i = 0; name && (each = name_of_##what((bounce_##what)i)) != &unknown; i++) \
            if (strcmp(each->s, name) == 0) { \
                *value = (bounce_##what)i; \
                return true; \
            } \
        return false; \
    }

FROM_NAME(kind)
FROM_NAME(action)
FROM_NAME(type)
FROM_NAME(group)
FROM_NAME(command)
FROM_NAME(decided_by)
FROM_NAME(advice)
FROM_NAME(queue)

/* Two values are named "unknown": "not asked" has no name of its own. */
bool bounce_sent_from_name(const char *name, bounce_sent_answer *value)
{
    for (int i = BOUNCE_SENT_YES; name && i <= BOUNCE_SENT_UNKNOWN; i++)
        if (strcmp(bounce_sent_name((bounce_sent_answer)i), name) == 0) {
            *value = (bounce_sent_answer)i;
            return true;
        }
    return false;
}
