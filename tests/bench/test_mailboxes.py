#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The mails that the benchmark generates are what they should be.

usage: test_mailboxes.py PROGRAM

A copy of a mail of the corpus has the verdicts and charsets of the original, and
no two copies share an id, an address or a host.
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mailboxes  # noqa: E402

PROGRAM = None
CORPUS = pathlib.Path(__file__).resolve().parents[1] / "corpus"
SEED = pathlib.Path(__file__).resolve().parents[1] / "seed" / "replies.tsv"
FACTS = "action type reason cause permanent status stated_status reply_code command decided_by".split()

CHARSET = re.compile(rb"(?i)charset=\"?[\w-]+")
MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<\S+>)")


def verdicts(mails):
    """The program's output for these mails, without ids and addresses."""
    rng = mailboxes.new_rng("from lines")
    mbox = b"".join(mailboxes.as_mbox(mail, rng) for mail in mails)
    done = subprocess.run([PROGRAM, "--format", "json"], input=mbox, capture_output=True, check=True)
    for line in done.stdout.splitlines():
        report = json.loads(line)
        yield report["kind"], report["software"], [[r[fact] for fact in FACTS] for r in report["recipients"]]


class Mailboxes(unittest.TestCase):
    def setUp(self):
        self.cases = mailboxes.templates(CORPUS)

    def test_copies_are_judged_as_their_originals(self):
        rng = mailboxes.new_rng("copies")
        originals = list(verdicts([case.raw for case in self.cases]))
        copies = list(verdicts([case.copy(rng) for case in self.cases]))
        self.assertEqual(len(originals), len(self.cases))
        for case, one, other in zip(self.cases, originals, copies, strict=True):
            with self.subTest(case.name):
                self.assertEqual(one, other)

    def test_returned_mail_changes_no_verdict(self):
        cases = [case for case in self.cases if case.kind == "dsn" and mailboxes.returned_part(case.raw)]
        rng = mailboxes.new_rng("returns")
        bodies = [mailboxes.ordinary.body(rng, everyday=True) for _ in cases]
        mails = [mailboxes.returning(case.raw, body) for case, body in zip(cases, bodies)]
        self.assertGreater(len(cases), 100)
        for case, mail, one, other in zip(cases, mails, verdicts([case.raw for case in cases]), verdicts(mails)):
            with self.subTest(case.name):
                self.assertGreater(len(mail), len(case.raw))
                self.assertEqual(one, other)

    def test_copies_differ(self):
        rng = mailboxes.new_rng("differ")
        for case in self.cases:
            copies = [case.copy(rng) for _ in range(3)]
            with self.subTest(case.name):
                self.assertEqual(len(set(copies)), 3)
                one, other, original = (set(MESSAGE_ID.findall(mail)) for mail in (*copies[:2], case.raw))
                # A mail without digit, local part or host has nothing to change.
                self.assertFalse((one & other) - original)

    def test_charsets_stay(self):
        rng = mailboxes.new_rng("charsets")
        for case in self.cases:
            with self.subTest(case.name):
                self.assertEqual(CHARSET.findall(case.copy(rng)), CHARSET.findall(case.raw))

    def test_no_reply_comes_twice(self):
        rng = mailboxes.new_rng("replies")
        texts = mailboxes.reply_templates(CORPUS, SEED)
        path = pathlib.Path(self.id() + ".tmp")
        try:
            mailboxes.write_replies(path, texts, rng, 3 * len(texts))
            lines = path.read_bytes().splitlines()
        finally:
            path.unlink(missing_ok=True)
        self.assertEqual(len(lines), 3 * len(texts))
        self.assertEqual(len(set(lines)), len(lines))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv.pop(1)
    unittest.main()
