/* SPDX-License-Identifier: MIT */
/* summary_text.h - a summary as text for people. */
#ifndef CLI_SUMMARY_SUMMARY_TEXT_H
#define CLI_SUMMARY_SUMMARY_TEXT_H

#include "summary/summary.h"

void summary_write_text(struct output *o, const struct summary *s);

#endif
