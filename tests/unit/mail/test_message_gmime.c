/* SPDX-License-Identifier: MIT */
/*
 * test_message_gmime.c - our parts are those that GMime's full parse finds: type,
 * charset, encoding, name, depth and raw bytes, in generated mails and in the same
 * mails with damaged lines.
 *
 * The differences are intended, and this test found all of them (GMime 3.2.13):
 *   - a multipart without parts is one text here, and its boundary is guessed
 *     if the mail's own never occurs (flag MESSAGE_BROKEN_MULTIPART);
 *   - a header without MIME fields over a body that begins with parts is that
 *     of a multipart;
 *   - the text of a part that has neither header nor blank line is kept
 *     (is_headless); GMime drops the part, or its lines up to a blank line;
 *   - text before the first boundary may be a part "0";
 *   - a type that cannot be read is text/plain, not application/octet-stream;
 *   - a name is valid UTF-8, even if it was cut, and has no tabs;
 *   - a charset or an encoding ends at the first blank or semicolon, and of
 *     several Content-Transfer-Encoding fields the last one counts;
 *   - a returned message ends at a boundary of the mail around it, even if it
 *     declares the same one for itself;
 *   - a mail or a last part that is cut inside its header is still there;
 *   - a CRLF before a delimiter that does not end in CRLF itself is removed
 *     completely.
 */
#include "base/limits.h"
#include "mail/message.h"

#include <criterion/criterion.h>
#include <gmime/gmime.h>
#include <string.h>

enum { MAILS = 1500, DAMAGES = 4, MAX_LEAVES = 512, MAX_DEPTH = 4 };

static struct arena arena, mail_arena;
static uint32_t random_state;

static unsigned below(unsigned n) /* xorshift32: the same mails on every run */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % n;
}

#define PICK(table) (table)[below(sizeof(table) / sizeof *(table))]

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

/* Whether a returned message declares the boundary of a multipart around it: GMime sees
 * parts of it there, and we see its end. */
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

/* Whether a part begins right below a delimiter, without header and blank line. */
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
        if (p->raw.s == mail.s + mail.n && i + 1 == m->part_count && mail.s[mail.n - 1] != '\n')
            return NULL; /* cut inside the header of a part */
        if (!l)
            return "GMime has less parts";
        const char *what = first_difference(p, l);
        if (what)
            return arena_printf(&arena, "part %s: %s", p->path, what);
        k++;
    }
    return k < leaf_count ? "GMime has more parts" : NULL;
}

/* ---------------------------------------------------------- generated mails */

static struct strbuf out;
static const char *line_end;
static unsigned next_boundary;

static void line(const char *z)
{
    strbuf_puts(&out, z);
    strbuf_puts(&out, line_end);
}

static void add_body(const char *boundary)
{
    static const char *const lines[] = {
        "Your mail could not be delivered.",
        "",
        "--",
        "-- ",
        "---- end ----",
        "Action: failed",
        "From a@example.org Mon",
        "  indented",
        "Content-Type: text/html",
        "--x--",
        "\xc3\xa9\xff",
        "-",
    };
    for (unsigned i = below(6); i--;)
        line(PICK(lines));
    if (boundary && !below(4))
        line(arena_printf(&mail_arena, "--%sx", boundary));
}

