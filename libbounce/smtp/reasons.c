/* SPDX-License-Identifier: MIT */
/*
 * reasons.c - the table of reasons; see reasons.h.
 *
 * In: a reason, its name, or a code. Out: what the table says about it. Codes are
 * subject.detail pairs of RFC 3463 and its IANA registry; the first one is reported
 * if the report states none that fits. Refused: nothing; an unknown value is
 * BOUNCE_REASON_UNKNOWN.
 */
#include "smtp/reasons.h"

#include <string.h>

// clang-format off
#define CODES(...) {__VA_ARGS__}, COUNT(((const uint32_t[]){__VA_ARGS__}))
#define NO_CODES {0}, 0

static const struct reason_info reasons[REASON_COUNT] = {
    [BOUNCE_REASON_UNKNOWN] = {NAME("unknown"), BOUNCE_GROUP_OTHER, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(0, 0)), {BOUNCE_ADVICE_RETRY},
        "a failure whose reason the report does not state",
        "The report does not say why. Try again later."},
    [BOUNCE_REASON_NO_SUCH_USER] = {NAME("no-such-user"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 1), CODE(1, 4)), {BOUNCE_ADVICE_SUPPRESS},
        "the domain exists, the mailbox does not",
        "The mailbox does not exist. Remove the address."},
    [BOUNCE_REASON_NO_SUCH_DOMAIN] = {NAME("no-such-domain"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 2), CODE(4, 4)), {BOUNCE_ADVICE_SUPPRESS},
        "the domain does not exist, or has no usable MX or address record",
        "The domain does not exist or takes no mail. Remove the address, or correct its spelling."},
    [BOUNCE_REASON_BAD_ADDRESS] = {NAME("bad-address"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 3), CODE(1, 4)), {BOUNCE_ADVICE_SUPPRESS},
        "the recipient address is malformed or ambiguous",
        "The address is malformed. Correct or remove it."},
    [BOUNCE_REASON_MAILBOX_MOVED] = {NAME("mailbox-moved"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 6), CODE(7, 17)), {BOUNCE_ADVICE_SUPPRESS},
        "the mailbox has moved and nothing is forwarded",
        "The mailbox has moved. Remove the address, or use the new one if the report names it."},
    [BOUNCE_REASON_MAILBOX_DISABLED] = {NAME("mailbox-disabled"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(2, 1), CODE(7, 13)), {BOUNCE_ADVICE_SUPPRESS, BOUNCE_ADVICE_CONTACT_RECIPIENT},
        "the mailbox exists but is disabled, suspended, inactive or closed",
        "The mailbox is disabled. Remove the address, or ask the recipient another way."},
    [BOUNCE_REASON_MAILBOX_FULL] = {NAME("mailbox-full"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(2, 2)), {BOUNCE_ADVICE_RETRY, BOUNCE_ADVICE_CONTACT_RECIPIENT},
        "the recipient is over quota",
        "The mailbox is full. Try again later, and tell the recipient another way if it stays full."},
    [BOUNCE_REASON_RECIPIENT_REFUSED] = {NAME("recipient-refused"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 2), CODE(2, 4)), {BOUNCE_ADVICE_CONTACT_RECIPIENT},
        "the recipient, or the rights of a group, refuse this sender",
        "The recipient, or the group, does not accept mail from this sender. Ask the recipient for permission."},
    [BOUNCE_REASON_NO_MAIL_SERVICE] = {NAME("no-mail-service"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 10), CODE(3, 2)), {BOUNCE_ADVICE_SUPPRESS},
        "the domain or host states that it takes no mail at all",
        "The domain states that it takes no mail. Remove the address."},
    [BOUNCE_REASON_SUPPRESSED] = {NAME("suppressed"), BOUNCE_GROUP_RECIPIENT, BOUNCE_TYPE_HARD, 5,
        CODES(CODE(1, 1)), {BOUNCE_ADVICE_SUPPRESS},
        "the sending provider did not try: the address is on its suppression list",
        "The provider did not try: the address is on its suppression list. Remove the address."},
    [BOUNCE_REASON_MESSAGE_TOO_LARGE] = {NAME("message-too-large"), BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(3, 4), CODE(2, 3)), {BOUNCE_ADVICE_FIX_MESSAGE},
        "the message exceeds a size limit",
        "The message is too large. Send a smaller one, or a link."},
    [BOUNCE_REASON_CONTENT_REJECTED] = {NAME("content-rejected"), BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(6, 0), CODE(6, 1), CODE(6, 2), CODE(6, 3), CODE(6, 5), CODE(6, 6), CODE(6, 7), CODE(6, 8),
              CODE(6, 9), CODE(6, 10)), {BOUNCE_ADVICE_FIX_MESSAGE},
        "an attachment, link, charset, encoding or conversion is not accepted",
        "The format, an attachment or a link is not accepted. Change the message."},
    [BOUNCE_REASON_NONCOMPLIANT] = {NAME("noncompliant"), BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(6, 0)), {BOUNCE_ADVICE_FIX_MESSAGE},
        "the message breaks RFC 5322 or MIME",
        "The message breaks the mail format standards. Correct the program that writes it."},
    [BOUNCE_REASON_SPAM] = {NAME("spam"), BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 0)), {BOUNCE_ADVICE_FIX_MESSAGE, BOUNCE_ADVICE_FIX_SENDER},
        "this message was judged to be spam",
        "The message was taken for spam. Look at its content and at the reputation of the sender."},
    [BOUNCE_REASON_VIRUS] = {NAME("virus"), BOUNCE_GROUP_MESSAGE, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 0)), {BOUNCE_ADVICE_FIX_MESSAGE},
        "malware was found in this message",
        "Malware was found in the message. Check the message and the machine it came from."},
    [BOUNCE_REASON_RELAY_DENIED] = {NAME("relay-denied"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1)), {BOUNCE_ADVICE_FIX_CONFIG},
        "the host does not relay for this sender or domain",
        "The server does not relay this mail. Check the MX records, the route and the login."},
    [BOUNCE_REASON_AUTH_FAILURE] = {NAME("auth-failure"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 26), CODE(7, 20), CODE(7, 21), CODE(7, 22), CODE(7, 23), CODE(7, 24), CODE(7, 27), CODE(7, 29),
              CODE(7, 1)), {BOUNCE_ADVICE_FIX_SENDER},
        "SPF, DKIM, DMARC, ARC or Sender ID failed",
        "SPF, DKIM or DMARC failed. Correct the DNS records or the signing of the sender."},
    [BOUNCE_REASON_AUTH_REQUIRED] = {NAME("auth-required"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 0), CODE(7, 8), CODE(7, 9), CODE(7, 11), CODE(7, 12), CODE(7, 13)), {BOUNCE_ADVICE_FIX_CONFIG},
        "SMTP AUTH is needed, or its credentials were refused",
        "The server wants a login, or refused it. Check the credentials and submit on port 587."},
    [BOUNCE_REASON_IP_BLOCKED] = {NAME("ip-blocked"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 0)), {BOUNCE_ADVICE_FIX_SENDER},
        "the sending address, host name or HELO is blocked",
        "The sending address or host is blocked. Find out why, fix it and request removal."},
    [BOUNCE_REASON_BAD_REPUTATION] = {NAME("bad-reputation"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 0)), {BOUNCE_ADVICE_FIX_SENDER},
        "the sending address or domain has a low reputation",
        "The reputation of the sending address or domain is too low. Send less, to people who want it."},
    [BOUNCE_REASON_PTR_MISSING] = {NAME("ptr-missing"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 25), CODE(7, 1)), {BOUNCE_ADVICE_FIX_CONFIG},
        "the sending address has no matching reverse DNS",
        "The sending address has no matching reverse DNS. Ask its provider to set a PTR record."},
    [BOUNCE_REASON_SENDER_REJECTED] = {NAME("sender-rejected"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(1, 8), CODE(1, 7), CODE(7, 1), CODE(7, 27)), {BOUNCE_ADVICE_FIX_SENDER},
        "the sender address or domain is refused",
        "The sender address or domain is refused. Use one that exists and is not blocked."},
    [BOUNCE_REASON_POLICY] = {NAME("policy"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 1), CODE(7, 0), CODE(7, 2), CODE(7, 3), CODE(7, 5), CODE(7, 6), CODE(7, 7), CODE(7, 14),
              CODE(7, 15), CODE(7, 16), CODE(7, 18), CODE(7, 19)),
        {BOUNCE_ADVICE_FIX_SENDER, BOUNCE_ADVICE_CONTACT_RECIPIENT},
        "an administrative or security refusal that no other reason names",
        "A policy of the receiver refused the message. Ask its postmaster what is missing."},
    [BOUNCE_REASON_TLS_REQUIRED] = {NAME("tls-required"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(7, 10), CODE(7, 30), CODE(7, 4), CODE(7, 5), CODE(7, 11), CODE(7, 0)), {BOUNCE_ADVICE_FIX_CONFIG},
        "TLS was demanded and not used, or it failed",
        "An encrypted connection is needed and was not made. Correct the TLS settings."},
    [BOUNCE_REASON_RATE_LIMITED] = {NAME("rate-limited"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(7, 0), CODE(7, 1), CODE(7, 28), CODE(2, 1), CODE(4, 5), CODE(3, 2)), {BOUNCE_ADVICE_RETRY},
        "too many messages in too short a time",
        "Too much mail in too short a time. Slow down and try again later."},
    [BOUNCE_REASON_TOO_MANY_CONNECTIONS] = {NAME("too-many-connections"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(7, 0), CODE(3, 2), CODE(4, 5)), {BOUNCE_ADVICE_RETRY},
        "too many simultaneous connections",
        "Too many connections at once. Use fewer and try again later."},
    [BOUNCE_REASON_TOO_MANY_RECIPIENTS] = {NAME("too-many-recipients"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(5, 3)), {BOUNCE_ADVICE_FIX_MESSAGE, BOUNCE_ADVICE_RETRY},
        "too many recipients in one message or transaction",
        "Too many recipients in one message. Split it and try again."},
    [BOUNCE_REASON_GREYLISTED] = {NAME("greylisted"), BOUNCE_GROUP_SENDER, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(7, 1), CODE(2, 0), CODE(7, 0)), {BOUNCE_ADVICE_RETRY},
        "refused for now on purpose; a retry is expected to pass",
        "The server asks to come back later. A normal queue does that by itself."},
    [BOUNCE_REASON_SYSTEM_FULL] = {NAME("system-full"), BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(3, 1)), {BOUNCE_ADVICE_RETRY},
        "the receiving system is out of storage",
        "The receiving system is out of space. Try again later."},
    [BOUNCE_REASON_SYSTEM_ERROR] = {NAME("system-error"), BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(3, 0), CODE(3, 5), CODE(3, 2), CODE(3, 3)), {BOUNCE_ADVICE_RETRY},
        "an internal fault or misconfiguration of the receiving system",
        "The receiving system has an internal fault. Try again later."},
    [BOUNCE_REASON_MAILER_ERROR] = {NAME("mailer-error"), BOUNCE_GROUP_SYSTEM, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(3, 0)), {BOUNCE_ADVICE_RETRY},
        "the local delivery program or filter failed",
        "The local delivery program failed. Try again later, or tell the administrator."},
    [BOUNCE_REASON_NETWORK_ERROR] = {NAME("network-error"), BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(4, 1), CODE(4, 2), CODE(4, 0), CODE(4, 4), CODE(4, 5)), {BOUNCE_ADVICE_RETRY},
        "connection refused, timed out or lost, or no route to the host",
        "The server could not be reached. Try again later; from a mail client, submit on port 587."},
    [BOUNCE_REASON_DNS_ERROR] = {NAME("dns-error"), BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(4, 3), CODE(4, 4)), {BOUNCE_ADVICE_RETRY},
        "a DNS lookup failed for now",
        "A DNS lookup failed for now. Try again later."},
    [BOUNCE_REASON_ROUTING_LOOP] = {NAME("routing-loop"), BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(4, 6)), {BOUNCE_ADVICE_FIX_CONFIG},
        "too many hops, or the mail loops back",
        "The mail went in circles. Correct the forwarding or the routing."},
    [BOUNCE_REASON_EXPIRED] = {NAME("expired"), BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 4,
        CODES(CODE(4, 7)), {BOUNCE_ADVICE_RETRY},
        "the time in the queue ran out",
        "The mail could not be delivered in time. Try again later, and look at the cause."},
    [BOUNCE_REASON_PROTOCOL_ERROR] = {NAME("protocol-error"), BOUNCE_GROUP_NETWORK, BOUNCE_TYPE_SOFT, 5,
        CODES(CODE(5, 0), CODE(5, 1), CODE(5, 2), CODE(5, 4), CODE(5, 5), CODE(5, 6)), {BOUNCE_ADVICE_FIX_CONFIG},
        "an SMTP command, argument or sequence was not accepted",
        "An SMTP command was not accepted. Correct the configuration of the sending server."},
    [BOUNCE_REASON_COMPLAINT] = {NAME("complaint"), BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2,
        NO_CODES, {BOUNCE_ADVICE_SUPPRESS},
        "a feedback report: the recipient, or their provider, complains",
        "The recipient complained. Stop mailing this address."},
    [BOUNCE_REASON_CHALLENGE] = {NAME("challenge"), BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2,
        NO_CODES, {BOUNCE_ADVICE_NONE},
        "a challenge-response system asks the sender to confirm",
        "A challenge-response system asks for a confirmation. No failure yet."},
    [BOUNCE_REASON_DELIVERED] = {NAME("delivered"), BOUNCE_GROUP_OTHER, BOUNCE_TYPE_NONE, 2,
        CODES(CODE(0, 0)), {BOUNCE_ADVICE_NONE},
        "success: delivered, relayed or expanded",
        "The message was delivered or passed on."},
};
// clang-format on

