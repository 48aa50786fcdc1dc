/* SPDX-License-Identifier: MIT */
/* service_lists.h - the formats of sending services' suppression lists. */
#ifndef LEDGER_COMMANDS_SERVICE_LISTS_H
#define LEDGER_COMMANDS_SERVICE_LISTS_H

#include "commands/session.h"
#include "lines/records.h"

enum listed_as { LISTED_BOUNCE, LISTED_COMPLAINT, LISTED_UNSUBSCRIBED, LISTED_BY_HAND };

struct service_list {
    const char *name;
    const char *address, *time, *other_time, *why, *detail; /* names of fields */
};

/* The service of --list. NULL after a message. */
const struct service_list *service_list_of(const struct session *s);
/* What a record of a list means. */
enum listed_as service_list_meaning(const struct service_list *list, const struct record *r);

#endif
