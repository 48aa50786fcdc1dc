/* SPDX-License-Identifier: MIT */
/* json.h - JSON values and what is in them, by paths. jansson reads the JSON. */
#ifndef BOUNCE_EVENTS_JSON_H
#define BOUNCE_EVENTS_JSON_H

#include "base/arena.h"

struct json_t; /* jansson's */
struct json_library;

/* NULL if libjansson.so.4 cannot be loaded. */
struct json_library *json_library_load(void);
void json_library_free(struct json_library *j);

struct json_wrong {
    uint32_t line, column; /* from 1; 0: not known */
    char text[160];
};

/* NULL after an error, which is in *wrong. To be freed with json_free(). */
struct json_t *json_read(const struct json_library *j, struct span text, struct json_wrong *wrong);
void json_free(const struct json_library *j, struct json_t *value);

bool json_is_object(const struct json_t *value);
bool json_is_string(const struct json_t *value);
/* Of an array; 0 for anything else. */
size_t json_count(const struct json_library *j, const struct json_t *value);
struct json_t *json_item(const struct json_library *j, const struct json_t *array, size_t index);

/* What is at a path such as "event-data/message/headers/to": keys of objects, or numbers of items, separated by "/";
 * "." is the value itself, "last" the last item. NULL: there is nothing; a JSON null is a value. */
struct json_t *json_at(const struct json_library *j, struct json_t *value, const char *path);
/* A string, number or boolean as text; NULL for anything else and for an empty string. A NUL becomes U+FFFD, as
 * everywhere. */
const char *json_text_of(const struct json_library *j, const struct json_t *value, struct arena *a);

#endif
