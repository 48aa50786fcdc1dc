/* SPDX-License-Identifier: MIT */
/* log_json.h - values of a line that is one JSON object. */
#ifndef BOUNCE_LOGS_LOG_JSON_H
#define BOUNCE_LOGS_LOG_JSON_H

#include "base/arena.h"

/* The value of a path of names, "response.enhanced_code.class", or numbers of items, "recipient.1", as text: strings
 * are decoded; numbers, true and false are as written; s is NULL for null, objects and missing values. An array of
 * numbers is a string of bytes, as `journalctl -o json` writes what is not UTF-8; of any other, the first member is
 * used. */
struct span log_json(struct arena *a, struct span object, const char *path);
/* Whether the line is one whole object, of at most LIMIT_LOG_JSON_DEPTH levels. */
bool log_json_is_whole(struct span line);

#endif
