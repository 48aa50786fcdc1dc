/* SPDX-License-Identifier: MIT */
/*
 * refused.c - what a server says it refuses: an address, a domain, a link.
 *
 * In: the text of a refusal that is about the sender or the message. Out: the first address of a machine, the first
 * domain and the first link that the words around it call refused. Numbers that only look like an address (versions,
 * codes), answers of block lists (127.0.0.2) and what no word introduces are left out.
 */
#include "verdict/told.h"

/* -------------------------------------------------------------- addresses */

static bool is_address_byte(char c)
{
    return ascii_is_digit(c) || c == '.';
}

/* The end of four numbers up to 255 with dots between; 0: there are none at `at`. */
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
    /* "192.0.2.1." ends a sentence, "1.2.3.4.5" and "192.0.2.1.example.net" are none. */
    bool more = at + 1 < t.n && (t.s[at] == '.' || t.s[at] == '-') && ascii_is_alnum(t.s[at + 1]);
    return more || (at < t.n && ascii_is_alnum(t.s[at])) ? 0 : at;
}

/* "2001:db8::25", or all eight groups. */
static size_t end_of_ipv6(struct span t, size_t at)
{
    size_t end = at, colons = 0;
    bool twice = false;
    for (; end < t.n && (ascii_is_digit(t.s[end]) || (t.s[end] >= 'a' && t.s[end] <= 'f') || t.s[end] == ':'); end++) {
        colons += t.s[end] == ':';
        twice |= end > at && t.s[end] == ':' && t.s[end - 1] == ':';
    }
    return twice || colons == 7 ? end : 0;
}

/* "connect to mx.example.net[192.0.2.1]", "host mx.example.net[192.0.2.1] said": the receiving host. */
static bool is_of_remote(struct span t, size_t start, size_t end)
{
    struct span front = span_of(t.s, start), rest = span_of(t.s + end, t.n - end);
    const char *space = start ? memrchr(t.s, ' ', start) : NULL;
    if (start && t.s[start - 1] == '[' && space && span_starts_nocase(rest, "]")) {
        front.n = (size_t)(space - t.s);
        return span_starts_nocase(rest, "] said") || span_ends_with(front, span_z("connect to"));
    }
    return false;
}

static bool is_introduced(struct span t, size_t start, size_t end)
{
    static const char *const before[] = {"ip",      "ips",   "address",    "from",       "client", "host",
                                         "server",  "value", "sender",     "ipv6",       "ipv4",   "source",
                                         "adresse", "mta",   "connection", "connecting", "your",   "relay"};
    static const char *const after[] = {"found", "listed",   "blocked", "blacklisted", "is",     "has",    "was",
                                        "not",   "rejected", "black",   "refused",     "banned", "denied", "does"};
    const char previous = start ? t.s[start - 1] : ' ';
    struct span front = span_of(t.s, start), rest = span_of(t.s + end, t.n - end);
    if (memchr("[</=?", previous, 5))
        return true;
    struct span word = told_last_word(&front);
    if (TOLD_IS_ONE_OF(word, before))
        return true;
    word = told_first_word(&rest);
    return TOLD_IS_ONE_OF(word, after);
}

/* The address that begins at `at`, if the words around it say that it is refused; NULL. */
static const char *take_ip(struct arena *a, struct span t, size_t at, size_t end)
{
    const bool answer = end && (span_starts_nocase(span_of(t.s + at, end - at), "127.") || t.s[at] == '0');
    if (!end || answer || !is_introduced(t, at, end) || is_of_remote(t, at, end))
        return NULL;
    return arena_strndup(a, t.s + at, end - at);
}

/* The next dot between two bytes of a kind, at or after `at`; NULL: there is none. */
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

static const char *find_ipv4(struct arena *a, struct span t)
{
    const char *dot, *found = NULL;
    for (size_t at = 0; !found && (dot = next_dot(t, at, true));) {
        size_t start = (size_t)(dot - t.s);
        while (start && ascii_is_digit(t.s[start - 1]))
            start--;
        if (!start || !(ascii_is_alnum(t.s[start - 1]) || memchr(".-:_", t.s[start - 1], 4)))
            found = take_ip(a, t, start, end_of_ipv4(t, start));
        for (at = (size_t)(dot - t.s); at < t.n && is_address_byte(t.s[at]);)
            at++;
    }
    return found;
}

/* All have two colons in a row, or seven. */
static bool may_hold_ipv6(struct span t)
{
    size_t colons = 0;
    for (const char *at = t.s, *end = t.s + t.n; at < end && (at = memchr(at, ':', (size_t)(end - at))); at++)
        if (++colons == 7 || (at + 1 < end && at[1] == ':'))
            return true;
    return false;
}

/* In brackets, or the value of a parameter. */
static const char *find_ipv6(struct arena *a, struct span t)
{
    const char *found = NULL;
    if (!may_hold_ipv6(t))
        return NULL;
    for (size_t at = 1; !found && at < t.n; at++)
        if (t.s[at - 1] == '[' || t.s[at - 1] == '=' || t.s[at - 1] == '/' || t.s[at - 1] == ' ')
            found = take_ip(a, t, at, end_of_ipv6(t, at));
    return found;
}

