/* SPDX-License-Identifier: MIT */
/* notification.h - notifications of Amazon SES. */
#ifndef BOUNCE_READING_NOTIFICATION_H
#define BOUNCE_READING_NOTIFICATION_H

#include "reading/reading.h"

/* Amazon SES notifications as JSON; false if it is not one. */
bool notification_read(struct reading *rd);

#endif
