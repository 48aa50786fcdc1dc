/* SPDX-License-Identifier: MIT */
/* event_facts.h - what an event says about its message and its recipients, for a report: one mapping for both doors. */
#ifndef BOUNCE_READING_EVENT_FACTS_H
#define BOUNCE_READING_EVENT_FACTS_H

#include "events/event.h"
#include "report/report.h"

/* The current event. */
struct event_at_hand {
    const struct event_list *list;
    const struct event *event;
    struct event_meaning meaning;
    struct bounce_report *report;
};

/* A field of the current recipient, or of the event (item NULL), as text; NULL if there is none. */
const char *event_text(const struct event_at_hand *h, struct json_t *item, enum event_field f);
/* The service, what it says, and who reports, as strings of the report. */
void event_keep_service(const struct event_at_hand *h);
/* A time of the event as a date; NULL: none. */
const char *event_date(const struct event_at_hand *h, enum event_field f);

/* What an event says about one recipient. Strings that are not stated are NULL. */
struct event_recipient {
    const char *address;
    const char *text; /* of the server, preceded by the code that is stated apart from it; in the arena of the list */
    const char *host; /* the one that was asked */
    struct enhanced status;
    bounce_action action;
    int attempts;                       /* -1: not stated */
    int64_t time;                       /* INT64_MIN: not stated */
    int own_code;                       /* a code of the service itself, not of a server; 0: none */
    const struct service_view *service; /* what the service itself says */
};
/* item: the current recipient; NULL: the event itself is about one. */
void event_read_recipient(const struct event_at_hand *h, struct json_t *item, struct event_recipient *told);

#endif
