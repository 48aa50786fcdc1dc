#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The input: files, standard input, mbox, Maildir, folders."""
import json
import os
import subprocess

import program
from program import FROM, ORDINARY, Case, dsn, state, until


class Input(Case):
    def objects(self, *arguments, **more):
        text = self.check_run("--format", "json", *arguments, **more)
        return [json.loads(line) for line in text.splitlines()]

    def sources(self, *arguments, **more):
        """[(path below the folder, index, offset, length)] of each message."""
        result = []
        for answer in self.objects(*arguments, **more):
            source = answer["source"]
            path = source["path"]
            if path is not None:
                path = os.path.relpath(path, self.folder)
            result.append((path, source["index"], source["offset"], source["length"]))
        return result

    def test_a_mail_on_standard_input(self):
        mail = dsn()
        want = [(None, 0, 0, len(mail))]
        self.assertEqual(self.sources(stdin=mail), want)
        self.assertEqual(self.sources("-", stdin=mail), want)

    def test_files_are_read_in_the_order_given(self):
        two, one = self.put("2.eml", dsn()), self.put("1.eml", ORDINARY)
        got = self.objects(two, one)
        self.assertEqual([answer["kind"] for answer in got], ["dsn", "none"])
        self.assertEqual([answer["source"]["path"] for answer in got], [str(two), str(one)])

    def test_empty_inputs_hold_no_message(self):
        self.assertEqual(self.objects(self.put("empty", "")), [])
        self.assertEqual(self.objects(stdin=""), [])

    def test_mbox_offsets_are_exact(self):
        mails = [dsn("a@example.net"), ORDINARY, dsn("c@example.net")]
        box = "".join(f"{FROM}{mail}\n" for mail in mails)
        path = self.put("box", box)
        want, offset = [], 0
        for index, mail in enumerate(mails):
            offset += len(FROM)
            want.append(("box", index, offset, len(mail)))
            offset += len(mail) + 1
        self.assertEqual(self.sources(path), want)
        for _, _, start, length in want:
            self.assertIn(box[start:start + length], mails)
        self.assertEqual(self.sources(stdin=box), [(None, *rest) for _, *rest in want])

    def test_line_ends_lf_crlf_cr(self):
        box = "".join(f"{FROM}{mail}\n" for mail in (dsn("a@example.net"), dsn("b@example.net")))
        for name, end in (("lf", "\n"), ("crlf", "\r\n"), ("cr", "\r")):
            with self.subTest(name):
                got = self.objects(self.put(name, box.replace("\n", end)))
                self.assertEqual([answer["recipients"][0]["address"] for answer in got],
                                 ["a@example.net", "b@example.net"])

    def test_from_lines_in_bodies_do_not_separate(self):
        body = "From the start it failed.\n\nFrom now on: nothing.\nFrom joe Sat Jan 31 10:00:05 2026\n"
        box = f"{FROM}{ORDINARY}{body}\n{FROM}{ORDINARY}"
        self.assertEqual(len(self.objects(stdin=box)), 2)

    def test_input_format_overrides_detection(self):
        box = f"{FROM}{ORDINARY}\n{FROM}{ORDINARY}"
        for name, want in (("auto", 2), ("mbox", 2), ("mboxcl", 2), ("mail", 1)):
            self.assertEqual(len(self.objects("--input-format", name, stdin=box)), want, name)
        headless = f"{ORDINARY}\n{FROM}{ORDINARY}"
        for name, want in (("auto", 1), ("mbox", 2)):
            self.assertEqual(len(self.objects("--input-format", name, stdin=headless)), want, name)

    def test_files_dated_after_2106(self):
        """More than 32 bits of seconds: a file is read whatever its time."""
        box = self.put("box", f"{FROM}{dsn()}\n")
        inside = self.put("folder/mail", dsn())
        for path in (box, inside):
            os.utime(path, (2**32 + 1, 2**32 + 1))
        answers = self.objects(box, inside.parent)
        self.assertEqual([answer["kind"] for answer in answers], ["dsn", "dsn"])

    def test_maildir_is_read_new_before_cur(self):
        for name in ("cur/1.host:2,S", "new/2.host", "tmp/3.host"):
            self.put(f"dir/{name}", dsn())
        got = [path for path, *_ in self.sources(self.folder / "dir")]
        self.assertEqual(got, ["dir/new/2.host", "dir/cur/1.host:2,S"])

    def test_folder_is_read_recursively(self):
        self.put("dir/b", dsn())
        self.put("dir/a/box", f"{FROM}{ORDINARY}\n{FROM}{ORDINARY}")
        got = [(path, index) for path, index, *_ in self.sources(self.folder / "dir")]
        self.assertEqual(got, [("dir/a/box", 0), ("dir/a/box", 1), ("dir/b", 0)])

    def test_mbox_from_a_pipe(self):
        box = self.put("box", "".join(f"{FROM}{dsn(f'user{i}@example.net')}\n" for i in range(500)))
        with subprocess.Popen(["cat", box], stdout=subprocess.PIPE) as cat:
            got = self.objects(input_from=cat.stdout)
        self.assertEqual([answer["recipients"][0]["address"] for answer in got],
                         [f"user{i}@example.net" for i in range(500)])

    def test_a_pipe_that_does_not_block(self):
        """Whoever made the pipe may have set it to non-blocking; the program waits all the same."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        with subprocess.Popen([program.PROGRAM, "--format", "json"], stdin=reading, stdout=subprocess.PIPE) as child:
            os.close(reading)
            for text in (FROM, ORDINARY, "\n", FROM, dsn()):
                until(lambda: state(child.pid) in ("S", "Z"))  # the pipe has been found empty
                os.write(writing, text.encode())
            os.close(writing)
            kinds = [json.loads(line)["kind"] for line in child.stdout]
        self.assertEqual((kinds, child.returncode), (["none", "dsn"], 0))

    def test_unreadable_inputs_are_reported_and_skipped(self):
        none, mail = self.folder / "none", self.put("mail", dsn())
        for more in ([], ["--shard", "1/1"]):
            done = program.run("--format", "json", *more, none, mail)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.decode(), f"bounce-classify: {none}: No such file or directory\n")
            self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_unreadable_files_in_a_folder_are_reported_and_skipped(self):
        self.put("dir/b", dsn())
        (self.folder / "dir" / "a").symlink_to("nowhere")
        done = program.run("--format", "json", self.folder / "dir")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(),
                         f"bounce-classify: {self.folder}/dir/a: No such file or directory\n")
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_the_folders_of_a_maildir(self):
        for name in ("", ".Sent/", ".Lists.Work/", "Lists/Old/"):
            for part in ("cur", "new", "tmp"):
                (self.folder / "m" / name / part).mkdir(parents=True)
            self.put(f"m/{name}cur/1", dsn())
        (self.folder / "m" / ".Link").symlink_to(self.folder / "m" / ".Sent")
        text = self.check_run("--recursive", self.folder / "m")
        self.assertEqual([line.split(": ")[0].removeprefix(f"{self.folder}/m/") for line in text.splitlines()],
                         ["cur/1", ".Lists.Work/cur/1", ".Sent/cur/1", "Lists/Old/cur/1"])
        self.assertEqual(self.check_run(self.folder / "m").count("\n"), 1)
        self.assertIn("user@example.net", self.check_run("--recursive", stdin=dsn()))

    def test_input_that_is_not_mail_is_named(self):
        for content, message in (
                (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "an Outlook file (.msg), not mail: save the message as .eml, "
                 "or convert it with msgconvert"),
                (b"\x78\x9f\x3e\x22\x01", "a TNEF block (winmail.dat), not mail: give the whole mail, or unpack it with tnef"),
                (b"PK\x03\x04\x00", "an archive, not mail: unpack it and pipe in the contents"),
                (b"\x1f\x8b\x08\x00", "gzip data end early, at byte 4; everything before it was read"),
                (b"\x89PNG\r\n\x1a\n\x00", "binary data, not mail"), (b"abc\x00def" * 100, "binary data, not mail")):
            path, mail = self.put("a", content), self.put("b", dsn())
            for jobs in ("1", "2"):
                text = self.check_run("--format", "json", "--jobs", jobs, path, mail, status=1,
                                      stderr=f"bounce-classify: {path}: {message}\n")
                self.assertEqual(text.count("\n"), 1)
            self.check_run(stdin=content, status=1, stderr=f"bounce-classify: standard input: {message}\n")
        for content in (b"Subject: a\x00b\n\n\x00\x00", dsn().encode() + b"\x00" * 9, b"hello\n", b""):
            self.check_run(self.put("a", content))

    def test_a_folder_as_standard_input_is_an_error(self):
        with subprocess.Popen([program.PROGRAM], stdin=os.open(self.folder, os.O_RDONLY),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
            out, err = done.communicate()
        self.assertEqual(program.split_totals(err)[0], b"bounce-classify: standard input: Is a directory\n")
        self.assertEqual(done.returncode, 1)

    def test_control_characters_in_a_path_are_escaped(self):
        done = program.run(self.folder / "no\x1b[31mne\n")
        self.assertNotIn(b"\x1b", done.stderr)
        self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_a_long_mail_is_truncated_with_a_warning(self):
        for more in (0, 1):
            mail = ORDINARY + "x" * (2048 - len(ORDINARY) + more)
            for box in (mail, FROM + mail):
                answer = self.objects("--max-message-bytes", "2K", stdin=box)[0]
                self.assertEqual(answer["source"]["length"], 2048 + more)
                self.assertEqual(["truncated"] * more, [w["id"] for w in answer["warnings"]], more)

    def test_results_appear_while_the_pipe_is_silent(self):
        """A reader of the output need not wait for the end of the input."""
        with subprocess.Popen([program.PROGRAM, "--format", "json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as child:
            child.stdin.write(f"{FROM}{dsn()}\n{FROM}{ORDINARY}".encode())
            child.stdin.flush()
            self.assertEqual(json.loads(child.stdout.readline())["kind"], "dsn")
            child.stdin.close()
            self.assertEqual(json.loads(child.stdout.readline())["kind"], "none")


if __name__ == "__main__":
    program.main()
