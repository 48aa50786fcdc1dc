/* SPDX-License-Identifier: MIT */
/*
 * refused.c - what a server says it refuses: an address, a domain, a link.
 *
 * In: the text of a refusal that is about the sender or the message. Out: the first IP address, the first
 * domain and the first link that the words around it call refused. Numbers that only look like an address (versions,
 * codes), answers of block lists (127.0.0.2) and anything that no word introduces are left out.
 */
#include "mail/ip.h"
#include "verdict/told.h"

#include <arpa/inet.h>

/* -------------------------------------------------------------- addresses */

static bool is_address_byte(char c)
{
    return ascii_is_digit(c) || c == '.';
}

static bool is_hex_byte(char c)
{
    return (c >= 'a' && c <= 'f') || c == ':';
}

/* The end of four numbers up to 255 with dots between; 0: none at `at`. */
static size_t end_of_ipv4(struct span t, size_t at)
{
    for (int part = 0; part < 4; part++) {
        unsigned value = 0, digits = 0;
        for (; at < t.n && ascii_is_digit(t.s[at]) && digits < 3; at++, digits++)
            value = value * 10 + (unsigned)(t.s[at] - '0');
        if (!digits || value > 255)
            return 0;
        if (part < 3 && (at >= t.n || t.s[at++] != '.'))
            return 0;
    }
    /* "192.0.2.1." ends a sentence, "1.2.3.4.5" and "192.0.2.1.example.net" are not addresses. */
    bool more = at + 1 < t.n && (t.s[at] == '.' || t.s[at] == '-') && ascii_is_alnum(t.s[at + 1]);
    return more || (at < t.n && ascii_is_alnum(t.s[at])) ? 0 : at;
}

/* The end of "2001:db8::25", "::ffff:192.0.2.1"; 0: none at `at`. */
static size_t end_of_ipv6(struct span t, size_t at)
{
    char text[INET6_ADDRSTRLEN];
    struct ip_network address;
    size_t end = at;
    while (end < t.n && end - at < sizeof text && (is_address_byte(t.s[end]) || is_hex_byte(t.s[end])))
        end++;
    if (end < t.n && ascii_is_alnum(t.s[end]))
        return 0;
    while (end > at && (t.s[end - 1] == '.' || (t.s[end - 1] == ':' && end - at > 1 && t.s[end - 2] != ':')))
        end--; /* marks that follow it, or end the sentence */
    if (end - at >= sizeof text || !memchr(t.s + at, ':', end - at))
        return 0;
    memcpy(text, t.s + at, end - at);
    text[end - at] = '\0';
    return ip_read(text, &address) ? end : 0;
}

/* Bytes of "ipv6:" before an address (RFC 5321 4.1.3). */
static size_t tag_bytes(struct span t, size_t at)
{
    static const struct span tag = SPAN("ipv6:");
    return span_ends_with(span_of(t.s, at), tag) ? tag.n : 0;
}

/* "connect to mx.example.net[192.0.2.1]", "host mx.example.net[192.0.2.1] said": the receiving host. */
static bool is_of_remote(const struct word_lists *words, struct span t, size_t start, size_t end)
{
    struct span front = span_of(t.s, start), rest = span_of(t.s + end, t.n - end);
    const char *space = start ? memrchr(t.s, ' ', start) : NULL;
    if (start && t.s[start - 1] == '[' && space && span_starts_nocase(rest, "]")) {
        front.n = (size_t)(space - t.s);
        return told_starts_with(words->of[WORDS_REMOTE_AFTER], rest) ||
               told_ends_with(words->of[WORDS_REMOTE_BEFORE], &front);
    }
    return false;
}

static bool is_introduced(const struct word_lists *words, struct span t, size_t start, size_t end)
{
    struct span front = span_of(t.s, start);
    if (memchr("[</=?", start ? t.s[start - 1] : ' ', 5))
        return true;
    return told_ends_with(words->of[WORDS_IP_BEFORE], &front) ||
           told_starts_with(words->of[WORDS_IP_AFTER], span_of(t.s + end, t.n - end));
}

