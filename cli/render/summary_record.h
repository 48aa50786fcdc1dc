/* SPDX-License-Identifier: MIT */
/* summary_record.h - what a summary needs to know about one recipient, as a line. */
#ifndef CLI_RENDER_SUMMARY_RECORD_H
#define CLI_RENDER_SUMMARY_RECORD_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"

/* The fields of a line, in order, separated by tabs; "": not known. */
enum record_field {
    RECORD_TYPE,
    RECORD_REASON,
    RECORD_GROUP,
    RECORD_FLAGS, /* letters: see below */
    RECORD_STATUS,
    RECORD_DOMAIN,
    RECORD_PROVIDER,
    RECORD_OWNER, /* the provider, or the owner of the host by its name */
    RECORD_REMOTE,
    RECORD_SOFTWARE,
    RECORD_DAY,
    RECORD_QUEUE,
    RECORD_MEND,
    RECORD_AFTER, /* seconds until the first proposed retry */
    RECORD_LIST,
    RECORD_LIST_ZONE,
    RECORD_LIST_URL,
    RECORD_REFUSED, /* the address, domain or link that the server says it refuses */
    RECORD_HELP_URL,
    RECORD_ADDRESS,
    RECORD_SUBJECT,
    RECORD_WORDS,
    RECORD_FIELDS
};
/* Letters of RECORD_FLAGS. */
enum { RECORD_OWN_FAULT = 'o', RECORD_SUPPRESS = 's', RECORD_NOT_YOURS = 'n' };

enum { RECORD_FIELD_BYTES = 250, RECORD_BYTES = RECORD_FIELDS * (RECORD_FIELD_BYTES + 1) + 1 };

/* Writes a line for each recipient that passes. filter NULL: all do. */
void render_summary_record(struct output *o, const bounce_report *report, const struct selection *filter);

#endif
