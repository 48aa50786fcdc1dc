/* SPDX-License-Identifier: MIT */
/*
 * queue.c - one word for a mail server's queue.
 *
 * In: the verdict. Out: `queue` and `mend`. A permanent refusal of the recipient or the message ends with the message;
 * a refusal of the sender, its address or its configuration would affect all other mail, too, so that mail is paused
 * until somebody fixes the cause; the rest is tried again.
 */
#include "verdict/queue.h"

static const char *const mends[BOUNCE_REASON_DELIVERED + 1] = {
    [BOUNCE_REASON_MESSAGE_TOO_LARGE] = "message",
    [BOUNCE_REASON_CONTENT_REJECTED] = "message",
    [BOUNCE_REASON_NONCOMPLIANT] = "message",
    [BOUNCE_REASON_SPAM] = "message",
    [BOUNCE_REASON_VIRUS] = "message",
    [BOUNCE_REASON_RELAY_DENIED] = "route",
    [BOUNCE_REASON_AUTH_FAILURE] = "authentication",
    [BOUNCE_REASON_AUTH_REQUIRED] = "login",
    [BOUNCE_REASON_IP_BLOCKED] = "listing",
    [BOUNCE_REASON_BAD_REPUTATION] = "reputation",
    [BOUNCE_REASON_PTR_MISSING] = "reverse-dns",
    [BOUNCE_REASON_SENDER_REJECTED] = "sender",
    [BOUNCE_REASON_TLS_REQUIRED] = "tls",
    [BOUNCE_REASON_ROUTING_LOOP] = "route",
    [BOUNCE_REASON_PROTOCOL_ERROR] = "protocol",
};

static bounce_queue drop_or_retry(const struct verdict *v)
{
    return v->permanent ? BOUNCE_QUEUE_DROP : BOUNCE_QUEUE_RETRY;
}

static bounce_queue queue_of_reason(const struct verdict *v)
{
    switch (v->reason) {
    case BOUNCE_REASON_IP_BLOCKED:
    case BOUNCE_REASON_BAD_REPUTATION:
    case BOUNCE_REASON_PTR_MISSING: return BOUNCE_QUEUE_PAUSE_IP;
    case BOUNCE_REASON_AUTH_FAILURE:
    case BOUNCE_REASON_SENDER_REJECTED: return BOUNCE_QUEUE_PAUSE_SENDER;
    case BOUNCE_REASON_RELAY_DENIED:
    case BOUNCE_REASON_AUTH_REQUIRED:
    case BOUNCE_REASON_TLS_REQUIRED: return BOUNCE_QUEUE_HOLD;
    case BOUNCE_REASON_RATE_LIMITED:
        return v->group == BOUNCE_GROUP_SENDER ? BOUNCE_QUEUE_SLOW_DOWN : BOUNCE_QUEUE_RETRY;
    case BOUNCE_REASON_TOO_MANY_CONNECTIONS: return BOUNCE_QUEUE_SLOW_DOWN;
    case BOUNCE_REASON_TOO_MANY_RECIPIENTS: return BOUNCE_QUEUE_SPLIT;
    case BOUNCE_REASON_NETWORK_ERROR:
    case BOUNCE_REASON_SYSTEM_FULL: return BOUNCE_QUEUE_PAUSE_DOMAIN;
    case BOUNCE_REASON_GREYLISTED:
    case BOUNCE_REASON_DNS_ERROR:
    case BOUNCE_REASON_SYSTEM_ERROR:
    case BOUNCE_REASON_MAILER_ERROR:
    case BOUNCE_REASON_EXPIRED: return BOUNCE_QUEUE_RETRY;
    case BOUNCE_REASON_COMPLAINT: return BOUNCE_QUEUE_DROP;
    case BOUNCE_REASON_CHALLENGE:
    case BOUNCE_REASON_DELIVERED: return BOUNCE_QUEUE_NONE;
    default: return drop_or_retry(v);
    }
}

void queue_advise(struct verdict *v)
{
    v->queue = queue_of_reason(v);
    if ((size_t)v->reason < COUNT(mends))
        v->mend = mends[v->reason];
}
