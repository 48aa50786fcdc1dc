/* SPDX-License-Identifier: MIT */
/*
 * verp.c - hidden recipients and wrapped senders; see verp.h.
 *
 * In: the envelope address that a report was sent to. Out: the recipient of the
 * mail that it reports on, or the plain sender. Refused: what does not end in a
 * domain with a dot and a plausible top level, so that "joe+tag=1@example.org"
 * is just Joe.
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/verp.h"

#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_chars.h"

static struct span slice(struct span s, size_t from, size_t to)
{
    return span_of(s.s + from, to - from);
}

/* Index of the first c at or after from; s.n if there is none. Likewise below. */
static size_t index_of(struct span s, size_t from, char c)
{
    const char *p = from < s.n ? memchr(s.s + from, c, s.n - from) : NULL;
    return p ? (size_t)(p - s.s) : s.n;
}

static size_t last_index_of(struct span s, char c)
{
    const char *p = s.n ? memrchr(s.s, c, s.n) : NULL;
    return p ? (size_t)(p - s.s) : s.n;
}

static size_t index_of_word(struct span s, const char *word)
{
    const char *p = span_find_nocase(s, word);
    return p ? (size_t)(p - s.s) : s.n;
}

/* Whether s can be a hidden domain: ASCII or UTF-8, with a dot, and a last label of two
 * letters or more. */
static bool is_hidden_domain(struct span s)
{
    size_t dot = last_index_of(s, '.');
    if (dot == s.n || address_domain_length(s) != s.n)
        return false;
    struct span top = slice(s, dot + 1, s.n);
    if (span_starts_nocase(top, "xn--"))
        return top.n > 4;
    for (size_t i = 0; i < top.n; i++)
        if (!ascii_is_alpha(top.s[i]) && (unsigned char)top.s[i] < 0x80)
            return false;
    return top.n >= 2;
}

static char *join_address(struct arena *a, struct span local, struct span domain)
{
    char *address = arena_alloc(a, local.n + domain.n + 2);
    memcpy(address, local.s, local.n);
    address[local.n] = '@';
    memcpy(address + local.n + 1, domain.s, domain.n);
    address[local.n + 1 + domain.n] = '\0';
    return address;
}

/* The address of both halves, if they make a plausible one. */
static char *hidden(struct arena *a, struct span local, struct span domain)
{
    if (!local.n || !is_hidden_domain(domain))
        return NULL;
    char *address = join_address(a, local, domain);
    return address_is_plausible(span_z(address)) && address_at(local) == local.n ? address : NULL;
}

/* --------------------------------------------------- wrapped senders */

/* Length of the hash before a "="; 0 if there is none, or it is too short or too long. */
static size_t hash_length(struct span s, size_t least, size_t most)
{
    size_t n = 0;
    while (n < s.n && (ascii_is_alnum(s.s[n]) || (s.s[n] && strchr("+/_", s.s[n]))))
        n++;
    return n >= least && n <= most && n < s.n && s.s[n] == '=' ? n : 0;
}

/* The sender in "HASH=TIME=domain=local", the content of SRS0. */
static char *srs0_sender(struct arena *a, struct span s)
{
    size_t time = index_of(s, 0, '=') + 1, domain = index_of(s, time, '=') + 1, local = index_of(s, domain, '=') + 1;
    if (local >= s.n)
        return NULL;
    return hidden(a, slice(s, local, s.n), slice(s, domain, local - 1));
}

/* The sender in "HASH=host==HASH=TIME=domain=local", the content of SRS1: the "=" after
 * "host=" is the separator of the first forwarder's SRS0. */
static char *srs1_sender(struct arena *a, struct span s)
{
    size_t host = index_of(s, 0, '=') + 1, inner = index_of(s, host, '=') + 2;
    return inner < s.n ? srs0_sender(a, slice(s, inner, s.n)) : NULL;
}

/* BATV: "prvs=TAG=local", "prvs=local=TAG" of its first draft, and variants of others. */
static char *batv_sender(struct arena *a, struct span local, struct span domain)
{
    static const struct {
        const char *prefix, *separator;
        size_t least, most; /* characters of the tag */
    } forms[] = {{"prvs=", "=", 10, 10}, {"btv1==", "==", 6, 16}, {"msprvs1=", "=", 6, 40}};
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (!span_starts_nocase(local, forms[i].prefix))
            continue;
        struct span rest = slice(local, strlen(forms[i].prefix), local.n);
        size_t tag = hash_length(rest, forms[i].least, forms[i].most), skip = tag + strlen(forms[i].separator);
        if (tag && skip < rest.n && span_starts_nocase(slice(rest, tag, rest.n), forms[i].separator))
            return join_address(a, slice(rest, skip, rest.n), domain);
        size_t last = last_index_of(rest, i == 0 && index_of(rest, 0, '/') < rest.n ? '/' : '=');
        if (i == 0 && last && rest.n - last == 11)
            return join_address(a, slice(rest, 0, last), domain);
    }
    return NULL;
}

