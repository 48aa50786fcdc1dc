/* SPDX-License-Identifier: MIT */
/* test_pack.c - the flat tables of a layer: how nothing is represented, what is shared, where
 * things are, and that no information of the rules is lost. */
#include "rules/layer.h"
#include "rules/pack.h"
#include "rules_testing.h"

/* Rules as they were read, and packed. */
struct fixture {
    struct arena reading, kept;
    struct rule_entries entries;
    const struct parsed_layer *parsed;
    const struct layer *layer;
};

static void set_up(struct fixture *f)
{
    arena_init(&f->reading);
    arena_init(&f->kept);
    rule_entries_init(&f->entries, &f->reading);
}

static void pack(struct fixture *f, const struct layer *lower)
{
    f->parsed = layer_arrange(&f->entries, lower, &f->kept);
    cr_assert(f->parsed, "%s:%u: %s", f->entries.errors[0].path, (unsigned)f->entries.errors[0].line,
              f->entries.errors[0].message);
    f->layer = layer_pack(f->parsed, &f->kept);
}

static void set_up_text(struct fixture *f, const char *text)
{
    set_up(f);
    rule_file_read(&f->entries, "folder/t.rules", span_z(text));
    pack(f, NULL);
}

static void tear_down(struct fixture *f)
{
    arena_free(&f->reading);
    arena_free(&f->kept);
}

static const struct rule_about *about_of(const struct fixture *f, size_t rank)
{
    return rule_about(f->layer, &f->layer->rules[rank]);
}

/* ------------------------------------------------------------ none, and zero */

Test(pack, nothing)
{
    struct fixture f;
    set_up_text(&f, "");
    cr_expect(!f.layer->rule_count && !f.layer->dialect_count && !f.layer->pattern_count && !f.layer->segment_count);
    cr_expect(!f.layer->know_count && !f.layer->action_count && !f.layer->decided_count && !f.layer->command_count);
    cr_expect(f.layer->removed == 0 && f.layer->word_count == 0);
    for (size_t i = 0; i < WORDS_COUNT; i++)
        cr_expect_eq(f.layer->word_lists[i].count, 0u);
    cr_expect_null(layer_string(f.layer, 0));
    cr_expect_null(layer_list(f.layer, 0));
    cr_expect(f.layer->string_bytes == 1 && f.layer->strings[0] == '\0', "place 0 means none");
    cr_expect(f.layer->list_count == 1 && f.layer->lists[0] == 0);
    cr_expect_eq(f.layer->scope_count, 1u);
    tear_down(&f);
}

/* A packed layer needs nothing from its source. */
Test(pack, none_is_zero)
{
    struct fixture f;
    set_up_text(&f, "rule a\n" REASON "phrase over quota\nwhy w\nexample e\nnear quota\n"
                    "dialect d\nsoftware none\nknow header X-Failed\n");
    arena_free(&f.reading);
    arena_init(&f.reading);
    const struct bounce_rule *rule = &f.layer->rules[0];
    cr_expect_null(layer_string(f.layer, about_of(&f, 0)->tag));
    cr_expect_null(layer_list(f.layer, about_of(&f, 0)->needs));
    cr_expect(rule->scope == 0 && rule->unless_count == 0 && rule->cause == BOUNCE_REASON_UNKNOWN);
    const struct dialect *d = &f.layer->dialects[0];
    const struct know *know = &f.layer->knows[d->knows.first];
    cr_expect_null(layer_string(f.layer, d->software));
    cr_expect_null(layer_string(f.layer, d->charset));
    cr_expect(d->starts.count == 0 && d->lines.count == 0 && d->actions.count == 0);
    cr_expect(!d->is_general && !d->own_replies);
    cr_expect(know->any && !know->pattern.text && !know->pattern.segment_count && !know->pattern.is_regex);
    cr_expect_str_eq(layer_string(f.layer, know->header), "x-failed");
    tear_down(&f);
}

