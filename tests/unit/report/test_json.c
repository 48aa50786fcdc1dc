/* SPDX-License-Identifier: MIT */
/* test_json.c - the JSON writer on reports made by hand: all keys, in order. */
#include "report/report.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static bounce_report *new_report(bounce_kind kind)
{
    bounce_report *r = report_make("2026.11+sha256:00", NULL, NULL, &(bounce_report *){NULL});
    r->kind = kind;
    return r;
}

static const char *json_of(bounce_report *r, const bounce_source *source)
{
    const char *json;
    size_t length;
    cr_assert_eq(bounce_report_json(r, source, &json, &length), BOUNCE_OK);
    cr_assert_eq(length, strlen(json));
    return json;
}

#define HEAD \
    "{\"schema\":1,\"rules\":\"2026.11+sha256:00\"," \
    "\"source\":{\"path\":null,\"index\":null,\"offset\":null,\"length\":null},"
#define NO_FACTS \
    "\"software\":null,\"sent\":null,\"sent_why\":null,\"trust\":null,\"machine\":false,\"auto_reply\":null," \
    "\"report\":{\"message_id\":null,\"from\":null,\"to\":null,\"date\":null,\"subject\":null}," \
    "\"reporting_mta\":null,\"arrival_date\":null,\"envelope_id\":null," \
    "\"original\":{\"message_id\":null,\"from\":null,\"to\":null,\"subject\":null,\"date\":null," \
    "\"list_id\":null,\"feedback_id\":null},"

Test(json, nothing_known)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    cr_assert_str_eq(json_of(r, NULL),
                     HEAD "\"kind\":\"none\"," NO_FACTS "\"feedback\":null,\"recipients\":[],\"warnings\":[]}");
    bounce_report_free(r);
}

Test(json, trust)
{
    bounce_report *r = new_report(BOUNCE_KIND_DSN);
    r->trust = (struct trust){.returned = RETURNED_HEADERS,
                              .null_sender = FACT_TRUE,
                              .reporter_related = FACT_FALSE,
                              .sent = BOUNCE_SENT_NO,
                              .sent_why = "foreign"};
    report_add_recipient(r)->trust.verp = FACT_FALSE;
    const char *json = json_of(r, NULL);
    cr_expect_not_null(strstr(json,
                              ",\"sent\":\"no\",\"sent_why\":\"foreign\",\"trust\":{\"returned\":\"headers\","
                              "\"null_sender\":true,\"reporter_related\":false,\"auth\":null},\"machine\":false,"),
                       "%s", json);
    cr_expect_not_null(
        strstr(json, "\"trust\":{\"named_in_original\":null,\"verp\":\"mismatch\"},\"retry_stated_s\":null,"), "%s",
        json);
    r->trust.auth = &(struct trust_auth){.dkim = "pass", .of = "a\"b"};
    r->trust.returned = RETURNED_FULL;
    json = json_of(r, NULL);
    cr_expect_not_null(strstr(json, "{\"returned\":\"full\",\"null_sender\":true,\"reporter_related\":false,"
                                    "\"auth\":{\"spf\":null,\"dkim\":\"pass\",\"dmarc\":null,\"arc\":null,"
                                    "\"of\":\"a\\\"b\"}},\"machine\":false,"),
                       "%s", json);
    bounce_report_free(r);
}

Test(json, feedback_only_of_arf)
{
    bounce_report *r = new_report(BOUNCE_KIND_ARF);
    r->strings[BOUNCE_REPORT_FEEDBACK_TYPE] = "abuse";
    cr_assert_str_eq(json_of(r, NULL),
                     HEAD "\"kind\":\"arf\"," NO_FACTS
                          "\"feedback\":{\"type\":\"abuse\",\"source_ip\":null,\"user_agent\":null,"
                          "\"original_mail_from\":null,\"inferred\":[]},\"recipients\":[],\"warnings\":[]}");
    bounce_report_free(r);
}

