# SPDX-License-Identifier: MIT
"""nullmailer: everything goes to one smart host, mx.garden.example, which decides by the recipient."""
from labels import refused
from lab import Case, pipe
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "nullmailer", "mail.example.org"


def version(root):
    return "nullmailer " + inside(root, "dpkg-query -W -f '${Version}' nullmailer").stdout.strip()


def setup(root, variant):
    for name, value in {"me": "mail.example.org", "defaulthost": "mail.example.org", "remotes": "mx.garden.example smtp",
                        "queuelifetime": "8", "pausetime": "1", "maxpause": "1", "sendtimeout": "5"}.items():
        (root / "etc/nullmailer" / name).write_text(value + "\n")
    inside(root, "rm -f /var/spool/nullmailer/queue/* /var/spool/nullmailer/failed/* /var/spool/nullmailer/tmp/* /var/spool/nullmailer/trigger; mkfifo -m 622 /var/spool/nullmailer/trigger; chown mail /var/spool/nullmailer/trigger; chmod a+r /etc/nullmailer/*")


def start(root, variant):
    inside(root, "setsid sh -c 'su mail -s /bin/sh -c nullmailer-send || nullmailer-send' > /var/log/nullmailer.log 2>&1 &")


def submit(root, case):
    pipe(root, case, "/usr/sbin/sendmail")


CASES = [
    Case("unknown-user", ["iris@garden.example"], [refused("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, command=None, by="remote")], about="The smart host refuses the recipient."),
    Case("mailbox-full", ["lily@garden.example"], [refused("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, command=None, by="remote")], about="The smart host refuses the recipient."),
    Case("greylisting-given-up", ["aster@garden.example"], [refused("aster@garden.example", reason="greylisted", action="delayed", stated="4.2.0", code=450, command=None)],
         about="Greylisted until the queue lifetime ran out; nullmailer gives up, yet reports a delay."),
    Case("two-recipients", ["tulip@garden.example", "dahlia@garden.example"],
         [refused("tulip@garden.example", reason="mailbox-disabled", stated="5.2.1", code=550, command=None, by="remote"),
          refused("dahlia@garden.example", reason="mailbox-disabled", stated="5.2.1", code=550, command=None, by="remote",
                  loose=("reason", "group", "type", "status"))], about="Two recipients; the first is refused, and nullmailer prints that reply for the second too."),
]
