/* SPDX-License-Identifier: MIT */
/* calls.h - which system calls are still allowed (seccomp). */
#ifndef CLI_SANDBOX_CALLS_H
#define CLI_SANDBOX_CALLS_H

#include <stdbool.h>

/* A reader is a worker that reads folders. */
enum calls_of { CALLS_OF_PROGRAM, CALLS_OF_WORKER, CALLS_OF_READER };

/* From here on all other calls fail with ENOSYS, and allowed calls with forbidden arguments fail with EPERM. False if
 * the kernel does not support that, or if this file does not know the processor. */
bool calls_restrict(enum calls_of who, bool makes_code);

#endif