/* Inferred fields are in the order of the contract, whatever the order of the bits. */
Test(json, inferred)
{
    bounce_report *r = new_report(BOUNCE_KIND_ARF);
    r->inferred = 1u << INFERRED_RECIPIENTS | 1u << INFERRED_SOURCE_IP;
    cr_assert(strstr(json_of(r, NULL), "\"inferred\":[\"source_ip\",\"recipients\"]}"));
    bounce_report_free(r);
}

Test(json, auto_reply)
{
    bounce_report *r = new_report(BOUNCE_KIND_AUTO_REPLY);
    r->machine = true;
    cr_assert(strstr(json_of(r, NULL), "\"machine\":true,\"auto_reply\":{\"until\":null,\"left\":null,"
                                       "\"new_address\":null,\"alternative_contact\":null},\"report\":"));
    r->strings[BOUNCE_REPORT_AUTO_REPLY_UNTIL] = "2026-03-03";
    r->left = true;
    cr_assert(strstr(json_of(r, NULL), "\"auto_reply\":{\"until\":\"2026-03-03\",\"left\":true,"));
    bounce_report_free(r);
}

Test(json, everything_known)
{
    static const struct known_blocklist list = {"A list", NULL, "https://list.example/"};
    static const struct told_facts told = {
        .retry_s = 300, .blocklist = &list, .ip = "192.0.2.1", .help_url = "http://help.example", .provider = "google"};
    static const uint32_t retries[] = {86400, 4294967295u};
    const char *explain[] = {"one", "two"};
    bounce_report *r = new_report(BOUNCE_KIND_DSN);
    r->strings[BOUNCE_REPORT_SOFTWARE] = "postfix";
    report_warn(r, "truncated", "cut");
    report_warn(r, "other", "more");
    struct bounce_recipient *to = report_add_recipient(r);
    to->facts.address = "user@example.net";
    to->facts.address_type = "rfc822";
    to->facts.original = "alias@example.net";
    to->facts.action = BOUNCE_ACTION_FAILED;
    to->verdict.type = BOUNCE_TYPE_SOFT;
    to->verdict.reason = BOUNCE_REASON_EXPIRED;
    to->verdict.group = BOUNCE_GROUP_NETWORK;
    to->verdict.has_cause = true;
    to->verdict.cause = BOUNCE_REASON_MAILBOX_FULL;
    to->verdict.permanent = to->facts.partial = true;
    to->verdict.decided_by = BOUNCE_DECIDED_BY_REPORTER;
    to->verdict.status = "5.4.7";
    to->verdict.stated_status = "4.4.7";
    to->facts.reply_code = 452;
    to->facts.command = BOUNCE_COMMAND_RCPT;
    to->facts.remote_mta = "mx.example.net";
    to->facts.diagnostic_type = "smtp";
    to->facts.diagnostic = "452 full";
    to->verdict.last_attempt_text = "2026-01-31T10:00:05Z";
    to->verdict.will_retry_until_text = "2026-02-05T10:00:05Z";
    to->verdict.queued_for_s = 432000;
    to->facts.attempts = 7;
    to->verdict.advice[0] = BOUNCE_ADVICE_RETRY;
    to->verdict.advice[1] = BOUNCE_ADVICE_CONTACT_RECIPIENT;
    to->verdict.advice_count = 2;
    to->verdict.retry_after_s = retries;
    to->verdict.retry_count = 2;
    to->verdict.advice_then = "pause";
    to->verdict.advice_text = "Wait.";
    to->verdict.queue = BOUNCE_QUEUE_PAUSE_IP;
    to->verdict.mend = "listing";
    to->verdict.told = &told;
    to->verdict.evidence = (struct evidence){.rule = "a/b",
                                             .file = "a.rules",
                                             .where = "Diagnostic-Code",
                                             .text = "full",
                                             .tag = "mine",
                                             .line = 12,
                                             .tier = 3,
                                             .offset = 0};
    to->to_suppress = "list@example.net";
    to->trust = (struct recipient_trust){FACT_FALSE, FACT_TRUE};
    to->verdict.explain = explain;
    to->verdict.explain_count = 2;
    report_add_recipient(r);
    const char *json = json_of(r, &(bounce_source){"a/box", 0, 46, UINT64_MAX - 1});
    cr_assert_not_null(strstr(json, "\"source\":{\"path\":\"a/box\",\"index\":0,\"offset\":46,"
                                    "\"length\":18446744073709551614},\"kind\":\"dsn\",\"software\":\"postfix\","),
                       "%s", json);
    const char *want =
        "\"recipients\":[{\"address\":\"user@example.net\",\"address_type\":\"rfc822\","
        "\"original_recipient\":\"alias@example.net\",\"action\":\"failed\",\"type\":\"soft\",\"reason\":\"expired\","
        "\"group\":\"network\",\"cause\":\"mailbox-full\",\"permanent\":true,\"decided_by\":\"reporter\","
        "\"status\":\"5.4.7\",\"stated_status\":\"4.4.7\",\"reply_code\":452,\"command\":\"RCPT\","
        "\"remote_mta\":\"mx.example.net\",\"diagnostic_type\":\"smtp\",\"diagnostic\":\"452 full\","
        "\"last_attempt\":\"2026-01-31T10:00:05Z\",\"will_retry_until\":\"2026-02-05T10:00:05Z\","
        "\"queued_for_s\":432000,\"attempts\":7,\"partial\":true,"
        "\"advice\":{\"actions\":[\"retry\",\"contact-recipient\"],\"retry_after_s\":[86400,4294967295],"
        "\"then\":\"pause\",\"text\":\"Wait.\",\"queue\":\"pause-ip\",\"mend\":\"listing\"},"
        "\"evidence\":{\"rule\":\"a/b\",\"tier\":3,\"file\":\"a.rules\",\"line\":12,\"where\":\"Diagnostic-Code\","
        "\"offset\":0,\"text\":\"full\",\"tag\":\"mine\"},\"address_to_suppress\":\"list@example.net\","
        "\"trust\":{\"named_in_original\":false,\"verp\":\"match\"},\"retry_stated_s\":300,"
        "\"blocklist\":{\"name\":\"A list\",\"zone\":null,\"url\":\"https://list.example/\"},"
        "\"refused\":{\"ip\":\"192.0.2.1\",\"domain\":null,\"url\":null},\"help_url\":\"http://help.example\","
        "\"provider\":\"google\",\"time\":\"2026-01-31T10:00:05Z\",\"final\":null,\"explain\":[\"one\",\"two\"]},"
        "{\"address\":null,\"address_type\":null,\"original_recipient\":null,\"action\":null,\"type\":\"none\","
        "\"reason\":\"unknown\",\"group\":\"other\",\"cause\":null,\"permanent\":false,\"decided_by\":null,"
        "\"status\":null,\"stated_status\":null,\"reply_code\":null,\"command\":null,\"remote_mta\":null,"
        "\"diagnostic_type\":null,\"diagnostic\":null,\"last_attempt\":null,\"will_retry_until\":null,"
        "\"queued_for_s\":null,\"attempts\":null,\"partial\":false,"
        "\"advice\":{\"actions\":[],\"retry_after_s\":[],\"then\":null,\"text\":null,\"queue\":null,\"mend\":null},"
        "\"evidence\":null,\"address_to_suppress\":null,\"trust\":{\"named_in_original\":null,\"verp\":null},\"retry_stated_s\":null,"
        "\"blocklist\":null,\"refused\":null,\"help_url\":null,\"provider\":null,\"time\":null,\"final\":null}],"
        "\"warnings\":[{\"id\":\"truncated\",\"text\":\"cut\"},{\"id\":\"other\",\"text\":\"more\"}]}";
    const char *got = strstr(json, "\"recipients\"");
    cr_assert_str_eq(got, want);
    bounce_report_free(r);
}

