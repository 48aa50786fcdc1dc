/* SPDX-License-Identifier: MIT */
/* postgres.h - a ledger in PostgreSQL, which many mail servers can share. */
#ifndef LEDGER_DB_POSTGRES_H
#define LEDGER_DB_POSTGRES_H

#include "db/driver.h"

const struct db_driver *postgres_driver(void);

#endif
