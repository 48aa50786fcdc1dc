/* SPDX-License-Identifier: MIT */
/*
 * prose.c - from blocks of free text to recipients and their texts.
 *
 * In: the lines of the report, its blocks, X-Failed-Recipients, the recipients
 * that RFC 3464 fields named. Out: recipients, each with the texts that speak
 * of it by origin: the reply of the receiving server, the transcript's lines
 * that name it, the prose beside it. Where nothing names a recipient, the To:
 * of the returned message does.
 */
#include "address.h"
#include "limits.h"
#include "reading.h"

#include <string.h>

/* A paragraph: lines [first, last) that belong together. */
struct paragraph {
    size_t first, last;
    struct span text;  /* joined, marks of a transcript removed */
    bool remote;       /* "<<<": said by the other side */
};

static struct span strip_marks(struct span t, bool *remote)
{
    if (t.n > 3 && !strncmp(t.s, "<<<", 3)) {
        *remote = true;
        return span_trim(span_of(t.s + 3, t.n - 3));
    }
    if (t.n > 3 && !strncmp(t.s, ">>>", 3))
        return span_trim(span_of(t.s + 3, t.n - 3));
    return t;
}

static int side_of(struct span t)
{
    return t.n > 3 && !strncmp(t.s, "<<<", 3) ? 1 : t.n > 3 && !strncmp(t.s, ">>>", 3) ? 2 : 0;
}

/* "550 " or "550-" at the beginning: 1 for the last line of a reply, 2 for another. */
static int reply_line(struct span t)
{
    if (t.n < 4 || (t.s[0] != '4' && t.s[0] != '5') || !ascii_is_digit(t.s[1]) || !ascii_is_digit(t.s[2]))
        return 0;
    return t.s[3] == ' ' ? 1 : t.s[3] == '-' ? 2 : 0;
}

static bool same_code(struct span a, struct span b)
{
    return a.n > 3 && b.n > 3 && !memcmp(a.s, b.s, 3);
}

/* The paragraph that begins at line i: up to a blank line, boilerplate, a
 * change of sides in a transcript, or the next reply. */
static struct paragraph paragraph_at(struct reading *rd, size_t i, size_t last)
{
    struct paragraph p = {.first = i, .last = i + 1};
    int side = side_of(rd->lines[i].trimmed);
    int ended = reply_line(rd->lines[i].trimmed) == 1;
    while (p.last < last && !rd->lines[p.last].blank && !rd->lines[p.last].boilerplate &&
           side_of(rd->lines[p.last].trimmed) == side) {
        int kind = reply_line(rd->lines[p.last].trimmed);
        if (kind && ended && !same_code(rd->lines[i].trimmed, rd->lines[p.last].trimmed))
            break;
        ended |= kind == 1;
        p.last++;
    }
    if (p.last == i + 1) {
        p.text = strip_marks(rd->lines[i].trimmed, &p.remote);
        return p;
    }
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (size_t k = p.first; k < p.last; k++) {
        struct span t = strip_marks(rd->lines[k].trimmed, &p.remote);
        if (b.n) /* a wrapped line goes on; one that begins with a code is a line of the reply */
            strbuf_putc(&b, t.n && ascii_is_digit(t.s[0]) ? '\n' : ' ');
        strbuf_add(&b, t.s, t.n);
    }
    p.text = span_of(b.s, b.n);
    return p;
}

static struct span join_range(struct reading *rd, size_t first, size_t last)
{
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (size_t i = first; i < last && b.n < LIMIT_SUBJECT_BYTES; i++) {
        if (rd->lines[i].boilerplate)
            continue;
        bool remote;
        struct span t = strip_marks(rd->lines[i].trimmed, &remote);
        strbuf_add(&b, t.s, t.n);
        strbuf_putc(&b, '\n');
    }
    return span_of(b.s, b.n);
}

static const char *where_of(struct reading *rd, size_t line)
{
    const char *path = line < rd->line_count ? rd->text_paths[rd->lines[line].part] : NULL;
    return path ? path : "text";
}

static bool mentions(struct reading *rd, size_t i, const char *address)
{
    struct span line = rd->lines[i].s;
    struct found_address found;
    if (!memchr(line.s, '@', line.n))
        return false;
    for (size_t pos = 0; address_next(line, &pos, &found);)
        if (address_equal(arena_strndup(rd->scratch, found.address.s, found.address.n), address))
            return true;
    return false;
}