static void add_leaf_header(void)
{
    static const char *const types[] = {
        "Content-Type: text/plain",
        "Content-Type: text/plain; charset=us-ascii",
        "content-type: TEXT/HTML; charset=\"utf-8\"",
        "Content-Type: text/plain; charset=iso-8859-1; format=flowed; name=a.txt",
        "Content-Type: message/delivery-status",
        "Content-Type: message/delivery-status; name=\"details.txt\"",
        "Content-Type: text/rfc822-headers",
        "Content-Type: image/png; name=\"a b;c.png\"",
        "Content-Type: text/plain (a comment); charset=(x)utf-8",
        "Content-Type: text/plain; name*=utf-8''%c3%a9.txt",
        "Content-Type: text/plain; name*0=a; name*1=b",
        "Content-Type: text/plain; name=\"=?utf-8?Q?=C3=A9.txt?=\"",
        "Content-Type: text/plain; name=\"a\\\"b\"",
        "Content-Type: text/plain;; charset=x-odd;",
        "Content-Type:text/plain",
        "X-Other: value",
        "Content-Type: text",
        "Content-Type: text/plain;\r\n\tcharset=koi8-r",
        "Content-Type: message/feedback-report",
        "Content-Type: text/plain; charset = utf-8 ; boundary=zz",
        "Content-Type: application/octet-stream; name=a=b@c",
        "Content-Type: message/partial; id=a",
        "Content-Type: text/plain; name=\"\"",
        "Content-Type: text/plain; =x; charset=y",
    };
    static const char *const more[] = {
        "Content-Transfer-Encoding: 8bit",
        "Content-Transfer-Encoding: BASE64",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Description: Notification",
        "Content-Disposition: attachment; filename=b.txt",
        "Content-Disposition: inline",
        "Content-Disposition: attachment; filename*=utf-8''%e2%82%ac",
        "Content-ID: <x@example.org>",
        "no field",
        " folded",
    };
    if (below(8))
        line(PICK(types));
    for (unsigned i = below(3); i--;)
        line(PICK(more));
}

static void add_returned_message(void)
{
    static const char *const types[] = {"message/rfc822", "message/global", "Message/RFC822"};
    const char *type = PICK(types);
    line(arena_printf(&mail_arena, "Content-Type: %s", type));
    if (!below(4))
        line("Content-Transfer-Encoding: 7bit");
    line("");
    line("From: a@example.org");
    line("Subject: returned");
    if (below(2)) {
        line("Content-Type: multipart/mixed; boundary=\"of-the-returned\"");
        line("");
        line("--of-the-returned");
        line("");
        add_body(NULL);
        line("--of-the-returned--");
    } else {
        line("");
        add_body(NULL);
    }
}

static void add_entity(unsigned depth);

static void add_multipart(unsigned depth)
{
    static const char *const types[] = {"mixed", "report", "alternative", "related", "digest", "signed", "x-odd"};
    static const char *const styles[] = {
        "Content-Type: multipart/%s; boundary=%s",
        "Content-Type: multipart/%s; report-type=delivery-status; boundary=\"%s\"",
        "CONTENT-TYPE:Multipart/%s;boundary=%s;",
        "Content-Type: multipart/%s (c); boundary=(c)%s",
        "Content-Type: multipart/%s; boundary=\"%s\" ",
        "Content-Type: multipart/%s; charset=x; boundary=\"\\%s\"",
        "Content-Type: multipart/%s; boundary*0=%s; boundary*1=\"\"",
    };
    static const char *const boundaries[] = {"b%u",    "----=_Part_%u", "_%u/mx.example.org",
                                             "==%u==", "%u--",          "Boundary_(ID_%u)"};
    const char *format = PICK(boundaries);
    char boundary[64], value[256];
    g_snprintf(boundary, sizeof boundary, format, next_boundary++);
    const char *type = PICK(types);
    format = strchr(boundary, '(') ? styles[1] : PICK(styles);
    g_snprintf(value, sizeof value, format, type, boundary);
    line(value);
    line("");
    if (below(2))
        add_body(boundary);
    for (unsigned i = 1 + below(3); i--;) {
        line(arena_printf(&mail_arena, "--%s%s", boundary, below(6) ? "" : " \t"));
        add_entity(depth + 1);
    }
    if (below(8))
        line(arena_printf(&mail_arena, "--%s--", boundary));
    if (!below(4))
        add_body(boundary);
}

static void add_entity(unsigned depth)
{
    unsigned kind = below(10);
    if (depth < MAX_DEPTH && kind < (depth ? 3 : 9)) {
        add_multipart(depth);
    } else if (depth && kind < 5) {
        add_returned_message();
    } else {
        add_leaf_header();
        line("");
        add_body(NULL);
    }
}

