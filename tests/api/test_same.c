/* SPDX-License-Identifier: MIT */
/*
 * test_same.c - the same mail gives the same answer with and without the
 * pre-filter for rules, with and without PCRE2's JIT, from a parser that has
 * read other mails before and from a new one.
 *
 * usage: test_same FOLDER (every file below it is one mail or a mailbox)
 */
#include <bounce.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct variant {
    const char *name;
    uint64_t prefilter, jit;
    bool fresh; /* a new parser for each mail */
};

static const struct variant variants[] = {
    {"default", 1, 0, false},   {"no pre-filter", 0, 0, false},
    {"JIT", 1, 1, false},       {"no pre-filter, JIT", 0, 1, false},
    {"new parser", 1, 0, true},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

static bounce_parser *parser_for(bounce_rules *rules, const struct variant *v)
{
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_PREFILTER, v->prefilter);
    bounce_options_set(options, BOUNCE_OPTION_JIT, v->jit);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    return parser;
}

/* The report of one mail; *json lives as long as it does. */
static bounce_report *judge(bounce_parser *parser, const bounce_view *mail, const char **json)
{
    bounce_report *report;
    *json = NULL;
    if (bounce_parse(parser, mail->bytes, mail->length, &report, NULL) == BOUNCE_OK)
        bounce_report_json(report, NULL, json, NULL);
    return report;
}

static bool same(bounce_rules *rules, bounce_parser *const *parsers, const bounce_view *mail)
{
    bool equal = true;
    const char *first, *json;
    bounce_report *reference = judge(parsers[0], mail, &first);
    for (size_t i = 1; i < VARIANTS; i++) {
        bounce_parser *parser = variants[i].fresh ? parser_for(rules, &variants[i]) : parsers[i];
        bounce_report *report = judge(parser, mail, &json);
        if (!first || !json || strcmp(first, json) != 0) {
            printf("%s, message %llu: %s differs:\n%s\n%s\n", mail->path, (unsigned long long)mail->index,
                   variants[i].name, first ? first : "nothing", json ? json : "nothing");
            equal = false;
        }
        bounce_report_free(report);
        if (variants[i].fresh)
            bounce_parser_free(parser);
    }
    bounce_report_free(reference);
    return equal;
}

int main(int argc, char **argv)
{
    bounce_parser *parsers[VARIANTS];
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view mail;
    size_t mails = 0, different = 0;

    if (argc != 2 || bounce_mailbox_open(argv[1], BOUNCE_FORMAT_FOLDER, 0, &mailbox, &error) != BOUNCE_OK) {
        printf("usage: test_same FOLDER: %s\n", argc == 2 ? error.message : "no folder");
        return 2;
    }
    bounce_rules *rules = bounce_rules_default();
    for (size_t i = 0; i < VARIANTS; i++)
        parsers[i] = parser_for(rules, &variants[i]);
    while (bounce_mailbox_next(mailbox, &mail, &error) == BOUNCE_OK) {
        mails++;
        different += !same(rules, parsers, &mail);
    }
    printf("%zu mails, %zu differ\n", mails, different);
    for (size_t i = 0; i < VARIANTS; i++)
        bounce_parser_free(parsers[i]);
    bounce_rules_unref(rules);
    bounce_mailbox_close(mailbox);
    return different != 0 || mails == 0;
}
