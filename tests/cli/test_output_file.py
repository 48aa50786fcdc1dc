#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--output, --sysexits, and the line of progress on a terminal."""
import json
import os
import pty
import re
import resource
import signal
import subprocess
import threading

import program
from program import FROM, ORDINARY, Case, dsn, run, until


def box(*mails):
    return "".join(f"{FROM}{mail}\n" for mail in mails)


class Output(Case):
    def test_appends(self):
        path = self.folder / "log.jsonl"
        for _ in range(2):
            self.assertEqual(self.check_run("--format", "json", "--output", path, stdin=dsn()), "")
        lines = path.read_text().splitlines()
        self.assertEqual([json.loads(line)["kind"] for line in lines], ["dsn", "dsn"])

    def test_one_header(self):
        path = self.folder / "log.csv"
        for _ in range(2):
            self.check_run("-f", "csv", "-o", path, stdin=dsn())
        self.assertEqual([line[:5] for line in path.read_text().splitlines()], ["path,", ",0,0,", ",0,0,"])

    def test_same_bytes_with_any_number_of_jobs(self):
        mails = self.put("a.mbox", box(dsn(), ORDINARY, dsn("b@c.example")) * 300)
        expected = self.check_run("-f", "json", "-j", "1", mails)
        for jobs in ("1", "3"):
            path = self.folder / f"out{jobs}"
            self.check_run("-f", "json", "-j", jobs, "-o", path, mails)
            self.assertEqual(path.read_text(), expected)

    def test_writers_at_once_do_not_mix(self):
        """Long lines, many processes: each line is whole."""
        path = self.folder / "log"
        mail = dsn(diagnostic="550 5.1.1 " + "x" * 3000)
        several = mail.replace("\n\n--b--", "".join(
            f"\n\nFinal-Recipient: rfc822; u{i}@b.example\nAction: failed\nStatus: 5.1.1\n"
            f"Diagnostic-Code: smtp; 550 5.1.1 {'y' * 1500}" for i in range(400)) + "\n\n--b--")
        threads = [threading.Thread(target=run, args=("-f", "json", "-o", path), kwargs={"stdin": several})
                   for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = path.read_bytes().split(b"\n")
        self.assertEqual([len(lines), {len(line) for line in lines[:6]}, lines[6]], [7, {len(lines[0])}, b""])
        self.assertEqual({json.loads(line)["kind"] for line in lines[:6]}, {"dsn"})
        self.assertGreater(len(lines[0]), 330 * 1024)

    def test_after_a_line_that_a_full_disk_cut(self):
        path = self.put("log", '{"half')
        self.check_run("-f", "json", "-o", path, stdin=dsn())
        half, line, end = path.read_text().split("\n")
        self.assertEqual([half, json.loads(line)["kind"], end], ['{"half', "dsn", ""])

    def test_what_cannot_be_written(self):
        path = self.folder / "no" / "log"
        done = run("-o", path, stdin=dsn())
        self.assertEqual([done.returncode, done.stdout], [1, b""])
        self.assertEqual(done.stderr.decode(), f"bounce-classify: {path}: No such file or directory\n")
        if os.path.exists("/dev/full"):
            done = run("-o", "/dev/full", stdin=dsn())
            self.assertEqual([done.returncode, done.stderr],
                             [1, b"bounce-classify: /dev/full: No space left on device\n"])

    def test_needs_something_to_write(self):
        self.assertEqual(run("-o", "x", "--list-rules").returncode, 2)


class NewPage(Case):
    def page(self, *arguments, **more):
        return run("--summary", "html", "--output", self.folder / "page.html", *arguments, **more)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_takes_the_place_of_the_old_one(self):
        path = self.put("page.html", "old")
        with open(path, "rb") as old:
            self.assertEqual(self.page(stdin=dsn()).returncode, 0)
            self.assertEqual(old.read(), b"old")
        self.assertTrue(path.read_text().endswith("</html>\n"))
        self.assertEqual(self.names(), ["page.html"])
        umask = os.umask(0)
        os.umask(umask)
        self.assertEqual(path.stat().st_mode & 0o777, 0o666 & ~umask)

    def test_the_old_one_stays(self):
        """If nothing could be read, the disk is full, or a signal ended it."""
        path = self.put("page.html", "old")
        self.assertEqual(self.page(self.folder / "missing").returncode, 1)
        self.assertEqual(path.read_text(), "old")

        def no_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        self.assertEqual(self.page(stdin=dsn(), preexec_fn=no_room).returncode, 1)
        self.assertEqual(path.read_text(), "old")
        for number in (signal.SIGTERM, signal.SIGKILL):
            with subprocess.Popen([program.PROGRAM, "--summary", "html", "-o", path], stdin=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL) as process:
                until(lambda: len(self.names()) == 2)
                process.stdin.write(dsn().encode())
                process.stdin.flush()
                process.send_signal(number)
                process.wait()
            until(lambda: self.names() == ["page.html"])
            self.assertEqual(path.read_text(), "old")

    def test_links_and_devices_are_kept(self):
        target = self.put("real/page.html", "old")
        (self.folder / "page.html").symlink_to(target)
        self.assertEqual(self.page(stdin=dsn()).returncode, 0)
        self.assertTrue((self.folder / "page.html").is_symlink())
        self.assertIn("<!DOCTYPE", target.read_text())
        self.assertEqual(run("--summary", "html", "-o", "/dev/null", stdin=dsn()).returncode, 0)
        self.assertTrue(pty and os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))


