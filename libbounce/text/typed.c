/* SPDX-License-Identifier: MIT */
/*
 * typed.c - finds addresses, URLs and host names; see typed.h.
 *
 * In: a normal text. Out: one find after the other. Each starts at a sign that
 * cannot be missing ("@", "//", a dot), and what is around it is read, back to
 * the last find at most: one pass in all. Refused: dotted words without a
 * top-level domain.
 */
#include "text/typed.h"

#include "base/chunk.h"
#include "text/typed_chars.h"

/* ------------------------------------------------------------------- hosts */

/* What is masked, here or by somebody else who shows a text, may have been a top-level domain: "xx", "xx--xxxxx". */
static bool is_masked(struct span label)
{
    size_t n = 0;
    while (n < label.n && (label.s[n] == 'x' || (label.s[n] == '-' && n)))
        n++;
    return n == label.n && n > 1;
}

/* Two letters are those of a country. */
static bool is_top_level(struct span label)
{
    static const struct span generic[] = {
        SPAN("com"), SPAN("net"), SPAN("org"), SPAN("edu"), SPAN("gov"), SPAN("mil"), SPAN("int"), SPAN("arpa"),
        SPAN("info"), SPAN("biz"), SPAN("name"), SPAN("pro"), SPAN("aero"), SPAN("asia"), SPAN("cat"), SPAN("coop"),
        SPAN("jobs"), SPAN("mobi"), SPAN("museum"), SPAN("post"), SPAN("tel"), SPAN("travel"), SPAN("app"),
        SPAN("cloud"), SPAN("club"), SPAN("dev"), SPAN("email"), SPAN("global"), SPAN("group"), SPAN("host"),
        SPAN("hosting"), SPAN("live"), SPAN("online"), SPAN("shop"), SPAN("site"), SPAN("store"), SPAN("tech"),
        SPAN("top"), SPAN("website"), SPAN("work"), SPAN("world"), SPAN("xyz"), SPAN("zone"), SPAN("berlin"),
        SPAN("koeln"), SPAN("london"), SPAN("swiss"), SPAN("tokyo"), SPAN("google"), SPAN("microsoft"), SPAN("local"),
        SPAN("lan"), SPAN("corp"), SPAN("localdomain"),
        /* RFC 2606 and 6761: in the examples of manuals and tests */
        SPAN("example"), SPAN("test")};
    if (label.n == 2)
        return ascii_is_alpha(label.s[0]) && ascii_is_alpha(label.s[1]);
    if (span_starts_nocase(label, "xn--") || is_masked(label))
        return true;
    for (size_t i = 0; i < COUNT(generic); i++)
        if (span_same_nocase(label, generic[i]))
            return true;
    return false;
}

/* "Org": a capital and small letters. */
static bool is_capitalised(struct span label)
{
    return label.n > 1 && label.s[0] >= 'A' && label.s[0] <= 'Z' && label.s[1] >= 'a' && label.s[1] <= 'z';
}

/* "Please", or a script without spaces. */
static bool begins_sentence(struct span t, size_t i)
{
    return is_capitalised(span_of(t.s + i, t.n - i)) || typed_is_solid(t, i);
}

struct host {
    size_t start, end;
    size_t labels;
    size_t doubtful; /* where it ends if nothing but its form shows that it is a host; 0: likewise at `end` */
    struct span last, before_last;
};

/* Whether a sentence begins after the labels of h. A name of which only a later label is
 * capitalised is doubtful: "unknown.Please.Ask.us". */
static bool ends_before(struct span t, struct host *h, size_t at)
{
    if (!h->labels || !begins_sentence(t, at))
        return false;
    char first = t.s[h->start];
    if (!h->doubtful && first >= 'a' && first <= 'z')
        h->doubtful = h->end;
    return h->labels > 1 && is_top_level(h->last);
}

