# SPDX-License-Identifier: MIT
"""OpenSMTPD: a queue lifetime of seconds; its reports are multipart/mixed, and an expired message is reported as delayed."""
import time

from labels import nowhere, refused, verdict
from lab import Case
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "opensmtpd", "mail.example.org"

CONFIG = """
table aliases file:/etc/aliases
queue ttl 10s
bounce warn-interval 4s
smtp max-message-size 1M
listen on 127.0.0.1 port 25 hostname mail.example.org
action "local" mbox alias <aliases>
action "relay" relay
match from any for domain "mail.example.org" action "local"
match from any for any action "relay"
"""

ALIASES = """
team: box, iris@garden.example, lily@garden.example
gone67: "|/usr/local/bin/pupil"
broken: "|/usr/local/bin/archive"
"""


def version(root):
    return inside(root, "smtpd -h 2>&1 | sed -n 's/^version: //p'").stdout.strip()


def setup(root, variant):
    (root / "etc/smtpd.conf").write_text(CONFIG)
    (root / "etc/aliases").write_text(ALIASES)
    print(inside(root, """
        id box >/dev/null 2>&1 || useradd -m box
        printf '#!/bin/sh\\necho user unknown in the school directory; exit 67\\n' > /usr/local/bin/pupil
        printf '#!/bin/sh\\necho cannot open the archive; exit 1\\n' > /usr/local/bin/archive
        chmod 755 /usr/local/bin/*
        rm -rf /var/spool/smtpd/queue/* /var/spool/smtpd/incoming/* /var/spool/smtpd/offline/*
        smtpd -n
    """).stdout)


def start(root, variant):
    inside(root, "smtpd")
    time.sleep(2)


BOX = "box@mail.example.org"
FAILED, DELAYED, EXPIRED = "^Action: failed", "^Action: delayed", "Envelope expired"
PLAIN = {"command": None, "mta": None}   # it prints the reply, but neither command nor host


def late(address):
    return refused(address, reason="expired", cause=None, stated="4.4.7", code=None, action="delayed", **PLAIN)


CASES = [
    Case("unknown-user", ["anna@maple.example"], [refused("anna@maple.example", **PLAIN)], about="The recipient does not exist."),
    Case("gmail-dmarc", ["kai@pear.example"], [refused("kai@pear.example", **PLAIN)], about="A reply of four lines."),
    Case("microsoft-access-denied", ["kai@cedar.example"], [refused("kai@cedar.example", **PLAIN)], about="5.4.1 Access denied."),
    Case("no-enhanced-code", ["kai@willow.example"], [refused("kai@willow.example", stated="5.0.0", **PLAIN)], about="A refusal without enhanced code."),
    Case("code-4-2-2-with-550", ["kai@walnut.example"], [refused("kai@walnut.example", **PLAIN)], about="Reply code and enhanced code disagree."),
    Case("spam-at-end-of-data", ["kai@laurel.example"], [refused("kai@laurel.example", **PLAIN)], about="Judged spam."),
    Case("over-quota-delayed", ["kai@elm.example"], [refused("kai@elm.example", action="delayed", **PLAIN)], want=DELAYED, about="452: the delay notice."),
    Case("yahoo-tss04-delayed", ["kai@acacia.example"], [refused("kai@acacia.example", action="delayed", **PLAIN)], want=DELAYED, about="421 at MAIL: the delay notice."),
    Case("greylisting-expired", ["kai@ash.example"], [late("kai@ash.example")], want=EXPIRED, about="Greylisted until the lifetime ran out; the report hides the reply."),
    Case("connection-refused-delayed", ["kai@barley.example"], [nowhere("kai@barley.example", "4.0.0", action="delayed", by=None)], want=DELAYED, about="The delay notice."),
    Case("connection-refused-expired", ["lou@barley.example"], [late("lou@barley.example")], want=EXPIRED, about="The lifetime ran out."),
    Case("dropped-at-rcpt-delayed", ["kai@wheat.example"], [nowhere("kai@wheat.example", "4.0.0", action="delayed", by=None)], want=DELAYED, about="The delay notice."),
    Case("nxdomain", ["kai@moss.example"], [nowhere("kai@moss.example", "5.0.0")], about="The domain does not exist."),
    Case("no-mx-found-delayed", ["kai@lichen.example"], [nowhere("kai@lichen.example", "4.0.0", action="delayed", by=None)], want=DELAYED, about="The domain has neither MX nor address: the delay notice."),
    Case("servfail-delayed", ["kai@sedge.example"], [nowhere("kai@sedge.example", "4.0.0", action="delayed", by=None)], want=DELAYED, about="SERVFAIL: the delay notice."),
    Case("pipe-exit-67", ["gone67@mail.example.org"], [verdict("gone67@mail.example.org", "no-such-user", stated="5.3.0", by="reporter")], about="A local pipe ends with 67 (EX_NOUSER)."),
    Case("pipe-exit-1", ["broken@mail.example.org"], [verdict("broken@mail.example.org", "mailer-error", stated="5.3.0", by="reporter", loose=("reason",))], about="A local pipe ends with 1."),
    Case("several-fates", ["iris@garden.example", "lily@garden.example", "dahlia@garden.example", "rose@garden.example"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, by="remote", **PLAIN),
          refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, by="remote", **PLAIN),
          refused("dahlia@garden.example", reason="recipient-refused", stated="5.7.1", code=550, by="remote", **PLAIN)],
         about="Four recipients in one transaction; the fourth is accepted."),
    Case("notify-success-local", [BOX], [verdict(BOX, "delivered", action="delivered", stated="2.0.0")], notify="SUCCESS", about="NOTIFY=SUCCESS, a local mailbox."),
]
