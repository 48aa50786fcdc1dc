#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A Maildir that receives mail: --follow and --state."""
import contextlib
import fcntl
import gzip
import json
import pathlib
import random
import signal
import subprocess
import time
import unittest

import program
from program import Case, dsn, until


class Maildir(Case):
    def setUp(self):
        super().setUp()
        self.box, self.out, self.state = (self.folder / name for name in ("Maildir", "out", "state"))
        for name in ("new", "cur", "tmp"):
            (self.box / name).mkdir(parents=True)
        self.running = None
        self.addCleanup(self.end)

    def deliver(self, number, packed=False):
        raw = dsn(f"u{number}@b.example").encode()
        path = self.box / "tmp" / f"17725305{number:05}.M1P{number}.mx"
        path.write_bytes(gzip.compress(raw) if packed else raw)
        path.rename(self.box / "new" / path.name)

    def see(self):
        """As a mail program does: all of new/ moves to cur/, with flags."""
        for path in (self.box / "new").iterdir():
            path.rename(self.box / "cur" / f"{path.name}:2,S")

    def start(self, *options):
        with open(self.out, "ab") as out, open(self.folder / "errors", "ab") as errors:
            self.running = subprocess.Popen([program.PROGRAM, "--format", "json", "--follow", *map(str, options),
                                             str(self.box)], stdout=out, stderr=errors)

    def end(self, number=signal.SIGKILL):
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self.running.send_signal(number)
            status = self.running.wait()
            self.running = None
            return status
        return None

    def run_once(self, status=0):
        with open(self.out, "ab") as out:
            done = subprocess.run([program.PROGRAM, "--format", "json", "--state", str(self.state), str(self.box)],
                                  stdout=out, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr.decode()

    def wait_for(self, count):
        until(lambda: self.out.exists() and self.out.read_bytes().count(b"\n") >= count or
              self.running.poll() is not None)
        self.assertIsNone(self.running.poll(), (self.folder / "errors").read_text())

    def check(self, count):
        found = [json.loads(line)["recipients"][0]["address"] for line in self.out.read_text().splitlines()]
        self.assertEqual(sorted(found), sorted(f"u{i}@b.example" for i in range(count)))

    def test_new_mail_is_read_once(self):
        self.deliver(0)
        self.start("--jobs", 2)
        self.wait_for(1)
        for i in range(1, 8):
            self.deliver(i, packed=i % 2 == 0)
            if i % 3 == 0:
                self.see()
            time.sleep(0.1)
        self.wait_for(8)
        self.see()
        for path in (self.box / "cur").iterdir():
            path.rename(f"{path}RT")
        self.deliver(8)
        self.wait_for(9)
        self.assertEqual(self.end(signal.SIGTERM), -signal.SIGTERM)
        self.assertIn("ended by SIGTERM\n", (self.folder / "errors").read_text())
        self.check(9)

    def test_runs_of_a_timer(self):
        for i in range(5):
            self.deliver(i)
        self.run_once()
        self.see()
        self.run_once()
        self.check(5)
        self.deliver(5)
        self.run_once()
        self.check(6)

    def test_killed_at_any_time(self):
        rng, count = random.Random(4), 0
        for turn in range(8):
            self.start("--state", self.state, *(["--jobs", 2] if turn % 2 else []))
            for _ in range(rng.randrange(1, 400)):
                self.deliver(count)
                count += 1
            if rng.random() < 0.5:
                self.see()
            time.sleep(rng.random() / 3)
            self.end(signal.SIGKILL)
        self.start("--state", self.state)
        self.wait_for(count)
        time.sleep(0.5)
        self.end(signal.SIGTERM)
        self.check(count)

    def test_the_lock_ends_with_the_program(self):
        """A worker that outlives a killed program for a moment has no part in the lock: flock(2) would give it one."""
        self.deliver(0)
        self.start("--state", self.state, "--jobs", 2)
        self.wait_for(1)
        inode = self.state.stat().st_ino
        locks = [line.split() for line in pathlib.Path("/proc/locks").read_text(encoding="utf-8").splitlines()]
        self.assertEqual([lock[1:5] for lock in locks if lock[5].endswith(f":{inode}")],
                         [["POSIX", "ADVISORY", "WRITE", str(self.running.pid)]])
        with open(self.state, "rb+") as state, self.assertRaises(BlockingIOError):
            fcntl.lockf(state, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_names_that_disappeared_are_not_in_the_state(self):
        for i in range(4000):
            self.deliver(i)
        self.run_once()
        before = self.state.stat().st_size
        for path in sorted((self.box / "new").iterdir())[:-10]:
            path.unlink()
        self.run_once()
        self.assertLess(self.state.stat().st_size, before / 50)
        self.deliver(4000)
        self.run_once()
        self.check(4001)

    def test_states_that_are_refused(self):
        log = self.put("mail.log", "2026-10-04T04:36:41Z mx1 postfix/smtp[1]: A1: removed\n")
        self.assertEqual(program.run("--log", "--state", self.state, log).returncode, 0)
        self.assertIn("is the state of another folder, or of a log", self.run_once(status=1))
        self.assertEqual(program.run("--state", self.folder / "s", log).returncode, 2)
        self.assertEqual(program.run("--follow", self.folder).returncode, 2)
        self.assertEqual(program.run("--follow", "--recursive", self.box).returncode, 2)


if __name__ == "__main__":
    program.main()
