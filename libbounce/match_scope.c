/* SPDX-License-Identifier: MIT */
/*
 * match_scope.c - does a rule's scope hold for what is known of a text?
 *
 * Several values of one key are alternatives, different keys must all hold,
 * and a fact that is not known fits no value but "none".
 */
#include "match_parts.h"

#include <string.h>

/* "example.net" fits example.net and mx.example.net, not badexample.net. */
static bool host_fits(const char *host, const char *suffix)
{
    size_t n = strlen(host), m = strlen(suffix);
    if (n && host[n - 1] == '.')
        n--;
    return n >= m && memcmp(host + n - m, suffix, m) == 0 && (n == m || host[n - m - 1] == '.');
}

static bool hosts_fit(const char *const *suffixes, const struct match_scope *facts)
{
    for (; *suffixes; suffixes++)
        for (size_t i = 0; i < sizeof facts->hosts / sizeof *facts->hosts; i++)
            if (facts->hosts[i] && host_fits(facts->hosts[i], *suffixes))
                return true;
    return false;
}

static bool software_fits(const char *const *names, const char *software)
{
    for (; software && *names; names++)
        if (strcmp(*names, software) == 0)
            return true;
    return false;
}

/* The primary tag of "de-AT" is "de". */
static bool lang_fits(const char *const *tags, const char *lang)
{
    for (; lang && *tags; tags++) {
        size_t n = strlen(*tags);
        if (strncmp(*tags, lang, n) == 0 && !ascii_is_alnum(lang[n]))
            return true;
    }
    return false;
}

static bool code_fits(const char *const *masks, int code)
{
    for (; *masks; masks++) {
        const char *mask = *masks;
        if (mask[0] == 'n') {
            if (!code)
                return true;
            continue;
        }
        int digits[3] = {code / 100, code / 10 % 10, code % 10};
        bool fits = code > 0;
        for (int i = 0; i < 3; i++)
            fits = fits && (mask[i] == 'x' || mask[i] - '0' == digits[i]);
        if (fits)
            return true;
    }
    return false;
}

/* One number of "5.x.1"; *mask moves behind it and its dot. */
static bool number_fits(const char **mask, unsigned number)
{
    unsigned wanted = 0;
    bool any = **mask == 'x';
    for (; **mask && **mask != '.'; ++*mask)
        wanted = wanted * 10 + (unsigned)(**mask - '0');
    *mask += **mask == '.';
    return any || wanted == number;
}

static bool status_fits(const char *const *masks, struct enhanced status)
{
    for (; *masks; masks++) {
        const char *mask = *masks;
        if (mask[0] == 'n') {
            if (!status.class_)
                return true;
            continue;
        }
        bool fits = status.class_ && number_fits(&mask, status.class_);
        if (fits && number_fits(&mask, status.subject) && number_fits(&mask, status.detail))
            return true;
    }
    return false;
}

bool scope_holds(const struct scope *scope, const struct match_scope *facts)
{
    return (!scope->origins || scope->origins >> facts->origin & 1) &&
           (!scope->commands || (facts->command && scope->commands >> facts->command & 1)) &&
           (!scope->codes || code_fits(scope->codes, facts->code)) &&
           (!scope->statuses || status_fits(scope->statuses, facts->status)) &&
           (!scope->softwares || software_fits(scope->softwares, facts->software)) &&
           (!scope->langs || lang_fits(scope->langs, facts->lang)) && (!scope->hosts || hosts_fit(scope->hosts, facts));
}
