# SPDX-License-Identifier: MIT
"""Exim (heavy): a short retry rule, queue runs by hand, local users, aliases and pipes; variant "dutch" has a translated report."""
import time

from labels import expired, nowhere, refused, verdict
from lab import Case, pipe
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "exim", "mail.example.org"

CONFIG = r"""
primary_hostname = mail.example.org
domainlist local_domains = mail.example.org
acl_smtp_rcpt = accept_all
acl_smtp_data = accept_all
smtputf8_advertise_hosts = *
chunking_advertise_hosts =
dsn_advertise_hosts = *
tls_advertise_hosts =
local_interfaces = 127.0.0.1
daemon_smtp_ports = 25
disable_ipv6 = true
never_users =
trusted_users = root
queue_only = false
received_headers_max = 20
ignore_bounce_errors_after = 1d
delay_warning = 4s:99h
delay_warning_condition = true
log_file_path = /var/log/exim4/%slog
keep_environment =
message_size_limit = 50M
dns_again_means_nonexist =
EXTRA

begin acl
accept_all:
  accept

begin routers
failing:
  driver = redirect
  domains = +local_domains
  local_parts = former : frozen
  data = ${if eq{$local_part}{former} {:fail: this mailbox has moved to former@example.com} \
         {:fail: account suspended by the administrator}}
  allow_fail
aliases:
  driver = redirect
  domains = +local_domains
  data = ${lookup{$local_part}lsearch{/etc/aliases}}
  pipe_transport = address_pipe
  file_transport = address_file
  user = box
  group = mail
boxes:
  driver = accept
  domains = +local_domains
  local_parts = box : small
  transport = mailbox
dns:
  driver = dnslookup
  domains = ! +local_domains
  ignore_target_hosts = 0.0.0.0 : 255.255.255.255
  self = fail
  transport = smtp
  no_more

begin transports
smtp:
  driver = smtp
  allow_localhost
  connect_timeout = 3s
  command_timeout = 3s
  final_timeout = 3s
  hosts_try_fastopen =
  dkim_domain =
  message_linelength_limit = 998
  hosts_require_tls = mx.sumac.example
mailbox:
  driver = appendfile
  file = /var/mail/$local_part_data
  user = box
  group = mail
  create_directory
  quota = ${if eq{$local_part}{small}{100}{1M}}
  mode_fail_narrower = false
address_pipe:
  driver = pipe
  return_fail_output
  temp_errors = 75
  use_shell = false
address_file:
  driver = appendfile

begin retry
* * F,6s,2s

begin rewrite
"""

ALIASES = r"""
crew: box, iris@garden.example
gone67: |/usr/local/bin/pupil
broken: |/usr/local/bin/archive
later75: |/usr/local/bin/locked
"""

DUTCH = """Subject: Bericht kon niet worden bezorgd
****
Dit bericht is automatisch gemaakt door de mailserver $primary_hostname.

Een bericht dat u hebt verzonden, kon niet worden bezorgd bij een of meer
ontvangers. Dit is een blijvende fout.
De volgende adressen zijn mislukt:
****
De volgende tekst is ontstaan tijdens de bezorging:
****
------ Dit is een kopie van uw bericht, met alle kopregels. ------
****
------ Dit is een kopie van de kopregels van uw bericht. ------
****
------ Het bericht is langer dan $bounce_return_size_limit; hier staat alleen het begin. ------
"""


def version(root):
    return "Exim " + inside(root, "exim4 -bV").stdout.split()[2]


def setup(root, variant):
    extra = "bounce_message_file = /etc/exim4/bounce.dutch" if variant == "dutch" else ""
    (root / "etc/exim4/exim4.conf").write_text(CONFIG.replace("EXTRA", extra))
    (root / "etc/exim4/bounce.dutch").write_text(DUTCH)
    (root / "etc/aliases").write_text(ALIASES)
    inside(root, """
        id box >/dev/null 2>&1 || useradd -m box
        rm -rf /var/spool/exim4/*; rm -f /var/mail/* /var/log/exim4/*; chmod 1777 /var/mail
        printf '#!/bin/sh\necho user unknown in the school directory; exit 67\n' > /usr/local/bin/pupil
        printf '#!/bin/sh\necho cannot open the archive; exit 1\n' > /usr/local/bin/archive
        printf '#!/bin/sh\necho the archive is locked; exit 75\n' > /usr/local/bin/locked
        chmod 755 /usr/local/bin/*
        chown root:root /etc/exim4/exim4.conf; chmod 644 /etc/exim4/*

    """)


def start(root, variant):
    inside(root, "exim4 -bd")
    time.sleep(1)


def tick(root):
    inside(root, "timeout 20 exim4 -q")


BOX = "box@mail.example.org"
FAILED, DELAYED = "^Action: failed", "^Action: delayed"

