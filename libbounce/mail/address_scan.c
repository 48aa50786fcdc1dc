/* SPDX-License-Identifier: MIT */
/*
 * address_scan.c - internet addresses in free text; see address_scan.h.
 *
 * In: one line of valid UTF-8. Out: the addresses in it, one at a time. Refused: message ids, the user part of URLs,
 * names of viruses that look like addresses, and a part of what is in brackets. Each '@' is examined once, and nothing
 * before the end of the last decision is read again, so that the cost is linear for any line.
 */
#include "mail/address_scan.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "mail/address_chars.h"

enum script {
    SCRIPT_STOP,   /* white space and punctuation beyond ASCII */
    SCRIPT_SPACED, /* a letter of a script that puts spaces between words */
    SCRIPT_SOLID   /* of a script that does not (Thai, Chinese, Japanese), or that appends particles (Korean) */
};

static enum script script_of(uint32_t c)
{
    if (c < 0xaa || c == 0xab || c == 0xbb || (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3005) ||
        (c >= 0x3008 && c < 0x3021) || (c >= 0xff00 && c < 0xff66) || c >= 0xfe00)
        return c >= 0x20000 && c < 0x40000 ? SCRIPT_SOLID : c >= 0x10000 ? SCRIPT_SPACED : SCRIPT_STOP;
    return (c >= 0xe00 && c < 0x1000) || (c >= 0x2e80 && c < 0xd7b0) || (c >= 0xf900 && c < 0xfb00) ? SCRIPT_SOLID
                                                                                                    : SCRIPT_SPACED;
}

/* The character that ends at i, not before low; it begins at *start. 0: it is broken. */
static uint32_t character_before(struct span line, size_t low, size_t i, size_t *start)
{
    size_t size;
    *start = i - 1;
    while (*start > low && utf8_is_tail(line.s[*start]))
        --*start;
    return utf8_valid(line.s + *start, i - *start) ? utf8_get(line.s + *start, &size) : 0;
}

