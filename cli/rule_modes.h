/* SPDX-License-Identifier: MIT */
/* rule_modes.h - what is done with rules other than classifying by them. */
#ifndef CLI_RULE_MODES_H
#define CLI_RULE_MODES_H

#include "options.h"
#include "rule_files.h"

/* The rules that were asked for. NULL after a message. */
bounce_rules *load_rules(const struct settings *s);
/* Their paths are those of the settings, or in the sources; with room for drafts. False after a message. */
bool find_sources(const struct settings *s, struct rule_sources *sources);
/* --check-rules, --test-rules and --list-rules; --draft-rule. Both return the exit status. */
int run_rules(const struct settings *s, struct output *o);
int run_draft(const struct settings *s, struct output *o);

#endif
