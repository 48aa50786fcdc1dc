#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--as: what other systems call a verdict; data/crosswalk.tsv, and a comparison with Debian's Sisimai.

The comparison with Sisimai is skipped where libsisimai-perl is not installed; ./setup does not need it.
"""
import collections
import csv
import io
import json
import re
import subprocess
import unittest

import program
from program import Case, dsn

SYSTEMS = ("sisimai4", "sisimai5", "ses", "sendgrid", "sparkpost", "powermta", "kumomta", "postmark", "mailgun",
           "listmonk", "mautic", "mailman")
# Reasons without a name: the system does not report deliveries, or not in this way.
WITHOUT = {"postmark": {"delivered"}, "listmonk": {"delivered", "challenge"}, "mautic": {"delivered", "complaint"}}
SISIMAI = r"""use Sisimai; use JSON; my $json = JSON->new->canonical;
while(my $path = <STDIN>) { chomp $path; my $found = eval { Sisimai->make($path, "delivered" => 1) } || [];
print $json->encode([$path, [map { $_->damn } @$found]]), "\n"; }"""


def table():
    """The lines of data/crosswalk.tsv that are not comments."""
    text = (program.SOURCE_DIR / "data" / "crosswalk.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def reasons():
    text = (program.SOURCE_DIR / "doc" / "reasons.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([a-z-]+)` \| (hard|soft|none) \|", text, re.M)


class Table(Case):
    def test_its_form(self):
        known = {name for name, _ in reasons()}
        self.assertEqual(len(known), 39)
        for row in table():
            self.assertEqual(len(row), 4, row)
            system, names, when, values = row
            self.assertIn(system, SYSTEMS)
            self.assertLessEqual(set(names.split(",")) - {"*"}, known, row)
            self.assertIn(when, ("*", "hard", "soft", "none", "permanent", "temporary", "delayed"))
            for part in values.split("|"):
                key, sign, value = part.partition("=")
                self.assertTrue(key and sign and value and len(key) < 64 and len(value) < 64, row)
                if key.endswith("#"):
                    json.loads(value)
        self.assertEqual(tuple(dict.fromkeys(row[0] for row in table())), SYSTEMS)

    def test_each_line_and_reason_is_used(self):
        """Every reason has names in every system; no line is hidden by an earlier one."""
        used = set()
        for system in SYSTEMS:
            rows = [(i, row) for i, row in enumerate(table()) if row[0] == system]
            for reason, kind in reasons():
                keys = set()
                for action in ("failed", "delayed")[:1 if kind == "none" else 2]:
                    for permanent in (True, False):
                        keys |= self.keys_of(rows, reason, kind, action, permanent, used)
                self.assertEqual(bool(keys), reason not in WITHOUT.get(system, ()), (system, reason))
        hidden = [row for i, row in enumerate(table()) if i not in used]
        self.assertEqual(hidden, [])

    @staticmethod
    def keys_of(rows, reason, kind, action, permanent, used):
        """The keys for one recipient; a reason of type hard is soft unless permanent."""
        kind = "soft" if kind == "hard" and not permanent else kind
        holds = {"*", kind, "delayed" if action == "delayed" else "*"}
        if kind != "none":
            holds.add("permanent" if permanent else "temporary")
        keys = set()
        for i, (_, names, when, values) in rows:
            if when in holds and ("*" in names or reason in names.split(",")):
                new = {part.split("=")[0] for part in values.split("|")} - keys
                keys |= new
                if new:
                    used.add(i)
        return keys


class As(Case):
    def names(self, system, mail, *options):
        answer = json.loads(self.check_run("--format", "json", "--as", system, *options, stdin=mail))
        return [recipient["as"] for recipient in answer["recipients"]]

    def test_some(self):
        full = dsn("f@b.example", "552 5.2.2 over quota", "5.2.2")
        for system, mail, want in (
                ("ses", dsn(), {"notificationType": "Bounce", "bounceType": "Permanent", "bounceSubType": "NoEmail"}),
                ("ses", full, {"notificationType": "Bounce", "bounceType": "Transient", "bounceSubType": "MailboxFull"}),
                ("sendgrid", dsn(), {"event": "bounce", "type": "bounce", "bounce_classification": "Invalid Address"}),
                ("sparkpost", full, {"type": "bounce", "bounce_class": "22"}),
                ("powermta", dsn(), {"type": "b", "bounceCat": "bad-mailbox"}),
                ("kumomta", dsn(), {"type": "Bounce", "bounce_classification": "InvalidRecipient"}),
                ("postmark", dsn(), {"Type": "HardBounce", "TypeCode": 1}),
                ("mailgun", dsn(), {"event": "failed", "severity": "permanent", "reason": "bounce"}),
                ("listmonk", full, {"type": "soft"}),
                ("mautic", full, {"category": "full", "type": "soft"}),
                ("mailman", full, {"severity": "soft", "score": 0.5})):
            self.assertEqual(self.names(system, mail), [{"system": system, **want}])

    def test_only_adds(self):
        plain = json.loads(self.check_run("--format", "json", stdin=dsn()))
        answer = json.loads(self.check_run("--format", "json", "--as", "ses", stdin=dsn()))
        for recipient in answer["recipients"]:
            del recipient["as"]
        self.assertEqual(answer, plain)

    def test_with_other_options(self):
        other = "\n\nFinal-Recipient: rfc822; f@b.example\nAction: failed\nStatus: 5.2.2\n\n--b--"
        mail = dsn().replace("\n\n--b--", other)
        self.assertEqual([one["type"] for one in self.names("listmonk", mail)], ["hard", "soft"])
        self.assertEqual([one["type"] for one in self.names("listmonk", mail, "--only", "type=soft")], ["soft"])
        text = self.check_run("-f", "json", "--as", "listmonk", "--fields", "as,address", stdin=dsn())
        self.assertEqual(json.loads(text), {"recipients": [{"address": "user@example.net",
                                                           "as": {"system": "listmonk", "type": "hard"}}]})
        text = self.check_run("-f", "json", "--as", "listmonk", "--fields", "kind", stdin=dsn())
        self.assertEqual(text, '{"kind":"dsn"}\n')
        self.assertIn(" [hard] ", self.check_run("--as", "listmonk", stdin=dsn()))
        rows = list(csv.DictReader(io.StringIO(self.check_run("-f", "csv", "--as", "ses", "--header", "X-A",
                                                             stdin=dsn()))))
        self.assertEqual([row["as"] for row in rows], ["Bounce/Permanent/NoEmail"])

    def test_wrong_usage(self):
        for options in (["--as", "aweber"], ["--as", "ses", "--suppress"], ["--as", "ses", "--summary"],
                        ["--as", "ses", "--list-rules"], ["--as", "ses", "--fields", "kind", "-f", "csv"]):
            self.assertEqual(program.run(*options, stdin=dsn()).returncode, 2, options)


def sisimai_version():
    try:
        done = subprocess.run(["perl", "-MSisimai", "-MJSON", "-e", "print Sisimai->version"], capture_output=True,
                              check=False)
        return done.stdout.decode() if done.returncode == 0 else None
    except FileNotFoundError:
        return None


@unittest.skipUnless(sisimai_version() == "4.25.15", "needs libsisimai-perl 4.25.15, that of Debian 12")
class Sisimai(Case):
    """The same mails read by both."""

    @classmethod
    def setUpClass(cls):
        cls.pairs, cls.unread = [], collections.Counter()
        paths = sorted((program.SOURCE_DIR / "tests" / "corpus").glob("*/*/mail.eml"))
        lines = "".join(f"{path}\n" for path in paths).encode()
        theirs = {}
        for line in subprocess.run(["perl", "-e", SISIMAI], input=lines, capture_output=True,
                                   check=True).stdout.splitlines():
            path, found = json.loads(line.decode("utf-8", "replace"))
            theirs[path] = found
        ours = program.run("-f", "json", "--as", "sisimai4", *paths).stdout.splitlines()
        for report in map(json.loads, ours):
            found = theirs.get(report["source"]["path"], [])
            for recipient in report["recipients"]:
                same = [one for one in found if one["recipient"].lower() == (recipient["address"] or "").lower()]
                if not same and len(found) == len(report["recipients"]) == 1:
                    same = found
                if same:
                    cls.pairs.append((recipient, same[0]))
                else:
                    cls.unread[recipient["reason"]] += 1

    def differences(self):
        """How many recipients have the same reason; for the others, both reasons and the number of recipients."""
        same, differ = 0, collections.Counter()
        for recipient, theirs in self.pairs:
            ours = recipient["as"]["reason"]
            if ours == theirs["reason"]:
                same += 1
            else:
                differ[recipient["reason"], ours, theirs["reason"]] += 1
        return same, differ

    def test_the_table_of_the_document(self):
        """doc/drop-in.md lists where the two differ: all differences of three recipients or more, and only real ones.
        What this test prints is the table as it should be."""
        same, differ = self.differences()
        text = (program.SOURCE_DIR / "doc" / "drop-in.md").read_text(encoding="utf-8")
        listed = set(re.findall(r"^\| `([a-z-]+)` \| `([a-z]+)` \| `([a-z]+)` \| \d+ \|", text, re.M))
        rows = "".join(f"| `{reason}` | `{ours}` | `{theirs}` | {count} |\n"
                       for (reason, ours, theirs), count in sorted(differ.items()))
        often = {key for key, count in differ.items() if count >= 3}
        self.assertTrue(often <= listed <= set(differ), f"found {len(self.pairs)}, not found "
                        f"{sum(self.unread.values())}, same {same}\n{rows}")
        self.assertGreaterEqual(same, 0.5 * len(self.pairs))

    def test_facts(self):
        """What both read in the mail itself is the same, with few exceptions."""
        for key, most in (("recipient", 0.05), ("destination", 0.04), ("timestamp", 0.3), ("messageid", 0.1),
                          ("replycode", 0.3)):
            differ = [(r["as"][key], theirs[key]) for r, theirs in self.pairs
                      if str(theirs[key]) and str(r["as"][key]).lower() != str(theirs[key]).lower()]
            self.assertLessEqual(len(differ), most * len(self.pairs), (key, differ[:10]))

    def test_soft_and_hard(self):
        """Where the reason is the same, so is softbounce."""
        differ = [(r["reason"], r["as"]["softbounce"], theirs["softbounce"]) for r, theirs in self.pairs
                  if r["as"]["reason"] == theirs["reason"] and r["as"]["softbounce"] != theirs["softbounce"]]
        self.assertEqual(differ, [])


if __name__ == "__main__":
    program.main()
