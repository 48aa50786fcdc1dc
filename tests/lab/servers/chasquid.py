# SPDX-License-Identifier: MIT
"""chasquid: takes mail for its own domain only, so that aliases lead to the scripted hosts. Its reports are always message/global-delivery-status."""
import subprocess
import time

from labels import refused
from lab import Case
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "chasquid", "mail.example.org"
ALIASES = {"anna": "anna@maple.example", "gmail": "uma@birch.example", "plain": "uma@willow.example", "spam": "uma@laurel.example",
           "mixed": "iris@garden.example, lily@garden.example, rose@garden.example", "full": "uma@spruce.example"}


def version(root):
    return "chasquid " + inside(root, "dpkg-query -W -f '${Version}' chasquid").stdout.strip()


def setup(root, variant):
    etc = root / "etc/chasquid"
    (etc / "chasquid.conf").write_text('hostname: "mail.example.org"\nsmtp_address: "127.0.0.1:25"\ndata_dir: "/var/lib/chasquid"\nmail_log_path: "<stderr>"\n')
    (etc / "certs/mail.example.org").mkdir(exist_ok=True)
    (etc / "domains/mail.example.org").mkdir(exist_ok=True)
    (etc / "domains/mail.example.org/aliases").write_text("".join(f"{k}: {v}\n" for k, v in ALIASES.items()))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=mail.example.org", "-keyout",
                    etc / "certs/mail.example.org/privkey.pem", "-out", etc / "certs/mail.example.org/fullchain.pem"], check=True, stderr=subprocess.DEVNULL)
    inside(root, "rm -rf /var/lib/chasquid/*; chmod -R a+rX /etc/chasquid")


def start(root, variant):
    inside(root, "setsid chasquid > /var/log/chasquid.log 2>&1 &")
    time.sleep(3)


def said(address, **more):
    """chasquid names no host, and gives the step as MAIL+RCPT: which of the two is left open."""
    return refused(address, **({"mta": None, "loose": ("command",)} | more))


def case(name, alias, expect, about):
    return Case(name, [f"{alias}@mail.example.org"], expect, about=about)


CASES = [
    case("unknown-user", "anna", [said("anna@maple.example", original="anna@mail.example.org")], "An alias whose target is refused."),
    case("gmail-no-such-user", "gmail", [said("uma@birch.example", original="gmail@mail.example.org")], "A reply of four lines with a p= token."),
    case("no-enhanced-code", "plain", [said("uma@willow.example", stated="5.0.0", original="plain@mail.example.org")], "A refusal without enhanced code."),
    case("spam-at-end-of-data", "spam", [said("uma@laurel.example", original="spam@mail.example.org", loose=())], "Judged spam."),
    case("over-quota", "full", [said("uma@spruce.example", original="full@mail.example.org")], "Over quota."),
    case("alias-two-of-three-fail", "mixed", [
        said("iris@garden.example", reason="no-such-user", stated="5.1.1", code=550, by="remote", original="mixed@mail.example.org"),
        said("lily@garden.example", reason="mailbox-full", stated="5.2.2", code=552, by="remote", original="mixed@mail.example.org")],
         "An alias with three targets, two of which are refused."),
]
