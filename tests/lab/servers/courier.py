# SPDX-License-Identifier: MIT
"""Courier: queue time and warn time of seconds; messages are given to its sendmail command."""
import time

from labels import nowhere, refused
from lab import Case, pipe
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "courier", "mail.example.org"
SETTINGS = {
    "me": "mail.example.org", "defaultdomain": "mail.example.org", "locals": "mail.example.org\nlocalhost", "queuetime": "6s", "warntime": "4s",
    "retryalpha": "1", "retrybeta": "10", "retrygamma": "1", "retrymaxdelta": "0", "esmtpdelay": "1", "esmtptimeoutconnect": "3",
    "esmtptimeout": "4", "esmtptimeouthelo": "4", "queuefill": "0",
    "aliases/system": "postmaster: root\nroot: box\nteam: box, iris@garden.example, lily@garden.example",
}


def version(root):
    return "Courier " + inside(root, "dpkg-query -W -f '${Version}' courier-mta").stdout.strip()


def setup(root, variant):
    for name, value in SETTINGS.items():
        (root / "etc/courier" / name).write_text(value + "\n")
    print(inside(root, """
        id box >/dev/null 2>&1 || useradd -m box
        rm -rf /var/lib/courier/msgq/* /var/lib/courier/msgs/* /var/lib/courier/tmp/*
        mkdir -p /run/courier/authdaemon && chown -R courier:courier /run/courier /var/lib/courier
        makealiases
    """).stdout)


def start(root, variant):
    print(inside(root, "/usr/sbin/courierfilter start; /usr/sbin/courier start").stdout)
    time.sleep(2)


def submit(root, case):
    options = ["-N", case.notify.lower()] if case.notify else []
    options += ["-R", case.ret.lower()] if case.ret else []
    pipe(root, case, "/usr/lib/courier/sendmail" if (root / "usr/lib/courier/sendmail").exists() else "/usr/sbin/sendmail", options)




def said(address, **more):
    """Remote-MTA reads "host [address]": its normal form is left open."""
    return refused(address, loose=("remote_mta",), **more)


FAILED, DELAYED = "^Action: failed", "^Action: delayed"
CASES = [
    Case("unknown-user", ["anna@maple.example"], [said("anna@maple.example")], about="The recipient does not exist."),
    Case("polish-utf8-reply", ["biuro@lime.example"], [said("biuro@lime.example")], about="A reply in UTF-8."),
    Case("suspended-account", ["max@rowan.example"], [said("max@rowan.example")], about="The account is suspended."),
    Case("disabled-554-30", ["max@aspen.example"], [said("max@aspen.example", stated="5.0.0")], about="Disabled, said at the end of data, no enhanced code."),
    Case("personal-block-list", ["max@yew.example"], [said("max@yew.example")], about="The recipient's own block list."),
    Case("banned-at-connect", ["max@pine.example"], [said("max@pine.example", stated="5.0.0")], want=FAILED, about="554 in the greeting."),
    Case("policy-at-end-of-data", ["max@dogwood.example"], [said("max@dogwood.example")], about="Local policy."),
    Case("authentication-required", ["max@tamarind.example"], [said("max@tamarind.example")], about="530 at MAIL."),
    Case("greylisting-expired", ["max@sorrel.example"], [said("max@sorrel.example")], want=FAILED, about="Greylisted until the queue time ran out."),
    Case("local-error-expired", ["max@ebony.example"], [said("max@ebony.example", stated="5.0.0")], want=FAILED, about="451 at the end of data until the queue time ran out."),
    Case("over-quota-delayed", ["max@elm.example"], [said("max@elm.example", action="delayed")], want=DELAYED, about="452: the warning."),
    Case("connection-refused", ["max@barley.example"], [nowhere("max@barley.example", "5.0.0")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("dropped-at-end-of-data-delayed", ["max@millet.example"], [nowhere("max@millet.example", "4.0.0", action="delayed", by=None, loose=("remote_mta",))], want=DELAYED, about="The warning."),
    Case("nxdomain", ["max@moss.example"], [nowhere("max@moss.example", "5.0.0")], about="The domain does not exist."),
    Case("servfail", ["max@sedge.example"], [nowhere("max@sedge.example", "5.0.0")], want=FAILED, about="Kept trying until the queue lifetime ran out."),
    Case("mx-points-back", ["max@orbit.example"], [nowhere("max@orbit.example", "5.0.0")], want=FAILED, about="The MX is the server itself."),
    Case("several-fates", ["iris@garden.example", "lily@garden.example", "dahlia@garden.example", "rose@garden.example"],
         [said("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command="RCPT", by="remote"),
          said("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command="RCPT", by="remote"),
          said("dahlia@garden.example", reason="recipient-refused", stated="5.7.1", code=550, command="RCPT", by="remote")],
         about="Four recipients of one message; the fourth is accepted."),
    Case("notify-success-relayed", ["kim@meadow.example"], [refused("kim@meadow.example", action="relayed", loose=("remote_mta", "command"))], notify="success", about="NOTIFY=SUCCESS; the host does not offer DSN."),
    Case("ret-hdrs-spf", ["max@apple.example"], [said("max@apple.example")], ret="hdrs", about="RET=HDRS; SPF."),
]
