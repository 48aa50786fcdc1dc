#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""As many recipients as one report may have: memory for what they share is
taken once, and none of them is lost.

usage: test_recipient_memory.py PROGRAM

The peak of resident memory is that of wait4(2), which includes what the process used before it became the program: so
a small process starts it, not this one with its mails and reports.
A sanitizer needs more than any limit, and the counters of a coverage build count too; in such builds the mails are run
only to find errors of memory.
"""
import itertools
import json
import subprocess
import sys
import tempfile
import unittest

RECIPIENTS = 10000  # LIMIT_RECIPIENTS
MAX_RESIDENT_BYTES = 64 << 20  # 41 to 63 MB when this was written, of which a program alone takes 16
PROGRAM = None

FROM = "From: MAILER-DAEMON@example.org\nTo: joe@example.org\n"
REPORT = FROM + "Subject: failure notice\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
FIELDS = "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
NOTICE = FROM + "Subject: failure notice\n\n"
SENDMAIL = (FROM + "Subject: Returned mail: see transcript for details\n\n"
            "   ----- The following addresses had permanent fatal errors -----\n")
TRANSCRIPT = ("\n   ----- Transcript of session follows -----\n... while talking to mx.x.test.:\n"
              ">>> DATA\n<<< 550 5.7.1 your mail is not wanted by any of us\n")
SHARED = "550 5.7.1 your mail is not wanted by any of us\n"

# What comes first, once for each recipient, and last.
SHAPES = {
    "fields that share one text": (REPORT, "\nFinal-Recipient:;u%d@x.test\nDiagnostic-Code: " + SHARED, "--b--\n"),
    "addresses, then one text": (NOTICE, "<u%d@x.test>\n", SHARED),
    "blocks, then one text": (NOTICE, "<u%d@x.test>:\n", "\n" + SHARED),
    "blocks before one transcript": (SENDMAIL, "<u%d@x.test>\n", TRANSCRIPT),
}


def is_instrumented():
    with open(PROGRAM, "rb") as file:
        data = file.read()
    return b"__asan_init" in data or b"__tsan_init" in data or b"__gcov_" in data


def build(front, unit, end):
    """A mail; fields are in parts, none of which is longer than LIMIT_PART_TEXT_BYTES."""
    units = [(FIELDS if front == REPORT and i % 2500 == 0 else "") + unit % i for i in range(RECIPIENTS)]
    return (front + "".join(units) + end).encode()


STARTER = """
import os, sys
for line in sys.stdin:
    child = os.posix_spawn(sys.argv[1], sys.argv[1:] + line.rstrip("\\n").split("\\t"), os.environ)
    _, status, usage = os.wait4(child, 0)
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, file=sys.stderr, flush=True)
"""


def run(mail, *options):
    """The report of a mail, and the peak of resident memory in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(mail)
        file.flush()
        starter = subprocess.run([sys.executable, "-S", "-c", STARTER, PROGRAM, "--format", "json", *options],
                                 input=file.name + "\n", stdout=out, stderr=subprocess.PIPE, text=True, check=True)
        status, resident = map(int, starter.stderr.split()[-2:])
        if status:
            raise AssertionError(f"exit status {status}: {starter.stderr}")
        out.seek(0)
        return json.load(out), resident


class Memory(unittest.TestCase):
    def test_shapes(self):
        for (name, shape), options in itertools.product(SHAPES.items(), ([], ["--explain"])):
            with self.subTest(name, options=options):
                report, resident = run(build(*shape), *options)
                recipients = report["recipients"]
                self.assertEqual(len({r["address"] for r in recipients}), RECIPIENTS)
                # A text that names them all is longer than what is searched.
                self.assertLessEqual({w["id"] for w in report["warnings"]}, {"long-subject"})
                # The text was read, and all recipients share it.
                self.assertEqual({r["stated_status"] for r in recipients}, {"5.7.1"})
                print(f"{name} {options}: {resident / (1 << 20):.1f} MiB", file=sys.stderr)
                if not is_instrumented():
                    self.assertLess(resident, MAX_RESIDENT_BYTES)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
