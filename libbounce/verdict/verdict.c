/* SPDX-License-Identifier: MIT */
/*
 * verdict.c - from the facts of one recipient to reason, permanence and status.
 *
 * In: texts by origin, codes, command, host, writer. Out: the verdict and its
 * evidence. Texts are searched in the order in which they are believed: the
 * innermost reply, the Diagnostic-Code, the transcript, the prose beside the
 * address. Definite wordings (up to TIER_DEFINITE) come first, then specific
 * enhanced codes, vague wordings, reply code and command or a generic code by
 * its subject; the rest of the prose only if none of these decides.
 */
#include "verdict/verdict.h"
#include "verdict/explain.h"
#include "verdict/spoken.h"
#include "verdict/texts.h"
#include "verdict/told.h"

#include <string.h>

#include "smtp/reasons.h"
#include "smtp/registry.h"

static void take_hit(struct judged *b, const struct match_hit *hit, const struct judged_text *a)
{
    struct arena *arena = &b->j->report->arena;
    struct evidence *e = &b->verdict->evidence;
    const struct layer *layer = rule_layer(hit->rule);
    const struct rule_about *about = rule_about(layer, hit->rule);
    e->rule = layer_keep(layer, arena, layer_string(layer, hit->rule->id));
    e->file = layer_keep(layer, arena, layer_string(layer, about->file));
    e->why = layer_keep(layer, arena, layer_string(layer, about->why));
    e->tag = layer_keep(layer, arena, layer_string(layer, about->tag));
    e->line = about->line;
    e->tier = hit->rule->tier;
    e->implies = (enum rule_implies)about->implies;
    e->where = arena_strdup(arena, a->where);
    e->offset = hit->start;
    e->text = arena_strndup(arena, a->norm.text + hit->start, hit->length);
}

static void take_code(struct judged *b, enum rule_tier tier, const char *rule, const char *text, bool from_field)
{
    struct evidence *e = &b->verdict->evidence;
    *e = (struct evidence){.offset = SIZE_MAX}; /* clears what a vague rule without a reason left */
    e->where = from_field ? "Status" : b->count ? arena_strdup(&b->j->report->arena, b->texts[0].where) : NULL;
    e->rule = rule;
    e->tier = (int)tier;
    e->text = text;
}

/* Searches each text in turn; the first that a rule matches decides. */
static bool search_texts(struct judged *b, enum rule_tier min_tier, enum rule_tier max_tier, bounce_reason except,
                         struct match_hit *hit, struct judged_text **from)
{
    for (size_t i = 0; i < b->count; i++) {
        struct judged_text *a = &b->texts[i];
        if (spoken_best(b, a, min_tier, max_tier, except, hit)) {
            *from = a;
            return true;
        }
    }
    return false;
}

static bounce_reason by_specific_code(struct judged *b)
{
    struct enhanced e = judged_specific_status(b);
    bounce_reason reason = registry_reason(e);
    /* RFC 7504: a host that takes no mail says 521 or 556 and may add X.3.2. */
    if (reason == BOUNCE_REASON_SYSTEM_ERROR && (b->facts->reply_code == 521 || b->facts->reply_code == 556))
        reason = BOUNCE_REASON_NO_MAIL_SERVICE;
    if (spoken_vetoes_code(b, reason))
        return BOUNCE_REASON_UNKNOWN;
    if (reason)
        take_code(b, TIER_SPECIFIC_CODE, "code/enhanced", enhanced_format(&b->j->report->arena, e),
                  !(b->reply_status.class_ >= 4 && registry_reason(b->reply_status)));
    return reason;
}

/* "550 at RCPT" */
static const char *reply_code_text(struct arena *a, const struct facts *facts)
{
    struct strbuf b;
    strbuf_init(&b, a);
    for (int unit = 100; unit; unit /= 10)
        strbuf_putc(&b, (char)('0' + facts->reply_code / unit % 10));
    if (facts->command) {
        strbuf_puts(&b, " at ");
        strbuf_puts(&b, bounce_command_name(facts->command));
    }
    return b.s;
}

