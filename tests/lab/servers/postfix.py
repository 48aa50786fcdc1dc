# SPDX-License-Identifier: MIT
"""Postfix: a queue lifetime of seconds, a delay warning, local users, aliases and pipes; variant "german" has a translated template."""
import subprocess
import textwrap
import time

from labels import nowhere, refused, verdict
from lab import Case, pipe

SOFTWARE, REPORTING_MTA = "postfix", "mail.example.org"

MAIN = """
compatibility_level = 3.6
myhostname = mail.example.org
myorigin = mail.example.org
mydestination = mail.example.org
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtputf8_enable = yes
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
local_recipient_maps =
smtpd_reject_unlisted_recipient = no
relocated_maps = inline:{ {former@mail.example.org=former.employee@example.com} }
recipient_delimiter = +
biff = no
mailbox_size_limit = 20000
message_size_limit = 20000
hopcount_limit = 20
smtp_tls_policy_maps = inline:{ {sumac.example=encrypt} }
smtp_tls_security_level = none
smtp_connect_timeout = 3s
smtp_helo_timeout = 3s
smtp_rcpt_timeout = 3s
minimal_backoff_time = 3s
maximal_backoff_time = 3s
queue_run_delay = 3s
maximal_queue_lifetime = 9s
bounce_queue_lifetime = 9s
delay_warning_time = 4s
confirm_delay_cleared = yes
command_time_limit = 5s
notify_classes =
"""

GERMAN = """
failure_template = <<EOF
Charset: utf-8
From: MAILER-DAEMON (Mailzustellung)
Subject: Ihre Nachricht konnte nicht zugestellt werden
Postmaster-Subject: Postmaster: nicht zustellbar

Dies ist das Mailsystem auf $myhostname.

Ihre Nachricht konnte an einen oder mehrere Empfänger nicht
zugestellt werden. Die Gründe stehen unten, Ihre Nachricht hängt an.

                   Das Mailsystem
EOF

delay_template = <<EOF
Charset: utf-8
From: MAILER-DAEMON (Mailzustellung)
Subject: Ihre Nachricht wartet noch
Postmaster-Subject: Postmaster: wartet noch

Dies ist das Mailsystem auf $myhostname.

####################################################################
# NUR EINE WARNUNG: Sie müssen die Nachricht nicht noch mal senden. #
####################################################################

Ihre Nachricht wartet seit $delay_warning_time_seconds Sekunden. Wir versuchen es
weiter, bis sie $maximal_queue_lifetime_seconds Sekunden alt ist.

                   Das Mailsystem
EOF
"""

ALIASES = r"""
postmaster: root
root: /dev/null
team: box, iris@garden.example, lily@garden.example
gone67: "|/bin/sh -c 'echo no such pupil in this school >&2; exit 67'"
broken: "|/bin/sh -c 'echo cannot open the archive >&2; exit 1'"
later75: "|/bin/sh -c 'echo the archive is locked; exit 75'"
quota: "|/bin/sh -c 'echo maildir over quota; exit 77'"
"""


