#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sandbox is active, and does not hinder any input. (tests/sandbox/try_sandbox.c tries what it forbids.)"""
import ctypes
import os
import pathlib
import re
import subprocess
import threading
import unittest

import program
from program import FROM, ORDINARY, Case, dsn, until



def kernel_has_it():
    """Whether this kernel has Landlock and seccomp."""
    version = ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)
    return version >= 1 and "Seccomp_filters" in pathlib.Path("/proc/self/status").read_text()


# tests/CMakeLists.txt says whether this build has a sandbox; builds with sanitizers have none.
EXPECTED = os.environ.get("BOUNCE_SANDBOX") == "expected" and kernel_has_it()
GOOD = """rule mine/zebra
reason policy
phrase zebra crossing
why The zebra refuses.
example 550 zebra crossing closed
near 550 zebra without a crossing
"""
CHARSETS = {"iso-2022-jp": "宛先不明", "gb18030": "用户不存在", "koi8-r": "Пользователь не найден", "big5": "使用者不存在",
            "euc-kr": "사용자를 찾을 수 없습니다", "windows-1251": "Пользователь не найден", "shift_jis": "宛先不明"}


def foreign(charset, text):
    """A report in a charset whose converter is loaded only when the text is read."""
    head, _, rest = dsn(extra="\n@").partition("Content-Type: text/plain; charset=utf-8")
    mail = f"{head}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit{rest}"
    before, _, after = mail.partition("@\n\n--b")
    return before.encode() + text.encode(charset) + b"\n\n--b" + after.encode()


def mailbox(count=700):
    mails = [dsn(f"user{i}@example.net") for i in range(count)]
    raw = [mail.encode() for mail in mails] + [foreign(*item) for item in CHARSETS.items()]
    return b"".join(FROM.encode() + mail + b"\n" for mail in raw)


def status_of(pid):
    return dict(re.findall(r"^(\w+):\s+(.*)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M))


class Sandbox(Case):
    def same(self, *arguments, **more):
        """With and without the sandbox, and with workers: the same, and nothing on standard error."""
        want = self.check_run("--no-sandbox", "--jobs", 1, *arguments, **more)
        self.assertNotEqual(want, "")
        for options in ([], ["--jobs", 1], ["--jobs", 3], ["--jobs", 2, "--jit"]):
            self.assertEqual(self.check_run(*options, *arguments, **more), want, options)
        return want

    def test_formats_of_mailboxes(self):
        box = self.put("box", mailbox())
        self.put("mail.eml", dsn())
        for i in range(300):
            self.put(f"maildir/{'new' if i % 2 else 'cur'}/{i}", dsn(f"user{i}@example.net"))
        self.put("folder/deep/er/box", mailbox(20))
        for form in ("json", "csv", "text"):
            self.same("--format", form, box, self.folder / "mail.eml", self.folder / "maildir", self.folder / "folder")
        self.same("--format", "json", "--input-format", "mboxcl", box)
        self.same("--format", "json", "--shard", "2/3", self.folder / "maildir")

    def test_paths_from_here_links_and_descriptors(self):
        box = self.put("box", mailbox())
        (self.folder / "link").symlink_to("box")
        self.same("--format", "json", "box", "./box", "link", cwd=self.folder)
        with open(box, "rb") as file:
            path = f"/dev/fd/{file.fileno()}"
            self.same("--format", "json", path, pass_fds=[file.fileno()])

    def test_pipes(self):
        self.same("--format", "json", stdin=mailbox())
        self.same("--format", "json", "-", self.put("box", mailbox(3)), stdin=mailbox())
        self.same("--reply", "--format", "json", stdin="550 5.1.1 user unknown\n" * 30000)
        self.same("--reply", "--format", "json", "550 5.1.1 user unknown", "/etc/passwd")
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        want = self.check_run("--format", "json", stdin=mailbox()).replace('"path":null', f'"path":"{fifo}"')
        writer = threading.Thread(target=lambda: fifo.write_bytes(mailbox()))
        writer.start()
        self.assertEqual(self.check_run("--format", "json", fifo), want)
        writer.join()

    def test_every_charset_for_the_first_time(self):
        for charset, text in CHARSETS.items():
            with self.subTest(charset):
                for jobs in (1, 2):
                    mail = self.put("mail", foreign(charset, text))
                    got = self.check_run("--jobs", jobs, "--format", "json", mail)
                    self.assertEqual(got, self.check_run("--no-sandbox", "--format", "json", mail))
                    self.assertNotIn("charset", got.partition('"warnings"')[2])

    def test_rules_are_read_before(self):
        rules = self.put("rules/own.rules", GOOD)
        self.same("--format", "json", "--rules", rules.parent, self.put("mail", dsn()))

    def test_files_that_cannot_be_read_are_reported_as_usual(self):
        box, missing = self.put("box", mailbox(2)), self.folder / "missing"
        for options in ([], ["--no-sandbox"]):
            text = self.check_run("--format", "json", *options, missing, box, status=1,
                                  stderr=f"bounce-classify: {missing}: No such file or directory\n")
            self.assertEqual(len(text.splitlines()), 2 + len(CHARSETS))

    @unittest.skipUnless(EXPECTED, "no sandbox in this build")
    def test_a_link_out_of_a_folder_is_refused(self):
        self.put("secret", ORDINARY)
        self.put("folder/a", ORDINARY)
        (self.folder / "folder" / "b").symlink_to("../secret")
        link = self.folder / "folder" / "b"
        text = self.check_run("--format", "json", self.folder / "folder", status=1,
                              stderr=f"bounce-classify: {link}: Permission denied\n")
        self.assertEqual(len(text.splitlines()), 1)
        for arguments in (["--no-sandbox"], [self.folder / "secret"]):
            self.check_run("--format", "json", self.folder / "folder", *arguments)

    @unittest.skipUnless(EXPECTED, "no sandbox in this build")
    def test_program_and_workers_are_inside(self):
        """And workers keep only the standard descriptors, one socket, and the file whose ranges they read."""
        box = self.put("box", mailbox(3000) * 3)
        for options in (["--jobs", "1"], ["--jobs", "3"]):
            with subprocess.Popen([program.PROGRAM, *options, "--format", "json", box],
                                  stdout=subprocess.PIPE) as child:
                workers = []
                while not workers and child.stdout.read1(1 << 16):
                    workers = pathlib.Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
                    if "1" in options:
                        break
                self.assertEqual(bool(workers), "3" in options)
                self.assertEqual(status_of(child.pid)["Seccomp_filters"], "1")
                until(lambda: all(status_of(pid)["Seccomp_filters"] == "2" for pid in workers))
                for pid in [child.pid, *workers]:
                    status = status_of(pid)
                    self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
                for pid in workers:
                    descriptors = {fd: os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
                    self.assertEqual([descriptors[fd] for fd in "01"], ["/dev/null"] * 2)
                    others = [name for fd, name in descriptors.items() if fd not in "012"]
                    sockets = [name for name in others if name.startswith("socket:[")]
                    self.assertEqual(len(sockets), 1)
                    self.assertEqual([name for name in others if name not in sockets], [str(box)])
                child.stdout.read()
            self.assertEqual(child.returncode, 0)


if __name__ == "__main__":
    program.main()
