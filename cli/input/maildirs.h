/* SPDX-License-Identifier: MIT */
/* maildirs.h - the folders of a Maildir++. */
#ifndef CLI_INPUT_MAILDIRS_H
#define CLI_INPUT_MAILDIRS_H

#include "input/paths.h"

/* The inputs, and behind each Maildir among them those inside it, in byte order. False if memory runs out. Ends with
 * paths_free() in both cases. */
bool maildirs_list(char **inputs, size_t count, struct paths *out);

#endif
