/* SPDX-License-Identifier: MIT */
/* scratch.h - the memory in which jansson keeps one line. */
#ifndef LEDGER_LINES_SCRATCH_H
#define LEDGER_LINES_SCRATCH_H

/* From now on jansson takes its memory here; call it once. */
void scratch_begin(void);
/* Nothing of what jansson was given is needed any more. */
void scratch_reset(void);

#endif
