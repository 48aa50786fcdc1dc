/* SPDX-License-Identifier: MIT */
/*
 * trust.c - see trust.h.
 *
 * In: a report that was read, and what the caller knows of its envelope. Out: facts. A fact
 * that cannot be established is left out; none of them says that a report is forged.
 */
#include "reading/trust.h"

#include <string.h>

#include "mail/address.h"
#include "mail/address_chars.h"
#include "mail/address_index.h"
#include "mail/address_list.h"
#include "mail/auth_results.h"
#include "mail/domain.h"

/* ------------------------------------------------------------ returned */

/* Whether something follows the header of the returned part. */
static bool has_body(const struct part *p, const struct field_group *header)
{
    const struct span last = header->fields[header->count - 1].value;
    const char *end = last.s + last.n, *stop = p->raw.s + p->raw.n;
    if (last.s < p->raw.s || end > stop) /* it was decoded: what is encoded is not a bare header */
        return true;
    return span_trim(span_of(end, (size_t)(stop - end))).n > 0;
}

static enum returned what_returned(const struct reading *rd)
{
    if (rd->m.original_part != SIZE_MAX && rd->m.original.count) {
        const struct part *p = &rd->m.parts[rd->m.original_part];
        const bool whole = strcmp(p->type, "message/rfc822") == 0 || strcmp(p->type, "message/global") == 0;
        return whole && has_body(p, &rd->m.original) ? RETURNED_FULL : RETURNED_HEADERS;
    }
    if (rd->text_original.count)
        return rd->text_original_has_body ? RETURNED_FULL : RETURNED_HEADERS;
    return RETURNED_NONE;
}

/* ------------------------------------------------------------ envelope */

static enum tristate null_sender(const struct reading *rd)
{
    const char *path = rd->envelope_from ? rd->envelope_from : rd->return_path;
    if (!path)
        return FACT_UNKNOWN;
    const struct span s = span_trim(span_z(path));
    /* Sendmail gives the null sender that name, without a domain, when it delivers. */
    return !s.n || span_equal_nocase(s, "<>") || span_equal_nocase(s, "<MAILER-DAEMON>") ? FACT_TRUE : FACT_FALSE;
}

/* ------------------------------------------------------------ reporter */

/* The name of the reporting server, or the domain under which it writes. */
static struct span reporter(const struct reading *rd)
{
    const struct span host = domain_organisation(span_z(rd->report->strings[BOUNCE_REPORT_REPORTING_MTA]));
    return host.n ? host : domain_organisation(domain_of_address(span_z(rd->from)));
}

/* "@mx.example.org", "@example.org" are of example.org, "@an-example.org" is not. */
static bool names_address_of(struct span text, struct span organisation)
{
    if (!text.n)
        return false;
    for (const char *end = text.s + text.n, *at = text.s;
         (at = span_find_word(span_of(at, (size_t)(end - at)), organisation));) {
        const bool begins = at > text.s && (at[-1] == '@' || at[-1] == '.');
        at += organisation.n;
        if (begins && (at == end || !(address_is_label_byte(*at) || *at == '.')))
            return true;
    }
    return false;
}

static bool is_at(const char *address, struct span organisation)
{
    const struct span s = span_z(address);
    if (s.n <= organisation.n || !span_ends_with(s, organisation))
        return false;
    const char before = s.s[s.n - organisation.n - 1];
    return before == '@' || before == '.';
}

static enum tristate reporter_related(const struct reading *rd)
{
    const struct bounce_report *r = rd->report;
    const struct span organisation = reporter(rd);
    if (!organisation.n || !r->recipient_count)
        return FACT_UNKNOWN;
    for (size_t i = 0; i < r->recipient_count; i++) {
        const struct facts *to = &r->recipients[i]->facts;
        if (is_at(to->address, organisation) || (to->original && is_at(to->original, organisation)))
            return FACT_TRUE;
    }
    return names_address_of(span_z(rd->envelope_to ? rd->envelope_to : rd->to), organisation) ? FACT_TRUE : FACT_FALSE;
}

/* ---------------------------------------------------------- recipients */

/* The To of most messages names the one recipient as the report does. */
static bool is_in_to(const struct reading *rd, const char *address)
{
    const struct span to = span_z(rd->report->strings[BOUNCE_REPORT_ORIGINAL_TO]), s = span_z(address);
    const char *at = s.n ? span_find_word(to, s) : NULL, *end = at ? at + s.n : NULL;
    return at && (at == to.s || at[-1] == '<' || at[-1] == ' ' || at[-1] == ',' || at[-1] == '\t') &&
           (end == to.s + to.n || *end == '>' || *end == ',');
}

