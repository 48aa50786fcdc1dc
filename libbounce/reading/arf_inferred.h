/* SPDX-License-Identifier: MIT */
/* arf_inferred.h - what a feedback report leaves out and the returned header shows. */
#ifndef BOUNCE_READING_ARF_INFERRED_H
#define BOUNCE_READING_ARF_INFERRED_H

#include "reading/reading.h"

/* Fills source IP, envelope sender and arrival date of the report if it states none, and marks each as inferred.
 * sender_stated: the report has a field for the envelope sender; the "<>" in it is a statement, too. */
void arf_infer(struct reading *rd, bool sender_stated);
/* The recipient by a field that the receiving server adds; NULL: none. In scratch. */
const char *arf_inferred_recipient(struct reading *rd);

#endif
