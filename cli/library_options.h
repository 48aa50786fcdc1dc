/* SPDX-License-Identifier: MIT */
/* library_options.h - the library's options, from the settings. */
#ifndef CLI_LIBRARY_OPTIONS_H
#define CLI_LIBRARY_OPTIONS_H

#include "options.h"

/* NULL after a message. */
bounce_options *library_options(const struct settings *s);
/* What is known of replies; NULL if no replies are to be read. */
bounce_context *library_context(const struct settings *s);
/* *log stays NULL if no logs are to be read. False after a message. */
bool library_log(const struct settings *s, bounce_rules *rules, const bounce_options *options, bounce_log **log);
/* Says so if the program waits for input from a terminal, so that nobody has to guess. */
void hint_at_terminal(const struct settings *s);

#endif
