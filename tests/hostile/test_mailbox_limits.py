#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mailboxes made to hurt: memory does not grow with them, time grows no faster.

usage: test_mailbox_limits.py PROGRAM

Each shape is written to the program's standard input in two sizes, one four
times the other, under a limit of address space that the bigger one exceeds.
"""
import resource
import subprocess
import sys
import time
import unittest

FROM = b"From joe@example.org Sat Jan 31 10:00:05 2026\n"
HEADER = b"From: a@example.org\nSubject: x\n\n"
MIB = 1 << 20
PROGRAM = None

# What is repeated behind an mbox's first From line and header.
SHAPES = {
    "newlines": b"\n",
    "quote marks": b">",
    "From without a date": b"\nFrom ",
    "From lines after text": b"x\n" + FROM,
    "one line of From": b"From ",
    "quoted From lines": b">From \n",
    "bare CR": b"\rFrom \r",
    "a long message": b"x" * 75 + b"\n",
    "From lines that go on": b"\nFrom " + b"x " * 300 + b"\n",
    "empty messages": b"\n" + FROM,
    "lengths that lie": b"\n" + FROM + b"Content-Length: 999999999\n\nx\n",
}


def limit_memory():
    """Address space of the child; a sanitizer's shadow needs more than any."""
    resource.setrlimit(resource.RLIMIT_AS, (192 * MIB, 192 * MIB))


def sanitized():
    with open(PROGRAM, "rb") as file:
        return b"__asan_init" in file.read()


def seconds(unit, size, *options):
    """Runs the program on size bytes of a shape; the seconds it took."""
    data = FROM + HEADER + unit * (size // len(unit))
    start = time.monotonic()
    done = subprocess.run([PROGRAM, *options, "--max-message-bytes", "64K"], input=data, capture_output=True,
                          timeout=250, preexec_fn=None if sanitized() else limit_memory)
    if done.returncode != 0:
        raise AssertionError(f"exit status {done.returncode}: {done.stderr[-300:]!r}")
    return time.monotonic() - start


class Limits(unittest.TestCase):
    def test_shapes(self):
        for name, unit in SHAPES.items():
            many = name in ("empty messages", "lengths that lie")
            size = (MIB // 2 if many else 16 * MIB) // (8 if sanitized() else 1)
            with self.subTest(name):
                small, big = seconds(unit, size), seconds(unit, 4 * size)
                # Four times the input: sixteen times the time would be quadratic.
                self.assertLess(big, 8 * small + 1)

    def test_memory_of_a_big_mailbox(self):
        """256 MiB in messages of 16 MiB, under less address space than that."""
        unit = b"\n" + FROM + HEADER + (b"x" * 75 + b"\n") * 220000
        seconds(unit, 256 * MIB)

    def test_a_message_that_does_not_end(self):
        seconds(b"x", 256 * MIB)
        seconds(b"x", 256 * MIB, "--input-format", "mail")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
