/* SPDX-License-Identifier: MIT */
/* gate.h - which mails are read at all. */
#ifndef BOUNCE_READING_GATE_H
#define BOUNCE_READING_GATE_H

#include "reading/reading.h"

/* Whether the mail can be a report, told by its header, and by the front
 * of a mixed multipart. Only then is its body read. */
bool gate_opens(const struct reading *rd);

#endif
