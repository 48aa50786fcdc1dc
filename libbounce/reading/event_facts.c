/* SPDX-License-Identifier: MIT */
/*
 * event_facts.c - what an event tells of its message and its recipients, for a report.
 *
 * In: an event and what its map says of it. Out: strings of the report, and the service's own view of a recipient. So
 * an event comes to the same, whether it was posted (parse_events.c) or sent by mail (notification.c). Nothing is
 * refused.
 */
#include "reading/event_facts.h"

#include <string.h>

const char *event_text(const struct event_at_hand *h, struct json_t *item, enum event_field f)
{
    return event_field(h->list, h->event, item, f, f == FIELD_EVENT || f == FIELD_CLASS ? "/" : " ");
}

static const char *keep(const struct event_at_hand *h, const char *value)
{
    return arena_strdup(&h->report->arena, value);
}

void event_keep_service(const struct event_at_hand *h)
{
    const char **s = h->report->strings;
    s[BOUNCE_REPORT_SERVICE_NAME] = keep(h, h->event->map->service);
    s[BOUNCE_REPORT_SERVICE_EVENT] = keep(h, event_name(h->list, h->event));
    s[BOUNCE_REPORT_SERVICE_CLASS] = keep(h, event_text(h, NULL, FIELD_CLASS));
    s[BOUNCE_REPORT_SERVICE_ID] = keep(h, event_text(h, NULL, FIELD_ID));
    s[BOUNCE_REPORT_FEEDBACK_TYPE] = keep(h, event_text(h, NULL, FIELD_FEEDBACK));
    const char *reporter = keep(h, event_text(h, NULL, FIELD_REPORTER));
    const char *semicolon = reporter ? strchr(reporter, ';') : NULL;
    if (semicolon) /* "dns; a8-50.smtp-out.amazonses.com" */
        reporter = semicolon + 1 + strspn(semicolon + 1, " ");
    s[BOUNCE_REPORT_REPORTING_MTA] = reporter;
}

const struct service_view *event_view(const struct event_at_hand *h, const char *text)
{
    const char *const *s = h->report->strings;
    const struct map_word *says = map_says_find(h->event->map->says, text), *on = h->meaning.on,
                          *means = h->meaning.means;
    struct service_view *v = arena_calloc(&h->report->arena, 1, sizeof *v);
    *v = (struct service_view){.name = s[BOUNCE_REPORT_SERVICE_NAME],
                               .words = s[BOUNCE_REPORT_SERVICE_CLASS],
                               .reason = means && means->reason ? means->reason : on->reason,
                               .permanent = means && means->permanent >= 0 ? means->permanent : on->permanent};
    if (says) {
        v->own_text = true;
        v->words = keep(h, text);
        v->reason = says->reason;
        if (says->permanent >= 0)
            v->permanent = says->permanent;
    }
    if (!v->words)
        v->words = s[BOUNCE_REPORT_SERVICE_EVENT];
    return v;
}
