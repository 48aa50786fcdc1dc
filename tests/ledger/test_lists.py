#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Suppression lists of sending services, in and out; other policies."""
import csv
import io
import json
import subprocess

from ledger import DAY, LEDGER, START, LedgerTest, main, verdict, when

# Lists as the documentation of each service shows them; addresses and dates are ours.
LISTS = {
    "ses": json.dumps({"SuppressedDestinationSummaries": [
        {"EmailAddress": "dead@b.example", "Reason": "BOUNCE", "LastUpdateTime": "2026-01-01T10:00:00.123000+01:00"},
        {"EmailAddress": "angry@b.example", "Reason": "COMPLAINT", "LastUpdateTime": 1767258000.5}], "NextToken": "x"}, indent=2),
    "sendgrid": json.dumps([
        {"created": 1767258000, "email": "dead@b.example", "reason": "550 5.1.1 The email account does not exist", "status": "5.1.1"},
        {"created": 1767258000, "email": "angry@b.example", "ip": "192.0.2.1"},
        {"created": 1767258000, "email": "left@b.example"}]),
    "mailgun": json.dumps({"items": [
        {"address": "dead@b.example", "code": "550", "error": "550 5.1.1 No such mailbox", "created_at": "Thu, 01 Jan 2026 09:00:00 UTC"},
        {"address": "angry@b.example", "created_at": "Thu, 01 Jan 2026 09:00:00 UTC"},
        {"address": "left@b.example", "tags": ["*"], "created_at": "Thu, 01 Jan 2026 09:00:00 UTC"}], "paging": {"next": "x"}}),
    "postmark": json.dumps({"Suppressions": [
        {"EmailAddress": "dead@b.example", "SuppressionReason": "HardBounce", "Origin": "Recipient", "CreatedAt": "2026-01-01T04:00:00-05:00"},
        {"EmailAddress": "angry@b.example", "SuppressionReason": "SpamComplaint", "Origin": "Recipient", "CreatedAt": "2026-01-01T04:00:00-05:00"},
        {"EmailAddress": "left@b.example", "SuppressionReason": "ManualSuppression", "Origin": "Recipient", "CreatedAt": "2026-01-01T04:00:00-05:00"},
        {"EmailAddress": "hand@b.example", "SuppressionReason": "ManualSuppression", "Origin": "Customer", "CreatedAt": "2026-01-01T04:00:00-05:00"}]}),
    "sparkpost": "recipient,type,source,description,updated\r\ndead@b.example,transactional,Bounce Rule,\"550 5.1.1, unknown\",2026-01-01T09:00:00+00:00\r\n"
                 "angry@b.example,non_transactional,Spam Complaint,,2026-01-01T09:00:00+00:00\r\n"
                 "left@b.example,non_transactional,List Unsubscribe,,2026-01-01T09:00:00+00:00\r\n"
                 "hand@b.example,transactional,Manually Added,,2026-01-01T09:00:00+00:00\r\n",
}
NOW = ("--now", when(START + DAY))


