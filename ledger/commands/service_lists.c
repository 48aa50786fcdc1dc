/* SPDX-License-Identifier: MIT */
/*
 * service_lists.c - the formats of sending services' suppression lists.
 *
 * In: the name of a service; a record of its list. Out: which fields have address, time and reason, and
 * what the reason means. A list without reasons is recognised by its fields. Refused: other services.
 */
#include "commands/service_lists.h"

#include <string.h>
#include <strings.h>

static const struct service_list lists[] = {
    /* list-suppressed-destinations; bulk import and export */
    {"ses", "EmailAddress", "LastUpdateTime", "created", "Reason", NULL},
    /* bounces, blocks, invalid emails, spam reports, unsubscribes: API and CSV */
    {"sendgrid", "email", "created", NULL, NULL, "reason"},
    /* bounces, complaints, unsubscribes: API and CSV */
    {"mailgun", "address", "created_at", NULL, NULL, "error"},
    /* dump of suppressions */
    {"postmark", "EmailAddress", "CreatedAt", NULL, "SuppressionReason", NULL},
    /* search of the suppression list; CSV */
    {"sparkpost", "recipient", "updated", "created", "source", "description"},
};

static const struct meant {
    const char *word;
    enum listed_as meaning;
} words[] = {{"BOUNCE", LISTED_BOUNCE},
             {"COMPLAINT", LISTED_COMPLAINT},
             {"HardBounce", LISTED_BOUNCE},
             {"SpamComplaint", LISTED_COMPLAINT},
             {"ManualSuppression", LISTED_BY_HAND},
             {"Bounce Rule", LISTED_BOUNCE},
             {"Spam Complaint", LISTED_COMPLAINT},
             {"List Unsubscribe", LISTED_UNSUBSCRIBED},
             {"Unsubscribe Link", LISTED_UNSUBSCRIBED},
             {"Manually Added", LISTED_BY_HAND},
             {"Compliance", LISTED_BY_HAND}};

static const struct service_list *service_list_named(const char *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcasecmp(lists[i].name, name) == 0)
            return &lists[i];
    return NULL;
}

enum listed_as service_list_meaning(const struct service_list *list, const struct record *r)
{
    const char *why = list->why ? record_value(r, list->why) : NULL, *origin = record_value(r, "Origin");
    if (strcmp(list->name, "sendgrid") == 0)
        return record_value(r, "reason") || record_value(r, "status") ? LISTED_BOUNCE
               : record_value(r, "ip")                                ? LISTED_COMPLAINT
                                                                      : LISTED_UNSUBSCRIBED;
    if (strcmp(list->name, "mailgun") == 0)
        return record_value(r, "code") || record_value(r, "error") ? LISTED_BOUNCE
               : record_value(r, "tags")                           ? LISTED_UNSUBSCRIBED
                                                                   : LISTED_COMPLAINT;
    for (size_t i = 0; why && i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i].word, why) == 0) {
            /* For Postmark: the recipient used its unsubscribe link. */
            bool left = words[i].meaning == LISTED_BY_HAND && origin && strcasecmp(origin, "Recipient") == 0;
            return left ? LISTED_UNSUBSCRIBED : words[i].meaning;
        }
    return LISTED_BY_HAND;
}

const struct service_list *service_list_of(const struct session *s)
{
    const struct service_list *list = s->settings->list ? service_list_named(s->settings->list) : NULL;
    if (!list)
        usage_error("--list", "name a service: ses, sendgrid, mailgun, postmark or sparkpost");
    return list;
}
