/* SPDX-License-Identifier: MIT */
/* dsn.h - the fields of a delivery status (RFC 3464). */
#ifndef BOUNCE_READING_DSN_H
#define BOUNCE_READING_DSN_H

#include "reading/reading.h"

/* RFC 3464 fields in one text. */
void dsn_read(struct reading *rd, struct span fields, enum finding_reader reader);
/* True if the text has the fields of a delivery status at the start of a line;
 * *from is where they begin. */
bool dsn_find(struct span text, size_t *from);

#endif
