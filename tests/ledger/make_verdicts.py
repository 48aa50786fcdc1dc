#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes lines like those of bounce-classify --format json, for a benchmark.

usage: make_verdicts.py EVENTS ADDRESSES [SEED [FIRST_DAY [DAYS]]]

EVENTS over DAYS (365) days from FIRST_DAY (0: 2025-01-01), of up to ADDRESSES addresses, in order of time: 60 % at six
providers, the rest at many domains; 70 % deliveries of a log, 15 % dead addresses, 10 % full ones, 5 % everything else.
"""
import datetime
import random
import sys

FIRST = 1735689600
PROVIDERS = ("google", "microsoft", "yahoo", "gmx", "icloud", "mailru")
KINDS = (("delivered", "delivered", "none", "other", 250, "250 2.0.0 Ok: queued as 4XKq2r1yZ3z1s"),) * 14 + (
    ("failed", "no-such-user", "hard", "recipient", 550, "550 5.1.1 <%s>: Recipient address rejected: User unknown"),) * 3 + (
    ("failed", "mailbox-full", "soft", "recipient", 552, "552 5.2.2 <%s>: Mailbox is over its quota"),) * 2 + (
    ("failed", "spam", "soft", "message", 554, "554 5.7.1 Message looks like spam"),)
LINE = ('{"schema":1,"rules":"2026.11+sha256:e127c313986d185295f3e4f37e5061f52f39379dfaa1c0aa26fb1255337810f9","source":{"path":'
        '"mail.log","index":%d,"offset":%d,"length":344},"kind":"log","software":"postfix","sent":null,"sent_why":null,"trust":null,'
        '"machine":true,"auto_reply":null,"report":{"message_id":null,"from":null,"to":null,"date":"%s","subject":null},'
        '"reporting_mta":"mx1","arrival_date":null,"envelope_id":null,"original":{"message_id":"<%x.%x@shop.example>","from":null,'
        '"to":null,"subject":null,"date":null,"list_id":null,"feedback_id":null},"feedback":null,"queue_id":"%X","next_queue_id":null,'
        '"envelope_from":"news@shop.example","message_size":4312,"direction":"out","attempted":true,"repeated":1,"recipients":[{'
        '"address":"%s","address_type":"rfc822","original_recipient":null,"action":"%s","type":"%s","reason":"%s","group":"%s",'
        '"cause":null,"permanent":%s,"decided_by":"remote","status":null,"stated_status":null,"reply_code":%d,"command":"RCPT",'
        '"remote_mta":"%s","remote_address":"198.51.100.3","remote_port":25,"diagnostic_type":"smtp","diagnostic":"%s",'
        '"last_attempt":"%s","will_retry_until":null,"queued_for_s":1,"attempts":null,"partial":false,"advice":{"actions":[],'
        '"retry_after_s":[],"then":null,"text":"Nothing to do.","queue":null,"mend":null},"evidence":{"rule":"%s/some-rule","tier":3,'
        '"file":"x.rules","line":54,"where":"log","offset":58,"text":"User unknown"},"address_to_suppress":"%s","trust":'
        '{"named_in_original":null,"verp":null},"retry_stated_s":null,"blocklist":null,"refused":null,"help_url":null,"provider":%s}],'
        '"warnings":[]}\n')


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    events, addresses = int(sys.argv[1]), int(sys.argv[2])
    some = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    first = FIRST + 86400 * (int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    span = 86400 * (int(sys.argv[5]) if len(sys.argv) > 5 else 365)
    out = []
    for i in range(events):
        at = first + i * span // events
        when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        n = some.randrange(addresses)
        if n % 10 < 6:
            name = PROVIDERS[n % 6]
            domain, host, provider = f"{name}.example", f"mx.{name}.example", f'"{name}"'
        else:
            domain = f"d{n % 50021}.example"
            host, provider = f"mx.{domain}", "null"
        address = f"user.{n}@{domain}"
        action, reason, kind, group, code, text = KINDS[some.randrange(20)]
        out.append(LINE % (i, i * 344, when, i, n, i + 0x100000000, address, action, kind, reason, group, "true" if kind == "hard" else "false",
                           code, host, text % address if "%" in text else text, when, reason, address, provider))
        if len(out) == 1000:
            sys.stdout.write("".join(out))
            out.clear()
    sys.stdout.write("".join(out))


if __name__ == "__main__":
    main()
