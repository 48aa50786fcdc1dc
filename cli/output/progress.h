/* SPDX-License-Identifier: MIT */
/* progress.h - how far long work has come, on a terminal. */
#ifndef CLI_OUTPUT_PROGRESS_H
#define CLI_OUTPUT_PROGRESS_H

#include <stdint.h>

/* From now on there is a line on standard error while work goes on, after the first moments. bytes: of all inputs; 0:
 * not known. noun: "mails". To be called before the sandbox closes, where standard error is a terminal. */
void progress_begin(uint64_t bytes, const char *noun);
/* One more was read, of so many bytes. */
void progress_add(uint64_t bytes);
/* So many more were read, of so many bytes. */
void progress_add_all(uint64_t count, uint64_t bytes);
/* Something else is written to the terminal now. */
void progress_clear(void);
/* No more lines; the last one is cleared. */
void progress_end(void);

#endif
