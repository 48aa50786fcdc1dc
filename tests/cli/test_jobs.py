#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--jobs: the output is that of one process, whatever the number of workers; a
worker that dies loses no mail."""
import fcntl
import json
import os
import pathlib
import queue
import re
import resource
import signal
import subprocess
import threading
import unittest

import program
from program import BACKSTOP_S, FROM, ORDINARY, Case, dsn, state, until

MANY = 1500  # mails; workers start after 200


def mailbox(count=MANY):
    """Mails of various lengths, all different: hard, soft and no failures, and ordinary mail."""
    mails = []
    for i in range(count):
        address, extra = f"user{i}@example.net", "\n" + "x " * (i * 37 % 4000)
        if i % 7 == 3:
            mail = ORDINARY
        elif i % 7 == 4:
            mail = dsn(address, "552 5.2.2 mailbox is over quota", "5.2.2", extra=extra)
        elif i % 7 == 5:
            mail = dsn(address, "250 2.0.0 OK", "2.0.0", action="delivered", extra=extra)
        else:
            mail = dsn(address, extra=extra)
        mails.append(f"{FROM}{mail}\n")
    return "".join(mails)


def dsn_to_many(addresses):
    """A delivery status notification about several recipients, with words for several rules."""
    groups = (f"\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
              "Diagnostic-Code: smtp; 550 User unknown, mailbox full, spam, blocked\n" for address in addresses)
    return dsn().replace("\n--b--\n", "".join(groups) + "\n--b--\n")


def children(pid):
    """The process ids of the workers of a running program."""
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Jobs(Case):
    def same(self, *arguments, **more):
        """Runs with one process and with several; all must write the same, which is returned."""
        want = self.check_run("--jobs", 1, *arguments, **more)
        for jobs in (2, 5):
            self.assertEqual(self.check_run("--jobs", jobs, *arguments, **more), want, jobs)
        return want

    def test_every_format_is_the_same(self):
        box = self.put("box", mailbox())
        for options in (["json"], ["csv"], ["text"], ["json", "--explain"]):
            with self.subTest(options):
                self.same("--format", *options, box)

    def test_no_mail_is_missing(self):
        got = self.same("--format", "json", stdin=mailbox()).splitlines()
        self.assertEqual([json.loads(line)["source"]["index"] for line in got], list(range(MANY)))

    def test_maildir_keeps_paths_and_order(self):
        for i in range(400):
            self.put(f"dir/{'new' if i % 2 else 'cur'}/{i:04}", dsn(f"user{i}@example.net"))
        lines = self.same("--format", "json", "dir", cwd=self.folder).splitlines()
        want = [f"dir/new/{i:04}" for i in range(1, 400, 2)] + [f"dir/cur/{i:04}" for i in range(0, 400, 2)]
        self.assertEqual([json.loads(line)["source"]["path"] for line in lines], want)

    def test_several_inputs(self):
        box, mail = self.put("box", mailbox(300)), self.put("mail", dsn())
        self.same("--format", "json", box, mail, box, mail, mail)

    def test_mails_longer_than_a_batch_or_than_is_parsed(self):
        mails = (dsn(f"user{i}@example.net") + "x" * 70 * (i % 5) * 10000 for i in range(60))
        box = self.put("box", "".join(f"{FROM}{mail}\n" for mail in mails))
        self.same("--format", "json", box)
        self.same("--format", "json", "--max-message-bytes", "4K", box)
        self.same("--format", "json", "--max-message-bytes", "1G", box)

    def test_a_mail_too_long_for_workers_keeps_its_place(self):
        """Such a mail has more than 64 MiB, and the program classifies it itself."""
        long = dsn("long@example.net") + ("x" * 1023 + "\n") * (65 << 10)
        box = self.put("box", mailbox(400) + f"{FROM}{long}\n" + mailbox(400))
        lines = self.check_run("--jobs", 2, "--format", "json", "--max-message-bytes", "1G", box).splitlines()
        self.assertEqual([json.loads(line)["source"]["index"] for line in lines], list(range(801)))

    def test_results_longer_than_their_room(self):
        """The results of one batch, and of one mail, exceed a megabyte."""
        mail = dsn_to_many(f"u{i}@example.net" for i in range(1800))
        box = self.put("box", mailbox(250) + f"{FROM}{mail}\n" * 6 + mailbox(250))
        self.assertGreater(len(self.same("--format", "json", "--explain", box)), 12 << 20)

    def test_more_replies_than_one_process_takes(self):
        lines = "".join(f"550 5.1.1 <user{i}@example.net>: User unknown\n" for i in range(30000))
        got = self.same("--reply", "--format", "json", stdin=lines).splitlines()
        self.assertEqual(len(got), 30000)

    def test_more_workers_than_descriptors(self):
        """Fewer workers are started, and they leave some descriptors for the input."""
        for i in range(1500):
            self.put(f"dir/{i:04}", dsn(f"user{i}@example.net"))
        self.put("dir/a/b/c/d/e/f", dsn())
        want = self.check_run("--jobs", 1, "--format", "json", "dir", cwd=self.folder)
        for most in (12, 24):
            got = self.check_run("--jobs", 30, "--format", "json", "dir", cwd=self.folder,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
            self.assertEqual(got, want, most)

    def test_unreadable_inputs_are_counted(self):
        box, none = self.put("box", mailbox(600)), self.folder / "none"
        runs = [program.run("--jobs", jobs, box, none, box) for jobs in (1, 2)]
        self.assertEqual([done.returncode for done in runs], [1, 1])
        self.assertEqual(runs[0].stdout, runs[1].stdout)
        self.assertIn("unreadable 1", runs[1].totals)

    def test_numbers_out_of_range_are_refused(self):
        for value in ("0", "1025", "-1", "x", "2x", "", "18446744073709551618"):
            self.assertEqual(program.run("--jobs", value).returncode, 2, value)

    def test_output_that_cannot_be_written(self):
        box = self.put("box", mailbox())
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program.PROGRAM, "--jobs", "2", "--format", "json", box], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"bounce-classify: standard output: No space left on device\n")


class Ranges(Case):
    """Workers that read a file or a folder for themselves."""

    def setUp(self):
        super().setUp()
        self.dying = pathlib.Path(program.PROGRAM).with_name("bounce-classify-dying")

    def hidden(self, count):
        """A mailbox in which the Content-Length of some mails hides a From line: if a range begins inside such a mail,
        only the mails before it show that."""
        body = "x\n\n" + f"{FROM}not a message, but a line of one\n\n" * 40
        mails = [f"{FROM}From: a@example.org\nContent-Length: {len(body)}\n\n{body}\n" if i % 3 == 1 else
                 f"{FROM}{dsn(f'user{i}@example.net', extra='x ' * (i % 700))}\n" for i in range(count)]
        return "".join(mails)

    def same(self, *arguments, **more):
        want = self.check_run("--jobs", 1, *arguments, **more)
        for jobs in (2, 7):
            self.assertEqual(self.check_run("--jobs", jobs, *arguments, **more), want, jobs)
        return want

    def starts_workers(self, *arguments, stdin=b""):
        """Whether workers are started: these die at once, which the program reports."""
        environment = dict(os.environ, BOUNCE_TEST_DIE_AT_START="1")
        done = subprocess.run([self.dying, "--jobs", "2", "--format", "json", *arguments], capture_output=True,
                              check=True, env=environment, input=stdin)
        return b"exited with status 3" in done.stderr

    def test_lines_that_a_length_hides(self):
        box = self.put("box", self.hidden(3000))
        self.assertGreater(box.stat().st_size, 3 << 20)
        lines = self.same("--format", "json", box).splitlines()
        self.assertEqual([json.loads(line)["source"]["index"] for line in lines], list(range(3000)))
        self.same("--format", "csv", "--input-format", "mboxcl", box)
        self.assertGreater(len(self.same("--format", "json", "--input-format", "mbox", box).splitlines()), 3000)

    def test_inside_shards_and_after_an_offset(self):
        box = self.put("box", self.hidden(4000))
        parts = "".join(self.same("--format", "json", "--shard", f"{k}/3", box) for k in (1, 2, 3))
        whole = self.check_run("--format", "json", "--input-format", "mbox", box)
        self.assertEqual([json.loads(line)["source"]["offset"] for line in parts.splitlines()],
                         [json.loads(line)["source"]["offset"] for line in whole.splitlines()])
        lines = self.check_run("--format", "json", box).splitlines()
        source = json.loads(lines[700])["source"]
        self.assertEqual(self.same("--format", "json", "--start-offset", f"{source['offset']},700", box).splitlines(),
                         lines[700:])

    def test_a_file_as_standard_input(self):
        box = self.put("box", mailbox())
        for jobs in (1, 3):
            with open(box, "rb") as file:
                done = subprocess.run([program.PROGRAM, "--jobs", str(jobs), "--format", "json"], stdin=file,
                                      capture_output=True, check=True)
            got = [json.loads(line)["source"] for line in done.stdout.splitlines()]
            self.assertEqual([(s["path"], s["index"]) for s in got], [(None, i) for i in range(MANY)])

    def test_unordered(self):
        """Each result is there once, complete, with the number of its message."""
        box = self.put("box", self.hidden(3000))
        for i in range(700):
            self.put(f"dir/{i:04}", dsn(f"user{i}@example.net"))
        for inputs in ([box], [self.folder / "dir"], [box, self.folder / "dir", box]):
            want = program.run("--jobs", 1, *inputs, "--format", "json")
            got = program.run("--jobs", 5, "--unordered", *inputs, "--format", "json")
            self.assertEqual((got.returncode, got.stderr), (0, b""))
            self.assertEqual(sorted(got.stdout.splitlines()), sorted(want.stdout.splitlines()))
        piped = self.check_run("--jobs", 3, "--unordered", "--format", "json", stdin=mailbox())
        self.assertEqual(sorted(json.loads(line)["source"]["index"] for line in piped.splitlines()), list(range(MANY)))
        wants = [program.run("--jobs", jobs, *more, box).totals for jobs, more in ((1, []), (4, ["--unordered"]))]
        self.assertEqual(wants[0], wants[1])

    def test_unordered_with_results_in_parts(self):
        mail = dsn_to_many(f"u{i}@example.net" for i in range(1800))
        box = self.put("box", mailbox(250) + f"{FROM}{mail}\n" * 3 + mailbox(900))
        want = self.check_run("--jobs", 1, "--format", "json", "--explain", box)
        got = self.check_run("--jobs", 3, "--unordered", "--format", "json", "--explain", box)
        self.assertEqual(sorted(got.splitlines()), sorted(want.splitlines()))

    def test_small_inputs_start_no_worker(self):
        for i in range(199):
            self.put(f"small/{i}", dsn())
        for i in range(400):
            self.put(f"large/{i}", dsn())
        few, many = self.put("few", mailbox(150)), self.put("many", mailbox())
        self.assertFalse(self.starts_workers(few))
        self.assertFalse(self.starts_workers(self.folder / "small"))
        self.assertTrue(self.starts_workers(many))
        self.assertTrue(self.starts_workers(self.folder / "large"))

    @unittest.skipUnless(os.environ.get("BOUNCE_SANDBOX") == "expected", "sanitizers make everything costly")
    def test_ordinary_mail_from_a_pipe_needs_no_worker(self):
        """It would only be copied from one process to the other."""
        letter = ORDINARY + "a line of a letter, and more of them\n" * 12000
        self.assertFalse(self.starts_workers(stdin=f"{FROM}{letter}\n".encode() * 40))
        self.assertTrue(self.starts_workers(stdin=f"{FROM}{letter}\n".encode() * 40 + mailbox().encode() * 8))

    def test_folders_with_what_cannot_be_read(self):
        for i in range(700):
            self.put(f"dir/{i:04}", dsn(f"user{i}@example.net"))
        for i in (100, 350, 351, 699):
            (self.folder / f"dir/{i:04}x").symlink_to("nowhere")
        self.put("dir/0500", mailbox(40))
        runs = [program.run("--jobs", jobs, "--format", "csv", self.folder / "dir") for jobs in (1, 2, 5)]
        for done in runs:
            self.assertEqual((done.returncode, done.stdout), (1, runs[0].stdout))
            self.assertEqual(sorted(done.stderr.splitlines()), sorted(runs[0].stderr.splitlines()))

    def test_a_log_ends_its_input(self):
        for i in range(900):
            self.put(f"dir/{i:04}", dsn(f"user{i}@example.net"))
        line = "Nov 30 10:00:00 mx postfix/smtp[1]: 4XyZ: to=<a@example.net>, relay=none, dsn=5.1.1, status=bounced (x)\n"
        self.put("dir/0600", line * 3)
        runs = [program.run("--jobs", jobs, "--format", "json", self.folder / "dir") for jobs in (1, 3)]
        self.assertIn(b"is the log of a mail server", runs[0].stderr)
        self.assertEqual(len(runs[0].stdout.splitlines()), 600)
        self.assertEqual((runs[0].stdout, runs[0].stderr), (runs[1].stdout, runs[1].stderr))

    def test_deaths_in_a_folder(self):
        for i in range(900):
            self.put(f"dir/{i:04}", ("X-Test-Die: yes\n" if i in (250, 600) else "") + dsn(f"user{i}@example.net"))
        done = subprocess.run([self.dying, "--jobs", "2", "--format", "json", self.folder / "dir"],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([json.loads(line)["source"]["path"][-4:] for line in done.stdout.splitlines()],
                         [f"{i:04}" for i in range(900) if i not in (250, 600)])
        left_out = [line for line in done.stderr.decode().splitlines() if "left out" in line]
        self.assertEqual([line.split(":")[1].strip()[-4:] for line in left_out], ["0250", "0600"])

    def test_deaths_of_all_workers_at_any_time(self):
        """Whichever worker dies where: only the mails that it was given are done again, and nothing is missing."""
        box = self.put("box", mailbox() * 4)
        want = self.check_run("--jobs", 1, "--format", "json", box)
        for round in range(5):
            with open(self.folder / "out", "w+b") as out, \
                    subprocess.Popen([program.PROGRAM, "--jobs", "3", "--format", "json", box], stdout=out,
                                     stderr=subprocess.PIPE) as child:
                killed = 0
                while child.poll() is None and killed < 4 + round:
                    try:
                        for pid in children(child.pid):
                            os.kill(pid, signal.SIGKILL)
                            killed += 1
                    except (OSError, ProcessLookupError):
                        pass
                child.stderr.read()
                self.assertIn(child.wait(), (0, 1))
                out.seek(0)
                got = out.read().decode()
            if child.returncode == 0:
                self.assertEqual(got, want)


class Pipe(Case):
    """A program that gets its input piece by piece."""

    def setUp(self):
        super().setUp()
        self.child = subprocess.Popen([program.PROGRAM, "--jobs", "2", "--format", "json"], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.child.stdin.close)
        self.addCleanup(self.child.stdout.close)
        self.addCleanup(self.child.stderr.close)
        self.addCleanup(self.child.wait)
        self.addCleanup(self.child.kill)
        self.sent = self.received = 0
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.child.stdout], daemon=True).start()

    def send(self, count):
        """Writes this many mails at once. The program learns where the last one ends only when the next one begins."""
        more = range(self.sent, self.sent + count)
        self.child.stdin.write("".join(f"{FROM}{dsn(f'user{i}@example.net')}\n" for i in more).encode())
        self.child.stdin.flush()
        self.sent += count

    def receive_until(self, count):
        """Reads results up to this number of mails, which must come in order."""
        while self.received < count:
            answer = json.loads(self.lines.get(timeout=BACKSTOP_S))
            self.assertEqual(answer["recipients"][0]["address"], f"user{self.received}@example.net")
            self.received += 1

    def start_workers(self):
        """Sends more mails than are done without workers; returns the workers' process ids. The
        program must find all mails at once: it does those that arrive slowly without workers."""
        fcntl.fcntl(self.child.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)
        os.kill(self.child.pid, signal.SIGSTOP)
        self.send(1000)
        os.kill(self.child.pid, signal.SIGCONT)
        self.receive_until(self.sent - 1)
        return until(lambda: children(self.child.pid))

    def finish(self):
        """Ends the input; returns what is on standard error."""
        self.child.stdin.close()
        self.receive_until(self.sent)
        errors = self.child.stderr.read().decode()
        self.assertEqual(self.child.wait(), 0)
        return errors

    def test_few_mails_start_no_workers(self):
        for _ in range(300):
            self.send(1)
            self.receive_until(self.sent - 1)
        self.assertEqual(children(self.child.pid), [])
        self.assertEqual(self.finish(), "")

    def test_results_appear_while_the_pipe_is_silent(self):
        self.start_workers()
        for count in (1, 2, 50, 1, 300):
            self.send(count)
            self.receive_until(self.sent - 1)
        self.assertEqual(self.finish(), "")

    def test_mails_survive_the_death_of_idle_workers(self):
        for pid in self.start_workers():
            os.kill(pid, signal.SIGKILL)
        self.send(500)
        errors = self.finish()
        self.assertRegex(errors, r"bounce-classify: worker \d+ was killed by signal 9")

    def test_mails_survive_the_death_of_busy_workers(self):
        pids = self.start_workers()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        self.send(500)
        until(lambda: state(self.child.pid) == "S")  # the stopped workers have been given all mails
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.finish().count("was killed by signal 9"), len(pids))

    def test_workers_do_not_hold_the_pipes_open(self):
        """So a reader of the output sees its end, even if a worker hangs."""
        for pid in self.start_workers():
            for number in (0, 1):
                until(lambda: os.readlink(f"/proc/{pid}/fd/{number}") == "/dev/null")
        self.assertEqual(self.finish(), "")

    def test_workers_end_when_the_program_is_killed(self):
        pids = self.start_workers()
        self.child.kill()
        self.child.wait()
        until(lambda: all(state(pid) in ("Z", None) for pid in pids))


class Deaths(Case):
    """A program whose workers die at marked mails (dying_parse.c)."""

    def setUp(self):
        super().setUp()
        self.dying = pathlib.Path(program.PROGRAM).with_name("bounce-classify-dying")
        self.marker = self.put("marker", "")

    def check(self, mark, status, left_out=(), options=("--format", "json")):
        """Classifies mails of which some are marked. All of them must be in the output, except left_out.
        Returns the lines of standard error."""
        mails = [dsn(f"user{i}@example.net") for i in range(1200)]
        marked = {400: mark, 401: mark, 900: mark}
        text = "".join(f"{FROM}{marked.get(i, '')}{mail}\n" for i, mail in enumerate(mails))
        box = self.put("box", text)
        done = subprocess.run([self.dying, "--jobs", "2", *options, box], capture_output=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        want = [i for i in range(1200) if i not in left_out]
        self.assertEqual([json.loads(line)["source"]["index"] for line in done.stdout.splitlines()], want)
        return done.stderr.decode().splitlines()

    def test_a_mail_that_kills_one_worker_is_done_again(self):
        errors = self.check(f"X-Test-Die-Once: {self.marker}\n", 0)
        self.assertEqual(len(errors), 1, errors)
        self.assertRegex(errors[0], "its unfinished work is repeated")

    def test_a_mail_that_kills_two_workers_is_left_out(self):
        errors = self.check("X-Test-Die: yes\n", 1, left_out=(400, 401, 900))
        self.assertEqual(len([line for line in errors if "is repeated" in line]), 6, errors)
        given_up = [line for line in errors if "left out" in line]
        self.assertEqual(len(given_up), 3)
        for line in given_up:
            self.assertRegex(line, f"bounce-classify: {re.escape(str(self.folder))}/box: message at byte \\d+: "
                                   "left out, because two workers died reading it")

    def explain_long(self, dying):
        """Explains a mail to many recipients, one of which kills workers after more than a megabyte. Returns the output
        if none dies, and the finished run."""
        addresses = [dying if i == 1600 else f"u{i}@example.net" for i in range(1700)]
        box = self.put("box", mailbox(250) + f"{FROM}{dsn_to_many(addresses)}\n" + mailbox(50))
        want = self.check_run("--jobs", 1, "--explain", box)
        self.assertGreater(want.index(dying) - want.index("u0@"), 1 << 20)
        environment = dict(os.environ, BOUNCE_TEST_DIE_ONCE=str(self.marker))
        done = subprocess.run([self.dying, "--jobs", "2", "--explain", box], capture_output=True, check=False,
                              env=environment)
        return want, done

    def test_a_worker_that_dies_within_a_long_result(self):
        """The part that was already written is not written again."""
        want, done = self.explain_long("dies-once@example.net")
        self.assertEqual(done.stderr.count(b"was killed by signal 9"), 1)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.decode(), want)

    def test_two_workers_that_die_within_a_long_result(self):
        """The result remains unfinished, and the next one begins on a new line."""
        want, done = self.explain_long("dies@example.net")
        self.assertEqual(done.stderr.count(b"left out"), 1)
        self.assertEqual(done.returncode, 1)
        got = done.stdout.decode()
        written = len(os.path.commonprefix([got, want]))
        self.assertGreater(written - want.index("u0@"), 1 << 19)  # a part of it, however long its recipients are
        self.assertLess(written, want.index("dies@"))
        self.assertEqual(got[written:], "\n" + want[want.index("user0@", want.index("dies@")):])
        self.assertTrue(done.stderr.endswith(b"; unreadable 1\n"))

    def test_totals_count_what_was_left_out(self):
        mails = "".join(f"{FROM}{'X-Test-Die: yes' + chr(10) if i == 700 else ''}{dsn()}\n" for i in range(1000))
        box = self.put("box", mails)
        done = subprocess.run([self.dying, "--jobs", "2", box], capture_output=True, check=False)
        self.assertEqual(done.stderr.splitlines()[-1],
                         b"messages 999, reports 999, recipients 999: hard 999, soft 0, none 0; unreadable 1")

    def test_program_goes_on_alone_if_every_worker_dies_at_once(self):
        box = self.put("box", mailbox())
        environment = dict(os.environ, BOUNCE_TEST_DIE_AT_START="1")
        runs = [subprocess.run([self.dying, "--jobs", jobs, "--format", "json", box], capture_output=True,
                               check=False, env=environment) for jobs in ("1", "2")]
        self.assertEqual([done.returncode for done in runs], [0, 0])
        self.assertEqual(runs[0].stdout, runs[1].stdout)
        self.assertEqual(runs[0].stderr, b"")
        # No more workers are started after the third death. Up to three run at a time (two and the spare), so the
        # program may learn of two more deaths afterwards.
        self.assertIn(runs[1].stderr.count(b"exited with status 3"), (3, 4, 5))


if __name__ == "__main__":
    program.main()
