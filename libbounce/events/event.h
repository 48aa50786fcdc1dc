/* SPDX-License-Identifier: MIT */
/*
 * event.h - the main header of events: what sending services report about their deliveries, as JSON, read with the maps
 * of data/events.
 */
#ifndef BOUNCE_EVENTS_EVENT_H
#define BOUNCE_EVENTS_EVENT_H

#include "events/json.h"
#include "events/maps.h"

/* One event, and who wrote it; map NULL: a service that is not known. */
struct event {
    struct json_t *value;
    const struct event_map *map;
};

/* The events of one document, taken out of their envelopes. */
struct event_list {
    const struct json_library *json;
    const struct event_map *maps;
    struct arena *arena;
    struct event *events;
    size_t count, capacity;
    struct json_t **trees; /* to be freed; the events point into them */
    size_t tree_count, tree_capacity;
    const char *wrong; /* what could not be read; NULL: nothing */
    size_t skipped;    /* envelopes with something else */
    bool mends;        /* JSON in strings may have been folded and cut by mail programs */
};

/* Reads the events of a JSON text, once for each list. False after an error, which is in *wrong. If memory runs out,
 * the list must still be freed. */
bool event_list_read(struct event_list *list, struct span text, struct json_wrong *wrong);
void event_list_free(struct event_list *list);

/* The value of a field, NULL if there is none; item is the current recipient or NULL. Values of several paths are
 * joined by `between`. */
const char *event_field(const struct event_list *list, const struct event *e, struct json_t *item, enum event_field f,
                        const char *between);
/* The list of recipients of the event; NULL: the event itself is about one. */
struct json_t *event_recipients(const struct event_list *list, const struct event *e);
/* What the map says about the event and its class; means NULL: nothing. False: it is not about a delivery. */
struct event_meaning {
    const struct map_word *on, *means;
};
bool event_mean(const struct event_list *list, const struct event *e, struct event_meaning *m);
/* Of the current recipient. */
bounce_action event_action(const struct event_list *list, const struct event *e, struct json_t *item,
                           const struct event_meaning *m);
/* "event" as the service writes it, without what the map adds to it. */
const char *event_name(const struct event_list *list, const struct event *e);

#endif
