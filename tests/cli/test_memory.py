#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A mail for which memory runs out is left out and named; those before and after it are not lost. The same if GMime
cannot be loaded for a mail.

usage: test_memory.py PROGRAM
"""
import os
import resource
import unittest

import program
from program import FROM, dsn, run

STEP = 2 << 20
SPARE = 12 << 20  # enough for all but the mail in the middle, which needs about 30 MB
MOST = 1 << 30  # a sanitizer needs more
NOTICE = "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure notice\n\n"


def limited(bytes_, *arguments):
    return run("--no-sandbox", "--jobs", "1", "--format", "json", *arguments,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_)))


class Memory(program.Case):
    def least(self, path):
        """The least memory with which a mail is read; None if that is more than MOST."""
        low, high = 0, MOST // STEP
        if limited(MOST, path).returncode:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if limited(middle * STEP, path).returncode == 0 else (middle, high)
        return high * STEP

    def test_a_mail_that_needs_too_much_is_left_out(self):
        small = self.put("small", FROM + dsn())
        least = self.least(small)
        if least is None:
            self.skipTest("built with a sanitizer")
        costly = NOTICE + "".join(f"<u{i}@x.test>\n" for i in range(10000)) + "550 5.1.1 unknown\n"
        box = self.put("box", FROM + dsn() + "\n" + FROM + costly + "\n" + FROM + dsn())
        done = limited(least + SPARE, box)
        offset = len(FROM + dsn() + FROM) + 1
        self.assertEqual(done.stderr.decode(),
                         f"bounce-classify: {box}: message at byte {offset}: left out, because memory ran out\n")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertEqual(len(limited(MOST, box).stdout.splitlines()), 3)

    def test_a_mail_for_which_gmime_cannot_be_loaded_is_left_out(self):
        broken = self.put("libgmime-3.0.so.0", "")
        plain = dsn()
        unusual = plain.replace("boundary=", "(a comment) boundary=")
        self.assertNotEqual(plain, unusual)
        box = self.put("box", FROM + plain + "\n" + FROM + unusual + "\n" + FROM + plain)
        arguments = ["--no-sandbox", "--jobs", "1", "--format", "json", box]
        self.assertEqual(len(run(*arguments).stdout.splitlines()), 3)
        done = run(*arguments, env=dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(broken)))
        offset = len(FROM + plain + FROM) + 1
        self.assertEqual(done.stderr.decode(),
                         f"bounce-classify: {box}: message at byte {offset}: left out, because memory ran out\n")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 2)


if __name__ == "__main__":
    program.main()
