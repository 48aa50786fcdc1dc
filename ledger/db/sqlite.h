/* SPDX-License-Identifier: MIT */
/* sqlite.h - a ledger in a file. */
#ifndef LEDGER_DB_SQLITE_H
#define LEDGER_DB_SQLITE_H

#include "db/driver.h"

const struct db_driver *sqlite_driver(void);

#endif
