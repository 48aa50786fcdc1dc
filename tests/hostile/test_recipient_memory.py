#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""As many recipients as one report may have: memory for what they share is
taken once, and none of them is lost.

usage: test_recipient_memory.py PROGRAM

The peak of resident memory is that of the program alone, as wait4(2) tells it.
A sanitizer needs more than any limit; there the mails run for errors of memory.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

RECIPIENTS = 10000  # LIMIT_RECIPIENTS
MAX_RESIDENT_BYTES = 96 << 20  # 86 MB when this was written, of which a program alone takes 16
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

# What stands in front, once for each recipient, and at the end.
SHAPES = {
    "fields that share one text": (REPORT, "\nFinal-Recipient:;u%d@x.test\nDiagnostic-Code: " + SHARED, "--b--\n"),
    "addresses, then one text": (NOTICE, "<u%d@x.test>\n", SHARED),
    "blocks, then one text": (NOTICE, "<u%d@x.test>:\n", "\n" + SHARED),
    "blocks before one transcript": (SENDMAIL, "<u%d@x.test>\n", TRANSCRIPT),
}


def sanitized():
    with open(PROGRAM, "rb") as file:
        data = file.read()
    return b"__asan_init" in data or b"__tsan_init" in data


def build(front, unit, end):
    """A mail; fields are in parts of which none is longer than LIMIT_PART_TEXT_BYTES."""
    units = [(FIELDS if front == REPORT and i % 2500 == 0 else "") + unit % i for i in range(RECIPIENTS)]
    return (front + "".join(units) + end).encode()


def run(mail):
    """The report of a mail, and the peak of resident memory in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(mail)
        file.flush()
        with subprocess.Popen([PROGRAM, "--format", "json", file.name], stdout=out) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise AssertionError(f"exit status {child.returncode}")
        out.seek(0)
        return json.load(out), usage.ru_maxrss * 1024


class Memory(unittest.TestCase):
    def test_shapes(self):
        for name, shape in SHAPES.items():
            with self.subTest(name):
                report, resident = run(build(*shape))
                recipients = report["recipients"]
                self.assertEqual(len({r["address"] for r in recipients}), RECIPIENTS)
                # A text that names them all is longer than is searched.
                self.assertLessEqual({w["id"] for w in report["warnings"]}, {"long-subject"})
                # The text was read, and is shared by all.
                self.assertEqual({r["stated_status"] for r in recipients}, {"5.7.1"})
                print(f"{name}: {resident / (1 << 20):.1f} MiB", file=sys.stderr)
                if not sanitized():
                    self.assertLess(resident, MAX_RESIDENT_BYTES)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
