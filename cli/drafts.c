/* SPDX-License-Identifier: MIT */
/*
 * drafts.c - the rules drafted so far, with which the next one must be compatible.
 *
 * In: texts, and what they mean. Out: rules that can be in one file: each has its own id, and decides its example and
 * none of the others. Refused: texts that no words can find. An unknown reason gets a temporary stand-in.
 */
#include "drafts.h"

#include "output/complain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAFT_BYTES = 8192 };
static const char path[] = "draft";

static bool load_parser(struct drafts *d)
{
    bounce_rules *rules = NULL;
    bounce_parser_free(d->parser);
    d->parser = NULL;
    if (bounce_rules_load_sources(d->sources->all, d->sources->count, NULL, NULL, &rules, NULL) == BOUNCE_OK)
        d->parser = bounce_parser_new(rules, d->options);
    bounce_rules_unref(rules);
    return d->parser != NULL;
}

bool drafts_begin(struct drafts *d, struct rule_sources *sources, const bounce_options *options)
{
    *d = (struct drafts){.sources = sources, .known = sources->count, .options = options};
    for (size_t i = 0; i < sources->count; i++)
        sources->all[i].unchecked = true;
    if (load_parser(d))
        return true;
    complain(NULL, "the rule files cannot be read");
    return false;
}

void drafts_end(struct drafts *d)
{
    bounce_parser_free(d->parser);
    free(d->text);
}

bool drafts_decide(struct drafts *d, const char *wording, char *id, size_t size)
{
    bounce_report *report = NULL;
    bool decides = false;
    if (!d->count || bounce_parse_reply(d->parser, wording, strlen(wording), NULL, &report, NULL) != BOUNCE_OK)
        return false;
    const bounce_recipient *r = bounce_report_recipient(report, 0);
    const char *file = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE);
    const char *rule = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
    if (file && rule && strcmp(file, path) == 0) {
        snprintf(id, size, "%s", rule);
        decides = true;
    }
    bounce_report_free(report);
    return decides;
}

/* A rule whose reason is still to be filled in gets a temporary one. */
static void stand_in(char *rule)
{
    static const char unknown[] = "\nreason ?\n", known[] = "\nreason policy\n";
    char *at = strstr(rule, unknown);
    if (!at)
        return;
    memmove(at + sizeof known - 1, at + sizeof unknown - 1, strlen(at + sizeof unknown - 1) + 1);
    memcpy(at, known, sizeof known - 1);
}

/* False if memory runs out: then later drafts do not take this one into account. */
static bool keep(struct drafts *d, const char *rule)
{
    static const char front[] = "format 2\n";
    char *grown = realloc(d->text, d->bytes + strlen(rule) + sizeof front + 16);
    if (!grown)
        return false;
    if (!d->text) {
        memcpy(grown, front, sizeof front);
        d->bytes = sizeof front - 1;
    }
    d->text = grown;
    strcpy(d->text + d->bytes, rule);
    stand_in(d->text + d->bytes);
    d->bytes += strlen(d->text + d->bytes);
    d->sources->all[d->known] = (bounce_rules_source){.path = path, .text = d->text, .length = d->bytes};
    d->sources->count = d->known + 1;
    d->count++;
    return load_parser(d);
}

const char *drafts_make(struct drafts *d, bounce_reason reason, const char *wording)
{
    static char draft[DRAFT_BYTES];
    size_t length;
    if (bounce_rules_draft(d->sources->all, d->sources->count, reason, wording, draft, sizeof draft, &length) !=
        BOUNCE_OK)
        return NULL;
    const char *rule = strstr(draft, "\nrule ");
    if (!rule || !keep(d, rule + 1))
        return NULL;
    return rule + 1;
}