/* The SMTP command that a transcript shows in front of line i. */
static bounce_command command_before(struct reading *rd, size_t i)
{
    for (size_t back = 0; i-- > 0 && back < 12; back++) {
        struct span t = rd->lines[i].trimmed;
        if (side_of(t) != 2)
            continue;
        bool remote;
        t = strip_marks(t, &remote);
        if (span_starts_nocase(t, "RCPT"))
            return BOUNCE_COMMAND_RCPT;
        if (span_starts_nocase(t, "MAIL"))
            return BOUNCE_COMMAND_MAIL;
        if (span_starts_nocase(t, "DATA") || span_starts_nocase(t, "BDAT") || span_starts_nocase(t, "."))
            return BOUNCE_COMMAND_DATA;
        if (span_starts_nocase(t, "EHLO") || span_starts_nocase(t, "HELO") || span_starts_nocase(t, "LHLO"))
            return BOUNCE_COMMAND_EHLO;
        if (span_starts_nocase(t, "STARTTLS"))
            return BOUNCE_COMMAND_STARTTLS;
        if (span_starts_nocase(t, "AUTH"))
            return BOUNCE_COMMAND_AUTH;
        return BOUNCE_COMMAND_NONE;
    }
    return BOUNCE_COMMAND_NONE;
}

/* Takes what a reply states. Facts that are there already stay. */
static void take_reply(struct reading *rd, struct bounce_recipient *to, const struct reply *reply,
                       enum text_origin origin, const char *where, struct span whole, size_t line)
{
    struct bounce_report *r = rd->report;
    if (!to->diagnostic) {
        /* "... no mailbox here by that name. (#5.1.1)": the status alone tells nothing. */
        struct span d = reply->code ? reply->text : whole;
        /* One line: line breaks of the letter are no part of what was said. */
        struct norm_text n;
        text_normalise(rd->scratch, d, LIMIT_LINE_BYTES, &n);
        to->diagnostic = arena_strndup(&r->arena, n.text, n.length);
    }
    if (!to->reply_code)
        to->reply_code = reply->code;
    if (!to->remote_mta && reply->host)
        to->remote_mta = arena_strdup(&r->arena, reply->host);
    if (!to->command)
        to->command = reply->command                          ? reply->command
                      : line != SIZE_MAX && origin == ORIGIN_TRANSCRIPT ? command_before(rd, line)
                                                                        : BOUNCE_COMMAND_NONE;
    if (!to->command)
        to->command = dialect_command(rd, whole);
    const char *software = r->strings[BOUNCE_REPORT_SOFTWARE];
    bool own_words = software && !strcmp(software, "sendmail"); /* it words its own findings as replies */
    if (reply->code >= 400 && (reply->from_remote || (!own_words && !to->diagnostic_type)))
        to->has_remote_reply = true;
    to->remote_said |= reply->code >= 400 && reply->from_remote;
    bool spoken = reply->code || (reply->status.class_ && reply->inner.n > 16);
    if (spoken)
        recipient_add_text(r, to, ORIGIN_REPLY, where, reply->inner);
    if (!spoken || reply->inner.n != whole.n)
        recipient_add_text(r, to, origin == ORIGIN_REPLY ? ORIGIN_DIAGNOSTIC : origin, where, whole);
}

static bool useful(const struct reply *reply)
{
    return reply->code >= 400 || reply->status.class_ >= 4;
}

static bool names_other(struct reading *rd, size_t line, const char *only)
{
    struct found_address found;
    bool other = false;
    for (size_t pos = 0; address_next(rd->lines[line].s, &pos, &found);) {
        if (address_equal(arena_strndup(rd->scratch, found.address.s, found.address.n), only))
            return false;
        other |= found.bracketed;
    }
    return other;
}

/* True if a reply names another recipient, or answers an RCPT that does. */
static bool concerns_other(struct reading *rd, const struct paragraph *p, const char *only)
{
    for (size_t i = p->first; i < p->last; i++)
        if (mentions(rd, i, only))
            return false;
    for (size_t i = p->first; i < p->last; i++)
        if (names_other(rd, i, only))
            return true;
    return p->first && side_of(rd->lines[p->first - 1].trimmed) == 2 && names_other(rd, p->first - 1, only);
}

static bool has_transcript(const struct bounce_recipient *to)
{
    for (const struct fact_text *t = to->texts; t; t = t->next)
        if (t->origin == ORIGIN_TRANSCRIPT)
            return true;
    return false;
}

