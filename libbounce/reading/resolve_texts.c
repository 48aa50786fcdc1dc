/* SPDX-License-Identifier: MIT */
/*
 * resolve_texts.c - see resolve_texts.h.
 *
 * In: one finding. Out: the recipient's reply code, command, remote host,
 * diagnostic, and the texts that it is judged by, each with its origin.
 */
#include "reading/resolve_texts.h"
#include "base/limits.h"
#include "text/text.h"

#include <string.h>

void person_init(struct person *p)
{
    *p = (struct person){.facts = {.last_attempt = INT64_MIN, .will_retry_until = INT64_MIN, .attempts = -1}};
}

static void append(struct person *p, const struct fact_text *first, struct fact_text *last)
{
    if (!first)
        return;
    if (p->last)
        p->last->next = first;
    else
        p->facts.texts = first;
    p->last = last;
}

static void take_reply(struct facts *to, const struct facts *from)
{
    to->diagnostic = from->diagnostic;
    to->diagnostic_type = from->diagnostic_type;
    to->reply_code = from->reply_code;
    to->command = from->command;
    to->has_remote_reply = from->has_remote_reply;
    to->remote_said = from->remote_said;
    to->remote_mta = from->remote_mta ? from->remote_mta : to->remote_mta;
}

/* The last thing that happened to a recipient: it failed after it was delayed. */
static void take_outcome(struct facts *to, const struct facts *from)
{
    to->action = from->action;
    to->field_status = from->field_status.class_ ? from->field_status : to->field_status;
    to->last_attempt = from->last_attempt != INT64_MIN ? from->last_attempt : to->last_attempt;
    if (from->diagnostic || from->reply_code)
        take_reply(to, from);
}

/* "5.2.2" after "5.0.0" */
static bool is_better(struct enhanced status, struct enhanced than)
{
    return status.class_ == than.class_ && (status.subject || status.detail) && !than.subject && !than.detail;
}

void person_absorb(struct person *to, const struct person *from)
{
    append(to, from->facts.texts, from->last);
    to->has_transcript |= from->has_transcript;
    if (!to->facts.diagnostic && (from->facts.diagnostic || !to->facts.reply_code))
        take_reply(&to->facts, &from->facts);
    if (is_better(from->facts.field_status, to->facts.field_status))
        to->facts.field_status = from->facts.field_status;
    if (to->facts.action == BOUNCE_ACTION_DELAYED && from->facts.action == BOUNCE_ACTION_FAILED)
        take_outcome(&to->facts, &from->facts);
}

bool person_is_silent(const struct person *p)
{
    return !p->facts.diagnostic && !p->has_transcript;
}

void person_add_text(struct person *p, const struct resolve_input *in, enum text_origin origin, const char *where,
                     struct span words, const struct read_text *text)
{
    words = span_trim(words);
    if (!words.n)
        return;
    struct fact_text *t = arena_calloc(in->scratch, 1, sizeof *t);
    *t = (struct fact_text){.origin = origin, .where = where, .raw = words};
    if (text->is_read) {
        bool whole = words.s == text->raw.s && words.n == text->raw.n;
        t->is_read = true;
        t->has_lines = !whole || text->reply.has_lines; /* known only of the whole */
        t->status = whole ? text->reply.status : text->reply.inner_status;
        if (origin == ORIGIN_REPLY && words.s > text->raw.s)
            t->front = span_of(text->raw.s, (size_t)(words.s - text->raw.s));
    }
    p->has_transcript |= origin == ORIGIN_TRANSCRIPT;
    append(p, t, t);
}

/* One line: line breaks of the letter are not part of what was said. */
static const char *shown(struct read_text *t, struct span words, const struct resolve_input *in)
{
    if (!t->shown || t->shown_from != words.s) {
        struct norm_text n;
        text_normalise(in->scratch, words, LIMIT_LINE_BYTES, &n);
        t->shown = arena_strndup(in->keep, n.text, n.length);
        t->shown_from = words.s;
    }
    return t->shown;
}

static const char *host_of(struct read_text *t, const struct resolve_input *in)
{
    if (!t->host)
        t->host = arena_strdup(in->keep, t->reply.host);
    return t->host;
}

static bool type_is(const struct facts *to, const char *type)
{
    return to->diagnostic_type && !strcmp(to->diagnostic_type, type);
}

