/* SPDX-License-Identifier: MIT */
/*
 * registry.c - what codes mean by themselves; see registry.h.
 *
 * In: a code, and the command that it answers. Out: a reason. Refused (UNKNOWN):
 * codes that say nothing about the reason. Sources: RFC 3463, the IANA registry of
 * SMTP enhanced status codes (RFC 5248), RFC 5321 4.2.3 for reply codes, RFC 7504
 * for 521 and 556.
 */
#include "smtp/registry.h"

struct code_reason {
    uint32_t code;
    bounce_reason reason;
};

/* Registered, specific codes, sorted. X.1.5 (valid), X.2.0, X.3.6 and X.6.4 are not failures. */
static const struct code_reason specific[] = {
    {CODE(1, 1), BOUNCE_REASON_NO_SUCH_USER},
    {CODE(1, 2), BOUNCE_REASON_NO_SUCH_DOMAIN},
    {CODE(1, 3), BOUNCE_REASON_BAD_ADDRESS},
    {CODE(1, 4), BOUNCE_REASON_BAD_ADDRESS},
    {CODE(1, 6), BOUNCE_REASON_MAILBOX_MOVED},
    {CODE(1, 7), BOUNCE_REASON_SENDER_REJECTED},
    {CODE(1, 8), BOUNCE_REASON_SENDER_REJECTED},
    {CODE(1, 10), BOUNCE_REASON_NO_MAIL_SERVICE},
    {CODE(2, 1), BOUNCE_REASON_MAILBOX_DISABLED},
    {CODE(2, 2), BOUNCE_REASON_MAILBOX_FULL},
    {CODE(2, 3), BOUNCE_REASON_MESSAGE_TOO_LARGE},
    {CODE(2, 4), BOUNCE_REASON_RECIPIENT_REFUSED},
    {CODE(3, 1), BOUNCE_REASON_SYSTEM_FULL},
    {CODE(3, 2), BOUNCE_REASON_SYSTEM_ERROR},
    {CODE(3, 3), BOUNCE_REASON_SYSTEM_ERROR},
    {CODE(3, 4), BOUNCE_REASON_MESSAGE_TOO_LARGE},
    {CODE(3, 5), BOUNCE_REASON_SYSTEM_ERROR},
    {CODE(4, 1), BOUNCE_REASON_NETWORK_ERROR},
    {CODE(4, 2), BOUNCE_REASON_NETWORK_ERROR},
    {CODE(4, 3), BOUNCE_REASON_DNS_ERROR},
    {CODE(4, 4), BOUNCE_REASON_NO_SUCH_DOMAIN}, /* class 4: see registry_reason */
    {CODE(4, 5), BOUNCE_REASON_NETWORK_ERROR},
    {CODE(4, 6), BOUNCE_REASON_ROUTING_LOOP},
    {CODE(4, 7), BOUNCE_REASON_EXPIRED},
    {CODE(5, 1), BOUNCE_REASON_PROTOCOL_ERROR},
    {CODE(5, 2), BOUNCE_REASON_PROTOCOL_ERROR},
    {CODE(5, 3), BOUNCE_REASON_TOO_MANY_RECIPIENTS},
    {CODE(5, 4), BOUNCE_REASON_PROTOCOL_ERROR},
    {CODE(5, 5), BOUNCE_REASON_PROTOCOL_ERROR},
    {CODE(5, 6), BOUNCE_REASON_PROTOCOL_ERROR},
    {CODE(6, 1), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 2), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 3), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 5), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 6), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 7), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 8), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 9), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(6, 10), BOUNCE_REASON_CONTENT_REJECTED},
    {CODE(7, 2), BOUNCE_REASON_RECIPIENT_REFUSED},
    {CODE(7, 3), BOUNCE_REASON_POLICY},
    {CODE(7, 4), BOUNCE_REASON_POLICY},
    {CODE(7, 5), BOUNCE_REASON_POLICY},
    {CODE(7, 6), BOUNCE_REASON_POLICY},
    {CODE(7, 7), BOUNCE_REASON_POLICY},
    {CODE(7, 8), BOUNCE_REASON_AUTH_REQUIRED},
    {CODE(7, 9), BOUNCE_REASON_AUTH_REQUIRED},
    {CODE(7, 10), BOUNCE_REASON_TLS_REQUIRED},
    {CODE(7, 11), BOUNCE_REASON_TLS_REQUIRED},
    {CODE(7, 12), BOUNCE_REASON_AUTH_REQUIRED},
    {CODE(7, 13), BOUNCE_REASON_MAILBOX_DISABLED},
    {CODE(7, 14), BOUNCE_REASON_POLICY},
    {CODE(7, 15), BOUNCE_REASON_POLICY},
    {CODE(7, 16), BOUNCE_REASON_POLICY},
    {CODE(7, 17), BOUNCE_REASON_MAILBOX_MOVED},
    {CODE(7, 18), BOUNCE_REASON_POLICY},
    {CODE(7, 19), BOUNCE_REASON_POLICY},
    {CODE(7, 20), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 21), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 22), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 23), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 24), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 25), BOUNCE_REASON_PTR_MISSING},
    {CODE(7, 26), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 27), BOUNCE_REASON_SENDER_REJECTED},
    {CODE(7, 28), BOUNCE_REASON_RATE_LIMITED},
    {CODE(7, 29), BOUNCE_REASON_AUTH_FAILURE},
    {CODE(7, 30), BOUNCE_REASON_TLS_REQUIRED},
};

