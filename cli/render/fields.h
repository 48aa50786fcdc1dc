/* SPDX-License-Identifier: MIT */
/* fields.h - which keys of the JSON output are shown. */
#ifndef CLI_RENDER_FIELDS_H
#define CLI_RENDER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* All that there are, up to NULL. */
extern const char *const field_names[];

enum { FIELDS_MOST = 100 };

struct fields {
    const char *names[FIELDS_MOST]; /* of field_names, in the order in which they were asked for */
    size_t count;
};

/* Adds those of a list with commas between; the front "recipients." may be left out where nothing else has that name.
 * False after text (size bytes) was filled with what is wrong. */
bool fields_add(struct fields *f, const char *list, char *text, size_t size);
bool fields_are_of_recipients(const struct fields *f);
/* Whether what has this name is shown: all of it, a part, or nothing. */
enum shown { SHOWN_NOT, SHOWN_IN_PART, SHOWN };
enum shown fields_show(const struct fields *f, const char *name);

#endif