static bounce_reason by_general_code(struct judged *b)
{
    struct arena *arena = &b->j->report->arena;
    struct enhanced e = b->reply_status.class_ ? b->reply_status : b->facts->field_status;
    bounce_reason by_subject = registry_subject_reason(e);
    bounce_reason by_reply = registry_reply_reason(b->facts->reply_code, b->facts->command);
    if (spoken_vetoes_code(b, by_reply))
        return BOUNCE_REASON_UNKNOWN;
    if (by_reply && by_subject != BOUNCE_REASON_POLICY) {
        take_code(b, TIER_GENERAL_CODE, "code/reply", reply_code_text(arena, b->facts), false);
        return by_reply;
    }
    if (spoken_vetoes_code(b, by_subject))
        return BOUNCE_REASON_UNKNOWN;
    if (by_subject)
        take_code(b, TIER_GENERAL_CODE, "code/subject", enhanced_format(arena, e), !b->reply_status.class_);
    return by_subject;
}

/* The report's prose is about a single recipient without naming it again. With
 * several, it may be about any: then it decides nothing, unless it is all there is. */
static bool prose_concerns(const struct judged *b)
{
    return b->j->prose && b->j->prose->length && (b->j->report->recipient_count == 1 || b->j->prose_is_of_all);
}

/* With several recipients, prose never says that an address is dead: it may be about only one of them. */
static bool prose_may_say(const struct judged *b, bounce_reason reason)
{
    return reason && (b->j->report->recipient_count == 1 || reason_info(reason)->group != BOUNCE_GROUP_RECIPIENT);
}

/* What the rest of the report's prose says. */
static bounce_reason by_prose(struct judged *b)
{
    if (!prose_concerns(b))
        return BOUNCE_REASON_UNKNOWN;
    struct judged_text a = judged_prose(b);
    struct match_hit hit;
    if (!spoken_best(b, &a, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit) || !prose_may_say(b, hit.rule->reason))
        return BOUNCE_REASON_UNKNOWN;
    take_hit(b, &hit, &a);
    return hit.rule->reason;
}

/* A text that may not be searched otherwise is searched only if it has a word of such rules. */
static bool says_expired(struct judged *b, struct judged_text *a, bounce_reason *rule_cause)
{
    struct match_hit hit;
    b->scope.origin = a->origin;
    if (!a->searched && !match_may_expire(b->j->matcher, &a->norm))
        return false;
    if (!match_reason(b->j->matcher, judged_searched(b, a), &b->scope, BOUNCE_REASON_EXPIRED, &hit))
        return false;
    take_hit(b, &hit, a);
    *rule_cause = hit.rule->cause;
    return true;
}

/* Words saying that time ran out win over the last error, which is their cause,
 * unless a permanent refusal has ended it. */
static bool by_expiry(struct judged *b, bounce_reason *rule_cause)
{
    if (b->facts->reply_code >= 500 && b->facts->has_remote_reply)
        return false;
    for (size_t i = 0; i < b->count; i++)
        if (says_expired(b, &b->texts[i], rule_cause))
            return true;
    if (b->j->subject) {
        struct judged_text subject = {.origin = ORIGIN_PROSE, .where = "Subject"};
        text_normalise(b->j->scratch, span_z(b->j->subject), LIMIT_SEARCHED_BYTES, &subject.norm);
        if (says_expired(b, &subject, rule_cause))
            return true;
    }
    /* Searching prose that is cut gives a warning. */
    if (!prose_concerns(b) || !(b->j->prose->truncated || match_may_expire(b->j->matcher, b->j->prose)))
        return false;
    struct judged_text prose = judged_prose(b);
    return says_expired(b, &prose, rule_cause);
}

static bool overlap(const struct match_hit *a, const struct match_hit *b)
{
    return a->start < b->start + b->length && b->start < a->start + a->length;
}

/* What was said about the sender, if no other words decide. */
static bounce_reason by_role(struct judged *b)
{
    const struct vetoed *v = &b->vetoed;
    struct evidence *e = &b->verdict->evidence;
    bounce_reason reason = spoken_reason(v);
    *e = (struct evidence){.offset = SIZE_MAX, .where = arena_strdup(&b->j->report->arena, v->where)};
    e->rule = reason == BOUNCE_REASON_AUTH_REQUIRED ? "role/login" : "role/sender";
    e->tier = TIER_VAGUE;
    e->text = arena_strndup(&b->j->report->arena, v->role.text.s, v->role.text.n);
    return reason;
}

