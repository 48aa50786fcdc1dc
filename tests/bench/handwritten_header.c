/* SPDX-License-Identifier: MIT */
/*
 * handwritten_header.c - header fields and their values: ours compared with
 * GMime's.
 *
 * In: headers; values of Content-Type, of Content-Disposition, of all fields,
 * and of fields with addresses. Out: names and values, parameters, decoded
 * text, addresses.
 */
#include "base/limits.h"
#include "handwritten.h"
#include "handwritten_gmime.h"
#include "mail/address.h"
#include "mail/address_scan.h"
#include "mail/fields.h"
#include "mail/message_mime.h"
#include "text/header.h"
#include "text/text.h"

static void put_line(struct strbuf *out, const char *name, struct span value)
{
    strbuf_puts(out, name);
    strbuf_puts(out, ": ");
    strbuf_add(out, value.s, value.n);
    strbuf_putc(out, '\n');
}

/* The value on one line, as GMime's functions for values need it. */
static char *unfolded(struct arena *a, struct span value)
{
    struct span s = span_trim(value);
    char *z = arena_strndup(a, s.s, s.n), *to = z;
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] != '\r' && s.s[i] != '\n')
            *to++ = s.s[i];
    *to = '\0';
    return z;
}

/* ------------------------------------------------------------------- fields */

static struct span ours_fields(struct arena *a, const struct input *in, bool shown)
{
    struct field_group group;
    struct strbuf out;
    struct span rest = in->bytes;
    fields_read_header(a, &rest, fields_line_end(rest), LIMIT_HEADER_LINES, &group, NULL, NULL);
    strbuf_init(&out, a);
    for (size_t i = 0; shown && i < group.count; i++)
        put_line(&out, arena_strndup(a, group.fields[i].name.s, group.fields[i].name.n),
                 single_spaced(a, group.fields[i].value));
    return span_of(out.s, out.n);
}

/* A part that is only a header: GMime has no smaller reader for one. */
static struct span theirs_fields(struct arena *a, const struct input *in, bool shown)
{
    struct strbuf out;
    struct gmime_source source;
    strbuf_init(&out, a);
    gmime_open(&source, in->bytes);
    GMimeObject *part = g_mime_parser_construct_part(source.parser, NULL);
    GMimeHeaderList *list = part ? g_mime_object_get_header_list(part) : NULL;
    for (int i = 0; shown && list && i < g_mime_header_list_get_count(list); i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
        put_line(&out, g_mime_header_get_name(header), single_spaced(a, span_z(g_mime_header_get_raw_value(header))));
    }
    if (part)
        g_object_unref(part);
    gmime_close(&source);
    return span_of(out.s, out.n);
}

static const char *differ_fields(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a, (void)ours;
    if (fields_line_end(in->bytes) == '\r')
        return "by choice: lines end with CR alone";
    if (!theirs.n)
        return "by choice: lines that are no field are passed over; GMime gives up at the first";
    return "unexplained";
}

/* --------------------------------------------------------------- parameters */

static struct span ours_type(struct arena *a, const struct input *in, bool shown)
{
    struct mime_type type;
    struct strbuf out;
    mime_read_type(a, in->bytes, &type);
    strbuf_init(&out, a);
    if (!shown)
        return span_of(NULL, 0);
    put_line(&out, "type", span_z(type.type ? type.type : "application/octet-stream"));
    put_line(&out, "boundary", type.boundary);
    put_line(&out, "charset", span_z(type.charset));
    put_line(&out, "name", span_z(type.name));
    put_line(&out, "report-type", span_z(type.report_type));
    return span_of(out.s, out.n);
}

static struct span lower(struct arena *a, const char *z)
{
    char *copy = arena_strdup(a, z ? z : "");
    bytes_lower(copy, copy, strlen(copy));
    return span_z(copy);
}

static struct span show_type(struct arena *a, GMimeContentType *type)
{
    struct strbuf out;
    strbuf_init(&out, a);
    put_line(&out, "type",
             lower(a, arena_printf(a, "%s/%s", g_mime_content_type_get_media_type(type),
                                   g_mime_content_type_get_media_subtype(type))));
    put_line(&out, "boundary", span_z(g_mime_content_type_get_parameter(type, "boundary")));
    put_line(&out, "charset", span_z(g_mime_content_type_get_parameter(type, "charset")));
    put_line(&out, "name", span_z(g_mime_content_type_get_parameter(type, "name")));
    put_line(&out, "report-type", lower(a, g_mime_content_type_get_parameter(type, "report-type")));
    return span_of(out.s, out.n);
}

