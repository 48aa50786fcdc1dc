#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small files that unpack to large ones: they cost no more memory than any long mail, and lead to the same warnings.

usage: test_packed_bombs.py PROGRAM
"""
import bz2
import gzip
import lzma
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

MIB = 1 << 20
BOMB = 96 * MIB  # unpacked
PROGRAM = None
FRONT = b"From: MAILER-DAEMON@b.example\nSubject: Undelivered\n\n<u@b.example>: 550 5.1.1 User unknown\n"
LINE = b"x" * 79 + b"\n"
FORMS = {"gzip": lambda raw: gzip.compress(raw, 6), "bzip2": bz2.compress, "xz": lambda raw: lzma.compress(raw, preset=1)}


def sanitized():
    program = pathlib.Path(PROGRAM).read_bytes()
    return b"__asan_init" in program or b"__tsan_init" in program


def limit_memory():
    """Limits memory to less than what a bomb unpacks to; a sanitizer's shadow needs more than any limit."""
    resource.setrlimit(resource.RLIMIT_AS, (64 * MIB, 64 * MIB))


def run(raw, *options):
    return subprocess.run([PROGRAM, *options], input=raw, capture_output=True, check=False,
                          preexec_fn=None if sanitized() else limit_memory)


class Bombs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_one_mail(self):
        """The same output as for the plain mail of that length, with its warning."""
        raw = FRONT + LINE * (BOMB // len(LINE))
        path = self.folder / "mail"
        path.write_bytes(raw)
        plain = run(b"", "--format", "json", path)
        self.assertIn(b'"truncated"', plain.stdout)
        for form, pack in FORMS.items():
            path.write_bytes(pack(raw))
            self.assertLess(path.stat().st_size, MIB)
            done = run(b"", "--format", "json", path)
            self.assertEqual((done.returncode, done.stdout), (0, plain.stdout), form)

    def test_a_line_of_a_log(self):
        line = (b"2026-10-04T04:36:41Z mx1 postfix/smtp[1]: A1: to=<u@b.example>, relay=mx.b.example[198.51.100.1]:25, "
                b"delay=9, dsn=5.1.1, status=bounced (host mx.b.example said: 550 5.1.1 User unknown)\n")
        raw = line + b"x" * BOMB + b"\n" + line
        for form, pack in FORMS.items():
            done = run(pack(raw), "--log", "--format", "json")
            self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 2), form)
            self.assertIn(b"longer than is read", done.stderr)

    def test_many_empty_members(self):
        raw = gzip.compress(FRONT) + gzip.compress(b"") * 100000
        done = run(raw, "--format", "json")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 1))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