/* The best reply in lines [first, last): what the other side said wins over
 * what the reporting server makes of it. */
static bool find_reply(struct reading *rd, size_t first, size_t last, const char *only, struct reply *best,
                       struct paragraph *from)
{
    bool found = false;
    for (size_t i = first; i < last;) {
        if (rd->lines[i].blank || rd->lines[i].boilerplate) {
            i++;
            continue;
        }
        struct paragraph p = paragraph_at(rd, i, last);
        struct reply reply;
        reply_read(rd->scratch, p.text, &reply);
        i = p.last;
        if (!useful(&reply))
            continue;
        if (only && concerns_other(rd, &p, only))
            continue;
        if (!found || (p.remote && !from->remote)) {
            *best = reply;
            *from = p;
            best->from_remote |= p.remote;
            found = true;
        }
        if (found && from->remote)
            break;
    }
    return found;
}

static bool nothing_between(struct reading *rd, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (!rd->lines[i].blank && !rd->lines[i].boilerplate)
            return false;
    return true;
}

/* "(expanded from: <x>)", "originally addressed to x": the name the sender used. */
static void take_original(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last)
{
    static const char *const words[] = {"expanded from", "generated from", "originally addressed to", "original recipient",
                                        "forwarded from", "originally sent to", "original address", "generated by", NULL};
    for (size_t i = first; !to->original && i < last; i++)
        for (size_t w = 0; words[w]; w++) {
            const char *at = span_find_nocase(rd->lines[i].s, words[w]);
            if (!at)
                continue;
            struct found_address found;
            size_t pos = (size_t)(at - rd->lines[i].s.s) + strlen(words[w]);
            size_t line = i;
            if (!address_next(rd->lines[i].s, &pos, &found)) {
                pos = 0;
                line = i + 1;
                if (line >= last || !address_next(rd->lines[line].s, &pos, &found))
                    continue;
            }
            char *address = arena_strndup(&rd->report->arena, found.address.s, found.address.n);
            if (!to->address || !address_equal(address, to->address))
                to->original = address;
        }
}

/* Other paragraphs that name this recipient: transcripts. In them the reply
 * may stand in the line behind. */
static void take_mentions(struct reading *rd, struct bounce_recipient *to, const struct block *own)
{
    for (size_t i = 0; to->address && i < rd->region_last; i++) {
        if (i >= own->first && i < own->body)
            continue;
        if (rd->lines[i].blank || rd->lines[i].boilerplate || !mentions(rd, i, to->address))
            continue;
        int side = side_of(rd->lines[i].trimmed);
        size_t from = i;
        if (side == 2) { /* ">>> RCPT To:<joe@x>": the answer follows */
            from = i + 1;
            if (from >= rd->region_last || side_of(rd->lines[from].trimmed) != 1)
                continue;
        }
        size_t last = from + 1;
        while (last < rd->region_last && !rd->lines[last].blank && side_of(rd->lines[last].trimmed) == side_of(rd->lines[from].trimmed) &&
               !mentions(rd, last, to->address) && last < from + 8 && !memchr(rd->lines[last].s.s, '@', rd->lines[last].s.n))
            last++;
        struct paragraph p = paragraph_at(rd, from, last);
        struct reply reply;
        reply_read(rd->scratch, p.text, &reply);
        if (useful(&reply) || p.remote) {
            reply.from_remote |= p.remote;
            take_reply(rd, to, &reply, ORIGIN_TRANSCRIPT, where_of(rd, from), p.text, p.remote ? from : SIZE_MAX);
        } else {
            recipient_add_text(rd->report, to, ORIGIN_TRANSCRIPT, where_of(rd, from), p.text);
        }
    }
}

static bool is_number(struct span s)
{
    return s.n == 3 && ascii_is_digit(s.s[0]) && ascii_is_digit(s.s[1]) && ascii_is_digit(s.s[2]);
}

