#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--read-all: by default, mail whose header shows no sign of a report is not read in full. The results are the same
except for warnings about parts that were not read."""
import json
import pathlib
import sys
import tempfile
import unittest

import program
from program import ORDINARY, dsn

sys.dont_write_bytecode = True
sys.path.insert(0, str(program.SOURCE_DIR / "tests" / "bench"))
import mailboxes  # noqa: E402


def results(*arguments):
    for line in program.run("--format", "json", "--jobs", "1", *arguments).stdout.splitlines():
        result = json.loads(line)
        if result["kind"] == "none":
            del result["warnings"]
        yield result


class ReadAll(unittest.TestCase):
    def check_same(self, *paths):
        count = 0
        for gated, full in zip(results(*paths), results("--read-all", *paths), strict=True):
            self.assertEqual(gated, full)
            count += 1
        return count

    def test_corpus_gives_the_same_results(self):
        mails = sorted((program.SOURCE_DIR / "tests" / "corpus").glob("*/*/mail.eml"))
        self.assertGreaterEqual(self.check_same(*mails), len(mails))

    def test_generated_mailbox_gives_the_same_results(self):
        rng = mailboxes.new_rng("read all")
        cases = mailboxes.templates(program.SOURCE_DIR / "tests" / "corpus")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "made.mbox"
            mailboxes.write_mbox(path, mailboxes.mixed(rng, cases, 400), rng)
            self.assertEqual(self.check_same(path), 400)

    def test_signs_in_the_body_alone_need_read_all(self):
        mail = (b"From: Ann <ann@example.org>\nSubject: lunch\nContent-Type: text/plain; charset=x-none\n\n"
                b"This is an automatic reply to your message: at noon \xff\n")
        gated, full = (json.loads(program.run("--format", "json", *more, stdin=mail).stdout)
                       for more in ([], ["--read-all"]))
        self.assertEqual((gated["kind"], gated["warnings"]), ("none", []))
        self.assertEqual(full["kind"], "auto-reply")
        self.assertNotEqual(full["warnings"], [])
        self.assertEqual(gated["report"], full["report"])


class Forwarded(program.Case):
    def test_a_forwarded_report(self):
        front = "From: ann@example.org\nTo: joe@example.org\nSubject: Fwd: look\nMIME-Version: 1.0\n"
        alone = f"{front}Content-Type: message/rfc822\n\n{dsn()}"
        mixed = f"{front}Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\n%s\n\n" \
                f"--m\nContent-Type: message/rfc822\n\n%s\n--m--\n"
        for mail, options, address in (
                (alone, ["--read-forwarded"], "user@example.net"), (alone, [], None),
                (mixed % ("", dsn()), ["--read-forwarded"], "user@example.net"), (mixed % ("", dsn()), [], None),
                (mixed % ("see below", dsn()), ["--read-forwarded"], None),
                (mixed % ("", ORDINARY), ["--read-forwarded"], None),
                (dsn(), ["--read-forwarded"], "user@example.net"), (ORDINARY, ["--read-forwarded"], None)):
            answer = json.loads(self.check_run("--format", "json", *options, stdin=mail))
            got = [recipient["address"] for recipient in answer["recipients"]]
            self.assertEqual(got, [address] if address else [], (options, mail[:200]))


if __name__ == "__main__":
    program.main()