def inside(root, command):
    return subprocess.run(["chroot", root, "sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def version(root):
    return "Postfix " + inside(root, "postconf -h mail_version").stdout.strip()


def setup(root, variant):
    etc = root / "etc/postfix"
    (etc / "main.cf").write_text(MAIN + ("bounce_template_file = /etc/postfix/bounce.cf\n" if variant == "german" else ""))
    (etc / "bounce.cf").write_text(textwrap.dedent(GERMAN))
    (root / "etc/aliases").write_text(ALIASES)
    inside(root, """
        id box >/dev/null 2>&1 || useradd -m box
        id full >/dev/null 2>&1 || useradd -m full
        rm -f /var/mail/box; head -c 19900 /dev/zero | tr '\\0' x > /var/mail/full; chown full:mail /var/mail/full
        cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf 2>/dev/null || true
        postconf -F '*/*/chroot = n'; newaliases
        mkdir -p /var/spool/postfix/hold; postsuper -d ALL; rm -rf /var/lib/postfix/*
    """)


def start(root, variant):
    inside(root, "postfix start")
    time.sleep(2)


def tick(root):
    pass


BOX = "box@mail.example.org"


def no_answer(address, stated, **more):
    """Postfix names host and stage in prose only; whether that is stated is left open."""
    return nowhere(address, stated, loose=("remote_mta", "command"), **more)


FAILED, DELAYED = "^Action: failed", "^Action: delayed"

CASES = [
    Case("unknown-user", ["anna.berg@maple.example"], [refused("anna.berg@maple.example")], about="The recipient does not exist."),
    Case("gmail-no-such-user", ["j.smith@birch.example"], [refused("j.smith@birch.example")],
         about="A reply of four lines with a p= token."),
    Case("microsoft-access-denied", ["accounts@cedar.example"], [refused("accounts@cedar.example")],
         about="5.4.1 Access denied means an unknown user here."),
    Case("no-enhanced-code", ["sales@willow.example"], [refused("sales@willow.example", stated="5.0.0")],
         about="A refusal without enhanced code."),
    Case("yandex-5-7-1-no-such-user", ["ivan@alder.example"], [refused("ivan@alder.example")], about="Text and code disagree."),
    Case("polish-utf8-reply", ["kontakt@lime.example"], [refused("kontakt@lime.example")], about="A reply in UTF-8."),
    Case("over-quota-expired", ["marta@elm.example"], [refused("marta@elm.example")], want=FAILED,
         about="Over quota with 452 until the queue lifetime ran out."),
    Case("over-quota-delayed", ["marta+news@elm.example"], [refused("marta+news@elm.example", action="delayed")], want=DELAYED,
         about="Over quota with 452: the delay warning.", top={}),
    Case("greylisting-expired", ["post@ash.example"], [refused("post@ash.example")], want=FAILED,
         about="Greylisted until the queue lifetime ran out."),
    Case("yahoo-tss04-delayed", ["li.wei@acacia.example"], [refused("li.wei@acacia.example", action="delayed")], want=DELAYED,
         about="421 at MAIL: the delay warning."),
    Case("too-many-connections-expired", ["desk@hickory.example"], [refused("desk@hickory.example")], want=FAILED,
         about="421 in the greeting until the queue lifetime ran out."),
    Case("gmail-dmarc", ["ines@pear.example"], [refused("ines@pear.example")], about="Refused at the end of data."),
    Case("banned-at-connect", ["ops@pine.example"], [refused("ops@pine.example", stated="4.0.0")], want=FAILED,
         about="554 in the greeting."),
    Case("helo-refused", ["ops@fir.example"], [refused("ops@fir.example", loose=("command",))], want=FAILED, about="EHLO and HELO are refused."),
    Case("code-4-2-2-with-550", ["vera@walnut.example"], [refused("vera@walnut.example")], about="Reply code and enhanced code disagree."),
    Case("connection-refused", ["info@barley.example"], [no_answer("info@barley.example", "4.4.1")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("connect-timeout-delayed", ["info@oats.example"], [no_answer("info@oats.example", "4.4.1", action="delayed", by=None)], want=DELAYED,
         about="Time-out of the connection: the delay warning."),
    Case("dropped-at-end-of-data", ["info@millet.example"], [no_answer("info@millet.example", "4.4.2")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("rcpt-timeout", ["info@maize.example"], [no_answer("info@maize.example", "4.4.2")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("nxdomain", ["bo@moss.example"], [nowhere("bo@moss.example", "5.4.4")], about="The domain does not exist."),
    Case("servfail", ["bo@sedge.example"], [nowhere("bo@sedge.example", "4.4.3")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("null-mx", ["bo@fern.example"], [nowhere("bo@fern.example", "5.1.0")], about="A null MX."),
    Case("loops-to-itself", ["bo@orbit.example"], [nowhere("bo@orbit.example", "5.4.6")], about="The MX is the server itself."),
    Case("starttls-refused", ["cto@sumac.example"], [refused("cto@sumac.example")], want=FAILED,
         about="TLS is demanded by the sender's own policy, the host refuses it; expired."),
    Case("too-large-for-remote", ["photos@reed.example"], [nowhere("photos@reed.example", "5.3.4", loose=("remote_mta",))], size=9000,
         about="The host announces SIZE 1000; Postfix does not try."),
    Case("too-many-hops", [BOX], [verdict(BOX, "routing-loop", stated="5.4.0", by="reporter")], hops=25, submit=pipe, about="25 Received lines, limit 20."),
    Case("pipe-exit-67", ["gone67@mail.example.org"], [verdict("gone67@mail.example.org", "no-such-user", stated="5.1.1", by="reporter")],
         about="A local pipe ends with 67 (EX_NOUSER)."),
    Case("pipe-exit-1", ["broken@mail.example.org"], [verdict("broken@mail.example.org", "mailer-error", stated="5.3.0", by="reporter")],
         about="A local pipe ends with 1."),
    Case("local-mailbox-full", ["full@mail.example.org"], [verdict("full@mail.example.org", "mailbox-full", stated="5.2.2", by="reporter")],
         size=4000, about="The mailbox file is at mailbox_size_limit."),
    Case("relocated-user", ["former@mail.example.org"],
         [verdict("former@mail.example.org", "mailbox-moved", stated="5.1.6", by="reporter")], about="An entry in relocated_maps."),
    Case("alias-two-of-three-fail", ["team@mail.example.org"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote", original="team@mail.example.org"),
          refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command="RCPT", by="remote", original="team@mail.example.org")],
         about="An alias with three targets, two of which are refused."),
    Case("several-fates", ["iris@garden.example", "lily@garden.example", "dahlia@garden.example", "rose@garden.example"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote"),
          refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command="RCPT", by="remote"),
          refused("dahlia@garden.example", reason="recipient-refused", stated="5.7.1", code=550, command="RCPT", by="remote")],
         about="Four recipients in one transaction; the fourth is accepted."),
    Case("notify-success-relayed", ["kim@meadow.example"], [refused("kim@meadow.example", action="relayed", command=None)],
         notify="SUCCESS", envid="issue7", about="NOTIFY=SUCCESS, the host does not offer DSN.", top={"envelope_id": "issue7"}),
    Case("notify-success-local", [BOX], [verdict(BOX, "delivered", action="delivered", stated="2.0.0")], notify="SUCCESS,FAILURE",
         about="NOTIFY=SUCCESS, delivered into a local mailbox."),
    Case("ret-hdrs-spam", ["office@laurel.example"], [refused("office@laurel.example")], ret="HDRS", about="RET=HDRS, judged spam."),
    Case("smtputf8-global-status", ["josé.núñez@maple.example"], [refused("josé.núñez@maple.example")], smtputf8=True,
         about="An SMTPUTF8 message: the report is message/global-delivery-status."),
    Case("german-template-unknown-user", ["hans@maple.example"], [refused("hans@maple.example")], variant="german",
         about="bounce_template_file in German."),
    Case("german-template-delayed", ["hans@teak.example"], [refused("hans@teak.example", action="delayed")], variant="german", want=DELAYED,
         about="delay_template in German."),
]
