#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of doc/compared.md: what each program makes of the same mails.

Sisimai, flufl.bounce and Mail::DeliveryStatus::BounceParser are those of Debian 12; if one is not installed, its
column is not compared (apt-get install libsisimai-perl python3-flufl.bounce
libmail-deliverystatus-bounceparser-perl). The programs of the other columns are not run.
"""
import json
import re
import subprocess

import program
from program import FROM, ORDINARY, Case, dsn

SISIMAI = r"""use Sisimai; use Sisimai::Reason; use JSON; my $json = JSON->new->canonical;
if($ARGV[0] eq 'reply') { print $json->encode([{ "reason" => Sisimai::Reason->match($ARGV[1]) }]); exit }
my $found = eval { Sisimai->make($ARGV[0], "delivered" => 1) } || []; print $json->encode([map { $_->damn } @$found]);"""
FLUFL = """import email, json, sys
from flufl.bounce import all_failures
mail = email.message_from_binary_file(open(sys.argv[1], "rb"))
soft, hard = all_failures(mail)
print(json.dumps([{"recipient": a.decode("utf-8", "replace"), "reason": r} for s, r in ((soft, "temporary"),
      (hard, "permanent")) for a in sorted(s)]))"""
PARSER = r"""use Mail::DeliveryStatus::BounceParser; use JSON; open(my $file, "<", $ARGV[0]); local $/; my $mail = <$file>;
my $bounce = eval { Mail::DeliveryStatus::BounceParser->new($mail) }; my @found;
if($bounce && $bounce->is_bounce) { for my $r ($bounce->reports) { push @found, { "recipient" => $r->get("email"),
"reason" => $r->get("std_reason"), "deliverystatus" => $r->get("status"), "rhost" => $r->get("host") } } }
print JSON->new->canonical->encode(\@found);"""
TOOLS = {
    "Sisimai": (["perl", "-e", SISIMAI], ["perl", "-MSisimai", "-MJSON", "-e", "exit(Sisimai->version ne '4.25.15')"]),
    "flufl.bounce": (["/usr/bin/python3", "-c", FLUFL], ["/usr/bin/python3", "-c", "import flufl.bounce"]),
    "BounceParser": (["perl", "-e", PARSER], ["perl", "-MMail::DeliveryStatus::BounceParser", "-MJSON", "-e", "1"]),
}
QMAIL = """From: MAILER-DAEMON@mx.example.org
To: news@sender.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@maple.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <news@sender.example>
From: news@sender.example
To: anna@maple.example
Subject: News
Message-ID: <1@sender.example>

Hello
"""
VACATION = """From: Anna <anna@maple.example>
To: news@sender.example
Subject: Out of office: News
Auto-Submitted: auto-replied

I am on vacation until Monday.
"""
OWN_WORDS = """From: postmaster@mx.example.org
To: news@sender.example
Subject: Nachricht unzustellbar