/* What the words of a sending service mean, if no server's text says more. */
static bounce_reason by_service(struct judged *b)
{
    const struct service_view *s = b->facts->service;
    struct arena *arena = &b->j->report->arena;
    b->verdict->evidence = (struct evidence){.offset = SIZE_MAX,
                                             .rule = arena_printf(arena, "service/%s", s->name),
                                             .tier = s->own_text ? TIER_DEFINITE : TIER_VAGUE,
                                             .where = "service",
                                             .text = s->words};
    return s->reason;
}

/* A report that has given up, with X.4.7 as its status: the temporary failure is the last error, not the reason. */
static bool code_says_expired(const struct judged *b, bounce_reason last_error)
{
    const struct reason_info *info = reason_info(last_error);
    return b->facts->action == BOUNCE_ACTION_FAILED && b->facts->field_status.subject == 4 &&
           b->facts->field_status.detail == 7 && b->facts->reply_code < 500 && info->default_class == 4 &&
           (info->group == BOUNCE_GROUP_NETWORK || info->group == BOUNCE_GROUP_SYSTEM);
}

static bounce_reason find_reason(struct judged *b, bounce_reason *rule_cause)
{
    struct match_hit hit;
    struct judged_text *from;
    if (by_expiry(b, rule_cause))
        return BOUNCE_REASON_EXPIRED;
    if (search_texts(b, TIER_TOKEN, TIER_DEFINITE, BOUNCE_REASON_UNKNOWN, &hit, &from)) {
        struct match_hit output;
        struct judged_text *where;
        /* "local delivery failed": what the program itself said is more telling. */
        if (hit.rule->reason == BOUNCE_REASON_MAILER_ERROR &&
            search_texts(b, TIER_TOKEN, TIER_DEFINITE, BOUNCE_REASON_MAILER_ERROR, &output, &where) &&
            reason_info(output.rule->reason)->group == BOUNCE_GROUP_RECIPIENT &&
            !(where == from && overlap(&hit, &output))) {
            hit = output;
            from = where;
        }
        if (code_says_expired(b, hit.rule->reason)) {
            take_code(b, TIER_SPECIFIC_CODE, "code/enhanced",
                      enhanced_format(&b->j->report->arena, b->facts->field_status), true);
            *rule_cause = hit.rule->reason;
            return BOUNCE_REASON_EXPIRED;
        }
        take_hit(b, &hit, from);
        *rule_cause = hit.rule->cause;
        return hit.rule->reason;
    }
    bounce_reason reason = by_specific_code(b);
    if (reason)
        return reason;
    bool vague = !b->vetoed.reason && search_texts(b, TIER_VAGUE, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit, &from);
    if (vague) {
        take_hit(b, &hit, from);
        if (hit.rule->reason)
            return hit.rule->reason;
    }
    if (!b->vetoed.reason)
        reason = by_general_code(b);
    if (b->vetoed.reason)
        return by_role(b);
    if (!reason) /* words that only say "failed" do not end the search */
        reason = by_prose(b);
    return reason;
}

/* For most texts the best wording of expiry and the best other one decide, without
 * trying all rules. False if they do not. */
static bool best_cause_in(struct judged *b, struct searched_text *s, bounce_reason *cause)
{
    struct match_hit expiry, other;
    if (!match_reason(b->j->matcher, s, &b->scope, BOUNCE_REASON_EXPIRED, &expiry))
        return false;
    bool found = match_best(b->j->matcher, s, &b->scope, TIER_TOKEN, TIER_DEFINITE, BOUNCE_REASON_EXPIRED, &other);
    *cause = found ? other.rule->reason : expiry.rule->cause;
    return found ? !overlap(&expiry, &other) : *cause != BOUNCE_REASON_UNKNOWN;
}

/* A rule finds the words of expiry themselves first ("hosts have been failing ...: Connection refused"): the best
 * definite wording after those. */
static bounce_reason cause_behind(struct judged *b, const struct judged_text *a, const struct match_hit *expiry)
{
    struct match_hit hit;
    struct judged_text rest = {.origin = a->origin, .where = a->where};
    const size_t from = expiry->rule ? expiry->start + expiry->length : a->norm.length;
    if (from >= a->norm.length)
        return BOUNCE_REASON_UNKNOWN;
    text_normalise(b->j->scratch, span_of(a->norm.text + from, a->norm.length - from), LIMIT_SEARCHED_BYTES,
                   &rest.norm);
    bool found = judged_best(b, &rest, TIER_TOKEN, TIER_DEFINITE, BOUNCE_REASON_EXPIRED, &hit);
    return found ? (bounce_reason)hit.rule->reason : BOUNCE_REASON_UNKNOWN;
}

