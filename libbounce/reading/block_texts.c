/* SPDX-License-Identifier: MIT */
/*
 * block_texts.c - what the text says of one recipient.
 *
 * In: the recipient's block and the rest of the lines. Out: its texts by
 * origin (the reply of the receiving server, the transcript's lines that name
 * it, the prose beside it), and the facts that they state: reply code,
 * command, host, another name for the same mailbox.
 */
#include "reading/block_texts.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"
#include "reading/writer.h"

#include <string.h>

#include "mail/address.h"
#include "reading/mentions.h"

/* Takes what a reply states. Facts that are there already stay. */
static void take_reply(struct reading *rd, struct bounce_recipient *to, const struct reply *reply,
                       enum text_origin origin, const char *where, struct span whole, size_t line)
{
    struct bounce_report *r = rd->report;
    if (!to->diagnostic) {
        /* "... no mailbox here by that name. (#5.1.1)": the status alone tells nothing. */
        struct span d = reply->code ? reply->text : whole;
        to->diagnostic = paragraph_keep(rd, d);
    }
    if (!to->reply_code)
        to->reply_code = reply->code;
    if (!to->remote_mta && reply->host)
        to->remote_mta = arena_strdup(&r->arena, reply->host);
    if (!to->remote_mta && line != SIZE_MAX && paragraph_side(rd->lines[line].trimmed) == 1)
        to->remote_mta = transcript_host(rd, line);
    if (!to->command)
        to->command = reply->command                                    ? reply->command
                      : line != SIZE_MAX && origin == ORIGIN_TRANSCRIPT ? transcript_command(rd, line)
                                                                        : BOUNCE_COMMAND_NONE;
    if (!to->command)
        to->command = paragraph_command(rd, whole);
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
    enum { READ_PARAGRAPHS = 1000 }; /* keeps many recipients that share many replies linear */
    size_t id = only ? mentions_find(rd, only) : MENTIONS_NONE;
    bool found = false;
    for (size_t i = first, read = 0; i < last && (!only || read < READ_PARAGRAPHS);) {
        if (rd->lines[i].blank || rd->lines[i].boilerplate) {
            i++;
            continue;
        }
        /* Sendmail 5: another session begins, with another server. */
        if (found && span_starts_nocase(rd->lines[i].s, "While talking to"))
            break;
        const struct read_paragraph *r = paragraph_read(rd, i, last, false);
        i = r->p.last;
        read++;
        if (!reply_is_useful(&r->reply))
            continue;
        if (only && paragraph_concerns_other(rd, &r->p, id))
            continue;
        if (!found || (r->p.remote && !from->remote)) {
            *best = r->reply;
            *from = r->p;
            best->from_remote |= r->p.remote;
            found = true;
        }
        if (found && from->remote)
            break;
    }
    return found;
}

/* The best reply in lines [first, last); false if there is none. remote_origin:
 * of one that the other side said. */
static bool take_best_reply(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last,
                            const char *only, enum text_origin remote_origin)
{
    struct reply reply;
    struct paragraph from = {0};
    if (!find_reply(rd, first, last, only, &reply, &from))
        return false;
    take_reply(rd, to, &reply, from.remote ? remote_origin : ORIGIN_BESIDE, paragraph_where(rd, from.first), from.text,
               from.first);
    return true;
}

/* What is written in lines [first, last). */
static void take_prose(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last)
{
    recipient_add_text(rd->report, to, ORIGIN_BESIDE, paragraph_where(rd, first), paragraphs_join(rd, first, last));
}

/* "(expanded from: <x>)", "originally addressed to x": the name the sender used. */
void block_take_original(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last)
{
    static const struct search_word words[] = {
        WORD("expanded from"),      WORD("generated from"), WORD("originally addressed to"),
        WORD("original recipient"), WORD("forwarded from"), WORD("originally sent to"),
        WORD("original address"),   WORD("generated by"),   WORD_END};
    for (size_t i = first; !to->original && i < last; i++) {
        struct text_line *l = &rd->lines[i];
        if (!l->has_at && !(i + 1 < last && rd->lines[i + 1].has_at)) /* no address could follow */
            continue;
        const uint64_t pairs = reading_line_pairs(l);
        for (const struct search_word *w = words; (w = word_search(w, l->s, pairs)); w++) {
            struct found_address found;
            size_t pos = (size_t)(span_find_word(l->s, w->text) - l->s.s) + w->text.n;
            if (!address_next(l->s, &pos, &found)) { /* then in the line below */
                pos = 0;
                if (i + 1 >= last || !address_next(rd->lines[i + 1].s, &pos, &found))
                    continue;
            }
            char *address = arena_strndup(&rd->report->arena, found.address.s, found.address.n);
            if (!to->address || !address_equal(address, to->address))
                to->original = address;
        }
    }
}

/* Where the lines end that belong to one that names a recipient, in line i. */
static size_t mention_end(const struct reading *rd, size_t i)
{
    enum { LINES = 8 };
    int side = paragraph_side(rd->lines[i].trimmed);
    size_t last = i + 1;
    while (last < rd->region_last && last < i + LINES && !rd->lines[last].blank && !rd->lines[last].has_at &&
           paragraph_side(rd->lines[last].trimmed) == side)
        last++;
    return last;
}

/* Other paragraphs that name this recipient: transcripts. In them the reply
 * may stand in the line behind. */
