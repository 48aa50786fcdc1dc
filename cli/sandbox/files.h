/* SPDX-License-Identifier: MIT */
/* files.h - which files may still be opened (Landlock). */
#ifndef CLI_SANDBOX_FILES_H
#define CLI_SANDBOX_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* From here on only what is at or beneath these paths, and what the C library may load late, can be opened, and only
 * for reading; neighbours: also what is in the same folders. False if the kernel does not support that. */
bool files_restrict(const char *const *readable, size_t count, bool neighbours);

#endif