/* Reads labels with single dots between them. */
static struct host read_host(struct span t, size_t start)
{
    struct host h = {.start = start, .end = start};
    for (size_t at = start; at < t.n; at++) {
        if (ends_before(t, &h, at))
            break;
        size_t end = typed_run_end(t, at, TYPED_LABEL);
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

/* What the name of an attachment may end in. */
static bool is_file_type(struct span label)
{
    static const struct span types[] = {SPAN("zip"), SPAN("exe"), SPAN("pdf"), SPAN("doc"),  SPAN("docx"),
                                        SPAN("xls"), SPAN("rar"), SPAN("scr"), SPAN("xlsx"), SPAN("html")};
    for (size_t i = 0; i < COUNT(types); i++)
        if (span_same_nocase(label, types[i]))
            return true;
    return false;
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

/* A file; or three labels or more, and the last one is a top-level domain. "RESOLVER.RST.SendSizeLimit.Org" is not a
 * host. */
static bool has_form(struct span t, const struct host *h)
{
    if (h->labels > 1 && is_file_type(h->last))
        return true;
    return h->labels > 2 && is_top_level(h->last) && has_letter(h->before_last) &&
           (!is_capitalised(h->last) || is_capitalised(span_of(t.s + h->start, h->end - h->start)));
}

/* Reads the host that begins at h->start. False if there is none; reading may go on at h->end. */
static bool find_host(const struct typed_search *s, struct host *h)
{
    *h = read_host(s->text, h->start);
    struct span name = span_of(s->text.s + h->start, h->end - h->start);
    bool is_www = span_starts_nocase(name, "www.") || span_starts_nocase(name, "xxx."); /* masked */
    if (h->labels > 1 && (is_www || is_known(s, h)))
        return true;
    if (h->doubtful && h->doubtful < h->end)
        *h = read_host(span_of(s->text.s, h->doubtful), h->start);
    return has_form(s->text, h);
}

/* -------------------------------------------------------------------- finds */

/* Where a URL or a path ends: not in the marks of the sentence around it. */
static size_t url_end(struct span t, size_t start)
{
    size_t end = typed_run_end(t, start, TYPED_URL);
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
    while (i < t.n && i - start < LONGEST_BYTES &&
           (ascii_is_alnum(t.s[i]) || strchr(".:-", t.s[i]) || (unsigned char)t.s[i] >= 0x80))
        i++;
    return i < t.n && t.s[i] == ']' && i > start + 1 ? i + 1 : start;
}

/* Where the local part before the "@" at i begins; i if there is none. */
static size_t local_start(const struct typed_search *s, size_t i)
{
    enum { LONGEST_BYTES = 64 };
    struct span t = s->text;
    if (i == s->floor || t.s[i - 1] != '"')
        return typed_run_start(t, s->floor, i, TYPED_LOCAL);
    size_t first = i - s->floor > LONGEST_BYTES ? i - LONGEST_BYTES : s->floor;
    for (size_t k = i - 1; k > first && !strchr("@<>", t.s[k - 1]); k--)
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
        end = read_host(s->text, start).end;
    s->at = start;
    if (end == start)
        return false;
    *found = (struct typed_range){local_start(s, at), end};
    return true;
}

/* Without a scheme there must be a dot: "and//or" is not a URL. */
static bool read_url(struct typed_search *s, struct typed_range *found)
{
    struct span t = s->text;
    size_t slashes = s->at;
    s->at++;
    if (slashes + 2 >= t.n || t.s[slashes + 1] != '/')
        return false;
    bool has_scheme = slashes > s->floor && t.s[slashes - 1] == ':';
    struct host h = read_host(t, slashes + 2);
    s->at = slashes + 2;
    if (!h.labels || (!has_scheme && h.labels < 2))
        return false;
    found->start = has_scheme ? typed_run_start(t, s->floor, slashes - 1, TYPED_SCHEME) : slashes;
    found->end = url_end(t, slashes + 2);
    return found->end > slashes + 2;
}

/* Whether a place with no path after it is in the local part of an address. */
static bool is_local(struct typed_search *s, size_t place)
{
    if (place >= s->local_end)
        s->local_end = typed_run_end(s->text, place, TYPED_LOCAL);
    return s->local_end < s->text.n && s->text.s[s->local_end] == '@';
}

/* What is before an "@" is left to that; what follows a sentence is not a host. */
static bool read_dotted(struct typed_search *s, struct typed_range *found)
{
    struct span t = s->text;
    size_t sign = s->at;
    struct host h = {.start = typed_run_start(t, s->floor > s->tried ? s->floor : s->tried, sign, TYPED_HOST)};
    bool is_host = find_host(s, &h);
    if (h.end + 1 < t.n && t.s[h.end] == '.' && begins_sentence(t, h.end + 1))
        s->tried = s->at = typed_run_end(t, h.end, TYPED_HOST);
    else if (h.end <= sign) /* an empty label */
        s->tried = s->at = sign + 1;
    else
        s->at = h.end;
    bool has_path = h.end < t.n && (t.s[h.end] == '/' || t.s[h.end] == '?');
    if (!is_host || (!has_path && is_local(s, h.end)))
        return false;
    size_t end = has_path ? url_end(t, h.end) : h.end;
    *found = (struct typed_range){h.start, end > h.end ? end : h.end};
    return true;
}

/* A top-level domain has letters, so the dot before it is followed by one. */
static bool is_sign(struct span t, size_t i)
{
    char next = i + 1 < t.n ? t.s[i + 1] : ' ';
    return t.s[i] == '@' || (t.s[i] == '/' ? next == '/' : ascii_is_alpha(next) || (unsigned char)next >= 0x80);
}

/* The next "@", "//", or dot before a letter. */
static size_t next_sign(struct span t, size_t i)
{
    while (i + CHUNK <= t.n) {
        chunk c = chunk_load(t.s + i);
        unsigned signs = chunk_bits(chunk_equal(c, '.') | chunk_equal(c, '@') | chunk_equal(c, '/'));
        for (; signs; signs &= signs - 1)
            if (is_sign(t, i + (size_t)__builtin_ctz(signs)))
                return i + (size_t)__builtin_ctz(signs);
        i += CHUNK;
    }
    while (i < t.n && !((t.s[i] == '.' || t.s[i] == '@' || t.s[i] == '/') && is_sign(t, i)))
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
