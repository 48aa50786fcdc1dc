#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What users know about the mail that they sent: --own-domain, --relay, --sent-ids, --sent-keys, --as-of, the envelope,
and --authserv-id."""
import contextlib
import csv
import json
import sqlite3
import subprocess

import program
from program import ORDINARY, Case, dsn

KEYS = """# made for tests
hmac 1 0123456789abcdef0123456789abcdef
batv 0 Yaekeif9OoTh1rae
srs Yaekeif9OoTh1rae
"""
# Made with these keys on 2026-11-29; tests/unit/sent/test_keys.c says with which programs.
OUR_ID = "<20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example>"
OUR_PATH = "bounces+bk1ujsswgdxcblxhrz-anna=maple.example@ours.example"
BATV = "prvs=0793754d05=joe@ours.example"
SRS = "SRS0=2xyt=JS=ours.example=joe@forward.example"
AT_THAT_TIME = ("--as-of", "2026-11-30")


def returned(message_id="<1@ours.example>", sender="news@ours.example", more="", recipient="anna@maple.example"):
    """A report that returns a message."""
    return dsn(recipient).replace("\n--b--\n", f"""
--b
Content-Type: message/rfc822

{more}From: {sender}
To: {recipient}
Subject: News
Message-ID: {message_id}

Hello
--b--
""")


FOREIGN = returned("<1@evil.test>", "x@evil.test", "Return-Path: <x@evil.test>\nReceived: from a by mx.evil.test\n"
                                                   "DKIM-Signature: v=1; d=evil.test\n")


class Sent(Case):
    def answer(self, mail, *options):
        return json.loads(self.check_run("--format", "json", *options, stdin=mail))

    def sent(self, mail, *options):
        answer = self.answer(mail, *options)
        return answer["sent"], answer["sent_why"]

    def setUp(self):
        super().setUp()
        self.keys = self.put("keys", KEYS)

    def test_nothing_is_known_without_options(self):
        self.assertEqual(self.sent(returned()), ("unknown", "nothing-known"))
        answer = self.answer(ORDINARY)
        self.assertEqual([answer[key] for key in ("sent", "sent_why", "trust")], [None] * 3)

    def test_backscatter(self):
        answer = self.answer(FOREIGN, "--own-domain", "other.example", "--own-domain", "ours.example")
        recipient = answer["recipients"][0]
        self.assertEqual((answer["sent"], answer["sent_why"]), ("no", "foreign"))
        self.assertEqual((recipient["type"], recipient["reason"]), ("hard", "no-such-user"))
        self.assertEqual(recipient["advice"]["actions"], [])
        self.assertRegex(recipient["advice"]["text"], "^Backscatter: ")
        self.assertEqual(self.answer(FOREIGN)["recipients"][0]["advice"]["actions"], ["suppress"])
        text = self.check_run("--own-domain", "ours.example", stdin=FOREIGN)
        self.assertIn(" (backscatter) ", text.splitlines()[0])
        self.assertNotIn("(backscatter)", self.check_run(stdin=FOREIGN))
        rows = list(csv.DictReader(self.check_run("--own-domain", "ours.example", "--format", "csv",
                                                  stdin=FOREIGN).splitlines()))
        self.assertEqual([(row["sent"], row["sent_why"], row["advice"]) for row in rows], [("no", "foreign", "")])
        trace = self.answer(FOREIGN, "--own-domain", "ours.example", "--trace")["trace"]
        self.assertIn("sent by you: no (foreign); returned: full; null sender: not known; related reporter: yes", trace)

    def test_relay(self):
        mail = returned("<0100@email.amazonses.example>")
        options = ("--own-domain", "ours.example", "--relay", "amazonses.example")
        self.assertEqual(self.sent(mail, *options), ("unknown", "id-replaced"))

    def test_ids_of_a_text_file(self):
        ids = self.put("ids", "<0@ours.example>\n1@ours.example\n")
        self.assertEqual(self.sent(returned(), "--sent-ids", ids), ("yes", "sent-id"))
        self.assertEqual(self.sent(returned("<2@ours.example>"), "--sent-ids", ids), ("unknown", "id-not-listed"))
        self.assertIn("Unverified: ", self.answer(returned("<2@ours.example>"),
                                                  "--sent-ids", ids)["recipients"][0]["advice"]["text"])
        reply = f"In-Reply-To: <1@ours.example>\n{dsn()}"
        self.assertEqual(self.sent(reply, "--sent-ids", ids), ("yes", "sent-id"))

    def test_ids_of_a_database(self):
        path = self.folder / "sent.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE other (id INTEGER)")
            database.execute('CREATE TABLE "my ""mail""" (id INTEGER PRIMARY KEY, Message_ID TEXT)')
            database.executemany('INSERT INTO "my ""mail""" (Message_ID) VALUES (?)',
                                 [("<1@ours.example>",), (None,), ("3@ours.example",)])
            database.commit()
        self.assertEqual(self.sent(returned(), "--sent-ids", path), ("yes", "sent-id"))
        self.assertEqual(self.sent(returned("<3@ours.example>"), "--sent-ids", path), ("yes", "sent-id"))
        self.assertEqual(self.sent(returned("<2@ours.example>"), "--sent-ids", path), ("unknown", "id-not-listed"))
        both = f"{program.FROM}{returned()}\n{program.FROM}{returned('<2@ours.example>')}\n" * 50
        lines = self.check_run("--jobs", "4", "--format", "json", "--sent-ids", path, stdin=both).splitlines()
        self.assertEqual([json.loads(line)["sent"] for line in lines], ["yes", "unknown"] * 50)

    def test_databases_that_are_refused(self):
        path = self.folder / "other.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE other (id INTEGER)")
            database.commit()
        done = program.run("--sent-ids", path, stdin=returned())
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertEqual(done.stderr.decode(), f"bounce-classify: {path}: no table has a column message_id\n")
        with open(path, "r+b") as file:
            file.truncate(100)
        self.assertEqual(program.run("--sent-ids", path, stdin=returned()).returncode, 2)

    def test_sqlite_is_loaded_only_for_a_database(self):
        """It does not slow down the start."""
        needed = subprocess.run(["ldd", program.PROGRAM], capture_output=True, text=True).stdout
        self.assertNotIn("sqlite", needed)

    def test_marks(self):
        options = ("--own-domain", "ours.example", "--own-domain", "forward.example", "--sent-keys", self.keys)
        for mail, envelope, want in (
                (returned(OUR_ID), None, ("yes", "message-id-key")),
                (f"References: <1@x.example>\n {OUR_ID}\n{dsn()}", None, ("yes", "message-id-key")),
                (dsn(), OUR_PATH, ("yes", "return-path-key")),
                (f"Delivered-To: {OUR_PATH}\n{dsn()}", None, ("yes", "return-path-key")),
                (dsn(), BATV, ("yes", "batv")),
                (dsn(), SRS, ("yes", "srs")),
                (dsn(), BATV.replace("joe", "jim"), ("unknown", "key-failed")),
                (dsn(), SRS.replace("joe", "jim"), ("unknown", "key-failed")),
                (returned(OUR_ID), BATV.replace("joe", "jim"), ("no", "key-mismatch")),
                (returned(OUR_ID), OUR_PATH.replace("anna", "otto"), ("no", "key-mismatch")),
                (dsn(), "joe@ours.example", ("unknown", "not-returned")),
                (returned(), None, ("unknown", "no-key")),
                (FOREIGN, None, ("no", "foreign")),
                (returned("<1@evil.test>", "x@evil.test"), None, ("no", "foreign"))):
            with self.subTest(want=want, envelope=envelope):
                more = ("--envelope-to", envelope) if envelope else ()
                self.assertEqual(self.sent(mail, *options, *AT_THAT_TIME, *more), want)
        self.assertEqual(self.sent(returned(OUR_ID), *options, "--as-of", "2027-03-01"), ("unknown", "key-expired"))

    def test_verp_of_a_mark(self):
        mail = returned(OUR_ID)
        options = ("--sent-keys", self.keys, *AT_THAT_TIME, "--envelope-to", OUR_PATH)
        self.assertEqual(self.answer(mail, *options)["recipients"][0]["trust"]["verp"], "match")
        other = self.answer(returned(OUR_ID, recipient="otto@maple.example"), *options)["recipients"][0]
        self.assertEqual((other["trust"]["verp"], other["original_recipient"]), ("mismatch", "anna@maple.example"))

    def test_files_of_keys_that_are_wrong(self):
        for line, message in (("hmac 1 short-secret", "the key is too short; one of our own has 16 bytes or more"),
                              ("secret-of-mine", "a line begins with hmac, batv, srs or #"),
                              ("batv x secret-of-mine", "the number of a key is one digit")):
            path = self.put("wrong", f"# keys\n{line}\n")
            done = program.run("--sent-keys", path, stdin=returned())
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertEqual(done.stderr.decode(), f"bounce-classify: {path}:2:1: {message}\n")
        done = program.run("--sent-keys", self.folder / "missing", stdin=returned())
        self.assertEqual(done.returncode, 2)

    def test_no_output_shows_a_key(self):
        options = ("--sent-keys", self.keys, "--explain", "--format", "json")
        for mail in (returned(OUR_ID), returned()):
            self.assertNotIn("0123456789abcdef", self.check_run(*options, stdin=mail))

    def test_the_envelope_and_authentication_results(self):
        front = ("Authentication-Results: mx.ours.example; dmarc=fail header.from=example.org; spf=pass\n"
                 "Received: from x by mx.ours.example; Sat, 31 Jan 2026 10:00:06 +0000\n"
                 "Authentication-Results: mx.ours.example; dkim=pass\n")
        options = ("--authserv-id", "mx.ours.example", "--envelope-from", "")
        trust = self.answer(front + dsn(), *options)["trust"]
        self.assertEqual(trust["auth"],
                         {"spf": "pass", "dkim": None, "dmarc": "fail", "arc": None, "of": "example.org"})
        self.assertIs(trust["null_sender"], True)
        self.assertIsNone(self.answer(front + dsn())["trust"]["auth"])
        self.assertIs(self.answer(dsn(), "--envelope-from", "x@y.example")["trust"]["null_sender"], False)

    def test_wrong_usage(self):
        for options, message in ((("--own-domain", "a b"), "a b: not a domain"),
                                 (("--relay", ""), "not a domain"),
                                 (("--as-of", "2026-13-01"), "--as-of: not a date such as 2026-11-30"),
                                 (("--as-of", "2026-02-29"), "--as-of: not a date such as 2026-11-30"),
                                 (("--as-of", "1969-12-31"), "--as-of: not a date such as 2026-11-30"),
                                 (("--as-of", "yesterday"), "--as-of: not a date such as 2026-11-30"),
                                 (("--reply", "--own-domain", "a.example", "550 x"), "is for mails only")):
            done = program.run(*options, stdin=returned())
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(message, done.stderr.decode())


if __name__ == "__main__":
    program.main()
