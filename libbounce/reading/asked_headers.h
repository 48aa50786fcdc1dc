/* SPDX-License-Identifier: MIT */
/* asked_headers.h - the fields of the returned message that the caller asked for. */
#ifndef BOUNCE_READING_ASKED_HEADERS_H
#define BOUNCE_READING_ASKED_HEADERS_H

#include "reading/reading.h"

/* Fills the values of report.headers, decoded. */
void asked_headers_read(struct reading *rd);

#endif
