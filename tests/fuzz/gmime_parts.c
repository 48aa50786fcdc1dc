/* SPDX-License-Identifier: MIT */
/*
 * gmime_parts.c - our parts of a mail are those that GMime's full parse finds: type, charset, encoding, name, depth
 * and raw bytes.
 *
 * The differences are intended; fuzzing and its unit test found all of them (GMime 3.2.13). Each with the rule that
 * a mail breaks, or that leaves it open:
 *   - a multipart without parts is one text here, and its boundary is guessed if the mail's own never occurs (flag
 *     MESSAGE_BROKEN_MULTIPART; RFC 2046 5.1.1 demands a part);
 *   - a header without MIME fields over a body that begins with parts is that of a multipart (RFC 2045 4 and 5.2);
 * The differences are intended; fuzzing and its unit test found all of them (GMime 3.2.13). Each has the rule that
 * the mail breaks, or that leaves the choice open:
 *   - text before the first boundary may be a part "0" (RFC 2046 5.1.1: a preamble may be ignored);
 *   - a type that cannot be read is text/plain, not application/octet-stream (RFC 2045 5.2);
 *   - a name is valid UTF-8, even if it was cut, and has no tabs (RFC 2231 4 does not say what a bad byte is);
 *   - a charset or an encoding ends at the first blank or semicolon (RFC 2045 5.1: a token has none), and of several
 *     Content-Transfer-Encoding fields the last one counts (RFC 2045 3: there is one);
 *   - a returned message ends at a boundary of the mail around it, even if it declares the same one for itself
 *     (RFC 2046 5.1.2: the outer one counts);
 *   - a mail or a last part that is cut inside its header is still there (RFC 2046 5.1.1: it has no end);
 *   - a CRLF before a delimiter that does not end in CRLF itself is removed completely (RFC 2046 5.1.1: it is part of
 *     the delimiter).
 */
#include "gmime_parts.h"

#include "base/limits.h"
#include "mail/message.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LEAVES = 512 };

static struct arena arena;

/* ------------------------------------------------------- what GMime finds */

struct leaf {
    const char *type, *charset, *encoding, *name;
    const char *start, *end; /* NULL: not known */
    int depth;
};

static struct leaf leaves[MAX_LEAVES];
static size_t leaf_count;
static bool empty_multipart, boundary_twice;

static char *lower(const char *s)
{
    char *z = arena_strdup(&arena, s);
    for (char *p = z; p && *p; p++)
        *p = ascii_lower(*p);
    return z;
}

static char *first_word(const char *s)
{
    char *z = lower(s);
    if (z)
        z[strcspn(z, " \t\r\n;(")] = '\0';
    return z;
}

/* Of several fields GMime would return the first. */
static const char *last_encoding(GMimeObject *o)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(o);
    for (int i = g_mime_header_list_get_count(headers); i-- > 0;) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        if (span_equal_nocase(span_z(g_mime_header_get_name(header)), "Content-Transfer-Encoding"))
            return g_mime_header_get_value(header);
    }
    return NULL;
}

static void add_leaf(GMimeObject *o, int depth, const char *mail)
{
    if (leaf_count == MAX_LEAVES)
        return;
    struct leaf *l = &leaves[leaf_count++];
    GMimeContentType *type = g_mime_object_get_content_type(o);
    *l = (struct leaf){.depth = depth};
    l->type = lower(arena_printf(&arena, "%s/%s", g_mime_content_type_get_media_type(type),
                                 g_mime_content_type_get_media_subtype(type)));
    l->charset = first_word(g_mime_object_get_content_type_parameter(o, "charset"));
    l->encoding = first_word(last_encoding(o));
    const char *name = g_mime_object_get_content_disposition_parameter(o, "filename");
    l->name = arena_strdup(&arena, name ? name : g_mime_object_get_content_type_parameter(o, "name"));
    GMimeDataWrapper *content = GMIME_IS_PART(o) ? g_mime_part_get_content((GMimePart *)o) : NULL;
    if (content) {
        GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
        l->start = mail + stream->bound_start;
        l->end = mail + stream->bound_end;
    }
}

struct open {
    const char *boundary;
    const struct open *outer;
};

/* Whether a returned message declares the boundary of a multipart around it: for GMime,
 * it has parts there; for us, it ends there. */
static bool declares_again(GMimeObject *o, const struct open *around)
{
    GMimeMessage *inner = GMIME_IS_MESSAGE_PART(o) ? g_mime_message_part_get_message((GMimeMessagePart *)o) : NULL;
    if (inner)
        return declares_again(g_mime_message_get_mime_part(inner), around);
    if (!o || !GMIME_IS_MULTIPART(o))
        return false;
    const char *boundary = g_mime_object_get_content_type_parameter(o, "boundary");
    for (const struct open *x = around; x; x = x->outer)
        if (boundary && x->boundary && !strcmp(x->boundary, boundary))
            return true;
    for (int i = g_mime_multipart_get_count((GMimeMultipart *)o); i-- > 0;)
        if (declares_again(g_mime_multipart_get_part((GMimeMultipart *)o, i), around))
            return true;
    return false;
}

