#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line: what is refused with status 2, help and version."""
import re

import program
from program import Case, dsn

WRONG = [
    ["--nonsense"],
    ["-x"],
    ["--format"],
    ["--format", "xml"],
    ["--input-format", "pst"],
    ["--input-format", "maildir"],
    ["--input-format", "folder", "-"],
    ["--max-message-bytes", "0"],
    ["--max-message-bytes", "-1"],
    ["--max-message-bytes", "1T"],
    ["--max-message-bytes", "10kb"],
    ["--max-message-bytes", "1023"],
    ["--max-message-bytes", "1073741825"],
    ["--max-message-bytes", "99999999999999999999"],
    ["--verp", "bounces@example.org"],
    ["--verp", "{local}@example.org"],
    ["--command", "RCPT"],
    ["--host", "mx.example.net"],
    ["--recipient", "user@example.net"],
    ["--reply", "--command", "TURN"],
    ["--reply", "--list-rules"],
    ["--list-rules", "mail"],
    ["--format=text", "--explain=yes"],
]
RIGHT = [
    ["--max-message-bytes", "1024"],
    ["--max-message-bytes", "1G"],
    ["--max-message-bytes=1m"],
    ["--verp", "bounces+{local}={domain}@example.org"],
    ["--verp", "bounces+{address}@example.org"],
    ["--jit", "--no-dialects", "--no-prefilter"],
    ["--explain"],
    ["--input-format", "AUTO"],
    ["--"],
]


class Options(Case):
    def test_wrong_usage(self):
        for arguments in WRONG:
            with self.subTest(arguments):
                done = program.run(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stdout, b"")
                self.assertTrue(done.stderr.startswith(b"bounce-classify: "), done.stderr)

    def test_right_usage(self):
        for arguments in RIGHT:
            with self.subTest(arguments):
                self.assertIn("user@example.net", self.check_run(*arguments, stdin=dsn()))

    def test_help(self):
        text = self.check_run("--help")
        self.assertTrue(text.startswith("Usage: bounce-classify"))
        self.assertLess(max(map(len, text.splitlines())), 96)

    def test_help_and_manual_name_every_option(self):
        source = (program.SOURCE_DIR / "cli" / "options.c").read_text()
        names = set(re.findall(r'\{"([a-z-]+)", (?:no|required)_argument', source))
        self.assertIn("format", names)
        hidden = {"no-dialects", "no-prefilter"}
        text = self.check_run("--help")
        manual = (program.SOURCE_DIR / "doc" / "bounce-classify.1").read_text().replace("\\-", "-")
        for name in names - hidden:
            self.assertIn(f"--{name}", text)
            self.assertIn(f"Fl -{name}", manual)
        for name in hidden:
            self.assertNotIn(f"--{name}", text)

    def test_version(self):
        text = self.check_run("--version")
        self.assertRegex(text, r"\Abounce-classify \d+\.\d+\.\d+\nrules \d{4}\.\d{2}\+sha256:[0-9a-f]{64}\n\Z")

    def test_help_wins(self):
        self.assertTrue(self.check_run("--reply", "--help", "--list-rules").startswith("Usage"))

    def test_dashes_end_options(self):
        path = self.put("--format", dsn())
        text = self.check_run("--", path.name, cwd=self.folder)
        self.assertIn("user@example.net", text)


if __name__ == "__main__":
    program.main()
