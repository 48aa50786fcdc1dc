/* SPDX-License-Identifier: MIT */
/*
 * handwritten_text.c - bodies to text: transfer encodings, charsets, HTML, the
 * form in which rules are searched; ours compared with GMime's, GLib's, libxml2's.
 */
#include "base/utf8.h"
#include "handwritten.h"
#include "mail/html.h"
#include "text/charset.h"
#include "text/normal.h"
#include "text/text.h"
#include "text/transfer.h"

#include <gmime/gmime.h>
#ifdef HAVE_LIBXML2
#include <libxml/HTMLparser.h>
#endif

/* ------------------------------------------------------- transfer encodings */

static struct span ours_base64(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return text_decode_transfer(a, in->bytes, "base64");
}

static struct span ours_quoted(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return text_decode_transfer(a, in->bytes, "quoted-printable");
}

static struct span ours_uu(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return text_decode_transfer(a, in->bytes, "x-uuencode");
}

static struct span glib_base64(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    gint state = 0;
    guint save = 0;
    char *out = arena_alloc(a, in->bytes.n / 4 * 3 + 4);
    return span_of(out, g_base64_decode_step(in->bytes.s, in->bytes.n, (guchar *)out, &state, &save));
}

static struct span gmime_decode(struct arena *a, const struct input *in, GMimeContentEncoding encoding)
{
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    char *out = arena_alloc(a, g_mime_encoding_outlen(&state, in->bytes.n) + 1);
    return span_of(out, g_mime_encoding_step(&state, in->bytes.s, in->bytes.n, out));
}

static struct span gmime_base64(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return gmime_decode(a, in, GMIME_CONTENT_ENCODING_BASE64);
}

static struct span gmime_quoted(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return gmime_decode(a, in, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

static struct span gmime_uu(struct arena *a, const struct input *in, bool shown)
{
    GMimeFilter *filter = g_mime_filter_basic_new(GMIME_CONTENT_ENCODING_UUENCODE, FALSE);
    char *text;
    size_t n, space;
    g_mime_filter_filter(filter, (char *)(uintptr_t)in->bytes.s, in->bytes.n, 0, &text, &n, &space);
    struct span out = shown ? span_of(arena_strndup(a, text, n), n) : span_of(NULL, n);
    g_object_unref(filter);
    return out;
}

static const char *differ_base64(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a;
    if (theirs.n < ours.n && memcmp(ours.s, theirs.s, theirs.n) == 0)
        return memchr(in->bytes.s, '=', in->bytes.n) ? "ours: it ends at padding in the middle"
                                                     : "ours: last bytes that are not padded are lost";
    return "unexplained";
}

static const char *differ_uu(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a, (void)theirs;
    return same_bytes(ours, span_z(in->label))
               ? "ours: GMime loses bytes where blanks at the end of a line were cut off"
               : "unexplained";
}

static const char *differ_quoted(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    if (!memchr(in->bytes.s, '\n', in->bytes.n) && memchr(in->bytes.s, '\r', in->bytes.n))
        return "by choice: lines end with CR alone";
    return same_bytes(squeeze(a, ours), squeeze(a, theirs))
               ? "ours: white space at the end of a line goes (RFC 2045 6.7, rule 3)"
               : "unexplained";
}

/* ------------------------------------------------------------------ charsets */

static struct span ours_charset(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return text_decode(a, in->bytes, in->label, NULL);
}

static struct span without_cr(struct arena *a, const char *s, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i] != '\r' || i + 1 == n || s[i + 1] != '\n')
            out[count++] = s[i];
    return span_of(out, count);
}

/* GMime's filter, which drops invalid bytes; or its guess, if no charset is stated or
 * GMime does not know it. */
static struct span theirs_charset(struct arena *a, const struct input *in, bool shown)
{
    GMimeFilter *filter = in->label ? g_mime_filter_charset_new(in->label, "UTF-8") : NULL;
    struct span out;
    if (!filter) {
        char *text = g_mime_utils_decode_8bit(NULL, in->bytes.s, in->bytes.n);
        out = shown ? without_cr(a, text, strlen(text)) : span_of(NULL, 0);
        g_free(text);
        return out;
    }
    char *text;
    size_t n, space;
    g_mime_filter_complete(filter, (char *)(uintptr_t)in->bytes.s, in->bytes.n, 0, &text, &n, &space);
    out = shown ? without_cr(a, text, n) : span_of(NULL, 0);
    g_object_unref(filter);
    return out;
}

