/* SPDX-License-Identifier: MIT */
/*
 * option_values.c - values of options, and what to say of wrong ones.
 *
 * In: words of the command line. Out: numbers. Refused, with a message that says
 * what could have been meant: words that are not known. The name that is nearest
 * is suggested if at most a third of its letters differ.
 */
#include "option_values.h"

#include "output/complain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_BYTES = 40, TEXT_BYTES = 512 };

int usage_error(const char *subject, const char *message)
{
    complain(subject, message);
    if (complain_is_heard())
        fputs("Try '" PROGRAM_NAME " --help'.\n", stderr);
    return EXIT_USAGE;
}

static void append(char text[TEXT_BYTES], const char *s)
{
    size_t n = strlen(text);
    snprintf(text + n, TEXT_BYTES - n, "%s", s);
}

/* Appends to "a", "a or b", "a, b or c" one name at a time; the caller knows the total. */
static void append_choice(char text[TEXT_BYTES], const char *name, size_t index, size_t count)
{
    append(text, index == 0 ? "" : index + 1 < count ? ", " : " or ");
    append(text, name);
}

int choose_value(const char *option, const struct named_value *values, const char *word, int *value)
{
    char text[TEXT_BYTES] = "unknown value; it can be ";
    size_t count = 0;
    for (; values[count].name; count++) {
        if (strcasecmp(values[count].name, word) == 0) {
            *value = values[count].value;
            return 0;
        }
    }
    for (size_t i = 0; i < count; i++)
        append_choice(text, values[i].name, i, count);
    return usage_error(option, text);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be added, removed, replaced, or swapped with the next one, to turn a (n bytes) into b. */
static size_t distance(const char *a, size_t n, const char *b)
{
    size_t rows[3][NAME_BYTES + 1], m = strlen(b);
    if (n > NAME_BYTES || m > NAME_BYTES)
        return SIZE_MAX;
    for (size_t i = 0; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        for (size_t k = 0; k <= m; k++) {
            if (i == 0 || k == 0) {
                row[k] = i + k;
                continue;
            }
            row[k] = least(least(above[k], row[k - 1]) + 1, above[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = least(row[k], two_above[k - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

/* NULL if none is close enough. */
static const char *nearest(const char *name, size_t n, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(name, n, names[i]);
        if (d < best_distance && d * 3 <= strlen(names[i])) {
            best_distance = d;
            best = names[i];
        }
    }
    return best;
}

int unknown_name(const char *argument, const char *const *names, size_t count)
{
    const char *name = argument + strspn(argument, "-");
    char text[TEXT_BYTES] = "the option could be ";
    size_t n = strcspn(name, "="), matches = 0, shown = 0;
    for (size_t i = 0; n > 0 && i < count; i++)
        matches += strncmp(names[i], name, n) == 0;
    for (size_t i = 0; matches > 1 && i < count; i++)
        if (strncmp(names[i], name, n) == 0) {
            char option[NAME_BYTES + 3];
            snprintf(option, sizeof option, "--%s", names[i]);
            append_choice(text, option, shown++, matches);
        }
    if (matches > 1)
        return usage_error(argument, text);
    const char *meant = nearest(name, n, names, count);
    snprintf(text, sizeof text, meant ? "unknown option; did you mean --%s?" : "unknown option", meant);
    return usage_error(argument, text);
}

bool read_size(const char *text, uint64_t *bytes)
{
    char *end;
    unsigned shift = 0;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno)
        return false;
    if (*end) {
        const char *units = "KMG", *unit = strchr(units, *end >= 'a' ? *end - ('a' - 'A') : *end);
        if (!unit || end[1])
            return false;
        shift = 10 * (unsigned)(unit - units + 1);
    }
    if (value > (UINT64_MAX >> shift))
        return false;
    *bytes = (uint64_t)value << shift;
    return true;
}

bool read_count(const char **text, uint32_t most, uint32_t *value)
{
    uint64_t sum = 0;
    const char *c = *text;
    while (*c >= '0' && *c <= '9' && sum <= most)
        sum = sum * 10 + (uint64_t)(*c++ - '0');
    *value = (uint32_t)sum;
    *text = c;
    return sum >= 1 && sum <= most;
}
