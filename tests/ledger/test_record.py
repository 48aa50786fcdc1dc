#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What record puts into a ledger: for which stream, each failure once, complete batches, bad lines."""
import itertools
import json
import os
import pty
import random
import shutil
import subprocess
import time

from ledger import CLASSIFY, DAY, KIND, LEDGER, SOURCE, START, LedgerTest, lines, main, verdict, when

LOG = ("2026-10-04T04:36:41Z mx1 postfix/cleanup[1]: 4XKq2r1yZ3z1s: message-id=<m1@shop.example>\n"
       "2026-10-04T04:36:41Z mx1 postfix/qmgr[1]: 4XKq2r1yZ3z1s: from=<news@shop.example>, size=9, nrcpt=1 (queue active)\n"
       "2026-10-04T04:36:42Z mx1 postfix/smtp[1]: 4XKq2r1yZ3z1s: to=<anna@pine.example>, relay=mx.pine.example[198.51.100.1]:25, "
       "delay=9, dsn=5.1.1, status=bounced (host mx.pine.example[198.51.100.1] said: 550 5.1.1 User unknown)\n")
REPORT = """From: MAILER-DAEMON@shop.example
To: news@shop.example
Subject: Undelivered Mail Returned to Sender
Date: Sun, 4 Oct 2026 04:36:45 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.shop.example

Final-Recipient: rfc822; anna@pine.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

From: news@shop.example
To: anna@pine.example
Message-ID: <m1@shop.example>

--b--
"""
EVENT = json.dumps({"event-data": {
    "event": "failed", "severity": "permanent", "id": "x-1", "timestamp": 1791088603, "recipient": "anna@pine.example",
    "delivery-status": {"code": 550, "message": "550 5.1.1 User unknown"},
    "message": {"headers": {"message-id": "m1@shop.example", "from": "news@shop.example"}}}})


def classify(text, *options):
    done = subprocess.run([CLASSIFY, "--format", "json", *options], input=text, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL, check=True)
    return done.stdout


