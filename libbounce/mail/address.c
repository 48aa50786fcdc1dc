/* SPDX-License-Identifier: MIT */
/*
 * address.c - address fields, and comparing addresses; see address.h.
 *
 * In: decoded UTF-8, as a report has it. Out: type and bare address (RFC 3464
 * 2.3.1, 2.3.2; xtext of RFC 3461 4; RFC 6533 3). Refused: empty values, such as
 * the "<>" of the null return path.
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/address.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "mail/address_chars.h"
#include "mail/address_names.h"
#include "mail/address_scan.h"
#include "mail/cfws.h"

#include <glib.h>

static struct span after(struct span s, size_t n)
{
    return span_of(s.s + n, s.n - n);
}

/* Length of "type;" at the start, 0 if there is none; *word gets the length of the type. */
static size_t type_length(struct span s, size_t *word)
{
    size_t n = 0;
    while (n < s.n && (ascii_is_alnum(s.s[n]) || s.s[n] == '-' || s.s[n] == '_' || s.s[n] == '.'))
        n++;
    *word = n;
    while (n < s.n && ascii_is_space(s.s[n]))
        n++;
    return *word && n < s.n && s.s[n] == ';' ? n + 1 : 0;
}

/* Takes the type off the front; some writers repeat it ("rfc822; rfc822;user@example.net"). */
static const char *take_address_type(struct arena *a, struct span *s)
{
    const struct span bare = skip_cfws(*s);
    size_t word, n = type_length(bare, &word);
    if (!n)
        return NULL;
    const char *type = arena_lower(a, span_of(bare.s, word));
    *s = span_trim(after(bare, n));
    while ((n = type_length(*s, &word)) && span_equal_nocase(span_of(s->s, word), type))
        *s = span_trim(after(*s, n));
    return type;
}

/* Positions of the last "<" and the first ">" after it; SIZE_MAX: none. */
static void find_brackets(struct span s, size_t *open, size_t *close)
{
    const char *last = memrchr(s.s, '<', s.n), *first = last ? memchr(last, '>', (size_t)(s.s + s.n - last)) : NULL;
    *open = last ? (size_t)(last - s.s) : SIZE_MAX;
    *close = first ? (size_t)(first - s.s) : SIZE_MAX;
}

/* A value from which comments are being removed. */
struct uncommented {
    char *s;
    size_t n;
    size_t open, close; /* brackets in s; SIZE_MAX: none */
    bool quotes;        /* false: some quote is unclosed, and looking for its end again would cost n * n */
};

/* Adds the quoted string at the start of s as it is; returns its length. A quote without an end is an
 * ordinary character. */
static size_t copy_quoted(struct uncommented *out, struct span s)
{
    size_t n = quoted_length(s);
    out->quotes = n > 0;
    n = n ? n : 1;
    memcpy(out->s + out->n, s.s, n);
    out->n += n;
    return n;
}

/* Adds a character outside of quotes and comments, and notes brackets. */
static void copy_character(struct uncommented *out, char c)
{
    if (c == '<')
        out->open = out->n, out->close = SIZE_MAX;
    else if (c == '>' && out->open != SIZE_MAX && out->close == SIZE_MAX)
        out->close = out->n;
    out->s[out->n++] = c;
}

/* s without its comments (RFC 5322 3.2.2; an unclosed one takes all that follows). Gets
 * the positions of its brackets, except those in quotes. */
static struct span without_comments(struct arena *a, struct span s, size_t *open, size_t *close)
{
    if (s.n && !memchr(s.s, '(', s.n) && !memchr(s.s, '"', s.n)) { /* neither comments nor quotes */
        find_brackets(s, open, close);
        return s;
    }
    struct uncommented out = {arena_alloc(a, s.n + 1), 0, SIZE_MAX, SIZE_MAX, true};
    for (size_t i = 0, size; i < s.n; i += size) {
        char c = s.s[i];
        size = 1;
        if (c == '"' && out.quotes)
            size = copy_quoted(&out, after(s, i));
        else if (c != '(')
            copy_character(&out, c);
        else if (!(size = comment_length(after(s, i))))
            break;
    }
    *open = out.open;
    *close = out.close;
    return span_of(out.s, out.n);
}

