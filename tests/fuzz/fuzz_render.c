/* SPDX-License-Identifier: MIT */
/*
 * fuzz_render.c - any bytes as path, host, recipient and words of a reply, which the program prints as CSV and as text.
 *
 * A reader of RFC 4180 finds as many fields in each row as in the header, with the address and the words in their
 * columns; nothing in it could control a terminal; all of it is UTF-8.
 */
#include "forms.h"

#include "render/render.h"

static struct arena arena;
static bounce_parser *parser;
static struct fields some_keys;

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    MUST(bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1) == BOUNCE_OK);
    parser = bounce_parser_new(rules, options);
    char text[512];
    MUST(fields_add(&some_keys, "source,address,diagnostic,advice.actions,explain,status,warnings", text, sizeof text));
    bounce_options_free(options);
    bounce_rules_unref(rules);
}

/* Stores the output: hand_over() gets no bytes to keep, so the room is large enough. */
enum { ROOM = 4 << 20 };
static char room[ROOM];

static void hand_over(struct output *o)
{
    (void)o;
    MUST(false && "more is printed than there is room for");
}

/* The next field of RFC 4180 at *p; returns what ends it, '\n' or ','. */
static char take_field(const char **p, const char *end)
{
    if (*p < end && **p == '"') {
        for (++*p;; ++*p) {
            MUST(*p < end);
            if (**p == '"' && *p + 1 < end && (*p)[1] == '"')
                ++*p;
            else if (**p == '"')
                break;
        }
        ++*p;
    } else {
        while (*p < end && **p != ',' && **p != '\n') {
            MUST(**p != '"' && **p != '\r');
            ++*p;
        }
    }
    MUST(*p < end && (**p == ',' || **p == '\n'));
    return *(*p)++;
}

static size_t row_length(const char **p, const char *end)
{
    size_t fields = 1;
    while (take_field(p, end) == ',')
        fields++;
    return fields;
}

/* No control characters except line ends and tabs; there are no colours here. */
static void check_terminal(struct span s, bool with_tabs)
{
    fuzz_check_span(s);
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.s[i];
        MUST(c >= ' ' || c == '\n' || (with_tabs && (c == '\t' || c == '\r')));
        MUST(c != 0x7f);
        /* C1 control characters and those that change the direction of text (U+202A to U+202E, U+2066 to U+2069) */
        MUST(c != 0xc2 || (unsigned char)s.s[i + 1] >= 0xa0);
        if (c == 0xe2 && (unsigned char)s.s[i + 1] == 0x80)
            MUST((unsigned char)s.s[i + 2] < 0xaa || (unsigned char)s.s[i + 2] > 0xae);
        if (c == 0xe2 && (unsigned char)s.s[i + 1] == 0x81)
            MUST((unsigned char)s.s[i + 2] < 0xa6 || (unsigned char)s.s[i + 2] > 0xa9);
    }
}

static struct span render(enum format format, bounce_report *report, const bounce_source *source, unsigned char choice)
{
    static const char *const names[] = {"X-Campaign", "a,\"b\""};
    struct output out = {.fd = -1, .bytes = room, .capacity = ROOM, .hand_over = hand_over};
    struct renderer r = {.out = &out, .format = format, .headers = names, .header_count = 0};
    r.text = (struct text_style){.explain = choice & 1, .trace = choice & 2, .columns = choice & 4 ? choice : 0};
    r.text.with_source = choice & 8;
    r.fields = choice & 16 ? &some_keys : NULL;
    render_begin(&r, true);
    MUST(render_report(&r, report, source));
    return span_of(out.bytes, out.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!parser)
        start();
    if (!size)
        return 0;
    arena_reset(&arena);
    struct span rest = span_of((const char *)data + 1, size - 1);
    bounce_report *report;
    bounce_context *context = bounce_context_new();
    const bounce_source source = {.path = fuzz_take_string(&arena, &rest), .index = 1, .offset = 2, .length = 3};
    bounce_context_set_host(context, fuzz_take_string(&arena, &rest));
    bounce_context_set_recipient(context, fuzz_take_string(&arena, &rest));
    MUST(bounce_parse_reply(parser, rest.s, rest.n, context, &report, NULL) == BOUNCE_OK);
    const struct span csv = render(FORMAT_CSV, report, &source, data[0]);
    check_terminal(csv, true);
    const char *p = csv.s, *end = csv.s + csv.n;
    const size_t columns = row_length(&p, end);
    while (p < end)
        MUST(row_length(&p, end) == columns);
    check_terminal(render(FORMAT_TEXT, report, &source, data[0]), false);
    const struct span json = render(FORMAT_JSON, report, &source, data[0]);
    MUST(json.n && json.s[json.n - 1] == '\n' && !memchr(json.s, '\n', json.n - 1)); /* more: fuzz_json.c */
    bounce_report_free(report);
    bounce_context_free(context);
    return 0;
}
