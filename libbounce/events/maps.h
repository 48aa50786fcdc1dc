/* SPDX-License-Identifier: MIT */
/* maps.h - the maps of data/events in memory: how each service writes its events. doc/events.md. */
#ifndef BOUNCE_EVENTS_MAPS_H
#define BOUNCE_EVENTS_MAPS_H

#include "base/arena.h"
#include "bounce.h"

enum event_field {
    FIELD_EVENT,
    FIELD_CLASS,
    FIELD_ID,
    FIELD_TIME,
    FIELD_SENDER,
    FIELD_MESSAGE_ID,
    FIELD_SUBJECT,
    FIELD_SENT,
    FIELD_REPORTER,
    FIELD_FEEDBACK,
    FIELD_RECIPIENT, /* these may differ from recipient to recipient */
    FIELD_TEXT,
    FIELD_CODE,
    FIELD_STATUS,
    FIELD_HOST,
    FIELD_ACTION,
    FIELD_ATTEMPTS,
    FIELD_COUNT
};

enum { MAP_PATHS = 7 };

/* Paths whose values belong together; the next line is tried if none of these has a value. */
struct map_line {
    const char *paths[MAP_PATHS];
    size_t count;
    struct map_line *next;
};

/* What a value means. */
struct map_word {
    const char *value;
    bool has_action, no_event; /* no_event: nothing is to be reported */
    bounce_action action;
    bounce_reason reason; /* UNKNOWN: not said */
    int permanent;        /* 1, 0; -1: not said */
    struct map_word *next;
};

struct event_map {
    const char *service;
    struct map_line *known;  /* all paths of one line: PATH or PATH=VALUE */
    struct map_line *inside; /* where the event itself is */
    struct map_line *each;   /* lists of recipients */
    struct map_line *own;    /* codes that are not a server's reply codes, but the service's own */
    struct map_line *fields[FIELD_COUNT];
    struct map_word *on, *means, *says; /* events, classes, texts */
    struct event_map *next;
};

/* Reads maps, one after the other in one text. NULL after an error: *wrong says where. */
struct event_map *maps_read(struct arena *a, struct span text, const char **wrong);
/* Those of data/events. */
struct event_map *maps_builtin(struct arena *a);

/* The first row whose parts, separated by "/", are those of value, as far as they go; "*" is
 * any part, and case does not matter. NULL: none. value may be NULL. */
const struct map_word *map_word_find(const struct map_word *rows, const char *value);
/* The first row that equals the text, or, if it ends in "*", begins it; case does not matter. */
const struct map_word *map_says_find(const struct map_word *rows, const char *text);

/* Whether a code is the service's own. code may be NULL. */
bool map_has_own(const struct event_map *map, const char *code);

/* builtin_maps.c, made of the files of data/events. */
extern const char bounce_builtin_maps[];
extern const size_t bounce_builtin_maps_length;

#endif