class Lists(LedgerTest):
    def take(self, service, text, *options, db=None, status=0):
        return self.ledger("import", "-q", "--list", service, *NOW, *options, given=text, db=db, status=status)

    def test_import(self):
        for service, text in LISTS.items():
            db = self.new_db()
            self.take(service, text, "--scope", "shop/news/offers", db=db)
            self.take(service, text, "--scope", "shop/news/offers", db=db)
            rows = {r["address"]: r for r in self.answers("suppressed", db=db)}
            with self.subTest(service):
                self.assertEqual((rows["dead@b.example"]["for"], rows["dead@b.example"]["scope"]), ("tenant", "shop"))
                self.assertEqual(rows["dead@b.example"]["since"], "2026-01-01T09:00:00Z")
                self.assertEqual((rows["angry@b.example"]["for"], rows["angry@b.example"]["basis"]), ("scope", "complaint"))
                if "left@" in text:
                    self.assertEqual((rows["left@b.example"]["scope"], rows["left@b.example"]["basis"]), ("shop/news/offers", "unsubscribed"))
                if "hand@" in text:
                    self.assertEqual((rows["hand@b.example"]["for"], rows["hand@b.example"]["scope"]), ("service", service))
                    self.assertEqual(self.may("hand@b.example", "--scope", "shop", db=db), "yes")
                    self.assertEqual(self.may("hand@b.example", "--scope", "shop", "--service", service, db=db), "never")
                self.assertEqual(len(self.answers("show", "dead@b.example", db=db)[0]["events"]), 1)

    def test_the_last_batch_may_be_full(self):
        for batch in (1, 2, 3, 4):
            self.take("ses", LISTS["ses"], "--batch", batch)
        self.take("ses", "")
        self.assertEqual(len(self.answers("suppressed")), 2)

    def test_words_in_another_charset(self):
        """Latin-1 in a list, or in a question, stops nothing, and never leads to invalid JSON."""
        path = self.folder / "latin1.csv"
        path.write_bytes(b"email,reason,created\na@b.example,550 bo\xeete inconnue,1767258000\nd\xe9@b.example,550 no,1767258000\n")
        done = self.run_ledger("import", "-q", "--list", "sendgrid", path)
        self.assertEqual((done.returncode, done.stderr.count("record 2: the address is missing")), (1, 1))
        self.assertEqual(self.answers("show", "a@b.example")[0]["events"][0]["who"], "550 bo\x1ate inconnue")
        done = subprocess.run([LEDGER, "--db", self.db, "may", "-f", "json"], input=b"d\xe9@b.example\nx\xc3\xa9@b.example\n",
                              stdout=subprocess.PIPE, check=False)
        rows = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
        self.assertEqual([(r["address"], r["state"]) for r in rows], [("d\ufffd@b.example", "no-address"), ("x\xe9@b.example", "free")])

    def test_input_that_is_not_a_list(self):
        for text in ("Unauthorized\n", "<html>\n<body>no</body>\n</html>\n"):
            done = self.run_ledger("import", "--list", "ses", given=text)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 2))
            self.assertIn("standard input: the first row has no address", done.stderr)
        self.assertIn("time is not understood", self.run_ledger("import", "--list", "ses", given='{"email":"a@b.example","created":"nan"}').stderr)
        done = self.run_ledger("import", "--list", "ses", self.folder)
        self.assertEqual((done.returncode, "Is a directory" in done.stderr), (1, True), done.stderr)

    def test_a_slow_pipe_does_not_block_others(self):
        waiting = subprocess.Popen([LEDGER, "--db", self.db, "import", "-q", "--list", "ses"], stdin=subprocess.PIPE, text=True)
        waiting.stdin.write("a@b.example,BOUNCE\n")
        waiting.stdin.flush()
        self.record(verdict("c@b.example"))
        waiting.communicate("d@b.example,BOUNCE\n", timeout=60)
        self.assertEqual((waiting.returncode, len(self.answers("suppressed"))), (0, 3))

    def test_reason_of_words(self):
        self.take("sendgrid", LISTS["sendgrid"])
        self.assertEqual(self.answers("show", "dead@b.example")[0]["events"][0]["reason"], "no-such-user")

    def test_round_trip(self):
        self.take("postmark", LISTS["postmark"])
        want = {r["address"] for r in self.answers("suppressed")}
        without = {"ses": {"left", "hand"}, "sendgrid": {"angry", "left", "hand"}, "mailgun": {"hand"}, "postmark": set(), "sparkpost": set()}
        for service, missing in without.items():
            out = self.ledger("export", "-q", "--list", service)
            db = self.new_db()
            self.take(service, out, db=db)
            got = {r["address"] for r in self.answers("suppressed", db=db)}
            self.assertEqual(want - got, {f"{name}@b.example" for name in missing}, service)
            if service != "ses":
                self.assertEqual({r["since"] for r in self.answers("suppressed", db=db)}, {"2026-01-01T09:00:00Z"}, service)
        self.assertEqual(self.ledger("export", "-q", "--list", "ses"), "dead@b.example,BOUNCE\nangry@b.example,COMPLAINT\n")
        self.assertIn("left out: 2", self.run_ledger("export", "--list", "ses").stderr)

    def test_export_of_a_scope(self):
        self.take("postmark", LISTS["postmark"], "--scope", "shop/news/offers")
        self.assertEqual(self.ledger("export", "-q", "--list", "ses", "--scope", "shop/news/offers"), "dead@b.example,BOUNCE\nangry@b.example,COMPLAINT\n")
        self.assertEqual(self.ledger("export", "-q", "--list", "ses", "--scope", "shop/news/other"), "dead@b.example,BOUNCE\n")

    def test_addresses_are_exported_as_they_are(self):
        """A service would not remove an apostrophe, as a spreadsheet does; in a column of words it stays."""
        odd = [f"{sign}u@b.example" for sign in "+-="] + ['"@u"@b.example', '"a,b"@b.example']
        self.record(*[verdict(one, START + n) for n, one in enumerate(odd)], now=START + DAY)
        for service, column in (("ses", 0), ("sendgrid", 2), ("mailgun", 0), ("sparkpost", 0)):
            rows = list(csv.reader(io.StringIO(self.ledger("export", "-q", "--list", service))))
            self.assertEqual([row[column] for row in rows if "@" in row[column]], odd, service)

    def test_csv_of_ses_without_names(self):
        self.take("ses", "a@b.example,BOUNCE\nc@b.example,COMPLAINT\n")
        self.assertEqual([self.may(a) for a in ("a@b.example", "c@b.example")], ["never", "never"])

    def test_bad(self):
        done = self.run_ledger("import", "--list", "sendgrid", *NOW, given='[{"email":"no address"},{"email":"a@b.example","created":"soon"},'
                               '{"email":"ok@b.example","ip":"192.0.2.1"}]')
        self.assertEqual(done.returncode, 1)
        self.assertIn("bounce-ledger: standard input: record 1: the address is missing", done.stderr)
        self.assertIn("record 2: the time is not understood", done.stderr)
        self.assertEqual(self.may("ok@b.example"), "never")
        for text in ('[{"email":', '[{"email" 1}]', '[' * 40):
            done = self.run_ledger("import", "--list", "sendgrid", given=text)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn("bounce-ledger: standard input: ", done.stderr)
        done = self.run_ledger("import", "--list", "sendgrid", "no-such-file")
        self.assertEqual((done.returncode, done.stderr.splitlines()[1:]), (1, ["records 0: bad 0, of forgotten addresses 0"]))
        self.assertEqual(self.run_ledger("import", "--list", "mine").returncode, 2)

    def test_dry_run(self):
        out = self.take("postmark", LISTS["postmark"], "--dry-run")
        self.assertEqual(len(out.splitlines()), 4)
        self.assertEqual(self.answers("suppressed"), [])

    def test_forgotten(self):
        self.record(verdict("dead@b.example"))
        self.ledger("forget", "dead@b.example")
        self.assertIn("forgotten addresses 1", self.run_ledger("import", "--list", "postmark", given=LISTS["postmark"]).stderr)
        self.assertEqual(self.run_ledger("show", "dead@b.example").returncode, 1)
        self.assertEqual(self.may("dead@b.example"), "never")


