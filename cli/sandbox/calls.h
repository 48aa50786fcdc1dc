/* SPDX-License-Identifier: MIT */
/* calls.h - which system calls are left (seccomp). */
#ifndef CLI_SANDBOX_CALLS_H
#define CLI_SANDBOX_CALLS_H

#include <stdbool.h>

/* A reader is a worker that reads folders. */
enum calls_of { CALLS_OF_PROGRAM, CALLS_OF_WORKER, CALLS_OF_READER };

/* From here on all other calls fail with ENOSYS, and those with arguments that are not allowed with EPERM. False if the
 * kernel cannot do that, or if the processor is one that this file does not know. */
bool calls_restrict(enum calls_of who, bool makes_code);

#endif
