/* SPDX-License-Identifier: MIT */
/* command_line.h - the command line, read into settings. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "options.h"

/* 0, or an exit status after a message. settings_free() is to be called in
 * both cases. */
int settings_read(struct settings *s, int argc, char **argv);
void settings_free(struct settings *s);

#endif
