/* SPDX-License-Identifier: MIT */
/* command_line.h - the command line, read into settings. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "options.h"

/* Returns 0, or an exit status after a message. Call settings_free() in both cases. */
int settings_read(struct settings *s, int argc, char **argv);
void settings_free(struct settings *s);

#endif