static struct span generate(void)
{
    strbuf_init(&out, &mail_arena);
    line_end = below(3) ? "\n" : "\r\n";
    next_boundary = 0;
    line("From: MAILER-DAEMON@example.org");
    line("Subject: Undelivered");
    add_entity(0);
    return span_of(out.s, out.n);
}

/* ------------------------------------------------------------------ damage */

/* The start of a random line, except the first one (see test_message.c). */
static size_t random_line(struct span mail)
{
    size_t at = below((unsigned)mail.n);
    while (at && mail.s[at - 1] != '\n')
        at--;
    return at ? at : (size_t)((const char *)memchr(mail.s, '\n', mail.n) + 1 - mail.s);
}

static size_t line_length(struct span mail, size_t at)
{
    const char *stop = at < mail.n ? memchr(mail.s + at, '\n', mail.n - at) : NULL;
    return stop ? (size_t)(stop + 1 - mail.s) - at : mail.n - at;
}

/* Removes, copies or moves a line, adds a blank one, or cuts the end. */
static struct span damage(struct span mail)
{
    struct strbuf b;
    strbuf_init(&b, &mail_arena);
    size_t at = random_line(mail), n = line_length(mail, at), from = random_line(mail),
           from_n = line_length(mail, from);
    unsigned how = below(6);
    if (how == 0)
        return span_of(mail.s, at + below((unsigned)n + 1));
    strbuf_add(&b, mail.s, at);
    if (how == 1)
        strbuf_puts(&b, line_end);
    else if (how >= 3)
        strbuf_add(&b, mail.s + from, from_n);
    if (b.n && b.s[b.n - 1] != '\n')
        strbuf_puts(&b, line_end);
    if (how >= 4 || how == 1)
        n = 0;
    strbuf_add(&b, mail.s + at + n, mail.n - at - n);
    return span_of(b.s, b.n);
}

/* ------------------------------------------------------------------- tests */

static void set_up(void)
{
    g_mime_init();
    arena_init(&arena);
    arena_init(&mail_arena);
}

static void tear_down(void)
{
    arena_free(&arena);
    arena_free(&mail_arena);
}

/* True if the mail could be compared, not only read. */
static bool check(struct span mail, unsigned number)
{
    struct message m;
    arena_reset(&arena);
    message_read(&arena, mail, LIMIT_MESSAGE_BYTES_DEFAULT, &m);
    if (!read_by_gmime(mail))
        return false;
    if (m.is_multipart && !fields_get(&m.header, "Content-Type").s)
        return false;
    if (m.flags & MESSAGE_BROKEN_MULTIPART) {
        bool cut = mail.s[mail.n - 1] != '\n';
        cr_assert(empty_multipart || cut, "mail %u: GMime finds it whole:\n%.*s", number, (int)mail.n, mail.s);
        return false;
    }
    if (empty_multipart || boundary_twice)
        return false;
    const char *difference = compare(&m, mail);
    cr_assert(!difference, "mail %u: %s\n%.*s", number, difference, (int)mail.n, mail.s);
    return true;
}

Test(message_gmime, generated_mails, .init = set_up, .fini = tear_down)
{
    random_state = 20261122;
    unsigned compared = 0;
    for (unsigned i = 0; i < MAILS; i++) {
        arena_reset(&mail_arena);
        compared += check(generate(), i);
    }
    cr_assert_gt(compared, MAILS * 9 / 10, "only %u of %d mails were compared", compared, MAILS);
}

Test(message_gmime, damaged_mails, .init = set_up, .fini = tear_down)
{
    random_state = 6522;
    unsigned compared = 0;
    for (unsigned i = 0; i < MAILS; i++) {
        arena_reset(&mail_arena);
        struct span mail = generate();
        for (unsigned k = 0; k < DAMAGES && mail.n > 64; k++) {
            mail = damage(mail);
            compared += check(mail, i);
        }
    }
    cr_assert_gt(compared, MAILS * DAMAGES / 2, "only %u mails were compared", compared);
}
