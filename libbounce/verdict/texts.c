/* SPDX-License-Identifier: MIT */
/*
 * texts.c - prepares what one recipient is judged by.
 *
 * In: its texts, codes and hosts, as the report states them. Out: the texts in
 * the order in which they are believed, normalised (text/normal.h), each once; the codes
 * that they state; the facts that scopes are compared with. No text beyond the
 * limits is kept: a warning says so.
 */
#include "verdict/texts.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "smtp/registry.h"

static void lower_copy(char *to, size_t size, const char *from)
{
    const size_t n = strnlen(from, size - 1);
    bytes_lower(to, from, n);
    to[n] = '\0';
}

static void set_hosts(struct judged *b)
{
    const char *domain = b->facts->address ? strrchr(b->facts->address, '@') : NULL;
    const char *hosts[3] = {b->facts->remote_mta, b->j->report->strings[BOUNCE_REPORT_REPORTING_MTA],
                            domain ? domain + 1 : NULL};
    for (size_t i = 0; i < 3; i++) {
        if (!hosts[i])
            continue;
        lower_copy(b->hosts[i], sizeof b->hosts[i], hosts[i]);
        b->scope.hosts[i] = b->hosts[i];
    }
}

/* Room is kept for the recipient's own hosts. */
static void set_stated(struct judged *b)
{
    enum { OWN_HOSTS = 3 };
    const struct stated *stated = b->j->stated;
    if (!stated)
        return;
    b->stated.count = 0;
    while (b->stated.count < stated->hosts.count && b->stated.count < STATED_HOSTS_MAX - OWN_HOSTS) {
        b->stated.items[b->stated.count] = stated->hosts.items[b->stated.count];
        b->stated.count++;
    }
    stated_add_host(&b->stated, span_z(b->facts->remote_mta));
    stated_add_domain(&b->stated, span_z(b->facts->address));
    stated_add_domain(&b->stated, span_z(b->facts->original));
    b->mask = (struct mask_facts){b->stated.items, b->stated.count, stated->phrases, stated->phrase_count};
}

static struct searched_text *search(struct judged *b, const struct norm_text *text)
{
    return searched_text_of(b->j->matcher, b->j->scratch, text, b->j->stated ? &b->mask : NULL);
}

/* Enough of a text that is far longer than what is judged: joining its lines makes
 * it shorter. */
static struct span front_of(struct span raw, size_t limit, bool *cut)
{
    size_t n = utf8_cut(raw.s, raw.n, 4 * limit);
    *cut = n < raw.n;
    return span_of(raw.s, n);
}

/* The same words again, or the start of them that is left when the text is cut, say nothing new. */
static bool is_repeated(const struct judged *b, const struct norm_text *norm)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct norm_text *known = &b->texts[i].norm;
        if ((norm->length == known->length || (norm->truncated && norm->length < known->length)) &&
            !memcmp(known->text, norm->text, norm->length))
            return true;
    }
    return false;
}

static void add_text(struct judged *b, const struct fact_text *t)
{
    size_t left = b->bytes < b->j->text_bytes ? b->j->text_bytes - b->bytes : 0;
    size_t limit = left < LIMIT_SEARCHED_BYTES ? left : LIMIT_SEARCHED_BYTES;
    if (!limit)
        report_warn(b->j->report, "long-subject", "a text is longer than rules are searched in");
    if (b->count == LIMIT_TEXTS)
        report_warn(b->j->report, "too-many-texts", "a recipient has more texts than are judged");
    if (b->count == LIMIT_TEXTS || !limit)
        return;
    struct judged_text *a = &b->texts[b->count];
    bool cut;
    struct span raw = front_of(t->raw, limit, &cut);
    if (t->origin == ORIGIN_REPLY && (!t->is_read || t->has_lines))
        raw = reply_join_lines(b->j->scratch, raw);
    text_normalise(b->j->scratch, raw, limit, &a->norm);
    norm_open_names(&a->norm);
    a->norm.truncated |= cut;
    if (is_repeated(b, &a->norm))
        return;
    if (a->norm.truncated)
        report_warn(b->j->report, "long-subject", "a text is longer than rules are searched in");
    a->origin = t->origin;
    a->where = t->where;
    a->searched = NULL;
    a->front = t->front;
    a->front_norm.text = NULL;
    a->is_read = t->is_read && !cut;
    a->status = t->status;
    b->bytes += a->norm.length;
    b->count++;
}

