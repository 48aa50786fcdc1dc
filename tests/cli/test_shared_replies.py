#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recipients that share one reply: the JSON of a message stays in proportion to the size of the message."""
import json

import program
from program import Case

FRONT = """From: MAILER-DAEMON@mx.example.org
To: sender@example.org
Subject: Undelivered Mail Returned to Sender

This is the mail system at host mx.example.org.

Your message could not be delivered to the following recipients:

"""
LIMIT_BYTES = 65536


def report(recipients, words):
    """A free-text report whose recipients share one reply."""
    lines = "".join(f"    u{i}@example.net\n" for i in range(recipients))
    return f"{FRONT}{lines}\nThe remote server said:\n\n    {words}\n"


class Shared(Case):
    def answer(self, mail, *options):
        text = self.check_run("--format", "json", *options, stdin=mail)
        return json.loads(text), len(text)

    def test_ten_thousand_recipients_and_one_long_reply(self):
        words = "552 5.3.4 " + ("the message is larger than what our system takes; " * 140).strip()
        mail = report(10000, words)
        answer, size = self.answer(mail)
        self.assertEqual(len(answer["recipients"]), 10000)
        self.assertLess(size, 60 * len(mail))
        self.assertEqual(answer["replies"], [words])
        whole = [r for r in answer["recipients"] if r["diagnostic"] is not None]
        self.assertEqual({r["diagnostic"] for r in whole}, {words})
        self.assertTrue(all("diagnostic_of" not in r for r in whole))
        self.assertEqual(len(whole), LIMIT_BYTES // len(words) + 1)
        others = answer["recipients"][len(whole):]
        self.assertEqual({(r["diagnostic"], r["diagnostic_of"]) for r in others}, {(None, 0)})
        self.assertEqual({r["reason"] for r in answer["recipients"]}, {"message-too-large"})

    def test_few_recipients_repeat_the_reply(self):
        answer, _ = self.answer(report(100, "552 5.3.4 the message is larger than what our system takes"))
        self.assertNotIn("replies", answer)
        self.assertEqual(len({r["diagnostic"] for r in answer["recipients"]}), 1)
        self.assertTrue(all("diagnostic_of" not in r for r in answer["recipients"]))

    def test_at_the_limit_and_one_beyond(self):
        """The reply is repeated 64 times 1024 bytes, and one byte more."""
        words = "552 5.3.4 too large " + "x" * 1004
        self.assertEqual(len(words), 1024)
        self.assertNotIn("replies", self.answer(report(65, words))[0])
        answer, _ = self.answer(report(66, words))
        self.assertEqual(answer["replies"], [words])
        self.assertEqual([i for i, r in enumerate(answer["recipients"]) if r["diagnostic"] is None], [65])

    def test_text_and_csv_show_the_words(self):
        mail = report(200, "552 5.3.4 too large " + "x" * 1004)
        for output_format in ("text", "csv"):
            self.assertEqual(self.check_run("--format", output_format, stdin=mail).count("x" * 1004), 200)
        rows = self.check_run("--format", "csv", "--fields", "address,diagnostic", stdin=mail).splitlines()[1:]
        self.assertEqual(rows, [f"u{i}@example.net,552 5.3.4 too large {'x' * 1004}" for i in range(200)])

    def test_selected_recipients_keep_the_list(self):
        mail = report(200, "552 5.3.4 too large " + "x" * 1004)
        answer, _ = self.answer(mail, "--only", "address=u199@example.net")
        self.assertEqual([answer["replies"][r["diagnostic_of"]][:20] for r in answer["recipients"]],
                         ["552 5.3.4 too large "])
        answer, _ = self.answer(mail, "--fields", "recipients.diagnostic_of,replies")
        self.assertEqual(sorted(answer), ["recipients", "replies"])


if __name__ == "__main__":
    program.main()
