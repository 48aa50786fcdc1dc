/* SPDX-License-Identifier: MIT */
/* to_suppress.h - each recipient by the address that the sender wrote to. */
#ifndef BOUNCE_READING_TO_SUPPRESS_H
#define BOUNCE_READING_TO_SUPPRESS_H

#include "reading/reading.h"

/* Fills to_suppress of each recipient. What is known about the origin of the report is there. */
void to_suppress_read(struct reading *rd);

#endif
