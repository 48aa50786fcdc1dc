/* SPDX-License-Identifier: MIT */
/* crosswalk_print.h - the names of another system in the output. */
#ifndef CLI_CROSSWALK_CROSSWALK_PRINT_H
#define CLI_CROSSWALK_CROSSWALK_PRINT_H

#include "crosswalk/crosswalk.h"

/* An object; for sisimai4 and sisimai5 with the other keys that Sisimai's JSON has. */
void crosswalk_json(struct output *o, const struct crosswalk *c, const bounce_report *report,
                    const bounce_recipient *r);
/* The values with '/' between: "Permanent/General". */
void crosswalk_text(struct output *o, const struct crosswalk *c, const bounce_recipient *r);

#endif