Test(pack, an_empty_string_is_not_none)
{
    static const char *const empty[] = {"", "x", NULL}, *const no_items[] = {NULL};
    struct fixture f;
    struct parsed_rule rules[] = {{.id = "a", .file = "f", .why = "", .examples = empty, .nears = no_items}};
    static const uint8_t places[BOUNCE_REASON_DELIVERED + 1];
    struct parsed_layer parsed = {.rules = rules, .rule_count = 1, .reason_places = places};
    set_up(&f);
    f.layer = layer_pack(&parsed, &f.kept);
    cr_expect_str_eq(layer_string(f.layer, about_of(&f, 0)->why), "");
    cr_expect_null(layer_string(f.layer, about_of(&f, 0)->tag));
    const string_at *list = layer_list(f.layer, about_of(&f, 0)->examples);
    cr_expect_str_eq(layer_string(f.layer, list[0]), "");
    cr_expect_str_eq(layer_string(f.layer, list[1]), "x");
    cr_expect_eq(list[2], 0u);
    cr_expect_null(layer_list(f.layer, about_of(&f, 0)->nears), "an empty list is none");
    tear_down(&f);
}

Test(pack, what_a_rule_implies)
{
    struct fixture f;
    set_up_text(&f,
                "rule a\nreason rate-limited\nimplies recipient-limit\nphrase user has had enough\nwhy w\nexample e\n"
                "near user\nrule b\nreason network-error\nimplies mail-client\nphrase no socket\nwhy w\nexample e\n"
                "near socket\nrule c\nreason network-error\nphrase no wire\nwhy w\nexample e\nnear wire\n");
    cr_expect_eq(about_of(&f, 0)->implies, (uint32_t)IMPLIES_RECIPIENT_LIMIT);
    cr_expect_eq(about_of(&f, 1)->implies, (uint32_t)IMPLIES_MAIL_CLIENT);
    cr_expect_eq(about_of(&f, 2)->implies, (uint32_t)IMPLIES_NOTHING);
    tear_down(&f);
}

/* ----------------------------------------------------------------- sharing */

static size_t times_in_pool(const struct layer *layer, const char *s)
{
    size_t times = 0;
    for (size_t at = 0; at < layer->string_bytes; at += strlen(layer->strings + at) + 1)
        times += strcmp(layer->strings + at, s) == 0;
    return times;
}

Test(pack, what_is_equal_is_stored_once)
{
    struct fixture f;
    set_up_text(&f,
                "rule a\n" REASON "scope host x.test y.test\nscope code 550\nphrase over quota\nwhy same\nexample e\n"
                "near quota\n"
                "rule b\n" REASON "scope host x.test y.test\nscope code 550\nphrase quota ... over quota\nwhy same\n"
                "example e\nnear quota\n"
                "rule c\n" REASON "scope host x.test\nphrase full box\nwhy other\nexample e\nexample f\nnear box\n"
                "dialect x.test\nknow subject over quota\n");
    const struct bounce_rule *a = &f.layer->rules[0], *b = &f.layer->rules[1], *c = &f.layer->rules[2];
    cr_assert_str_eq(layer_string(f.layer, b->id), "b");
    cr_assert_str_eq(layer_string(f.layer, c->id), "c");
    cr_expect(a->scope && a->scope == b->scope && c->scope && c->scope != a->scope);
    cr_expect_eq(f.layer->scope_count, 3u);
    cr_expect_eq(about_of(&f, 0)->why, about_of(&f, 1)->why);
    cr_expect_eq(about_of(&f, 0)->file, about_of(&f, 2)->file);
    cr_expect_eq(about_of(&f, 0)->examples, about_of(&f, 1)->examples);
    cr_expect_neq(about_of(&f, 0)->examples, about_of(&f, 2)->examples);
    static const char *const strings[] = {"over quota", "x.test", "t.rules", "same", "e", "550", "quota"};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        cr_expect_eq(times_in_pool(f.layer, strings[i]), 1u, "%s", strings[i]);
    tear_down(&f);
}

