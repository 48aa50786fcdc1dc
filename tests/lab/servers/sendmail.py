# SPDX-License-Identifier: MIT
"""Sendmail: queue times of seconds, queue runs by hand, aliases and pipes."""
import time

from labels import expired, nowhere, refused, verdict
from lab import Case, pipe
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "sendmail", "mail.example.org"

CONFIG = """divert(0)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
undefine(`confHOST_STATUS_DIRECTORY')dnl
define(`confDOMAIN_NAME', `mail.example.org')dnl
define(`confTO_QUEUERETURN', `7s')dnl
define(`confTO_QUEUEWARN', `4s')dnl
define(`confTO_CONNECT', `3s')dnl
define(`confTO_ICONNECT', `3s')dnl
define(`confTO_INITIAL', `3s')dnl
define(`confTO_RCPT', `3s')dnl
define(`confTO_DATAFINAL', `3s')dnl
define(`confTO_RESOLVER_RETRANS', `1s')dnl
define(`confTO_RESOLVER_RETRY', `2')dnl
define(`confMAX_HOP', `20')dnl
define(`confDONT_PROBE_INTERFACES', `true')dnl
define(`confDONT_BLAME_SENDMAIL', `GroupWritableAliasFile,IncludeFileInUnsafeDirPath')dnl
define(`confPRIVACY_FLAGS', `')dnl
define(`confDELIVERY_MODE', `background')dnl
define(`ALIAS_FILE', `/etc/aliases')dnl
define(`LOCAL_MAILER_PATH', `/usr/libexec/sendmail/mail.local')dnl
define(`LOCAL_MAILER_ARGS', `mail.local -d $u')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`delay_checks')dnl
DAEMON_OPTIONS(`Port=smtp, Addr=127.0.0.1, Name=MTA')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_CONFIG
Cwmail.example.org
"""

ALIASES = """
postmaster: root
root: /dev/null
MAILER-DAEMON: postmaster
team: box, iris@garden.example, lily@garden.example
gone67: "|/usr/local/bin/pupil"
broken: "|/usr/local/bin/archive"
later75: "|/usr/local/bin/locked"
"""


def version(root):
    return "Sendmail " + inside(root, "sendmail -bt -d0.1 </dev/null | sed -n 's/^Version //p'").stdout.strip()


def setup(root, variant):
    (root / "etc/mail/lab.mc").write_text(CONFIG)
    (root / "etc/aliases").write_text(ALIASES)
    print(inside(root, """
        id box >/dev/null 2>&1 || useradd -m box
        chown -R root:root /etc/mail /etc/aliases /var/spool/mqueue; chmod 700 /var/spool/mqueue; chmod 755 /etc/mail   # Debian's own queue group is refused
        rm -rf /var/spool/mqueue/* /var/mail/*; mkdir -p /var/run/sendmail/mta /var/run/sendmail/stampdir
        printf '#!/bin/sh\\necho this pupil has left the school; exit 67\\n' > /usr/local/bin/pupil
        printf '#!/bin/sh\\necho cannot open the archive; exit 1\\n' > /usr/local/bin/archive
        printf '#!/bin/sh\\necho the archive is locked; exit 75\\n' > /usr/local/bin/locked
        chmod 755 /usr/local/bin/*
        m4 /etc/mail/lab.mc > /etc/mail/sendmail.cf && newaliases
    """).stdout)


def start(root, variant):
    print(inside(root, "/usr/sbin/sendmail-mta -bd").stdout)
    time.sleep(2)


def tick(root):
    inside(root, "timeout 20 /usr/sbin/sendmail-mta -q")


def arguments(root, case):
    """Submits with the sendmail command, as a local program would."""
    pipe(root, case, "/usr/sbin/sendmail-mta", ["-Am", "-i"])


BOX = "box@mail.example.org"
TALK = ("remote_mta",)   # named in the transcript only ("while talking to"), not in the field
FAILED, DELAYED = "^Action: failed", "^Action: delayed"

