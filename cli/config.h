/* SPDX-License-Identifier: MIT */
/* config.h - the rule files that are read without being named. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "input/paths.h"

/* Finds the *.rules files of the default folders, in the order of the folders and of the file names, except those that
 * are among named[0..count) or inside one of these. Returns false after a message. Call paths_free() in both cases. */
bool config_find(struct paths *files, const char *const *named, size_t count);

#endif
