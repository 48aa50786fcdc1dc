/* SPDX-License-Identifier: MIT */
/*
 * stated.c - the names that a message states; see stated.h.
 *
 * In: a report, and what else is known of its mail. Out: hosts and phrases, each once.
 * Refused: hosts without a dot, which are words ("mail"), and IP addresses.
 */
#include "verdict/stated.h"

#include <string.h>

#include "text/mask.h"

/* IP addresses end in a digit or a bracket. */
static bool is_host(struct span host)
{
    char last = host.n ? host.s[host.n - 1] : '\0';
    return (ascii_is_alpha(last) || (unsigned char)last >= 0x80) && memchr(host.s, '.', host.n) &&
           !memchr(host.s, ':', host.n);
}

/* "mx.example.net." and "mx.example.net (192.0.2.1)" are "mx.example.net". */
void stated_add_host(struct stated_hosts *s, struct span host)
{
    host = span_trim(host);
    const char *end = host.n ? memchr(host.s, ' ', host.n) : NULL;
    if (end)
        host.n = (size_t)(end - host.s);
    if (host.n && host.s[host.n - 1] == '.')
        host.n--;
    if (s->count == STATED_HOSTS_MAX || !is_host(host))
        return;
    for (size_t i = 0; i < s->count; i++)
        if (span_same_nocase(s->items[i], host))
            return;
    s->items[s->count++] = host;
}

void stated_add_domain(struct stated_hosts *s, struct span address)
{
    const char *at = address.n ? memrchr(address.s, '@', address.n) : NULL;
    if (at)
        stated_add_host(s, span_of(at + 1, (size_t)(address.s + address.n - at - 1)));
}

/* Adds the domain of everything that looks like an address, in whatever form: no word is looked for in a host that the
 * mail states. */
void stated_add_domains(struct stated_hosts *s, struct span text)
{
    if (!text.n)
        return;
    const char *at = memchr(text.s, '@', text.n), *end = text.s + text.n;
    for (; at && s->count < STATED_HOSTS_MAX; at = memchr(at, '@', (size_t)(end - at))) {
        const char *host = ++at;
        while (at < end && (ascii_is_alnum(*at) || *at == '-' || *at == '.' || (unsigned char)*at >= 0x80))
            at++;
        stated_add_host(s, span_of(host, (size_t)(at - host)));
    }
}

static void add_phrase(struct stated *s, struct arena *a, struct span phrase)
{
    struct norm_text n;
    if (!phrase.n || s->phrase_count == STATED_PHRASES_MAX)
        return;
    text_normalise(a, phrase, LIMIT_LINE_BYTES, &n);
    if (n.length < MASK_PHRASE_BYTES_MIN || n.length > MASK_PHRASE_BYTES_MAX)
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
    return ascii_is_space(c) || c == '"' || c == '\'' || c == ',' || c == ';' || c == '>';
}

/* What precedes a "<": a name, perhaps after items without one. */
static struct span trim_name(struct span before)
{
    const char *address = before.n ? memrchr(before.s, '@', before.n) : NULL;
    if (address)
        before = span_of(address, (size_t)(before.s + before.n - address));
    const char *comma = address ? memchr(before.s, ',', before.n) : NULL;
    if (comma)
        before = span_of(comma, (size_t)(before.s + before.n - comma));
    while (before.n && is_around_name(before.s[before.n - 1]))
        before.n--;
    while (before.n && is_around_name(before.s[0]))
        before.s++, before.n--;
    return before;
}

/* Joe User <joe@example.net>, "Ann" <ann@example.net> */
static void add_field(struct stated *s, struct arena *a, const char *field)
{
    struct span list = span_z(field);
    stated_add_domains(&s->hosts, list);
    while (s->phrase_count < STATED_PHRASES_MAX) {
        const char *open = list.n ? memchr(list.s, '<', list.n) : NULL;
        if (!open)
            break;
        add_phrase(s, a, trim_name(span_of(list.s, (size_t)(open - list.s))));
        list = span_of(open + 1, (size_t)(list.s + list.n - open - 1));
        const char *close = list.n ? memchr(list.s, '>', list.n) : NULL;
        list = close ? span_of(close, (size_t)(list.s + list.n - close)) : span_of(list.s, 0);
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
