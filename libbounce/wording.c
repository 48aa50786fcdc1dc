/* SPDX-License-Identifier: MIT */
/*
 * wording.c - what was said about a recipient, without private data: bounce_report_wording().
 *
 * In: a report. Out: the text of one recipient without what differs from mail to mail; text/wording.h does the work;
 * this file collects the names in the mail. Refused: a recipient about whom nothing was said.
 */
#include "text/wording.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "report/report.h"

#include <string.h>

enum { NAMES_MAX = 16, HOSTS_MAX = 8 };

struct mail_names {
    struct span names[NAMES_MAX], hosts[HOSTS_MAX];
    struct wording_facts facts;
};

static void add_name(struct mail_names *k, struct span name)
{
    name = span_trim(name);
    while (name.n && (name.s[0] == '"' || name.s[0] == '\''))
        name = span_of(name.s + 1, name.n - 1);
    while (name.n && (name.s[name.n - 1] == '"' || name.s[name.n - 1] == '\''))
        name.n--;
    if (name.n && k->facts.name_count < NAMES_MAX)
        k->names[k->facts.name_count++] = name;
}

static void add_host(struct mail_names *k, const char *host)
{
    if (host && strchr(host, '.') && k->facts.host_count < HOSTS_MAX)
        k->hosts[k->facts.host_count++] = span_z(host);
}

/* "Ann Berg <ann.berg@maple.example>": the name, the local part, and the domain. */
static void add_address(struct mail_names *k, const char *text)
{
    const char *open = text ? strchr(text, '<') : NULL, *from = open ? open + 1 : text, *at;
    if (!from || !(at = strchr(from, '@')))
        return;
    if (open)
        add_name(k, span_of(text, (size_t)(open - text)));
    add_name(k, span_of(from, (size_t)(at - from)));
    add_host(k, open ? NULL : at + 1);
}

static void gather(struct mail_names *k, const bounce_report *report, const struct bounce_recipient *r)
{
    static const bounce_report_field addresses[] = {BOUNCE_REPORT_ORIGINAL_FROM, BOUNCE_REPORT_ORIGINAL_TO,
                                                    BOUNCE_REPORT_TO};
    *k = (struct mail_names){.facts = {.hosts = k->hosts, .names = k->names}};
    add_address(k, r->facts.address);
    add_address(k, r->facts.original);
    for (size_t i = 0; i < COUNT(addresses); i++)
        add_address(k, report->strings[addresses[i]]);
    add_name(k, span_z(report->strings[BOUNCE_REPORT_ORIGINAL_SUBJECT]));
    add_host(k, r->facts.remote_mta);
    add_host(k, report->strings[BOUNCE_REPORT_REPORTING_MTA]);
}

const char *bounce_report_wording(bounce_report *report, size_t index)
{
    const struct bounce_recipient *r = bounce_report_recipient(report, index);
    const char *text = r && r->facts.diagnostic ? r->facts.diagnostic : r ? r->verdict.evidence.text : NULL;
    struct mail_names known;
    if (!text || !*text)
        return NULL;
    gather(&known, report, r);
    char *wording = text_wording(&report->arena, span_z(text), &known.facts);
    wording[utf8_cut(wording, strlen(wording), LIMIT_WORDING_BYTES)] = '\0';
    return *wording ? wording : NULL;
}
