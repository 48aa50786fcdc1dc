/* SPDX-License-Identifier: MIT */
/* config.h - the rule files that are read without being named. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "input/paths.h"

/* The *.rules files of the default folders, in the order of the folders and of their names, without those that are
 * named anyway: they are one of named[0..count), or inside one. False after a message. paths_free() is to be called in
 * both cases. */
bool config_find(struct paths *files, const char *const *named, size_t count);

#endif
