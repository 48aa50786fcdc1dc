/* SPDX-License-Identifier: MIT */
/* options_together.h - which options go together. */
#ifndef CLI_OPTIONS_TOGETHER_H
#define CLI_OPTIONS_TOGETHER_H

#include "options.h"

/* 0, or EXIT_USAGE after a message. */
int settings_check_together(const struct settings *s);

#endif