CASES = [
    Case("unknown-user", ["anna@maple.example"], [refused("anna@maple.example")], about="The recipient does not exist."),
    Case("microsoft-s3150", ["jo@beech.example"], [refused("jo@beech.example", loose=TALK)], about="A block list token at MAIL."),
    Case("no-ptr", ["jo@plum.example"], [refused("jo@plum.example", loose=TALK)], about="No reverse DNS; refused at MAIL."),
    Case("must-issue-starttls", ["jo@buckeye.example"], [refused("jo@buckeye.example", loose=TALK)], about="530 at MAIL."),
    Case("too-large-at-mail", ["jo@bamboo.example"], [refused("jo@bamboo.example", loose=TALK)], about="552 at MAIL."),
    Case("too-large-for-announced-size", ["jo@reed.example"], [refused("jo@reed.example", loose=TALK)], size=9000, about="The host announces SIZE 1000."),
    Case("bad-address-501", ["jo@linden.example"], [refused("jo@linden.example")], about="501 at RCPT."),
    Case("moved-551", ["jo@poplar.example"], [refused("jo@poplar.example")], about="551 with a new address."),
    Case("storage-exceeded-no-enhanced-code", ["jo@quince.example"], [refused("jo@quince.example", stated="5.2.2")], about="552 at the end of data, no enhanced code."),
    Case("yahoo-no-account", ["jo@larch.example"], [refused("jo@larch.example", stated="5.0.0")], about="User unknown at the end of data."),
    Case("orange-ofr-506", ["jo@myrtle.example"], [refused("jo@myrtle.example")], about="A spam token; the enhanced code says otherwise."),
    Case("gmail-blocked-attachment", ["jo@broom.example"], [refused("jo@broom.example")], about="p=BlockedMessage, several lines."),
    Case("duplicate-from-header", ["jo@heather.example"], [refused("jo@heather.example")], about="Not RFC 5322."),
    Case("policy-5-7-9", ["jo@magnolia.example"], [refused("jo@magnolia.example")], about="Policy reasons."),
    Case("command-not-implemented", ["jo@nettle.example"], [refused("jo@nettle.example")], about="502 in answer to DATA."),
    Case("system-full-expired", ["jo@juniper.example"], [expired("jo@juniper.example", loose=(*TALK, "stated_status"))], want=FAILED, about="452 at MAIL until the queue time ran out."),
    Case("system-full-delayed", ["ann@juniper.example"], [refused("ann@juniper.example", action="delayed", loose=TALK)], want=DELAYED, about="452 at MAIL: the warning."),
    Case("greylisting-expired", ["jo@ash.example"], [expired("jo@ash.example", loose=("stated_status",))], want=FAILED, about="Greylisted until the queue time ran out."),
    Case("too-many-connections-delayed", ["jo@hickory.example"], [refused("jo@hickory.example", action="delayed", loose=(*TALK, "stated_status"))], want=DELAYED, about="421 in the greeting: the warning."),
    Case("connection-refused-expired", ["jo@barley.example"], [nowhere("jo@barley.example", "4.4.7", reason="expired", cause="network-error", mta="mx.barley.example")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("connect-timeout-delayed", ["jo@oats.example"], [nowhere("jo@oats.example", "4.4.1", action="delayed", by=None, mta="mx.oats.example")], want=DELAYED, about="Time-out of the connection: the warning."),
    Case("dropped-at-greeting-expired", ["jo@rye.example"], [nowhere("jo@rye.example", "4.4.7", reason="expired", cause="network-error", loose=(*TALK, "stated_status", "reply_code"))], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("host-unknown", ["bo@moss.example"], [nowhere("bo@moss.example", "5.1.2", code=550, mta="moss.example")], about="NXDOMAIN."),
    Case("no-data", ["bo@lichen.example"], [nowhere("bo@lichen.example", "5.1.2", code=550, mta="lichen.example")], about="The domain has neither MX nor address."),
    Case("mx-without-address", ["bo@bracken.example"], [nowhere("bo@bracken.example", "5.1.2", code=550, mta="gone.bracken.example")], about="The MX names a host that does not exist."),
    Case("servfail-delayed", ["bo@sedge.example"], [nowhere("bo@sedge.example", "4.4.3", code=451, action="delayed", by=None)], want=DELAYED, about="SERVFAIL: the warning."),
    Case("null-mx", ["bo@fern.example"], [nowhere("bo@fern.example", "5.1.10", code=556, mta="fern.example")], about="A null MX."),
    Case("mx-points-back", ["bo@orbit.example"], [nowhere("bo@orbit.example", "5.5.0", code=554, mta="orbit.example", loose=("stated_status",))], about="The MX is the server itself."),
    Case("too-many-hops", [BOX], [verdict(BOX, "routing-loop", stated="5.4.6", code=554, by="reporter")], hops=25, submit=arguments, about="25 Received lines, limit 20."),
    Case("local-user-unknown", ["nobody.here@mail.example.org"], [verdict("nobody.here@mail.example.org", "no-such-user", stated="5.1.1", code=550, by="reporter")], submit=arguments, about="An unknown local user."),
    Case("pipe-exit-67", ["gone67@mail.example.org"], [verdict("gone67@mail.example.org", "no-such-user", stated="5.1.1", code=550, by="reporter")], about="A local pipe ends with 67 (EX_NOUSER)."),
    Case("pipe-exit-1", ["broken@mail.example.org"], [verdict("broken@mail.example.org", "mailer-error", stated="5.3.0", code=554, by="reporter", loose=("stated_status", "reply_code", "permanent", "status"))], about="A local pipe ends with 1."),
    Case("alias-two-of-three-fail", ["team@mail.example.org"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote", original="team@mail.example.org"),
          refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command="RCPT", by="remote", original="team@mail.example.org")],
         about="An alias with three targets, two of which are refused."),
    Case("several-fates", ["iris@garden.example", "lily@garden.example", "dahlia@garden.example", "rose@garden.example", "bo@moss.example"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote"),
          refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command="RCPT", by="remote"),
          refused("dahlia@garden.example", reason="recipient-refused", stated="5.7.1", code=550, command="RCPT", by="remote"),
          nowhere("bo@moss.example", "5.1.2", code=550, mta="moss.example")],
         about="Five recipients of one message: three refused, one accepted, one in a domain that does not exist."),
    Case("notify-success-local", [BOX], [verdict(BOX, "delivered", action="delivered", stated="2.1.5")], notify="SUCCESS", envid="issue7", about="NOTIFY=SUCCESS, a local mailbox.", top={"envelope_id": "issue7"}),
    Case("notify-success-relayed", ["kim@meadow.example"], [refused("kim@meadow.example", action="relayed", command=None, stated="2.1.5")], notify="SUCCESS", about="NOTIFY=SUCCESS; the host does not offer DSN."),
    Case("ret-hdrs-ip-blocked", ["jo@oak.example"], [refused("jo@oak.example")], ret="HDRS", about="RET=HDRS; a DNS block list."),
]
