/* SPDX-License-Identifier: MIT */
/*
 * notification.c - Amazon SES notifications: JSON that SNS sends by mail.
 *
 * In: the text of a mail. Out: recipients of its bounce, complaint or delivery, and the service's own view, by the map
 * of data/events that the door for events reads, too. Mail programs fold and cut such bodies: events/mend.c makes
 * them JSON again. The notification may be a string inside that of SNS. jansson is loaded when the first one is met.
 * Refused: text without "notificationType" (or "eventType") near its start, and events about which the map says
 * nothing.
 */
#include "reading/notification.h"

#include "events/mend.h"
#include "reading/event_facts.h"
#include "reading/findings.h"

#include <glib.h>

static bool has_type_in_front(struct span text)
{
    enum { FRONT_BYTES = 200 };
    struct span front = span_of(text.s, text.n < FRONT_BYTES ? text.n : FRONT_BYTES);
    return span_find(front, "\"notificationType") || span_find(front, "\"eventType");
}

/* Without raw delivery, SNS wraps the notification in its own: "Message" : "{\"notificationType\" ...". */
static bool may_be_notification(struct span text)
{
    if (has_type_in_front(text))
        return true;
    const char *at = span_starts_nocase(span_trim(text), "{") ? span_find(text, "\"Message\"") : NULL;
    return at && span_find(span_of(text.s, (size_t)(at - text.s)), "\"Notification\"") &&
           has_type_in_front(span_of(at, (size_t)(text.s + text.n - at)));
}

struct reader {
    const struct json_library *json; /* NULL: it is missing */
    const struct event_map *maps;
};

/* One for all threads, made when it is first asked for, and kept. */
static struct reader reader_of_events(void)
{
    static gsize made;
    static struct arena of_maps;
    static struct reader reader;
    if (g_once_init_enter(&made)) {
        arena_init(&of_maps);
        reader = (struct reader){json_library_load(), maps_builtin(&of_maps)};
        g_once_init_leave(&made, 1);
    }
    return reader;
}

static void take_diagnostic(struct reading *rd, struct finding *f, const char *text)
{
    struct span said = span_z(text);
    if (reply_strip_type(&said))
        f->diagnostic_type = "smtp";
    f->diagnostic = arena_strndup(&rd->report->arena, said.s, said.n);
    f->text = texts_intern(rd, span_z(f->diagnostic));
    f->where = "Diagnostic-Code";
    f->command = texts_reply(rd, f->text)->command;
}

static void add_recipient(struct reading *rd, const struct event_at_hand *h, struct json_t *item)
{
    struct event_recipient told;
    event_read_recipient(h, item, &told);
    if (!told.address)
        return;
    struct finding *f = findings_add(rd, FINDING_FIELDS, READER_NOTIFICATION);
    f->address = told.address;
    f->address_type = "rfc822";
    f->action = told.action;
    f->service = told.service;
    f->status = told.status;
    f->remote_mta = told.host;
    f->attempts = told.attempts;
    f->last_attempt = told.time;
    if (told.text)
        take_diagnostic(rd, f, told.text);
}

static void read_event(struct reading *rd, struct event_at_hand *h)
{
    if (!h->event->map || !event_mean(h->list, h->event, &h->meaning))
        return;
    struct json_t *all = event_recipients(h->list, h->event);
    const size_t count = all ? json_count(h->list->json, all) : 1;
    event_keep_service(h);
    for (size_t i = 0; i < count; i++)
        add_recipient(rd, h, all ? json_item(h->list->json, all, i) : NULL);
}

static void free_list(void *list)
{
    event_list_free(list);
}

bool notification_read(struct reading *rd)
{
    const size_t before = rd->findings.count;
    if (!may_be_notification(rd->text))
        return false;
    const struct reader reader = reader_of_events();
    struct event_list list = {.json = reader.json, .maps = reader.maps, .arena = rd->scratch, .mends = true};
    struct json_wrong wrong;
    if (!list.json) {
        report_warn(rd->report, "no-json", "a notification in JSON, and libjansson.so.4, which reads it, is missing");
        return false;
    }
    struct span json = json_mend(rd->scratch, rd->text);
    arena_exit_hold(rd->scratch->exit, &list, free_list);
    if (json.n)
        event_list_read(&list, json, &wrong);
    for (size_t i = 0; i < list.count; i++)
        read_event(rd, &(struct event_at_hand){.list = &list, .event = &list.events[i], .report = rd->report});
    arena_exit_let_go(rd->scratch->exit);
    event_list_free(&list);
    return rd->findings.count > before;
}
