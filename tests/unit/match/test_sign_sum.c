/* SPDX-License-Identifier: MIT */
/* test_sign_sum.c - the sum of signs: its bound by the header, its facts, and that only needed facts are requested. */
#include "match/match.h"
#include "match_testing.h"

/* The body can add 5 at most: the gate closes below 3. */
static const char rules_text[] = "sign report\nthreshold 8\n"
                                 "sign daemon\nspeaks for\nweight 4\nknow from daemon\n"
                                 "sign announced\nspeaks for\nweight 3\nknow subject failure\n"
                                 "sign named\nspeaks for\nweight 0\nknow from filter\n"
                                 "sign list\nspeaks against\nweight -2\nknow subject digest\n"
                                 "sign lone\nspeaks against\nweight -9\nknow fact ordinary-header\n"
                                 "sign regretted\nspeaks for\nweight 2\nknow body regret\n"
                                 "sign known\nspeaks for\nweight 3\nknow fact recipient\n"
                                 "sign quoted\nspeaks against\nweight -4\nknow fact quoted\n"
                                 "sign asking\nspeaks against\nweight -1\nknow body click\n";

struct asked {
    unsigned facts, of[FACT_COUNT]; /* bits of those that hold; how often each was requested */
};

static bool fact(void *data, enum known_fact which)
{
    struct asked *asked = data;
    asked->of[which]++;
    return asked->facts >> which & 1;
}

static struct recognition *begin(struct fixture *f, struct matcher *m, const char *from, const char *subject)
{
    struct header_facts header = {.from = normal(&f->arena, from), .subject = normal(&f->arena, subject)};
    return recognition_new(m, &f->arena, &header);
}

enum { NAMED = 1u << FACT_RECIPIENT, QUOTED = 1u << FACT_QUOTED };

static const struct {
    const char *name, *from, *subject, *body;
    unsigned facts;
    bool can, is;
    int header, rest;
} mails[] = {
    {"an ordinary header", "joe@", "hello", "regret", NAMED, false, false, -9, 5},
    {"exactly the threshold", "joe@", "failure", "regret", NAMED, true, true, 3, 5},
    {"one less", "joe@", "failure", "regret, click", NAMED, true, false, 3, 4},
    {"the header bound, one less", "daemon@", "digest", "regret", NAMED, false, false, 2, 5},
    {"a sign against it, and enough for it", "daemon@", "failure digest", "regret", NAMED, true, true, 5, 5},
    {"a sign without a weight opens nothing", "filter@", "hello", "regret", NAMED, false, false, 0, 5},
    {"words alone", "daemon@", "failure", "regret", 0, true, true, 7, 2},
    {"a fact alone", "daemon@", "failure", "hello", NAMED, true, true, 7, 3},
    {"nothing in the body", "daemon@", "failure", "hello", 0, true, false, 7, 0},
    {"a fact against it", "daemon@", "failure", "regret", NAMED | QUOTED, true, true, 7, 1},
    {"both against it", "daemon@", "failure", "regret, click", NAMED | QUOTED, true, false, 7, 0},
};

static void check_mail(struct fixture *f, struct matcher *m, size_t i)
{
    struct asked asked = {.facts = mails[i].facts};
    struct recognition *r = begin(f, m, mails[i].from, mails[i].subject);
    cr_expect_eq(recognition_can_be_report(r), mails[i].can, "%s: the gate", mails[i].name);
    recognition_add_body(r, &(struct body_facts){.text = normal(&f->arena, mails[i].body)});
    recognition_ask_facts(r, fact, &asked);
    cr_expect_eq(recognition_is_report(r), mails[i].is, "%s", mails[i].name);
    for (size_t k = 0; k < FACT_COUNT; k++)
        cr_expect_leq(asked.of[k], 1u, "%s: a fact is asked for once", mails[i].name);
    const struct sign_sum sum = recognition_sum(r);
    cr_expect_eq(sum.header, mails[i].header, "%s: %d of the header", mails[i].name, sum.header);
    cr_expect_eq(sum.body, mails[i].rest, "%s: %d of the rest", mails[i].name, sum.body);
    cr_expect_eq(sum.header + sum.body >= sum.threshold, mails[i].is, "%s: as decided", mails[i].name);
    cr_expect_eq(sum.body_most, 5);
    cr_expect_eq(sum.threshold, 8);
}

