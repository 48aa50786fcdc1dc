/* SPDX-License-Identifier: MIT */
/*
 * scope.c - whether the scope of a rule admits what is known about a text.
 *
 * In: a scope and the facts. Out: yes or no. Several values of one key are alternatives, different keys must all fit,
 * and a fact that is not known fits no value except "none".
 */
#include "match/scope.h"

#include <string.h>

/* "example.net" fits example.net and mx.example.net, not badexample.net. */
static bool host_has_suffix(const char *host, const char *suffix)
{
    size_t n = strlen(host), m = strlen(suffix);
    if (n && host[n - 1] == '.')
        n--;
    return n >= m && memcmp(host + n - m, suffix, m) == 0 && (n == m || host[n - m - 1] == '.');
}

static bool hosts_fit(const struct layer *layer, list_at suffixes, const struct match_scope *facts)
{
    for (const string_at *suffix = layer->lists + suffixes; *suffix; suffix++)
        for (size_t i = 0; i < sizeof facts->hosts / sizeof *facts->hosts; i++)
            if (facts->hosts[i] && host_has_suffix(facts->hosts[i], layer->strings + *suffix))
                return true;
    return false;
}

static bool software_fits(const struct layer *layer, list_at names, const char *software)
{
    for (const string_at *name = layer->lists + names; software && *name; name++)
        if (strcmp(layer->strings + *name, software) == 0)
            return true;
    return false;
}

/* The primary tag of "de-AT" is "de". */
static bool lang_fits(const struct layer *layer, list_at tags, const char *lang)
{
    for (const string_at *tag = layer->lists + tags; lang && *tag; tag++) {
        size_t n = strlen(layer->strings + *tag);
        if (strncmp(layer->strings + *tag, lang, n) == 0 && !ascii_is_alnum(lang[n]))
            return true;
    }
    return false;
}

static bool mask_has_code(const char *mask, int code)
{
    if (mask[0] == 'n') /* none */
        return !code;
    int digits[3] = {code / 100, code / 10 % 10, code % 10};
    bool fits = code > 0;
    for (int i = 0; i < 3; i++)
        fits = fits && (mask[i] == 'x' || mask[i] - '0' == digits[i]);
    return fits;
}

static bool code_fits(const struct layer *layer, list_at masks, int code)
{
    for (const string_at *mask = layer->lists + masks; *mask; mask++)
        if (mask_has_code(layer->strings + *mask, code))
            return true;
    return false;
}

/* One number of "5.x.1"; moves *mask past it and its dot. */
static bool mask_has_number(const char **mask, unsigned number)
{
    unsigned wanted = 0;
    bool any = **mask == 'x';
    for (; **mask && **mask != '.'; ++*mask)
        wanted = wanted * 10 + (unsigned)(**mask - '0');
    *mask += **mask == '.';
    return any || wanted == number;
}

static bool mask_has_status(const char *mask, struct enhanced status)
{
    if (mask[0] == 'n') /* none */
        return !status.class_;
    return status.class_ && mask_has_number(&mask, status.class_) && mask_has_number(&mask, status.subject) &&
           mask_has_number(&mask, status.detail);
}

static bool enhanced_fits(const struct layer *layer, list_at masks, struct enhanced status)
{
    for (const string_at *mask = layer->lists + masks; *mask; mask++)
        if (mask_has_status(layer->strings + *mask, status))
            return true;
    return false;
}

bool scope_holds(const struct layer *layer, const struct scope *scope, const struct match_scope *facts)
{
    return (!scope->origins || scope->origins >> facts->origin & 1) &&
           (!scope->commands || (facts->command && scope->commands >> facts->command & 1)) &&
           (!scope->codes || code_fits(layer, scope->codes, facts->code)) &&
           (!scope->statuses || enhanced_fits(layer, scope->statuses, facts->status)) &&
           (!scope->softwares || software_fits(layer, scope->softwares, facts->software)) &&
           (!scope->langs || lang_fits(layer, scope->langs, facts->lang)) &&
           (!scope->hosts || hosts_fit(layer, scope->hosts, facts));
}

const char *text_origin_name(size_t origin)
{
    static const char *const names[] = {[ORIGIN_REPLY] = "reply",
                                        [ORIGIN_DIAGNOSTIC] = "diagnostic",
                                        [ORIGIN_TRANSCRIPT] = "transcript",
                                        [ORIGIN_BESIDE] = "beside",
                                        [ORIGIN_PROSE] = "prose"};
    return origin < sizeof names / sizeof *names ? names[origin] : NULL;
}
