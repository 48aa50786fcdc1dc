# SPDX-License-Identifier: MIT
"""The deliveries of agree.py: what is sent to whom, how the other side replies, and what that means.

In: the replies of tests/seed. Out: deliveries and the messages that cause them. A delivery has the words of the other
side or, if no server answers or the sending server decides, the reason for that.
"""
import collections
import pathlib
import re
from typing import NamedTuple

from smtphost import DROP

SEED = pathlib.Path(__file__).resolve().parents[1] / "seed" / "replies.tsv"
PER_MESSAGE = 5
MORE = ["550-5.1.1 The email account that you tried to reach does not exist.\n550-5.1.1 Please try double-checking the "
        "address\n550 5.1.1 for typos.", "550 5.1.1 Użytkownik nieznany", "552 5.2.2 Boîte aux lettres pleine",
        "554 5.7.1 " + "This message was refused because of its content, as filters of this site found it. " * 9,
        "450-4.2.1 The user is receiving mail too quickly.\n450 4.2.1 Please resend your message later.",
        "550 5.7.1 " + "x" * 480 + " blocked using zen.spamhaus.org"]
# What a server says about the client or about the message, whenever it says it.
EARLY = {"ip-blocked", "bad-reputation", "ptr-missing", "rate-limited", "too-many-connections", "policy", "sender-rejected"}
LATE = {"spam", "virus", "content-rejected", "message-too-large", "policy", "auth-failure", "noncompliant", "mailbox-full"}
# stage of smtphost.py -> (command, reasons, how many)
STAGES = {"connect": ("", EARLY, 7), "mail": ("MAIL", EARLY, 10), "data": ("DATA", LATE, 6), "end": ("DATA", LATE, 12)}
SEVERAL = {"ann": "550 5.1.1 User unknown", "ben": "552 5.2.2 Mailbox full", "cia": "550 5.7.1 Relaying denied",
           "dan": "450 4.2.1 Mailbox is disabled", "eve": "550 5.2.1 The account has been disabled",
           "fay": "550-5.1.1 There is\n550 5.1.1 no such user", "gus": "451 4.7.1 Greylisted, please try again", "ida": "250 2.1.5 Ok"}
# name -> (dns, host, script, what it is)
SILENT = {"nobody-listens": ("plain", "refused", {}, "network-error"), "hangs": ("plain", "black-hole", {}, "network-error"),
          "hangs-up": ("plain", "scripted", {"connect": DROP}, "network-error"),
          "hangs-up-later": ("plain", "scripted", {"rcpt": DROP}, "network-error"),
          "nowhere": ("nxdomain", "", {}, "no-such-domain"), "failing": ("servfail", "", {}, "dns-error"),
          "nullmx": ("nullmx", "", {}, "no-mail-service"), "home": ("home", "", {}, "routing-loop")}
OWN = "mail.example.org"
LOCAL = {"postfix": {"gone67": "no-such-user", "broken": "mailer-error", "later75": "mailer-error", "nobody.here": "no-such-user",
                     "full": "mailbox-full", "former": "mailbox-moved"},
         "exim": {"gone67": "no-such-user", "broken": "mailer-error", "later75": "mailer-error", "nobody.here": "no-such-user",
                  "small": "mailbox-full", "former": "mailbox-moved", "frozen": "mailbox-disabled"},
         "sendmail": {"gone67": "no-such-user", "broken": "mailer-error", "later75": "mailer-error", "nobody.here": "no-such-user"},
         "opensmtpd": {"gone67": "no-such-user", "broken": "mailer-error"}}


class Delivery(NamedTuple):
    kind: str       # RCPT, connect, mail, data, end, several, silent, local
    address: str
    said: str       # "" if nobody says anything
    command: str
    means: str      # the reason if nothing is said; "" if the reply shows it


def seeded():
    """reason -> replies of tests/seed that a server can give."""
    found = collections.defaultdict(list)
    for line in SEED.read_text(encoding="utf-8").splitlines():
        text, reason = (line.split("\t") + [""])[:2]
        if re.match(r"[45]\d\d ", text) and "{" not in text and not text.startswith("421") and len(text) < 400:
            found[reason].append(text)
    return found


def in_turn(by_reason, count, chosen=()):
    """One of each reason, then a second one of each, ..."""
    chosen, turn = list(chosen), 0
    while len(chosen) < count and any(len(texts) > turn for texts in by_reason.values()):
        chosen += [texts[turn] for texts in by_reason.values() if len(texts) > turn]
        turn += 1
    return chosen[:count]


def deliveries(server):
    """All of them, and the scenarios of scenarios.py that they need."""
    all_of, worlds = [], []

    def add(kind, domain, said, command, means="", dns="plain", host="scripted", script=None):
        all_of.append(Delivery(kind, "reader@" + domain, said, command, means))
        worlds.append({"domain": domain, "dns": dns, "host": host, "script": script or {}})

    for number, text in enumerate(in_turn(seeded(), 100, MORE)):
        add("RCPT", f"r{number:03}.example", text, "RCPT", script={"rcpt": text})
    for stage, (command, reasons, count) in STAGES.items():
        some = {reason: texts for reason, texts in seeded().items() if reason in reasons}
        for number, text in enumerate(in_turn(some, count)):
            add(stage, f"{stage}{number:02}.example", text, command, script={stage: text})
    for name, (dns, host, script, means) in SILENT.items():
        add("silent", name + ".example", "", "", means, dns, host, script)
    worlds.append({"domain": "several.example", "dns": "plain", "host": "scripted", "script": {"rcpt": SEVERAL}})
    all_of += [Delivery("several", name + "@several.example", text, "RCPT", "") for name, text in SEVERAL.items() if text[0] != "2"]
    all_of += [Delivery("local", f"{name}@{OWN}", "", "", means) for name, means in LOCAL[server].items()]
    return all_of, worlds


def messages(all_of):
    """The recipients of each message: some with a host each; all of the host with several; one local one."""
    alone = [d.address for d in all_of if d.kind not in ("several", "local")]
    yield from (alone[i:i + PER_MESSAGE] for i in range(0, len(alone), PER_MESSAGE))
    yield [name + "@several.example" for name in SEVERAL]
    yield from ([d.address] for d in all_of if d.kind == "local")
