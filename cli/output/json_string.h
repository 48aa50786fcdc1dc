/* SPDX-License-Identifier: MIT */
/* json_string.h - JSON strings. */
#ifndef CLI_OUTPUT_JSON_STRING_H
#define CLI_OUTPUT_JSON_STRING_H

#include "output/output.h"

/* Writes s, which is UTF-8, as a JSON string; null if s is NULL. */
void output_json_string(struct output *o, const char *s);

#endif
