/* SPDX-License-Identifier: MIT */
/* progress.h - the progress of long work, on a terminal. */
#ifndef CLI_OUTPUT_PROGRESS_H
#define CLI_OUTPUT_PROGRESS_H

#include <stdint.h>

/* From now on a line on standard error shows progress, after the first moments. bytes: of all inputs; 0: unknown. noun:
 * "mails". Call it before the sandbox closes, and only if standard error is a terminal. */
void progress_begin(uint64_t bytes, const char *noun);
/* One more item was read, with this many bytes. */
void progress_add(uint64_t bytes);
/* More items were read, with this many bytes in all. */
void progress_add_all(uint64_t count, uint64_t bytes);
/* Call it before anything else is written to the terminal. */
void progress_clear(void);
/* Clears the line; no more are written. */
void progress_end(void);

#endif