/* What is searched: a folded text, with the words that introduce what is refused. */
struct refusal {
    struct arena *arena;
    const struct word_lists *words;
    struct span text;
};

/* The address that begins at `at`, if the words around it say that it is refused; else NULL. */
static const char *take_ip(const struct refusal *r, size_t at, size_t end)
{
    const struct span t = r->text;
    const size_t start = at - tag_bytes(t, at);
    const bool answer = end && (span_starts_nocase(span_of(t.s + at, end - at), "127.") || t.s[at] == '0');
    if (!end || answer || !is_introduced(r->words, t, start, end) || is_of_remote(r->words, t, start, end))
        return NULL;
    return arena_strndup(r->arena, t.s + at, end - at);
}

/* The next dot between two bytes of a kind, at or after `at`; NULL: none. */
static const char *next_dot(struct span t, size_t at, bool of_numbers)
{
    const char *dot = t.s + at;
    while ((dot = at < t.n ? memchr(dot, '.', t.n - (size_t)(dot - t.s)) : NULL)) {
        if (dot > t.s && dot + 1 < t.s + t.n &&
            (of_numbers ? ascii_is_digit(dot[1]) && ascii_is_digit(dot[-1])
                        : ascii_is_alpha(dot[1]) && (ascii_is_alnum(dot[-1]) || (unsigned char)dot[-1] >= 0x80)))
            return dot;
        dot++;
    }
    return NULL;
}

bool told_has_name(struct span folded)
{
    return next_dot(folded, 0, false) != NULL;
}

static const char *find_ipv4(const struct refusal *r)
{
    const struct span t = r->text;
    const char *dot, *found = NULL;
    for (size_t at = 0; !found && (dot = next_dot(t, at, true));) {
        size_t start = (size_t)(dot - t.s);
        while (start && ascii_is_digit(t.s[start - 1]))
            start--;
        if (!start || !(ascii_is_alnum(t.s[start - 1]) || memchr(".-:_", t.s[start - 1], 4)))
            found = take_ip(r, start, end_of_ipv4(t, start));
        for (at = (size_t)(dot - t.s); at < t.n && is_address_byte(t.s[at]);)
            at++;
    }
    return found;
}

/* Every IPv6 address has two colons in a row, or seven. */
static bool may_hold_ipv6(struct span t)
{
    size_t colons = 0;
    for (const char *at = t.s, *end = t.s + t.n; at < end && (at = memchr(at, ':', (size_t)(end - at))); at++)
        if (++colons == 7 || (at + 1 < end && at[1] == ':'))
            return true;
    return false;
}

/* At the start, in brackets, after a space, or as the value of a parameter. */
static const char *find_ipv6(const struct refusal *r)
{
    const struct span t = r->text;
    const char *found = NULL;
    if (!may_hold_ipv6(t))
        return NULL;
    for (size_t at = 0; !found && at < t.n; at++)
        if (!at || memchr("[=/ ", t.s[at - 1], 4) || tag_bytes(t, at))
            found = take_ip(r, at, end_of_ipv6(t, at));
    return found;
}

static const char *find_ip(const struct refusal *r)
{
    const char *found = find_ipv4(r);
    return found ? found : find_ipv6(r);
}

/* --------------------------------------------------------------- domains */