Test(sign_sum, of_mails)
{
    struct fixture f;
    set_up(&f, rules_text);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        check_mail(&f, f.matcher, i);
        check_mail(&f, direct, i);
    }
    matcher_free(direct);
    tear_down(&f);
}

/* If the gate is closed, no body could have made it a report; if it is open, the best body does. */
Test(sign_sum, the_gate_closes_exactly_when_it_can)
{
    static const char *const from[] = {"joe@", "daemon@", "filter@"};
    static const char *const subjects[] = {"hello", "failure", "digest", "failure digest"};
    struct fixture f;
    set_up(&f, rules_text);
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 4; k++) {
            struct asked best = {.facts = NAMED};
            struct recognition *r = begin(&f, f.matcher, from[i], subjects[k]);
            const bool can = recognition_can_be_report(r);
            recognition_add_body(r, &(struct body_facts){.text = normal(&f.arena, "regret")});
            recognition_ask_facts(r, fact, &best);
            cr_expect_eq(recognition_is_report(r), can, "%s %s", from[i], subjects[k]);
        }
    }
    tear_down(&f);
}

/* The sum is known before all facts are: the others are not requested. */
Test(sign_sum, asks_no_further_than_needed)
{
    struct fixture f;
    struct asked asked = {.facts = NAMED};
    set_up(&f, rules_text);
    struct recognition *r = begin(&f, f.matcher, "joe@", "hello");
    recognition_add_body(r, &(struct body_facts){.text = normal(&f.arena, "regret")});
    recognition_ask_facts(r, fact, &asked);
    cr_expect_not(recognition_is_report(r));
    cr_expect_eq(asked.of[FACT_RECIPIENT] + asked.of[FACT_QUOTED], 0u);
    r = begin(&f, f.matcher, "daemon@", "failure");
    recognition_add_body(r, &(struct body_facts){.text = normal(&f.arena, "hello")});
    asked.facts |= QUOTED;
    recognition_ask_facts(r, fact, &asked);
    cr_expect_not(recognition_is_report(r));
    cr_expect_eq(asked.of[FACT_QUOTED], 1u, "the heaviest first");
    cr_expect_eq(asked.of[FACT_RECIPIENT], 0u, "and it is enough");
    tear_down(&f);
}

/* Facts that are known only later are requested again. */
Test(sign_sum, facts_can_be_asked_for_again)
{
    struct fixture f;
    struct asked before = {.facts = NAMED}, after = {0};
    set_up(&f, rules_text);
    struct recognition *r = begin(&f, f.matcher, "daemon@", "failure");
    recognition_add_body(r, &(struct body_facts){.text = normal(&f.arena, "hello")});
    cr_expect_not(recognition_is_report(r), "no fact is known yet");
    recognition_ask_facts(r, fact, &before);
    cr_expect(recognition_is_report(r));
    recognition_ask_facts(r, fact, &after);
    cr_expect_not(recognition_is_report(r));
    tear_down(&f);
}

Test(sign_sum, lists_its_signs)
{
    struct fixture f;
    struct weighed_sign held[48];
    set_up(&f, rules_text);
    struct recognition *r = begin(&f, f.matcher, "daemon@ filter", "digest");
    const size_t count = recognition_weighed(r, held, 48);
    cr_assert_eq(count, 3u);
    cr_expect_str_eq(held[0].name, "daemon");
    cr_expect_eq(held[0].weight, 4);
    cr_expect_str_eq(held[1].name, "named");
    cr_expect_str_eq(held[2].name, "list");
    tear_down(&f);
}