/* What is only shown comes after what is searched. */
Test(pack, what_is_only_shown_is_apart)
{
    struct fixture f;
    set_up_text(&f, "rule a\n" REASON "scope lang de\nphrase over quota\nwhy shown\nexample shown, too\nnear quota no\n"
                    "rule b\n" REASON "phrase full box\nwhy shown\nexample shown, too\nnear box no\n"
                    "dialect d\nknow subject failure\nknow body /^robot \\d+/\n");
    for (size_t i = 0; i < f.layer->pattern_count; i++)
        cr_expect_lt(f.layer->patterns[i].text, about_of(&f, 0)->why);
    cr_expect_lt(f.layer->knows[0].pattern.text, about_of(&f, 0)->why);
    cr_expect_lt(layer_list(f.layer, f.layer->scopes[1].langs)[0], about_of(&f, 0)->why);
    tear_down(&f);
}

/* ----------------------------------------------------------------- patterns */

Test(pack, segments_have_their_lengths)
{
    static const char *const parts[] = {"user", "is", "unknown"};
    struct fixture f;
    set_up_text(&f, "rule a\n" REASON "phrase Bo\xc3\xaete pleine\nphrase User ... is ... unknown*\nmatch box \\d+\n"
                    "need full\nneed over quota\nunless one ... two\nunless /3|4/\nwhy w\nexample e\nnear user\n");
    const struct bounce_rule *rule = &f.layer->rules[0];
    const struct pattern *p = rule_patterns(f.layer, rule);
    cr_assert(rule->pattern_count == 3 && rule->unless_count == 2 && f.layer->pattern_count == 5);
    cr_expect(p[0].segment_count == 1 && !p[0].open_end && !p[0].is_regex && p[0].length == 12);
    cr_expect_str_eq(layer_string(f.layer, p[0].text), "boite pleine");
    cr_expect(p[1].segment_count == 3 && p[1].open_end);
    for (size_t i = 0; i < 3; i++) {
        struct span part = pattern_segment(f.layer, &p[1], i);
        cr_expect(part.n == strlen(parts[i]) && strcmp(part.s, parts[i]) == 0, "%s", parts[i]);
    }
    cr_expect(p[2].is_regex && p[2].segment_count == 0 && p[2].length == 7);
    cr_expect_str_eq(layer_string(f.layer, p[2].text), "box \\d+");
    cr_expect_str_eq(pattern_segment(f.layer, &p[3], 1).s, "two", "the unless come last");
    cr_expect(p[4].is_regex && p[4].more != p[2].more && f.layer->regex_count == 2);
    const string_at *needs = layer_list(f.layer, about_of(&f, 0)->needs);
    cr_expect_str_eq(layer_string(f.layer, needs[0]), "full");
    cr_expect_str_eq(layer_string(f.layer, needs[1]), "over quota");
    cr_expect_eq(needs[2], 0u);
    tear_down(&f);
}

Test(pack, a_rule_finds_its_layer)
{
    struct fixture f;
    set_up_text(&f, "rule a\n" REASON "phrase over quota\ntag red\nwhy w\nexample e\nnear quota\n"
                    "rule b\n" REASON "phrase full box\nwhy v\nexample e\nnear box\n");
    for (size_t i = 0; i < f.layer->rule_count; i++)
        cr_expect_eq(rule_layer(&f.layer->rules[i]), f.layer);
    cr_expect_str_eq(bounce_rule_string(&f.layer->rules[0], BOUNCE_RULE_TAG), "red");
    cr_expect_str_eq(bounce_rule_string(&f.layer->rules[1], BOUNCE_RULE_WHY), "v");
    cr_expect_eq(bounce_rule_line(&f.layer->rules[1]), 8u);
    for (size_t i = 0; i < bounce_builtin_layer.rule_count; i++)
        cr_expect_eq(rule_layer(&bounce_builtin_layer.rules[i]), &bounce_builtin_layer);
    tear_down(&f);
}