/* The best definite wording of one text that is not about expiry and is
 * outside the words of expiry ("retry timeout exceeded"). */
static bounce_reason cause_in(struct judged *b, struct judged_text *a)
{
    struct match_hit *hits, expiry = {0};
    struct searched_text *s = judged_searched(b, a);
    bounce_reason cause;
    b->scope.origin = a->origin;
    if (best_cause_in(b, s, &cause))
        return cause;
    size_t n = match_all(b->j->matcher, s, &b->scope, b->j->scratch, &hits);
    for (size_t i = 0; i < n && !expiry.rule; i++)
        if (hits[i].rule->reason == BOUNCE_REASON_EXPIRED)
            expiry = hits[i];
    for (size_t i = 0; i < n && hits[i].rule->tier <= TIER_DEFINITE; i++) {
        if (hits[i].rule->reason != BOUNCE_REASON_EXPIRED && !(expiry.rule && overlap(&hits[i], &expiry)))
            return hits[i].rule->reason;
    }
    for (size_t i = 0; i < n; i++) /* words of expiry that name their cause */
        if (hits[i].rule->reason == BOUNCE_REASON_EXPIRED && hits[i].rule->cause)
            return hits[i].rule->cause;
    return cause_behind(b, a, &expiry);
}

/* The last error before an expiry: any other wording, else the codes. */
static void find_cause(struct judged *b, bounce_reason rule_cause)
{
    const struct facts *facts = b->facts;
    struct verdict *v = b->verdict;
    struct match_hit hit;
    struct judged_text *from;
    bounce_reason cause = BOUNCE_REASON_UNKNOWN;
    for (size_t i = 0; i < b->count && !cause; i++)
        cause = cause_in(b, &b->texts[i]);
    if (!cause)
        cause = rule_cause;
    if (!cause && prose_concerns(b)) {
        struct judged_text prose = judged_prose(b);
        cause = cause_in(b, &prose);
    }
    if (!cause) {
        bounce_reason by_code = registry_reason(b->reply_status);
        cause = by_code == BOUNCE_REASON_EXPIRED ? BOUNCE_REASON_UNKNOWN : by_code;
    }
    if (!cause && facts->reply_code && search_texts(b, TIER_VAGUE, TIER_VAGUE, BOUNCE_REASON_EXPIRED, &hit, &from))
        cause = hit.rule->reason;
    if (!cause && facts->reply_code >= 400 && facts->reply_code < 500 && facts->has_remote_reply)
        cause = registry_reply_reason(facts->reply_code, facts->command);
    v->has_cause = cause != BOUNCE_REASON_UNKNOWN;
    v->cause = cause;
}

/* The deciding reply's code if it is specific, else Status if that is, else one
 * that the transcript states, else the most telling of the generic ones. */
static struct enhanced stated_status(const struct judged *b)
{
    const struct enhanced stated[] = {b->reply_status, b->facts->field_status, b->other_status};
    struct enhanced best = {0};
    for (size_t i = 0; i < 3; i++) {
        if (stated[i].class_ && stated[i].detail)
            return stated[i];
        if (!best.class_ || (enhanced_is_generic(best) && stated[i].class_ && !enhanced_is_generic(stated[i])))
            best = stated[i];
    }
    return best;
}

/* "450 4.1.1 ... host mx.example.net said: 550 User unknown": the server that quotes a permanent refusal refuses
 * temporarily. */
static bool quoted_for_now(const struct judged *b)
{
    struct reply outer = {.code = 0};
    if (b->count && b->texts[0].front.n)
        reply_read_codes(b->j->scratch, b->texts[0].front, &outer);
    return outer.code >= 400 && outer.code < 500;
}

/* Reason of an event: its text, then the class of the service, then generic codes. */
static bounce_reason find_event_reason(struct judged *b, bounce_reason *rule_cause)
{
    const struct service_view *s = b->facts->service;
    if (s->own_text) /* not a server's words: they mean what the map says, or nothing */
        return s->reason ? by_service(b) : BOUNCE_REASON_UNKNOWN;
    bounce_reason reason = find_reason(b, rule_cause);
    if (s->reason && (!reason || b->verdict->evidence.tier >= TIER_GENERAL_CODE))
        return by_service(b);
    if (s->reason != reason)
        b->verdict->evidence.service_reason = s->reason;
    return reason;
}

