/* SPDX-License-Identifier: MIT */
/* test_signs.c - named conditions in mails: alternatives, nesting, `not`, layers, and what they cost. */
#include "mail/fields.h"
#include "match/match.h"
#include "match_testing.h"

#include <glib.h>

static const char rules_text[] =
    "sign mail-system\nknow from daemon\nknow from postmaster\nalso header X-Auto\n"
    "sign null-path\nknow header Return-Path /^ ?<> ?$/\n"
    "sign from-system\nknow sign mail-system\nknow sign null-path\n"
    "sign regretted\nspeaks against\nweight -3\nknow body sorry\nalso body /[0-9]{3}/\nknow body we regret\n"
    "sign quoted\nknow subject re:*\n"
    "sign answered\nknow header In-Reply-To\nalso not sign mail-system\n"
    "dialect a\nknow sign from-system\nalso sign regretted\nalso not sign quoted\n"
    "dialect b\nknow sign regretted\nalso subject regrets\n"
    "dialect c\nknow sign answered\nalso body thanks\n"
    "dialect d\nknow sign null-path\nalso body robot\nalso not sign regretted\n";

static const struct {
    const char *name, *subject, *from, *fields, *body, *id;
    bool shown, system;
} mails[] = {
    {"nothing", "hello", "joe@", "", "hello", "", false, false},
    {"the first alternative", "hello", "daemon@", "", "we regret", "a", true, true},
    {"the second alternative", "hello", "postmaster@", "X-Auto: 1\n\n", "we regret", "a", true, true},
    {"half of the second alternative", "hello", "postmaster@", "", "we regret", "", false, false},
    {"a sign in a sign", "hello", "joe@", "Return-Path: <>\n\n", "we regret", "a", true, false},
    {"the other text", "hello", "daemon@", "", "sorry, 550", "a", true, true},
    {"half of the other text", "hello", "daemon@", "", "sorry", "", true, true},
    {"not", "Re: hello", "daemon@", "", "sorry, 550", "", false, true},
    {"the sign of the body alone", "our regrets", "joe@", "", "sorry, 550", "b", true, false},
    {"not, in a sign", "hello", "joe@", "In-Reply-To: <1@x>\n\n", "thanks", "c", true, false},
    {"not, in a sign, misses", "hello", "daemon@", "In-Reply-To: <1@x>\n\n", "thanks", "", true, true},
    {"what the text lacks", "hello", "joe@", "Return-Path: <>\n\n", "robot", "d", true, false},
    {"there is no text", "hello", "joe@", "Return-Path: <>\n\n", NULL, "", true, false},
};

struct counted {
    struct arena *arena;
    unsigned reads;
};

static const struct norm_text *decode(void *data, struct span value)
{
    struct counted *c = data;
    struct norm_text *text = arena_alloc(c->arena, sizeof *text);
    c->reads++;
    text_normalise(c->arena, value, LIMIT_SEARCHED_BYTES, text);
    return text;
}

/* The recognition of one mail, after a check of its answers about the header. */
static struct recognition *begin(struct fixture *f, struct matcher *m, size_t i, struct counted *counted)
{
    *counted = (struct counted){.arena = &f->arena};
    struct header_facts *header = arena_calloc(&f->arena, 1, sizeof *header);
    *header = (struct header_facts){.subject = normal(&f->arena, mails[i].subject),
                                    .from = normal(&f->arena, mails[i].from),
                                    .fields = fields_of(&f->arena, mails[i].fields),
                                    .decode = decode,
                                    .data = counted};
    struct recognition *r = recognition_new(m, &f->arena, header);
    cr_expect_eq(recognition_sign(r, ASKED_MAIL_SYSTEM), mails[i].system, "%s", mails[i].name);
    cr_expect_eq(recognition_shows_report(r), mails[i].shown, "%s", mails[i].name);
    return r;
}

static const char *dialect_of(struct fixture *f, struct matcher *m, bounce_rules *rules, size_t i)
{
    struct counted counted;
    size_t layer;
    struct recognition *r = begin(f, m, i, &counted);
    recognition_add_body(r, &(struct body_facts){.text = normal(&f->arena, mails[i].body)});
    const struct dialect *d = recognition_dialect(r, &layer);
    cr_expect_leq(counted.reads, 1u, "%s: a field is decoded once", mails[i].name);
    cr_expect_eq(recognition_sign(r, ASKED_MAIL_SYSTEM), mails[i].system, "%s, with a body", mails[i].name);
    return d ? layer_string(ruleset_layer(rules, layer), d->id) : "";
}

