/* SPDX-License-Identifier: MIT */
/*
 * sending.c - a mail that was sent, from a line of JSON.
 *
 * In: a line with one object. Out: Message-ID, recipient, time, scope and return path. Refused: objects without id or
 * address, and values that are too long.
 */
#include "lines/sending.h"

#include "lines/value.h"
#include "lines/verdict.h"

#include <stdio.h>
#include <string.h>

/* False if it does not fit. */
static bool copy(const struct value *object, const char *key, char to[SENDING_TEXT_BYTES])
{
    const char *text = value_text(value_get(object, key));
    return snprintf(to, SENDING_TEXT_BYTES, "%s", text ? text : "") < SENDING_TEXT_BYTES;
}

static void without_brackets(char *id)
{
    size_t n = strlen(id);
    if (n > 1 && id[0] == '<' && id[n - 1] == '>') {
        memmove(id, id + 1, n - 2);
        id[n - 2] = '\0';
    }
}

const char *sending_read(const char *line, size_t length, int64_t now, struct sending *s)
{
    const struct value *root = value_read(line, length);
    const char *problem = NULL;
    if (value_type(root) != VALUE_OBJECT)
        problem = "not a JSON object";
    else if (!copy(root, "id", s->id) || !copy(root, "address", s->address) || !copy(root, "scope", s->scope) ||
             !copy(root, "return_path", s->return_path))
        problem = "a value is too long";
    else if (!*s->id || !*s->address)
        problem = "id or address is missing";
    else if (!value_get(root, "time"))
        s->at = now;
    else if (!verdict_time(value_text(value_get(root, "time")), &s->at))
        problem = "the time is not as in 2026-01-31T09:00:00Z";
    without_brackets(s->id);
    return problem;
}