static bool is_name_byte(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

enum { LONGEST_NAME_BYTES = 255 }; /* RFC 1035 2.3.4 */

/* "example.net": dots inside, not a file, not a number. */
static bool is_domain(struct span name)
{
    const char *dot = name.n ? memrchr(name.s, '.', name.n) : NULL;
    size_t top = dot ? (size_t)(name.s + name.n - dot - 1) : 0;
    if (name.n > LONGEST_NAME_BYTES || top < 2 || dot == name.s || !ascii_is_alpha(dot[1]))
        return false;
    static const char *const files[] = {"html", "htm", "php", "aspx", "cgi", "txt", "exe", "shtml", "pdf", "zip"};
    for (size_t i = 0; i < COUNT(files); i++)
        if (span_equal_nocase(span_of(dot + 1, top), files[i]))
            return false;
    return true;
}

/* "domain example.net", "domain of example.net", but not "recipient domain example.net" */
static bool introduces_domain(const struct word_lists *words, struct span t, size_t start)
{
    struct span front = span_of(t.s, start);
    if (span_ends_with(front, span_z("/query/domain/")))
        return true;
    if (start && (t.s[start - 1] == '/' || t.s[start - 1] == '.' || t.s[start - 1] == '='))
        return false;
    return told_ends_with(words->of[WORDS_DOMAIN_BEFORE], &front) &&
           !told_ends_with(words->of[WORDS_DOMAIN_OTHER], &front);
}

/* Whether the words before a name, or before the address that it ends, say that it is refused. */
static bool is_named(const struct refusal *r, size_t start, bool of_sender)
{
    const struct span t = r->text;
    if (!start || t.s[start - 1] != '@')
        return introduces_domain(r->words, t, start);
    size_t local = start - 1;
    while (local && (is_name_byte(t.s[local - 1]) || t.s[local - 1] == '+' || t.s[local - 1] == '='))
        local--;
    struct span front = span_of(t.s, local); /* "sender <", "sender address [", "mail from:<" */
    return of_sender && told_ends_with(r->words->of[WORDS_REFUSED_SENDER], &front);
}

static const char *find_domain(const struct refusal *r, bool of_sender)
{
    const struct span t = r->text;
    const char *dot;
    for (size_t at = 0, end; (dot = next_dot(t, at, false)); at = end) {
        size_t start = (size_t)(dot - t.s);
        while (start > at && is_name_byte(t.s[start - 1]))
            start--;
        for (end = (size_t)(dot - t.s); end < t.n && is_name_byte(t.s[end]);)
            end++;
        struct span name = span_of(t.s + start, end - start);
        while (name.n && (name.s[name.n - 1] == '.' || name.s[name.n - 1] == '-'))
            name.n--;
        const bool goes_on = end < t.n && (t.s[end] == '@' || span_starts_nocase(span_of(t.s + end, t.n - end), "://"));
        if (!goes_on && is_named(r, start, of_sender) && is_domain(name))
            return arena_strndup(r->arena, name.s, name.n);
    }
    return NULL;
}

/* ----------------------------------------------------------------- links */

bool told_link_is_refused(const struct word_lists *words, struct span folded, const struct told_link *link)
{
    struct span front = span_of(folded.s, link->start);
    if (told_ends_with(words->of[WORDS_LINK_CONTAINS], &front))
        return true;
    if (!told_ends_with(words->of[WORDS_LINK_BEFORE], &front))
        return false;
    told_ends_with(words->of[WORDS_LINK_ARTICLE], &front);
    return told_ends_with(words->of[WORDS_LINK_REFUSED], &front);
}

void told_refused_link(struct arena *a, const struct word_lists *words, const struct norm_text *t,
                       struct told_facts *told)
{
    struct told_link link;
    for (size_t pos = 0; !told->url && told_next_link(t, &pos, &link);)
        if (told_link_is_refused(words, span_of(t->folded, t->folded_length), &link))
            told->url = arena_strndup(a, link.url.s, link.url.n);
}

void told_refused(struct arena *a, const struct word_lists *words, const struct norm_text *t, bool of_sender,
                  struct told_facts *told)
{
    const struct refusal r = {a, words, span_of(t->folded, t->folded_length)};
    told->ip = find_ip(&r);
    told->domain = find_domain(&r, of_sender);
}
