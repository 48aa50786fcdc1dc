/* SPDX-License-Identifier: MIT */
/* later.h - output that waits until the database is closed. */
#ifndef LEDGER_SHOW_LATER_H
#define LEDGER_SHOW_LATER_H

#include "output/output.h"

/* From here on, what goes to standard output is kept, unless that is a file, which can always be written to. */
void later_begin(struct output *o);
/* Writes what was kept, if anything was. */
void later_give(struct output *o);

#endif