Test(json, strings)
{
    static const char *const rows[][2] = {
        {"", "\"\""},
        {"plain \x7f", "\"plain \x7f\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\t\n\v\f\r", "\"\\b\\t\\n\\u000b\\f\\r\""},
        {"\x01\x1f", "\"\\u0001\\u001f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"a\xc3", "\"a\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bounce_report *r = new_report(BOUNCE_KIND_NONE);
        const char *json = json_of(r, &(bounce_source){rows[i][0], 0, 0, 0});
        char *want = g_strdup_printf("{\"path\":%s,\"index\"", rows[i][1]);
        cr_assert_not_null(strstr(json, want), "row %zu: %s", i, json);
        g_free(want);
        bounce_report_free(r);
    }
}

/* A path of n bytes, of which the one at place may be odd, and shown in JSON as `shown`; odd NULL: none is. */
static void check_text(size_t n, size_t place, const char *odd, const char *shown)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    char *path = g_strnfill(n, 'x');
    GString *want = g_string_new("{\"path\":\"");
    g_string_append_len(want, path, (gssize)place);
    if (odd) {
        path[place] = *odd;
        g_string_append(want, shown);
        g_string_append_len(want, path + place + 1, (gssize)(n - place - 1));
    } else {
        g_string_append(want, path + place);
    }
    g_string_append(want, "\",\"index\"");
    cr_assert_not_null(strstr(json_of(r, &(bounce_source){path, 0, 0, 0}), want->str), "%zu of %zu bytes: %s", place, n,
                       want->str);
    g_string_free(want, TRUE);
    g_free(path);
    bounce_report_free(r);
}

