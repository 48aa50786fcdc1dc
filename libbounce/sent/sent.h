/* SPDX-License-Identifier: MIT */
/*
 * sent.h - the main header of sent: what a sender knows about its own mail, and whether it sent the message that a
 * report is about.
 *
 * In: domains, Message-IDs, keys; then, for each report, the fields that can show it. Out: "yes", "no" or "unknown",
 * and why. Pure: the same knowledge, fields and day give the same answer. sent sees base; it knows nothing of mails,
 * reports or verdicts.
 */
#ifndef BOUNCE_SENT_SENT_H
#define BOUNCE_SENT_SENT_H

#include "sent/ids.h"
#include "sent/keys.h"

#include <glib.h>

struct bounce_sent {
    gint references;    /* atomic */
    bool in_use;        /* options use it: others may read it, and it must not change */
    GPtrArray *domains; /* small letters */
    GPtrArray *relays;  /* likewise */
    struct sent_ids ids;
    struct sent_keys keys;
    bool has_time;
    int64_t time; /* seconds since 1970 that count as now */
};

/* What a report shows of the message that it is about. */
struct sent_mail {
    const char **ids, **addresses; /* Message-IDs, perhaps several in one text; addresses to which it was returned */
    size_t id_count, address_count;
    bool returned, whole; /* the message came back; with its body */
    struct span message_id;
    const struct span *named; /* raw fields of its header that name who sent it */
    size_t named_count;
    unsigned present; /* enum sent_field: which of the five that the rule needs are among them */
};

enum sent_field {
    SENT_FROM = 1,
    SENT_RETURN_PATH = 2,
    SENT_MESSAGE_ID = 4,
    SENT_RECEIVED = 8,
    SENT_DKIM = 16,
    SENT_ALL_FIELDS = 31
};

struct sent_answer {
    bounce_sent_answer answer;
    const char *why; /* one word, static */
};

/* Whether nothing is known. */
bool sent_is_empty(const struct bounce_sent *sent);
struct sent_answer sent_decide(const struct bounce_sent *sent, const struct sent_mail *mail);

/* Whether our mail has marks or ids by which it can be recognised. */
bool sent_signs_mail(const struct bounce_sent *sent);

/* Days since 1970 of the time that counts as now. */
int64_t sent_today(const struct bounce_sent *sent);

#endif
