/* SPDX-License-Identifier: MIT */
/* test_events.c - events through the public functions: results, counts and refusals. */
#include "core_testing.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static bounce_events *made[64];
static size_t made_count;

static void free_events(void)
{
    while (made_count)
        bounce_events_free(made[--made_count]);
    core_tear_down();
}

TestSuite(events, .init = core_set_up, .fini = free_events);

#define GOOD \
    "{\"event\":\"bounce\",\"email\":\"a@maple.example\",\"sg_event_id\":\"1\",\"reason\":\"550 5.1.1 user unknown\"}"

static bounce_events *new_events(void)
{
    cr_assert(made_count < COUNT(made));
    cr_assert_eq(bounce_events_new(core_parser, &made[made_count], NULL), BOUNCE_OK);
    return made[made_count++];
}

/* One letter for each result: R a report with recipients, U one without, E an error. */
static const char *all(bounce_events *e, const char *text, size_t n, bounce_error *error)
{
    static char letters[32];
    size_t count = 0;
    bounce_status status;
    bounce_report *report;
    bounce_events_add(e, text, n);
    bounce_events_finish(e);
    while ((status = bounce_events_next(e, &report, NULL, error)) != BOUNCE_END && count < sizeof letters - 1) {
        letters[count++] = status != BOUNCE_OK ? 'E' : bounce_report_recipients(report) ? 'R' : 'U';
        bounce_report_free(report);
    }
    letters[count] = '\0';
    return letters;
}

static const char *read_text(const char *text)
{
    bounce_error error = {0};
    return all(new_events(), text, strlen(text), &error);
}