static bool find_permanence(const struct judged *b, bounce_reason reason, struct enhanced stated)
{
    const struct facts *facts = b->facts;
    if (facts->action != BOUNCE_ACTION_FAILED)
        return false;
    if (facts->reply_code >= 400 && facts->reply_code < 600)
        return facts->reply_code >= 500 && !quoted_for_now(b);
    if ((stated.class_ == 4 || stated.class_ == 5) && (!enhanced_is_generic(stated) || !reason))
        return stated.class_ == 5;
    if (facts->service && facts->service->permanent >= 0)
        return facts->service->permanent == 1;
    return reason_info(reason)->default_class == 5;
}

/* True if the stated code can be the judged one, too. */
static bool status_fits(bounce_reason reason, struct enhanced stated)
{
    if ((reason == BOUNCE_REASON_DELIVERED) != (stated.class_ == 2))
        return false;
    return stated.class_ && (reason ? reason_has_code(reason, stated) : registry_has(stated));
}

/* stated_status holds the stated one as text. */
static const char *judged_status(struct judged *b, struct enhanced stated)
{
    const struct reason_info *info = reason_info(b->verdict->reason);
    if (status_fits(b->verdict->reason, stated))
        return b->verdict->stated_status;
    if (!info->code_count)
        return NULL;
    struct enhanced judged = {.class_ = info->default_class == 2 ? 2
                                        : b->verdict->permanent  ? 5
                                                                 : 4,
                              .subject = (uint16_t)(info->codes[0] / 1000),
                              .detail = (uint16_t)(info->codes[0] % 1000)};
    return enhanced_format(&b->j->report->arena, judged);
}

/* Nobody may use a text that costs too much to get an address given up for a code or a vague wording alone,
 * because the rules that say otherwise were not tried. */
static bool may_be_hard(const struct verdict *v)
{
    return v->permanent && !(v->undecided && v->evidence.tier > TIER_DEFINITE);
}

/* Nothing of it is kept: neither what it costs, nor what it could not decide. */
static void explain(struct judged *b, struct enhanced stated)
{
    const struct match_account account = matcher_account(b->j->matcher);
    explain_verdict(b, stated);
    matcher_restore(b->j->matcher, &account);
}

void verdict_judge(struct judge *j, const struct facts *facts, struct verdict *v)
{
    struct judged b;
    judged_set_up(&b, j, facts, v);
    bounce_reason rule_cause = BOUNCE_REASON_UNKNOWN;
    const size_t undecided = matcher_undecided(j->matcher)->count;
    if (facts->action == BOUNCE_ACTION_COMPLAINT)
        v->reason = BOUNCE_REASON_COMPLAINT;
    else if (facts->action == BOUNCE_ACTION_DELIVERED || facts->action == BOUNCE_ACTION_RELAYED ||
             facts->action == BOUNCE_ACTION_EXPANDED)
        v->reason = BOUNCE_REASON_DELIVERED;
    else
        v->reason = facts->service ? find_event_reason(&b, &rule_cause) : find_reason(&b, &rule_cause);
    if (v->reason == BOUNCE_REASON_EXPIRED)
        find_cause(&b, rule_cause);
    if (v->reason == BOUNCE_REASON_RATE_LIMITED)
        v->of_sender = spoken_code(&b).of_sender;
    struct enhanced stated = stated_status(&b);
    if (stated.class_)
        v->stated_status = enhanced_format(&j->report->arena, stated);
    const struct reason_info *info = reason_info(v->reason);
    v->undecided = j->undecided || matcher_undecided(j->matcher)->count > undecided;
    v->permanent = find_permanence(&b, v->reason, stated);
    v->status = judged_status(&b, stated);
    v->group = info->group;
    bool failure = facts->action == BOUNCE_ACTION_FAILED || facts->action == BOUNCE_ACTION_DELAYED;
    v->type = !failure || info->type == BOUNCE_TYPE_NONE         ? BOUNCE_TYPE_NONE
              : info->type == BOUNCE_TYPE_HARD && may_be_hard(v) ? BOUNCE_TYPE_HARD
                                                                 : BOUNCE_TYPE_SOFT;
    told_find(&b);
    if (j->explain)
        explain(&b, stated);
}
