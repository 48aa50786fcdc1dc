/* SPDX-License-Identifier: MIT */
/* explain.c - the account of how a verdict was reached, line by line. */
#include "verdict/explain.h"
#include "smtp/reasons.h"
#include "verdict/spoken.h"
#include "verdict/texts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "smtp/registry.h"

/* Thousands of recipients may share a text, and thus the lines about it: such a line is kept once. */
static const char *same_line(const struct verdict *before, size_t i, const char *line)
{
    return before && i < before->explain_count && !strcmp(before->explain[i], line) ? before->explain[i] : NULL;
}

/* Adds one line to the account. */
__attribute__((format(printf, 3, 4))) static void explain_line(struct judge *j, struct verdict *v, const char *format,
                                                               ...)
{
    struct arena *a = &j->report->arena;
    v->explain = arena_grow(a, v->explain, v->explain_count, &v->explain_capacity, sizeof *v->explain);
    char line[2049];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    const size_t length = n < 0 ? 0 : utf8_cut(line, (size_t)n, sizeof line - 2);
    line[length] = '\0';
    v->explain[v->explain_count] = same_line(j->before, v->explain_count, line);
    if (!v->explain[v->explain_count])
        v->explain[v->explain_count] = arena_strndup(a, line, length);
    v->explain_count++;
}

/* The texts that are judged last come last in the account. */
static void add_last_texts(struct judged *b)
{
    if (b->count + 2 > LIMIT_TEXTS)
        return;
    if (b->j->subject) {
        struct judged_text *a = &b->texts[b->count++];
        *a = (struct judged_text){.origin = ORIGIN_PROSE, .where = "Subject"};
        text_normalise(b->j->scratch, span_z(b->j->subject), LIMIT_SEARCHED_BYTES, &a->norm);
    }
    if (b->j->prose && b->j->prose->length)
        b->texts[b->count++] = judged_prose(b);
}

/* Whom words or a code are taken to be about, and why. */
static void explain_role(struct judged *b, const struct role *role)
{
    static const char *const signs[] = {[ROLE_BY_NOTHING] = "nothing says otherwise",
                                        [ROLE_BY_CODE] = "it answers the command AUTH",
                                        [ROLE_BY_STATUS] = "its status is about the address of the sender",
                                        [ROLE_BY_COMMAND] = "no recipient was named before the command",
                                        [ROLE_BY_LOGIN] = "it is about logging in: ",
                                        [ROLE_BY_ADDRESS] = "it names the address ",
                                        [ROLE_BY_WORD] = "by the words ",
                                        [ROLE_SUPPOSED] = "it is supposed only, after the words "};
    const char *quote = role->text.n ? "\"" : "";
    const char *whom = role->sign == ROLE_SUPPOSED ? "nobody" : role->of_sender ? "the sender" : "the recipient";
    explain_line(b->j, b->verdict, "  said of %s: %s%s%.*s%s%s", whom, signs[role->sign], quote, (int)role->text.n,
                 role->text.n ? role->text.s : "", quote, role->quotes ? ", in front of what it quotes" : "");
}

static bool same_role(const struct role *a, const struct role *b)
{
    return a->of_sender == b->of_sender && a->sign == b->sign && a->text.s == b->text.s;
}

/* "{mailbox}: "locker"; {full}: "stuffed"": the classes of a phrase, and the words that matched them. */
static void explain_members(struct judged *b, struct judged_text *a, const struct match_hit *hit)
{
    struct match_member *members;
    const size_t count = match_members(b->j->matcher, judged_searched(b, a), hit, b->j->scratch, &members);
    struct strbuf line;
    strbuf_init(&line, b->j->scratch);
    for (size_t i = 0; i < count; i++)
        strbuf_puts(&line, arena_printf(b->j->scratch, "%s{%s}: \"%.*s\"", i ? "; " : "", members[i].name,
                                        (int)members[i].text.n, members[i].text.s));
    if (count)
        explain_line(b->j, b->verdict, "    %s", line.s);
}

/* The role is given only if it differs from the last one given; *told: there was one. */
static void explain_hit(struct judged *b, struct judged_text *a, const struct match_hit *hit, struct role *last,
                        bool *told)
{
    const char *id = bounce_rule_string(hit->rule, BOUNCE_RULE_ID);
    bounce_reason reason = (bounce_reason)hit->rule->reason;
    struct role role = {.of_sender = false};
    bool of_recipient = reason_info(reason)->group == BOUNCE_GROUP_RECIPIENT;
    if (of_recipient)
        role = spoken_words(b, a, hit->start, hit->length);
    bool decided = b->verdict->evidence.rule && !strcmp(b->verdict->evidence.rule, id);
    const char *fate = spoken_vetoes(reason, &role) ? "not of the recipient:" : decided ? "decided:" : "lost:";
    explain_line(b->j, b->verdict, "  %s %s (tier %d, %s:%u): \"%.*s\" -> %s", fate, id, hit->rule->tier,
                 bounce_rule_string(hit->rule, BOUNCE_RULE_FILE), bounce_rule_line(hit->rule), (int)hit->length,
                 a->norm.text + hit->start, bounce_reason_name(hit->rule->reason));
    explain_members(b, a, hit);
    if (!of_recipient || (*told && same_role(&role, last)))
        return;
    explain_role(b, &role);
    *last = role;
    *told = true;
}

