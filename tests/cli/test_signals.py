#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SIGINT and SIGTERM end a run between two messages, and --start-offset continues there: both halves together are the
output of one run."""
import fcntl
import json
import os
import random
import re
import shlex
import signal
import struct
import subprocess
import termios
import time

import program
from program import BACKSTOP_S, FROM, ORDINARY, Case, dsn, until

MANY = 4000
ENDED = re.compile(r"^bounce-classify: (.*): ended by SIG(INT|TERM); to resume: --start-offset ([\d,]+)"
                   r"(?:, with this input and the (\d+) after it)?\n$")


def mailbox(count=MANY, seed=1):
    """Mails of various lengths, some with a Content-Length that hides a From line."""
    rng = random.Random(seed)
    mails = []
    for i in range(count):
        mail = ORDINARY if i % 9 == 4 else dsn(f"user{i}@example.net", extra="\n" + "x " * rng.randrange(900))
        if i % 11 == 5:
            body = f"x\n\n{FROM}not a message\n"
            mail = f"From: a@example.org\nContent-Length: {len(body)}\n\n{body}"
        mails.append(f"{FROM}{mail}\n")
    return "".join(mails)


def unread(pipe):
    """The number of bytes in a pipe that nobody has read yet."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"    "))[0]


class Signals(Case):
    def interrupt(self, arguments, after_s=None, number=signal.SIGTERM, stdin=subprocess.DEVNULL):
        """Runs the program and sends the signal some time after it has begun to catch signals; without after_s, when it
        waits for its output to be read. Returns its output, and its standard error."""
        command = [program.PROGRAM, *map(str, arguments)]
        with open(self.folder / "out", "w+b") as file, \
                subprocess.Popen(command, stdout=file if after_s is not None else subprocess.PIPE,
                                 stderr=subprocess.PIPE, stdin=stdin) as child:
            first = child.stdout.read1(1 << 20) if after_s is None else b""
            until(lambda: self.catches(child.pid) or child.poll() is not None)
            time.sleep(after_s or 0)
            child.send_signal(number)
            out, err = child.communicate(timeout=BACKSTOP_S)
            file.seek(0)
            out = file.read() if after_s is not None else out
        return child.returncode, first + out, err.decode()

    def options_to_go_on(self, err, number=signal.SIGTERM):
        """The message on standard error: the input, the value of --start-offset, and how many inputs are left."""
        match = ENDED.match(err)
        self.assertTrue(match, err)
        self.assertEqual(match[2], number.name[3:])
        return match[1], match[3], int(match[4] or 0)

    def test_open_messages_of_a_log_are_reported_once(self):
        """With --final, the run that a signal ends reports them; the next run reports only those with something new."""
        line = ("2026-10-04T04:36:41Z mx1 postfix/smtp[1]: {0}: to=<{0}@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, "
                "dsn=4.2.2, status=deferred (host mx.b.example[198.51.100.1] said: 452 4.2.2 over quota)\n")
        first, second = line.format("A") + line.format("B"), line.format("B") + line.format("C")
        def addresses(out):
            return [json.loads(one)["recipients"][0]["address"][0] for one in out.splitlines()]
        with subprocess.Popen([program.PROGRAM, "--log", "--final", "--format", "json", "--jobs", "1"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdin.write(first.encode())
            child.stdin.flush()
            until(lambda: not unread(child.stdin) and program.state(child.pid) == "S")
            child.send_signal(signal.SIGTERM)
            child.wait()  # although its input has not ended
            out, err = child.stdout.read(), child.stderr.read().decode()
        self.assertEqual((child.returncode, addresses(out)), (-signal.SIGTERM, ["A", "B"]))
        offset = self.options_to_go_on(err)[1]
        self.assertEqual(offset, str(len(first)))
        out = self.check_run("--log", "--final", "--format", "json", "--start-offset", offset, stdin=first + second)
        self.assertEqual(addresses(out), ["B", "C"])

    def both_halves(self, arguments, inputs, **more):
        """The joined output of an interrupted run and its continuation; and whether it was interrupted."""
        status, out, err = self.interrupt([*arguments, *inputs], **more)
        self.assertTrue(out == b"" or out.endswith(b"\n"))
        if status == 0:
            self.assertEqual(err, "")
            return out, False
        number = more.get("number", signal.SIGTERM)
        self.assertEqual(status, -number)
        path, start, after = self.options_to_go_on(err, number)
        rest = inputs[len(inputs) - 1 - after:]
        self.assertEqual(str(rest[0]), path)
        done = program.run(*arguments, "--start-offset", start, *rest)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return out + done.stdout, True

    def check(self, arguments, inputs, times=6, seed=None):
        """At random moments, at least one of which must be in the middle."""
        begin = time.monotonic()
        want = program.run(*arguments, *inputs).stdout
        takes_s = time.monotonic() - begin
        rng, interrupted = random.Random(seed or str(arguments)), 0
        for i in range(times):
            number = rng.choice((signal.SIGINT, signal.SIGTERM))
            after_s = None if i == 0 else rng.random() * takes_s
            got, cut = self.both_halves(arguments, inputs, after_s=after_s, number=number)
            self.assertEqual(got, want, f"{arguments} {after_s}")
            interrupted += cut
        self.assertGreater(interrupted, 0)

    def test_one_process_and_many(self):
        box = self.put("box", mailbox())
        for jobs in (1, 2, 5):
            for output in (["json"], ["csv"], ["json", "--explain"]):
                with self.subTest(f"{jobs} {output}"):
                    self.check(["--jobs", jobs, "--format", *output], [box], times=3)

    def test_several_inputs(self):
        boxes = [self.put(f"box{i}", mailbox(2000, seed=i)) for i in range(3)]
        for jobs in (1, 3):
            self.check(["--jobs", jobs, "--format", "json"], [*boxes, self.put("mail", dsn()), *boxes])

    def test_maildir_and_folder_of_mailboxes(self):
        for i in range(3000):
            self.put(f"dir/{'new' if i % 2 else 'cur'}/{i:04}", dsn(f"user{i}@example.net"))
        for i in range(4):
            self.put(f"boxes/{i}", mailbox(1000, seed=i))
        for jobs in (1, 2):
            self.check(["--jobs", jobs, "--format", "json"], [self.folder / "dir"])
            self.check(["--jobs", jobs, "--format", "csv"], [self.folder / "boxes"])

    def test_inside_a_shard(self):
        box = self.put("box", mailbox())
        self.check(["--shard", "2/3", "--format", "json"], [box])
        for i in range(2):
            self.put(f"boxes/{i}", mailbox(3000, seed=i))
        self.check(["--shard", "2/2", "--format", "csv"], [self.folder / "boxes"])

    def test_totals_add_up(self):
        box = self.put("box", mailbox())
        for jobs in (1, 2):
            status, out, err = self.interrupt(["--jobs", jobs, box])
            self.assertEqual(status, -signal.SIGTERM)
            err, first = program.split_totals(err.encode())
            start = self.options_to_go_on(err.decode())[1]
            rest = self.check_run("--jobs", jobs, "--start-offset", start, box)
            second = self.totals
            whole = self.check_run("--jobs", jobs, box)
            numbers = [[int(n) for n in re.findall(r"\d+", text)] for text in (first, second, self.totals)]
            self.assertEqual([a + b for a, b in zip(numbers[0], numbers[1])], numbers[2])
            self.assertEqual(out.decode() + rest, whole)

    def test_a_pipe_that_waits_in_the_middle_of_a_mail(self):
        text = mailbox(400).encode()
        want = program.run("--format", "json", stdin=text).stdout
        for jobs in (1, 2):
            for cut in (len(text) * 2 // 3, len(text) * 2 // 3 + 333):
                with open(self.folder / "out", "w+b") as file, \
                        subprocess.Popen([program.PROGRAM, "--jobs", str(jobs), "--format", "json"],
                                         stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE) as child:
                    child.stdin.write(text[:cut])
                    child.stdin.flush()
                    until(lambda out=file: os.fstat(out.fileno()).st_size > 0)
                    until(lambda pid=child.pid: program.state(pid) == "S")
                    child.send_signal(signal.SIGINT)
                    err = child.stderr.read().decode()
                    child.stdin.close()
                    file.seek(0)
                    out = file.read()
                self.assertEqual(child.returncode, -signal.SIGINT)
                name, start, _ = self.options_to_go_on(err, signal.SIGINT)
                self.assertEqual(name, "standard input")
                rest = self.check_run("--format", "json", "--start-offset", start, stdin=text)
                self.assertEqual(out + rest.encode(), want)

    def test_a_pipe_that_nobody_writes_to(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen([program.PROGRAM, "--format", "csv", fifo], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            until(lambda: program.state(child.pid) == "S" and self.catches(child.pid))
            child.send_signal(signal.SIGTERM)
            out, err = child.communicate(timeout=BACKSTOP_S)
        self.assertEqual((child.returncode, out.count(b"\n")), (-signal.SIGTERM, 1))
        self.assertEqual(self.options_to_go_on(err.decode())[:2], (str(fifo), "0,0"))

    @staticmethod
    def catches(pid):
        """True if a process catches SIGTERM."""
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            mask = re.search(r"^SigCgt:\s+(\w+)$", file.read(), re.M)
        return bool(mask and int(mask[1], 16) >> (signal.SIGTERM - 1) & 1)

    def test_replies(self):
        lines = b"".join(b"550 5.1.1 <user%d@example.net> unknown\n" % i for i in range(50))
        want = program.run("--reply", "--format", "json", stdin=lines).stdout
        with subprocess.Popen([program.PROGRAM, "--reply", "--format", "json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdin.write(lines[:1000] + b"550 part of a")
            child.stdin.flush()
            first = child.stdout.read1(1 << 20)
            child.send_signal(signal.SIGTERM)
            out, err = first + child.stdout.read(), child.stderr.read().decode()
            child.stdin.close()
        start = self.options_to_go_on(err)[1]
        rest = self.check_run("--reply", "--format", "json", "--start-offset", start, stdin=lines)
        self.assertEqual(out + rest.encode(), want)

    def test_what_was_ignored_stays_ignored(self):
        """As in processes that a shell runs in the background."""
        box = self.put("box", mailbox())
        script = f"trap '' INT; exec {shlex.quote(program.PROGRAM)} --format json {shlex.quote(str(box))}"
        with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            first = child.stdout.read1(100)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=BACKSTOP_S)
        self.assertEqual((child.returncode, err), (0, b""))
        self.assertEqual(len((first + out).splitlines()), len(program.run("--format", "json", box).stdout.splitlines()))

    def test_the_whole_group_gets_the_signal(self):
        """As from a terminal: workers leave the signal to the program."""
        box = self.put("box", mailbox())
        arguments = ["--format", "json", "--jobs", "3", str(box)]
        with subprocess.Popen([program.PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              start_new_session=True) as child:
            first = child.stdout.read1(1 << 20)
            os.killpg(child.pid, signal.SIGINT)
            os.killpg(child.pid, signal.SIGINT)
            out, err = child.communicate(timeout=BACKSTOP_S)
        start = self.options_to_go_on(err.decode(), signal.SIGINT)[1]
        rest = self.check_run(*arguments[:-1], "--start-offset", start, box)
        self.assertEqual(first + out + rest.encode(), program.run(*arguments).stdout)

    def test_a_second_signal_ends_it_at_once(self):
        """Here it waits for a reader that does not read."""
        box = self.put("box", mailbox())
        with subprocess.Popen([program.PROGRAM, "--format", "json", box], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            child.stdout.read1(10)
            until(lambda: program.state(child.pid) == "S")
            child.send_signal(signal.SIGTERM)
            time.sleep(2.5)
            self.assertIsNone(child.poll())
            child.send_signal(signal.SIGTERM)
            self.assertEqual(child.wait(timeout=BACKSTOP_S), -signal.SIGTERM)
            self.assertEqual(child.stderr.read(), b"")

    def test_any_offset_of_the_results_will_do(self):
        box = self.put("box", mailbox(300))
        lines = self.check_run("--format", "json", box).splitlines(True)
        for i in range(0, len(lines), 37):
            source = json.loads(lines[i])["source"]
            got = self.check_run("--format", "json", "--start-offset", f"{source['offset']},{source['index']}", box)
            self.assertEqual(got, "".join(lines[i:]))
        got = self.check_run("--format", "json", "--start-offset", source["offset"], box)
        self.assertEqual({json.loads(line)["source"]["index"] for line in got.splitlines()}, {None})

    def test_wrong_usage_is_refused(self):
        for value in ("", "x", "1x", "-1", "1,", "1,2,", "1,x", "1,2,3,", "1,2,3,4", ",1", "99999999999999999999"):
            self.assertEqual(program.run("--start-offset", value).returncode, 2, value)
        self.assertEqual(program.run("--start-offset", "1", "--reply", "550 x").returncode, 2)
        self.assertEqual(program.run("--start-offset", "1", "--list-rules").returncode, 2)
        box = self.put("box", mailbox(3))
        for value, message in (("9999999", "the start is beyond the end"),
                               ("1,1,1", "not a folder: it has no file to begin at")):
            self.check_run("--start-offset", value, "--format", "json", box, status=1,
                           stderr=f"bounce-classify: {box}: {message}\n")
        self.check_run("--start-offset", "9999999", "--format", "json", stdin=mailbox(3), status=1,
                       stderr="bounce-classify: standard input: the start is beyond the end\n")


if __name__ == "__main__":
    program.main()
