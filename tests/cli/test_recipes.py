#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The recipes of doc/recipes.md and the script of doc/integration.md, run as they are.

A recipe whose programs are not installed is skipped, and they are named.
"""
import datetime
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess

import program
from program import FROM, Case, dsn

RECIPES = 12
NEEDS = {2: ["jq"], 3: ["jq"], 4: ["jq", "sqlite3"], 5: ["jq"], 9: ["jq"], 10: ["python3"]}


def recipes():
    """Their texts by number: the contents of their one block."""
    text = (program.SOURCE_DIR / "doc" / "recipes.md").read_text(encoding="utf-8")
    return {int(number): block for number, block in
            re.findall(r"^## (\d+)\. .*?\n```sh\n(.*?)^```$", text, re.M | re.S)}


def box(*mails):
    return "".join(f"{FROM}{mail}\n" for mail in mails)


def on_day(mail, day):
    return mail.replace("Date: Sat, 31 Jan 2026", day.strftime("Date: %a, %d %b %Y"))


class Recipes(Case):
    def setUp(self):
        super().setUp()
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        (self.bin / "bounce-classify").symlink_to(program.PROGRAM)
        this_month = datetime.date.today().replace(day=1)
        last_month = this_month - datetime.timedelta(days=3)
        listed = ("554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org; "
                  "https://www.spamhaus.org/query/ip/192.0.2.25")
        self.put("inbox.mbox", box(on_day(dsn("a@b.example"), last_month), on_day(dsn("A@b.example"), last_month),
                                   dsn("c@d.example"), dsn("e@f.example", listed, "5.7.1"),
                                   dsn("g@h.example", "550 Zorble frumious bander", "5.0.0"),
                                   dsn("i@j.example", "552 5.2.2 over quota", "5.2.2")))

    def tool(self, name, script):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run_script(self, script, *arguments):
        environment = dict(os.environ, PATH=f"{self.bin}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        done = subprocess.run(["sh", "-s", *arguments], input=script.encode(), cwd=self.folder, env=environment,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr.decode()

    def recipe(self, number):
        for need in NEEDS.get(number, []):
            if not shutil.which(need):
                self.skipTest(f"needs {need}")
        return self.run_script(recipes()[number])

    def lines(self, name):
        return (self.folder / name).read_text(encoding="utf-8").splitlines()

    def test_there_are_twelve(self):
        self.assertEqual(sorted(recipes()), list(range(1, RECIPES + 1)))
        tested = {int(name.rpartition("_")[2]) for name in dir(self) if re.fullmatch(r"test_recipe_\d+", name)}
        self.assertEqual(tested, set(recipes()))

    def test_recipe_1(self):
        self.recipe(1)
        self.assertEqual(self.lines("suppress.txt"), ["a@b.example"])

    def test_recipe_2(self):
        self.recipe(2)
        self.assertIn("2026-01\tother\t1\t4\t25", self.lines("own-fault.tsv"))

    def test_recipe_3(self):
        self.recipe(3)
        self.assertEqual([line.split(None, 1) for line in self.lines("undecided.txt")],
                         [["1", "550 Zorble frumious bander"]])

    def test_recipe_4(self):
        self.assertEqual(self.recipe(4), "")   # no mail has arrived yet
        for _ in range(2):
            self.check_run("-f", "json", "-o", self.folder / "bounces.jsonl", self.folder / "inbox.mbox")
            self.recipe(4)
        count = subprocess.run(["sqlite3", self.folder / "bounces.db", "SELECT count(*), count(DISTINCT address) FROM bounce"],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(count, "12|6\n")
        self.assertFalse((self.folder / "reading.jsonl").exists())

    def test_recipe_5(self):
        self.put("mail.log", "2026-10-04T04:36:41Z mx1 postfix/qmgr[1]: A1b: from=<n@sender.example>, size=9, nrcpt=1 "
                 "(queue active)\n2026-10-04T04:36:42Z mx1 postfix/smtp[1]: A1b: to=<a@b.example>, "
                 "relay=mx.b.example[198.51.100.1]:25, delay=9, dsn=5.1.1, status=bounced (host "
                 "mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown)\n"
                 "2026-10-04T04:36:43Z mx1 postfix/qmgr[1]: A1b: removed\n")
        self.recipe(5)
        self.assertEqual(self.lines("hard.tsv"), ["a@b.example\tno-such-user\tmx.b.example"])

    def maildir(self, count):
        for name in ("new", "cur", "tmp"):
            (self.folder / "Maildir" / name).mkdir(parents=True)
        for i in range(count):
            self.put(f"Maildir/new/{i}.mail", dsn(f"u{i}@b.example"))

    def test_recipe_6(self):
        self.maildir(3)
        self.recipe(6)
        self.assertEqual(len(self.lines("bounces.jsonl")), 3)
        self.assertEqual([len(list((self.folder / "Maildir" / name).iterdir())) for name in ("new", "cur")], [0, 3])

    def test_recipe_7(self):
        """mbsync itself is not run: it leaves a Maildir."""
        self.maildir(2)
        self.tool("mbsync", '[ "$*" = "-c mbsyncrc bounces" ]')
        self.recipe(7)
        self.assertEqual(len(self.lines("bounces.csv")), 3)

    def test_recipe_8(self):
        (self.folder / "archive").mkdir()
        for month in ("2026-01", "2026-02"):
            (self.folder / "archive" / f"{month}.mbox.gz").write_bytes(
                gzip.compress((self.folder / "inbox.mbox").read_bytes()))
        self.recipe(8)
        for month in ("2026-01", "2026-02"):
            self.assertEqual(json.loads((self.folder / "archive" / f"{month}.json").read_text())["recipients"], 6)

    def test_recipe_9(self):
        self.recipe(9)
        first = json.loads(self.lines("sisimai.jsonl")[0])
        self.assertEqual([first["recipient"], first["reason"], first["hardbounce"]], ["a@b.example", "userunknown", True])

    def test_recipe_10(self):
        self.recipe(10)
        self.assertEqual(self.lines("reasons.txt"), ["3 no-such-user"])

    def test_recipe_11(self):
        self.recipe(11)
        self.assertEqual(self.lines("hard.csv")[0], "recipients.address,recipients.reason,recipients.status,report.date")
        self.assertEqual(len(self.lines("hard.csv")), 4)

    def test_recipe_12(self):
        yesterday = datetime.date.today() - datetime.timedelta(days=1)
        self.put("bounces.mbox", box(on_day(dsn("a@b.example"), yesterday), dsn("c@d.example")))
        self.tool("sendmail", '[ "$*" = "-t" ] && cat > sent')
        self.recipe(12)
        text = "\n".join(self.lines("sent"))
        self.assertIn("Subject: Bounces of yesterday\n", text)
        self.assertIn("1 recipients, 1 failures.", text)


class Integration(Case):
    """The script of the systemd units; tests/lab/integrate.py runs the mail servers."""

    def piece(self, first_line):
        text = (program.SOURCE_DIR / "doc" / "integration.md").read_text(encoding="utf-8")
        return re.search(rf"^```\w+\n# {re.escape(first_line)}\n(.*?)^```$", text, re.M | re.S)[1]

    def test_bounces_read(self):
        script = self.put("bounces-read", self.piece("/usr/local/bin/bounces-read"))
        for name in ("new", "cur"):
            (self.folder / "Maildir" / name).mkdir(parents=True)
        for i in range(3):
            self.put(f"Maildir/new/{i}", dsn(f"u{i}@b.example"))
        environment = dict(os.environ, PATH=f"{pathlib.Path(program.PROGRAM).parent}:{os.environ['PATH']}")

        def read(output):
            return subprocess.run(["sh", script, self.folder / "Maildir", output], env=environment,
                                  capture_output=True, check=False).returncode
        self.assertEqual(read(self.folder / "no" / "file"), 75)
        self.assertEqual(len(list((self.folder / "Maildir" / "new").iterdir())), 3)
        self.assertEqual(read(self.folder / "out.jsonl"), 0)
        self.assertEqual(len((self.folder / "out.jsonl").read_text().splitlines()), 3)
        self.assertEqual(len(list((self.folder / "Maildir" / "cur").iterdir())), 3)

    def test_the_units(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("needs systemd-analyze")
        for name in ("bounces.path", "bounces.service"):
            text = self.piece(f"/etc/systemd/system/{name}")
            self.put(name, text.replace("/usr/local/bin/bounces-read", "/bin/true").replace("User=bounces\n", ""))
        done = subprocess.run(["systemd-analyze", "verify", self.folder / "bounces.path", self.folder / "bounces.service"],
                              capture_output=True, text=True, check=False)
        ours = [line for line in done.stderr.splitlines() if "bounces." in line]
        self.assertEqual(ours, [])


if __name__ == "__main__":
    program.main()