/* The fields of the returned message that name whom it went to. visit gets each address, and stops
 * by returning true. Returns how many there were. */
typedef bool visit_fn(void *data, struct span address);
static size_t each_original(struct reading *rd, visit_fn *visit, void *data)
{
    static const char *const names[] = {"To",         "Cc",           "Bcc",         "Resent-To",     "Resent-Cc",
                                        "Resent-Bcc", "Delivered-To", "Envelope-To", "X-Original-To", "Apparently-To"};
    const struct field_group *g = rd->m.original.count ? &rd->m.original : &rd->text_original;
    size_t count = 0;
    for (size_t i = 0; g->count && i < COUNT(names); i++) {
        if (!fields_may_have(g, span_z(names[i])))
            continue;
        const struct span list = i ? span_z(message_field(&rd->m, g, span_z(names[i])))
                                   : span_z(rd->report->strings[BOUNCE_REPORT_ORIGINAL_TO]);
        struct span address;
        for (size_t at = 0; address_list_next(list, &at, &address);) {
            count++;
            if (visit(data, address))
                return count;
        }
    }
    return count;
}

static bool is_address(struct span address, const char *other)
{
    return other && address.n == strlen(other) && span_equal_nocase(address, other);
}

/* Few recipients: each address is compared with them. */
struct looked_for {
    const struct facts *to;
    bool found;
};

static bool compare(void *data, struct span address)
{
    struct looked_for *l = data;
    l->found = is_address(address, l->to->address) || is_address(address, l->to->original);
    return l->found;
}

static enum tristate is_compared_named(struct reading *rd, const struct facts *to)
{
    struct looked_for l = {to, false};
    if (!to->address)
        return FACT_UNKNOWN;
    if (is_in_to(rd, to->address) || is_in_to(rd, to->original))
        return FACT_TRUE;
    const size_t count = each_original(rd, compare, &l);
    return l.found ? FACT_TRUE : count ? FACT_FALSE : FACT_UNKNOWN;
}

/* Many recipients: an index keeps that linear. */
static bool put_into_index(void *data, struct span address)
{
    address_index_at(data, address, 0);
    return false;
}

static enum tristate is_named(const struct address_index *x, const struct facts *to)
{
    size_t which;
    if (!x->count || !to->address)
        return FACT_UNKNOWN;
    if (address_index_find(x, span_z(to->address), &which))
        return FACT_TRUE;
    return to->original && address_index_find(x, span_z(to->original), &which) ? FACT_TRUE : FACT_FALSE;
}

/* The VERP address is the original one of a forward only if the report says so itself. */
static enum tristate verp_matches(const char *hidden, const struct facts *to)
{
    if (!hidden || !to->address)
        return FACT_UNKNOWN;
    const bool same = address_equal(hidden, to->address);
    return same || (to->original && to->original != hidden && address_equal(hidden, to->original)) ? FACT_TRUE
                                                                                                   : FACT_FALSE;
}

static void read_recipients(struct reading *rd)
{
    enum { FEW = 8 };
    const struct finding *hidden = findings_first(rd, FINDING_VERP);
    const size_t count = rd->report->recipient_count;
    struct address_index x;
    if (count > FEW) {
        address_index_init(&x, rd->scratch);
        each_original(rd, put_into_index, &x);
    }
    for (size_t i = 0; i < count; i++) {
        struct bounce_recipient *to = rd->report->recipients[i];
        to->trust.named_in_original = count > FEW ? is_named(&x, &to->facts) : is_compared_named(rd, &to->facts);
        to->trust.verp = verp_matches(hidden ? hidden->address : NULL, &to->facts);
    }
}

void trust_read(struct reading *rd)
{
    struct trust *t = &rd->report->trust;
    struct auth_results found;
    t->returned = what_returned(rd);
    t->null_sender = null_sender(rd);
    t->reporter_related = reporter_related(rd);
    if (rd->authserv_id && auth_results_read(&rd->report->arena, &rd->m.header, span_z(rd->authserv_id), &found)) {
        struct trust_auth *auth = arena_alloc(&rd->report->arena, sizeof *auth);
        *auth = (struct trust_auth){found.spf, found.dkim, found.dmarc, found.arc, found.of};
        t->auth = auth;
    }
    read_recipients(rd);
}