Test(pack, removed_rules)
{
    struct fixture base, f;
    set_up_text(&base, "rule a\n" REASON "phrase over quota\nwhy w\nexample e\nnear quota\n"
                       "rule b\n" REASON "phrase full box\nwhy v\nexample e\nnear box\n");
    set_up(&f);
    rule_file_read(&f.entries, "u", span_z("override b\noverride a\n"));
    pack(&f, base.layer);
    const string_at *removed = layer_list(f.layer, f.layer->removed);
    cr_expect_str_eq(layer_string(f.layer, removed[0]), "b");
    cr_expect_str_eq(layer_string(f.layer, removed[1]), "a");
    cr_expect_eq(removed[2], 0u);
    tear_down(&f);
    tear_down(&base);
}

/* ------------------------------------------------------------------- words */

/* As written, except for white space and the case of ASCII; each list together, with the pairs of its words. */
Test(pack, words)
{
    static const struct {
        enum word_list list;
        size_t count;
        const char *words[3];
    } want[] = {{WORDS_CONTACT, 3, {"ask us", "(from", "\xc3\x9c\x62\x65r"}},
                {WORDS_TURN_TO, 1, {"ask us"}},
                {WORDS_REFUSED, 2, {"uber", "refuse"}},
                {WORDS_FOOTER, 0, {NULL}}};
    struct fixture f;
    set_up_text(&f, "words contact\nword Ask \t US\nwords refused\nword \xc3\x9c\x42\x45R\nword refus\xc3\xa9\n"
                    "words turn-to\nword ask us\nwords contact\nword (from\nword \xc3\x9c\x42\x45R\n");
    arena_free(&f.reading);
    arena_init(&f.reading);
    cr_assert_eq(f.layer->word_count, 6u);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const struct range range = f.layer->word_lists[want[i].list];
        cr_assert_eq(range.count, want[i].count);
        for (size_t k = 0; k < range.count; k++) {
            const struct listed_word *w = &f.layer->words[range.first + k];
            cr_expect_str_eq(layer_string(f.layer, w->text), want[i].words[k]);
            cr_expect_eq(w->length, strlen(want[i].words[k]));
            cr_expect_eq(w->pairs, word_pairs(span_z(want[i].words[k])));
        }
    }
    cr_expect_eq(times_in_pool(f.layer, "ask us"), 1u);
    tear_down(&f);
}

Test(pack, who_words_its_own_replies)
{
    struct fixture f;
    set_up_text(&f, "dialect a\nknow body abc\nown-words reply\ndialect b\nknow body abc\nown-words none\n"
                    "dialect general-c\nknow body abc\nown-words reply\n");
    cr_assert_eq(f.layer->dialect_count, 3u);
    cr_expect(f.layer->dialects[0].own_replies && !f.layer->dialects[0].is_general);
    cr_expect(!f.layer->dialects[1].own_replies && !f.layer->dialects[1].is_general);
    cr_expect(f.layer->dialects[2].own_replies && f.layer->dialects[2].is_general);
    tear_down(&f);
}

/* -------------------------------------------- nothing of the rules is lost */

static void expect_string(const struct layer *layer, string_at at, const char *want)
{
    const char *s = layer_string(layer, at);
    cr_assert(want ? s && strcmp(s, want) == 0 : !s, "%s, not %s", s ? s : "(none)", want ? want : "(none)");
}

static void expect_list(const struct layer *layer, list_at at, const char *const *want)
{
    const string_at *item = layer_list(layer, at);
    cr_assert_eq(!item, !want);
    for (; want && *want; want++, item++)
        expect_string(layer, *item, *want);
    cr_assert(!item || !*item, "the list ends where it should");
}