class Policies(LedgerTest):
    def policy(self, old, new):
        text = self.ledger("policy", "show")
        self.assertIn(old, text)
        path = self.folder / "mine.policy"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    def test_check(self):
        path = self.policy("format", "format")
        self.assertEqual(self.ledger("policy", "check", path), "")
        path.write_text("format 1\nno-such-setting 5\n", encoding="utf-8")
        done = self.run_ledger("policy", "check", path)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, rf"bounce-ledger: {path}:2:1: ")
        self.assertEqual(self.run_ledger("record", "--policy", path).returncode, 2)
        done = self.run_ledger("policy", "check", self.folder / "none")
        self.assertEqual((done.returncode, done.stderr), (2, f"bounce-ledger: {self.folder / 'none'}: No such file or directory\n"))
        self.assertRegex(self.ledger("policy", "show"), r"[^\n]\n\Z")
        self.assertEqual(self.run_ledger("policy").returncode, 2)

    def test_replay(self):
        self.record(*[verdict(f"u{i}@p.example", START + i, provider="p", message=f"<{i}@x>") for i in range(60)],
                    verdict("a@b.example", START), now=START + DAY)
        self.assertEqual(self.answers("replay", *NOW), [])
        strict = self.policy("guard-addresses", "guard-addresses")
        text = strict.read_text(encoding="utf-8")
        strict.write_text("\n".join("guard-addresses 5000" if line.startswith("guard-addresses ") else line for line in text.splitlines()) + "\n",
                          encoding="utf-8")
        held = len(self.answers("held", *NOW))
        rows = self.answers("replay", "--policy", strict, *NOW)
        self.assertEqual((held, len(rows), {(r["was"], r["state"]) for r in rows}), (60, 60, {("held", "suppressed")}))
        self.assertEqual({(r["for"], r["scope"]) for r in rows}, {("tenant", "")})
        self.assertEqual(len(self.answers("held", *NOW)), 60)


if __name__ == "__main__":
    main()
