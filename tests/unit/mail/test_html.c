/* SPDX-License-Identifier: MIT */
/* test_html.c - what a reader sees of an HTML report. */
#include "mail/html.h"
#include "mail/html_entities.h"
#include "text/text.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *name, *html, *want;
} rows[] = {
    {"text", "Hello", "Hello"},
    {"white space", " a \r\n\t b ", "a b"},
    {"inline elements", "a<b>b</b> <i>c</i>", "ab c"},
    {"br", "a<br>b<BR/>c<br /> d", "a\nb\nc\nd"},
    {"two br", "a<br><br><br>b", "a\n\nb"},
    {"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
    {"div", "<div>a</div><div>b</div>c", "a\nb\nc"},
    {"a break swallows spaces", "a <br> b", "a\nb"},
    {"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d", "a b\nc\nd"},
    {"list", "<ul><li>a<li>b</ul>c", "a\nb\nc"},
    {"pre", "x<pre>a  b\n  c</pre>d  e", "x\n\na  b\n  c\n\nd e"},
    {"head", "<html><head><title>T</title><meta x></head><body>a</body></html>", "a"},
    {"head not closed", "<head><title>T</title><body>a", "a"},
    {"title not closed", "<title>T<p>a", "T\n\na"},
    {"style and script", "a<style>p > b {}</style>b<SCRIPT>if (a<b) x();</SCRIPT >c", "abc"},
    {"script not closed", "a<script>b<p>c", "a"},
    {"comment", "a<!-- <p>x</p> > -->b", "ab"},
    {"comment not closed", "a<!-- x>b", "ab"},
    {"conditional comment", "a<!--[if mso]><p>x</p><![endif]-->b", "ab"},
    {"doctype and instruction", "<!DOCTYPE html><?xml version='1.0'?>a", "a"},
    {"entities", "&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos; &eacute;&Eacute; &euro;", "<a> & \"b\" 'c' éÉ €"},
    {"numbered", "&#233;&#xE9;&#XE9;&#8364;&#128512;", "ééé€😀"},
    {"numbered with zeros in front", "joe&#0000000000064;example.org &#x000000000040;&#00000000000;&#000",
     "joe@example.org @\xef\xbf\xbd\xef\xbf\xbd"},
    {"numbered as windows-1252", "&#145;a&#146; &#128;", "‘a’ €"},
    {"numbered nonsense", "&#0;&#xD800;&#x110000;&#99999999999;",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
     "999;"},
    {"numbered white space", "a&#10;&#32;b", "a b"},
    {"nbsp is a space", "a&nbsp; b\u00a0\u00a0c\u00a9", "a b c\u00a9"},
    {"nbsp indents", "a<br>&nbsp; &nbsp;b<br> \u00a0c<p>&nbsp;&nbsp;d", "a\n  b\n c\n\n  d"},
    {"nbsp indents no further than some",
     "a<br>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;b",
     "a\n                b"},
    {"paragraphs of nbsp", "a<p>&nbsp;</p><p>\u00a0</p>b", "a\n\nb"},
    {"not closed", "&lta&gt b &eacute c", "&lta> b &eacute c"},
    {"no entities", "a & b &; &nope; &# &#x; &", "a & b &; &nope; &# &#x; &"},
    {"a less-than sign", "1 < 2 <3 a<", "1 < 2 <3 a<"},
    {"a tag that does not end", "a <b c", "a <b c"},
    {"an address in brackets", "to <user@example.org>: gone", "to <user@example.org>: gone"},
    {"an address after a tag without an end", "<b<user@example.org>: gone<b<i>!</i>", "<b<user@example.org>: gone<b!"},
    {"an address with a type", "<b>to</b> <smtp:user@example.org> gone", "to <smtp:user@example.org> gone"},
    {"greater-than in a value", "a<img alt=\"x > y\" title='>'>b", "ab"},
    {"a quote outside of a value", "<p title=it's>a</p><p '>b</p>", "a\n\nb"},
    {"a quote that does not close", "<p title=\"x>a</p>b", "a\n\nb"},
    {"a long element name", "<averyveryverylongname>a</averyveryverylongname>", "a"},
    {"mailto", "<a href=\"mailto:user@example.org\">Joe User</a> is gone", "Joe User <user@example.org> is gone"},
    {"mailto that shows an address", "<a href=mailto:user@example.org>user@example.org</a>", "user@example.org"},
    {"mailto with a subject", "<A class=x HREF = 'MAILTO:user@example.org?subject=a@b'>Joe</A>",
     "Joe <user@example.org>"},
    {"mailto with escapes", "<a href=\"mailto:user%40example&#46;org\">Joe</a>", "Joe <user@example.org>"},
    {"mailto, two", "<a href='mailto:a@example.org,b@example.org'>A</a>", "A <a@example.org>"},
    {"mailto that is no address", "<a href='mailto:%0A%00@x y'>Joe</a>", "Joe"},
    {"mailto not closed", "<a href='mailto:u@example.org'>Joe", "Joe <u@example.org>"},
    {"links in each other", "<a href='mailto:u@example.org'>A<a href='http://x@y/'>B</a>", "A <u@example.org>B"},
    {"another link", "<a href='http://example.org/'>here</a>", "here"},
    {"empty", "", ""},
};

Test(html, becomes_text)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span got = html_to_text(&a, span_z(rows[i].html));
        cr_expect(got.n == strlen(rows[i].want) && memcmp(got.s, rows[i].want, got.n) == 0, "%s: got \"%.*s\"",
                  rows[i].name, (int)got.n, got.s);
    }
    arena_free(&a);
}

