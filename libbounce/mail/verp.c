/* SPDX-License-Identifier: MIT */
/*
 * verp.c - recipients that hide in envelope addresses, and senders that wrap
 * their own (BATV, SRS).
 *
 * What comes in: the envelope address that a report was sent to. What goes
 * out: the recipient whom its mail was for, or the plain sender. Refused: what
 * does not end in a domain with a dot and a plausible top level, so that
 * "joe+tag=1@example.org" is nobody else than Joe.
 */
#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_chars.h"

static struct span slice(struct span s, size_t from, size_t to)
{
    return span_of(s.s + from, to - from);
}

/* Index of the first c at or after from; s.n if there is none. */
static size_t find_char(struct span s, size_t from, char c)
{
    const char *p = from < s.n ? memchr(s.s + from, c, s.n - from) : NULL;
    return p ? (size_t)(p - s.s) : s.n;
}

/* Index of the last c; s.n if there is none. */
static size_t find_last_char(struct span s, char c)
{
    for (size_t i = s.n; i; i--)
        if (s.s[i - 1] == c)
            return i - 1;
    return s.n;
}

static size_t find_word(struct span s, const char *word)
{
    const char *p = span_find_nocase(s, word);
    return p ? (size_t)(p - s.s) : s.n;
}

/* A domain as it may be hidden: ASCII or UTF-8, with a dot, its last label of
 * two letters or more. */
static bool is_hidden_domain(struct span s)
{
    size_t dot = find_last_char(s, '.');
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

static char *join(struct arena *a, struct span local, struct span domain)
{
    char *address = arena_alloc(a, local.n + domain.n + 2);
    memcpy(address, local.s, local.n);
    address[local.n] = '@';
    memcpy(address + local.n + 1, domain.s, domain.n);
    address[local.n + 1 + domain.n] = '\0';
    return address;
}

/* The recipient, if both halves can be one. */
static char *hidden(struct arena *a, struct span local, struct span domain)
{
    if (!local.n || !is_hidden_domain(domain))
        return NULL;
    char *address = join(a, local, domain);
    return address_is_plausible(span_z(address)) && address_at(span_of(local.s, local.n)) == local.n ? address : NULL;
}

/* --------------------------------------------------- wrapped senders */

/* Length of a hash that ends at "=": n letters and digits, or 0. */
static size_t hash_length(struct span s, size_t least, size_t most)
{
    size_t n = 0;
    while (n < s.n && (ascii_is_alnum(s.s[n]) || (s.s[n] && strchr("+/_", s.s[n]))))
        n++;
    return n >= least && n <= most && n < s.n && s.s[n] == '=' ? n : 0;
}

/* "HASH=TIME=domain=local", the inside of SRS0. */
static char *unwrap_srs0(struct arena *a, struct span s)
{
    size_t time = find_char(s, 0, '=') + 1, domain = find_char(s, time, '=') + 1, local = find_char(s, domain, '=') + 1;
    if (local >= s.n)
        return NULL;
    return hidden(a, slice(s, local, s.n), slice(s, domain, local - 1));
}

/* "HASH=host==HASH=TIME=domain=local", the inside of SRS1: the "=" behind
 * "host=" is the separator that the first forwarder's SRS0 used. */
static char *unwrap_srs1(struct arena *a, struct span s)
{
    size_t host = find_char(s, 0, '=') + 1, inner = find_char(s, host, '=') + 2;
    return inner < s.n ? unwrap_srs0(a, slice(s, inner, s.n)) : NULL;
}

/* BATV: "prvs=TAG=local", "prvs=local=TAG" of its first draft, and others' own. */
static char *unwrap_batv(struct arena *a, struct span local, struct span domain)
{
    static const struct {
        const char *prefix, *separator;
        size_t least, most; /* characters of the tag */
    } forms[] = {{"prvs=", "=", 10, 10}, {"btv1==", "==", 6, 16}, {"msprvs1=", "=", 6, 40}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!span_starts_nocase(local, forms[i].prefix))
            continue;
        struct span rest = slice(local, strlen(forms[i].prefix), local.n);
        size_t tag = hash_length(rest, forms[i].least, forms[i].most), skip = tag + strlen(forms[i].separator);
        if (tag && skip < rest.n && span_starts_nocase(slice(rest, tag, rest.n), forms[i].separator))
            return join(a, slice(rest, skip, rest.n), domain);
        size_t last = find_last_char(rest, i == 0 && find_char(rest, 0, '/') < rest.n ? '/' : '=');
        if (i == 0 && last && rest.n - last == 11)
            return join(a, slice(rest, 0, last), domain);
    }
    return NULL;
}

/* Takes one wrap off; NULL if there is none. */
static char *unwrap_once(struct arena *a, struct span address)
{
    size_t at = address_at(address);
    struct span local = slice(address, 0, at), domain = slice(address, at + 1, address.n);
    bool marked = local.n > 5 && strchr("=+-", local.s[4]);
    if (marked && span_starts_nocase(local, "SRS0"))
        return unwrap_srs0(a, slice(local, 5, local.n));
    if (marked && span_starts_nocase(local, "SRS1"))
        return unwrap_srs1(a, slice(local, 5, local.n));
    size_t srs = find_word(local, "+SRS="); /* Exchange Online */
    if (srs < local.n)
        return unwrap_srs0(a, slice(local, srs + 5, local.n));
    return unwrap_batv(a, local, domain);
}

char *address_unwrap(struct arena *a, struct span envelope)
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

/* Skips "123-" as often as it stands there, then one "ab12-" behind it
 * (SendGrid), then "mc.us1_2.3-" (Mailchimp): numbers of the mailing. */
