/* SPDX-License-Identifier: MIT */
/* sqlite.h - Message-IDs from an SQLite database. SQLite is only loaded for one. */
#ifndef BOUNCE_SENT_SQLITE_H
#define BOUNCE_SENT_SQLITE_H

#include "sent/ids.h"

enum { SQLITE_FRONT_BYTES = 16 };
/* True if the file begins as an SQLite database does: of that many bytes. */
bool sqlite_is_database(struct span front);
/* Adds every text of the column message_id of the first table or view that has one. NULL, or a
 * message (g_free) if that fails. */
char *sqlite_read_ids(const char *path, struct sent_ids *ids);

#endif
