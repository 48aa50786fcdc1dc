/* SPDX-License-Identifier: MIT */
/* event_facts.h - what an event tells of its message and its recipients, for a report: one mapping for both doors. */
#ifndef BOUNCE_READING_EVENT_FACTS_H
#define BOUNCE_READING_EVENT_FACTS_H

#include "events/event.h"
#include "report/report.h"

/* An event at hand. */
struct event_at_hand {
    const struct event_list *list;
    const struct event *event;
    struct event_meaning meaning;
    struct bounce_report *report;
};

/* A field of the recipient at hand, or of the event (item NULL), as text; NULL if there is none. */
const char *event_text(const struct event_at_hand *h, struct json_t *item, enum event_field f);
/* The service, what it says, and who reports, as strings of the report. */
void event_keep_service(const struct event_at_hand *h);
/* What the service itself says of a recipient; text: the server's, or NULL. */
const struct service_view *event_view(const struct event_at_hand *h, const char *text);

#endif