static void expect_element(const struct layer *layer, const struct row_element *e, const struct parsed_element *want)
{
    cr_assert(e->is_class == !want->text && e->link == want->link && e->optional == want->optional &&
              e->open_start == want->open_start && e->open_end == want->open_end);
    if (want->text)
        expect_string(layer, e->what, want->text);
    else
        expect_string(layer, layer->classes[e->what].name, want->class_name);
}

static void expect_row(const struct layer *layer, const struct pattern *p, const struct parsed_row *want)
{
    cr_assert(p->is_row && p->segment_count == want->count && p->length == want->found_by &&
              p->at_start == want->at_start && p->at_end == want->at_end);
    for (size_t i = 0; i < want->count; i++)
        expect_element(layer, &row_elements(layer, p)[i], &want->elements[i]);
}

static void expect_pattern(const struct layer *layer, const struct pattern *p, const struct parsed_pattern *want)
{
    if (want->row) {
        expect_row(layer, p, want->row);
        return;
    }
    cr_assert(p->is_regex == want->is_regex && p->segment_count == want->segment_count &&
              p->open_end == want->open_end);
    if (want->is_regex) {
        expect_string(layer, p->text, want->source);
        cr_assert_eq(p->more, want->regex_id);
    }
    for (size_t i = 0; i < want->segment_count; i++) {
        struct span part = pattern_segment(layer, p, i);
        cr_assert(part.n == strlen(want->segments[i]) && strcmp(part.s, want->segments[i]) == 0);
    }
}

static void expect_patterns(const struct layer *layer, struct range range, const struct parsed_pattern *want,
                            size_t count)
{
    cr_assert_eq(range.count, count);
    for (size_t i = 0; i < count; i++)
        expect_pattern(layer, &layer->patterns[range.first + i], &want[i]);
}

static void expect_rule(const struct layer *layer, const struct bounce_rule *rule, const struct parsed_rule *want)
{
    const struct rule_about *about = rule_about(layer, rule);
    const struct scope *scope = &layer->scopes[rule->scope];
    expect_string(layer, rule->id, want->id);
    expect_string(layer, about->file, want->file);
    expect_string(layer, about->why, want->why);
    expect_string(layer, about->tag, want->tag);
    cr_assert(about->line == want->line && rule->tier == want->tier && about->priority == want->priority &&
              about->last == want->last && rule->reason == want->reason && rule->cause == want->cause &&
              rule->first_owner == want->first_owner && about->implies == want->implies);
    cr_assert(scope->commands == want->scope.commands && scope->origins == want->scope.origins);
    expect_list(layer, scope->hosts, want->scope.hosts);
    expect_list(layer, scope->softwares, want->scope.softwares);
    expect_list(layer, scope->langs, want->scope.langs);
    expect_list(layer, scope->codes, want->scope.codes);
    expect_list(layer, scope->statuses, want->scope.statuses);
    struct range patterns = {rule->first_pattern, rule->pattern_count};
    expect_patterns(layer, patterns, want->patterns, want->pattern_count);
    patterns = (struct range){rule->first_pattern + rule->pattern_count, rule->unless_count};
    expect_patterns(layer, patterns, want->unless, want->unless_count);
    expect_list(layer, about->needs, want->needs);
    expect_list(layer, about->examples, want->examples);
    expect_list(layer, about->nears, want->nears);
}

static void expect_know(const struct layer *layer, const struct know *k, const struct parsed_know *want)
{
    cr_assert(k->key == want->key && k->also == want->also && k->any == want->any && k->twin == want->twin &&
              k->header_slot == want->header_slot);
    expect_string(layer, k->header, want->key == KNOW_SIGN ? want->sign : want->header);
    expect_pattern(layer, &k->pattern, &want->pattern);
}

