/* SPDX-License-Identifier: MIT */
/* kind.h - what kind of report a mail is, and whom it concerns. */
#ifndef BOUNCE_READING_KIND_H
#define BOUNCE_READING_KIND_H

#include "reading/reading.h"

/* Kind and recipients; who sent a challenge. */
void kind_find(struct reading *rd);
void kind_find_challenger(struct reading *rd);

#endif