/* What the dialect's patterns captured. */
static void take_captures(struct reading *rd, struct bounce_recipient *to, const struct block *b)
{
    const struct match_captures *c = &b->captures;
    struct arena *a = &rd->report->arena;
    struct address addr;
    if (c->original.n && !to->original && address_from_field(a, c->original, &addr))
        to->original = addr.address;
    if (c->remote_mta.n && !to->remote_mta)
        to->remote_mta = arena_strndup(a, c->remote_mta.s, c->remote_mta.n);
    if (is_number(c->reply_code) && !to->reply_code)
        to->reply_code = (c->reply_code.s[0] - '0') * 100 + (c->reply_code.s[1] - '0') * 10 + (c->reply_code.s[2] - '0');
    if (c->status.n && !to->field_status.class_)
        enhanced_parse(c->status, &to->field_status, NULL);
    if (c->command.n && !to->command)
        to->command = dialect_command(rd, c->command);
    if (b->diagnostic.n) {
        struct reply reply;
        reply_read(rd->scratch, b->diagnostic, &reply);
        if (c->remote_mta.n || c->command.n)
            reply.from_remote = true;
        if (!useful(&reply))
            reply.text = reply.inner = b->diagnostic;
        take_reply(rd, to, &reply, ORIGIN_DIAGNOSTIC, where_of(rd, b->first), b->diagnostic, SIZE_MAX);
    }
}

/* Texts of one recipient from its block; several recipients in a row share the
 * text that follows the last of them. */
static void take_block(struct reading *rd, struct bounce_recipient *to, const struct block *blocks, size_t count, size_t k)
{
    struct block b = blocks[k];
    take_captures(rd, to, &b);
    take_original(rd, to, b.first, b.last);
    bool shared = false;
    size_t body = b.body, last = b.last;
    if (count > 1 && b.first + 1 == b.body && nothing_between(rd, b.body, b.last)) {
        size_t n = k + 1;
        while (n < count && blocks[n].first + 1 == blocks[n].body && nothing_between(rd, blocks[n].body, blocks[n].last))
            n++;
        if (n < count) {
            shared = true;
            body = blocks[n].body;
            last = blocks[n].last;
        } else if (blocks[count - 1].last < rd->region_last) { /* a bare list in front of a transcript */
            shared = true;
            body = blocks[count - 1].last;
            last = rd->region_last;
        }
    }
    if (count == 1) { /* all of the text speaks of the only recipient */
        struct reply reply;
        struct paragraph from = {0};
        if (find_reply(rd, b.first, last, NULL, &reply, &from) || find_reply(rd, rd->region_first, b.first, NULL, &reply, &from))
            take_reply(rd, to, &reply, from.remote ? ORIGIN_TRANSCRIPT : ORIGIN_BESIDE, where_of(rd, from.first), from.text, from.first);
        take_mentions(rd, to, &b);
        recipient_add_text(rd->report, to, ORIGIN_BESIDE, where_of(rd, b.first), join_range(rd, b.first, last));
        return;
    }
    if (!shared) {
        struct reply reply;
        struct paragraph from = {0};
        if (find_reply(rd, b.first, last, to->address, &reply, &from))
            take_reply(rd, to, &reply, from.remote ? ORIGIN_TRANSCRIPT : ORIGIN_BESIDE, where_of(rd, from.first), from.text, from.first);
        take_mentions(rd, to, &b);
        recipient_add_text(rd->report, to, ORIGIN_BESIDE, where_of(rd, b.first), join_range(rd, b.first, last));
        return;
    }
    take_mentions(rd, to, &b);
    if (!to->diagnostic && !has_transcript(to)) {
        struct reply reply;
        struct paragraph from = {0};
        if (find_reply(rd, body, last, to->address, &reply, &from))
            take_reply(rd, to, &reply, ORIGIN_BESIDE, where_of(rd, from.first), from.text, from.first);
    }
    recipient_add_text(rd->report, to, ORIGIN_BESIDE, where_of(rd, body), join_range(rd, body, last));
}

static struct bounce_recipient *find_recipient(struct reading *rd, const char *address)
{
    for (size_t i = 0; i < rd->report->recipient_count; i++) {
        struct bounce_recipient *to = rd->report->recipients[i];
        if ((to->address && address_equal(to->address, address)) || (to->original && address_equal(to->original, address)))
            return to;
    }
    return NULL;
}

/* "joe@target.example (generated from team@alias.example)": the recipient whose
 * fields name the alias. */
static struct bounce_recipient *find_by_parent(struct reading *rd, const struct block *b)
{
    struct bounce_recipient probe = {.address = b->address};
    if (!b->address || !address_is_plausible(span_z(b->address)))
        return NULL;
    take_original(rd, &probe, b->first, b->last);
    struct bounce_recipient *to = probe.original ? find_recipient(rd, probe.original) : NULL;
    return to && to->address && !to->original && address_equal(to->address, probe.original) ? to : NULL;
}

