/* SPDX-License-Identifier: MIT */
/* free_text.h - recipients from reports in free text. */
#ifndef BOUNCE_READING_FREE_TEXT_H
#define BOUNCE_READING_FREE_TEXT_H

#include "reading/reading.h"

/* Recipients and their texts from free text. */
void free_text_read(struct reading *rd);

#endif