static struct span theirs_type(struct arena *a, const struct input *in, bool shown)
{
    GMimeContentType *type = g_mime_content_type_parse(NULL, unfolded(a, in->bytes));
    struct span out = type && shown ? show_type(a, type) : span_of(NULL, 0);
    if (type)
        g_object_unref(type);
    return out;
}

static const char *differ_type(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a, (void)in, (void)ours;
    return g_utf8_validate_len(theirs.s, theirs.n, NULL) ? "unexplained"
                                                         : "ours: a name whose bytes do not fit its charset";
}

static struct span ours_disposition(struct arena *a, const struct input *in, bool shown)
{
    bool attachment = false;
    const char *name = NULL;
    mime_read_disposition(a, in->bytes, &attachment, &name);
    return shown ? span_z(arena_printf(a, "%d %s", attachment, name ? name : "")) : span_of(NULL, 0);
}

static struct span theirs_disposition(struct arena *a, const struct input *in, bool shown)
{
    GMimeContentDisposition *d = g_mime_content_disposition_parse(NULL, unfolded(a, in->bytes));
    struct span out = span_of(NULL, 0);
    if (d && shown) {
        const char *name = g_mime_content_disposition_get_parameter(d, "filename");
        out = span_z(arena_printf(a, "%d %s", g_mime_content_disposition_is_attachment(d), name ? name : ""));
    }
    if (d)
        g_object_unref(d);
    return out;
}

/* ------------------------------------------------------------ encoded words */

static struct span ours_words(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return span_z(text_decode_header(a, in->bytes, NULL));
}

static struct span theirs_words(struct arena *a, const struct input *in, bool shown)
{
    char *line = g_mime_utils_header_unfold(in->bytes.s);
    char *text = g_mime_utils_header_decode_text(NULL, line);
    struct span out = shown ? span_z(arena_strdup(a, text)) : span_of(NULL, 0);
    g_free(line);
    g_free(text);
    return out;
}

static const char *differ_words(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    if (in->bytes.n > LIMIT_HEADER_BYTES)
        return "by choice: a field is cut at the limit";
    if (memchr(in->bytes.s, '\0', in->bytes.n))
        return "ours: GMime's text ends at a NUL";
    if (same_bytes(squeeze(a, ours), squeeze(a, theirs)))
        return "by choice: white space with a line end in it is one space (RFC 5322 2.2.3 keeps what follows the CRLF)";
    if (!span_find(in->bytes, "=?"))
        return g_utf8_validate_len(in->bytes.s, in->bytes.n, NULL)
                   ? "unexplained"
                   : "by choice: text that is UTF-8 except for a few bytes stays so";
    return span_find_nocase(in->bytes, "=?utf-8") ? "ours: GMime loses text of encoded words (RFC 2047)"
                                                  : "by choice: bytes are of another charset than stated";
}

/* ---------------------------------------------------------------- addresses */

static struct span ours_addresses(struct arena *a, const struct input *in, bool shown)
{
    struct found_address found;
    struct strbuf out;
    struct span line = span_z(text_decode_header(a, in->bytes, NULL));
    strbuf_init(&out, a);
    for (size_t pos = 0; address_next(line, &pos, &found);)
        if (shown) {
            strbuf_add(&out, found.address.s, found.address.n);
            strbuf_putc(&out, '\n');
        }
    return span_of(out.s, out.n);
}

static void show_list(struct strbuf *out, InternetAddressList *list)
{
    for (int i = 0; i < internet_address_list_length(list); i++) {
        InternetAddress *address = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(address))
            show_list(out, internet_address_group_get_members((InternetAddressGroup *)address));
        else {
            strbuf_puts(out, internet_address_mailbox_get_addr((InternetAddressMailbox *)address));
            strbuf_putc(out, '\n');
        }
    }
}