static void take_mentions(struct reading *rd, struct bounce_recipient *to, const struct block *own)
{
    size_t id = mentions_find(rd, to->address), cursor = MENTIONS_NONE, i;
    while ((i = mentions_next(rd, id, &cursor)) < rd->region_last) {
        if ((i >= own->first && i < own->body) || rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        int side = paragraph_side(rd->lines[i].trimmed);
        size_t from = i;
        if (side == 2) { /* ">>> RCPT To:<joe@x>": the answer follows */
            from = i + 1;
            if (from >= rd->region_last || paragraph_side(rd->lines[from].trimmed) != 1)
                continue;
        }
        const struct read_paragraph *r = paragraph_read(rd, from, mention_end(rd, from), true);
        struct reply reply = r->reply;
        reply.from_remote |= r->p.remote;
        if (reply_is_useful(&reply) || r->p.remote)
            take_reply(rd, to, &reply, ORIGIN_TRANSCRIPT, paragraph_where(rd, from), r->p.text,
                       r->p.remote ? from : SIZE_MAX);
        else
            recipient_add_text(rd->report, to, ORIGIN_TRANSCRIPT, paragraph_where(rd, from), r->p.text);
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
        to->reply_code =
            (c->reply_code.s[0] - '0') * 100 + (c->reply_code.s[1] - '0') * 10 + (c->reply_code.s[2] - '0');
    if (c->status.n && !to->field_status.class_)
        enhanced_parse(c->status, &to->field_status, NULL);
    if (c->command.n && !to->command)
        to->command = dialect_command(rd, c->command);
    if (b->diagnostic.n) {
        struct reply reply;
        reply_read(rd->scratch, b->diagnostic, &reply);
        if (c->remote_mta.n || c->command.n)
            reply.from_remote = true;
        if (!reply_is_useful(&reply))
            reply.text = reply.inner = b->diagnostic;
        take_reply(rd, to, &reply, ORIGIN_DIAGNOSTIC, paragraph_where(rd, b->first), b->diagnostic, SIZE_MAX);
    }
}

/* The session in which the only recipient's reply was given, above or below: it
 * shows the command, and that the other side said so. */
static void take_session(struct reading *rd, struct bounce_recipient *to)
{
    for (size_t i = rd->region_first; to->reply_code && !to->command && i < rd->region_last; i++) {
        struct span t = rd->lines[i].trimmed;
        struct reply reply;
        if (paragraph_side(t) != 1)
            continue;
        reply_read_parts(rd->scratch, span_trim(span_of(t.s + 3, t.n - 3)), 0, &reply);
        if (reply.code != to->reply_code)
            continue;
        to->command = transcript_command(rd, i);
        to->has_remote_reply = to->remote_said = true;
        if (!to->remote_mta)
            to->remote_mta = transcript_host(rd, i);
    }
}

/* A pipe's own words stand in the transcript, which names it by nothing but
 * the exit status: "554 5.3.0 unknown mailer error 77". */
static void take_mailer_error(struct reading *rd, struct bounce_recipient *to, const struct block *b)
{
    struct span t = rd->lines[b->first].trimmed;
    if (t.n < 2 || (t.s[0] != '|' && t.s[1] != '|'))
        return;
    for (size_t i = b->last; i < rd->region_last; i++)
        if (span_find_nocase(rd->lines[i].s, "mailer error"))
            recipient_add_text(rd->report, to, ORIGIN_TRANSCRIPT, paragraph_where(rd, i), rd->lines[i].trimmed);
}

void blocks_share(struct reading *rd, struct block *blocks, size_t count)
{
    for (size_t k = count; k-- > 0;) {
        struct block *b = &blocks[k];
        bool silent = b->first + 1 == b->body && paragraphs_empty(rd, b->body, b->last);
        b->speaks = !silent ? k : k + 1 < count ? blocks[k + 1].speaks : count;
    }
}

/* All of the text speaks of the only recipient. */
static void take_only(struct reading *rd, struct bounce_recipient *to, const struct block *b)
{
    if (!take_best_reply(rd, to, b->first, b->last, NULL, ORIGIN_TRANSCRIPT))
        take_best_reply(rd, to, rd->region_first, b->first, NULL, ORIGIN_TRANSCRIPT);
    take_mentions(rd, to, b);
    take_session(rd, to);
    take_prose(rd, to, b->first, b->last);
}

/* A block with words of its own. */
static void take_own(struct reading *rd, struct bounce_recipient *to, const struct block *b)
{
    take_best_reply(rd, to, b->first, b->last, to->address, ORIGIN_TRANSCRIPT);
    take_mentions(rd, to, b);
    take_mailer_error(rd, to, b);
    take_prose(rd, to, b->first, b->last);
}

/* Lines [first, last), which several blocks share. */
static void take_shared(struct reading *rd, struct bounce_recipient *to, const struct block *b, size_t first,
                        size_t last)
{
    take_mentions(rd, to, b);
    if (!to->diagnostic && !has_transcript(to))
        take_best_reply(rd, to, first, last, to->address, ORIGIN_BESIDE);
    take_prose(rd, to, first, last);
}

/* Several recipients in a row share the text that follows the last of them. */
void block_take(struct reading *rd, struct bounce_recipient *to, const struct block *blocks, size_t count, size_t k)
{
    const struct block *b = &blocks[k], *end = &blocks[count - 1];
    take_captures(rd, to, b);
    block_take_original(rd, to, b->first, b->last);
    if (count == 1)
        take_only(rd, to, b);
    else if (b->speaks < count && b->speaks != k)
        take_shared(rd, to, b, blocks[b->speaks].body, blocks[b->speaks].last);
    else if (b->speaks == count && end->last < rd->region_last) /* a bare list in front of a transcript */
        take_shared(rd, to, b, end->last, rd->region_last);
    else
        take_own(rd, to, b);
}

void block_take_whole_text(struct reading *rd, struct bounce_recipient *to)
{
    take_best_reply(rd, to, rd->region_first, rd->region_last, NULL, ORIGIN_BESIDE);
    take_prose(rd, to, rd->region_first, rd->region_last);
}
