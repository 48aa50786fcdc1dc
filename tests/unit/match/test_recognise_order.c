/* SPDX-License-Identifier: MIT */
/*
 * test_recognise_order.c - the answers of a recognition depend only on the facts of its mail: not on which
 * questions came before, nor on other mails of the same matcher.
 */
#include "mail/fields.h"
#include "match_testing.h"

#include <glib.h>

/* Conditions of every kind, actions and lines; dialects whose order matters. */
static const char rules_text[] =
    "dialect a-both\nknow subject failure notice\nalso from robot@\nalso body /robot/\nknow header X-Both yes\n"
    "line /^beta: (?<address>.*)/\nline /^[0-9]+ (?<address>.*)/\naction delayed warning\naction failed /[0-9]{3}/\n"
    "dialect b-exists\nknow header X-Queue\nstart below this line\naction failed gave up\n"
    "dialect c-status\nknow reporting-mta mx.example\nalso header X-Both /no|yes/\npriority 3\naction failed\n"
    "dialect d-code\nknow diagnostic /x-code [0-9]/\nknow body /^[0-9]+$/\npriority 2\n"
    "dialect e-type\nknow type multipart/report\nalso header X-Queue /^q/\npriority -1\n"
    "dialect general-x\nsoftware none\nknow subject undelivered\nalso from robot@\nknow body gave up\n"
    "dialect no-mail\nkind none\nsoftware none\nknow subject newsletter\npriority 5\n";

static const struct mail {
    const char *subject, *from, *type, *header, *body, *mta, *diagnostic, *status;
    bool writers_only;
} mails[] = {
    {"failure notice", "robot@example.org", NULL, "", "i, robot\nbeta: joe\n", NULL, NULL, "", false},
    {"hello", "joe@example.org", "text/plain", "X-Both: no\n\n", "gave up\n12\n", NULL, NULL,
     "X-Both: yes\nX-Queue: q1\n\n", false},
    {"warning", NULL, "multipart/report", "X-Queue: gave up\n\n", "gave up", "mx.example", NULL,
     "X-Queue: q1\nX-Both: yes\n\n", true},
    {"undelivered 550", "ann@example.org", NULL, "X-Other: 1\n\n", "42", NULL, "x-code 7", "X-Queue: q1\n\n", true},
    {"newsletter", "robot@example.org", "multipart/report", "X-Queue: q2\nX-Both: yes\n\n", "550 below this line",
     "mx.example", "x-code 7", "", false},
    {NULL, NULL, NULL, "", NULL, NULL, NULL, "X-Queue: q1\n\n", false},
};
enum { MAILS = sizeof mails / sizeof *mails, ACTIONS = 4, LINES = 3 };

/* Every question, by number. */
enum question {
    ASK_SIGN,
    ASK_DIALECT,
    ASK_HELD,
    ASK_NEXT_ACTION,
    ASK_ACTION_SUBJECT = ASK_NEXT_ACTION + ACTIONS + 1,
    ASK_ACTION_BODY = ASK_ACTION_SUBJECT + ACTIONS,
    ASK_LINE = ASK_ACTION_BODY + ACTIONS,
    QUESTIONS = ASK_LINE + LINES
};

struct asked {
    struct recognition *r;
    struct header_facts header;
    struct body_facts body;
    bool has_body;
};

static const struct norm_text *decode(void *data, struct span value)
{
    struct norm_text *text = arena_alloc(data, sizeof *text);
    text_normalise(data, value, LIMIT_SEARCHED_BYTES, text);
    return text;
}

static void begin(struct asked *m, struct arena *a, struct matcher *matcher, const struct mail *mail)
{
    *m = (struct asked){.header = {.subject = normal(a, mail->subject),
                                   .from = normal(a, mail->from),
                                   .type = normal(a, mail->type),
                                   .fields = fields_of(a, mail->header),
                                   .decode = decode,
                                   .data = a},
                        .body = {.text = normal(a, mail->body),
                                 .reporting_mta = normal(a, mail->mta),
                                 .diagnostic = normal(a, mail->diagnostic),
                                 .status_fields = fields_of(a, mail->status),
                                 .writers_only = mail->writers_only}};
    m->r = recognition_new(matcher, a, &m->header);
}

static void add_body(struct asked *m)
{
    if (!m->has_body)
        recognition_add_body(m->r, &m->body);
    m->has_body = true;
}

/* A number that identifies a dialect, or a list of groups. */
static size_t dialect_number(const struct layer *tables, struct recognition *r)
{
    size_t layer;
    const struct dialect *d = recognition_dialect(r, &layer);
    return d ? 1 + (size_t)(d - tables->dialects) : 0;
}

static size_t held_number(const struct layer *tables, struct recognition *r)
{
    size_t number = 0;
    for (const struct held_group *held = recognition_held(r); held; held = held->next)
        number = number * 31 + (size_t)(held->group - tables->groups.groups) * 2 + held->left_out + 1;
    return number;
}