/* Texts are looked at in pieces of 16, 8 and 4 bytes, which may overlap. */
Test(json, odd_bytes_at_every_place)
{
    static const char *const odd[][2] = {{"\"", "\\\""},
                                         {"\\", "\\\\"},
                                         {"\x1f", "\\u001f"},
                                         {"\x01", "\\u0001"},
                                         {"\x80", "\xef\xbf\xbd"},
                                         {"\xff", "\xef\xbf\xbd"},
                                         {"\x7f", "\x7f"},
                                         {" ", " "},
                                         {"!", "!"},
                                         {"#", "#"},
                                         {"[", "["},
                                         {"]", "]"}};
    for (size_t n = 0; n < 52; n++) {
        check_text(n, n, NULL, NULL);
        for (size_t place = 0; place < n; place++)
            for (size_t i = 0; i < G_N_ELEMENTS(odd); i++)
                check_text(n, place, odd[i][0], odd[i][1]);
    }
}

static void check_number(uint64_t value)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    char *want = g_strdup_printf("\"index\":%" G_GUINT64_FORMAT ",\"offset\":null", value);
    cr_assert_not_null(strstr(json_of(r, &(bounce_source){NULL, value, BOUNCE_NO_NUMBER, 0}), want), "%s", want);
    g_free(want);
    bounce_report_free(r);
}

Test(json, numbers)
{
    check_number(0);
    check_number(UINT64_MAX - 1);
    for (uint64_t power = 1, more = 1; more; power *= 10, more = power <= UINT64_MAX / 10) {
        for (uint64_t digit = 1; digit < 10; digit++) {
            check_number(digit * power);
            check_number(digit * power + 1);
            check_number(digit * power - 1);
        }
    }
    for (uint64_t value = 12345; value < UINT64_MAX / 3; value = value * 3 + 7)
        check_number(value);
}

