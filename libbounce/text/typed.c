/* SPDX-License-Identifier: MIT */
/*
 * typed.c - finds addresses, URLs and host names; see typed.h.
 *
 * In: a normal text. Out: one find after the other. Each starts at a sign that
 * cannot be missing ("@", "//", a dot), and what is around it is read up to the
 * last find: one pass in all. Refused: dotted words without a top-level domain.
 */
#include "text/typed.h"

#include "base/utf8.h"

#include <glib.h>

/* -------------------------------------------------------------- characters */

bool typed_is_letter(uint32_t c)
{
    return c < 0x80 ? ascii_is_alnum((char)c) : g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Scripts that are written without spaces, and Korean, which adds particles to
 * names: an address ends where they begin, unless it is written in them. */
static bool is_solid(uint32_t c)
{
    return (c >= 0xe00 && c < 0xf00) || (c >= 0x1000 && c < 0x10a0) || (c >= 0x1100 && c < 0x1200) ||
           (c >= 0x1780 && c < 0x1800) || (c >= 0x2e80 && c < 0xd7b0) || (c >= 0xf900 && c < 0xfb00) ||
           (c >= 0xfe30 && c < 0xfff0) || c >= 0x20000;
}

/* The bytes of the letter at i, or 0 if it is none. ASCII is for the caller. */
static size_t foreign_letter(struct span t, size_t i, bool with_solid)
{
    size_t size;
    uint32_t c = utf8_get(t.s + i, &size);
    return typed_is_letter(c) && (with_solid || !is_solid(c)) ? size : 0;
}

static size_t label_byte(struct span t, size_t i, bool with_solid)
{
    char c = t.s[i];
    if ((unsigned char)c >= 0x80)
        return foreign_letter(t, i, with_solid);
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* What can be in a local part without quotes (RFC 5322 3.2.3, RFC 6531). */
static size_t local_byte(struct span t, size_t i, bool with_solid)
{
    char c = t.s[i];
    if ((unsigned char)c >= 0x80)
        return foreign_letter(t, i, with_solid);
    return ascii_is_alnum(c) || (c && strchr(".!#$%&'*+-/=?^_`{|}~", c));
}

static size_t url_byte(struct span t, size_t i, bool with_solid)
{
    char c = t.s[i];
    if ((unsigned char)c >= 0x80)
        return foreign_letter(t, i, with_solid);
    return c > ' ' && c != 0x7f && !strchr("<>\"\\^`{|}", c);
}

typedef size_t byte_fn(struct span t, size_t i, bool with_solid);

static bool solid_at(struct span t, size_t i)
{
    size_t size;
    return i < t.n && (unsigned char)t.s[i] >= 0x80 && is_solid(utf8_get(t.s + i, &size));
}

static size_t character_before(struct span t, size_t i)
{
    for (i--; i && utf8_is_tail(t.s[i]);)
        i--;
    return i;
}

/* Where the run of such bytes that ends at `end` begins, at `floor` at the earliest. */
static size_t run_start(struct span t, size_t floor, size_t end, byte_fn *is_part)
{
    bool solid = end > floor && solid_at(t, character_before(t, end));
    while (end > floor) {
        size_t before = character_before(t, end);
        if (before < floor || !is_part(t, before, solid))
            break;
        end = before;
    }
    return end;
}

static size_t run_end(struct span t, size_t start, byte_fn *is_part)
{
    bool solid = solid_at(t, start);
    for (size_t size; start < t.n && (size = is_part(t, start, solid)) != 0;)
        start += size;
    return start;
}

/* ------------------------------------------------------------------- hosts */

/* Two letters are those of a country. "xx" is none, and all that is left of a masked one. */
static bool is_top_level(struct span label)
{
    static const char *const generic[] = {
        "com", "net", "org", "edu", "gov", "mil", "int", "arpa", "info", "biz", "name", "pro", "aero", "asia", "cat",
        "coop", "jobs", "mobi", "museum", "post", "tel", "travel", "app", "cloud", "club", "dev", "email", "global",
        "group", "host", "hosting", "live", "online", "shop", "site", "store", "tech", "top", "website", "work",
        "world", "xyz", "zone", "berlin", "koeln", "london", "swiss", "tokyo", "google", "microsoft", "local", "lan",
        "corp", "localdomain",
        /* RFC 2606 and 6761: in the examples of manuals and tests */
        "example", "test"};
    if (label.n == 2)
        return ascii_is_alpha(label.s[0]) && ascii_is_alpha(label.s[1]) && !span_equal_nocase(label, "xx");
    if (span_starts_nocase(label, "xn--"))
        return true;
    for (size_t i = 0; i < COUNT(generic); i++)
        if (span_equal_nocase(label, generic[i]))
            return true;
    return false;
}

/* All that masking leaves of a label. */
static bool is_masked(struct span label)
{
    size_t n = 0;
    while (n < label.n && label.s[n] == 'x')
        n++;
    return n == label.n;
}

/* "Org": a capital and small letters. */
static bool is_capitalised(struct span label)
{
    return label.n > 1 && label.s[0] >= 'A' && label.s[0] <= 'Z' && label.s[1] >= 'a' && label.s[1] <= 'z';
}

/* "Please", or a script without spaces. */
static bool begins_sentence(struct span t, size_t i)
{
    return is_capitalised(span_of(t.s + i, t.n - i)) || solid_at(t, i);
}

struct host {
    size_t start, end;
    size_t labels;
    struct span last, before_last;
};

/* Whether a sentence begins after the labels of h. A name of which only a later label is
 * capitalised is none unless something else says so ("surely"): "unknown.Please.Ask.us". */
static bool ends_before(struct span t, const struct host *h, size_t at, bool surely)
{
    if (!h->labels || !begins_sentence(t, at))
        return false;
    char first = t.s[h->start];
    return (!surely && first >= 'a' && first <= 'z') ||
           (h->labels > 1 && (is_top_level(h->last) || is_masked(h->last)));
}

/* Reads labels with single dots between them. */
static struct host read_host(struct span t, size_t start, bool surely)
{
    struct host h = {.start = start, .end = start};
    for (size_t at = start; at < t.n; at++) {
        if (ends_before(t, &h, at, surely))
            break;
        size_t end = run_end(t, at, label_byte);
        if (end == at)
            break;
        h.before_last = h.last;
        h.last = span_of(t.s + at, end - at);
        h.end = end;
        h.labels++;
        if (end == t.n || t.s[end] != '.')
            break;
        at = end;
    }
    return h;
}

static bool has_letter(struct span label)
{
    for (size_t i = 0; i < label.n; i++)
        if (!ascii_is_digit(label.s[i]) && label.s[i] != '-' && label.s[i] != '_')
            return true;
    return false;
}

/* Whether a known name is all of these labels, or the last of them, or (then *h is cut) the first. */
static bool is_known(const struct typed_search *s, struct host *h)
{
    struct span name = span_of(s->text.s + h->start, h->end - h->start);
    for (size_t i = 0; i < s->host_count; i++) {
        struct span known = s->hosts[i];
        if (span_ends_with(name, known) && (name.n == known.n || name.s[name.n - known.n - 1] == '.'))
            return true;
        if (name.n > known.n && span_starts_with(name, known) && name.s[known.n] == '.') {
            h->end = h->start + known.n;
            return true;
        }
    }
    return false;
}

/* Three labels or more, and the last one is a top-level domain. "RESOLVER.RST.SendSizeLimit.Org" is no host. */
static bool has_form(struct span t, const struct host *h)
{
    return h->labels > 2 && is_top_level(h->last) && has_letter(h->before_last) &&
           (!is_capitalised(h->last) || is_capitalised(span_of(t.s + h->start, h->end - h->start)));
}

/* Reads the host that begins at h->start. False if there is none; reading may go on at h->end. */
static bool find_host(const struct typed_search *s, struct host *h)
{
    *h = read_host(s->text, h->start, true);
    bool is_www = span_starts_nocase(span_of(s->text.s + h->start, h->end - h->start), "www.");
    if (h->labels > 1 && (is_www || is_known(s, h)))
        return true;
    *h = read_host(s->text, h->start, false);
    return has_form(s->text, h);
}

/* -------------------------------------------------------------------- finds */

/* Where a URL or a path ends: not in the marks of the sentence around it. */
static size_t url_end(struct span t, size_t start)
{
    size_t end = run_end(t, start, url_byte);
    const char *marks = memchr(t.s + start, '(', end - start) ? ".,;:!?'*]" : ".,;:!?'*])";
    while (end > start && strchr(marks, t.s[end - 1]))
        end--;
    return end;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]"; start if there is none. */
static size_t literal_end(struct span t, size_t start)
{
    enum { LONGEST_BYTES = 64 };
    size_t i = start + 1;
    while (i < t.n && i - start < LONGEST_BYTES && (ascii_is_alnum(t.s[i]) || strchr(".:-", t.s[i])))
        i++;
    return i < t.n && t.s[i] == ']' && i > start + 1 ? i + 1 : start;
}

/* Where the local part before the "@" at i begins; i if there is none. */
static size_t local_start(const struct typed_search *s, size_t i)
{
    enum { LONGEST_BYTES = 64 };
    struct span t = s->text;
    if (i == s->floor || t.s[i - 1] != '"')
        return run_start(t, s->floor, i, local_byte);
    size_t first = i - s->floor > LONGEST_BYTES ? i - LONGEST_BYTES : s->floor;
    for (size_t k = i - 1; k > first; k--)
        if (t.s[k - 1] == '"')
            return k - 1;
    return i;
}

/* The functions below read what is around a sign at s->at. On success the find is
 * set; otherwise s->at is moved on. */

static bool read_address(struct typed_search *s, struct typed_range *found)
{
    size_t at = s->at, start = at + 1, end;
    if (start < s->text.n && s->text.s[start] == '[')
        end = literal_end(s->text, start);
    else
        end = read_host(s->text, start, true).end;
    s->at = start;
    if (end == start)
        return false;
    *found = (struct typed_range){local_start(s, at), end};
    return true;
}

static size_t scheme_byte(struct span t, size_t i, bool with_solid)
{
    (void)with_solid;
    return ascii_is_alnum(t.s[i]) || (t.s[i] && strchr("+-_", t.s[i]));
}

/* Without a scheme there must be a dot: "and//or" is none. */
static bool read_url(struct typed_search *s, struct typed_range *found)
{
    struct span t = s->text;
    size_t slashes = s->at;
    s->at++;
    if (slashes + 2 >= t.n || t.s[slashes + 1] != '/')
        return false;
    bool has_scheme = slashes > s->floor && t.s[slashes - 1] == ':';
    struct host h = read_host(t, slashes + 2, true);
    s->at = slashes + 2;
    if (!h.labels || (!has_scheme && h.labels < 2))
        return false;
    found->start = has_scheme ? run_start(t, s->floor, slashes - 1, scheme_byte) : slashes;
    found->end = url_end(t, slashes + 2);
    return found->end > slashes + 2;
}

static size_t host_byte(struct span t, size_t i, bool with_solid)
{
    (void)with_solid;
    return t.s[i] == '.' ? 1 : label_byte(t, i, false);
}

/* What is in front of an "@" is left for that; what follows a sentence is no host. */
static bool read_dotted(struct typed_search *s, struct typed_range *found)
{
    struct span t = s->text;
    size_t sign = s->at;
    struct host h = {.start = run_start(t, s->floor > s->tried ? s->floor : s->tried, sign, host_byte)};
    bool is_host = find_host(s, &h);
    if (h.end + 1 < t.n && t.s[h.end] == '.' && begins_sentence(t, h.end + 1))
        s->tried = s->at = run_end(t, h.end, host_byte);
    else if (h.end <= sign) /* an empty label */
        s->tried = s->at = sign + 1;
    else
        s->at = h.end;
    if (!is_host || (h.end < t.n && t.s[h.end] == '@'))
        return false;
    bool has_path = h.end < t.n && (t.s[h.end] == '/' || t.s[h.end] == '?');
    size_t end = has_path ? url_end(t, h.end) : h.end;
    *found = (struct typed_range){h.start, end > h.end ? end : h.end};
    return true;
}

static size_t next_sign(struct span t, size_t i)
{
    while (i < t.n && t.s[i] != '.' && t.s[i] != '@' && t.s[i] != '/')
        i++;
    return i;
}

bool typed_next(struct typed_search *s, struct typed_range *found)
{
    while ((s->at = next_sign(s->text, s->at)) < s->text.n) {
        char sign = s->text.s[s->at];
        bool is_found = sign == '@' ? read_address(s, found) : sign == '/' ? read_url(s, found) : read_dotted(s, found);
        if (is_found) {
            s->floor = found->end;
            s->at = s->at > found->end ? s->at : found->end;
            return true;
        }
    }
    return false;
}