static bool is_word_byte(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* True if the character c from start to i is inside a word, like the apostrophe of "o’brien"; also hyphens and
 * invisible joiners. */
static bool joins(struct span line, size_t low, size_t start, size_t i, uint32_t c)
{
    size_t before;
    if ((c != 0x2019 && c != 0xff07 && !(c >= 0x200c && c <= 0x2011 && c != 0x200e && c != 0x200f)) || start == low ||
        !is_word_byte(line.s[i]) || !is_word_byte(line.s[start - 1]))
        return false;
    return (unsigned char)line.s[start - 1] < 0x80 ||
           script_of(character_before(line, low, start, &before)) != SCRIPT_STOP;
}

/* Start of the unquoted local part that ends at `end` and does not begin before low.
 * In "宛先user@" it begins at the u. */
static size_t local_start(struct span line, size_t low, size_t end)
{
    bool ascii_seen = false;
    size_t i = end;
    while (i > low && address_is_local_byte(line.s[i - 1])) {
        size_t start = i - 1;
        if ((unsigned char)line.s[start] < 0x80) {
            ascii_seen = ascii_seen || ascii_is_alnum(line.s[start]);
        } else {
            const uint32_t c = character_before(line, low, i, &start);
            const enum script script = c ? script_of(c) : SCRIPT_STOP;
            if ((script == SCRIPT_STOP && !joins(line, low, start, i, c)) || (script == SCRIPT_SOLID && ascii_seen))
                break;
        }
        i = start;
    }
    return i;
}

/* True if c opens (or closes) a pair of marks around a single thing. */
static bool is_bracket(uint32_t c, bool closing)
{
    static const uint16_t pairs[][2] = {{'<', '>'},       {0xab, 0xbb},     {0x2039, 0x203a}, {0x3008, 0x3009},
                                        {0x300a, 0x300b}, {0x300c, 0x300d}, {0x300e, 0x300f}, {0xff1c, 0xff1e}};
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (c == pairs[i][closing])
            return true;
    return false;
}

static bool closes_at(struct span line, size_t end)
{
    size_t size;
    return end < line.n && utf8_valid(line.s + end, line.n - end) && is_bracket(utf8_get(line.s + end, &size), true);
}

/* Start of the address that ends at `end` if brackets contain nothing else, so that none of it can be a word before the
 * address: "<田中taro@example.net>". Else start. */
static size_t bracketed_start(struct span line, size_t low, size_t start, size_t end)
{
    if (start == low || !address_is_local_byte(line.s[start - 1]) || !closes_at(line, end))
        return start;
    bool foreign = false;
    for (size_t i = start, before; i > low; i = before) {
        const uint32_t c = character_before(line, low, i, &before);
        if (is_bracket(c, false))
            return foreign ? i : start;
        const bool ascii = c < 0x80, mark = c >= 0x200c && c < 0x2028; /* dashes, quotes, dots */
        if (ascii ? !address_is_local_byte((char)c) : script_of(c) == SCRIPT_STOP && !mark)
            return start;
        foreign = foreign || !ascii;
    }
    return start;
}

/* True if the brackets around what ends at `end` contain more than what begins at start: "<a,b@example.net>",
 * "‹a b@example.net>"; but "« voir b@example.net »" quotes words, and "<rfc822;b@example.net>" has a type. */
static bool cuts_bracket(struct span line, size_t low, size_t start, size_t end)
{
    const char last = start > low ? line.s[start - 1] : ' ';
    bool one_word = last == ',' || last == ';';
    if (!closes_at(line, end) || (!one_word && line.s[end] != '>'))
        return false;
    for (size_t i = start, before; i > low && start - i < LIMIT_ADDRESS_BYTES; i = before) {
        const uint32_t c = character_before(line, low, i, &before);
        if (c == '<')
            return one_word && last == ',' && i + 1 < start;
        if (is_bracket(c, false))
            return line.s[end] == '>' ? span_trim(span_of(line.s + i, start - i)).n : one_word && i + 1 < start;
        if (!c || c == '@' || is_bracket(c, true))
            return false;
        one_word = one_word && !(c < 0x80 && ascii_is_space((char)c));
    }
    return false;
}

/* True if the quote at i is escaped by a backslash, and so neither begins nor ends anything. */
static bool is_escaped(struct span line, size_t low, size_t i)
{
    size_t slashes = 0;
    while (i - slashes > low && line.s[i - slashes - 1] == '\\')
        slashes++;
    return slashes % 2 != 0;
}

/* Start of the quoted local part whose closing quote is before end; end if there is none. */
static size_t quoted_start(struct span line, size_t low, size_t end)
{
    if (end - low > LIMIT_ADDRESS_BYTES)
        low = end - LIMIT_ADDRESS_BYTES;
    if (is_escaped(line, low, end - 1))
        return end;
    for (size_t i = end - 1; i > low; i--)
        if (line.s[i - 1] == '"' && !is_escaped(line, low, i - 1))
            return i - 1;
    return end;
}

/* Cuts a domain where letters or punctuation of another script are glued to it:
 * "user@example.jpは" ends at the p. Returns its length. */
static size_t cut_domain(struct span domain, size_t n)
{
    bool ascii_label = false;
    if (bytes_ascii(domain.s, n) == n)
        return n;
    for (size_t i = 0, size; i < n; i += size) {
        if (!utf8_valid(domain.s + i, n - i))
            return i;
        uint32_t c = utf8_get(domain.s + i, &size);
        if (c == '.')
            ascii_label = false;
        else if (c < 0x80)
            ascii_label = true;
        else if (script_of(c) == SCRIPT_STOP || (script_of(c) == SCRIPT_SOLID && ascii_label))
            return i;
    }
    return n;
}

/* Start of the address without quotes or dots before it, and without the key of a log line or of Authentication-Results
 * ("to=user@example.net"). "user=" is not such a key: VERP looks like that. */
static size_t skip_ornaments(struct span line, size_t start, size_t end)
{
    static const struct span keys[] = {
        SPAN("to="),        SPAN("from="),       SPAN("rcpt="),          SPAN("orig_to="),      SPAN("mailfrom="),
        SPAN("email="),     SPAN("recipient="),  SPAN("address="),       SPAN("header.from="),  SPAN("header.i="),
        SPAN("smtp.mail="), SPAN("smtp.mfrom="), SPAN("envelope-from="), SPAN("smtp.mailfrom=")};
    while (start < end && strchr("'`*=|.{~-", line.s[start]))
        start++;
    if (!memchr(line.s + start, '=', end - start))
        return start;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (span_starts_with(span_of(line.s + start, end - start), keys[i]))
            start += keys[i].n;
    return start;
}

static bool ends_token(char c)
{
    return ascii_is_space(c) || c == '<' || c == '>' || c == '"';
}

/* True if the '@' at `at` belongs to a URL that begins at or after low. */
static bool in_url(struct span line, size_t low, size_t at)
{
    size_t i = at;
    if (at == low || !memchr(line.s + low, ':', at - low))
        return false;
    while (i > low && !ends_token(line.s[i - 1]))
        i--;
    const char *scheme = span_find(span_of(line.s + i, at - i), "://");
    return scheme && scheme > line.s + i && ascii_is_alnum(scheme[-1]);
}

static bool ends_with_word(struct span s, struct span word)
{
    char before = s.n > word.n ? s.s[s.n - word.n - 1] : ' ';
    return span_ends_with(s, word) && !ascii_is_alnum(before) && (unsigned char)before < 0x80;
}

/* True if the words before a '<' say that a message id follows. */
static bool names_message_id(struct span before)
{
    static const struct span words[] = {SPAN("id"),      SPAN("msgid"),      SPAN("messageid"),
                                        SPAN("message"), SPAN("references"), SPAN("in-reply-to")};
    char last = '\0';
    while (before.n && ((last = before.s[before.n - 1]) == ' ' || last == '\t' || last == ':' || last == '='))
        before.n--;
    if (!before.n || !memchr("desoDESO", last, 8)) /* the last letters of the words */
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (ends_with_word(before, words[i]))
            return true;
    return false;
}

/* True if the line is a header field that lists message ids. */
static bool is_id_field(struct span line)
{
    static const struct span names[] = {SPAN("message-id:"),         SPAN("references:"),        SPAN("in-reply-to:"),
                                        SPAN("content-id:"),         SPAN("resent-message-id:"), SPAN("x-message-id:"),
                                        SPAN("original-message-id:")};
    while (line.n && (ascii_is_space(line.s[0]) || line.s[0] == '>'))
        line.s++, line.n--;
    if (!line.n || !memchr("mrico", ascii_lower(line.s[0]), 5)) /* the first letters of the names */
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (span_starts_with(line, names[i]))
            return true;
    return false;
}

/* Index of the '<' before start, with no white space in between; start if there is none. */
static size_t opening(struct span line, size_t low, size_t start)
{
    for (size_t i = start; i > low && !ascii_is_space(line.s[i - 1]) && line.s[i - 1] != '>'; i--)
        if (line.s[i - 1] == '<')
            return i - 1;
    return start;
}

/* Reads the address around the '@' at `at`. This search began at first; everything before low has been decided. False
 * for one that is too long. */
static bool read_around_at(struct span line, size_t first, size_t low, size_t at, struct found_address *out,
                           bool *too_long)
{
    struct span rest = span_of(line.s + at + 1, line.n - at - 1);
    bool quoted = at > low && line.s[at - 1] == '"';
    size_t start = quoted ? quoted_start(line, first, at) : local_start(line, low, at);
    if (!quoted && !(start > first && line.s[start - 1] == '<'))
        start = skip_ornaments(line, start, at);
    size_t length = address_domain_length(rest);
    size_t cut = length && rest.s[0] != '[' ? cut_domain(rest, length) : length;
    if (cut < length)
        length = address_domain_length(span_of(rest.s, cut));
    if (start == at || !length)
        return false;
    start = quoted ? start : bracketed_start(line, low, start, at + 1 + length);
    if (at + 1 + length - start > LIMIT_ADDRESS_BYTES) {
        *too_long = true;
        return false;
    }
    out->start = start;
    out->end = at + 1 + length;
    out->address = span_of(line.s + start, out->end - start);
    size_t close = out->end;
    while (close < line.n && (line.s[close] == '.' || line.s[close] == ' ') && close < out->end + 2)
        close++;
    size_t open = close < line.n && line.s[close] == '>' ? opening(line, first, start) : start;
    out->bracketed = open != start;
    if (out->bracketed)
        out->start = open, out->end = close + 1;
    return quoted || !cuts_bracket(line, low, start, at + 1 + length);
}

/* "W32.Netsky.P@mm", "W32/Mydoom@MM": names of viruses that mail themselves. */
static bool is_virus_name(const struct found_address *found)
{
    const char *at = memchr(found->address.s, '@', found->address.n);
    const struct span domain = span_of(at + 1, (size_t)(found->address.s + found->address.n - at) - 1);
    const struct span local = span_of(found->address.s, (size_t)(at - found->address.s));
    return !found->bracketed && (span_equal_nocase(domain, "mm") || span_equal_nocase(domain, "m")) &&
           (memchr(local.s, '.', local.n) || memchr(local.s, '/', local.n));
}

static bool is_refused(struct span line, size_t first, size_t at, const struct found_address *found)
{
    if ((found->bracketed && names_message_id(span_of(line.s, found->start))) || is_virus_name(found))
        return true;
    /* "a@b"@example.org: this one is inside a quoted local part. */
    size_t end = found->end;
    bool inside = !found->bracketed && found->start > first && line.s[found->start - 1] == '"' && end + 1 < line.n &&
                  line.s[end] == '"' && line.s[end + 1] == '@';
    return inside && at < end;
}

static bool find_next(struct span line, size_t *pos, struct found_address *out, bool *too_long)
{
    size_t first = *pos, low = *pos;
    const char *p = low < line.n ? memchr(line.s + low, '@', line.n - low) : NULL;
    if (p && is_id_field(line))
        p = NULL;
    for (; p; p = low < line.n ? memchr(line.s + low, '@', line.n - low) : NULL) {
        size_t at = (size_t)(p - line.s);
        if (in_url(line, low, at)) {
            for (low = at + 1; low < line.n && !ends_token(line.s[low]);)
                low++;
            continue;
        }
        if (read_around_at(line, first, low, at, out, too_long)) {
            low = out->end;
            if (!is_refused(line, first, at, out)) {
                *pos = low;
                return true;
            }
            continue;
        }
        low = at + 1;
    }
    *pos = line.n;
    return false;
}

bool address_next(struct span line, size_t *pos, struct found_address *out)
{
    bool too_long;
    return find_next(line, pos, out, &too_long);
}

bool address_left_out(struct span line)
{
    struct found_address found;
    bool too_long = false;
    for (size_t pos = 0; line.n > LIMIT_ADDRESS_BYTES && find_next(line, &pos, &found, &too_long);)
        ;
    return too_long;
}
