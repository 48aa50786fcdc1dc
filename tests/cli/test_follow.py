#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Growing logs: --follow through rotation, --state from run to run, whether killed or not; the order of rotated files,
shards and offsets."""
import bz2
import contextlib
import gzip
import json
import lzma
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest

import program
from program import Case, until

HEAD = "2026-10-04T04:36:41Z mx1 postfix/"


def lines(first, count):
    """Each message has a line with its sender, and one with its failure."""
    return "".join(f"{HEAD}qmgr[1]: A{i}: from=<s{i}@a.example>, size=1, nrcpt=1 (queue active)\n"
                   f"{HEAD}smtp[1]: A{i}: to=<u{i}@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, dsn=5.1.1, "
                   "status=bounced (host mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown)\n"
                   for i in range(first, first + count))


class Follow(Case):
    def setUp(self):
        super().setUp()
        self.log, self.out, self.state = (self.folder / name for name in ("mail.log", "out", "state"))
        self.running = None
        self.addCleanup(self.end)

    def start(self, *options, log=None):
        """Follows the log, with results appended to a file."""
        with open(self.out, "ab") as out, open(self.folder / "errors", "ab") as errors:
            self.running = subprocess.Popen(
                [program.PROGRAM, "--log", "--format", "json", "--follow", *map(str, options), str(log or self.log)],
                stdout=out, stderr=errors, cwd=self.folder)

    def end(self, number=signal.SIGKILL):
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self.running.send_signal(number)
            status = self.running.wait()
            self.running = None
            return status
        return None

    def errors(self):
        return (self.folder / "errors").read_text()

    def results(self):
        text = self.out.read_text() if self.out.exists() else ""
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def wait_for(self, count):
        until(lambda: self.out.exists() and self.out.read_bytes().count(b"\n") >= count or self.running.poll() is not None)
        self.assertIsNone(self.running.poll(), self.errors())

    def check(self, count, senders=True):
        """Each message once, in order, with its sender."""
        found = [(o["recipients"][0]["address"], o["envelope_from"]) for o in self.results()]
        self.assertEqual([address for address, _ in found], [f"u{i}@b.example" for i in range(count)])
        if senders:
            self.assertEqual([sender for _, sender in found], [f"s{i}@a.example" for i in range(count)])

    def append(self, text, path=None):
        with open(path or self.log, "a", encoding="utf-8") as file:
            file.write(text)

    # -------------------------------------------------------------- growth and rotation

    def test_growth_and_lines_that_arrive_in_pieces(self):
        self.append(lines(0, 2))
        self.start()
        self.wait_for(2)
        text = lines(2, 2)
        for piece in (text[:50], text[50:400], text[400:]):
            self.append(piece)
            time.sleep(0.3)
        self.wait_for(4)
        self.assertEqual([o["source"]["index"] for o in self.results()], [1, 3, 5, 7])
        self.assertEqual(self.end(signal.SIGTERM), -signal.SIGTERM)
        self.assertIn(f"{self.log}: ended by SIGTERM; to resume: --start-offset {len(lines(0, 4))}\n", self.errors())
        self.check(4)

    def test_renamed_and_written_to_until_the_new_log_exists(self):
        self.append(lines(0, 3))
        self.start("--jobs", 2)
        self.wait_for(3)
        old = self.log.rename(self.folder / "mail.log.1")
        self.append(lines(3, 2), old)
        self.wait_for(5)
        self.append(lines(5, 1), old)
        self.append(lines(6, 3))
        self.wait_for(9)
        # twice while it is stopped, and once compressed
        self.running.send_signal(signal.SIGSTOP)
        old.rename(self.folder / "mail.log.3")
        self.append(lines(9, 1))
        (self.folder / "mail.log.2.gz").write_bytes(gzip.compress(self.log.read_bytes()))
        (self.folder / "mail.log.1").write_text(lines(10, 2))
        self.log.unlink()
        self.append(lines(12, 1))
        self.running.send_signal(signal.SIGCONT)
        self.wait_for(13)
        self.end(signal.SIGTERM)
        self.check(13)

    def test_copied_and_truncated(self):
        self.append(lines(0, 3))
        self.start()
        self.wait_for(3)
        self.running.send_signal(signal.SIGSTOP)
        self.append(lines(3, 2))
        shutil.copy(self.log, self.folder / "mail.log.1")
        self.log.write_text(lines(5, 1))
        self.running.send_signal(signal.SIGCONT)
        self.wait_for(6)
        # truncated, and longer than before when it is looked at again
        self.running.send_signal(signal.SIGSTOP)
        (self.folder / "mail.log.1").rename(self.folder / "mail.log.2")
        shutil.copy(self.log, self.folder / "mail.log.1")
        self.log.write_text(lines(6, 9))
        self.running.send_signal(signal.SIGCONT)
        self.wait_for(15)
        self.end(signal.SIGTERM)
        self.check(15)

    def test_a_log_that_is_not_there_yet(self):
        self.start()
        time.sleep(0.5)
        self.append(lines(0, 2))
        self.wait_for(2)
        self.end(signal.SIGTERM)
        self.check(2)

    def test_other_inputs_are_read_first(self):
        (self.folder / "mail.log.1.bz2").write_bytes(bz2.compress(lines(0, 2).encode()))
        self.append(lines(2, 2))
        self.start(self.folder / "mail.log.1.bz2")
        self.wait_for(4)
        self.append(lines(4, 1))
        self.wait_for(5)
        self.end(signal.SIGINT)
        self.check(5)

    # -------------------------------------------------------------- from run to run

    def run_once(self, *options, stdout=None, status=0):
        with open(self.out, "ab") as out:
            done = subprocess.run([program.PROGRAM, "--log", "--format", "json", "--state", str(self.state), *options,
                                   str(self.log)], stdout=stdout or out, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr.decode()

    def test_runs_of_a_timer(self):
        """Without --follow: each run reads what is new, and leaves a line without an end to the next run."""
        self.append(lines(0, 2))
        self.run_once()
        self.run_once()
        self.check(2)
        text = lines(2, 3)
        self.append(text[:-40])
        self.run_once()
        self.check(4)
        self.append(text[-40:])
        self.run_once()
        self.check(5)
        # the sender is in a line before this place, and in the file before it
        split = lines(5, 1).splitlines(keepends=True)
        self.append(split[0])
        self.run_once()
        self.append(split[1])
        self.append(lines(6, 1).splitlines(keepends=True)[0])
        self.run_once()
        self.log.rename(self.folder / "mail.log.1")
        self.append(lines(6, 1).splitlines(keepends=True)[1])
        self.run_once()
        self.check(7)

    def test_rotated_between_the_runs(self):
        packs = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}
        for days in (False, True):
            for ending, pack in packs.items():
                for path in self.folder.iterdir():
                    path.unlink()
                self.append(lines(0, 3))
                self.run_once()
                self.append(lines(3, 1))
                names = ("mail.log-20261128", "mail.log-20261129", "mail.log-20261130") if days else \
                    ("mail.log.12", "mail.log.9", "mail.log.1")
                (self.folder / (names[0] + ending)).write_bytes(pack(self.log.read_bytes()))
                (self.folder / (names[1] + ending)).write_bytes(pack(lines(4, 2).encode()))
                (self.folder / names[2]).write_text(lines(6, 1))
                self.log.unlink()
                self.append(lines(7, 2))
                self.run_once()
                self.run_once()
                self.check(9)

    def test_another_file_with_the_same_inode(self):
        self.append(lines(0, 3))
        self.run_once()
        kept = self.log.read_text()
        self.log.write_text(lines(3, 5))
        (self.folder / "mail.log.1").write_text(kept)
        self.run_once()
        self.check(8)

    def test_the_file_is_gone(self):
        self.append(lines(0, 3))
        self.run_once()
        self.log.unlink()
        self.append(lines(3, 2))
        self.assertIn("the file that it names is gone; reading continues with what was written since",
                      self.run_once(status=1))
        self.check(5)

    def test_unreadable_files_are_skipped(self):
        self.append(lines(0, 2))
        self.run_once()
        self.log.rename(self.folder / "mail.log.3")
        (self.folder / "mail.log.2").mkdir()
        (self.folder / "mail.log.1.gz").write_bytes(gzip.compress(lines(2, 2).encode())[:-20])
        self.append(lines(4, 2))
        said = self.run_once(status=1)
        self.assertIn("mail.log.2: only a file can be followed", said)
        self.assertEqual({o["recipients"][0]["address"] for o in self.results()} - {f"u{i}@b.example" for i in (2, 3)},
                         {f"u{i}@b.example" for i in (0, 1, 4, 5)})

    def test_a_file_that_is_being_compressed(self):
        """The file exists under both names, and is read once."""
        for number, first in ((3, 0), (2, 2), (1, 4)):
            self.append(lines(first, 2), self.folder / f"mail.log.{number}")
        self.append(lines(6, 1))
        self.log.rename(self.folder / "mail.log.0")
        (self.folder / "mail.log.3").rename(self.log)
        self.run_once()
        self.log.rename(self.folder / "mail.log.3")
        (self.folder / "mail.log.0").rename(self.log)
        for number in (3, 2, 1):
            packed = gzip.compress((self.folder / f"mail.log.{number}").read_bytes())
            (self.folder / f"mail.log.{number}.gz").write_bytes(packed[:len(packed) // number])
        self.run_once()
        self.check(7)

    def test_killed_at_any_time(self):
        """Killed while it reads and writes, several times: the output has each result once."""
        rng, count = random.Random(3), 10
        self.start("--state", self.state)
        self.append(lines(0, count))
        self.wait_for(count)
        self.end(signal.SIGTERM)  # from now on there is a state
        for turn in range(8):
            self.start("--state", self.state, *(["--jobs", 2] if turn % 2 else []))
            for _ in range(rng.randrange(1, 4)):
                more = rng.choice((10, 300, 2000))
                self.append(lines(count, more))
                count += more
                time.sleep(rng.random() / 6)
                if rng.random() < 0.3:
                    for number in range(8, 0, -1):
                        for ending in ("", ".gz"):
                            path = self.folder / f"mail.log.{number}{ending}"
                            if path.exists():
                                path.rename(self.folder / f"mail.log.{number + 1}{ending}")
                    self.log.rename(self.folder / "mail.log.1")
                    first = self.folder / "mail.log.2"
                    if first.exists():
                        (self.folder / "mail.log.2.gz").write_bytes(gzip.compress(first.read_bytes()))
                        first.unlink()
                    self.append(lines(count, 1))
                    count += 1
            self.end(signal.SIGKILL)
        self.start("--state", self.state)
        self.wait_for(count)
        self.end(signal.SIGTERM)
        self.check(count, senders=False)
        senders = [o["envelope_from"] for o in self.results()]
        self.assertEqual(senders, [f"s{i}@a.example" for i in range(count)])

    def test_csv_has_one_header(self):
        self.append(lines(0, 2))
        for _ in range(2):
            self.run_once("--format", "csv")
            self.append(lines(2, 1))
        self.assertEqual([line.split(",")[0] for line in self.out.read_text().splitlines()].count("path"), 1)
        self.assertEqual(self.out.read_text().count("\n"), 4)

    def test_final_outcomes_of_messages_that_end_in_a_later_run(self):
        head = f"{HEAD}smtp[1]: A1: to=<u0@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, dsn="
        self.append(lines(1, 1).splitlines(keepends=True)[0].replace("s1@", "s0@"))
        self.append(head + "4.2.1, status=deferred (host mx.b.example said: 450 4.2.1 Try later)\n")
        self.run_once("--final")
        self.assertEqual(self.results(), [])
        self.append(head + "5.1.1, status=bounced (host mx.b.example said: 550 5.1.1 User unknown)\n")
        self.append(f"{HEAD}qmgr[1]: A1: removed\n")
        self.run_once("--final")
        self.check(1)

    def test_state_files_that_are_refused(self):
        self.append(lines(0, 1))
        self.state.write_text("my shopping list\n")
        self.assertIn("is not a state written by --state", self.run_once(status=1))
        self.assertEqual(self.state.read_text(), "my shopping list\n")
        self.state.unlink()
        self.start("--state", self.state)
        self.wait_for(1)
        self.assertIn("is used by another process", self.run_once(status=1))
        self.end(signal.SIGTERM)
        self.assertIn("the state is saved: to resume, run the same command", self.errors())
        missing = self.folder / "no" / "state"
        done = program.run("--log", "--state", missing, self.log)
        self.assertEqual((done.returncode, done.stdout), (1, b""))

    def test_a_line_of_the_state_that_was_cut(self):
        for turn in range(3):
            self.append(lines(turn, 1))
            self.run_once()
        kept = self.state.read_bytes()
        newest = max(re.findall(rb"sequence (\d+)", kept), key=int)
        at = kept.index(b"sequence " + newest)
        self.state.write_bytes(kept[:at + 60] + b"#" * 20 + kept[at + 80:])
        self.append(lines(3, 1))
        self.run_once()
        self.check(4)

    def test_output_of_others_is_not_cut_off(self):
        self.append(lines(0, 2))
        self.run_once()
        self.out.write_text(self.out.read_text() + self.out.read_text())
        before = self.out.read_text()
        self.append(lines(2, 1))
        self.run_once()
        self.assertTrue(self.out.read_text().startswith(before))

    # -------------------------------------------------------------- order, shards, offsets

    def test_rotated_files_in_their_order(self):
        names = ["mail.log-20261101.gz", "mail.log-20261102", "mail.log.10.xz", "mail.log.2.gz", "mail.log.1", "mail.log.0",
                 "mail.log"]
        for i, name in enumerate(names):
            raw = lines(i, 1).encode()
            packed = gzip.compress(raw) if name.endswith(".gz") else lzma.compress(raw) if name.endswith(".xz") else raw
            self.put(name, packed)
        self.put("other.log", lines(100, 1))
        for order in (sorted(names), names[::-1]):
            paths = [str(self.folder / name) for name in order]
            paths.insert(3, str(self.folder / "other.log"))
            text = self.check_run("--log", "--format", "json", *paths)
            found = [json.loads(line)["recipients"][0]["address"] for line in text.splitlines()]
            self.assertEqual(found, [f"u{i}@b.example" for i in (0, 1, 2, 100, 3, 4, 5, 6)])

    def test_shards_together_are_the_whole(self):
        log = self.put("mail.log", lines(0, 500))
        for options in ([], ["--final", "--jobs", 2], ["--format", "csv"]):
            want = self.check_run("--log", "--format", "json", *options, log)
            self.assertGreater(want.count("\n"), 499)
            for parts in (1, 2, 7):
                self.assertEqual("".join(self.check_run("--log", "--format", "json", *options, "--shard", f"{k}/{parts}",
                                                        log) for k in range(1, parts + 1)), want)
        self.check_run("--log", "--shard", "1/2", stdin=lines(0, 1), status=1,
                       stderr="bounce-classify: standard input: only a file can be read in shards\n")

    def test_start_offset(self):
        log = self.put("mail.log", lines(0, 50))
        packed = self.put("mail.log.gz", gzip.compress(lines(0, 50).encode()))
        whole = self.check_run("--log", "--format", "json", log).splitlines(keepends=True)
        for i in (0, 1, 30, 49):
            source = json.loads(whole[i])["source"]
            got = self.check_run("--log", "--format", "json", "--start-offset", source["offset"], log)
            self.assertEqual(got, "".join(whole[i:]))
            got = self.check_run("--log", "--format", "json", "--start-offset", source["offset"], packed)
            self.assertEqual(got.replace("mail.log.gz", "mail.log"), "".join(whole[i:]))
            with open(log, "rb") as pipe:
                got = self.check_run("--log", "--format", "json", "--start-offset", source["offset"], stdin=pipe.read())
            self.assertEqual(got.count("\n"), len(whole) - i)
        self.check_run("--log", "--start-offset", os.stat(log).st_size + 1, log, status=1,
                       stderr=f"bounce-classify: {log}: the start is beyond the end\n")


if __name__ == "__main__":
    program.main()