static struct bounce_recipient *new_recipient(struct reading *rd, const char *address, const char *type)
{
    struct bounce_recipient *to = report_add_recipient(rd->report);
    if (!to)
        return NULL;
    to->address = arena_strdup(&rd->report->arena, address);
    to->address_type = type;
    return to;
}

/* X-Failed-Recipients (Exim, Gmail, mail.ru): the writer's own list. */
static size_t read_failed_recipients(struct reading *rd)
{
    struct span value = span_z(message_header(&rd->m, "X-Failed-Recipients"));
    struct found_address found;
    size_t added = 0;
    for (size_t pos = 0; value.n && address_next(value, &pos, &found);) {
        char *address = arena_strndup(rd->scratch, found.address.s, found.address.n);
        if (!find_recipient(rd, address) && new_recipient(rd, address, "rfc822"))
            added++;
    }
    return added;
}

/* The recipients of the returned message, where the report names none. */
static void read_original_to(struct reading *rd)
{
    static const char *const names[] = {"X-Failed-Recipients", "X-Original-To", "Delivered-To", "To", "Envelope-To", NULL};
    for (size_t i = 0; names[i] && !rd->report->recipient_count; i++) {
        struct span value = span_z(reading_original(rd, names[i]));
        struct found_address found;
        for (size_t pos = 0; value.n && address_next(value, &pos, &found);) {
            char *address = arena_strndup(rd->scratch, found.address.s, found.address.n);
            if (!find_recipient(rd, address) && !address_is_system(found.address))
                new_recipient(rd, address, "rfc822");
        }
    }
}

/* Gives every recipient without a text of its own all that was written. */
static void take_whole_text(struct reading *rd, struct bounce_recipient *to)
{
    struct reply reply;
    struct paragraph from = {0};
    if (find_reply(rd, rd->region_first, rd->region_last, NULL, &reply, &from))
        take_reply(rd, to, &reply, ORIGIN_BESIDE, where_of(rd, from.first), from.text, from.first);
    recipient_add_text(rd->report, to, ORIGIN_BESIDE, where_of(rd, rd->region_first),
                       join_range(rd, rd->region_first, rd->region_last));
}

void prose_read(struct reading *rd)
{
    reading_prepare_text(rd);
    bool from_fields = rd->report->recipient_count > 0;
    size_t named = from_fields ? rd->report->recipient_count : read_failed_recipients(rd);
    struct block *blocks;
    size_t count = dialect_blocks(rd, &blocks);
    if (!count) {
        count = general_blocks(rd, &blocks);
        dialect_captures(rd, blocks, count);
    }
    bool placed = false;
    for (size_t k = 0; k < count; k++) {
        struct bounce_recipient *to = blocks[k].address ? find_recipient(rd, blocks[k].address) : NULL;
        bool known = to != NULL;
        if (!to && from_fields && (to = find_by_parent(rd, &blocks[k]))) {
            /* The fields name the alias, the text its target: report the target. */
            to->original = to->address;
            to->address = arena_strdup(&rd->report->arena, blocks[k].address);
            known = true;
        } else if (!to && named == 1 && count == 1) {
            to = rd->report->recipients[0];
            if (!to->original && blocks[k].address && address_is_plausible(span_z(blocks[k].address)))
                to->original = arena_strdup(&rd->report->arena, blocks[k].address);
        } else if (!to && !named && blocks[k].address) {
            to = new_recipient(rd, blocks[k].address, "rfc822");
        }
        if (to && (known || to->texts == NULL || from_fields)) {
            take_block(rd, to, blocks, count, k);
            placed = true;
        }
    }
    const char *hidden = rd->report->recipient_count ? NULL : reading_verp_address(rd);
    if (hidden)
        new_recipient(rd, hidden, "rfc822");
    if (!rd->report->recipient_count)
        read_original_to(rd);
    if (!rd->report->recipient_count) /* a failure all the same: its verdict must not be lost */
        report_add_recipient(rd->report);
    /* The only recipient, whom the text does not name: all of it speaks of him. */
    bool only = rd->report->recipient_count == 1 && !placed;
    for (size_t i = 0; i < rd->report->recipient_count; i++)
        if (only || (!rd->report->recipients[i]->texts && !from_fields))
            take_whole_text(rd, rd->report->recipients[i]);
}
