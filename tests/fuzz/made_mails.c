/* SPDX-License-Identifier: MIT */
/*
 * made_mails.c - mails that are made from choices; see gmime_parts.h.
 *
 * In: bytes, each a choice. Out: nested parts in the many ways in which they are written, and mails with damaged lines.
 */
#include "gmime_parts.h"

#include <glib.h>
#include <string.h>

enum { MAX_DEPTH = 4 };

static struct arena mail_arena;
static const uint8_t *choices;
static size_t choices_left;
static uint32_t random_state;

void made_mail_choices(const uint8_t *bytes, size_t count, uint32_t seed)
{
    choices = bytes;
    choices_left = count;
    random_state = seed;
}

static unsigned below(unsigned n) /* xorshift32: the same mails on every run */
{
    if (choices_left) {
        choices_left--;
        return *choices++ % n;
    }
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % n;
}

#define PICK(table) (table)[below(sizeof(table) / sizeof *(table))]

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

struct span made_mail(void)
{
    arena_reset(&mail_arena);
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

struct span made_mail_damaged(struct span mail)
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
