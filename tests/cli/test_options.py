#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line: what it accepts and refuses, --help, --version."""
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
    ["--max-message-bytes", "+2K"],
    ["--max-message-bytes", " 2K"],
    ["--max-message-bytes", "1T"],
    ["--max-message-bytes", "10kb"],
    ["--max-message-bytes", "1023"],
    ["--max-message-bytes", "1073741825"],
    ["--max-message-bytes", "99999999999999999999"],
    ["--max-message-bytes", "18014398509481985K"],  # 2^64 + 1024
    ["--max-steps", "2000"],
    ["--max-steps", "2000/"],
    ["--max-steps", "999/2000"],
    ["--max-steps", "2000/1000000001"],
    ["--max-steps", "2000/99999999999999999999"],
    ["--max-steps", "2000/2000/2000"],
    ["--max-steps", "2k/2k"],
    ["--verp", "bounces@example.org"],
    ["--verp", "{local}@example.org"],
    ["--header"],
    ["--header", "X Campaign"],
    ["--header", "X-Campaign:"],
    ["--header", "x" * 129],
    ["--reply", "--header", "X-Campaign", "550 no"],
    ["--command", "RCPT"],
    ["--host", "mx.example.net"],
    ["--recipient", "user@example.net"],
    ["--reply", "--command", "TURN"],
    ["--reply", "--list-rules"],
    ["--list-rules", "mail"],
    ["--format=text", "--explain=yes"],
]
MESSAGES = {
    ("-xy",): "-x: unknown option",
    ("--nonsense",): "--nonsense: unknown option",
    ("--fromat=csv",): "--fromat=csv: unknown option; did you mean --format?",
    ("--no-sandbx",): "--no-sandbx: unknown option; did you mean --no-sandbox?",
    ("--no-dialekts",): "--no-dialekts: unknown option",
    ("--re",): "--re: the option could be --read-all, --recursive, --read-forwarded, --reply, --recipient or --relay",
    ("--color", "red"): "--color: unknown value; it can be auto, always or never",
    ("--explain=yes", "mail"): "--explain=yes: the option takes no value",
    ("--jobs",): "--jobs: the option needs a value",
    ("--format", "xml", "mail"): "--format: unknown value; it can be text, json or csv",
    ("--list-rules", "mail"): "mail: --list-rules reads no input",
    ("--reply", "--list-rules"): "only one of --reply, --log, --check-rules, --test-rules and --list-rules can be used",
    ("--\x1b[31m \n x",): "--\\x1b[31m x: unknown option",
    # Bytes that are not UTF-8: an overlong ESC, a surrogate, a lone byte.
    ("--\udce0\udc80\udc9b\udced\udca0\udc80\udc9b",):
        r"--\xe0\x80\x9b\xed\xa0\x80\x9b: unknown option",
    ("--input-format", "folder", "dir", "-"): "standard input is not a folder",
    ("--log", "--events", "x"): "--events: cannot be used with --log, --reply, --check-rules, --test-rules and --list-rules",
    ("--log", "--input-format", "mbox", "x"): "--input-format: is for mails; --log takes the log of any server",
    ("--state", "s", "--recursive", "x"): "--state: cannot be used with --recursive: it is for one Maildir",
    ("--follow", "--recursive", "x"): "--follow: cannot be used with --recursive: it is for one Maildir",
    ("--follow", "--shard", "1/2", "x"): "--shard: a growing input has no parts",
    ("--state", "s", "a", "b"): "--state: is for one log or Maildir",
    ("--since", "9999-12"): "--since: the year is out of range; it can be 1000 to 9998",
    ("--until", "0026-11-30"): "--until: the year is out of range; it can be 1000 to 9998",
    ("--until", "20261-11-30"): "--until: the year is out of range; it can be 1000 to 9998",
    ("--since", "2026-02-30"): "--since: not a date such as today, yesterday, this month, last month, 2026-11, 2026-11-30, "
                               "2026-11-30T17:00 or 2026-11-30T17:00:00Z",
    ("-f", "json", "--fields", "as"): "--fields: as needs --as",
    ("-f", "json", "--fields", "trace"): "--fields: trace and explain need --trace or --explain",
    ("-f", "json", "--fields", "address,explain"): "--fields: trace and explain need --trace or --explain",
    ("-f", "csv", "--fields", "as", "--as", "ses"): "--as: cannot be used with --fields and --format csv",
    ("--follow", "a"): "a: not a Maildir; for a log, use --log",
}
RIGHT = [
    ["--max-message-bytes", "1024"],
    ["--max-message-bytes", "1G"],
    ["--max-message-bytes=1m"],
    ["--max-steps", "1000/1000000000"],
    ["--verp", "bounces+{local}={domain}@example.org"],
    ["--verp", "bounces+{address}@example.org"],
    ["--header", "X-Campaign", "--header", "x" * 128],
    ["--jit", "--no-dialects", "--no-prefilter"],
    ["--explain"],
    ["--input-format", "AUTO"],
    ["--"],
]