Ihre Nachricht an anna@maple.example konnte nicht zugestellt werden:
Der Empfänger ist unbekannt.
"""


def corpus(name):
    return (program.SOURCE_DIR / "tests" / "corpus" / name / "mail.eml").read_bytes()


def installed():
    answer = {}
    for name, (_, check) in TOOLS.items():
        try:
            answer[name] = subprocess.run(check, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            answer[name] = False
    return answer


class Compared(Case):
    def found(self, tool, mail):
        """A program's results for a mail: a list of recipient, reason and the like, with the keys of Sisimai."""
        path = self.put("mail.eml", mail)
        if tool == "bounce-classify":
            done = program.run("-f", "json", "--as", "sisimai4", path)
            report = json.loads(done.stdout.splitlines()[0])
            found = [dict(r["as"], reason=r["reason"], blocklist=r["blocklist"], retry=r["retry_stated_s"])
                     for r in report["recipients"]]
            return found or ([{"reason": "vacation"}] if report["kind"] == "auto-reply" else [])
        done = subprocess.run([*TOOLS[tool][0], str(path)], capture_output=True, check=False)
        return json.loads(done.stdout.decode("utf-8", "replace") or "[]")

    def addresses(self, tool, mail):
        return sorted(str(one.get("recipient")) for one in self.found(tool, mail))

    def reasons(self, tool, mail):
        return [one.get("reason") for one in self.found(tool, mail)]

    def reason_of_reply(self, tool, text):
        if tool == "bounce-classify":
            return json.loads(self.check_run("-f", "json", "--reply", text))["recipients"][0]["reason"]
        if tool != "Sisimai":
            return None
        done = subprocess.run([*TOOLS[tool][0], "reply", text], capture_output=True, check=True)
        return json.loads(done.stdout)[0]["reason"]

    def probes(self, tool):
        """Yes or no for each row that can be tested, by its first words in the table."""
        four = [dsn(), dsn(diagnostic="552 5.2.2 mailbox over quota", status="5.2.2"),
                dsn(diagnostic="554 5.7.1 Message rejected as spam", status="5.7.1"),
                dsn(diagnostic="550 5.1.2 Host unknown", status="5.1.2")]
        listed = dsn(diagnostic="554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org", status="5.7.1")
        grey = dsn(diagnostic="451 4.7.1 Greylisted, try again in 5 minutes", status="4.7.1")
        delayed = dsn(diagnostic="452 4.2.2 over quota", status="4.2.2", action="delayed")
        fates = corpus("lab-postfix/several-fates")
        wanted = sorted(r["address"] for r in json.loads((program.SOURCE_DIR / "tests" / "corpus" / "lab-postfix" /
                                                         "several-fates" / "expected.json").read_text())["recipients"])
        moon = dsn(diagnostic="550 5.1.1 <user@example.net>: over quota")
        return {
            "delivery status notifications": self.addresses(tool, dsn()) == ["user@example.net"],
            "reports in free text": self.addresses(tool, QMAIL) == ["anna@maple.example"],
            "reports in German": self.addresses(tool, OWN_WORDS) == ["anna@maple.example"],
            "several recipients": self.addresses(tool, fates) == wanted,
            "addresses beyond ASCII": "zoë@maple.example" in self.addresses(tool, corpus("lab-exim/smtputf8-unknown-user")),
            "unknown user, full mailbox": len({str(self.reasons(tool, mail)) for mail in four}) == 4,
            "words outrank a code": self.reasons(tool, moon) == self.reasons(tool, four[1]) !=
                                    self.reasons(tool, four[0]),
            "a notice of delay": self.reasons(tool, delayed) != self.reasons(tool, dsn()),
            "complaints": self.reasons(tool, corpus("made-arf/abuse-rfc5965")) in (["feedback"], ["complaint"]),
            "automatic replies": self.reasons(tool, VACATION) == ["vacation"],
            "ordinary mail": self.found(tool, ORDINARY) == [],
            "status code": [one.get("deliverystatus") for one in self.found(tool, dsn())] == ["5.1.1"],
            "remote host": [one.get("rhost") for one in self.found(tool, dsn())] == ["mx.example.net"],
            "which block list": any("Spamhaus" in str(one.get("blocklist")) for one in self.found(tool, listed)),
            "when to retry": any(one.get("retry") == 300 for one in self.found(tool, grey)),
            "a single SMTP reply": self.reason_of_reply(tool, "550 5.1.1 User unknown") in ("no-such-user", "userunknown"),
            "mailboxes": len(self.found_in_box(tool)) == 2,
        }

    def found_in_box(self, tool):
        path = self.put("two.mbox", f"{FROM}{dsn('a@b.example')}\n{FROM}{dsn('c@d.example')}\n")
        if tool == "bounce-classify":
            return self.check_run("-f", "json", path).splitlines()
        return self.found(tool, path.read_bytes()) if tool == "Sisimai" else []

    def test_the_table(self):
        text = (program.SOURCE_DIR / "doc" / "compared.md").read_text(encoding="utf-8")
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
                if line.startswith("| ")]
        columns = {name: i for i, name in enumerate(rows[0])}
        there = {"bounce-classify": True, **installed()}
        for tool in (tool for tool, is_there in there.items() if is_there):
            for feature, answer in self.probes(tool).items():
                row = next(row for row in rows if row[0].startswith(feature))
                said = re.match(r"yes|no", row[columns[tool]])
                with self.subTest(f"{tool}: {feature}"):
                    self.assertEqual(said and said[0], "yes" if answer else "no")


if __name__ == "__main__":
    program.main()