/* Strips "mailto:", "smtp:", a source route, quotes around the whole, and punctuation
 * that ends a sentence. */
static struct span without_ornaments(struct span s)
{
    static const struct span prefixes[] = {SPAN("mailto:"), SPAN("smtp:"), SPAN("rfc822:")};
    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (span_starts_with(s, prefixes[i]))
            s = span_trim(after(s, prefixes[i].n));
    const char *colon = s.n && s.s[0] == '@' ? memchr(s.s, ':', s.n) : NULL;
    if (colon)
        s = span_trim(after(s, (size_t)(colon + 1 - s.s)));
    if (s.n > 1 && (s.s[0] == '"' || s.s[0] == '\'') && s.s[s.n - 1] == s.s[0])
        s = span_of(s.s + 1, s.n - 2);
    if (s.n && memchr(s.s, '@', s.n))
        while (s.n && strchr(".,;:>", s.s[s.n - 1]))
            s.n--;
    return span_trim(s);
}

/* xtext has capitals only (RFC 3461 4). */
static int xtext_digit(char c)
{
    return c >= 'a' ? -1 : g_ascii_xdigit_value(c);
}

/* The byte that "+HH" at the start of s encodes, or -1. xtext must encode '+', '=' and
 * everything outside 33 to 126; anything else is a plus tag. */
static int xtext_byte(struct span s)
{
    if (s.n < 3 || s.s[0] != '+' || xtext_digit(s.s[1]) < 0 || xtext_digit(s.s[2]) < 0)
        return -1;
    int value = xtext_digit(s.s[1]) * 16 + xtext_digit(s.s[2]);
    return value == '+' || value == '=' || value == ' ' || value > 126 ? value : -1;
}

/* The character of "\x{HEX}" at the start of s (RFC 6533 3), or 0; *size gets its length. */
static uint32_t escaped_character(struct span s, size_t *size)
{
    if (s.n < 5 || memcmp(s.s, "\\x{", 3) != 0)
        return 0;
    uint32_t c = 0;
    size_t i = 3;
    for (; i < s.n && i < 9 && g_ascii_xdigit_value(s.s[i]) >= 0; i++)
        c = c * 16 + (uint32_t)g_ascii_xdigit_value(s.s[i]);
    *size = i + 1;
    bool valid = c >= ' ' && c != 0x7f && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    return i > 3 && i < s.n && s.s[i] == '}' && valid ? c : 0;
}

static struct span undo_escapes(struct arena *a, struct span s)
{
    if (!span_find(s, "\\x{"))
        return s;
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0, size; i < s.n; i += size) {
        uint32_t c = escaped_character(after(s, i), &size);
        if (c)
            strbuf_putu(&out, c);
        else
            strbuf_putc(&out, s.s[i]), size = 1;
    }
    return span_of(out.s, out.n);
}

/* True if s has neither control characters nor broken ones. */
static bool is_clean(struct span s)
{
    for (size_t i = 0, size; i < s.n; i += size) {
        size = utf8_valid(s.s + i, s.n - i);
        if (!size || (unsigned char)s.s[i] < ' ' || s.s[i] == 0x7f)
            return false;
    }
    return true;
}

struct span address_undo_xtext(struct arena *a, struct span s)
{
    if (!s.n || !memchr(s.s, '+', s.n))
        return s;
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; i < s.n;) {
        int byte = xtext_byte(after(s, i));
        strbuf_putc(&out, byte < 0 ? s.s[i] : (char)byte);
        i += byte < 0 ? 1 : 3;
    }
    struct span result = span_of(out.s, out.n);
    bool sane = is_clean(result) && (address_is_plausible(result) || !address_is_plausible(s));
    return sane ? result : s;
}

/* The bare address of a value whose type has been taken off. */
static struct span internet_address(struct arena *a, struct span s, bool xtext)
{
    size_t open, close;
    s = without_comments(a, s, &open, &close);
    if (open != SIZE_MAX)
        s = span_of(s.s + open + 1, (close == SIZE_MAX ? s.n : close) - open - 1);
    s = without_ornaments(span_trim(s));
    s = undo_escapes(a, s);
    s = xtext ? address_undo_xtext(a, s) : s;
    struct found_address found;
    size_t pos = 0;
    /* "user@example.net and more": the address is what counts. */
    bool more = s.n && memchr(s.s, ' ', s.n) && !address_is_plausible(s) && !address_is_notes(s);
    return more && address_next(s, &pos, &found) ? found.address : s;
}

