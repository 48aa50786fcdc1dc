/* SPDX-License-Identifier: MIT */
/*
 * style.c - how text looks, according to the options and the terminal.
 *
 * In: options, the environment (NO_COLOR, TERM), the descriptor of the output and the inputs, to see whether one is a
 * folder. Out: the width and the colours of text. Nothing is refused.
 */
#include "style.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool wants_colour(const struct settings *s, bool at_terminal)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (s->color != COLOR_AUTO)
        return s->color == COLOR_ALWAYS;
    return at_terminal && (!no_color || !*no_color) && (!term || strcmp(term, "dumb") != 0);
}

/* True for several files, or a folder of them, as in grep. */
static bool has_several_files(const struct settings *s)
{
    struct stat st;
    return s->input_count > 1 || (s->input_count == 1 && stat(s->inputs[0], &st) == 0 && S_ISDIR(st.st_mode));
}

struct text_style style_for(const struct settings *s, int fd)
{
    bool at_terminal = isatty(fd);
    struct text_style style = {.explain = s->explain, .trace = s->trace, .quiet = s->quiet};
    style.of_lines = s->mode == MODE_LOG || s->events;
    style.colour = wants_colour(s, at_terminal);
    if (s->mode != MODE_REPLY)
        style.with_source = s->filename == FILENAME_AUTO ? has_several_files(s) : s->filename == FILENAME_ALWAYS;
    if (at_terminal && !s->wide)
        style.columns = output_terminal_columns(fd);
    return style;
}