static void check_into(bounce_report *r, size_t capacity)
{
    bounce_source source = {"in\"box", 7, 12345678901, 4321};
    const char *want;
    size_t want_length, length = 99;
    cr_assert_eq(bounce_report_json(r, &source, &want, &want_length), BOUNCE_OK);
    char *buffer = g_malloc(capacity); /* as long as that, for sanitizers */
    bounce_status status = bounce_report_json_into(r, &source, buffer, capacity, &length);
    cr_assert_eq(length, want_length, "capacity %zu", capacity);
    cr_assert_eq(status, capacity > want_length ? BOUNCE_OK : BOUNCE_ERROR_LIMIT, "capacity %zu", capacity);
    if (status == BOUNCE_OK) {
        cr_assert_eq(strlen(buffer), length, "capacity %zu", capacity);
        cr_assert_str_eq(buffer, want, "capacity %zu", capacity);
    }
    g_free(buffer);
}

/* A buffer of any length is used up to its end, and no further. */
Test(json, into_buffers_of_every_length)
{
    bounce_report *r = new_report(BOUNCE_KIND_DSN);
    char *subject = g_strnfill(1000, '"'), *diagnostic = g_strnfill(1000, 'x');
    const char *explain[] = {"one", "two"};
    r->strings[BOUNCE_REPORT_SUBJECT] = subject;
    report_warn(r, "truncated", "cut");
    for (size_t i = 0; i < 3; i++) {
        struct bounce_recipient *to = report_add_recipient(r);
        to->facts.address = "user@example.net";
        to->facts.diagnostic = diagnostic;
        to->verdict.explain = explain;
        to->verdict.explain_count = i;
    }
    for (size_t capacity = 0; capacity < 20000; capacity += capacity < 10000 ? 1 : 999)
        check_into(r, capacity);
    g_free(subject);
    g_free(diagnostic);
    bounce_report_free(r);
}

/* It is not part of the report. */
Test(json, into_leaves_the_string_alone)
{
    char buffer[4096];
    size_t length;
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    const char *json = json_of(r, NULL);
    char *copy = g_strdup(json);
    cr_assert_eq(bounce_report_json_into(r, &(bounce_source){"other", 1, 2, 3}, buffer, sizeof buffer, &length),
                 BOUNCE_OK);
    cr_assert_eq(bounce_report_json_into(r, &(bounce_source){"other", 1, 2, 3}, buffer, 10, &length),
                 BOUNCE_ERROR_LIMIT);
    cr_assert_str_eq(json, copy);
    g_free(copy);
    bounce_report_free(r);
}

/* The buffer grows, and the next call reuses it from the start. */
Test(json, long_and_twice)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    char *path = g_strnfill(100000, '\x01');
    const char *json = json_of(r, &(bounce_source){path, 0, 0, 0});
    cr_assert_gt(strlen(json), 600000);
    cr_assert_str_eq(json_of(r, NULL),
                     HEAD "\"kind\":\"none\"," NO_FACTS "\"feedback\":null,\"recipients\":[],\"warnings\":[]}");
    g_free(path);
    bounce_report_free(r);
}

Test(json, arguments)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    const char *json = "x";
    size_t length = 1;
    cr_assert_eq(bounce_report_json(NULL, NULL, &json, &length), BOUNCE_ERROR_ARGUMENT);
    cr_assert_null(json);
    cr_assert_eq(length, 0);
    cr_assert_eq(bounce_report_json(r, NULL, NULL, &length), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_report_json(r, NULL, &json, NULL), BOUNCE_OK);
    bounce_report_free(r);
}

Test(json, arguments_of_into)
{
    bounce_report *r = new_report(BOUNCE_KIND_NONE);
    char buffer[4096];
    size_t length = 1;
    cr_assert_eq(bounce_report_json_into(NULL, NULL, buffer, sizeof buffer, &length), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(length, 0);
    length = 1;
    cr_assert_eq(bounce_report_json_into(r, NULL, NULL, 1, &length), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(length, 0);
    cr_assert_eq(bounce_report_json_into(r, NULL, buffer, sizeof buffer, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_report_json_into(r, NULL, NULL, 0, &length), BOUNCE_ERROR_LIMIT);
    cr_assert_gt(length, 100);
    bounce_report_free(r);
}