static bool read_field(struct arena *a, struct span value, bool xtext, struct address *out)
{
    *out = (struct address){0};
    struct span s = span_trim(value);
    out->type = take_address_type(a, &s);
    bool x400 = out->type && strcmp(out->type, "x400") == 0;
    if (!x400)
        s = internet_address(a, s, xtext);
    else if (xtext)
        s = address_undo_xtext(a, s);
    out->too_long = s.n > LIMIT_ADDRESS_BYTES;
    if (!s.n || out->too_long)
        return false;
    char *address = arena_strndup(a, s.s, s.n);
    for (char *c = address; *c; c++)
        if (ascii_is_space(*c)) /* the line end of a folded line */
            *c = ' ';
    out->address = address;
    return true;
}

bool address_from_field(struct arena *a, struct span value, struct address *out)
{
    return read_field(a, value, false, out);
}

bool address_from_orcpt(struct arena *a, struct span value, struct address *out)
{
    return read_field(a, value, true, out);
}

static bool is_quoted_local(struct span s)
{
    return s.n > 1 && quoted_length(s) == s.n;
}

bool address_is_plausible(struct span s)
{
    size_t at = address_at(s);
    if (!at || at == s.n || s.n > LIMIT_ADDRESS_BYTES)
        return false;
    struct span domain = after(s, at + 1);
    if (!domain.n || address_domain_length(domain) != domain.n)
        return false;
    if (is_quoted_local(span_of(s.s, at)))
        return true;
    for (size_t i = 0; i < at; i++)
        if (!address_is_local_byte(s.s[i]))
            return false;
    return true;
}

/* The next byte of a local part, unquoted and in lower case; -1 at its end. */
static int next_local_byte(struct span s, size_t *i)
{
    while (*i < s.n && (s.s[*i] == '"' || s.s[*i] == '\\')) {
        if (s.s[*i] == '\\' && *i + 1 < s.n)
            return (unsigned char)ascii_lower(s.s[(*i += 2) - 1]);
        ++*i;
    }
    return *i < s.n ? (unsigned char)ascii_lower(s.s[(*i)++]) : -1;
}

static bool local_equal(struct span x, struct span y)
{
    size_t i = 0, j = 0;
    for (;;) {
        int c = next_local_byte(x, &i), d = next_local_byte(y, &j);
        if (c != d)
            return false;
        if (c < 0)
            return true;
    }
}

static struct span domain_of(struct span s, size_t at)
{
    struct span domain = at < s.n ? after(s, at + 1) : span_of(NULL, 0);
    if (domain.n && domain.s[domain.n - 1] == '.')
        domain.n--;
    return domain;
}

/* True if a local part has neither quotes nor backslashes, as nearly all. */
static bool is_bare(struct span local)
{
    return !local.n || !(memchr(local.s, '"', local.n) || memchr(local.s, '\\', local.n));
}

struct span address_key(struct arena *a, struct span s)
{
    size_t at = address_at(s), n = 0, i = 0;
    struct span local = span_of(s.s, at), domain = domain_of(s, at);
    char *key = arena_alloc(a, s.n + 1);
    if (is_bare(local)) {
        n = at < s.n ? at + 1 + domain.n : at;
        bytes_lower(key, s.s, n);
        return span_of(key, n);
    }
    for (int c; (c = next_local_byte(local, &i)) >= 0;)
        key[n++] = (char)c;
    if (at < s.n)
        key[n++] = '@';
    bytes_lower(key + n, domain.s, domain.n);
    return span_of(key, n + domain.n);
}

bool address_equal(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    struct span x = span_z(a), y = span_z(b);
    if (span_same_nocase(x, y))
        return true;
    size_t at_x = address_at(x), at_y = address_at(y);
    if ((at_x == x.n) != (at_y == y.n) || !span_same_nocase(domain_of(x, at_x), domain_of(y, at_y)))
        return false;
    return local_equal(span_of(x.s, at_x), span_of(y.s, at_y));
}
