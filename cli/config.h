/* SPDX-License-Identifier: MIT */
/* config.h - the rule files that are read without being named. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct config {
    char **files; /* in the order of the folders, and of their names */
    size_t count;
};

/* The *.rules files of the default folders, without those that are named anyway: they are one of named[0..count), or
 * inside one. False after a message. config_free() is to be called in both cases. */
bool config_find(struct config *c, const char *const *named, size_t count);
void config_free(struct config *c);

#endif