static void walk(GMimeObject *o, int depth, const char *mail, const struct open *around)
{
    if (!GMIME_IS_MULTIPART(o)) {
        boundary_twice = boundary_twice || declares_again(o, around);
        add_leaf(o, depth, mail);
        return;
    }
    struct open here = {g_mime_object_get_content_type_parameter(o, "boundary"), around};
    int count = g_mime_multipart_get_count((GMimeMultipart *)o);
    if (!count)
        empty_multipart = true;
    for (int i = 0; i < count; i++)
        walk(g_mime_multipart_get_part((GMimeMultipart *)o, i), depth + 1, mail, &here);
}

static bool read_by_gmime(struct span mail)
{
    leaf_count = 0;
    empty_multipart = boundary_twice = false;
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail.s, mail.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        walk(g_mime_message_get_mime_part(message), 0, mail.s, NULL);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return message != NULL;
}

/* ------------------------------------------------------------- comparison */

static bool same_text(const char *a, const char *b, bool any_case)
{
    if (!a || !*a || !b || !*b)
        return (!a || !*a) && (!b || !*b);
    return any_case ? span_equal_nocase(span_z(a), b) : !strcmp(a, b);
}

/* Whether a part begins directly below a delimiter, without header and blank line. */
static bool is_headless(const struct part *p, struct span mail)
{
    const char *q = p->raw.s;
    if (!p->depth || !p->raw.n || q - mail.s < 3)
        return false;
    for (q--; q > mail.s && q[-1] != '\n';)
        q--;
    return q[0] == '-' && q[1] == '-';
}

/* GMime drops a headless part unless it contains a field or a blank line. */
static bool is_dropped(const struct part *p, struct span mail)
{
    const char *q = p->raw.s, *end = mail.s + mail.n;
    while (q < end && q <= p->raw.s + p->raw.n) {
        struct span text = fields_take_line(&q, end, '\n');
        if (!text.n || fields_is_field(text))
            return false;
    }
    return true;
}

/* Whether a part without a body is followed by nothing, or by an unfinished last line (for us it may be a delimiter,
 * for GMime it is more of the header). */
static bool is_cut_in_header(const struct part *p, struct span mail)
{
    const char *end = mail.s + mail.n;
    return !p->raw.n && end[-1] != '\n' && !memchr(p->raw.s, '\n', (size_t)(end - p->raw.s));
}

static const char *first_difference(const struct part *p, const struct leaf *l)
{
    bool broken_type = !strcmp(l->type, "application/octet-stream");
    if (!broken_type && strcmp(p->type, l->type) != 0)
        return "type";
    if (!same_text(p->charset, l->charset, true))
        return "charset";
    if (!same_text(p->encoding, l->encoding, true))
        return "encoding";
    if (!same_text(p->name, l->name, false) &&
        !(l->name && (strchr(l->name, '\t') || !g_utf8_validate(l->name, -1, NULL))))
        return "name";
    if (p->depth != l->depth)
        return "depth";
    if (!l->start)
        return p->role != PART_ORIGINAL && !broken_type && p->raw.n ? "content" : NULL;
    if (p->raw.n && p->raw.s != l->start)
        return "start";
    if (p->raw.n && p->raw.s + p->raw.n != l->end && !(l->end[-1] == '\r' && p->raw.s + p->raw.n == l->end - 1))
        return "end";
    return NULL;
}

/* NULL if the parts of both are the same. */
static const char *compare(const struct message *m, struct span mail)
{
    size_t i = 0, k = 0;
    if (m->part_count && !strcmp(m->parts[0].path, "0"))
        i++;
    for (; i < m->part_count; i++) {
        const struct part *p = &m->parts[i];
        const struct leaf *l = k < leaf_count ? &leaves[k] : NULL;
        if (is_headless(p, mail)) {
            bool cut = p->raw.s + p->raw.n == mail.s + mail.n; /* either may be right */
            k += cut ? l != NULL : !is_dropped(p, mail);
            continue;
        }
        if (i + 1 == m->part_count && is_cut_in_header(p, mail))
            return NULL;
        if (!l)
            return "GMime has less parts";
        const char *what = first_difference(p, l);
        if (what)
            return arena_printf(&arena, "part %s: %s", p->path, what);
        k++;
    }
    return k < leaf_count ? "GMime has more parts" : NULL;
}

enum parts_outcome gmime_parts_compare(struct span mail)
{
    static bool started;
    struct message m;
    if (!started)
        g_mime_init();
    started = true;
    arena_reset(&arena);
    message_read(&arena, mail, LIMIT_MESSAGE_BYTES_DEFAULT, &m);
    if (!read_by_gmime(mail) || (m.is_multipart && !fields_get(&m.header, "Content-Type").s))
        return PARTS_NOT_COMPARED;
    bool cut = (m.flags & MESSAGE_BROKEN_MULTIPART) && mail.s[mail.n - 1] != '\n';
    if (empty_multipart || boundary_twice || cut)
        return PARTS_NOT_COMPARED;
    const char *difference = m.flags & MESSAGE_BROKEN_MULTIPART ? "GMime finds it whole" : compare(&m, mail);
    if (!difference)
        return PARTS_SAME;
    fprintf(stderr, "%s:\n%.*s\n", difference, (int)mail.n, mail.s);
    return PARTS_DIFFER;
}
