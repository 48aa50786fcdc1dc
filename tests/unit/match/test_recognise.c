/* SPDX-License-Identifier: MIT */
/* test_recognise.c - which dialect a mail is written in, and what its patterns match. */
#include "base/arena.h"
#include "base/word_search.h"
#include "mail/fields.h"
#include "match/match.h"
#include "match/ruleset.h"
#include "match_testing.h"
#include "text/normal.h"

#include <glib.h>

#define DIALECT_LINES "know body Hi. This is the program\n"

Test(recognise, patterns_of_a_dialect)
{
    struct fixture f;
    struct match_captures c;
    set_up(&f, "dialect d\n" DIALECT_LINES "start Below this ... line\n"
               "line /^<(?<address>[^>]+)>(?: \\((?<status>[\\d.]+)\\))?: (?<diagnostic>.*)/\n"
               "line /^(?:a|aa){1,60}(?<action>b)$/\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *starts = layer->patterns + layer->dialects[0].starts.first;
    const struct pattern *lines = layer->patterns + layer->dialects[0].lines.first;
    cr_expect(match_pattern(f.matcher, 1, &starts[0], span_z("--- below  THIS long line"), NULL, NULL));
    cr_expect(match_pattern(f.matcher, 1, &starts[0], span_z("unused"), "below this line", &c));
    cr_expect_null(c.address.s);
    cr_expect_not(match_pattern(f.matcher, 1, &starts[0], span_z("above this line"), NULL, NULL));
    cr_expect_not(match_pattern(f.matcher, 1, &starts[0], span_z(""), NULL, NULL));
    struct span line = span_z("<joe@example.org>: who?");
    cr_assert(match_pattern(f.matcher, 1, &lines[0], line, NULL, &c));
    cr_expect(c.address.s == line.s + 1 && c.address.n == 15);
    cr_expect_null(c.status.s, "a group that took no part");
    cr_expect(c.diagnostic.n == 4 && memcmp(c.diagnostic.s, "who?", 4) == 0);
    cr_expect_null(c.command.s);
    cr_assert(match_pattern(f.matcher, 1, &lines[0], span_z("<a> (5.1.1): "), NULL, &c));
    cr_expect(c.status.n == 5 && c.diagnostic.n == 0 && c.diagnostic.s);
    cr_expect_not(match_pattern(f.matcher, 1, &lines[0], span_z("joe: who?"), NULL, &c));
    cr_expect_null(c.address.s, "captures of the previous match are gone");
    matcher_begin(f.matcher, &(struct match_budget){.text = 10000, .message = 20000});
    cr_expect_not(match_pattern(f.matcher, 1, &lines[1], span_z("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!"), NULL, &c));
    cr_expect_str_eq(matcher_undecided(f.matcher)->ids[0], "d", "the dialect is named");
    tear_down(&f);
}

/* Punctuation before and after a row does not count, except for a row that begins or ends with it. */
Test(recognise, marks_around_the_words_of_a_line)
{
    static const struct {
        size_t pattern;
        const char *line;
        bool matches;
    } rows[] = {{0, "Original message", true},
                {0, "----- Original message -----", true},
                {0, "* (original MESSAGE):", true},
                {0, "The original message", false},
                {0, "Original message follows", false},
                {0, "---", false},
                {1, "-- end", true},
                {1, "end", false},
                {1, "---- end", false},
                {2, "> word(s)", true},
                {2, "> word(s)!", false}};
    struct fixture f;
    set_up(&f, "format 2\nwords kind\nword original | word\ndialect d\nknow body abc\nstart ^{kind} message$\n"
               "start ^-- end\nstart {kind}(s)$\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *starts = layer->patterns + layer->dialects[0].starts.first;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(match_pattern(f.matcher, 1, &starts[rows[i].pattern], span_z(rows[i].line), NULL, NULL),
                     rows[i].matches, "%zu: %s", rows[i].pattern, rows[i].line);
    tear_down(&f);
}

struct mail_row {
    const char *name, *subject, *from, *body, *header, *header_value, *id;
};

static const char dialect_rules[] =
    "dialect z-low\nknow subject Delivery\npriority -5\n"
    "dialect phrase\nknow body Hi. This is the program\n"
    "dialect regex\nknow body /\\bcode \\d+ of robot/\n"
    "dialect loose\nknow body /^(?:one|two)$/\n"
    "dialect number\nknow body /^[0-9]+$/\n"
    "dialect both\nknow subject failure notice\nalso from robot@\nalso body /robot/\nknow header X-Both yes\n"
    "dialect exists\nknow header X-Failed\n"
    "dialect high\nknow from daemon\nalso header X-High\npriority 10\n";

static const struct mail_row mails[] = {
    {"nothing", "hello", "joe@example.org", "just a mail", NULL, NULL, NULL},
    {"nothing at all", NULL, NULL, NULL, NULL, NULL, NULL},
    {"phrase", NULL, NULL, "HI. this is\nthe program at", NULL, NULL, "phrase"},
    {"phrase in the wrong text", "Hi. This is the program", NULL, NULL, NULL, NULL, NULL},
    {"regex", NULL, NULL, "a code 42 of ROBOT", NULL, NULL, "regex"},
    {"regex, no match", NULL, NULL, "a code x of robot", NULL, NULL, NULL},
    {"short literals", NULL, NULL, "two", NULL, NULL, "loose"},
    {"regex without a literal", NULL, NULL, "42", NULL, NULL, "number"},
    {"also", "Failure notice", "Robot <robot@example.org>", "i, robot", NULL, NULL, "both"},
    {"one also misses", "Failure notice", "Robot <robot@example.org>", "i, nobody", NULL, NULL, NULL},
    {"the other also misses", "Failure notice", "joe@example.org", "robot", NULL, NULL, NULL},
    {"second know", NULL, NULL, "robot", "x-both", "oh yes", "both"},
    {"second know misses", NULL, NULL, "robot", "x-both", "no", NULL},
    {"header exists", NULL, NULL, NULL, "x-failed", "", "exists"},
    {"by id", "failure notice", "robot@", "Hi. This is the program of robot", NULL, NULL, "both"},
    {"low comes last", "Delivery", NULL, "Hi. This is the program", NULL, NULL, "phrase"},
    {"low", "Delivery", NULL, "x", NULL, NULL, "z-low"},
    {"high needs its also", "Delivery", "daemon", "x", NULL, NULL, "z-low"},
    {"high", "Delivery", "daemon", "Hi. This is the program", "x-high", "1", "high"},
};

/* The field that a mail has, and how often it was decoded. */
struct one_header {
    struct norm_text text;
    unsigned reads;
};

static const struct norm_text *header_text(void *data, struct span value)
{
    struct one_header *h = data;
    cr_expect(span_equal_nocase(span_trim(value), "x"));
    h->reads++;
    return &h->text;
}

static const struct norm_text *norm(struct fixture *f, const char *s)
{
    struct norm_text *text = arena_alloc(&f->arena, sizeof *text);
    if (s)
        text_normalise(&f->arena, span_z(s), LIMIT_SEARCHED_BYTES, text);
    return s ? text : NULL;
}

/* A header of one field, with a name in another case; empty for NULL. */
static const struct field_group *one_field(struct arena *a, const char *name)
{
    struct field_group *g = arena_calloc(a, 1, sizeof *g);
    char *text = arena_printf(a, "%s: x\n\n", name ? name : "");
    text[0] = ascii_upper(text[0]);
    struct span rest = span_z(text);
    if (name)
        fields_read_header(a, &rest, '\n', 10, g, NULL, NULL);
    return g;
}

static const struct dialect *recognise(struct fixture *f, struct matcher *m, const struct header_facts *header,
                                       const struct body_facts *body, size_t *layer)
{
    struct recognition *r = recognition_new(m, &f->arena, header);
    recognition_add_body(r, body);
    return recognition_dialect(r, layer);
}

static const struct dialect *dialect_of(struct fixture *f, struct matcher *m, const struct mail_row *row, size_t *layer)
{
    struct one_header text = {.reads = 0};
    text_normalise(&f->arena, span_z(row->header_value), LIMIT_SEARCHED_BYTES, &text.text);
    struct header_facts header = {.subject = norm(f, row->subject),
                                  .from = norm(f, row->from),
                                  .decode = header_text,
                                  .data = &text,
                                  .fields = one_field(&f->arena, row->header)};
    const struct dialect *d = recognise(f, m, &header, &(struct body_facts){.text = norm(f, row->body)}, layer);
    cr_expect_leq(text.reads, 1u, "%s: a field is decoded once", row->name);
    return d;
}

static const char *id_of(const bounce_rules *rules, size_t layer, const struct dialect *d)
{
    return layer_string(ruleset_layer(rules, layer), d->id);
}

Test(recognise, dialects)
{
    struct fixture f;
    set_up(&f, dialect_rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        size_t layer = 9;
        const struct dialect *d = dialect_of(&f, f.matcher, &mails[i], &layer);
        cr_expect_str_eq(d ? id_of(f.rules, layer, d) : "", mails[i].id ? mails[i].id : "", "%s", mails[i].name);
        cr_expect_eq(layer, d ? 1u : 9u);
        cr_expect_eq(dialect_of(&f, direct, &mails[i], &layer), d, "%s, without the index", mails[i].name);
    }
    matcher_free(direct);
    tear_down(&f);
}

/* What the header must have: the conditions of a group, except those on the body;
 * or, in the vocabulary of a language, only the subject. */
static const struct {
    const char *name, *subject, *from, *header;
    bool sign;
} signs[] = {
    {"nothing", "hello", "joe@example.org", NULL, false},
    {"nothing at all", NULL, NULL, NULL, false},
    {"subject and sender of a group that tests the body, too", "failure notice", "robot@", NULL, true},
    {"its subject alone", "failure notice", "joe@example.org", NULL, false},
    {"the subject alone of a language's vocabulary", "not delivered", "joe@example.org", NULL, true},
    {"its sender alone", "hello", "robot@example.org", NULL, false},
    {"a field", "hello", "joe@example.org", "x-failed", true},
    {"a field with another text", "hello", "joe@example.org", "x-both", false},
    {"half of a group", "hello", "daemon@example.org", NULL, false},
    {"all of it", "hello", "daemon@example.org", "x-high", true},
    {"a dialect that makes it no report", "newsletter", "joe@example.org", NULL, false},
};

Test(recognise, signs_of_a_report)
{
    struct fixture f;
    char *rules = g_strconcat(dialect_rules,
                              "dialect general-x\nsoftware none\nknow subject not delivered\nalso from robot@\n"
                              "dialect no-report\nkind none\nsoftware none\nknow subject newsletter\n",
                              NULL);
    set_up(&f, rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        struct one_header text = {.reads = 0};
        text_normalise(&f.arena, span_z("x"), LIMIT_SEARCHED_BYTES, &text.text);
        struct header_facts header = {.subject = norm(&f, signs[i].subject),
                                      .from = norm(&f, signs[i].from),
                                      .decode = header_text,
                                      .data = &text,
                                      .fields = one_field(&f.arena, signs[i].header)};
        cr_expect_eq(recognition_shows_report(recognition_new(f.matcher, &f.arena, &header)), signs[i].sign, "%s",
                     signs[i].name);
        cr_expect_eq(recognition_shows_report(recognition_new(direct, &f.arena, &header)), signs[i].sign,
                     "%s, without the index", signs[i].name);
    }
    matcher_free(direct);
    g_free(rules);
    tear_down(&f);
}

/* Fields of the delivery status count for the dialect as soon as they are known, and never for the sign. */
Test(recognise, fields_that_come_later)
{
    struct fixture f;
    size_t layer;
    set_up(&f, dialect_rules);
    struct one_header text = {.reads = 0};
    text_normalise(&f.arena, span_z("yes"), LIMIT_SEARCHED_BYTES, &text.text);
    struct header_facts header = {.decode = header_text, .data = &text, .fields = one_field(&f.arena, NULL)};
    for (unsigned asked = 0; asked < 4; asked++) {
        struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
        if (asked & 1)
            cr_expect_not(recognition_shows_report(r), "the field is not there yet");
        if (asked & 2)
            cr_expect_null(recognition_dialect(r, &layer));
        recognition_add_body(r, &(struct body_facts){.status_fields = one_field(&f.arena, "X-Both")});
        const struct dialect *d = recognition_dialect(r, &layer);
        cr_assert_not_null(d);
        cr_expect_str_eq(id_of(f.rules, layer, d), "both");
        cr_expect_not(recognition_shows_report(r), "the field is not in the header");
    }
    tear_down(&f);
}

/* A line pattern can match if its literal is in the body, or if it has none. */
Test(recognise, patterns_that_can_match_a_line)
{
    struct fixture f;
    set_up(&f, "dialect d\nknow body robot\nstart Below this line\nline /^(?:alpha|beta): (?<address>.*)/\n"
               "line /^[0-9]+ (?<address>.*)/\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *start = layer->patterns + layer->dialects[0].starts.first;
    const struct pattern *lines = layer->patterns + layer->dialects[0].lines.first;
    struct header_facts header = {.subject = NULL};
    struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
    cr_expect_not(recognition_line_possible(r, 1, &lines[1]), "there is no line yet");
    recognition_add_body(r, &(struct body_facts){.text = norm(&f, "i, robot\nBETA: joe\n")});
    cr_expect_not(recognition_line_possible(r, 1, start));
    cr_expect(recognition_line_possible(r, 1, &lines[0]));
    cr_expect(recognition_line_possible(r, 1, &lines[1]), "it has no literal");
    struct recognition *next = recognition_new(f.matcher, &f.arena, &header);
    recognition_add_body(next, &(struct body_facts){.text = norm(&f, "i, robot\nbelow this\n\tLINE\n")});
    cr_expect(recognition_line_possible(next, 1, start));
    cr_expect_not(recognition_line_possible(next, 1, &lines[0]), "it is of another mail");
    tear_down(&f);
}

/* A line that a pattern matches has its pairs of letters, however it is written; others mostly lack some. */
Test(recognise, pairs_of_letters_of_a_line)
{
    static const struct {
        const char *line, *other;
    } rows[] = {{"BELOW\tthis  LINE is nothing of ours", "above that line"},
                {"Beta:  joe", "beta joe"},
                {"delivery to Joe FAILED for ever", "delivery failed"},
                {"the  recipients  are  gone", "the mailboxes are gone"},
                {"12 joe", NULL}};
    struct fixture f;
    set_up(
        &f,
        "format 2\nwords whom\nword recipient | recipients\n\ndialect d\nknow body robot\n"
        "start Below this line\nline /^(?:alpha|beta): {1,9}(?<address>\\S+)/\n"
        "line /^delivery to (?<address>\\S+) failed for/\nstop the {whom} are\nline /^[0-9]{1,3} (?<address>\\S+)/\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *lines = layer->patterns + layer->dialects[0].lines.first;
    const struct pattern *patterns[] = {layer->patterns + layer->dialects[0].starts.first, &lines[0], &lines[1],
                                        layer->patterns + layer->dialects[0].stops.first, &lines[2]};
    struct header_facts header = {.subject = NULL};
    struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint64_t pairs = recognition_line_pairs(r, 1, patterns[i]);
        cr_expect(match_pattern(f.matcher, 1, patterns[i], span_z(rows[i].line), NULL, NULL), "%s", rows[i].line);
        cr_expect_eq(pairs & ~word_pairs(span_z(rows[i].line)), 0, "%s", rows[i].line);
        if (rows[i].other)
            cr_expect_neq(pairs & ~word_pairs(span_z(rows[i].other)), 0, "%s", rows[i].other);
        else
            cr_expect_eq(pairs, 0, "%s has no literal", rows[i].line);
    }
    tear_down(&f);
}

Test(recognise, dialects_that_name_no_writer_can_be_left_out)
{
    struct fixture f;
    size_t layer;
    set_up(&f, "dialect a\nsoftware none\nknow body robot\ndialect b\nknow body robot\npriority -1\n");
    struct header_facts header = {.subject = NULL};
    struct body_facts body = {.text = norm(&f, "i, robot")};
    const struct dialect *d = recognise(&f, f.matcher, &header, &body, &layer);
    cr_expect_str_eq(id_of(f.rules, layer, d), "a");
    body.writers_only = true;
    d = recognise(&f, f.matcher, &header, &body, &layer);
    cr_expect_str_eq(id_of(f.rules, layer, d), "b");
    header.no_reports = true;
    cr_expect_null(recognise(&f, f.matcher, &header, &body, &layer));
    tear_down(&f);
}

/* All that hold, in order, including those that are left out. */
Test(recognise, groups_that_hold)
{
    static const struct {
        const char *id;
        size_t conditions;
        bool left_out;
    } rows[] = {{"c", 1, false}, {"a", 1, true}, {"b", 2, false}, {"b", 1, false}};
    struct fixture f;
    set_up(&f, "dialect a\nsoftware none\nknow body robot\n"
               "dialect b\nknow body robot\nalso subject hello\nknow subject hello\nknow subject bye\n"
               "dialect c\npriority 1\nknow body robot\n");
    struct header_facts header = {.subject = norm(&f, "hello")};
    struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
    recognition_add_body(r, &(struct body_facts){.text = norm(&f, "i, robot"), .writers_only = true});
    const struct held_group *held = recognition_held(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, held = held->next) {
        cr_assert_not_null(held, "row %zu", i);
        cr_expect_str_eq(id_of(f.rules, held->layer, held->dialect), rows[i].id, "row %zu", i);
        cr_expect_eq(held->group->count, rows[i].conditions, "row %zu", i);
        cr_expect_eq(held->left_out, rows[i].left_out, "row %zu", i);
    }
    cr_expect_null(held);
    tear_down(&f);
}

/* An expression that costs too much only in an explanation leads to no warning, and costs the message nothing. */
Test(recognise, explanations_cost_nothing)
{
    struct fixture f;
    size_t layer;
    set_up(&f, "dialect a\nknow subject hello\ndialect b\nknow body /^(?:a|aa){1,60}b$/\n");
    struct header_facts header = {.subject = norm(&f, "hello")};
    matcher_begin(f.matcher, &(struct match_budget){.text = 10000, .message = 20000});
    struct recognition *r = recognition_new(f.matcher, &f.arena, &header);
    recognition_add_body(r, &(struct body_facts){.text = norm(&f, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!b?")});
    cr_assert_not_null(recognition_dialect(r, &layer));
    uint64_t left = matcher_left(f.matcher);
    const struct held_group *held = recognition_held(r);
    cr_assert_not_null(held);
    cr_expect_null(held->next);
    cr_expect_eq(matcher_undecided(f.matcher)->count, 0u);
    cr_expect_eq(matcher_left(f.matcher), left);
    tear_down(&f);
}

/* Every example of the built-in rules as each of the texts, with and without the index. */
Test(recognise, the_index_changes_no_built_in_dialect)
{
    struct fixture f = {.rules = bounce_rules_default()};
    size_t layer;
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < bounce_rules_count(f.rules); i++) {
        const struct layer *tables = ruleset_layer(f.rules, 0);
        const struct bounce_rule *rule = ruleset_at(f.rules, i, &layer);
        const char *text = layer_string(tables, layer_list(tables, rule_about(tables, rule)->examples)[0]);
        const struct norm_text *t = norm(&f, text);
        struct header_facts header = {.subject = t, .from = t, .type = t};
        struct body_facts body = {.text = t, .reporting_mta = t, .diagnostic = t};
        cr_expect_eq(recognise(&f, f.matcher, &header, &body, &layer), recognise(&f, direct, &header, &body, &layer),
                     "%s", text);
        arena_reset(&f.arena);
    }
    matcher_free(direct);
    matcher_free(f.matcher);
    arena_free(&f.arena);
    bounce_rules_unref(f.rules);
}

/* A text that a phrase matches: the phrase itself, or the first member of each class. */
static const char *text_of(struct fixture *f, const struct layer *layer, const struct pattern *p)
{
    static const char *const between[] = {"", " ", " x ", " x "};
    const char *text = "";
    if (!p->is_row)
        return layer_string(layer, p->text);
    for (size_t i = 0; i < p->segment_count; i++) {
        const struct row_element *e = &row_elements(layer, p)[i];
        string_at what = e->is_class ? layer->class_members[layer->classes[e->what].members.first].text : e->what;
        text = arena_printf(&f->arena, "%s%s%s", text, between[e->link], layer_string(layer, what));
    }
    return text;
}

/* The index must find a condition in a text that fulfils it; a phrase is such a text itself. */
Test(recognise, phrases_of_built_in_dialects_find_themselves)
{
    struct fixture f = {.rules = bounce_rules_default()};
    const struct layer *layer = ruleset_layer(f.rules, 0);
    size_t which;
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    const size_t of_dialects = layer->sign_count ? layer->signs[0].knows.first : layer->know_count;
    for (size_t i = 0; i < of_dialects; i++) {
        const struct know *k = &layer->knows[i];
        bool alone = !k->also && (i + 1 == layer->know_count || !layer->knows[i + 1].also);
        if (k->key != KNOW_BODY || k->pattern.is_regex || !alone ||
            (k->pattern.segment_count > 1 && !k->pattern.is_row))
            continue;
        const char *phrase = text_of(&f, layer, &k->pattern);
        struct header_facts header = {.subject = NULL};
        struct body_facts body = {.text = norm(&f, phrase)};
        cr_expect_not_null(recognise(&f, f.matcher, &header, &body, &which), "%s", phrase);
    }
    matcher_free(f.matcher);
    arena_free(&f.arena);
    bounce_rules_unref(f.rules);
}

/* The upper layer comes first, unless it yields; a dialect with the same id is replaced. */
Test(recognise, dialects_of_two_layers)
{
    static const struct mail_row row = {"two layers", "failure", NULL, NULL, NULL, NULL, NULL};
    struct fixture f;
    size_t layer;
    set_up(&f, "dialect a\nknow subject failure\ndialect c\nknow subject failure\npriority 1\n");
    const struct layer *base = ruleset_layer(f.rules, 1);
    static const char *const uppers[] = {"dialect b\nknow subject failure\n",
                                         "dialect b\nknow subject failure\nyields c\n",
                                         "dialect c\nknow subject success\n"};
    static const char *const ids[] = {"b", "c", "a"};
    for (size_t i = 0; i < 3; i++) {
        bounce_rules *rules = rules_of(base, uppers[i]);
        struct matcher *m = matcher_new(rules, false, true);
        const struct dialect *d = dialect_of(&f, m, &row, &layer);
        cr_expect_str_eq(d ? id_of(rules, layer, d) : "", ids[i], "row %zu", i);
        matcher_free(m);
        bounce_rules_unref(rules);
    }
    tear_down(&f);
}
