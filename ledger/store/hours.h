/* SPDX-License-Identifier: MIT */
/* hours.h - how many events there were in each hour, for the guard. */
#ifndef LEDGER_STORE_HOURS_H
#define LEDGER_STORE_HOURS_H

#include "store/event.h"

/* One row of the table hours, and what a batch adds to it. */
struct hour {
    int64_t subject, hour;
    int question, reason;
    int64_t added;
    bool used;
};

struct hours {
    struct hour *slots;
    size_t count, capacity;
};

/* Adds the events of an address (sign 1), or removes them (-1). */
bool hours_count(struct hours *h, const struct ledger_events *list, int sign);
/* Sorts what has changed by question, subject, reason and hour, and drops the rest; returns how many are left. */
size_t hours_sort(struct hours *h);
void hours_save(struct db *db, const struct hours *h, size_t count);
/* Makes room for `count` slots, used as an array. */
bool hours_reserve(struct hours *h, size_t count);
void hours_clear(struct hours *h);
void hours_free(struct hours *h);

#endif
