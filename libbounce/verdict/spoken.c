/* SPDX-License-Identifier: MIT */
/*
 * spoken.c - whom the texts of one recipient are about; see spoken.h.
 *
 * In: the texts, the codes, and the addresses that the report gives for the sender.
 * Out: the best rule that is not about the sender where its reason is about the
 * recipient; what was left out. The codes of the command AUTH are always about the
 * sender (RFC 4954 6, RFC 5248), and so is everything said beside them.
 */
#include "verdict/spoken.h"

#include "base/limits.h"
#include "smtp/reasons.h"

#include <string.h>

/* A long list of addresses must not be searched for each of many recipients. */
static struct span front_of_field(const struct judged *b, const char *value)
{
    size_t n = value ? strnlen(value, LIMIT_SENDERS_BYTES) : 0;
    if (n == LIMIT_SENDERS_BYTES && value[n])
        report_warn(b->j->report, "long-senders", "a field that may name the sender is longer than is searched");
    return span_of(value, n);
}

static void find_people(const struct judged *b, struct role_people *people)
{
    const struct bounce_report *r = b->j->report;
    *people = (struct role_people){.words = b->j->words,
                                   .senders = {front_of_field(b, b->j->envelope_senders[0]),
                                               front_of_field(b, b->j->envelope_senders[1]),
                                               front_of_field(b, r->strings[BOUNCE_REPORT_TO]),
                                               front_of_field(b, r->strings[BOUNCE_REPORT_ORIGINAL_FROM])}};
    if (b->j->recipient_guessed)
        return;
    people->recipients[0] = span_z(b->facts->address);
    people->recipients[1] = span_z(b->facts->original);
}

static bool is_of_login(int code, struct enhanced e)
{
    return code == 530 || code == 534 || code == 535 || code == 538 ||
           (e.subject == 7 && (e.detail == 8 || e.detail == 9 || e.detail == 139 || (code == 525 && e.detail == 13)));
}

/* A code of the command AUTH: it decides for the words beside it, too. */
static bool has_login_code(const struct judged *b)
{
    return is_of_login(b->facts->reply_code, b->reply_status) ||
           (!b->reply_status.class_ && is_of_login(0, b->facts->field_status));
}

/* RFC 3463 3.2: "bad sender's mailbox address syntax", "bad sender's system address". */
static bool has_sender_status(const struct judged *b)
{
    const struct enhanced e = b->reply_status;
    return e.class_ && e.subject == 1 && (e.detail == 7 || e.detail == 8);
}

/* The role that the whole reply has; .sign ROLE_BY_NOTHING: none. */
static struct role role_of_reply(const struct judged *b)
{
    bool no_recipient_yet = b->facts->command == BOUNCE_COMMAND_MAIL;
    if (has_login_code(b) || b->facts->command == BOUNCE_COMMAND_AUTH)
        return (struct role){.of_sender = true, .sign = ROLE_BY_CODE};
    return (struct role){.of_sender = no_recipient_yet, .sign = no_recipient_yet ? ROLE_BY_COMMAND : ROLE_BY_NOTHING};
}

/* The role given by the words before a reply that another server quotes. */
static struct role role_of_front(struct judged *b, struct judged_text *a, const struct role_people *people)
{
    if (!a->front.n)
        return (struct role){.of_sender = false};
    if (!a->front_norm.text)
        text_normalise(b->j->scratch, a->front, LIMIT_SEARCHED_BYTES, &a->front_norm);
    return role_of_quoted(people, span_of(a->front_norm.folded, a->front_norm.folded_length));
}

/* "<me>: Sender address rejected: undeliverable address: host mx said: <me>: Recipient address rejected": a
 * server checks a sender as if it were a recipient, and the server that it asks calls it one. */
static struct role role_with_front(struct judged *b, struct judged_text *a, const struct role_people *people,
                                   struct role role)
{
    bool by_word = role.sign == ROLE_BY_WORD && !role.of_sender;
    if ((role.sign && !by_word) || !a->front.n)
        return role;
    struct role front = role_of_front(b, a, people);
    if (!by_word)
        return front;
    bool asked = front.of_sender && front.sign == ROLE_BY_WORD &&
                 role_names_same(span_of(a->front_norm.folded, a->front_norm.folded_length),
                                 span_of(a->norm.folded, a->norm.folded_length));
    return asked ? front : role;
}

