/* SPDX-License-Identifier: MIT */
/* test_page_end.c - readers of mails, header fields and HTML read nothing after their input. */
#include "guarded_fronts.h"
#include "mail/address.h"
#include "mail/address_list.h"
#include "mail/address_scan.h"
#include "mail/date.h"
#include "mail/fields.h"
#include "mail/html.h"
#include "mail/message.h"
#include "mail/message_mime.h"
#include "mail/verp.h"

static void read_message(struct arena *a, struct span bytes, struct strbuf *answer)
{
    struct message m;
    message_read(a, bytes, 1 << 20, &m);
    for (size_t i = 0; i < m.header.count; i++) {
        guarded_add(answer, m.header.fields[i].name);
        guarded_add_z(answer, message_decode_field(&m, m.header.fields[i].value));
    }
    for (size_t i = 0; i < m.part_count; i++) {
        guarded_add_z(answer, m.parts[i].type);
        guarded_add(answer, message_part_text(&m, i));
        guarded_add(answer, message_part_fields(&m, i));
    }
    strbuf_putu(answer, m.flags);
}

Test(page_end, messages)
{
    guarded_fronts(read_message,
                   "From: =?utf-8?q?J=C3=B6?= <joe@example.org>\r\nSubject: a\r\n folded one\r\nMIME-Version: 1.0\r\n"
                   "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b c\"\r\n\r\nfront\r\n"
                   "--b c\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                   "\r\n<p>user=20unknown&nbsp;</p>\r\n--b c\r\nContent-Type: message/delivery-status\r\n\r\n"
                   "Reporting-MTA: dns; x.test\r\n\r\nFinal-Recipient: rfc822; a@x.test\r\n--b c--\r\n");
    guarded_fronts(read_message, "From a Sat Jan 3 01:05 1996\nnot a field\nContent-Type: text/plain (c); name*0=a;"
                                 " name*1*=utf-8''%41\nContent-Disposition: attachment; filename=\"a b\n\nbody\n");
}

static void read_values(struct arena *a, struct span bytes, struct strbuf *answer)
{
    struct mime_type type;
    bool attachment = false;
    const char *name = NULL;
    struct address address;
    int64_t seconds = 0;
    mime_read_type(a, bytes, &type);
    guarded_add_z(answer, type.type);
    guarded_add(answer, type.boundary);
    guarded_add_z(answer, type.charset);
    guarded_add_z(answer, type.name);
    mime_read_disposition(a, bytes, &attachment, &name);
    guarded_add_z(answer, name);
    guarded_add_z(answer, mime_read_encoding(a, bytes));
    strbuf_putc(answer, address_from_field(a, bytes, &address) ? 'a' : '-');
    strbuf_putc(answer, date_parse(bytes, &seconds) ? 'd' : '-');
    guarded_add_z(answer, arena_printf(a, "%lld", (long long)seconds));
    guarded_add_z(answer, verp_unwrap(a, bytes));
}

Test(page_end, values_of_fields)
{
    static const char *const values[] = {
        "text/plain; charset=\"utf-8\"; name=a.txt; format=flowed",
        "attachment; filename*=utf-8''%e2%82%ac%20rates; filename=\"a\\\"b\"",
        "Multipart/Report (a comment (nested)); boundary==_; report-type=feedback-report",
        "Fri, 21 Nov 1997 09:55:06 -0600 (CST)",
        "21 Nov 97 09:55 GMT",
        "\"Joe \\\" Q\" <\"joe q\"@[192.0.2.1]>, Ann (who) <ann@example.org>",
        "rfc822; ann+tag=example.net@lists.example.org",
        "bounces-ann=example.net@lists.example.org",
        "SRS0=HHH=TT=example.net=ann@example.org",
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        guarded_fronts(read_values, values[i]);
}

static void find_addresses(struct arena *a, struct span bytes, struct strbuf *answer)
{
    struct found_address found;
    struct span listed;
    (void)a;
    for (size_t pos = 0; address_next(bytes, &pos, &found);)
        strbuf_putu(answer, (uint32_t)pos);
    for (size_t pos = 0; address_list_next(bytes, &pos, &listed);)
        guarded_add(answer, listed);
    strbuf_putc(answer, address_is_plausible(bytes) ? 'p' : '-');
    strbuf_putc(answer, address_left_out(bytes) ? 'l' : '-');
    strbuf_putc(answer, fields_is_field(bytes) ? 'f' : '-');
    strbuf_putc(answer, fields_line_end(bytes));
}

Test(page_end, addresses_in_lines)
{
    guarded_fronts(find_addresses,
                   "host mx.example.net said: <ann@example.net>: joe@x.test, \"a b\"@y.test; mailto:c@z.test");
    guarded_fronts(find_addresses,
                   "To: undisclosed, a@[IPv6:2001:db8::1], j\xc3\xb6@\xc3\xb6.test (x@y)\r\n <@a.test:b@c.test>");
}

static void read_html(struct arena *a, struct span bytes, struct strbuf *answer)
{
    guarded_add(answer, html_to_text(a, bytes));
}

Test(page_end, html)
{
    guarded_fronts(read_html,
                   "<!DOCTYPE html><style>p{}</style><p class=\"a>b\">A &amp; B &#233;&#x20ac;&eacute &bogus; "
                   "<br/>x<!-- c -- d --><script>if (a<b)</script><td>1</td><td>2<a href='mailto:a@b.test'>c</a>");
}
