/* SPDX-License-Identifier: MIT */
/* summary_words.h - words of the contract in plain English. */
#ifndef CLI_SUMMARY_SUMMARY_WORDS_H
#define CLI_SUMMARY_SUMMARY_WORDS_H

#include "summary/summary.h"

/* What to do with the queue of mail that is tried again, and what to mend; the word itself if it is not known. */
const char *words_for_retry(const char *queue);
const char *words_for_mend(const char *mend);
/* "15 minutes"; seconds is a number as text. text: room for it. */
const char *words_for_time(const char *seconds, char text[40]);
/* What a table of such values is called, and its first column. */
const char *words_for_title(enum summary_by by);
const char *words_for_column(enum summary_by by);

#endif