static const char *differ_charset(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    if (memchr(in->bytes.s, '\0', in->bytes.n))
        return "by choice: a NUL is U+FFFD; GMime's text ends there";
    if (same_bytes(squeeze(a, ours), squeeze(a, theirs)))
        return "by choice: CR and CR CR LF end lines, too";
    return theirs.n < ours.n ? "ours: bytes that do not fit the charset are dropped by GMime"
                             : "by choice: bytes are of another charset than stated";
}

static struct span ours_name(struct arena *a, const struct input *in, bool shown)
{
    static const char *const kinds[] = {[CHARSET_NONE] = "",
                                        [CHARSET_UNKNOWN] = "unknown",
                                        [CHARSET_ASCII] = "us-ascii",
                                        [CHARSET_UTF8] = "utf-8",
                                        [CHARSET_LATIN] = "windows-1252"};
    struct charset cs;
    charset_find(in->bytes.s, &cs);
    return shown ? span_z(arena_strdup(a, cs.iconv[0] ? cs.iconv : kinds[cs.kind])) : span_of(NULL, 0);
}

static struct span theirs_name(struct arena *a, const struct input *in, bool shown)
{
    const char *name = g_mime_charset_iconv_name(in->bytes.s);
    return shown ? span_z(arena_strdup(a, name)) : span_of(NULL, 0);
}

static const char *differ_name(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)in, (void)a;
    GIConv converter = g_iconv_open("UTF-8", theirs.s);
    bool known = converter != (GIConv)-1;
    if (known)
        g_iconv_close(converter);
    if (span_same_nocase(ours, theirs) || (!known && span_equal_nocase(ours, "unknown")))
        return NULL;
    if (span_equal_nocase(ours, "windows-1252") && span_equal_nocase(theirs, "cp1252"))
        return NULL;
    return !known                               ? "ours: iconv does not know the name that GMime gives"
           : span_equal_nocase(ours, "unknown") ? "theirs: a charset that we do not know"
                                                : "by choice: a superset that mail really uses";
}

/* --------------------------------------------------------------------- UTF-8 */

static struct span ours_utf8(struct arena *a, const struct input *in, bool shown)
{
    (void)a, (void)shown;
    struct span s = in->bytes;
    for (size_t i = 0, size; i < s.n; i += size) {
        i += bytes_ascii(s.s + i, s.n - i);
        if (i == s.n)
            break;
        size = utf8_valid(s.s + i, s.n - i);
        if (!size)
            return span_z("no");
    }
    return span_z("yes");
}

static struct span theirs_utf8(struct arena *a, const struct input *in, bool shown)
{
    (void)a, (void)shown;
    return span_z(g_utf8_validate_len(in->bytes.s, in->bytes.n, NULL) ? "yes" : "no");
}

static const char *differ_utf8(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a, (void)ours, (void)theirs;
    return memchr(in->bytes.s, '\0', in->bytes.n) ? "ours: a NUL is a character (RFC 3629); GLib refuses it"
                                                  : "unexplained";
}

/* --------------------------------------------------------------- normal form */

static struct span ours_fold(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    struct norm_text n;
    text_normalise(a, in->bytes, SIZE_MAX, &n);
    return span_of(n.folded, n.folded_length);
}

static bool is_mark(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_NON_SPACING_MARK;
}

/* What GLib has for it: compatibility decomposition, marks removed, case
 * folded; white space stays as it is, and no offsets are known. */
static struct span theirs_fold(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    char *apart = g_utf8_normalize(in->bytes.s, (gssize)in->bytes.n, G_NORMALIZE_ALL);
    char *to = apart;
    for (char *from = apart, *next; *from; from = next) {
        next = g_utf8_next_char(from);
        if ((unsigned char)*from >= 0x80 && is_mark(g_utf8_get_char(from)))
            continue;
        while (from < next)
            *to++ = *from++;
    }
    char *folded = g_utf8_casefold(apart, to - apart);
    struct span out = span_z(arena_strdup(a, folded));
    g_free(apart);
    g_free(folded);
    return out;
}

static const char *differ_fold(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)in;
    return same_bytes(squeeze(a, ours), squeeze(a, theirs)) ? "by choice: a run of white space is one space"
                                                            : "by choice: letters that rules need are kept or joined";
}

/* ---------------------------------------------------------------------- HTML */

static struct span ours_html(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return html_to_text(a, in->bytes);
}

#ifdef HAVE_LIBXML2
struct sax {
    struct strbuf out;
    int dropped; /* open elements whose text is not shown */
};