static size_t answer(const struct layer *t, struct recognition *r, unsigned question)
{
    const size_t l = 1; /* the layer of these rules; the one below is empty */
    if (question >= ASK_LINE)
        return recognition_line_possible(r, l, &t->patterns[t->first_line_pattern + question - ASK_LINE]);
    if (question >= ASK_ACTION_BODY)
        return recognition_action_possible(r, l, &t->actions[question - ASK_ACTION_BODY], KNOW_BODY);
    if (question >= ASK_ACTION_SUBJECT)
        return recognition_action_possible(r, l, &t->actions[question - ASK_ACTION_SUBJECT], KNOW_SUBJECT);
    if (question >= ASK_NEXT_ACTION)
        return recognition_next_action(r, l, question - ASK_NEXT_ACTION, t->action_count);
    return question == ASK_SIGN      ? recognition_shows_report(r)
           : question == ASK_DIALECT ? dialect_number(t, r)
                                     : held_number(t, r);
}

/* The answers in plain order, of a matcher that sees only this mail: first without the body, then with it. */
static void answer_plainly(struct fixture *f, bool prefilter, size_t mail, size_t answers[2][QUESTIONS])
{
    struct matcher *m = matcher_new(f->rules, false, prefilter);
    struct asked asked;
    begin(&asked, &f->arena, m, &mails[mail]);
    for (unsigned phase = 0; phase < 2; phase++) {
        for (unsigned q = 0; q < QUESTIONS; q++)
            answers[phase][q] = answer(ruleset_layer(f->rules, 1), asked.r, q);
        add_body(&asked);
    }
    matcher_free(m);
}

/* Asks one matcher all questions about all mails, mixed; each about four times in either phase. */
static void ask_in_any_order(struct fixture *f, struct matcher *m, unsigned seed, size_t (*expected)[2][QUESTIONS])
{
    enum { ROUNDS = 4 * 2 * MAILS * QUESTIONS };
    struct asked asked[MAILS];
    GRand *random = g_rand_new_with_seed(seed);
    unsigned left[MAILS];
    for (size_t i = 0; i < MAILS; i++) {
        begin(&asked[i], &f->arena, m, &mails[i]);
        left[i] = (unsigned)g_rand_int_range(random, 0, 8 * QUESTIONS);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t i = (size_t)g_rand_int_range(random, 0, MAILS);
        unsigned q = (unsigned)g_rand_int_range(random, 0, QUESTIONS);
        if (!left[i]--)
            add_body(&asked[i]);
        cr_expect_eq(answer(ruleset_layer(f->rules, 1), asked[i].r, q), expected[i][asked[i].has_body][q],
                     "seed %u, round %u: mail %zu %s a body, question %u", seed, round, i,
                     asked[i].has_body ? "with" : "without", q);
    }
    g_rand_free(random);
}

static void check_any_order(bool prefilter)
{
    struct fixture f;
    size_t expected[MAILS][2][QUESTIONS];
    set_up(&f, rules_text);
    const struct layer *t = ruleset_layer(f.rules, 1);
    cr_assert_eq(t->action_count, (size_t)ACTIONS);
    cr_assert_eq(t->pattern_count - t->first_line_pattern, (size_t)LINES);
    for (size_t i = 0; i < MAILS; i++)
        answer_plainly(&f, prefilter, i, expected[i]);
    struct matcher *m = matcher_new(f.rules, false, prefilter);
    for (unsigned seed = 1; seed <= 50; seed++)
        ask_in_any_order(&f, m, seed, expected);
    matcher_free(m);
    tear_down(&f);
}

Test(recognise_order, any_order_gives_the_same_answers)
{
    check_any_order(true);
}

Test(recognise_order, also_without_the_index)
{
    check_any_order(false);
}

/* The mails above have different answers, and so have the phases. */
Test(recognise_order, the_answers_differ)
{
    struct fixture f;
    set_up(&f, rules_text);
    unsigned by_phase = 0, by_mail = 0;
    size_t expected[MAILS][2][QUESTIONS];
    for (size_t i = 0; i < MAILS; i++)
        answer_plainly(&f, true, i, expected[i]);
    for (size_t i = 0; i < MAILS; i++) {
        by_phase += expected[i][0][ASK_DIALECT] != expected[i][1][ASK_DIALECT];
        for (size_t j = 0; j < i; j++)
            by_mail += memcmp(expected[i], expected[j], sizeof expected[i]) != 0;
        cr_expect_eq(expected[i][0][ASK_SIGN], expected[i][1][ASK_SIGN]);
    }
    cr_expect_geq(by_phase, 3u);
    cr_expect_eq(by_mail, (unsigned)(MAILS * (MAILS - 1) / 2));
    tear_down(&f);
}