Test(html, keeps_a_nul)
{
    struct arena a;
    arena_init(&a);
    cr_expect_eq(html_to_text(&a, span_of("a\0b\0", 4)).n, 4);
    arena_free(&a);
}

Test(html, knows_all_entities)
{
    cr_expect_eq(html_entity(span_z("AElig")), 0xc6);     /* the first of the table */
    cr_expect_eq(html_entity(span_z("zwnj")), 0x200c);    /* the last */
    cr_expect_eq(html_entity(span_z("thetasym")), 0x3d1); /* the longest */
    cr_expect_eq(html_entity(span_z("thetasymx")), 0);
    cr_expect_eq(html_entity(span_z("eacut")), 0);
    cr_expect_eq(html_entity(span_z("EACUTE")), 0);
    cr_expect_eq(html_entity(span_z("")), 0);
}

/* A megabyte of each: searches for an end that is missing or at the very end, and nesting. */
Test(html, costs_linear_time)
{
    static const char *const parts[] = {"<",
                                        "<a",
                                        "<a ",
                                        "<td",
                                        "<a =\"",
                                        "<a ='",
                                        "<!--",
                                        "<!",
                                        "<title>",
                                        "<head>",
                                        "<?",
                                        "<script",
                                        "&",
                                        "&#",
                                        "&#1",
                                        "&#0",
                                        "<div>",
                                        "</a>",
                                        "<a href='mailto:a@b'>",
                                        "<pre> ",
                                        "<pre>\n",
                                        "<b@",
                                        "</b",
                                        "<a x=\">",
                                        "<br>",
                                        " ",
                                        "<p>&nbsp;</p>"};
    static const char *const ends[] = {"", "@", "@b.cc", ">", "\"", "'>", "-->", "</title>", ";"};
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(parts) * COUNT(ends); i++) {
        const char *part = parts[i / COUNT(ends)], *end = ends[i % COUNT(ends)];
        struct strbuf b;
        strbuf_init(&b, &a);
        while (b.n < 1000000)
            strbuf_puts(&b, part);
        strbuf_puts(&b, end);
        struct span got = html_to_text(&a, span_of(b.s, b.n));
        cr_expect_leq(got.n, 2 * b.n, "%s, then %s: %zu bytes", part, end, got.n);
        arena_reset(&a);
    }
    arena_free(&a);
}
