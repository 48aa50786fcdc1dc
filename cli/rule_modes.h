/* SPDX-License-Identifier: MIT */
/* rule_modes.h - everything done with rules except classifying. */
#ifndef CLI_RULE_MODES_H
#define CLI_RULE_MODES_H

#include "options.h"
#include "rule_files.h"

/* Loads the requested rules. NULL after a message. */
bounce_rules *load_rules(const struct settings *s);
/* The paths belong to the settings, or to the sources; there is room for drafts. False after a message. */
bool find_sources(const struct settings *s, struct rule_sources *sources);
/* For --check-rules, --test-rules and --list-rules, and for --draft-rule. Both return the exit status. */
int run_rules(const struct settings *s, struct output *o);
int run_draft(const struct settings *s, struct output *o);

#endif