static struct span gmime_addresses(struct arena *a, const char *z, bool shown)
{
    struct strbuf out;
    strbuf_init(&out, a);
    InternetAddressList *list = internet_address_list_parse(NULL, z);
    if (list && shown)
        show_list(&out, list);
    if (list)
        g_object_unref(list);
    return span_of(out.s, out.n);
}

static struct span theirs_addresses(struct arena *a, const struct input *in, bool shown)
{
    return gmime_addresses(a, in->bytes.s, shown);
}

/* The lines that contain an '@'. */
static struct span with_at(struct arena *a, struct span lines)
{
    struct strbuf out;
    struct span line;
    strbuf_init(&out, a);
    while (span_next_line(&lines, &line))
        if (memchr(line.s, '@', line.n)) {
            strbuf_add(&out, line.s, line.n);
            strbuf_putc(&out, '\n');
        }
    return span_of(out.s, out.n);
}

static bool holds_all(struct span lines, struct span wanted)
{
    struct span line;
    while (span_next_line(&wanted, &line))
        if (!span_find_bytes(lines, line))
            return false;
    return true;
}

static const char *differ_addresses(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)in;
    if (same_bytes(ours, with_at(a, theirs)))
        return "by choice: a name without '@' is no address";
    if (span_find_nocase(ours, "xn--"))
        return "by choice: a domain in its ASCII form stays so";
    if (!theirs.n)
        return "by choice: it is no address by RFC 5322, but looks like one";
    if (ours.n > theirs.n && holds_all(ours, with_at(a, theirs)))
        return "theirs: a display name or comment looks like an address (ours gives it too)";
    if (!ours.n)
        return "theirs: we find none";
    return "theirs: comments or blanks inside of an address, a group's name";
}

static const char *differ_recipient(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a;
    if (span_find(in->bytes, "\\x{"))
        return "ours: \\x{HEX} of utf-8 addresses (RFC 6533)";
    if (memchr(in->bytes.s, '+', in->bytes.n))
        return "ours: +HEX (RFC 3461 4)";
    if (span_find_nocase(ours, "xn--"))
        return "by choice: a domain in its ASCII form stays so";
    if (!theirs.n)
        return "by choice: it is no address by RFC 5322, but all that the report says of the recipient";
    return span_starts_nocase(theirs, "rfc") ? "by choice: the type is written twice"
                                             : "theirs: the type has a '/' in it";
}

/* The value of an address field of a report: "rfc822; joe@example.org". */
static struct span ours_recipient(struct arena *a, const struct input *in, bool shown)
{
    struct address address;
    bool found = address_from_orcpt(a, span_z(text_decode_header(a, in->bytes, NULL)), &address);
    return found && shown ? span_z(arena_printf(a, "%s\n", address.address)) : span_of(NULL, 0);
}

static struct span theirs_recipient(struct arena *a, const struct input *in, bool shown)
{
    const char *semicolon = strchr(in->bytes.s, ';');
    return gmime_addresses(a, semicolon ? semicolon + 1 : in->bytes.s, shown);
}

static const struct pair pairs[] = {
    {"fields of a header", "fields_read_header", "GMime: parser", INPUT_HEADER, SIDES(ours_fields, theirs_fields),
     differ_fields, NULL},
    {"Content-Type", "mime_read_type", "g_mime_content_type_parse", INPUT_TYPE, SIDES(ours_type, theirs_type),
     differ_type, NULL},
    {"Content-Disposition", "mime_read_disposition", "g_mime_content_disposition_parse", INPUT_DISPOSITION,
     SIDES(ours_disposition, theirs_disposition), NULL, NULL},
    {"encoded words, one line", "text_decode_header", "g_mime_utils_header_decode_text", INPUT_VALUE,
     SIDES(ours_words, theirs_words), differ_words, NULL},
    {"addresses of a header field", "address_next", "internet_address_list_parse", INPUT_MAILBOXES,
     SIDES(ours_addresses, theirs_addresses), differ_addresses, NULL},
    {"address of a report's field", "address_from_orcpt", "internet_address_list_parse", INPUT_RECIPIENT,
     SIDES(ours_recipient, theirs_recipient), differ_recipient, NULL},
};
const struct pairs header_pairs = {pairs, sizeof pairs / sizeof *pairs};