const struct reason_info *reason_info(bounce_reason reason)
{
    size_t i = (size_t)reason;
    return &reasons[i < REASON_COUNT ? i : BOUNCE_REASON_UNKNOWN];
}

bool reason_has_code(bounce_reason reason, struct enhanced e)
{
    const struct reason_info *r = reason_info(reason);
    for (size_t i = 0; i < r->code_count; i++)
        if (r->codes[i] == CODE(e.subject, e.detail))
            return true;
    return false;
}

const struct name *name_of_reason(bounce_reason reason)
{
    return &reason_info(reason)->name;
}

const char *bounce_reason_name(bounce_reason reason)
{
    return name_of_reason(reason)->s;
}

const char *bounce_reason_meaning(bounce_reason reason)
{
    return reason_info(reason)->meaning;
}

bounce_reason bounce_reason_from_name(const char *name)
{
    for (size_t i = 0; name && i < REASON_COUNT; i++)
        if (strcmp(reasons[i].name.s, name) == 0)
            return (bounce_reason)i;
    return BOUNCE_REASON_UNKNOWN;
}

size_t bounce_reason_count(void)
{
    return REASON_COUNT;
}

bounce_group bounce_reason_group(bounce_reason reason)
{
    return reason_info(reason)->group;
}

bounce_type bounce_reason_type(bounce_reason reason)
{
    return reason_info(reason)->type;
}

bounce_advice bounce_reason_advice(bounce_reason reason, size_t index)
{
    const struct reason_info *info = reason_info(reason);
    return index < COUNT(info->advice) ? info->advice[index] : BOUNCE_ADVICE_NONE;
}

const char *bounce_reason_advice_text(bounce_reason reason)
{
    return reason_info(reason)->advice_text;
}