Test(events, arguments)
{
    bounce_events *e = NULL;
    bounce_report *report;
    cr_expect_eq(bounce_events_new(NULL, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_null(e);
    cr_expect_eq(bounce_events_next(NULL, &report, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_events_skipped(NULL), 0);
    bounce_events_free(NULL);
    bounce_events_add(NULL, "x", 1);
    bounce_events_finish(NULL);
}

Test(events, a_report)
{
    bounce_events *e = new_events();
    bounce_report *r = NULL;
    bounce_source source;
    bounce_events_add(e, "[" GOOD, strlen("[" GOOD));
    cr_assert_eq(bounce_events_next(e, &r, &source, NULL), BOUNCE_OK);
    core_keep(r);
    cr_expect_eq(source.offset, 1);
    cr_expect_eq(source.length, strlen(GOOD));
    cr_expect_eq(source.index, 0);
    cr_expect_eq(bounce_report_kind(r), BOUNCE_KIND_EVENT);
    cr_expect_str_eq(shown(bounce_report_string(r, BOUNCE_REPORT_SERVICE_NAME)), "sendgrid");
    cr_expect_str_eq(shown(bounce_report_string(r, BOUNCE_REPORT_SERVICE_EVENT)), "bounce");
    cr_expect_null(bounce_report_string(r, BOUNCE_REPORT_SERVICE_CLASS));
    cr_expect_str_eq(shown(bounce_report_string(r, BOUNCE_REPORT_SERVICE_ID)), "1");
    cr_expect_eq(bounce_recipient_reason(bounce_report_recipient(r, 0)), BOUNCE_REASON_NO_SUCH_USER);
    cr_expect_eq(bounce_events_next(e, &r, NULL, NULL), BOUNCE_END, "more may come");
    bounce_events_finish(e);
    cr_expect_eq(bounce_events_next(e, &r, NULL, NULL), BOUNCE_ERROR_SYNTAX, "the array does not end");
    cr_expect_eq(bounce_events_next(e, &r, NULL, NULL), BOUNCE_END);
}

Test(events, bad_input)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"{\"event\":\"bounce\",}\n" GOOD, "ER"},
        {"{\"a\":01}" GOOD, "ER"},
        {"{\"a\":1e999}\n" GOOD, "ER"},
        {"{\"a\":\"\xff\"}\n" GOOD, "ER"},
        {"5\n" GOOD, "ER"},
        {"hello\n" GOOD, "ER"},
        {GOOD "\n{\"event\":", "RE"},
        {"{\"a\":1}", "U"},
        {"{\"sg_event_id\":5,\"event\":7,\"email\":[1]}", ""},
        {"{\"sg_event_id\":5,\"event\":\"bounce\",\"email\":7,\"reason\":[\"550\"],\"status\":{}}", "R"},
        {"{\"sg_event_id\":null,\"event\":\"bounce\"}", "R"},
        {"{\"mail\":{},\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[]}}", "R"},
        {"{\"mail\":null,\"notificationType\":\"Bounce\",\"bounce\":[7]}", "R"},
        {"{\"Type\":\"Notification\",\"Message\":\"{broken\"}\n" GOOD, "ER"},
        {"{\"Type\":\"Notification\",\"Message\":\"words\"}\n" GOOD, "R"},
        {"{\"Type\":\"Notification\",\"Message\":7}\n" GOOD, "R"},
        {"{\"event-data\":null}\n" GOOD, "R"},
        {"{\"msys\":{\"message_event\":[]}}\n" GOOD, "R"},
        {"{\"event\":\"bounce\",\"email\":\"a\\u0000@x.example\",\"sg_event_id\":\"1\",\"reason\":\"no\\u0000 user\"}",
         "R"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(read_text(rows[i].text), rows[i].want, "%s", rows[i].text);
}

Test(events, where_it_is_broken)
{
    static const char text[] = GOOD "\n\n[\n{\"event\":\n\n nonsense}]";
    bounce_error error = {0};
    cr_expect_str_eq(all(new_events(), text, strlen(text), &error), "RE");
    cr_expect_eq(error.line, 6);
    char want[64];
    snprintf(want, sizeof want, "line 6, offset %zu: ", strlen(GOOD) + 4);
    cr_expect_eq(strncmp(error.message, want, strlen(want)), 0, "%s", error.message);
}

Test(events, counted)
{
    bounce_events *e = new_events();
    static const char text[] =
        "{\"sg_event_id\":\"1\",\"event\":\"open\"}{\"sg_event_id\":\"1\",\"event\":\"new\"}" GOOD;
    cr_expect_str_eq(all(e, text, strlen(text), NULL), "R");
    cr_expect_eq(bounce_events_skipped(e), 2);
    cr_expect_str_eq(all(e, text, strlen(text), NULL), "R", "another input");
    cr_expect_eq(bounce_events_skipped(e), 4);
}

/* An event in `wraps` envelopes as a queue adds them. */
static const char *wrapped(size_t wraps)
{
    static char text[4096];
    char *at = text;
    for (size_t i = 0; i < wraps; i++)
        at = stpcpy(at, "{\"Records\":");
    at = stpcpy(at, GOOD);
    for (size_t i = 0; i < wraps; i++)
        at = stpcpy(at, "}");
    return text;
}

Test(events, envelopes_in_envelopes)
{
    cr_expect_str_eq(read_text(wrapped(LIMIT_EVENT_WRAPS)), "R");
    cr_expect_str_eq(read_text(wrapped(LIMIT_EVENT_WRAPS + 1)), "E");
}

static size_t reports_inside(size_t count, size_t *errors)
{
    char *text = malloc(count * (sizeof GOOD + 1) + 64), *at = stpcpy(text, "{\"Records\":[");
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, i ? "," GOOD : GOOD);
    at = stpcpy(at, "]}");
    bounce_events *e = new_events();
    bounce_events_add(e, text, (size_t)(at - text));
    bounce_events_finish(e);
    size_t reports = *errors = 0;
    bounce_report *report;
    for (bounce_status status; (status = bounce_events_next(e, &report, NULL, NULL)) != BOUNCE_END;) {
        reports += status == BOUNCE_OK;
        *errors += status == BOUNCE_ERROR_SYNTAX;
        bounce_report_free(report);
    }
    free(text);
    return reports;
}

Test(events, many_in_one_document)
{
    size_t errors;
    cr_expect_eq(reports_inside(LIMIT_EVENTS_INSIDE, &errors), LIMIT_EVENTS_INSIDE);
    cr_expect_eq(errors, 0);
    cr_expect_eq(reports_inside(LIMIT_EVENTS_INSIDE + 1, &errors), LIMIT_EVENTS_INSIDE);
    cr_expect_eq(errors, 1, "and it is reported");
}

Test(events, what_seems_to_be_an_event)
{
    static const char *const yes[] = {"{\"a\":1}", " \n[ {\"a\" : 1", "\xef\xbb\xbf{\"a\":", "{}", "[[{ }"};
    static const char *const no[] = {"", "{", "[", "[1]", "{a:1}", "From: a@b\n\n{\"a\":1}", "{\"a\"", "{\"a\",", "x"};
    for (size_t i = 0; i < COUNT(yes); i++)
        cr_expect(bounce_events_seem(yes[i], strlen(yes[i])), "%s", yes[i]);
    for (size_t i = 0; i < COUNT(no); i++)
        cr_expect_not(bounce_events_seem(no[i], strlen(no[i])), "%s", no[i]);
    cr_expect_not(bounce_events_seem(NULL, 0));
}
