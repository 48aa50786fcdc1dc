/* SPDX-License-Identifier: MIT */
/* fields.h - which keys of the JSON output are shown. */
#ifndef CLI_RENDER_FIELDS_H
#define CLI_RENDER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* All names; ends with NULL. */
extern const char *const field_names[];

enum { FIELDS_MOST = 100 };

struct fields {
    const char *names[FIELDS_MOST]; /* from field_names, in the order in which they were requested */
    size_t count;
};

/* Adds the names in a list separated by commas. The prefix "recipients." may be omitted unless the rest is itself a
 * name. On failure returns false, and text (size bytes) says what is wrong. */
bool fields_add(struct fields *f, const char *list, char *text, size_t size);
bool fields_are_of_recipients(const struct fields *f);
/* Whether the value with this name is shown: all of it, a part, or nothing. */
enum shown { SHOWN_NOT, SHOWN_IN_PART, SHOWN };
enum shown fields_show(const struct fields *f, const char *name);

#endif
