#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes an endless mailbox, or as much of it as is wanted, to standard output.

usage: mails.py BYTES small|mixed|large|ordinary

small: delivery status notifications of 2 to 8 KB, all different. large: they
return originals of 5 MB. mixed: every fiftieth does. ordinary: every twentieth
mail is a small notification, the others are written by people. The output ends
after the mail that reaches BYTES (for instance 1K, 300M, 20G).
"""
import sys

FROM = "From MAILER-DAEMON@mx{n}.example.org Sat Jan 31 10:00:05 2026\n"
LINE = "abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ+/ and so on\n"
LARGE_BYTES = 5 << 20

NOTIFICATION = FROM + """Return-Path: <>
Received: from mx{n}.example.org by relay.example.org; Sat, 31 Jan 2026 10:00:05 +0000
From: MAILER-DAEMON@mx{n}.example.org (Mail Delivery System)
To: sender{n}@example.org
Subject: Undelivered Mail Returned to Sender
Date: Sat, 31 Jan 2026 10:00:05 +0000
Message-ID: <report-{n}@mx{n}.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b{n}"

--b{n}
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx{n}.example.org.

Your message could not be delivered to one or more recipients.

<user{n}@host{n}.example.net>: host mx.host{n}.example.net said: {reply} (in reply
    to RCPT TO command)

--b{n}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx{n}.example.org
X-Postfix-Queue-ID: Q{n}
Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000

Final-Recipient: rfc822; user{n}@host{n}.example.net
Action: failed
Status: {status}
Remote-MTA: dns; mx.host{n}.example.net
Diagnostic-Code: smtp; {reply}

--b{n}
Content-Type: message/rfc822

From: sender{n}@example.org
To: user{n}@host{n}.example.net
Subject: news {n}
Message-ID: <{n}@example.org>
Content-Type: text/plain

{body}
--b{n}--

"""

PERSONAL = FROM + """Received: from mx{n}.example.org by relay.example.org; Sat, 31 Jan 2026 10:00:05 +0000
From: joe{n}@example.org
To: ann{n}@example.net
Subject: lunch on day {n}
Date: Sat, 31 Jan 2026 10:00:05 +0000
Message-ID: <{n}@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

{body}

"""

REPLIES = (
    ("5.1.1", "550 5.1.1 <user{n}@host{n}.example.net>: Recipient address rejected: User unknown"),
    ("5.2.2", "552 5.2.2 <user{n}@host{n}.example.net>: mailbox full, {n} bytes over quota"),
    ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.{small}] blocked using bl.example.org"),
    ("4.4.1", "451 4.4.1 connection timed out, session {n}"),
    ("5.0.0", "550 message {n} refused: no mailbox here by that name"),
)


def notification(n, lines):
    status, reply = REPLIES[n % len(REPLIES)]
    return NOTIFICATION.format(n=n, status=status, reply=reply.format(n=n, small=n % 250),
                               body=LINE * lines)


def mail(n, shape):
    """The n-th mail of a mailbox."""
    if shape == "large" or (shape == "mixed" and n % 50 == 49):
        return notification(n, LARGE_BYTES // len(LINE))
    if shape == "ordinary" and n % 20:
        return PERSONAL.format(n=n, body=LINE * (n % 100))
    return notification(n, n % 90)


def read_size(text):
    units = {"K": 10, "M": 20, "G": 30}
    return int(text[:-1]) << units[text[-1]] if text[-1] in units else int(text)


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ("small", "mixed", "large", "ordinary"):
        sys.exit(__doc__)
    left, shape = read_size(sys.argv[1]), sys.argv[2]
    n = 0
    while left > 0:
        left -= sys.stdout.buffer.write(mail(n, shape).encode())
        n += 1


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
