# SPDX-License-Identifier: MIT
"""The world around the servers: one domain for each scenario, with its DNS, its script and the meaning of its refusal.

Scenario fields: dns (see dns.py), script (see smtphost.py) or no host at all ("refused": nothing listens, "black-hole": the
handshake never ends), and the facts of the label: reason, code (reply code), enhanced (status code in the reply),
command (the stage at which it was said). Whether and how a report prints them depends on the server: see servers/.
All names are reserved ones; the wordings follow what providers document, and were written for this lab.
"""
from smtphost import DROP, HANG

SCENARIOS = {}


def scenario(name, reason, code=None, enhanced=None, command=None, dns="plain", host="scripted", **script):
    SCENARIOS[name + ".example"] = {
        "domain": name + ".example", "reason": reason, "code": code, "enhanced": enhanced, "command": command,
        "dns": dns, "host": host, "script": script}


# The address
scenario("maple", "no-such-user", 550, "5.1.1", "RCPT",
         rcpt="550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table")
scenario("birch", "no-such-user", 550, "5.1.1", "RCPT",
         rcpt="550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
              "550-5.1.1 double-checking the recipient's email address for typos or\n"
              "550-5.1.1 unnecessary spaces. For more information, go to\n"
              "550 5.1.1  https://support.example/mail/?p=NoSuchUser 5b1f17b1804b1-46dd3f - gsmtp")
scenario("cedar", "no-such-user", 550, "5.4.1", "RCPT",
         rcpt="550 5.4.1 Recipient address rejected: Access denied. For more information see "
              "https://aka.example/EXOSmtpErrors AS(201806281) [FR2PEPF00000A1C.deu.prod.protection.outlook.example "
              "2026-11-22T06:00:00.000Z 08DE2872F0A1B2C3]")
scenario("willow", "no-such-user", 550, None, "RCPT", rcpt="550 No such user here")
scenario("alder", "no-such-user", 550, "5.7.1", "RCPT", rcpt="550 5.7.1 No such user!")
scenario("hazel", "no-such-user", 550, None, "RCPT", rcpt="550 Requested action not taken: mailbox unavailable")
scenario("olive", "no-such-user", 550, "5.1.1", "RCPT",
         rcpt="550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]")
scenario("lime", "no-such-user", 550, "5.1.1", "RCPT",
         rcpt="550 5.1.1 <{rcpt}>: Użytkownik nieznany / nie ma takiego użytkownika")
scenario("larch", "no-such-user", 554, None, "DATA",
         end="554 delivery error: dd This user doesn't have a mail.example account ({rcpt}) [0] - mta4102.mail.example")
scenario("poplar", "mailbox-moved", 551, "5.1.6", "RCPT",
         rcpt="551 5.1.6 <{rcpt}>: the recipient has moved, please try <new.address@example.com>")
scenario("rowan", "mailbox-disabled", 550, "5.2.1", "RCPT",
         rcpt="550 5.2.1 <{rcpt}>: this account has been suspended, contact its owner by other means")
scenario("aspen", "mailbox-disabled", 554, None, "DATA",
         end="554 delivery error: dd Sorry, your message to {rcpt} cannot be delivered. This mailbox is disabled (554.30). - mta4107.mail.example")
scenario("linden", "bad-address", 501, "5.1.3", "RCPT", rcpt="501 5.1.3 Bad recipient address syntax")
scenario("yew", "recipient-refused", 550, "5.7.1", "RCPT",
         rcpt="550 5.7.1 <{rcpt}>: the recipient has put your address on a personal block list")

# Storage
scenario("elm", "mailbox-full", 452, "4.2.2", "RCPT",
         rcpt="452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n"
              "452-4.2.2 recipient to\n"
              "452 4.2.2  https://support.example/mail/?p=OverQuotaTemp ffacd0b85a97d-37c - gsmtp")
scenario("spruce", "mailbox-full", 552, "5.2.2", "RCPT",
         rcpt="552 5.2.2 <{rcpt}>: mailbox is over its quota of 2048 MB")
scenario("fig", "mailbox-full", 552, "5.1.1", "RCPT",
         rcpt="552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]")
scenario("walnut", "mailbox-full", 550, "4.2.2", "RCPT", rcpt="550 4.2.2 <{rcpt}> mailbox full, message refused")
scenario("almond", "mailbox-full", 451, None, "RCPT", rcpt="451 The user {rcpt} is over quota, try again later")
scenario("quince", "mailbox-full", 552, None, "DATA",
         end="552 Requested mail action aborted: exceeded storage allocation")