static struct span without_numbers(struct span s)
{
    bool number = false;
    for (;;) {
        size_t dash = find_char(s, 0, '-'), digits = 0, hex = 0;
        if (dash == s.n)
            return s;
        for (size_t i = 0; i < dash; i++) {
            digits += ascii_is_digit(s.s[i]);
            hex += ascii_is_digit(s.s[i]) || (s.s[i] >= 'a' && s.s[i] <= 'f');
        }
        bool all_digits = dash && digits == dash, tag = number && dash == 4 && hex == 4;
        if (!all_digits && !tag && !span_starts_nocase(s, "mc."))
            return s;
        number = all_digits;
        s = slice(s, dash + 1, s.n);
    }
}

/* The hidden local part: behind the '+', or behind a word by which bounce
 * addresses are known, or all of it. */
static struct span hidden_local(struct span s)
{
    static const char *const words[] = {"bounces-", "bounce-", "return-", "returns-", "errors-", "owner-"};
    size_t plus = find_char(s, 0, '+');
    if (plus < s.n) {
        s = without_numbers(slice(s, plus + 1, s.n));
        return span_starts_nocase(s, "caf_=") ? slice(s, 5, s.n) : s; /* Gmail's forwarding */
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t word = find_word(s, words[i]);
        if (word < s.n && (!word || strchr("-._", s.s[word - 1])))
            return without_numbers(slice(s, word + strlen(words[i]), s.n));
    }
    return s;
}

/* "user==a==example.net", with the list behind another "==" (Sympa). */
static char *from_sympa(struct arena *a, struct span s)
{
    size_t at = find_word(s, "==a==");
    if (at == s.n)
        return NULL;
    struct span domain = slice(s, at + 5, s.n);
    domain.n = find_word(domain, "==");
    return hidden(a, hidden_local(slice(s, 0, at)), domain);
}

static char *from_local(struct arena *a, struct span s)
{
    char *found = from_sympa(a, s);
    size_t equal = find_last_char(s, '=');
    if (found || equal == s.n)
        return found;
    size_t end = equal && s.s[equal - 1] == '=' ? equal - 1 : equal; /* "user==example.net" */
    return hidden(a, hidden_local(slice(s, 0, end)), slice(s, equal + 1, s.n));
}

/* ------------------------------------------------ the caller's pattern */

/* A pattern cut at its placeholders: text[0] first text[1] second text[2]. */
struct template
{
    struct span text[3];
    const char *first, *second; /* "{local}", "{domain}", "{address}" or NULL */
};

static bool template_read(const char *pattern, struct template *t)
{
    static const char *const holders[] = {"{local}", "{domain}", "{address}"};
    const char *order[3] = {0};
    size_t count = 0, start = 0;
    struct span s = span_z(pattern);
    *t = (struct template){0};
    for (size_t i = 0; i < s.n; i++) {
        for (size_t k = 0; k < 3; k++) {
            if (!span_starts_nocase(slice(s, i, s.n), holders[k]))
                continue;
            if (count == 2 || (count && order[0] == holders[k]))
                return false;
            t->text[count] = slice(s, start, i);
            order[count++] = holders[k];
            start = i + strlen(holders[k]);
            i = start - 1;
            break;
        }
    }
    t->text[count] = slice(s, start, s.n);
    t->first = order[0];
    t->second = order[1];
    bool address = t->first == holders[2] || t->second == holders[2];
    return address ? count == 1 : count == 2;
}

bool address_verp_pattern_ok(const char *pattern)
{
    struct template t;
    return pattern && template_read(pattern, &t);
}

/* {address}: as it is, or with '=' for its '@'. */
static char *whole_address(struct arena *a, struct span s)
{
    size_t at = address_at(s);
    if (at == s.n)
        at = find_last_char(s, '=');
    return at == s.n ? NULL : hidden(a, slice(s, 0, at), slice(s, at + 1, s.n));
}

static bool same_nocase(const char *s, struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (ascii_lower(s[i]) != ascii_lower(text.s[i]))
            return false;
    return true;
}

/* Tries each place where the text between both placeholders stands, from the
 * end: a hidden domain never holds the separator, a hidden local part may. */
static char *split_template(struct arena *a, const struct template *t, struct span s)
{
    struct span between = t->text[1];
    bool local_first = span_equal_nocase(span_z(t->first), "{local}");
    for (size_t i = s.n; between.n && i >= between.n; i--) {
        size_t cut = i - between.n;
        if (!same_nocase(s.s + cut, between))
            continue;
        struct span left = slice(s, 0, cut), right = slice(s, i, s.n);
        char *found = local_first ? hidden(a, left, right) : hidden(a, right, left);
        if (found)
            return found;
    }
    return NULL;
}

static char *from_pattern(struct arena *a, struct span s, const char *pattern)
{
    struct template t;
    if (!template_read(pattern, &t))
        return NULL;
    struct span head = t.text[0], tail = t.text[t.second ? 2 : 1];
    if (s.n < head.n + tail.n || !same_nocase(s.s, head) || !same_nocase(s.s + s.n - tail.n, tail))
        return NULL;
    s = slice(s, head.n, s.n - tail.n);
    return t.second ? split_template(a, &t, s) : whole_address(a, s);
}

char *address_from_verp(struct arena *a, struct span envelope, const char *pattern)
{
    char *plain = address_unwrap(a, envelope), *found = NULL;
    if (!plain)
        return NULL;
    if (pattern)
        found = from_pattern(a, span_z(plain), pattern);
    struct span s = span_z(plain);
    return found ? found : from_local(a, slice(s, 0, address_at(s)));
}