Test(signs, in_mails)
{
    struct fixture f;
    set_up(&f, rules_text);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        cr_expect_str_eq(dialect_of(&f, f.matcher, f.rules, i), mails[i].id, "%s", mails[i].name);
        cr_expect_str_eq(dialect_of(&f, direct, f.rules, i), mails[i].id, "%s, without the index", mails[i].name);
    }
    matcher_free(direct);
    tear_down(&f);
}

/* The signs below, the dialects above. */
Test(signs, of_the_layer_below)
{
    struct fixture f;
    const char *dialects = strstr(rules_text, "dialect a");
    char *signs = g_strndup(rules_text, (gsize)(dialects - rules_text));
    set_up(&f, signs);
    bounce_rules *rules = rules_of(ruleset_layer(f.rules, 1), dialects);
    struct matcher *m = matcher_new(rules, false, true), *direct = matcher_new(rules, false, false);
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        cr_expect_str_eq(dialect_of(&f, m, rules, i), mails[i].id, "%s", mails[i].name);
        cr_expect_str_eq(dialect_of(&f, direct, rules, i), mails[i].id, "%s, without the index", mails[i].name);
    }
    matcher_free(m);
    matcher_free(direct);
    bounce_rules_unref(rules);
    g_free(signs);
    tear_down(&f);
}

/* What a sign knows about the header may change with the delivery status. */
Test(signs, fields_that_come_later)
{
    struct fixture f;
    struct counted counted;
    size_t layer;
    set_up(&f, "sign queued\nknow header X-Queue /^q/\ndialect a\nknow sign queued\n"
               "dialect b\nknow subject hello\nalso not sign queued\n");
    struct header_facts header = {.subject = normal(&f.arena, "hello"), .decode = decode, .data = &counted};
    counted = (struct counted){.arena = &f.arena};
    for (unsigned asked = 0; asked < 2; asked++) {
        struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
        if (asked)
            cr_expect_str_eq(layer_string(ruleset_layer(f.rules, 1), recognition_dialect(r, &layer)->id), "b");
        recognition_add_body(r, &(struct body_facts){.status_fields = fields_of(&f.arena, "X-Queue: q1\n\n")});
        cr_expect_str_eq(layer_string(ruleset_layer(f.rules, 1), recognition_dialect(r, &layer)->id), "a");
    }
    tear_down(&f);
}

/* A group of nothing but a sign has the triggers of the sign's alternatives: nothing is tried in every mail, unless an
 * alternative has no literal. */
Test(signs, are_triggers)
{
    static const struct {
        const char *text;
        unsigned always,
            of_dialect; /* groups that are tried in every mail; triggers of the last dialect's only group */
    } rows[] = {
        {"sign s\nknow subject alpha\nknow from beta\nalso subject /x/\ndialect d\nknow sign s\n", 0, 2},
        {"sign s\nknow from alpha\nknow from beta\ndialect d\nknow sign s\nalso subject gamma\n", 0, 1},
        {"sign s\nknow from alpha\nknow from alpha\nalso from beta\nsign t\nknow sign s\ndialect d\nknow sign t\n", 0,
         1},
        {"sign s\nknow body alpha\nknow body /^[0-9]$/\ndialect d\nknow sign s\n", 1, 1},
        {"sign s\nknow subject alpha\nsign t\nknow subject beta\nalso not sign s\ndialect d\nknow sign t\n", 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bounce_rules *rules = rules_of(NULL, rows[i].text);
        const struct know_groups *g = &ruleset_layer(rules, 1)->groups;
        cr_expect_eq(g->first[g->trigger_count] - g->first[g->trigger_count - 1], rows[i].always, "row %zu", i);
        cr_expect_eq(g->first[g->trigger_count], rows[i].of_dialect, "row %zu", i);
        bounce_rules_unref(rules);
    }
}

Test(signs, keep_their_weight)
{
    static const struct {
        const char *line;
        int weight;
    } rows[] = {{"", 0},
                {"speaks for\nweight 7\n", 7},
                {"speaks for\nweight +2\n", 2},
                {"speaks against\nweight -9\n", -9},
                {"weight -0\n", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = g_strconcat("sign s\nknow subject alpha\n", rows[i].line, NULL);
        bounce_rules *rules = rules_of(NULL, text);
        cr_expect_eq(ruleset_layer(rules, 1)->signs[0].weight, rows[i].weight, "%s", rows[i].line);
        bounce_rules_unref(rules);
        g_free(text);
    }
}
