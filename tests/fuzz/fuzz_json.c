/* SPDX-License-Identifier: MIT */
/*
 * fuzz_json.c - any bytes as a text of the JSON output, and as the host, the recipient and the words of a reply.
 *
 * A real JSON parser, jansson, reads the output back: strictly, without duplicate keys, and with the values that
 * the getters return.
 */
#include "forms.h"

#include "base/utf8.h"
#include "report/json_writer.h"

#include <glib.h>
#include <jansson.h>

static struct arena arena;
static bounce_parser *parser;

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    /* The writer needs no rules. */
    MUST(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_BYTES, 4096) == BOUNCE_OK);
    parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_rules_unref(rules);
}

static bool is_utf8(const char *z)
{
    for (const unsigned char *s = (const unsigned char *)z; *s;) {
        size_t n = fuzz_utf8_length(s);
        if (!n)
            return false;
        s += n;
    }
    return true;
}

static void check_text(const char *z)
{
    struct json_writer w = {0};
    char *at = json_reserve(&w, NULL, JSON_ROOM);
    *at++ = '"';
    at = json_text(&w, at, z);
    json_t *read = json_loadb(w.start, (size_t)(at - w.start), JSON_DECODE_ANY, NULL);
    MUST(json_is_string(read));
    bool same = strcmp(json_string_value(read), z) == 0;
    MUST(is_utf8(z) ? same : !same && strstr(json_string_value(read), "\xef\xbf\xbd"));
    json_decref(read);
    g_free(w.start);
}

static void check_member(json_t *object, const char *key, const char *want)
{
    json_t *value = json_object_get(object, key);
    MUST(value);
    MUST(want ? json_is_string(value) && !strcmp(json_string_value(value), want) : json_is_null(value));
}

static void check_number(json_t *object, const char *key, const bounce_recipient *r, bounce_recipient_number_field f)
{
    uint64_t number;
    json_t *value = json_object_get(object, key);
    if (bounce_recipient_number(r, f, &number))
        MUST(json_is_integer(value) && (uint64_t)json_integer_value(value) == number);
    else
        MUST(json_is_null(value));
}

static void check_reply(struct span rest, const char *path)
{
    bounce_report *report;
    bounce_context *context = bounce_context_new();
    bounce_context_set_host(context, fuzz_take_string(&arena, &rest));
    bounce_context_set_recipient(context, fuzz_take_string(&arena, &rest));
    MUST(bounce_parse_reply(parser, rest.s, rest.n, context, &report, NULL) == BOUNCE_OK);
    const bounce_source source = {.path = path, .index = BOUNCE_NO_NUMBER, .offset = rest.n, .length = UINT64_MAX - 1};
    const char *text = fuzz_check_json(report, &source);
    /* jansson cannot hold an unsigned number of 64 bits. */
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);
    MUST(json_is_object(json));
    json_decref(json);
    json = json_loads(fuzz_check_json(report, NULL), JSON_REJECT_DUPLICATES, NULL);
    json_t *recipient = json_array_get(json_object_get(json, "recipients"), 0);
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    MUST(json_is_object(recipient) && json_array_size(json_object_get(json, "recipients")) == 1);
    check_member(recipient, "address", bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS));
    check_member(recipient, "diagnostic", bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC));
    check_member(recipient, "status", bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS));
    check_member(recipient, "reason", bounce_reason_name(bounce_recipient_reason(r)));
    check_number(recipient, "reply_code", r, BOUNCE_RECIPIENT_REPLY_CODE);
    json_decref(json);
    bounce_report_free(report);
    bounce_context_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!parser)
        start();
    arena_reset(&arena);
    struct span rest = span_of((const char *)data, size);
    if (!size)
        return 0;
    const char *first = fuzz_take_string(&arena, &rest);
    check_text(first);
    check_reply(rest, first);
    return 0;
}
