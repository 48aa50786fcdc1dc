#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile mailboxes: memory does not grow with them, and cost grows no faster than their size.

usage: test_mailbox_limits.py PROGRAM

Each shape is written to the program's standard input, under a limit of address
space that the bigger ones exceed. Cost is counted in instructions, for two sizes,
one four times the other.
"""
import contextlib
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import callgrind  # noqa: E402

FROM = b"From joe@example.org Sat Jan 31 10:00:05 2026\n"
HEADER = b"From: a@example.org\nSubject: x\n\n"
MIB = 1 << 20
PROGRAM = None
OPTIONS = ("--max-message-bytes", "64K", "--jobs")

# Shapes of many messages, each of which is parsed.
MANY = ("empty messages", "lengths that lie")
# What is repeated after an mbox's first From line and header.
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
    """Limits the child's address space; a sanitizer's shadow needs more than any limit."""
    resource.setrlimit(resource.RLIMIT_AS, (48 * MIB, 48 * MIB))


def sanitized():
    with open(PROGRAM, "rb") as file:
        program = file.read()
    return b"__asan_init" in program or b"__tsan_init" in program


def mailbox(unit, size):
    return FROM + HEADER + unit * (size // len(unit))


def run(unit, size, *options):
    """Runs the program on size bytes of a shape. In one write: subprocess.run()
    writes 4 KB at a time, and on a busy machine each write waits its turn."""
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen([PROGRAM, *OPTIONS, "2", *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=errors, preexec_fn=None if sanitized() else limit_memory) as child:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(mailbox(unit, size))
            with contextlib.suppress(BrokenPipeError):
                child.stdin.close()
        if child.returncode != 0:
            errors.seek(0)
            raise AssertionError(f"exit status {child.returncode}: {errors.read()[-300:]!r}")


def instructions(unit, size):
    with tempfile.TemporaryFile() as file:
        file.write(mailbox(unit, size))
        file.seek(0)
        return callgrind.count([PROGRAM, *OPTIONS, "1"], file)


class Limits(unittest.TestCase):
    def test_memory_of_shapes(self):
        for name, unit in SHAPES.items():
            with self.subTest(name):
                run(unit, (2 * MIB if name in MANY else 64 * MIB) // (8 if sanitized() else 1))

    def test_cost_of_shapes(self):
        if sanitized():
            self.skipTest("valgrind cannot run a program with sanitizers")
        empty = instructions(b"x", 0)
        for name, unit in SHAPES.items():
            size = MIB // 16 if name in MANY else MIB
            with self.subTest(name):
                small, big = (instructions(unit, n) - empty for n in (size, 4 * size))
                # Four times the input: sixteen times would be quadratic.
                self.assertLess(big, 6 * small)

    def test_memory_of_a_big_mailbox(self):
        """96 MiB in messages of 16 MiB, under less address space than that."""
        unit = b"\n" + FROM + HEADER + (b"x" * 75 + b"\n") * 220000
        run(unit, 96 * MIB)

    def test_a_message_that_does_not_end(self):
        run(b"x", 96 * MIB)
        run(b"x", 96 * MIB, "--input-format", "mail")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
