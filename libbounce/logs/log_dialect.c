/* SPDX-License-Identifier: MIT */
/*
 * log_dialect.c - finding the words of a log.
 *
 * In: a text and a list of words. Out: the first word of the list that fits. A linear search will do: lists are short,
 * and most texts differ in the first letter already.
 */
#include "logs/log_dialect.h"

#include "logs/log_fields.h"

const struct log_word *log_word_at_front(const struct log_list *list, struct span text)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_starts_with(text, list->words[i].word))
            return &list->words[i];
    return NULL;
}

const struct log_word *log_word_within(const struct log_list *list, struct span text)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_find_bytes(text, list->words[i].word))
            return &list->words[i];
    return NULL;
}

const struct log_word *log_word_same(const struct log_list *list, struct span text)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_same_nocase(text, list->words[i].word))
            return &list->words[i];
    return NULL;
}

int log_outcome(const struct log_dialect *d, struct span text, int otherwise)
{
    const struct log_word *w = log_word_at_front(&d->outcomes, text);
    return w ? w->meaning : otherwise;
}

bool log_next_key(const struct log_dialect *d, struct span *rest, const char *separator, enum log_key *key,
                  struct span *value)
{
    struct span name;
    while (log_next_field(rest, separator, &name, value)) {
        const struct log_word *w = log_word_same(&d->fields, name);
        if (!w)
            continue;
        *key = (enum log_key)w->meaning;
        return true;
    }
    return false;
}
