/* SPDX-License-Identifier: MIT */
/* trust.h - facts about where a report comes from, about the report and its recipients. No verdicts. */
#ifndef BOUNCE_READING_TRUST_H
#define BOUNCE_READING_TRUST_H

#include "reading/reading.h"

/* Fills report->trust, except for what the sender knows, and the trust of each recipient. The
 * recipients and the header of the returned message must be known. */
void trust_read(struct reading *rd);

#endif
