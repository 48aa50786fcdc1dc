/* SPDX-License-Identifier: MIT */
/* kind.h - what kind of report a mail is, and whom it concerns. */
#ifndef BOUNCE_READING_KIND_H
#define BOUNCE_READING_KIND_H

#include "reading/reading.h"

/* Kind, findings and recipients of a message whose header is read. */
void kind_find(struct reading *rd);

#endif