scenario("medlar", "mailbox-full", 552, "5.2.2", "RCPT",
         rcpt="552-5.2.2 The recipient's inbox is out of storage space and inactive. Please\n"
              "552-5.2.2 direct the recipient to\n"
              "552 5.2.2  https://support.example/mail/?p=OverQuotaPerm 4fb4d7f45d1cf-5e8 - gsmtp")
scenario("juniper", "system-full", 452, "4.3.1", "MAIL", mail="452 4.3.1 Insufficient system storage")

# Later
scenario("ash", "greylisted", 450, "4.2.0", "RCPT",
         rcpt="450 4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, please come back in 300 seconds")
scenario("sorrel", "greylisted", 451, "4.7.1", "RCPT", rcpt="451 4.7.1 Greylisting in action, please try again in 5 minutes")
scenario("acacia", "rate-limited", 421, "4.7.0", "MAIL",
         mail="421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred due to unexpected volume or user "
              "complaints - 4.16.55.1; see https://postmaster.example/error-codes")
scenario("cypress", "rate-limited", 450, "4.2.1", "RCPT",
         rcpt="450-4.2.1 The user you are trying to contact is receiving mail at a rate that\n"
              "450-4.2.1 prevents additional messages from being delivered. Please resend your\n"
              "450-4.2.1 message at a later time. For more information, please visit\n"
              "450 4.2.1  https://support.example/mail/?p=ReceivingRate a640c23a62f3a-b73 - gsmtp")
scenario("hickory", "too-many-connections", 421, "4.7.0", None,
         connect="421 4.7.0 {host} Error: too many connections from 192.0.2.25")
scenario("teak", "system-error", 451, "4.3.0", "RCPT", rcpt="451 4.3.0 <{rcpt}>: Temporary lookup failure")
scenario("ebony", "system-error", 451, None, "DATA", end="451 Requested action aborted: local error in processing")

# The message
scenario("holly", "spam", 550, "5.7.1", "DATA",
         end="550-5.7.1 [192.0.2.25      12] Gmail has detected that this message is likely unsolicited mail.\n"
             "550-5.7.1 To reduce the amount of spam sent, this message has been blocked. For more\n"
             "550-5.7.1 information, go to\n"
             "550 5.7.1  https://support.example/mail/?p=UnsolicitedMessageError 38308e7fff4ca-37a - gsmtp")
scenario("laurel", "spam", 554, "5.7.1", "DATA", end="554 5.7.1 This message was judged to be spam (score 17.3, limit 8.0)")
scenario("myrtle", "spam", 550, "5.2.0", "DATA", end="550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]")
scenario("ivy", "virus", 554, "5.7.1", "DATA", end="554 5.7.1 Message refused: virus Eicar-Test-Signature FOUND")
scenario("broom", "content-rejected", 552, "5.7.0", "DATA",
         end="552-5.7.0 This message was blocked because its content presents a potential\n"
             "552-5.7.0 security issue. To review our message content and attachment content\n"
             "552-5.7.0 guidelines, go to\n"
             "552 5.7.0  https://support.example/mail/?p=BlockedMessage 5b1f17b1804b1-475 - gsmtp")
scenario("heather", "noncompliant", 550, "5.6.0", "DATA",
         end="550 5.6.0 Message is not RFC 5322 compliant: duplicate From header")
scenario("bamboo", "message-too-large", 552, "5.3.4", "MAIL", mail="552 5.3.4 Message size exceeds fixed limit")
scenario("reed", "message-too-large", 552, "5.3.4", "MAIL",
         ehlo="250-{host}\n250-SIZE 1000\n250-8BITMIME\n250 ENHANCEDSTATUSCODES", mail="552 5.3.4 Message too big for system")

# The sender and its network
scenario("oak", "ip-blocked", 554, "5.7.1", "RCPT",
         rcpt="554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using bl.example; "
              "https://bl.example/query/192.0.2.25")
scenario("beech", "ip-blocked", 550, "5.7.1", "MAIL",
         mail="550 5.7.1 Unfortunately, messages from [192.0.2.25] weren't sent. Please contact your Internet service "
              "provider since part of their network is on our block list (S3150). You can also refer your provider to "
              "https://mail.example/troubleshooting.aspx#errors. [AMS0EPF000001B4.eurprd05.prod.protection.outlook.example]")
scenario("pine", "ip-blocked", 554, None, None,
         connect="554 {host} No SMTP service for 192.0.2.25: this address is banned after repeated abuse")
