/* SPDX-License-Identifier: MIT */
/* arf.h - feedback reports (RFC 5965), and those of Hotmail. */
#ifndef BOUNCE_READING_ARF_H
#define BOUNCE_READING_ARF_H

#include "reading/reading.h"

/* RFC 5965 fields. */
void arf_read(struct reading *rd, struct span fields);
/* Hotmail's junk mail reports: a copy of the mail with X-HmXmrOriginalRecipient
 * and no report part. False if it is not one. Their header shows only the
 * sender. */
bool arf_read_jmrp(struct reading *rd);
bool arf_is_jmrp_sender(const struct reading *rd);

#endif
