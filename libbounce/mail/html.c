/* SPDX-License-Identifier: MIT */
/*
 * html.c - HTML to text; see html.h.
 *
 * In: UTF-8 of an HTML part, however broken. Out: lines of text. Nothing is refused: a "<" that begins no tag is text,
 * and so is "<user@example.net>", which reports contain unescaped. One pass without recursion; a search that found no
 * end is not repeated, and the search for the end of a tag's name stops at the next "<".
 */
#include "mail/html.h"
#include "mail/address.h"
#include "mail/html_entities.h"
#include "text/charset.h"
#include "text/text.h"

#include <glib.h>
#include <string.h>

struct html {
    struct arena *arena;
    struct strbuf out;
    unsigned breaks; /* line ends to write before the next character, 0 to 2 */
    size_t spaces;   /* spaces to write then */
    bool pre;
    char *mailto;      /* address of the open link, or NULL */
    size_t link_start; /* where its text starts in out */
    /* Set once a search has failed, so that it is not repeated. */
    bool no_comment_end, no_tag_end, no_head_end, no_title_end, no_quote, no_apostrophe;
};

/* ------------------------------------------------------------ output */

/* Writes the pending white space, except before the first character. */
static void flush_blanks(struct html *h)
{
    if (!h->out.n && !h->pre)
        h->breaks = 0, h->spaces = 0;
    for (; h->breaks; h->breaks--)
        strbuf_putc(&h->out, '\n');
    for (; h->spaces; h->spaces--)
        strbuf_putc(&h->out, ' ');
}

static void put(struct html *h, const char *s, size_t n)
{
    flush_blanks(h);
    strbuf_add(&h->out, s, n);
}

/* Requires at least that many line ends before the next character. */
static void put_break(struct html *h, unsigned lines)
{
    if (h->breaks < lines)
        h->breaks = lines;
    h->spaces = 0;
}

static void put_blank(struct html *h, char c)
{
    if (!h->pre)
        h->spaces = h->breaks ? h->spaces : 1; /* indented by characters that are not white space */
    else if (c == '\n')
        put_break(h, h->breaks < 2 ? h->breaks + 1 : 2);
    else if (c != '\r')
        h->spaces++;
}

/* A space that is kept: pages made of plain text indent by it. */
static void put_no_break_space(struct html *h)
{
    enum { INDENT_MAX = 16 };
    if (h->pre || !h->breaks)
        put_blank(h, ' ');
    else if (h->spaces < INDENT_MAX)
        h->spaces++;
}

static void put_character(struct html *h, uint32_t c)
{
    if (c == 0xa0) {
        put_no_break_space(h);
        return;
    }
    if (c < 0x80 && ascii_is_space((char)c)) {
        put_blank(h, (char)c);
        return;
    }
    flush_blanks(h);
    strbuf_putu(&h->out, c);
}

/* ----------------------------------------------- character references */

