/* SPDX-License-Identifier: MIT */
/* hours.h - how many events there were in each hour, for the guard. */
#ifndef LEDGER_STORE_HOURS_H
#define LEDGER_STORE_HOURS_H

#include "store/event.h"

/* One number of the table hours, and what a batch adds to it. */
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

/* Counts the events of an address once more (sign 1) or no longer (-1). */
bool hours_count(struct hours *h, const struct ledger_events *list, int sign);
/* What has changed, ordered by question, subject, reason and hour; the rest is left out. */
size_t hours_sort(struct hours *h);
void hours_save(struct db *db, const struct hours *h, size_t count);
/* Room for so many in slots, as an array. */
bool hours_reserve(struct hours *h, size_t count);
void hours_clear(struct hours *h);
void hours_free(struct hours *h);

#endif