/* The address without its outermost wrap; NULL if it has none. */
static char *unwrap_once(struct arena *a, struct span address)
{
    size_t at = address_at(address);
    struct span local = slice(address, 0, at), domain = slice(address, at + 1, address.n);
    bool marked = local.n > 5 && strchr("=+-", local.s[4]);
    if (marked && span_starts_nocase(local, "SRS0"))
        return srs0_sender(a, slice(local, 5, local.n));
    if (marked && span_starts_nocase(local, "SRS1"))
        return srs1_sender(a, slice(local, 5, local.n));
    size_t srs = index_of_word(local, "+SRS="); /* Exchange Online */
    if (srs < local.n)
        return srs0_sender(a, slice(local, srs + 5, local.n));
    return batv_sender(a, local, domain);
}

char *verp_unwrap(struct arena *a, struct span envelope)
{
    struct span s = span_trim(envelope);
    if (s.n > 1 && s.s[0] == '<' && s.s[s.n - 1] == '>')
        s = slice(s, 1, s.n - 1);
    if (address_at(s) == s.n || s.n > LIMIT_ADDRESS_BYTES)
        return NULL;
    char *address = arena_strndup(a, s.s, s.n), *inner;
    for (int i = 0; i < LIMIT_ADDRESS_WRAPS && (inner = unwrap_once(a, span_z(address))); i++)
        address = inner;
    return address;
}

/* ------------------------------------------------- hidden recipients */

/* "bk1", a day and a MAC, which bounce_sent_return_path() puts before it (sent/keys.h). */
static bool is_mark(struct span s, size_t n)
{
    enum { MARK = 18, LETTERS_FROM = 3 };
    if (n != MARK || !span_starts_nocase(s, "bk") || !ascii_is_digit(s.s[2]))
        return false;
    for (size_t i = LETTERS_FROM; i < n; i++)
        if (!ascii_is_alpha(s.s[i]) && !(s.s[i] >= '2' && s.s[i] <= '7'))
            return false;
    return true;
}

/* Skips the numbers of a mailing: any number of "123-", then one "ab12-" (SendGrid), "mc.us1_2.3-" (Mailchimp), and our
 * own mark. */
static struct span without_numbers(struct span s)
{
    bool number = false;
    for (;;) {
        size_t dash = index_of(s, 0, '-'), digits = 0, hex = 0;
        if (dash == s.n)
            return s;
        for (size_t i = 0; i < dash; i++) {
            digits += ascii_is_digit(s.s[i]);
            hex += ascii_is_digit(s.s[i]) || (s.s[i] >= 'a' && s.s[i] <= 'f');
        }
        bool all_digits = dash && digits == dash, tag = number && dash == 4 && hex == 4;
        if (!all_digits && !tag && !span_starts_nocase(s, "mc.") && !is_mark(s, dash))
            return s;
        number = all_digits;
        s = slice(s, dash + 1, s.n);
    }
}

/* The hidden local part: what follows the '+' or a usual prefix of bounce addresses, or else all of it. */
static struct span hidden_local(struct span s)
{
    static const char *const words[] = {"bounces-", "bounce-", "return-", "returns-", "errors-", "owner-"};
    size_t plus = index_of(s, 0, '+');
    if (plus < s.n) {
        s = without_numbers(slice(s, plus + 1, s.n));
        return span_starts_nocase(s, "caf_=") ? slice(s, 5, s.n) : s; /* Gmail's forwarding */
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t word = index_of_word(s, words[i]);
        if (word < s.n && (!word || strchr("-._", s.s[word - 1])))
            return without_numbers(slice(s, word + strlen(words[i]), s.n));
    }
    return s;
}

/* "user==a==example.net", perhaps with another "==" and the list after it (Sympa). */
static char *sympa_recipient(struct arena *a, struct span s)
{
    size_t at = index_of_word(s, "==a==");
    if (at == s.n)
        return NULL;
    struct span domain = slice(s, at + 5, s.n);
    domain.n = index_of_word(domain, "==");
    return hidden(a, hidden_local(slice(s, 0, at)), domain);
}

