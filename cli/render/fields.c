/* SPDX-License-Identifier: MIT */
/*
 * fields.c - which keys of the JSON output are shown.
 *
 * In: a list of dotted names. Out: whether a key is among them, or above or below one. Refused: names that are not
 * keys, with a suggestion: the first key that ends the same way.
 */
#include "render/fields.h"

#include <stdio.h>
#include <string.h>

static const char recipients[] = "recipients.";

/* Finds a complete name, n bytes long. */
static const char *find(const char *front, const char *name, size_t n)
{
    size_t front_bytes = strlen(front);
    for (const char *const *known = field_names; *known; known++)
        if (strncmp(*known, front, front_bytes) == 0 && strncmp(*known + front_bytes, name, n) == 0 &&
            (*known)[front_bytes + n] == '\0')
            return *known;
    return NULL;
}

/* Finds a name with the same last part; NULL if there is none. */
static const char *find_alike(const char *name, size_t n)
{
    size_t last = n;
    while (last > 0 && name[last - 1] != '.')
        last--;
    for (const char *const *known = field_names; *known; known++) {
        size_t bytes = strlen(*known), tail = n - last;
        if (bytes > tail && (*known)[bytes - tail - 1] == '.' && strncmp(*known + bytes - tail, name + last, tail) == 0)
            return *known;
    }
    return NULL;
}

bool fields_add(struct fields *f, const char *list, char *text, size_t size)
{
    for (;; list++) {
        size_t n = strcspn(list, ",");
        const char *name = find("", list, n);
        if (!name)
            name = find(recipients, list, n);
        if (!name || f->count == FIELDS_MOST) {
            const char *alike = n && !name ? find_alike(list, n) : NULL;
            snprintf(text, size, "%.*s: %s%s%s", (int)(n < 100 ? n : 100), list,
                     name ? "too many fields" : "no such field; doc/output.md lists them",
                     alike ? "; did you mean " : "", alike ? alike : "");
            return false;
        }
        f->names[f->count++] = name;
        list += n;
        if (!*list)
            return true;
    }
}

bool fields_are_of_recipients(const struct fields *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (strncmp(f->names[i], recipients, sizeof recipients - 1) == 0)
            return true;
    return false;
}

/* "a.b" is above "a.b.c". */
static bool is_above(const char *a, const char *b)
{
    size_t n = strlen(a);
    return strncmp(a, b, n) == 0 && b[n] == '.';
}

enum shown fields_show(const struct fields *f, const char *name)
{
    enum shown shown = SHOWN_NOT;
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->names[i], name) == 0 || is_above(f->names[i], name))
            return SHOWN;
        if (is_above(name, f->names[i]))
            shown = SHOWN_IN_PART;
    }
    return shown;
}
