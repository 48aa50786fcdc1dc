/* SPDX-License-Identifier: MIT */
/*
 * reading_testing.h - findings made by hand, and mails read as far as parse.c
 * reads them before the verdicts, for the tests of reading.
 *
 * Findings are identified by index: a pointer is valid until the next one is added.
 */
#ifndef READING_TESTING_H
#define READING_TESTING_H

#include "core_testing.h"
#include "reading/kind.h"
#include "reading/reading.h"
#include "reading/writer.h"

static struct arena reading_scratch, reading_keep;
static struct reading rd;

static inline void reading_set_up(void)
{
    arena_init(&reading_scratch);
    arena_init(&reading_keep);
    rd = (struct reading){.scratch = &reading_scratch};
}

static inline void reading_tear_down(void)
{
    arena_free(&reading_scratch);
    arena_free(&reading_keep);
}

static inline struct finding *finding_at(uint32_t i)
{
    cr_assert_lt(i, rd.findings.count);
    return &rd.findings.list[i];
}

/* A finding that names a recipient, or concerns the whole message. */
static inline uint32_t add(enum finding_kind kind, const char *address)
{
    struct finding *f = findings_add(&rd, kind, READER_GENERAL);
    f->address = address;
    return f->parent;
}

static inline uint32_t add_fields(const char *address, const char *alias, bounce_action action)
{
    uint32_t i = add(FINDING_FIELDS, address);
    finding_at(i)->alias = alias;
    finding_at(i)->action = action;
    return i;
}

static inline uint32_t add_alias(uint32_t parent, const char *alias)
{
    uint32_t i = add(FINDING_ALIAS, NULL);
    finding_at(i)->parent = parent;
    finding_at(i)->alias = alias;
    return i;
}

static inline uint32_t add_session(uint32_t parent, int code, bounce_command command, const char *host)
{
    uint32_t i = add(FINDING_SESSION, NULL);
    struct finding *f = finding_at(i);
    f->parent = parent;
    f->reply_code = code;
    f->command = command;
    f->remote_mta = host;
    return i;
}

/* Words about the recipient of a parent. */
static inline uint32_t add_words(uint32_t parent, enum text_origin origin, const char *words)
{
    cr_assert_not_null(findings_add_text(&rd, parent, origin, "part 1", texts_intern(&rd, span_z(words))));
    return (uint32_t)rd.findings.count - 1;
}

/* The same as a reply that states facts. */
static inline uint32_t add_reply(uint32_t parent, enum text_origin origin, const char *words)
{
    uint32_t i = add_words(parent, origin, words);
    finding_at(i)->is_reply = true;
    finding_at(i)->command = texts_reply(&rd, finding_at(i)->text)->command;
    return i;
}

/* The Diagnostic-Code of FINDING_FIELDS. */
static inline void set_diagnostic(uint32_t fields, const char *type, const char *words)
{
    struct finding *f = finding_at(fields);
    f->diagnostic_type = type;
    f->diagnostic = words;
    f->where = "Diagnostic-Code";
    f->text = texts_intern(&rd, span_z(words));
    f->command = texts_reply(&rd, f->text)->command;
}

static inline struct resolution resolve_as(bool own_words)
{
    const struct resolve_input in = {
        .findings = &rd.findings, .scratch = &reading_scratch, .keep = &reading_keep, .own_words = own_words};
    return resolve(&in);
}

static inline struct resolution resolved(void)
{
    return resolve_as(false);
}

/* "joe@x.test=team@x.test failed, ann@x.test delivered": address, after '=' the
 * original, action; "-" for no address, "+" after one that is partial. */
static inline const char *people(const struct resolution *r)
{
    struct strbuf b;
    strbuf_init(&b, &reading_keep);
    for (size_t i = 0; i < r->count; i++) {
        const struct facts *to = &r->recipients[i];
        const char *action = to->action ? bounce_action_name(to->action) : "?";
        strbuf_puts(&b, arena_printf(&reading_keep, "%s%s%s%s %s%s", i ? ", " : "", shown(to->address),
                                     to->original ? "=" : "", to->original ? to->original : "", action,
                                     to->partial ? "+" : ""));
    }
    return r->count ? b.s : "";
}

#define expect_people(expected) \
    do { \
        const struct resolution expect_r = resolved(); \
        cr_expect_str_eq(people(&expect_r), (expected), "%s", people(&expect_r)); \
    } while (0)

/* "reply: 550 no; beside: words": the texts of a recipient with their origins. */
static inline const char *fact_texts(const struct facts *to)
{
    struct strbuf b;
    strbuf_init(&b, &reading_keep);
    strbuf_puts(&b, "");
    for (const struct fact_text *t = to->texts; t; t = t->next)
        strbuf_puts(&b, arena_printf(&reading_keep, "%s%s: %.*s", t == to->texts ? "" : "; ",
                                     text_origin_name(t->origin), (int)t->raw.n, t->raw.s));
    return to->texts ? b.s : "";
}

#define expect_texts(to, expected) cr_expect_str_eq(fact_texts(to), (expected), "%s", fact_texts(to))

#endif