static const char *find_ip(struct arena *a, struct span t)
{
    const char *found = find_ipv4(a, t);
    return found ? found : find_ipv6(a, t);
}

/* --------------------------------------------------------------- domains */

static bool is_name_byte(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

enum { LONGEST_NAME_BYTES = 255 }; /* RFC 1035 2.3.4 */

/* "example.net": dots inside, no file, no number. */
static bool is_domain(struct span name)
{
    const char *dot = name.n ? memrchr(name.s, '.', name.n) : NULL;
    size_t top = dot ? (size_t)(name.s + name.n - dot - 1) : 0;
    if (name.n > LONGEST_NAME_BYTES || top < 2 || dot == name.s || !ascii_is_alpha(dot[1]))
        return false;
    static const char *const files[] = {"html", "htm", "php", "aspx", "cgi", "txt", "exe", "shtml", "pdf", "zip"};
    return !TOLD_IS_ONE_OF(span_of(dot + 1, top), files);
}

/* "sender <joe@", "sender address [joe@", "mail from <joe@" */
static bool introduces_sender(struct span front)
{
    static const char *const sender[] = {"sender", "mailfrom", "originator"};
    struct span word = told_last_word(&front);
    if (span_equal_nocase(word, "address"))
        word = told_last_word(&front);
    if (span_equal_nocase(word, "from")) {
        word = told_last_word(&front);
        return span_equal_nocase(word, "mail") || span_equal_nocase(word, "sender");
    }
    return TOLD_IS_ONE_OF(word, sender);
}

static bool introduces_domain(struct span t, size_t start)
{
    static const char *const names[] = {"domain", "helo", "ehlo", "url", "uri", "domaine"};
    static const char *const others[] = {"recipient", "destination", "recipient's", "local", "target", "receiving"};
    struct span front = span_of(t.s, start);
    if (span_ends_with(front, span_z("/query/domain/")))
        return true;
    if (start && (t.s[start - 1] == '/' || t.s[start - 1] == '.' || t.s[start - 1] == '='))
        return false;
    struct span word = told_last_word(&front);
    if (span_equal_nocase(word, "name") || span_equal_nocase(word, "of"))
        word = told_last_word(&front);
    if (!TOLD_IS_ONE_OF(word, names))
        return false;
    word = told_last_word(&front);
    return !TOLD_IS_ONE_OF(word, others);
}

/* Whether the words in front of a name, or of the address that it ends, say that it is refused. */
static bool is_named(struct span t, size_t start, bool of_sender)
{
    if (!start || t.s[start - 1] != '@')
        return introduces_domain(t, start);
    size_t local = start - 1;
    while (local && (is_name_byte(t.s[local - 1]) || t.s[local - 1] == '+' || t.s[local - 1] == '='))
        local--;
    return of_sender && introduces_sender(span_of(t.s, local));
}

static const char *find_domain(struct arena *a, struct span t, bool of_sender)
{
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
        if (!goes_on && is_named(t, start, of_sender) && is_domain(name))
            return arena_strndup(a, name.s, name.n);
    }
    return NULL;
}

/* ----------------------------------------------------------------- links */

bool told_link_is_refused(struct span folded, const struct told_link *link)
{
    static const char *const names[] = {"url", "link", "uri", "urls", "links", "website"};
    static const char *const bad[] = {"blocked",  "blacklisted", "listed",    "bad",        "malicious",  "suspicious",
                                      "spam",     "phishing",    "forbidden", "prohibited", "dangerous",  "unwanted",
                                      "rejected", "containing",  "contains",  "contain",    "disallowed", "unsafe"};
    static const char *const contains[] = {"contains", "containing", "contain", "includes"};
    struct span front = span_of(folded.s, link->start), word = told_last_word(&front);
    if (TOLD_IS_ONE_OF(word, contains))
        return true;
    if (!TOLD_IS_ONE_OF(word, names))
        return false;
    word = told_last_word(&front);
    if (span_equal_nocase(word, "a") || span_equal_nocase(word, "the"))
        word = told_last_word(&front);
    return TOLD_IS_ONE_OF(word, bad);
}

void told_refused_link(struct arena *a, const struct norm_text *t, struct told_facts *told)
{
    struct told_link link;
    for (size_t pos = 0; !told->url && told_next_link(t, &pos, &link);)
        if (told_link_is_refused(span_of(t->folded, t->folded_length), &link))
            told->url = arena_strndup(a, link.url.s, link.url.n);
}

void told_refused(struct arena *a, const struct norm_text *t, bool of_sender, struct told_facts *told)
{
    const struct span folded = span_of(t->folded, t->folded_length);
    told->ip = find_ip(a, folded);
    told->domain = find_domain(a, folded, of_sender);
}
