/* SPDX-License-Identifier: MIT */
/* style.h - how text looks, according to the options and the terminal. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "options.h"

/* For text that is written to fd. */
struct text_style style_for(const struct settings *s, int fd);

#endif
