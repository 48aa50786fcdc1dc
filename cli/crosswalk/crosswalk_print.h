/* SPDX-License-Identifier: MIT */
/* crosswalk_print.h - the names of another system in the output. */
#ifndef CLI_CROSSWALK_CROSSWALK_PRINT_H
#define CLI_CROSSWALK_CROSSWALK_PRINT_H

#include "crosswalk/crosswalk.h"

/* Writes an object; for sisimai4 and sisimai5 it also has the other keys of Sisimai's JSON. */
void crosswalk_json(struct output *o, const struct crosswalk *c, const bounce_report *report,
                    const bounce_recipient *r);
/* Writes the values separated by '/': "Permanent/General". */
void crosswalk_text(struct output *o, const struct crosswalk *c, const bounce_recipient *r);

#endif
