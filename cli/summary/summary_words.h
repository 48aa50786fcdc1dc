/* SPDX-License-Identifier: MIT */
/* summary_words.h - the fixed words of the output in plain English. */
#ifndef CLI_SUMMARY_SUMMARY_WORDS_H
#define CLI_SUMMARY_SUMMARY_WORDS_H

#include "summary/summary.h"

/* What to do with the queue of mail that is retried, and what to fix; the word itself if it is not known. */
const char *words_for_retry(const char *queue);
const char *words_for_mend(const char *mend);
/* "15 minutes"; seconds is a number as text. text: room for the result. */
const char *words_for_time(const char *seconds, char text[40]);
/* The title of a table of such values, and of its first column. */
const char *words_for_title(enum summary_by by);
const char *words_for_column(enum summary_by by);

#endif
