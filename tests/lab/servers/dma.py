# SPDX-License-Identifier: MIT
"""DragonFly Mail Agent: no daemon; plain text reports. Its five days are compiled in, so queue files are backdated."""
from labels import refused, verdict
from lab import Case, pipe
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "dma", "mail.example.org"


def version(root):
    return "dma " + inside(root, "dpkg-query -W -f '${Version}' dma").stdout.strip()


def setup(root, variant):
    (root / "etc/dma/dma.conf").write_text("MAILNAME mail.example.org\n")
    inside(root, "rm -f /var/spool/dma/[MQ]*; printf 'root: /dev/null\\n' > /etc/aliases")


def start(root, variant):
    pass


def submit(root, case):
    pipe(root, case, "/usr/sbin/dma")


def tick(root):
    inside(root, "touch -d '6 days ago' /var/spool/dma/[MQ]*; timeout 20 dma -q1")




def said(address, **more):
    """dma names the host in its text only."""
    return refused(address, loose=("remote_mta",), **more)


def late(address):
    return verdict(address, "expired", by="reporter", loose=("remote_mta",))


def case(name, to, expect, about, **more):
    return Case(name, [to], [expect], about=about, kind="ndr", top={"reporting_mta": "-"}, **more)


CASES = [
    case("unknown-user", "anna@maple.example", said("anna@maple.example"), "The recipient does not exist."),
    case("gmail-no-such-user", "eve@birch.example", said("eve@birch.example"), "A reply of four lines with a p= token."),
    case("no-enhanced-code", "eve@willow.example", said("eve@willow.example"), "A refusal without enhanced code."),
    case("gmail-unsolicited", "eve@holly.example", said("eve@holly.example"), "Refused at the end of data."),
    case("microsoft-s3150", "eve@beech.example", said("eve@beech.example"), "A block list token at MAIL."),
    case("banned-at-connect", "eve@pine.example", said("eve@pine.example"), "554 in the greeting."),
    case("greylisting-expired", "eve@ash.example", late("eve@ash.example"), "Greylisted for six days; the report tells only that it gave up."),
    case("connection-refused-expired", "eve@barley.example", late("eve@barley.example"), "Refused for six days; the report tells only that it gave up."),
    case("nxdomain", "eve@moss.example", verdict("eve@moss.example", "no-such-domain", by="reporter", loose=("remote_mta",)), "The domain does not exist."),
]
