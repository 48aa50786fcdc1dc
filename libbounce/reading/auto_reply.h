/* SPDX-License-Identifier: MIT */
/* auto_reply.h - what an automatic reply says: until when, whether the person has left, whom to write to. */
#ifndef BOUNCE_READING_AUTO_REPLY_H
#define BOUNCE_READING_AUTO_REPLY_H

#include "reading/reading.h"

/* Fills the fields of an automatic reply in the report, and rd->told. */
void auto_reply_read(struct reading *rd);

#endif
