/* SPDX-License-Identifier: MIT */
/*
 * wording.c - a text without what differs from mail to mail.
 *
 * What comes in: a text, and names of its mail. What goes out: the words of
 * whoever wrote it, fit to be shown to others, to be an example of a rule and to
 * be compared with those of another mail. Nothing is refused. What replaces
 * something has a digit or an "@" in it, so that no phrase is made of it.
 */
#include "text/wording.h"
#include "base/limits.h"
#include "text/normal.h"
#include "text/typed.h"

/* What replaces what was taken out; names and addresses of RFC 2606 and RFC 5737. */
#define NEUTRAL_ADDRESS "user@example.com"
#define NEUTRAL_HOST "host1.example.com"
#define NEUTRAL_IPV4 "192.0.2.1"
#define NEUTRAL_IPV6 "2001:db8::1"
#define NEUTRAL_ID "a1b2c3d4"
#define NEUTRAL_NUMBER "12345"
#define NEUTRAL_NAME "user1"

enum { ID_LENGTH = 8, NUMBER_DIGITS = 5, NAME_BYTES_MIN = 3 };

/* ------------------------------------------------------- what was typed */

/* "https://support.example.net/help?id=17" keeps what is before its path: it says whose page it is. */
static void put_url(struct strbuf *out, struct span url)
{
    const char *slashes = memmem(url.s, url.n, "//", 2);
    size_t n = slashes ? (size_t)(slashes - url.s) + 2 : 0;
    while (n < url.n && url.s[n] != '/' && url.s[n] != '?' && url.s[n] != '#')
        n++;
    if (memchr(url.s, '@', n))
        strbuf_puts(out, "https://" NEUTRAL_HOST);
    else
        strbuf_add(out, url.s, n);
    if (n < url.n)
        strbuf_puts(out, "/");
}

static void put_typed(struct strbuf *out, struct span found)
{
    if (memmem(found.s, found.n, "//", 2))
        put_url(out, found);
    else
        strbuf_puts(out, memchr(found.s, '@', found.n) ? NEUTRAL_ADDRESS : NEUTRAL_HOST);
}

/* ------------------------------------------------------------------ words */

/* A reply code, or an enhanced one, and what may follow it: "550-5.7.606-649". */
static bool is_code(struct span w)
{
    size_t dots = 0, n = 0;
    while (n < w.n && (ascii_is_digit(w.s[n]) || w.s[n] == '.')) {
        dots += w.s[n] == '.';
        n++;
    }
    return (n == 3 && !dots && strchr("245", w.s[0]) && (w.n == 3 || w.s[3] == '-')) ||
           (dots == 2 && n >= 5 && n <= 9 && strchr("245", w.s[0]) && w.s[1] == '.');
}

static bool is_ipv4(struct span w)
{
    size_t dots = 0, digits = 0;
    for (size_t i = 0; i < w.n; i++) {
        dots += w.s[i] == '.';
        digits = ascii_is_digit(w.s[i]) ? digits + 1 : 0;
        if ((w.s[i] != '.' && !digits) || digits > 3)
            return false;
    }
    return dots == 3;
}

static bool is_ipv6(struct span w)
{
    size_t colons = 0;
    for (size_t i = 0; i < w.n; i++) {
        colons += w.s[i] == ':';
        char c = ascii_lower(w.s[i]);
        if (c != ':' && !ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
    }
    return colons > 2 || (colons && memmem(w.s, w.n, "::", 2));
}

/* NULL: the word may stay. */
static const char *neutral_word(struct span w)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < w.n; i++) {
        digits += ascii_is_digit(w.s[i]);
        letters += ascii_is_alpha(w.s[i]);
    }
    if (!digits || is_code(w))
        return is_ipv6(w) ? NEUTRAL_IPV6 : NULL;
    if (is_ipv4(w))
        return NEUTRAL_IPV4;
    if (is_ipv6(w))
        return NEUTRAL_IPV6;
    if (!letters)
        return digits >= NUMBER_DIGITS ? NEUTRAL_NUMBER : NULL;
    return digits + letters >= ID_LENGTH ? NEUTRAL_ID : NULL;
}

static bool is_word_byte(char c)
{
    return ascii_is_alnum(c) || (c && strchr("._-+:~", c));
}

/* The word at a place, without the marks at both ends. */
static struct span word_at(struct span text, size_t at)
{
    size_t end = at;
    while (end < text.n && is_word_byte(text.s[end]))
        end++;
    while (end > at && !ascii_is_alnum(text.s[end - 1]) && text.s[end - 1] != ':')
        end--;
    if (end > at + 1 && text.s[end - 1] == ':' && text.s[end - 2] != ':')
        end--;
    return span_of(text.s + at, end - at);
}

/* ------------------------------------------------------------------ names */

/* A mailbox may have this name, but a server may say it of any. */
static bool is_plain_word(struct span name)
{
    static const char *const words[] = {
        "account", "address", "admin", "delivery", "domain",     "email", "error",     "failed",
        "for",     "full",    "host",  "info",     "invalid",    "list",  "mail",      "mailbox",
        "message", "name",    "news",  "not",      "postmaster", "quota", "recipient", "reject",
        "server",  "spam",    "test",  "the",      "unknown",    "user",  "users"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_equal_nocase(name, words[i]))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return ascii_is_alnum(c) || (c & 0x80);
}

/* How many bytes at a place are a name of the mail; 0: none. */
static size_t name_at(struct span text, size_t at, const struct wording_facts *facts)
{
    size_t longest = 0;
    if (at && is_letter(text.s[at - 1]))
        return 0;
    for (size_t i = 0; facts && i < facts->name_count; i++) {
        struct span name = facts->names[i];
        bool fits = name.n >= NAME_BYTES_MIN && name.n > longest && name.n <= text.n - at && !is_plain_word(name) &&
                    bytes_equal_nocase(text.s + at, name.s, name.n);
        if (fits && (at + name.n == text.n || !is_letter(text.s[at + name.n])))
            longest = name.n;
    }
    return longest;
}

/* -------------------------------------------------------------------- all */

/* What is between two finds. */
static void put_between(struct strbuf *out, struct span text, const struct wording_facts *facts)
{
    for (size_t at = 0; at < text.n;) {
        size_t name = name_at(text, at, facts);
        bool begins = !at || !is_word_byte(text.s[at - 1]);
        struct span word = begins && !name ? word_at(text, at) : span_of(text.s + at, 0);
        const char *neutral = name ? NEUTRAL_NAME : word.n ? neutral_word(word) : NULL;
        size_t n = name ? name : neutral ? word.n : 1;
        if (neutral)
            strbuf_puts(out, neutral);
        else
            strbuf_add(out, text.s + at, n);
        at += n;
    }
}

char *text_wording(struct arena *a, struct span text, const struct wording_facts *facts)
{
    struct norm_text norm;
    struct strbuf out;
    struct typed_range found;
    text_normalise(a, text, LIMIT_SEARCHED_BYTES, &norm);
    strbuf_init(&out, a);
    strbuf_reserve(&out, norm.length);
    struct typed_search search = {.text = span_of(norm.text, norm.length),
                                  .hosts = facts ? facts->hosts : NULL,
                                  .host_count = facts ? facts->host_count : 0};
    size_t at = 0;
    while (typed_next(&search, &found)) {
        put_between(&out, span_of(norm.text + at, found.start - at), facts);
        put_typed(&out, span_of(norm.text + found.start, found.end - found.start));
        at = found.end;
    }
    put_between(&out, span_of(norm.text + at, norm.length - at), facts);
    strbuf_puts(&out, "");
    return out.s;
}
