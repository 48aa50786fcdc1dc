/* SPDX-License-Identifier: MIT */
/* options_rules.h - which options on rules go together. */
#ifndef CLI_OPTIONS_RULES_H
#define CLI_OPTIONS_RULES_H

#include "options.h"

/* 0, or EXIT_USAGE after a message. */
int settings_check_rules(const struct settings *s);

#endif