/* The character of "#233;" or "#xE9;" at the start of s; *size gets its length. 0: none. */
static uint32_t numeric_reference(struct span s, size_t *size)
{
    bool hex = s.n > 1 && ascii_lower(s.s[1]) == 'x';
    size_t i = hex ? 2 : 1;
    const size_t start = i;
    uint32_t c = 0;
    while (i < s.n && s.s[i] == '0')
        i++;
    for (const size_t digits = i; i < s.n && i < digits + 8; i++) {
        int digit = g_ascii_xdigit_value(s.s[i]);
        if (digit < 0 || (!hex && digit > 9))
            break;
        c = c * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (i == start)
        return 0;
    *size = i + (i < s.n && s.s[i] == ';');
    if (c >= 0x80 && c < 0xa0) /* HTML reads these as windows-1252 */
        c = charset_windows_1252((unsigned char)c);
    return c && c <= 0x10ffff ? c : 0xfffd;
}

/* The character that the "&" at the start of s refers to; *size gets the length. 0: none. */
static uint32_t character_reference(struct span s, size_t *size)
{
    struct span rest = span_of(s.s + 1, s.n - 1);
    size_t n = 0;
    uint32_t c;
    if (rest.n && rest.s[0] == '#') {
        c = numeric_reference(rest, &n);
    } else {
        while (n < rest.n && n < 9 && ascii_is_alnum(rest.s[n]))
            n++;
        c = html_entity(span_of(rest.s, n));
        bool closed = n < rest.n && rest.s[n] == ';';
        if (!closed && c != '<' && c != '>' && c != '&' && c != '"' && c != 0xa0)
            c = 0;
        n += closed;
    }
    *size = n + 1;
    return c;
}

/* -------------------------------------------------------------- tags */

struct tag {
    char name[12]; /* lower case; "" if it is longer than any that is known here */
    bool closing;
    struct span attributes;
    size_t size; /* "<" and ">" included */
};

/* Index of the ">" that ends the tag; a quoted value may hold others. */
static size_t tag_end(struct html *h, struct span s)
{
    bool value = false; /* a "=" came last, except for white space */
    for (size_t i = 1; i < s.n; i++) {
        char c = s.s[i];
        if (c == '>')
            return i;
        bool *missing = c == '"' ? &h->no_quote : c == '\'' ? &h->no_apostrophe : NULL;
        if (missing && value && !*missing) {
            const char *end = memchr(s.s + i + 1, c, s.n - i - 1);
            *missing = !end;
            i = end ? (size_t)(end - s.s) : i;
        }
        value = c == '=' || (value && ascii_is_space(c));
    }
    h->no_tag_end = true;
    return s.n;
}

static inline bool ends_tag_name(char c)
{
    return ascii_is_space(c) || c == '>' || c == '/' || c == '@' || c == '<';
}

static bool read_html_tag(struct html *h, struct span s, struct tag *t)
{
    size_t start = s.n > 1 && s.s[1] == '/' ? 2 : 1, n = start;
    if (h->no_tag_end || start >= s.n || !ascii_is_alpha(s.s[start]))
        return false;
    while (n < s.n && !ends_tag_name(s.s[n]))
        n++;
    if (n < s.n && (s.s[n] == '@' || s.s[n] == '<')) /* "<" of an address, or of text before a tag */
        return false;
    size_t end = tag_end(h, s);
    if (end == s.n)
        return false;
    *t = (struct tag){.closing = start == 2, .attributes = span_of(s.s + n, end - n), .size = end + 1};
    for (size_t i = start; n - start < sizeof t->name && i < n; i++)
        t->name[i - start] = ascii_lower(s.s[i]);
    return true;
}

/* Takes the next attribute off *rest; false at the end. */
static bool next_attribute(struct span *rest, struct span *name, struct span *value)
{
    size_t i = 0, start;
    struct span s = *rest;
    while (i < s.n && (ascii_is_space(s.s[i]) || s.s[i] == '/'))
        i++;
    for (start = i; i < s.n && !ascii_is_space(s.s[i]) && s.s[i] != '=';)
        i++;
    *name = span_of(s.s + start, i - start);
    *value = span_of(NULL, 0);
    while (i < s.n && ascii_is_space(s.s[i]))
        i++;
    if (i < s.n && s.s[i] == '=') {
        for (i++; i < s.n && ascii_is_space(s.s[i]);)
            i++;
        char quote = i < s.n && (s.s[i] == '"' || s.s[i] == '\'') ? s.s[i] : 0;
        for (start = i += quote != 0; i < s.n && (quote ? s.s[i] != quote : !ascii_is_space(s.s[i]));)
            i++;
        *value = span_of(s.s + start, i - start);
        i += quote && i < s.n;
    }
    *rest = span_of(s.s + i, s.n - i);
    return name->n || value->n;
}

/* The address of a mailto: URL (RFC 6068), or NULL. */
static char *mailto_address(struct arena *a, struct span url)
{
    struct strbuf b;
    strbuf_init(&b, a);
    url = span_trim(url);
    if (!span_starts_nocase(url, "mailto:"))
        return NULL;
    for (size_t i = strlen("mailto:"), size; i < url.n && url.s[i] != '?' && url.s[i] != ','; i += size) {
        uint32_t c = url.s[i] == '&' ? character_reference(span_of(url.s + i, url.n - i), &size) : 0;
        bool percent =
            url.s[i] == '%' && url.n - i > 2 && g_ascii_isxdigit(url.s[i + 1]) && g_ascii_isxdigit(url.s[i + 2]);
        if (c)
            strbuf_putu(&b, c);
        else if (percent)
            strbuf_putc(&b, (char)(g_ascii_xdigit_value(url.s[i + 1]) * 16 + g_ascii_xdigit_value(url.s[i + 2])));
        else
            strbuf_putc(&b, url.s[i]);
        size = c ? size : percent ? 3 : 1;
    }
    struct span text = text_decode(a, span_of(b.s, b.n), "utf-8", NULL); /* %FF is not UTF-8 */
    return address_is_plausible(text) ? arena_strndup(a, text.s, text.n) : NULL;
}

static void open_link(struct html *h, struct span attributes)
{
    struct span name, value;
    h->mailto = NULL;
    h->link_start = h->out.n;
    while (next_attribute(&attributes, &name, &value))
        if (span_equal_nocase(name, "href"))
            h->mailto = mailto_address(h->arena, value);
}

static void close_link(struct html *h)
{
    if (h->mailto && !span_find(span_of(h->out.s + h->link_start, h->out.n - h->link_start), "@")) {
        put_blank(h, ' ');
        put(h, "<", 1);
        put(h, h->mailto, strlen(h->mailto));
        put(h, ">", 1);
    }
    h->mailto = NULL;
}

/* Line ends around an element; 0 if it is part of a line. */
static unsigned breaks_of(const char *name)
{
    static const struct {
        const char *name;
        unsigned lines;
    } blocks[] = {
        {"p", 2},        {"div", 1},     {"tr", 1},     {"li", 1},     {"table", 1}, {"ul", 1},         {"ol", 1},
        {"h1", 2},       {"h2", 2},      {"h3", 2},     {"h4", 2},     {"h5", 2},    {"h6", 2},         {"hr", 1},
        {"dl", 1},       {"dt", 1},      {"dd", 1},     {"form", 1},   {"pre", 2},   {"blockquote", 2}, {"center", 1},
        {"section", 1},  {"article", 1}, {"header", 1}, {"footer", 1}, {"body", 1},  {"html", 1},       {"address", 1},
        {"fieldset", 1}, {"thead", 1},   {"tbody", 1},  {"tfoot", 1},  {"main", 1},  {"option", 1},     {"caption", 1},
    };
    for (size_t i = 0; i < COUNT(blocks); i++)
        if (name[0] == blocks[i].name[0] && strcmp(name, blocks[i].name) == 0)
            return blocks[i].lines;
    return 0;
}

static void show_tag(struct html *h, const struct tag *t)
{
    unsigned lines;
    if (strcmp(t->name, "a") == 0) {
        close_link(h);
        if (!t->closing)
            open_link(h, t->attributes);
    } else if (strcmp(t->name, "br") == 0) {
        put_break(h, h->breaks < 2 ? h->breaks + 1 : 2);
    } else if (strcmp(t->name, "td") == 0 || strcmp(t->name, "th") == 0) {
        h->spaces = h->breaks || h->spaces ? h->spaces : 1;
    } else if ((lines = breaks_of(t->name)) != 0) {
        put_break(h, lines);
        h->pre = strcmp(t->name, "pre") == 0 ? !t->closing : h->pre;
    }
}

/* ----------------------------------------------------- what is dropped */

/* Index after the first `end` in s; 0, and *missing set, if there is none. */
static size_t end_of(struct span s, const char *end, bool *missing)
{
    const char *p = *missing ? NULL : span_find_nocase(s, end);
    *missing = !p;
    return p ? (size_t)(p - s.s) + strlen(end) : 0;
}

/* Length of the element at the start of s, whose tag is t, if it is dropped; 0 if it is
 * shown. An unclosed script or style takes the rest with it. */
static size_t dropped_element(struct html *h, struct span s, const struct tag *t)
{
    struct span rest = span_of(s.s + t->size, s.n - t->size);
    size_t n = 0;
    bool missing = false;
    if (t->closing)
        return 0;
    if (strcmp(t->name, "script") == 0 || strcmp(t->name, "style") == 0) {
        n = end_of(rest, t->name[1] == 'c' ? "</script" : "</style", &missing);
        return missing ? s.n : t->size + n;
    }
    if (strcmp(t->name, "title") == 0)
        n = end_of(rest, "</title", &h->no_title_end);
    else if (strcmp(t->name, "head") == 0)
        n = end_of(rest, "</head", &h->no_head_end);
    return n ? t->size + n : 0;
}

/* Length of the comment, declaration or instruction at the start of s; 0: none. */
static size_t dropped_markup(struct html *h, struct span s)
{
    if (s.n < 3 || (s.s[1] != '!' && s.s[1] != '?'))
        return 0;
    size_t n = 0;
    if (span_starts_nocase(s, "<!--"))
        n = end_of(s, "-->", &h->no_comment_end);
    const char *end = n || h->no_tag_end ? NULL : memchr(s.s, '>', s.n);
    h->no_tag_end = h->no_tag_end || (!n && !end);
    return n ? n : end ? (size_t)(end + 1 - s.s) : 0;
}

/* Reads what the "<" at the start of s begins, and returns its length; 0: it is text. */
static size_t read_markup(struct html *h, struct span s)
{
    struct tag t;
    size_t n = dropped_markup(h, s);
    if (n)
        return n;
    if (!read_html_tag(h, s, &t))
        return 0;
    n = dropped_element(h, s, &t);
    if (n) { /* up to the ">" of the closing tag */
        const char *end = n < s.n ? memchr(s.s + n, '>', s.n - n) : NULL;
        return end ? (size_t)(end + 1 - s.s) : s.n;
    }
    show_tag(h, &t);
    return t.size;
}

/* Whether c may begin markup or white space (NUL and the first byte of a no-break space, too). */
static inline bool ends_text(char c)
{
    return c == '<' || c == '&' || c == '\xc2' || c == '\0' || ascii_is_space(c);
}

/* Writes the plain text at the start of s, and returns its length. */
static size_t take_text(struct html *h, struct span s)
{
    size_t n = 1;
    while (n < s.n && !ends_text(s.s[n]))
        n++;
    put(h, s.s, n);
    return n;
}

struct span html_to_text(struct arena *a, struct span html)
{
    struct html h = {.arena = a};
    strbuf_init(&h.out, a);
    for (size_t i = 0, size; i < html.n; i += size) {
        struct span rest = span_of(html.s + i, html.n - i);
        char c = rest.s[0];
        if (c == '<' && (size = read_markup(&h, rest)) != 0)
            continue;
        uint32_t code = c == '&' ? character_reference(rest, &size) : 0;
        if (code)
            put_character(&h, code);
        else if (ascii_is_space(c))
            put_blank(&h, c), size = 1;
        else if (c == '\xc2' && span_starts_nocase(rest, "\u00a0"))
            put_no_break_space(&h), size = 2;
        else
            size = take_text(&h, rest);
    }
    close_link(&h);
    return span_of(h.out.s, h.out.n);
}
