/* SPDX-License-Identifier: MIT */
/* summary_json.h - a summary as one JSON object on a line. */
#ifndef CLI_SUMMARY_SUMMARY_JSON_H
#define CLI_SUMMARY_SUMMARY_JSON_H

#include "summary/summary.h"

void summary_write_json(struct output *o, const struct summary *s);

#endif
