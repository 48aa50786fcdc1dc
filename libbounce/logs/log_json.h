/* SPDX-License-Identifier: MIT */
/* log_json.h - values of a line that is one JSON object. */
#ifndef BOUNCE_LOGS_LOG_JSON_H
#define BOUNCE_LOGS_LOG_JSON_H

#include "base/arena.h"

/* The value of a path of names, "response.enhanced_code.class", or numbers of items, "recipient.1", as text: strings
 * are decoded, numbers, true and false stand as they are; null, objects and what is not there give s NULL. An array of
 * numbers is a string of bytes, as `journalctl -o json` writes what is no UTF-8; any other gives its first member. */
struct span log_json(struct arena *a, struct span object, const char *path);
/* Whether the line is one whole object, of at most LIMIT_LOG_JSON_DEPTH levels. */
bool log_json_is_whole(struct span line);

#endif
