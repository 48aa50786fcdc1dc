/* SPDX-License-Identifier: MIT */
/* embed_logs.h - the C code of the words of logs. */
#ifndef BOUNCE_RULES_EMBED_LOGS_H
#define BOUNCE_RULES_EMBED_LOGS_H

#include <stdbool.h>
#include <stddef.h>

/* Writes a `const struct log_dialect` for each of the files (logs/log_dialect.h) to output. False, and messages with
 * file, line and column on standard error, if one cannot be read or has a line that is wrong. */
bool embed_logs(const char *output, char **files, size_t count);

#endif