static bool is_dropped(const xmlChar *name)
{
    const char *z = (const char *)name;
    return !strcmp(z, "script") || !strcmp(z, "style") || !strcmp(z, "head") || !strcmp(z, "title");
}

static void start_element(void *data, const xmlChar *name, const xmlChar **attributes)
{
    struct sax *sax = data;
    (void)attributes;
    const htmlElemDesc *about = htmlTagLookup(name);
    sax->dropped += is_dropped(name);
    if (!about || !about->isinline || !strcmp((const char *)name, "br"))
        strbuf_putc(&sax->out, '\n');
}

static void end_element(void *data, const xmlChar *name)
{
    struct sax *sax = data;
    sax->dropped -= is_dropped(name);
}

static void characters(void *data, const xmlChar *text, int n)
{
    struct sax *sax = data;
    if (!sax->dropped)
        strbuf_add(&sax->out, (const char *)text, (size_t)n);
}

static void ignore_error(void *data, const char *format, ...)
{
    (void)data, (void)format;
}

static struct span theirs_html(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    htmlSAXHandler handler = {.startElement = start_element,
                              .endElement = end_element,
                              .characters = characters,
                              .ignorableWhitespace = characters};
    struct sax sax = {.dropped = 0};
    strbuf_init(&sax.out, a);
    xmlSetGenericErrorFunc(NULL, ignore_error);
    htmlParserCtxtPtr parser = htmlCreatePushParserCtxt(&handler, &sax, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                   HTML_PARSE_IGNORE_ENC);
    htmlParseChunk(parser, in->bytes.s, (int)in->bytes.n, 1);
    xmlFreeDoc(parser->myDoc);
    htmlFreeParserCtxt(parser);
    return span_of(sax.out.s, sax.out.n);
}
#else
#define theirs_html NULL
#endif

static size_t ats(struct span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.s[i] == '@';
    return n;
}

static struct span plain_spaced(struct arena *a, struct span s)
{
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; i < s.n; i++)
        if (span_starts_nocase(span_of(s.s + i, s.n - i), "\u00a0"))
            i++;
        else if (!ascii_is_space(s.s[i]))
            strbuf_putc(&out, s.s[i]);
    return span_of(out.s, out.n);
}

static const char *differ_html(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    struct span x = plain_spaced(a, ours), y = plain_spaced(a, theirs);
    if (same_bytes(x, y))
        return NULL; /* where lines end is a matter of style */
    if (ats(x) > ats(y) && span_find_nocase(in->bytes, "mailto:"))
        return "by choice: the address of a mailto: link is shown";
    if (span_find(in->bytes, "<!") && span_find(y, "<!"))
        return "ours: <!x> is a comment (HTML standard 13.2.5.42)";
    return ats(x) > ats(y) ? "by choice: <user@example.net> is text, not a tag" : "unexplained";
}

static const struct pair pairs[] = {
    {"base64", "text_decode_transfer", "g_base64_decode_step", INPUT_BASE64, SIDES(ours_base64, glib_base64),
     differ_base64, NULL},
    {"base64, GMime", "text_decode_transfer", "g_mime_encoding_step", INPUT_BASE64, SIDES(ours_base64, gmime_base64),
     differ_base64, NULL},
    {"quoted-printable", "text_decode_transfer", "g_mime_encoding_step", INPUT_QUOTED, SIDES(ours_quoted, gmime_quoted),
     differ_quoted, NULL},
    {"uuencode", "text_decode_transfer", "g_mime_filter_basic_new", INPUT_UU, SIDES(ours_uu, gmime_uu), differ_uu,
     NULL},
    {"charset to UTF-8", "text_decode", "g_mime_filter_charset_new", INPUT_BODY, SIDES(ours_charset, theirs_charset),
     differ_charset, NULL},
    {"charset names", "charset_find", "g_mime_charset_iconv_name", INPUT_CHARSET, SIDES(ours_name, theirs_name),
     differ_name, NULL},
    {"UTF-8 is valid", "utf8_valid", "g_utf8_validate_len", INPUT_BODY, SIDES(ours_utf8, theirs_utf8), differ_utf8,
     NULL},
    {"case and diacritics", "text_normalise", "g_utf8_normalize, g_utf8_casefold", INPUT_TEXT,
     SIDES(ours_fold, theirs_fold), differ_fold, NULL},
    {"HTML to text", "html_to_text", "libxml2: SAX of its HTML parser", INPUT_HTML, SIDES(ours_html, theirs_html),
     differ_html, NULL},
};
const struct pairs text_pairs = {pairs, sizeof pairs / sizeof *pairs};