class Options(Case):
    def test_wrong_usage_has_status_2(self):
        for arguments in WRONG:
            with self.subTest(arguments):
                done = program.run(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stdout, b"")
                self.assertTrue(done.stderr.startswith(b"bounce-classify: "), done.stderr)

    def test_messages_say_what_is_wrong(self):
        for arguments, message in MESSAGES.items():
            with self.subTest(arguments):
                done = program.run(*arguments)
                self.assertEqual(done.stderr.decode(),
                                 f"bounce-classify: {message}\nTry 'bounce-classify --help'.\n")

    def test_an_empty_domain_is_named_by_its_option(self):
        for arguments, message in ((["--own-domain", ""], "--own-domain: not a domain"), (["--relay", ""], "--relay: not a domain"),
                                   (["--log", "--relay", ""], "--relay: not a host name")):
            self.assertTrue(program.run(*arguments).stderr.decode().startswith(f"bounce-classify: {message}"), arguments)

    def test_right_usage_has_status_0(self):
        for arguments in RIGHT:
            with self.subTest(arguments):
                self.assertIn("user@example.net", self.check_run(*arguments, stdin=dsn()))

    def test_help_fits_one_screen(self):
        """80 columns and 24 lines, the last of which is the prompt."""
        text = self.check_run("--help")
        self.assertTrue(text.startswith("Usage: bounce-classify"))
        self.assertTrue(text.endswith(".\n"))
        self.assertLessEqual(len(text.splitlines()), 23)
        self.assertLess(max(map(len, text.splitlines())), 80)

    def test_help_and_manual_list_all_options(self):
        """Each option is in the table of known_options.c, in --help and in the manual page, and takes a value in all of
        them or in none. Options for tests of the library are in the table only."""
        source = (program.SOURCE_DIR / "cli" / "known_options.c").read_text()
        known = {(name, "no" if value == "no" else "required") for name, value in
                 re.findall(r'^ +\{"([a-z-]+)", (no|required|optional)_argument,', source, re.M)}
        for name in ("no-dialects", "no-prefilter"):
            known.remove((name, "no"))
        lines = re.findall(r"^  (-.*)$", self.check_run("--help"), re.M)
        helped = {(name[2:], "required" if value else "no") for line in lines
                  for name, value in re.findall(r"(--[a-z-]+)(?: ([^-\s,][^\s,]*))?(?=,|  | |$)", line)}
        self.assertEqual(helped, known)
        manual = (program.SOURCE_DIR / "doc" / "bounce-classify.1").read_text()
        described = re.findall(r"^\.It (?:Fl \w , )?Fl -([a-z-]+)( Ar .*| Ns Op .*)?$", manual, re.M)
        self.assertEqual({(name, "required" if value else "no") for name, value in described}, known)
        mentioned = set(re.findall(r"\bFl -([a-z-]+)", manual)) | set(re.findall(r"[ (]--([a-z-]+)", manual))
        self.assertLessEqual(mentioned, {name for name, _ in known})

    def test_help_and_manual_list_all_formats(self):
        source = (program.SOURCE_DIR / "cli" / "known_options.c").read_text()
        manual = (program.SOURCE_DIR / "doc" / "bounce-classify.1").read_text()
        text = self.check_run("--help")
        for option, constant in (("format", "FORMAT_"), ("input-format", "(?:BOUNCE_FORMAT|INPUT)_")):
            known = re.findall(rf'\{{"(\w+)", {constant}', source)
            described = re.search(rf"^\.It (?:Fl . , )?Fl -{option} Ar (.*)$", manual, re.M).group(1)
            self.assertEqual(described.split(" | "), known)
            shown = re.search(rf"^  .*--{option} (.*)$", text, re.M).group(1)
            self.assertLessEqual(set(known), set(re.findall(r"[a-z]+", shown)))

    def test_version_of_program_and_rules(self):
        text = self.check_run("--version")
        self.assertRegex(text, r"\Abounce-classify \d+\.\d+\.\d+\nrules \d{4}\.\d{2}\+sha256:[0-9a-f]{64}\n\Z")

    def test_help_overrides_other_options(self):
        self.assertTrue(self.check_run("--reply", "--help", "--list-rules").startswith("Usage"))

    def test_short_options(self):
        """They are in --help and in the manual page, too."""
        mail = self.put("mail", dsn())
        for short, long in (("-h", ["--help"]), ("-V", ["--version"]), ("-fjson", ["--format", "json"]),
                            ("-vj2", ["--explain", "--jobs", "2"]), ("-q", ["--quiet"])):
            self.assertEqual(self.check_run(short, mail), self.check_run(*long, mail))
        source = (program.SOURCE_DIR / "cli" / "known_options.c").read_text()
        known = set(re.findall(r'^ +\{"([a-z-]+)", .*\'(\w)\'', source, re.M))
        self.assertEqual(len(known), 7)
        manual = (program.SOURCE_DIR / "doc" / "bounce-classify.1").read_text()
        for text, form in ((self.check_run("--help"), r"-(\w), --([a-z-]+)"), (manual, r"^\.It Fl (\w) , Fl -([a-z-]+)")):
            self.assertEqual({(name, letter) for letter, name in re.findall(form, text, re.M)}, known)

    def test_two_dashes_end_the_options(self):
        path = self.put("--format", dsn())
        text = self.check_run("--", path.name, cwd=self.folder)
        self.assertIn("user@example.net", text)


if __name__ == "__main__":
    program.main()