scenario("fir", "ip-blocked", 550, "5.7.1", "EHLO", ehlo="550 5.7.1 <mail.example.org>: Helo command rejected: this client name is blocked here")
scenario("plum", "ptr-missing", 550, "5.7.25", "MAIL",
         mail="550 5.7.25 The sending address 192.0.2.25 has no PTR record, please set up reverse DNS")
scenario("cherry", "bad-reputation", 550, "5.7.1", "DATA",
         end="550-5.7.1 [192.0.2.25      18] Gmail has detected that this message is\n"
             "550-5.7.1 likely suspicious due to the very low reputation of the sending\n"
             "550-5.7.1 domain. To best protect our users from spam, the message has been\n"
             "550-5.7.1 blocked. For more information, go to\n"
             "550 5.7.1  https://support.example/mail/?p=LowReputation 4fb4d7f45d1cf-64b - gsmtp")
scenario("pear", "auth-failure", 550, "5.7.26", "DATA",
         end="550-5.7.26 Unauthenticated email from example.org is not accepted due to domain's\n"
             "550-5.7.26 DMARC policy. Please contact the administrator of example.org domain if\n"
             "550-5.7.26 this was a legitimate mail. To learn about the DMARC initiative, go to\n"
             "550 5.7.26  https://support.example/mail/?p=DmarcRejection a92af1059eb24-11b - gsmtp")
scenario("apple", "auth-failure", 550, "5.7.23", "RCPT",
         rcpt="550 5.7.23 <{rcpt}>: SPF check failed: 192.0.2.25 is not allowed to send mail from news.example.org")
scenario("mulberry", "sender-rejected", 553, "5.1.8", "MAIL", mail="553 5.1.8 <{from}>: Sender address rejected: Domain not found")
scenario("hawthorn", "relay-denied", 554, "5.7.1", "RCPT", rcpt="554 5.7.1 <{rcpt}>: Relay access denied")
scenario("tamarind", "auth-required", 530, "5.7.0", "MAIL", mail="530 5.7.0 Authentication required")
scenario("buckeye", "tls-required", 530, "5.7.0", "MAIL", mail="530 5.7.0 Must issue a STARTTLS command first")
scenario("sumac", "tls-required", 454, "4.7.0", "STARTTLS",
         ehlo="250-{host}\n250-STARTTLS\n250 ENHANCEDSTATUSCODES", starttls="454 4.7.0 TLS not available due to local problem",
         mail="530 5.7.0 Must issue a STARTTLS command first")
scenario("dogwood", "policy", 550, "5.7.1", "DATA", end="550 5.7.1 Message refused by local policy")
scenario("magnolia", "policy", 554, "5.7.9", "DATA",
         end="554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example/error-codes")
scenario("gorse", "unknown", 554, None, "DATA", end="554 Transaction failed")
scenario("thistle", "policy", 550, "5.7.1", "DATA", data="550 5.7.1 Access denied")
scenario("nettle", "protocol-error", 502, "5.5.1", "DATA", data="502 5.5.1 Command not implemented")

# No service, no way
scenario("clover", "no-mail-service", 521, "5.3.2", None, connect="521 5.3.2 {host} does not accept mail")
scenario("fern", "no-mail-service", dns="nullmx", host="none")
scenario("moss", "no-such-domain", dns="nxdomain", host="none")
scenario("lichen", "no-such-domain", dns="nodata", host="none")
scenario("bracken", "no-such-domain", dns="mx-lost", host="none")
scenario("sedge", "dns-error", dns="servfail", host="none")
scenario("orbit", "routing-loop", dns="home", host="none")
scenario("barley", "network-error", host="refused")
scenario("oats", "network-error", host="black-hole")
scenario("rye", "network-error", connect=DROP)
scenario("wheat", "network-error", rcpt=DROP)
scenario("millet", "network-error", end=DROP)
scenario("maize", "network-error", rcpt=HANG)
scenario("sesame", "routing-loop", 554, "5.4.6", "DATA", end="554 5.4.6 Too many hops 27 (25 max): mail forwarding loop")

# Several fates, and success
scenario("garden", None, rcpt={
    "iris": "550 5.1.1 <{rcpt}>: no mailbox by that name",
    "lily": "552 5.2.2 <{rcpt}>: the mailbox is full",
    "dahlia": "550 5.7.1 <{rcpt}>: only members may post to this list",
    "aster": "450 4.2.0 <{rcpt}>: Greylisted, try again in 5 minutes",
    "tulip": "550 5.2.1 <{rcpt}>: account closed by its owner"})
scenario("meadow", "delivered", 250, "2.0.0")