static void expect_small_lists(const struct layer *layer, const struct dialect *d, const struct parsed_dialect *want)
{
    cr_assert(d->actions.count == want->action_count && d->decided.count == want->decided_count &&
              d->commands.count == want->command_count);
    for (size_t i = 0; i < want->action_count; i++) {
        const struct dialect_action *action = &layer->actions[d->actions.first + i];
        cr_assert(action->action == want->actions[i].action && action->always == want->actions[i].always);
        expect_pattern(layer, &action->pattern, &want->actions[i].pattern);
    }
    for (size_t i = 0; i < want->decided_count; i++) {
        const struct dialect_decided *decided = &layer->decided[d->decided.first + i];
        cr_assert(decided->who == want->decided[i].who && decided->always == want->decided[i].always);
        expect_pattern(layer, &decided->pattern, &want->decided[i].pattern);
    }
    for (size_t i = 0; i < want->command_count; i++) {
        const struct dialect_command *command = &layer->commands[d->commands.first + i];
        cr_assert_eq(command->command, want->commands[i].command);
        expect_pattern(layer, &command->phrase, &want->commands[i].phrase);
    }
}

static void expect_dialect(const struct layer *layer, const struct dialect *d, const struct parsed_dialect *want)
{
    expect_string(layer, d->id, want->id);
    expect_string(layer, d->software, want->software);
    expect_string(layer, d->file, want->file);
    expect_string(layer, d->charset, want->charset);
    cr_assert(d->line == want->line && d->kind == want->kind && d->priority == want->priority &&
              d->last == want->last && d->join == want->join && d->own_replies == want->own_replies);
    cr_assert_eq(d->is_general, strncmp(want->id, "general", 7) == 0);
    cr_assert_eq(d->knows.count, want->know_count);
    for (size_t i = 0; i < want->know_count; i++)
        expect_know(layer, &layer->knows[d->knows.first + i], &want->knows[i]);
    expect_patterns(layer, d->starts, want->starts, want->start_count);
    expect_patterns(layer, d->stops, want->stops, want->stop_count);
    expect_patterns(layer, d->originals, want->originals, want->original_count);
    expect_patterns(layer, d->boilerplates, want->boilerplates, want->boilerplate_count);
    expect_patterns(layer, d->blocks, want->blocks, want->block_count);
    expect_patterns(layer, d->lines, want->lines, want->line_count);
    expect_small_lists(layer, d, want);
}

static void expect_words(const struct layer *layer, size_t list, const struct parsed_words *want)
{
    const struct range range = layer->word_lists[list];
    cr_assert(range.count == want->count && want->count > 0, "each list has words: %zu", list);
    for (size_t i = 0; i < want->count; i++)
        expect_string(layer, layer->words[range.first + i].text, want->items[i].text);
}

/* The built-in rules use all features. test_builtin.c shows that the library contains these. */
Test(pack, packing_the_built_in_rules_loses_nothing)
{
    struct fixture f;
    set_up(&f);
    rule_source_read(&f.entries, BOUNCE_SOURCE_DIR "/data/patterns");
    reason_order_read(&f.entries, BOUNCE_SOURCE_DIR "/data/patterns/order");
    pack(&f, NULL);
    cr_assert(f.layer->rule_count > 0 && f.layer->rule_count == f.parsed->rule_count);
    for (size_t i = 0; i < f.layer->rule_count; i++)
        expect_rule(f.layer, &f.layer->rules[i], &f.parsed->rules[i]);
    cr_assert(f.layer->dialect_count > 0 && f.layer->dialect_count == f.parsed->dialect_count);
    for (size_t i = 0; i < f.layer->dialect_count; i++)
        expect_dialect(f.layer, &f.layer->dialects[i], &f.parsed->dialects[i]);
    for (size_t i = 0; i < WORDS_COUNT; i++)
        expect_words(f.layer, i, &f.parsed->words[i]);
    cr_expect_eq(f.layer->know_count, f.parsed->know_count);
    cr_expect_eq(f.layer->action_count, f.parsed->action_count);
    tear_down(&f);
}
