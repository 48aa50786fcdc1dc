/* SPDX-License-Identifier: MIT */
/* files.h - which files may still be opened (Landlock). */
#ifndef CLI_SANDBOX_FILES_H
#define CLI_SANDBOX_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* From here on only what is at or beneath these paths, and what the C library may load late, can be opened, and only
 * to be read; neighbours: and what is beside them. False if the kernel cannot do that. */
bool files_restrict(const char *const *readable, size_t count, bool neighbours);

#endif