static void explain_texts(struct judged *b)
{
    enum { SHOWN_BYTES = 300, SHOWN_RULES = 20 };
    struct judge *j = b->j;
    add_last_texts(b);
    for (size_t i = 0; i < b->count; i++) {
        struct judged_text *a = &b->texts[i];
        const size_t shown = utf8_cut(a->norm.text, a->norm.length, SHOWN_BYTES);
        explain_line(j, b->verdict, "text (%s, %s): %.*s%s", text_origin_name(a->origin), a->where ? a->where : "?",
                     (int)shown, a->norm.text, shown < a->norm.length ? "..." : "");
        struct match_hit *hits;
        struct role last;
        bool told = false;
        b->scope.origin = a->origin;
        size_t n = match_all(j->matcher, judged_searched(b, a), &b->scope, j->scratch, &hits);
        for (size_t k = 0; k < n && k < SHOWN_RULES; k++)
            explain_hit(b, a, &hits[k], &last, &told);
        if (n > SHOWN_RULES)
            explain_line(j, b->verdict, "  and %zu more rules", n - SHOWN_RULES);
        if (!n)
            explain_line(j, b->verdict, "  no rule matches");
    }
}

static void explain_codes(struct judged *b, struct enhanced stated)
{
    struct judge *j = b->j;
    struct enhanced e = judged_specific_status(b);
    int tier = b->verdict->evidence.tier;
    if (stated.class_)
        explain_line(j, b->verdict, "stated status %s%s", enhanced_format(j->scratch, stated),
                     b->reply_status.class_ ? " (in the reply)" : " (in the Status field)");
    bounce_reason reason = registry_reason(e);
    if (reason_info(reason)->group == BOUNCE_GROUP_RECIPIENT && b->count) {
        struct role role = spoken_code(b);
        if (role.of_sender) {
            explain_line(j, b->verdict, "code %s is not of the recipient:", enhanced_format(j->scratch, e));
            explain_role(b, &role);
        }
    }
    if (reason && tier != TIER_SPECIFIC_CODE)
        explain_line(j, b->verdict, "code %s means %s by the registry, but %s", enhanced_format(j->scratch, e),
                     bounce_reason_name(reason),
                     tier && tier < TIER_SPECIFIC_CODE ? "definite words outrank codes" : "it did not decide");
    if (!reason && stated.class_ && tier != TIER_GENERAL_CODE)
        explain_line(j, b->verdict, "code %s is generic or not registered: it decides only where no words do",
                     enhanced_format(j->scratch, stated));
    bounce_reason by_reply = registry_reply_reason(b->facts->reply_code, b->facts->command);
    if (by_reply && tier != TIER_GENERAL_CODE)
        explain_line(j, b->verdict, "reply code %d alone would mean %s (tier %d)", b->facts->reply_code,
                     bounce_reason_name(by_reply), TIER_GENERAL_CODE);
    if (b->verdict->undecided)
        explain_line(j, b->verdict, "not all rules could be tried: codes and vague words do not make it hard");
    if (!tier)
        explain_line(j, b->verdict, "nothing decided: no words that a rule knows, and no code that says more");
}

/* What the reply itself says: the same as the keys of the output, in words. */
static void explain_told(struct judged *b, const struct told_facts *t)
{
    const char *refused = t->ip ? t->ip : t->domain ? t->domain : t->url;
    if (t->provider)
        explain_line(b->j, b->verdict, "the receiving host is one of %s", t->provider);
    if (t->blocklist)
        explain_line(b->j, b->verdict, "the block list is %s%s%s", t->blocklist->name,
                     t->blocklist->url ? ", request removal at " : "", t->blocklist->url ? t->blocklist->url : "");
    if (refused)
        explain_line(b->j, b->verdict, "the server says it refuses %s", refused);
    if (t->retry_s)
        explain_line(b->j, b->verdict, "the server says to try again in %" PRIu64 " seconds", t->retry_s);
    if (t->help_url)
        explain_line(b->j, b->verdict, "the reply points to %s", t->help_url);
}

/* What the sending service itself says about its event. */
static void explain_service(struct judged *b)
{
    const struct service_view *s = b->facts->service;
    if (!s || !s->words)
        return;
    const char *weight = s->own_text                                    ? "its own words: no server said them"
                         : b->verdict->evidence.service_reason          ? "but the text decides"
                         : s->reason && s->reason == b->verdict->reason ? "as it was judged"
                                                                        : "which decides nothing";
    explain_line(b->j, b->verdict, "service %s: \"%s\"%s%s (%s)", s->name, s->words, s->reason ? " -> " : "",
                 s->reason ? bounce_reason_name(s->reason) : "", weight);
}

void explain_verdict(struct judged *b, struct enhanced stated)
{
    if (b->verdict->evidence.why)
        explain_line(b->j, b->verdict, "the rule %s says why: %s", b->verdict->evidence.rule, b->verdict->evidence.why);
    explain_texts(b);
    explain_codes(b, stated);
    explain_service(b);
    if (b->verdict->told)
        explain_told(b, b->verdict->told);
}
