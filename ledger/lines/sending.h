/* SPDX-License-Identifier: MIT */
/* sending.h - a mail that was sent, from a line of JSON. */
#ifndef LEDGER_LINES_SENDING_H
#define LEDGER_LINES_SENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SENDING_TEXT_BYTES = 1024 };

struct sending {
    char id[SENDING_TEXT_BYTES]; /* its Message-ID, without brackets */
    char address[SENDING_TEXT_BYTES], scope[SENDING_TEXT_BYTES];
    char return_path[SENDING_TEXT_BYTES]; /* "": not stated */
    int64_t at;
};

/* {"id":"<m1@shop.example>","address":"anna@pine.example","time":"2026-01-31T09:00:00Z","scope":"shop/news/offers",
 * "return_path":"bounces+m1@shop.example"}; the last three may be missing. NULL, or what is wrong. */
const char *sending_read(const char *line, size_t length, int64_t now, struct sending *s);

#endif
