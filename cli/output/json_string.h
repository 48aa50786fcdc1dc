/* SPDX-License-Identifier: MIT */
/* json_string.h - strings of JSON. */
#ifndef CLI_OUTPUT_JSON_STRING_H
#define CLI_OUTPUT_JSON_STRING_H

#include "output/output.h"

/* s, which is UTF-8, as a string of JSON; null if s is NULL. */
void output_json_string(struct output *o, const char *s);

#endif
