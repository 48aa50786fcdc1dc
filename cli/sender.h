/* SPDX-License-Identifier: MIT */
/* sender.h - what the user knows about the mail that was sent, from the command line. */
#ifndef CLI_SENDER_H
#define CLI_SENDER_H

#include "bounce.h"

enum sender_kind { SENDER_DOMAIN, SENDER_RELAY, SENDER_IDS, SENDER_KEYS };

/* One of --own-domain, --relay, --sent-ids and --sent-keys. */
struct sender_option {
    enum sender_kind kind;
    const char *value;
};

struct sender {
    struct sender_option *options; /* in order */
    size_t count;
    int64_t as_of; /* seconds since 1970; -1: now */
    const char *authserv_id, *envelope_from, *envelope_to;
};

/* Seconds since 1970 at the end of a day "2026-11-30"; -1 for anything else. */
int64_t sender_read_date(const char *text);
/* Sets what is known as options of the library. False after a message. */
bool sender_apply(const struct sender *s, bounce_options *o);

#endif