bool registry_has(struct enhanced e)
{
    static const uint16_t last_detail[] = {0, 10, 4, 6, 7, 6, 10, 30}; /* by subject; there are no gaps */
    return (e.class_ == 2 || e.class_ == 4 || e.class_ == 5) && e.subject < COUNT(last_detail) &&
           e.detail <= last_detail[e.subject];
}

bounce_reason registry_reason(struct enhanced e)
{
    if (e.class_ != 4 && e.class_ != 5)
        return BOUNCE_REASON_UNKNOWN;
    /* 4.4.4: the route may come back. MTAs use 5.4.4 for "host not found". */
    if (e.class_ == 4 && e.subject == 4 && e.detail == 4)
        return BOUNCE_REASON_NETWORK_ERROR;
    size_t low = 0, high = COUNT(specific);
    uint32_t want = CODE(e.subject, e.detail);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (specific[middle].code < want)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < COUNT(specific) && specific[low].code == want)
        return specific[low].reason;
    return BOUNCE_REASON_UNKNOWN;
}

bounce_reason registry_subject_reason(struct enhanced e)
{
    if (e.class_ != 4 && e.class_ != 5)
        return BOUNCE_REASON_UNKNOWN;
    switch (e.subject) {
    case 1: return e.class_ == 5 ? BOUNCE_REASON_NO_SUCH_USER : BOUNCE_REASON_UNKNOWN;
    case 2: return e.class_ == 5 ? BOUNCE_REASON_MAILBOX_DISABLED : BOUNCE_REASON_UNKNOWN;
    case 3: return BOUNCE_REASON_SYSTEM_ERROR;
    case 4: return BOUNCE_REASON_NETWORK_ERROR;
    case 5: return BOUNCE_REASON_PROTOCOL_ERROR;
    case 6: return BOUNCE_REASON_CONTENT_REJECTED;
    case 7: return BOUNCE_REASON_POLICY;
    default: return BOUNCE_REASON_UNKNOWN;
    }
}

bounce_reason registry_reply_reason(int code, bounce_command command)
{
    switch (code) {
    case 421:
    case 451: return BOUNCE_REASON_SYSTEM_ERROR;
    case 431:
    case 522: return BOUNCE_REASON_MAILBOX_FULL; /* not in RFC 5321, but in use */
    case 450: return command == BOUNCE_COMMAND_RCPT ? BOUNCE_REASON_MAILBOX_DISABLED : BOUNCE_REASON_UNKNOWN;
    case 452: return BOUNCE_REASON_SYSTEM_FULL;
    case 454:
    case 523:
    case 538: return BOUNCE_REASON_TLS_REQUIRED;
    case 500:
    case 501:
    case 502:
    case 503:
    case 504:
        return command == BOUNCE_COMMAND_RCPT && code == 501 ? BOUNCE_REASON_BAD_ADDRESS : BOUNCE_REASON_PROTOCOL_ERROR;
    case 521:
    case 556: return BOUNCE_REASON_NO_MAIL_SERVICE;
    case 530:
    case 534:
    case 535: return BOUNCE_REASON_AUTH_REQUIRED;
    case 550:
        return command == BOUNCE_COMMAND_RCPT   ? BOUNCE_REASON_NO_SUCH_USER
               : command == BOUNCE_COMMAND_MAIL ? BOUNCE_REASON_SENDER_REJECTED
                                                : BOUNCE_REASON_UNKNOWN;
    case 551: return command == BOUNCE_COMMAND_RCPT ? BOUNCE_REASON_NO_SUCH_USER : BOUNCE_REASON_UNKNOWN;
    case 552: return command == BOUNCE_COMMAND_RCPT ? BOUNCE_REASON_MAILBOX_FULL : BOUNCE_REASON_MESSAGE_TOO_LARGE;
    case 553:
        return command == BOUNCE_COMMAND_MAIL   ? BOUNCE_REASON_SENDER_REJECTED
               : command == BOUNCE_COMMAND_RCPT ? BOUNCE_REASON_BAD_ADDRESS
                                                : BOUNCE_REASON_UNKNOWN;
    case 555: return BOUNCE_REASON_PROTOCOL_ERROR;
    default: return BOUNCE_REASON_UNKNOWN;
    }
}
