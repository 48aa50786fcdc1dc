/* SPDX-License-Identifier: MIT */
/* kind.h - what kind of report a mail is, and whom it concerns. */
#ifndef BOUNCE_READING_KIND_H
#define BOUNCE_READING_KIND_H

#include "reading/reading.h"

/* Kind and recipients; who sent a challenge. */
void reading_find_kind(struct reading *rd);
void reading_find_challenger(struct reading *rd);

#endif
