/* SPDX-License-Identifier: MIT */
/*
 * to_suppress.c - each recipient by the address that the sender wrote to.
 *
 * In: the recipients, the address hidden in that of the report's recipient (VERP),
 * the To of the returned message. Out: to_suppress of each recipient, the name by
 * which a list of addresses knows it, since a forward has another one. The first of:
 *
 *   the hidden address, if the recipient confirms it, or a key shows that the mail is your own
 *   the original recipient
 *   the only address in To, of a report on one recipient
 *   the address itself
 *
 * Refused: a To that is the sender's own address, or that of the mailing list.
 */
#include "reading/to_suppress.h"

#include "mail/address.h"
#include "mail/address_list.h"
#include "mail/address_names.h"
#include "reading/findings.h"

#include <string.h>

/* "users.lists.example.net" for users@lists.example.net, as a List-Id has it. */
static bool is_list(const char *list_id, struct span address)
{
    const char *at = memchr(address.s, '@', address.n);
    if (!list_id || !at)
        return false;
    size_t local = (size_t)(at - address.s), domain = address.n - local - 1;
    const char *bracket = strchr(list_id, '<');
    if (bracket)
        list_id = bracket + 1;
    return strlen(list_id) >= address.n && strncasecmp(list_id, address.s, local) == 0 && list_id[local] == '.' &&
           strncasecmp(list_id + local + 1, at + 1, domain) == 0;
}

/* NULL if there is none, or more than one. */
static const char *only_to(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    const char *to = r->strings[BOUNCE_REPORT_ORIGINAL_TO], *from = r->strings[BOUNCE_REPORT_ORIGINAL_FROM];
    struct span first, other, sender;
    size_t pos = 0, at = 0;
    if (!to || !address_list_next(span_z(to), &pos, &first) || address_list_next(span_z(to), &pos, &other))
        return NULL;
    const char *address = arena_strndup(&r->arena, first.s, first.n);
    if (is_list(r->strings[BOUNCE_REPORT_ORIGINAL_LIST_ID], first) || address_is_system(first))
        return NULL;
    if (from && address_list_next(span_z(from), &at, &sender) &&
        address_equal(address, arena_strndup(rd->scratch, sender.s, sender.n)))
        return NULL;
    return address;
}

static bool bears_out(const struct bounce_report *r, const struct bounce_recipient *to)
{
    return to->trust.verp == FACT_TRUE || (r->recipient_count == 1 && r->trust.sent == BOUNCE_SENT_YES);
}

void to_suppress_read(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    const struct finding *hidden = findings_first(rd, FINDING_VERP);
    const char *only = r->recipient_count == 1 ? only_to(rd) : NULL;
    for (size_t i = 0; i < r->recipient_count; i++) {
        struct bounce_recipient *to = r->recipients[i];
        to->to_suppress = hidden && bears_out(r, to) ? hidden->address
                          : to->facts.original       ? to->facts.original
                          : only                     ? only
                                                     : to->facts.address;
    }
}
