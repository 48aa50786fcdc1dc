/* SPDX-License-Identifier: MIT */
/* trust.h - facts of where a report comes from, of the report and of its recipients. No verdicts. */
#ifndef BOUNCE_READING_TRUST_H
#define BOUNCE_READING_TRUST_H

#include "reading/reading.h"

/* Fills report->trust but for what the sender knows, and the trust of each recipient. The
 * recipients and the header of the returned message are known. */
void trust_read(struct reading *rd);

#endif
