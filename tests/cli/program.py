# SPDX-License-Identifier: MIT
"""What the tests of the program share: they run it, and make mails for it.

usage of each test: test_x.py PROGRAM [SOURCE_DIR]
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

# No rules of the user take part in a test.
os.environ["BOUNCE_CLASSIFY_CONFIG"] = ""
PROGRAM = None
SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
# What would wait for ever ends some day. On a busy machine a long time is no failure:
# the limit is one of processor time (tests/limited).
BACKSTOP_S = 1200
FROM = "From MAILER-DAEMON@mx.example.org Sat Jan 31 10:00:05 2026\n"


def run(*arguments, stdin=b"", input_from=None, **more):
    """Runs the program with stdin as its standard input, or the open file input_from. Returns an object with
    returncode, stdout, stderr without the line of totals, and this line, or None."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    source = {"stdin": input_from} if input_from else {"input": stdin}
    command = [PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, **source, **more)
    done.stderr, done.totals = split_totals(done.stderr)
    return done


def split_totals(errors):
    """What was written to standard error, without the line of totals, and that line as text, or None."""
    lines = errors.splitlines(keepends=True)
    totals = [line for line in lines if re.match(rb"(messages|replies|entries) \d+[:,] ", line)]
    return b"".join(line for line in lines if line not in totals), totals[-1].decode().rstrip("\n") if totals else None


def dsn(recipient="user@example.net", diagnostic=None, status="5.1.1", action="failed", extra=""):
    """A delivery status notification about one recipient."""
    diagnostic = diagnostic or f"550 5.1.1 <{recipient}>: User unknown"
    return f"""From: MAILER-DAEMON@mx.example.org
To: sender@example.org
Subject: Undelivered Mail Returned to Sender
Date: Sat, 31 Jan 2026 10:00:05 +0000
Message-ID: <report@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Delivery report.{extra}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {diagnostic}

--b--
"""


ORDINARY = "From: joe@example.org\nTo: ann@example.net\nSubject: lunch\n\nAt noon?\n"


def until(condition):
    """Waits until a condition is true; returns its value."""
    end = time.monotonic() + BACKSTOP_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("the condition never became true")


def state(pid):
    """The state of a process: R runs or is ready to, S waits for an event, Z has ended but
    its status has not been read; None if it does not exist."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bounce-classify-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def put(self, name, content):
        """Writes a file below the folder and returns its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def check_run(self, *arguments, status=0, stderr="", **more):
        """Runs the program, checks its exit status and standard error without the line of totals, and returns its
        output; the totals are kept in self.totals."""
        done = run(*arguments, **more)
        self.totals = done.totals
        self.assertEqual(done.stderr.decode(), stderr)
        self.assertEqual(done.returncode, status)
        return done.stdout.decode()


def main():
    """Takes PROGRAM and SOURCE_DIR off the command line and runs the tests."""
    global PROGRAM, SOURCE_DIR
    if len(sys.argv) < 2 or not os.path.exists(sys.argv[1]):
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv[1])
    if len(sys.argv) > 2:
        SOURCE_DIR = pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1], module="__main__", verbosity=2)