class Sysexits(Case):
    def test_success(self):
        path = self.folder / "log"
        done = run("--sysexits", "-f", "json", "-o", path, stdin=dsn())
        self.assertEqual([done.returncode, done.stdout, done.stderr, done.totals], [0, b"", b"", None])
        self.assertEqual(json.loads(path.read_text())["kind"], "dsn")

    def test_any_failure(self):
        wrong = self.put("wrong.rules", "rule\n")
        for arguments in (["--no-such-option"], ["--format", "xml"], [], ["-o", self.folder / "no" / "log"],
                          ["-o", self.folder / "log", "--rules", wrong], ["-o", self.folder / "log", "missing"],
                          ["-o", "/dev/full"], ["-o", self.folder / "log", "--suppress", "--summary"]):
            done = run("--sysexits", *arguments, stdin=dsn())
            self.assertEqual([done.returncode, done.stdout, done.stderr], [75, b"", b""], arguments)

    def test_the_beginning_of_its_name(self):
        """An abbreviation that getopt_long(3) takes for it."""
        for name in ("--sy", "--sysexit", "--sysexits=1", "--sys="):
            done = run(name, "-o", self.folder / "no" / "log", stdin=dsn())
            self.assertEqual([done.returncode, done.stdout, done.stderr], [75, b"", b""])

    def test_a_signal(self):
        with subprocess.Popen([program.PROGRAM, "--sysexits", "-o", self.folder / "log"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            until(lambda: (self.folder / "log").exists() and program.state(process.pid) == "S")
            process.send_signal(signal.SIGTERM)
            self.assertEqual([process.wait(), process.stdout.read(), process.stderr.read()], [75, b"", b""])


class Progress(Case):
    def on_terminal(self, *arguments, feed=None):
        """What appears on a terminal to which standard error goes."""
        master, slave = pty.openpty()
        with subprocess.Popen([program.PROGRAM, *map(str, arguments)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=slave) as process:
            os.close(slave)
            seen = bytearray()

            def read():
                try:
                    while part := os.read(master, 4096):
                        seen.extend(part)
                except OSError:
                    pass
            reader, drain = threading.Thread(target=read), threading.Thread(target=process.stdout.read)
            reader.start()
            drain.start()
            if feed:
                feed(process, seen)
            process.stdin.close()
            process.wait()
            reader.join()
            drain.join()
        os.close(master)
        return seen.decode()

    def test_of_a_pipe(self):
        def feed(process, seen):
            def send():
                process.stdin.write(box(dsn()).encode())
                process.stdin.flush()
                return b"mails" in seen
            until(send)
        text = self.on_terminal("--summary", feed=feed)
        self.assertRegex(text, r"\r\x1b\[K\d+ mails, \d+ MB, \d+ a second")
        self.assertTrue(text.endswith("\r\x1b[K"))

    def test_lines_of_a_log_are_counted_once(self):
        line = (b"2026-10-04T04:36:41Z mx1 postfix/smtp[1]: A1: to=<u@b.example>, relay=mx.b.example[198.51.100.1]:25, "
                b"delay=9, dsn=5.1.1, status=bounced (host mx.b.example said: 550 5.1.1 User unknown)\n")
        sent = 0

        def feed(process, seen):
            def send():
                nonlocal sent
                sent += 50
                process.stdin.write(line * 50)
                process.stdin.flush()
                return b"lines" in seen
            until(send)
        text = self.on_terminal("--log", "--summary", feed=feed)
        self.assertLessEqual(int(re.search(r"(\d+) lines, ", text)[1]), sent)

    def test_of_a_file(self):
        count = 2000
        text = ""
        while "mails" not in text and count < 2000000:
            count *= 2
            path = self.put("a.mbox", box(dsn()) * count)
            text = self.on_terminal("-f", "json", "-j", "1", path)
        self.assertRegex(text, r"\r\x1b\[K\d+ mails, \d+ of \d+ MB, \d+ a second, \d+ (s|min) left")

    def test_messages_clear_it(self):
        def feed(process, seen):
            def send():
                process.stdin.write(box(dsn()).encode())
                process.stdin.flush()
                return b"mails" in seen
            until(send)
        text = self.on_terminal("-f", "json", "-", self.folder / "missing", feed=feed)
        self.assertRegex(text, r"\r\x1b\[Kbounce-classify: [^\r]*missing: No such file")

    def test_not_elsewhere(self):
        path = self.put("a.mbox", box(ORDINARY) * 1000)
        self.assertEqual(self.check_run("--summary", "json", path)[0], "{")
        self.assertEqual(re.findall("mails", self.on_terminal("--summary", "-q", path)), [])


if __name__ == "__main__":
    program.main()
