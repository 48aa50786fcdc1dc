/* SPDX-License-Identifier: MIT */
/* maildirs.h - the folders of a Maildir++. */
#ifndef CLI_INPUT_MAILDIRS_H
#define CLI_INPUT_MAILDIRS_H

#include "input/paths.h"

/* Lists the inputs, and after each Maildir among them those inside it, in byte order. False if memory runs out. Call
 * paths_free() in both cases. */
bool maildirs_list(char **inputs, size_t count, struct paths *out);

#endif
