/* SPDX-License-Identifier: MIT */
/*
 * domain.c - see domain.h.
 *
 * In: host names and addresses. Out: parts of them. Refused: names without a dot, IP addresses.
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/domain.h"

#include "mail/address_chars.h"

/* "co", "com", "ac": labels before a country that do not name an organisation. */
static bool is_second_level(struct span label)
{
    static const char *const known[] = {"co",  "com", "net", "org",  "ac",   "edu",  "gov", "or",
                                        "ne",  "go",  "ad",  "ed",   "gr",   "lg",   "gob", "mil",
                                        "nom", "id",  "ltd", "asso", "gouv", "govt", "sch", "plc"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (span_equal_nocase(label, known[i]))
            return true;
    return false;
}

/* The dot before s.s[end]; NULL if there is none. */
static const char *dot_before(struct span s, size_t end)
{
    return end ? memrchr(s.s, '.', end) : NULL;
}

struct span domain_organisation(struct span name)
{
    while (name.n && name.s[name.n - 1] == '.')
        name.n--;
    const char *top = dot_before(name, name.n), *second = top ? dot_before(name, (size_t)(top - name.s)) : NULL;
    if (!top)
        return span_of(NULL, 0);
    const char *const end = name.s + name.n;
    if (ascii_is_digit(end[-1]) || end[-1] == ']')
        return span_of(NULL, 0);
    if (!second)
        return name;
    const char *begin = second + 1;
    if (end - top == 3 && is_second_level(span_of(begin, (size_t)(top - begin)))) { /* two letters: a country */
        const char *third = dot_before(name, (size_t)(second - name.s));
        begin = third ? third + 1 : name.s;
    }
    return span_of(begin, (size_t)(end - begin));
}

struct span domain_of_address(struct span text)
{
    const char *at = text.n ? memrchr(text.s, '@', text.n) : NULL;
    if (!at)
        return span_of(NULL, 0);
    const char *const end = text.s + text.n, *stop = at + 1;
    while (stop < end && (*stop == '.' || address_is_label_byte(*stop)))
        stop++;
    return span_of(at + 1, (size_t)(stop - at - 1));
}