struct searched_text *judged_searched(struct judged *b, struct judged_text *a)
{
    if (!a->searched)
        a->searched = search(b, &a->norm);
    return a->searched;
}

bool judged_best(struct judged *b, struct judged_text *a, enum rule_tier min_tier, enum rule_tier max_tier,
                 bounce_reason except, struct match_hit *hit)
{
    struct matcher *m = b->j->matcher;
    b->scope.origin = a->origin;
    return match_best(m, judged_searched(b, a), &b->scope, min_tier, max_tier, except, hit);
}

struct judged_text judged_prose(struct judged *b)
{
    struct judge *j = b->j;
    if (j->prose->truncated)
        report_warn(j->report, "long-subject", "a text is longer than rules are searched in");
    if (!j->prose_searched)
        j->prose_searched = search(b, j->prose);
    return (struct judged_text){
        .searched = j->prose_searched, .norm = *j->prose, .origin = ORIGIN_PROSE, .where = j->prose_where};
}

/* Not cleared as a whole: most of its room is for texts that few recipients have. */
void judged_set_up(struct judged *b, struct judge *j, const struct facts *facts, struct verdict *v)
{
    b->j = j;
    b->facts = facts;
    b->verdict = v;
    b->count = b->bytes = 0;
    b->scope = (struct match_scope){.software = NULL};
    b->reply_status = b->other_status = (struct enhanced){0};
    b->vetoed.reason = BOUNCE_REASON_UNKNOWN;
    set_hosts(b);
    set_stated(b);
    b->scope.software = b->j->software;
    b->scope.lang = b->j->lang;
    b->scope.command = b->facts->command;
    b->scope.code = b->facts->reply_code;
    unsigned origins = 0; /* those that any text has */
    for (const struct fact_text *t = facts->texts; t; t = t->next)
        origins |= 1u << t->origin & ((1u << ORIGIN_PROSE) - 1);
    for (unsigned origin = ORIGIN_REPLY; origins >> origin; origin++)
        for (const struct fact_text *t = origins >> origin & 1 ? facts->texts : NULL; t; t = t->next)
            if (t->origin == origin)
                add_text(b, t);
    for (size_t i = 0; i < b->count; i++) {
        if (i && b->texts[i].origin > ORIGIN_TRANSCRIPT)
            continue;
        const struct judged_text *t = &b->texts[i];
        struct enhanced status =
            t->is_read ? t->status : reply_status(b->j->scratch, span_of(t->norm.text, t->norm.length));
        if (i == 0)
            b->reply_status = status;
        else if (!b->other_status.class_ || (!b->other_status.detail && status.detail))
            b->other_status = status;
    }
    /* "Your mail to joe@example.net ...", and in a paragraph of its own "account locked (#4.2.1)": already read. */
    for (size_t i = 1; i < b->count && !b->reply_status.class_ && !b->other_status.class_; i++)
        if (b->texts[i].is_read && b->texts[i].origin == ORIGIN_BESIDE)
            b->other_status = b->texts[i].status;
    /* "550 5.1.1 <joe@example.net>: ... host said: 550 unknown": the quoting server states the status. */
    if (b->count && !b->reply_status.class_ && !b->other_status.class_ && b->texts[0].front.n)
        b->other_status = reply_status(j->scratch, b->texts[0].front);
    b->scope.status = b->reply_status.class_ ? b->reply_status : b->facts->field_status;
}

struct enhanced judged_specific_status(const struct judged *b)
{
    if (b->reply_status.class_ >= 4 && registry_reason(b->reply_status))
        return b->reply_status;
    return b->facts->field_status;
}
