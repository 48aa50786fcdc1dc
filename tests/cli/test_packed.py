#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compressed inputs: the output is that of the unpacked input, also inside the sandbox and from pipes."""
import bz2
import gzip
import json
import lzma
import shutil
import subprocess
import unittest

import program
from program import FROM, Case, dsn

LINE = ("2026-10-04T04:36:41Z mx1 postfix/smtp[1]: A{0}: to=<u{0}@b.example>, relay=mx.b.example[198.51.100.1]:25, "
        "delay=9, dsn=5.1.1, status=bounced (host mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown)\n")


def zstd(raw):
    return subprocess.run(["zstd", "-q", "-c"], input=raw, capture_output=True, check=True).stdout


FORMS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
if shutil.which("zstd"):
    FORMS["zstd"] = zstd


class Packed(Case):
    def same(self, name, raw, *arguments):
        """A file of these bytes, and each of its compressed forms: the same output. The same from a pipe."""
        path = self.put(name, raw)
        want = self.check_run(*arguments, path)
        piped = self.check_run(*arguments, stdin=raw)
        self.assertNotEqual(want, "")
        for form, pack in FORMS.items():
            path.write_bytes(pack(raw))
            for more in ([], ["--no-sandbox"], ["--jobs", 3]):
                self.assertEqual(self.check_run(*arguments, *more, path), want, (form, more))
            self.assertEqual(self.check_run(*arguments, stdin=pack(raw)), piped, form)

    def test_a_mail_an_mbox_a_log_and_events(self):
        mail = dsn().encode()
        self.same("mail", mail, "--format", "json")
        box = b"".join(FROM.encode() + dsn(f"u{i}@b.example").encode() + b"\n" for i in range(500))
        self.same("box", box, "--format", "json")
        self.same("mail.log", "".join(map(LINE.format, range(500))).encode(), "--log", "--format", "json")
        event = b'{"event":"bounce","email":"a@b.example","sg_event_id":"1","reason":"550 5.1.1 User unknown"}\n'
        self.same("events.json", event * 50, "--events", "--format", "json")

    def test_maildir_of_compressed_files(self):
        """As Dovecot's zlib plugin stores them, among others that are not compressed."""
        for i in range(12):
            name = f"maildir/{'new' if i % 2 else 'cur'}/{i:02}"
            self.put(name, dsn(f"u{i}@b.example"))
        folder = self.folder / "maildir"
        want = self.check_run("--format", "json", folder)
        for i, pack in zip(range(0, 12, 2), list(FORMS.values()) * 3):
            path = next(folder.glob(f"*/{i:02}"))
            path.write_bytes(pack(path.read_bytes()))
        for more in ([], ["--jobs", 3], ["--recursive"]):
            self.assertEqual(self.check_run("--format", "json", *more, folder), want)
        parts = "".join(self.check_run("--format", "json", "--shard", f"{k}/3", folder) for k in (1, 2, 3))
        self.assertEqual([json.loads(line)["recipients"] for line in parts.splitlines()],
                         [json.loads(line)["recipients"] for line in want.splitlines()])

    def test_messages_before_broken_data_are_not_lost(self):
        box = b"".join(FROM.encode() + dsn(f"u{i}@b.example").encode() + b"\n" for i in range(3000))
        log = "".join(map(LINE.format, range(9000))).encode()
        for form, pack in FORMS.items():
            for name, raw, option in (("box", box, []), ("log", log, ["--log"])):
                packed = pack(raw)
                path = self.put(name, packed[:len(packed) - 5])
                done = program.run("--format", "json", *option, path)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"bounce-classify: {path}: {form} data end early, at byte {len(packed) - 5}; "
                              "everything before it was read\n", done.stderr.decode())
                self.assertGreater(done.stdout.count(b"\n"), 100, form)
            path = self.put("behind", pack(dsn().encode()) + b"garbage")
            done = program.run(path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"data are followed by something else at byte", done.stderr)
            self.assertIn(b"user@example.net", done.stdout)

    def test_shards_and_offsets(self):
        box = b"".join(FROM.encode() + dsn(f"u{i}@b.example").encode() + b"\n" for i in range(20))
        plain, packed = self.put("box", box), self.put("box.gz", gzip.compress(box))
        self.check_run("--shard", "1/2", packed, status=1, stderr=f"bounce-classify: {packed}: compressed input "
                       "cannot be read in shards; unpack it first\n")
        fifth = json.loads(self.check_run("--format", "json", plain).splitlines()[5])["source"]["offset"]
        want = self.check_run("--format", "json", "--start-offset", f"{fifth},5", plain)
        self.assertEqual(want.count("\n"), 15)
        self.assertEqual(self.check_run("--format", "json", "--start-offset", f"{fifth},5", packed),
                         want.replace(str(plain), str(packed)))

    def test_twice_compressed(self):
        path = self.put("twice", gzip.compress(gzip.compress(dsn().encode())))
        self.check_run(path, status=1, stderr=f"bounce-classify: {path}: compressed a second time, or damaged: "
                       "unpack it first\n")


if __name__ == "__main__":
    program.main()
