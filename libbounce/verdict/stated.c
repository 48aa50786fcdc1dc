/* SPDX-License-Identifier: MIT */
/*
 * stated.c - the names that a message states; see stated.h.
 *
 * In: a report, and what else is known of its mail. Out: hosts and phrases, each once.
 * Refused: hosts without a dot, which are words ("mail"), and IP addresses.
 */
#include "verdict/stated.h"

#include <string.h>

#include "mail/address_list.h"
#include "mail/address_scan.h"
#include "text/mask.h"

static bool is_host(struct span host)
{
    size_t letters = 0;
    for (size_t i = 0; i < host.n; i++)
        letters += !ascii_is_digit(host.s[i]) && host.s[i] != '.';
    return letters && host.s[0] != '[' && memchr(host.s, '.', host.n) && !memchr(host.s, ':', host.n);
}

void stated_add_host(struct stated_hosts *s, struct span host)
{
    host = span_trim(host);
    const char *end = host.n ? memchr(host.s, ' ', host.n) : NULL;
    if (end)
        host.n = (size_t)(end - host.s);
    while (host.n && host.s[host.n - 1] == '.')
        host.n--;
    for (size_t i = 0; i < s->count; i++)
        if (span_same_nocase(s->items[i], host))
            return;
    if (is_host(host) && s->count < STATED_HOSTS_MAX)
        s->items[s->count++] = host;
}

void stated_add_domain(struct stated_hosts *s, struct span address)
{
    const char *at = address.n ? memrchr(address.s, '@', address.n) : NULL;
    if (at)
        stated_add_host(s, span_of(at + 1, (size_t)(address.s + address.n - at - 1)));
}

void stated_add_domains(struct stated_hosts *s, struct span text)
{
    struct found_address found;
    for (size_t pos = 0; s->count < STATED_HOSTS_MAX && address_next(text, &pos, &found);)
        stated_add_domain(s, found.address);
}

static void add_phrase(struct stated *s, struct arena *a, struct span phrase)
{
    struct norm_text n;
    if (!phrase.n || s->phrase_count == STATED_PHRASES_MAX)
        return;
    text_normalise(a, phrase, LIMIT_LINE_BYTES, &n);
    if (n.length < MASK_PHRASE_BYTES_MIN)
        return;
    for (size_t i = 0; i < s->phrase_count; i++)
        if (s->phrases[i].n == n.length && !memcmp(s->phrases[i].s, n.text, n.length))
            return;
    s->phrases[s->phrase_count++] = span_of(n.text, n.length);
}

void stated_add_phrase(struct stated *s, struct arena *a, const char *phrase)
{
    add_phrase(s, a, span_z(phrase));
}

static bool is_around_name(char c)
{
    return ascii_is_space(c) || c == '"' || c == '\'' || c == ',' || c == ';' || c == '<' || c == '>';
}

/* The name in front of an address in brackets: "Joe User" <joe@example.net> */
static void add_name(struct stated *s, struct arena *a, struct span before)
{
    if (!before.n || before.s[before.n - 1] != '<')
        return;
    while (before.n && is_around_name(before.s[before.n - 1]))
        before.n--;
    while (before.n && is_around_name(before.s[0]))
        before.s++, before.n--;
    add_phrase(s, a, before);
}

static bool is_full(const struct stated *s)
{
    return s->hosts.count == STATED_HOSTS_MAX && s->phrase_count == STATED_PHRASES_MAX;
}

static void add_field(struct stated *s, struct arena *a, const char *field)
{
    struct span list = span_z(field), address;
    const char *after = list.s;
    for (size_t pos = 0; !is_full(s) && address_list_next(list, &pos, &address); after = address.s + address.n) {
        stated_add_domain(&s->hosts, address);
        if (address.s > after)
            add_name(s, a, span_of(after, (size_t)(address.s - after)));
    }
}

/* The name in From of a report is that of a mail system, made of its own words. */
void stated_add_report(struct stated *s, struct arena *a, const struct bounce_report *r)
{
    stated_add_host(&s->hosts, span_z(r->strings[BOUNCE_REPORT_REPORTING_MTA]));
    stated_add_domains(&s->hosts, span_z(r->strings[BOUNCE_REPORT_FROM]));
    stated_add_phrase(s, a, r->strings[BOUNCE_REPORT_ORIGINAL_SUBJECT]);
    add_field(s, a, r->strings[BOUNCE_REPORT_ORIGINAL_FROM]);
    add_field(s, a, r->strings[BOUNCE_REPORT_ORIGINAL_TO]);
    add_field(s, a, r->strings[BOUNCE_REPORT_TO]);
}
