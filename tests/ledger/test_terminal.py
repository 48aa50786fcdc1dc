#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bounce-ledger's text on a terminal of 80 columns, and of others.

usage: test_terminal.py LEDGER CLASSIFY sqlite|postgres [CLASS.TEST...]; see ledger.py.
"""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading

import ledger
from ledger import DAY, START, LedgerTest, verdict, when

LONG = "a.name.that.is.longer.than.most@a-department.of-a-university.example"
WORDS = "550 5.1.1 The mailbox does not exist; look at the address for typing errors, and at the list for how it got there"
NOW = ("--now", when(START + 40 * DAY))
PERIOD = ("--since", when(START - DAY), "--until", when(START + 60 * DAY))
QUESTIONS = [("suppressed",), ("suppressed", "--since", when(START - DAY)), ("due",), ("held", "--now", when(START + 10 * DAY)), ("changes",),
             ("show", "anna@pine.example"), ("show", LONG), ("stats", *PERIOD), ("may", LONG, "anna@pine.example"),
             ("may", "emil@birch.example"), ("policy", "show")]
KEYS = ("reason", "domain", "remote", "day", "full", "role", "state", "resolve", "retry")


class TerminalTest(LedgerTest):
    def setUp(self):
        super().setUp()
        made = [verdict("anna@pine.example", diagnostic=WORDS, remote="mx.pine.example"),
                verdict(LONG, START + 60, diagnostic=WORDS, remote="a-host-with-a-long-name.of-a-university.example"),
                verdict("abuse@z.example", START + 60, reason="complaint", kind="arf", action="complaint", hard=False,
                        feedback={"type": "abuse"}, message="<9@x>")]
        made += [verdict("emil@birch.example", START + n * DAY, "mailbox-full", hard=False, message=f"<{n}@x>")
                 for n in range(3)]
        made += [verdict("s@full.example", START, "system-full", hard=False, remote="mx.full.example")]
        self.record(*made, now=START + 5 * DAY)
        # Many at once, which the guard holds.
        self.record(*[verdict(f"user-{n}@d{n}.example", START + 9 * DAY + n * 600, provider="p", message="<issue@x>")
                      for n in range(60)])

    def on_terminal(self, columns, *arguments, given=None):
        """What a terminal of that width shows."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        pieces = []

        def read():
            try:
                while piece := os.read(ours, 1 << 16):
                    pieces.append(piece)
            except OSError:  # the other end is closed
                pass
        reader = threading.Thread(target=read)
        reader.start()
        subprocess.run([ledger.LEDGER, "--db", self.db, *arguments], stdout=theirs, stderr=subprocess.DEVNULL,
                       input=given, text=True, check=False)
        os.close(theirs)
        reader.join()
        os.close(ours)
        return b"".join(pieces).decode().replace("\r\n", "\n")

    def check(self, columns, *arguments, given=None):
        shown = self.on_terminal(columns, *arguments, given=given)
        whole = self.run_ledger(*arguments, given=given or "").stdout
        self.assertTrue(shown.strip(), arguments)
        for line in shown.splitlines():
            self.assertTrue(len(line) <= columns or " " not in line.strip(), (arguments, line))
        # Nothing is lost but the ends of what is for people, bars, and dashes for nothing.
        left = iter(whole.split())
        for word in shown.split():
            word = word.rstrip("…")
            self.assertTrue(any(other.startswith(word) for other in left), (arguments, word, shown, whole))
        for word in whole.split():
            if "@" in word:
                self.assertIn(word, shown.split(), arguments)
        return shown, whole

    def test_80_columns(self):
        for question in QUESTIONS:
            with self.subTest(question):
                self.check(80, *question, *(() if question[0] in ("stats", "held") else NOW))

    def test_figures(self):
        for key in KEYS:
            with self.subTest(key):
                self.check(80, "stats", "--by", key, *PERIOD)

    def test_usual_rows_are_one_line(self):
        for question in (("suppressed",), ("suppressed", "--since", when(START - DAY)), ("due",)):
            shown, whole = self.check(80, *question, "--now", when(START + 400 * DAY))
            usual = [line for line in whole.splitlines() if len(line) <= 80]
            self.assertTrue("anna@pine" in str(usual) or "emil@birch" in str(usual), whole)
            for line in usual:
                self.assertIn(line + "\n", shown)

    def test_words_get_what_is_left(self):
        shown = self.on_terminal(80, "show", "anna@pine.example")
        cut = [line for line in shown.splitlines() if line.endswith("…")]
        self.assertTrue(any(line.strip().startswith("550 5.1.1 The mailbox does not exist; look") for line in cut), shown)
        self.assertIn(WORDS, " ".join(self.ledger("show", "anna@pine.example").split()))
        self.assertIn(WORDS, " ".join(self.on_terminal(250, "show", "anna@pine.example").split()))

    def test_bars(self):
        self.assertNotIn("#", self.on_terminal(80, "stats", "--by", "reason", *PERIOD))
        self.assertIn(" " + "#" * 22 + "\n", self.on_terminal(100, "stats", "--by", "reason", *PERIOD))
        self.assertIn(" " + "#" * 24 + "\n", self.ledger("stats", "--by", "reason", *PERIOD))

    def test_what_would_change(self):
        given = ledger.lines(verdict("new@oak.example", START + 30 * DAY), verdict(LONG + ".org", START + 30 * DAY))
        self.check(80, "record", "--dry-run", "-q", *NOW, given=given)

    def test_other_widths(self):
        for columns in (40, 60, 132):
            with self.subTest(columns):
                self.check(columns, "suppressed", *NOW)
        self.assertEqual(self.on_terminal(0, "suppressed", *NOW), self.on_terminal(80, "suppressed", *NOW))


if __name__ == "__main__":
    ledger.main()