static void take_diagnostic(struct person *p, const struct finding *f, const struct resolve_input *in)
{
    struct facts *to = &p->facts;
    const struct reply *reply = &f->text->reply;
    bool exit_status = type_is(to, "x-unix");
    if (reply->code >= 200 && !(exit_status && f->text->raw.n <= 3)) {
        to->reply_code = reply->code;
        /* Some also write smtp for what they found themselves, but then no Remote-MTA. */
        to->has_remote_reply = reply->from_remote || (type_is(to, "smtp") && (to->remote_mta || !in->own_words));
    }
    to->command = f->command;
    to->remote_said = reply->code >= 400 && reply->from_remote;
    if (!to->remote_mta)
        to->remote_mta = host_of(f->text, in);
    if (exit_status) { /* the rules know "exit status 67" */
        const char *words = arena_printf(in->scratch, "exit status %s", f->diagnostic);
        person_add_text(p, in, ORIGIN_DIAGNOSTIC, f->where, span_z(words), &(struct read_text){.id = 0});
    } else if (reply->inner.n) {
        person_add_text(p, in, ORIGIN_REPLY, f->where, reply->inner, f->text);
    }
    if (reply->inner.n != f->text->raw.n)
        person_add_text(p, in, ORIGIN_DIAGNOSTIC, f->where, f->text->raw, f->text);
}

void person_take_fields(struct person *p, const struct finding *f, const struct resolve_input *in)
{
    struct facts *to = &p->facts;
    to->field_status = f->status;
    to->reply_code = f->reply_code;
    to->has_remote_reply = f->reply_code >= 400;
    to->diagnostic = f->diagnostic;
    to->diagnostic_type = f->diagnostic_type;
    to->remote_mta = f->remote_mta;
    to->last_attempt = f->last_attempt;
    to->will_retry_until = f->will_retry_until;
    to->attempts = f->attempts;
    to->stated_decided_by = f->decided_by;
    if (f->text)
        take_diagnostic(p, f, in);
}

void person_take_block(struct person *p, const struct finding *f)
{
    struct facts *to = &p->facts;
    if (!to->original)
        to->original = f->alias;
    if (!to->remote_mta)
        to->remote_mta = f->remote_mta;
    if (!to->reply_code)
        to->reply_code = f->reply_code;
    if (!to->field_status.class_)
        to->field_status = f->status;
    if (!to->command)
        to->command = f->command;
}

void person_take_reply(struct person *p, const struct finding *f, const struct resolve_input *in)
{
    struct facts *to = &p->facts;
    struct reply reply = f->text->reply;
    const struct span whole = f->text->raw;
    if (!reply_is_useful(&reply) && f->origin == ORIGIN_DIAGNOSTIC)
        reply.text = reply.inner = whole;
    bool from_remote = reply.from_remote || f->said_by_remote;
    if (!to->diagnostic) /* "... no mailbox here by that name. (#5.1.1)": the status alone says nothing */
        to->diagnostic = shown(f->text, reply.code ? reply.text : whole, in);
    if (!to->reply_code)
        to->reply_code = reply.code;
    if (!to->remote_mta)
        to->remote_mta = reply.host ? host_of(f->text, in) : f->remote_mta;
    if (!to->command)
        to->command = f->command;
    if (reply.code >= 400 && (from_remote || (!in->own_words && !to->diagnostic_type)))
        to->has_remote_reply = true;
    to->remote_said |= reply.code >= 400 && from_remote;
    bool spoken = reply.code || (reply.status.class_ && reply.inner.n > 16);
    if (spoken)
        person_add_text(p, in, ORIGIN_REPLY, f->where, reply.inner, f->text);
    if (!spoken || reply.inner.n != whole.n)
        person_add_text(p, in, f->origin == ORIGIN_REPLY ? ORIGIN_DIAGNOSTIC : f->origin, f->where, whole, f->text);
}

void person_take_session(struct person *p, const struct finding *f)
{
    struct facts *to = &p->facts;
    if (!to->reply_code || to->command || f->reply_code != to->reply_code)
        return;
    to->command = f->command;
    to->has_remote_reply = to->remote_said = true;
    if (!to->remote_mta)
        to->remote_mta = f->remote_mta;
}