CASES = [
    Case("unknown-user", ["anna@maple.example"], [refused("anna@maple.example")], about="The recipient does not exist."),
    Case("gmail-no-such-user", ["lee@birch.example"], [refused("lee@birch.example")], about="A reply of four lines with a p= token."),
    Case("mailbox-unavailable-550", ["b.weiss@hazel.example"], [refused("b.weiss@hazel.example", stated="5.0.0")], about="550 mailbox unavailable, no enhanced code."),
    Case("orange-ofr-416", ["luc@olive.example"], [refused("luc@olive.example")], about="A bilingual reply with an OFR token."),
    Case("orange-overquota-with-5-1-1", ["luc@fig.example"], [refused("luc@fig.example")], about="5.1.1 that means over quota: text and code disagree."),
    Case("over-quota-inactive", ["old@medlar.example"], [refused("old@medlar.example")], about="p=OverQuotaPerm: over quota and inactive."),
    Case("over-quota-451-expired", ["rita@almond.example"], [expired("rita@almond.example", stated="5.0.0")], want=FAILED, about="Temporary refusal until the retry rule ran out."),
    Case("greylisting-expired", ["post@sorrel.example"], [expired("post@sorrel.example")], want=FAILED, about="Greylisted until the retry rule ran out."),
    Case("greylisting-delayed", ["post@ash.example"], [refused("post@ash.example", action="delayed")], want=DELAYED, about="Greylisted: the delay warning."),
    Case("receiving-rate-delayed", ["shop@cypress.example"], [refused("shop@cypress.example", action="delayed", group="recipient")], want=DELAYED, about="p=ReceivingRate: the recipient's own limit; delay warning."),
    Case("block-list-at-rcpt", ["ops@oak.example"], [refused("ops@oak.example")], about="A DNS block list."),
    Case("low-reputation", ["tim@cherry.example"], [refused("tim@cherry.example")], about="A multi-line reply at the end of data."),
    Case("spf-failed", ["amy@apple.example"], [refused("amy@apple.example")], about="SPF."),
    Case("sender-domain-not-found", ["amy@mulberry.example"], [refused("amy@mulberry.example")], about="Refused at MAIL."),
    Case("access-denied-at-data", ["amy@thistle.example"], [refused("amy@thistle.example")], about="550 in answer to DATA itself."),
    Case("transaction-failed", ["amy@gorse.example"], [refused("amy@gorse.example", stated="5.0.0")], about="A refusal without words."),
    Case("does-not-accept-mail-521", ["it@clover.example"], [refused("it@clover.example")], want=FAILED, about="521 in the greeting."),
    Case("connection-refused", ["it@barley.example"], [nowhere("it@barley.example", "5.0.0", reason="expired")], want=FAILED, about="Retry time exceeded."),
    Case("dropped-at-rcpt", ["it@wheat.example"], [nowhere("it@wheat.example", "5.0.0", reason="expired", mta="mx.wheat.example")], want=FAILED, about="Retry time exceeded."),
    Case("nxdomain", ["bo@moss.example"], [nowhere("bo@moss.example", "5.0.0")], about="The domain does not exist: Unrouteable address."),
    Case("servfail-delayed", ["bo@sedge.example"], [nowhere("bo@sedge.example", "4.0.0", action="delayed", by=None)], want=DELAYED, about="SERVFAIL: the delay warning."),
    Case("null-mx", ["bo@fern.example"], [nowhere("bo@fern.example", "5.0.0")], about="A null MX."),
    Case("starttls-refused", ["cto@sumac.example"], [nowhere("cto@sumac.example", "5.0.0", reason="expired", mta="mx.sumac.example")], want=FAILED, about="hosts_require_tls; the host refuses STARTTLS; retry time exceeded."),
    Case("too-many-hops", [BOX], [verdict(BOX, "routing-loop", stated="5.0.0", by="reporter", loose=("reason", "group", "status"))], hops=25, submit=pipe, about="25 Received lines, limit 20; the report does not say why."),
    Case("pipe-exit-67", ["gone67@mail.example.org"], [verdict("gone67@mail.example.org", "no-such-user", stated="5.0.0", by="reporter")], about="A local pipe ends with 67 (EX_NOUSER)."),
    Case("pipe-exit-75-expired", ["later75@mail.example.org"], [verdict("later75@mail.example.org", "expired", cause="mailer-error", stated="5.0.0", by="reporter")], want=FAILED, about="A local pipe ends with 75 (EX_TEMPFAIL) until the retry rule ran out."),
    Case("local-quota", ["small@mail.example.org"], [verdict("small@mail.example.org", "expired", cause="mailbox-full", stated="5.0.0", by="reporter")], want=FAILED, about="appendfile quota of 100 bytes; retry time exceeded."),
    Case("suspended-by-administrator", ["frozen@mail.example.org"], [verdict("frozen@mail.example.org", "mailbox-disabled", stated="5.0.0", by="reporter")], about="A :fail: entry of the redirect router."),
    Case("alias-one-of-two-fails", ["crew@mail.example.org"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote", original="crew@mail.example.org")],
         about="An alias with two targets, one of which is refused; Final-Recipient names the alias, the text the target."),
    Case("pipe-exit-1", ["broken@mail.example.org"], [verdict("broken@mail.example.org", "mailer-error", stated="5.0.0", by="reporter")], about="A local pipe ends with 1."),
    Case("several-fates", ["iris@garden.example", "tulip@garden.example", "rose@garden.example", "bo@moss.example"],
         [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote"),
          refused("tulip@garden.example", reason="mailbox-disabled", stated="5.2.1", code=550, command="RCPT", by="remote"),
          nowhere("bo@moss.example", "5.0.0")],
         about="Four recipients of one message: two refused, one accepted, one in a domain that does not exist."),
    Case("notify-success-relayed", ["kim@meadow.example"], [refused("kim@meadow.example", action="delivered", command=None)], notify="SUCCESS", envid="issue7", about="NOTIFY=SUCCESS; the host does not offer DSN.", top={"envelope_id": "issue7"}),
    Case("ret-hdrs-virus", ["office@ivy.example"], [refused("office@ivy.example")], ret="HDRS", about="RET=HDRS; a virus was found."),
    Case("smtputf8-unknown-user", ["zoë@maple.example"], [refused("zoë@maple.example")], smtputf8=True, about="An SMTPUTF8 message."),
    Case("dutch-template-relay-denied", ["piet@hawthorn.example"], [refused("piet@hawthorn.example")], variant="dutch", about="bounce_message_file in Dutch."),
]