static char *recipient_in_local(struct arena *a, struct span s)
{
    char *found = sympa_recipient(a, s);
    size_t equal = last_index_of(s, '=');
    if (found || equal == s.n)
        return found;
    size_t end = equal && s.s[equal - 1] == '=' ? equal - 1 : equal; /* "user==example.net" */
    return hidden(a, hidden_local(slice(s, 0, end)), slice(s, equal + 1, s.n));
}

/* ------------------------------------------------ the caller's pattern */

enum placeholder { PLACEHOLDER_NONE, PLACEHOLDER_LOCAL, PLACEHOLDER_DOMAIN, PLACEHOLDER_ADDRESS };

/* A pattern split at its placeholders: text[0] first text[1] second text[2]. */
struct verp_pattern {
    struct span text[3];
    enum placeholder first, second;
};

/* The placeholder at the start of s; *size gets its length, or 1 if there is none. */
static enum placeholder placeholder_at(struct span s, size_t *size)
{
    static const char *const names[] = {
        [PLACEHOLDER_LOCAL] = "{local}", [PLACEHOLDER_DOMAIN] = "{domain}", [PLACEHOLDER_ADDRESS] = "{address}"};
    *size = 1;
    for (size_t k = PLACEHOLDER_LOCAL; k < COUNT(names); k++)
        if (span_starts_nocase(s, names[k])) {
            *size = strlen(names[k]);
            return (enum placeholder)k;
        }
    return PLACEHOLDER_NONE;
}

/* False unless the placeholders are {address}, or {local} and {domain}, each once. */
static bool read_pattern(const char *pattern, struct verp_pattern *p)
{
    enum placeholder found[2] = {PLACEHOLDER_NONE, PLACEHOLDER_NONE};
    size_t count = 0, start = 0, size;
    struct span s = span_z(pattern);
    *p = (struct verp_pattern){0};
    for (size_t i = 0; i < s.n; i += size) {
        enum placeholder next = placeholder_at(slice(s, i, s.n), &size);
        if (!next)
            continue;
        if (count == 2 || next == found[0])
            return false;
        p->text[count] = slice(s, start, i);
        found[count++] = next;
        start = i + size;
    }
    p->text[count] = slice(s, start, s.n);
    p->first = found[0];
    p->second = found[1];
    return count == (p->first == PLACEHOLDER_ADDRESS ? 1 : 2) && p->second != PLACEHOLDER_ADDRESS;
}

bool verp_pattern_is_valid(const char *pattern)
{
    struct verp_pattern p;
    return pattern && read_pattern(pattern, &p);
}

/* What {address} matched: an address as it is, or with '=' for its '@'. */
static char *whole_address(struct arena *a, struct span s)
{
    size_t at = address_at(s);
    if (at == s.n)
        at = last_index_of(s, '=');
    return at == s.n ? NULL : hidden(a, slice(s, 0, at), slice(s, at + 1, s.n));
}

/* Splits s at the last separator that makes a plausible address: a hidden domain never contains the separator, a hidden
 * local part may. */
static char *split_by_pattern(struct arena *a, const struct verp_pattern *p, struct span s)
{
    struct span between = p->text[1];
    for (size_t i = s.n; between.n && i >= between.n; i--) {
        size_t cut = i - between.n;
        if (!bytes_equal_nocase(s.s + cut, between.s, between.n))
            continue;
        struct span left = slice(s, 0, cut), right = slice(s, i, s.n);
        bool local_first = p->first == PLACEHOLDER_LOCAL;
        char *found = local_first ? hidden(a, left, right) : hidden(a, right, left);
        if (found)
            return found;
    }
    return NULL;
}

static char *recipient_by_pattern(struct arena *a, struct span s, const char *pattern)
{
    struct verp_pattern p;
    if (!read_pattern(pattern, &p))
        return NULL;
    struct span head = p.text[0], tail = p.text[p.second ? 2 : 1];
    if (s.n < head.n + tail.n || !span_starts_with(s, head) || !span_ends_with(s, tail))
        return NULL;
    s = slice(s, head.n, s.n - tail.n);
    return p.second ? split_by_pattern(a, &p, s) : whole_address(a, s);
}

char *verp_recipient(struct arena *a, struct span envelope, const char *pattern)
{
    char *plain = verp_unwrap(a, envelope);
    if (!plain)
        return NULL;
    struct span s = span_z(plain);
    char *found = pattern ? recipient_by_pattern(a, s, pattern) : NULL;
    return found ? found : recipient_in_local(a, slice(s, 0, address_at(s)));
}