class Record(LedgerTest):
    def test_sample(self):
        found = classify((SOURCE / "data" / "sample.mbox").read_text(encoding="utf-8"), "--input-format", "mbox")
        done = self.run_ledger("record", given=found)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("new 12, known 0, unresolved 0", done.stderr)
        self.assertIn("new 0, known 12, unresolved 0", self.run_ledger("record", given=found).stderr)
        self.assertEqual(self.may("anna@pine.example"), "never")
        self.assertEqual(self.may("ANNA@Pine.Example"), "never")
        self.assertEqual(self.may("nobody@pine.example"), "yes")
        self.assertEqual(self.may("emil@birch.example", now=1769850120), "not-now")

    def test_replies_that_recipients_share(self):
        """For most of them the object has the words only in its replies."""
        words = "552 5.3.4 too large " + "x" * 1480
        people = "".join(f"    u{i}@example.net\n" for i in range(5000))
        found = classify("From: MAILER-DAEMON@mx.example.org\nTo: sender@example.org\nSubject: Undelivered Mail Returned to Sender\n\n"
                         "This is the mail system at host mx.example.org.\n\nYour message could not be delivered to the following recipients:\n\n"
                         f"{people}\nThe remote server said:\n\n    {words}\n")
        self.assertIn('"diagnostic_of":0', found)
        self.assertIn("new 5000, known 0", self.run_ledger("record", given=found).stderr)
        for name in ("u0", "u4999"):
            event = self.answers("show", f"{name}@example.net")[0]["events"][0]
            self.assertEqual(event["diagnostic"], words[:1024], name)
        other = json.loads(found)
        other["recipients"] = other["recipients"][-1:]
        other["recipients"][0].update(address="v@b.example", address_to_suppress="v@b.example", diagnostic_of=7)
        self.ledger("record", "-q", given=lines(other))
        self.assertIsNone(self.answers("show", "v@b.example")[0]["events"][0]["diagnostic"])

    def test_whose_state(self):
        self.record(verdict("forwarded@isp.example", suppress="Known@List.example"))
        self.assertEqual(self.may("known@list.example"), "never")
        self.assertEqual(self.may("forwarded@isp.example"), "yes")
        shown = self.answers("show", "forwarded@isp.example")[0]
        self.assertEqual((shown["address"], shown["names"]), ("Known@List.example", ["forwarded@isp.example"]))

    def test_unresolved(self):
        self.record(verdict(None), verdict("not an address"))
        self.assertEqual(self.sql("SELECT count(*) FROM unresolved")[0], ["1"])  # within ten minutes
        self.assertEqual(self.sql("SELECT count(*) FROM addresses")[0], ["0"])

    def test_own_domains_in_any_spelling(self):
        for n, domain in enumerate(("OWN.example", "bücher.example", "xn--bcher-kva.EXAMPLE")):
            key = "own.example" if n == 0 else "xn--bcher-kva.example"
            db = self.new_db()
            self.record(verdict(f"a@{key}"), options=("--own-domain", domain), db=db)
            self.assertEqual(self.may(f"a@{key}", db=db), "yes", domain)
        self.assertEqual(self.run_ledger("record", "--own-domain", "a b").returncode, 2)

    def test_a_clock_that_is_ahead_is_not_believed(self):
        """A bounce dated 2037 would block the address until then, and outweigh every delivery."""
        late = verdict("a@b.example", START + 4000 * DAY, "mailbox-full", hard=False, message="<1@x>")
        arrived = verdict("c@b.example", START + 4000 * DAY, "mailbox-full", hard=False, message="<2@x>", arrival_date=when(START - DAY))
        skewed = verdict("d@b.example", START + 3600, "mailbox-full", hard=False, message="<3@x>")
        self.record(late, arrived, skewed, now=START)
        at = {a: self.answers("show", f"{a}@b.example")[0]["events"][0]["at"] for a in "acd"}
        self.assertEqual(at, {"a": when(START), "c": when(START - DAY), "d": when(START + 3600)})

    def test_a_stated_retry_that_is_far_too_late(self):
        for retry in (9223372036854775807, 99999999999):
            self.record(verdict("a@b.example", START, "mailbox-full", hard=False, message="<1@x>", retry=retry), now=START)
            self.record(verdict("a@b.example", START + DAY, message="<2@x>"), now=START + DAY)
            self.assertEqual(self.may("a@b.example"), "never")

    def test_complaints_about_many_lists(self):
        """Also about the hundredth list, and after the address was forgotten."""
        self.record(*(verdict("a@b.example", START + n * 60, "complaint", kind="arf", action="complaint", sent="yes", message=f"<{n}@x>",
                              list_id=f"l{n}") for n in range(100)), options=("--scope", "t/s", "--scope-from", "original.list_id"))
        for _ in range(2):
            self.assertEqual([self.may("a@b.example", "--scope", f"t/s/l{n}") for n in (0, 64, 99, 100)], ["never"] * 3 + ["yes"])
            self.run_ledger("forget", "a@b.example")

    def test_a_hint_at_a_terminal(self):
        self.record()
        for command in (("record",), ("sent",), ("may",), ("import", "--list", "ses"), ("may", "a@b.example"), ("record", "-q")):
            master, slave = pty.openpty()
            os.write(master, b"\x04")
            done = subprocess.run([LEDGER, "--db", self.db, *command], stdin=slave, capture_output=True, text=True, check=False, timeout=60)
            os.close(slave)
            os.close(master)
            self.assertEqual(" from the terminal; Ctrl-D ends it" in done.stderr, len(command) != 2, command)

    def test_unreadable_input_is_reported(self):
        self.record()
        for command in ("record", "sent"):
            for path in (self.folder, self.folder / "none"):
                done = self.run_ledger(command, "-q", path)
                self.assertEqual((done.returncode, done.stderr.count(str(path))), (1, 1), done.stderr)
        folder = os.open(self.folder, os.O_RDONLY)
        done = subprocess.run([LEDGER, "--db", self.db, "may"], stdin=folder, stderr=subprocess.PIPE, check=False)
        os.close(folder)
        self.assertEqual((done.returncode, b"standard input: Is a directory" in done.stderr), (1, True))
        done = self.run_ledger("may", given="a@b.example\n" + "x" * 9000000 + "\nc@b.example\n")
        self.assertEqual((done.returncode, done.stdout), (1, "a@b.example\nc@b.example\n"))
        self.assertIn("standard input:2: the line is too long", done.stderr)

    def test_sent_does_not_block_others(self):
        """What has arrived is stored while the next line is awaited, and others may write."""
        sent = subprocess.Popen([LEDGER, "--db", self.db, "sent"], stdin=subprocess.PIPE, text=True)
        sent.stdin.write('{"id":"<m1@x>","address":"a@b.example"}\n \n')
        sent.stdin.flush()
        for _ in range(100):
            if os.path.exists(self.db) or KIND == "postgres":
                if self.run_ledger("may", "a@b.example").returncode == 0 and self.sql("SELECT count(*) FROM sent") == [["1"]]:
                    break
            time.sleep(0.1)
        self.assertEqual(self.sql("SELECT count(*) FROM sent"), [["1"]])
        self.record(verdict("c@b.example"))
        sent.communicate(timeout=60)
        self.assertEqual(sent.returncode, 0)

    def test_sent_mails_resolve(self):
        self.ledger("sent", given='{"id":"<m9@shop.example>","address":"Paul@Oak.example","time":"2026-01-01T00:00:00Z"}\n')
        self.record(verdict(None, message="<m9@shop.example>"))
        self.assertEqual(self.may("paul@oak.example"), "never")

    def test_return_paths_resolve(self):
        """A bounce without an address, at the return path of one mail; at that of several mails it is nobody's."""
        self.ledger("sent", given="".join(json.dumps({"id": f"<v{n}@shop.example>", "address": f"u{n}@oak.example", "scope": "shop/news",
                                                      "time": "2026-01-01T00:00:00Z", "return_path": path}) + "\n"
                                          for n, path in ((1, "b+1@shop.example"), (2, "b@shop.example"), (3, "b@shop.example"))))
        report = {"message_id": None, "date": when(START), "to": "Bounces <B+1@shop.example>"}
        self.record(verdict(None, report=report), verdict(None, START + DAY, report=dict(report, to="b@shop.example")))
        self.assertEqual([self.may(f"u{n}@oak.example", "--scope", "shop/news") for n in (1, 2, 3)], ["never", "yes", "yes"])
        self.assertEqual(self.may("u1@oak.example", "--scope", "other/news"), "yes")
        self.assertEqual(self.sql("SELECT count(*) FROM unresolved")[0], ["1"])

    def test_scopes(self):
        self.record(verdict("a@b.example", kind="arf", action="complaint", reason="complaint", group="other", sent="yes",
                            feedback={"type": "abuse"}, list_id="offers"),
                    options=("--scope", "shop/news", "--scope-from", "original.list_id"))
        self.assertEqual(self.may("a@b.example", "--scope", "shop/news/offers"), "never")
        self.assertEqual(self.may("a@b.example", "--scope", "shop/news/other"), "yes")
        self.assertEqual(self.may("a@b.example", "--scope", "shop/accounts"), "yes")
        self.record(verdict("dead@b.example"), options=("--scope", "shop/news/offers"))
        self.assertEqual(self.may("dead@b.example", "--scope", "shop/accounts"), "never")
        self.assertEqual(self.may("dead@b.example", "--scope", "other/accounts"), "yes")

    def test_what_never_counts(self):
        self.record(verdict("partial@b.example", partial=True), verdict("forged@b.example", sent="no"),
                    verdict("in@b.example", kind="log", direction="in"), verdict("me@own.example"),
                    verdict("late@b.example", action="delayed", reason="network-error", group="network"),
                    verdict("away@b.example", kind="auto-reply", action="delivered"), options=("--own-domain", "own.example"))
        for name in ("partial@b", "forged@b", "in@b", "me@own", "late@b", "away@b"):
            self.assertEqual(self.may(f"{name}.example"), "yes", name)

    def test_a_delivery_to_a_filter(self):
        for final, want in ((False, "not-now"), (True, "yes"), (None, "yes")):
            address = f"full-{final}@b.example".lower()
            self.record(verdict(address, reason="mailbox-full", hard=False, message="<1@own.example>"),
                        verdict(address, START + 3600, "delivered", kind="log", action="delivered", group="other", message="<2@own.example>",
                                final=final))
            self.assertEqual(self.may(address, now=START + 7200), want, final)

    def test_bad_lines(self):
        good = lines(verdict("a@b.example"))
        done = self.run_ledger("record", given=f"{good}{{\"schema\":1\n[1]\n{good}{{}}\n\n{{\"schema\":2,\"kind\":\"dsn\",\"recipients\":[]}}\n"
                               + lines(verdict("c@d.example")))
        self.assertEqual(done.returncode, 1)
        told = [line.partition(": ")[2] for line in done.stderr.splitlines()]
        self.assertEqual([line.split(": ")[0] for line in told[:4]], [f"standard input:{n}" for n in (2, 3, 5, 7)])
        self.assertIn("schema is not 1", told[3])
        self.assertEqual([self.may(a) for a in ("a@b.example", "c@d.example")], ["never", "never"])
        missing = self.run_ledger("record", "no-such-file")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("no-such-file: No such file or directory", missing.stderr)

    def test_dry_run(self):
        out = self.ledger("record", "-q", "--dry-run", "--batch", 1, given=lines(verdict("a@b.example"), verdict("c@d.example")))
        self.assertIn("a@b.example", out)
        self.assertIn("suppressed", out)
        self.assertEqual(len(out.splitlines()), 2)
        self.assertEqual(self.may("a@b.example"), "yes")
        self.assertEqual(self.sql("SELECT count(*) FROM events")[0], ["0"])

    def test_three_inputs_in_every_order(self):
        doors = [classify(LOG, "--log"), classify(REPORT), classify(EVENT, "--events")]
        seen = set()
        for order in itertools.permutations(doors):
            db = self.new_db()
            for door in order:
                self.ledger("record", "-q", given=door, db=db)
            rows = self.sql("SELECT at, last_at, doors, kind, reason, flags, keys, weight FROM events", db)
            states = self.sql("SELECT state, basis, cause, since, until, next FROM states", db)
            self.assertEqual(len(rows), 1, rows)
            seen.add(json.dumps([rows, states]))
            db = self.new_db()
            self.ledger("record", "-q", given="".join(order), db=db)
            self.assertEqual(self.sql("SELECT at, last_at, doors, kind, reason, flags, keys, weight FROM events", db), rows)
        self.assertEqual(len(seen), 1, seen)

    def test_a_third_report_joins_two(self):
        """The first two have no key in common; the third shares one with each."""
        first = verdict("a@b.example", START, message="<m@x>")
        second = verdict("a@b.example", START + 5, kind="log", reporter="mx1", queue_id="Q1")
        third = verdict("a@b.example", START + 9, kind="log", reporter="mx1", queue_id="Q1", message="<m@x>")
        results = set()
        for order in itertools.permutations((first, second, third)):
            for batch in (1, 100):
                db = self.new_db()
                self.record(*order, db=db, now=START + 60, options=("--batch", batch))
                results.add(json.dumps(self.sql("SELECT at, last_at, doors, kind, keys, weight, flags FROM events", db)))
        self.assertEqual(len(results), 1, results)
        self.assertEqual(len(json.loads(results.pop())), 1)

    def test_order_makes_no_difference(self):
        some = random.Random(7)
        made = []
        for i in range(150):
            address = f"u{some.randrange(25)}@{some.choice(('b', 'c'))}.example"
            at = START + some.randrange(90 * DAY)
            kind = some.choice(("bounce", "bounce", "full", "delivery", "complaint", "domain"))
            message = f"<m{i // 2}@x>"
            if kind == "bounce":
                made.append(verdict(address, at, message=message))
            elif kind == "full":
                made.append(verdict(address, at, "mailbox-full", hard=False, message=message))
            elif kind == "delivery":
                made.append(verdict(address, at, "delivered", kind="log", action="delivered", group="other", message=message))
            elif kind == "domain":
                made.append(verdict(address, at, "no-such-domain", message=message))
            else:
                made.append(verdict(address, at, "complaint", kind="arf", action="complaint", group="other", sent="yes",
                                    feedback={"type": "abuse"}, message=message))
        results = set()
        now = START + 120 * DAY
        for batch in (1, 13, 1000):
            db = self.new_db()
            self.record(*made, db=db, now=now, options=("--batch", batch))
            results.add(json.dumps(sorted(self.sql("SELECT a.address, s.name, t.state, t.basis, t.cause, t.since, t.until, t.next"
                                                   " FROM states t JOIN addresses a ON a.id = t.address JOIN scopes s ON s.id = t.scope", db))
                                   + sorted(self.sql("SELECT d.name, s.state, s.basis, s.since, s.until FROM domain_states s"
                                                     " JOIN domains d ON d.id = s.domain", db))))
            some.shuffle(made)
        self.assertEqual(len(results), 1)

    def test_options(self):
        self.assertEqual(self.run_ledger("recrod").returncode, 2)
        self.assertIn("unknown command", self.run_ledger("recrod").stderr)
        self.assertRegex(self.run_ledger("recrod").stderr, r"record, sent, .*, replay or policy\n")
        done = self.run_ledger("record", self.folder / "none")
        self.assertEqual(done.returncode, 1)
        self.assertIn("bad lines 0\n", done.stderr)
        self.assertEqual(self.run_ledger().returncode, 2)
        self.assertEqual(self.run_ledger("due", "extra").returncode, 2)
        self.assertEqual(self.run_ledger("record", "--batch", "0").returncode, 2)
        done = subprocess.run([LEDGER, "--db", "", "may", "a@b.example"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--db: the value is empty", done.stderr)
        self.record(verdict("a@b.example"))
        self.assertIn("--because", self.run_ledger("release", "a@b.example").stderr)
        text = subprocess.run([LEDGER, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        self.assertLessEqual(len(text), 23)
        self.assertLessEqual(max(map(len, text)), 79)
        self.assertTrue(subprocess.run([LEDGER, "-V"], stdout=subprocess.PIPE, text=True, check=True).stdout.startswith("bounce-ledger "))

    def test_newer_schema(self):
        self.record(verdict("a@b.example"))
        statement = "UPDATE ledger SET value = '99' WHERE name = 'schema'"
        if KIND == "sqlite":
            subprocess.run(["python3", "-c", f"import sqlite3; c = sqlite3.connect({self.db!r}); c.execute({statement!r}); c.commit()"], check=True)
        else:
            self.sql(statement)
        done = self.run_ledger("due")
        self.assertEqual(done.returncode, 4)
        self.assertIn("version 99", done.stderr)

    def test_no_database(self):
        if KIND != "sqlite":
            self.skipTest("a file")
        done = self.run_ledger("due")
        self.assertEqual((done.returncode, done.stderr), (4, f"bounce-ledger: {self.db}: there is no such ledger: record, sent and import make one\n"))
        done = self.run_ledger("may", "a@b.example", "--on-error", "deny")
        self.assertEqual(done.stderr, f"bounce-ledger: {self.db}: there is no such ledger: record, sent and import make one\n")
        for answer, status in (("allow", 0), ("deny", 1)):
            self.assertEqual(self.run_ledger("may", "a@b.example", "--on-error", answer).returncode, status)
            row = self.answers("may", "a@b.example", "--on-error", answer, status=status)[0]
            self.assertEqual((row["from"], row["state"]), (None, None))
            row = self.answers("may", "no address", "--on-error", answer, status=1)[0]
            self.assertEqual((row["may"], row["state"]), ("never", "no-address"))
        self.assertEqual(self.run_ledger("may", "a@b.example").returncode, 4)

    def test_a_read_only_database(self):
        if KIND != "sqlite":
            self.skipTest("a file")
        self.record(verdict("a@b.example"))
        self.folder.chmod(0o755)
        ledger = shutil.copy(LEDGER, self.folder / "bounce-ledger")  # where another user can run it
        for mode, folder in ((0o444, 0o777), (0o666, 0o755)):
            os.chmod(self.db, mode)
            self.folder.chmod(folder if os.getuid() == 0 else folder & 0o555)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
            done = subprocess.run([*command, ledger, "--db", self.db, "may", "a@b.example"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, check=False)
            self.folder.chmod(0o755)
            self.assertEqual((done.returncode, done.stdout), (4, ""))
            said = [line for line in done.stderr.splitlines() if not line.startswith("profiling:")]  # coverage's own files
            self.assertEqual(said, [f"bounce-ledger: {self.db}: this user may not write to the file and its folder, "
                                    "which is also needed to read it"])


if __name__ == "__main__":
    main()