struct role spoken_words(struct judged *b, struct judged_text *a, size_t start, size_t length)
{
    struct role_people people;
    struct role of_reply = role_of_reply(b);
    if (of_reply.sign && a->origin < ORIGIN_BESIDE)
        return of_reply;
    find_people(b, &people);
    size_t first = norm_fold_offset(&a->norm, start), end = norm_fold_offset(&a->norm, start + length);
    struct role role = role_of_words(&people, span_of(a->norm.folded, a->norm.folded_length), first, end);
    role = role_with_front(b, a, &people, role);
    if (!role.sign && a->origin < ORIGIN_BESIDE && has_sender_status(b))
        role = (struct role){.of_sender = true, .sign = ROLE_BY_STATUS};
    return role;
}

struct role spoken_code(struct judged *b)
{
    struct role_people people;
    struct role of_reply = role_of_reply(b);
    if (of_reply.sign || !b->count)
        return of_reply;
    struct judged_text *a = &b->texts[0];
    find_people(b, &people);
    struct role role = role_of_code(&people, span_of(a->norm.folded, a->norm.folded_length));
    return role_with_front(b, a, &people, role);
}

bool spoken_vetoes(bounce_reason reason, const struct role *role)
{
    if (reason_info(reason)->group != BOUNCE_GROUP_RECIPIENT)
        return false;
    if (role->sign == ROLE_SUPPOSED)
        return reason_info(reason)->type == BOUNCE_TYPE_HARD && reason != BOUNCE_REASON_SUPPRESSED;
    if (!role->of_sender)
        return false;
    /* A refusal of this sender, or of senders who have not logged in, names the sender, and so does a list of
     * suppressed addresses. */
    bool names_sender = reason == BOUNCE_REASON_RECIPIENT_REFUSED || reason == BOUNCE_REASON_SUPPRESSED;
    /* Before a recipient is named, the host may still say what it and its domain are. */
    bool of_host = reason == BOUNCE_REASON_NO_MAIL_SERVICE || reason == BOUNCE_REASON_NO_SUCH_DOMAIN;
    return role->sign == ROLE_BY_CODE || (!names_sender && !(of_host && role->sign == ROLE_BY_COMMAND));
}

static void note(struct judged *b, bounce_reason reason, const struct role *role, const char *where)
{
    if (!b->vetoed.reason && role->sign != ROLE_SUPPOSED)
        b->vetoed = (struct vetoed){.reason = reason, .role = *role, .where = where};
}

bool spoken_vetoes_code(struct judged *b, bounce_reason reason)
{
    if (reason_info(reason)->group != BOUNCE_GROUP_RECIPIENT)
        return false;
    struct role role = spoken_code(b);
    if (!spoken_vetoes(reason, &role))
        return false;
    note(b, reason, &role, b->count ? b->texts[0].where : "Status");
    return true;
}

static bool is_vetoed(struct judged *b, struct judged_text *a, const struct match_hit *hit)
{
    bounce_reason reason = (bounce_reason)hit->rule->reason;
    if (reason_info(reason)->group != BOUNCE_GROUP_RECIPIENT)
        return false;
    struct role role = spoken_words(b, a, hit->start, hit->length);
    if (!spoken_vetoes(reason, &role))
        return false;
    note(b, reason, &role, a->where);
    return true;
}

bool spoken_best(struct judged *b, struct judged_text *a, enum rule_tier min_tier, enum rule_tier max_tier,
                 bounce_reason except, struct match_hit *hit)
{
    if (!judged_best(b, a, min_tier, max_tier, except, hit))
        return false;
    if (!is_vetoed(b, a, hit))
        return true;
    struct match_hit *hits;
    size_t n = match_all(b->j->matcher, judged_searched(b, a), &b->scope, b->j->scratch, &hits);
    for (size_t i = 0; i < n && hits[i].rule->tier <= max_tier; i++) {
        bool wanted = hits[i].rule->tier >= min_tier && (!except || hits[i].rule->reason != except);
        if (!wanted || is_vetoed(b, a, &hits[i]))
            continue;
        *hit = hits[i];
        return true;
    }
    return false;
}

bounce_reason spoken_reason(const struct vetoed *v)
{
    if (v->role.sign == ROLE_BY_CODE || v->role.sign == ROLE_BY_LOGIN)
        return BOUNCE_REASON_AUTH_REQUIRED;
    return v->reason == BOUNCE_REASON_MAILBOX_FULL ? BOUNCE_REASON_RATE_LIMITED : BOUNCE_REASON_SENDER_REJECTED;
}
