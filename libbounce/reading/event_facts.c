/* SPDX-License-Identifier: MIT */
/*
 * event_facts.c - what an event says about its message and its recipients, for a report.
 *
 * In: an event and what its map says about it. Out: strings of the report, and the service's own view of a recipient.
 * So an event gives the same result, whether it was posted (parse_events.c) or sent by mail (notification.c). Nothing
 * is refused.
 */
#include "reading/event_facts.h"

#include "base/limits.h"
#include "mail/date.h"

#include <glib.h>
#include <stdlib.h>
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

static const struct service_view *view_of(const struct event_at_hand *h, const char *text)
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

/* ------------------------------------------------------------- recipients */

/* "Anna Berg <anna@example.org>", "anna@example.org": NULL if it is not an address, or too long. */
static const char *address_of(const struct event_at_hand *h, const char *value)
{
    struct span s = span_z(value);
    const char *open = value ? strrchr(value, '<') : NULL, *close = open ? strchr(open, '>') : NULL;
    if (close)
        s = span_of(open + 1, (size_t)(close - open - 1));
    s = span_trim(s);
    if (s.n > LIMIT_ADDRESS_BYTES)
        report_warn(h->report, "long-address", "an address is longer than is read; it was left out");
    if (!s.n || s.n > LIMIT_ADDRESS_BYTES || !memchr(s.s, '@', s.n))
        return NULL;
    return arena_strndup(&h->report->arena, s.s, s.n);
}

/* Seconds or milliseconds since 1970, or a date. */
static bool read_time(const char *value, int64_t *seconds)
{
    if (!value)
        return false;
    if (value[strspn(value, "0123456789.")])
        return date_parse(span_z(value), seconds);
    double number = g_ascii_strtod(value, NULL);
    if (number >= 1e11)
        number /= 1000;
    if (number < 1 || number >= 4e9)
        return false;
    *seconds = (int64_t)number;
    return true;
}

const char *event_date(const struct event_at_hand *h, enum event_field f)
{
    int64_t seconds;
    return read_time(event_text(h, NULL, f), &seconds) ? date_format(&h->report->arena, seconds) : NULL;
}

/* The three digits that a text begins with; 0: none. */
static int leading_code(const char *text)
{
    if (!text || !ascii_is_digit(text[0]) || !ascii_is_digit(text[1]) || !ascii_is_digit(text[2]) ||
        ascii_is_digit(text[3]))
        return 0;
    return (text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0';
}

/* The text of the server, preceded by the code that is stated apart from it. */
static const char *text_of(const struct event_at_hand *h, struct json_t *item)
{
    const char *text = event_text(h, item, FIELD_TEXT), *code = event_text(h, item, FIELD_CODE);
    const int number = leading_code(code);
    if (number < 200 || number > 599 || strlen(code) != 3 || map_has_own(h->event->map, code) || leading_code(text) ||
        (text && strstr(text, code)))
        return text;
    const char *rest = text ? text : event_text(h, item, FIELD_STATUS);
    return rest ? arena_printf(h->list->arena, "%s %s", code, rest) : code;
}

static struct enhanced status_of(const struct event_at_hand *h, struct json_t *item)
{
    const char *status = event_text(h, item, FIELD_STATUS);
    struct enhanced found = {0};
    if (!status || !enhanced_parse(span_z(status), &found, NULL))
        enhanced_parse(span_z(event_text(h, item, FIELD_CODE)), &found, NULL); /* "5.1.1" where a reply code belongs */
    return found;
}

void event_read_recipient(const struct event_at_hand *h, struct json_t *item, struct event_recipient *told)
{
    const char *attempts = event_text(h, item, FIELD_ATTEMPTS), *code = event_text(h, item, FIELD_CODE);
    *told = (struct event_recipient){.address = address_of(h, event_text(h, item, FIELD_RECIPIENT)),
                                     .text = text_of(h, item),
                                     .host = keep(h, event_text(h, item, FIELD_HOST)),
                                     .status = status_of(h, item),
                                     .action = event_action(h->list, h->event, item, &h->meaning),
                                     .attempts = -1,
                                     .time = INT64_MIN};
    if (attempts && ascii_is_digit(attempts[0]) && strlen(attempts) < 10)
        told->attempts = (int)strtol(attempts, NULL, 10);
    if (!read_time(event_text(h, item, FIELD_TIME), &told->time))
        told->time = INT64_MIN;
    if (map_has_own(h->event->map, code))
        told->own_code = leading_code(code);
    told->service = view_of(h, told->text);
}
