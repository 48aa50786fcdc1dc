#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Rules of the user: default folders, --check-rules and --test-rules."""
import json
import os

import program
from program import Case, FROM, dsn

RULE = """format 2

rule mine/{animal}
reason policy
phrase {animal} crossing
why The {animal} refuses.
example 550 {animal} crossing closed
near 550 {animal} without a crossing
"""
REPLY = "550 5.1.1 zebra crossing"


def rule(animal="zebra"):
    return RULE.format(animal=animal)


class Folders(Case):
    """The default folders; /etc/bounce-classify is left to the test of the packages."""

    def judge(self, *options, **environment):
        known = {name: value for name, value in os.environ.items()
                 if name not in ("BOUNCE_CLASSIFY_CONFIG", "XDG_CONFIG_HOME", "HOME")}
        known.update({name: str(value) for name, value in environment.items()})
        answer = json.loads(self.check_run("--format", "json", *options, "--reply", REPLY, env=known))
        return answer["recipients"][0]["evidence"]["rule"]

    def test_the_folder_of_the_user_is_read(self):
        self.put("bounce-classify/a.rules", rule())
        self.put("bounce-classify/b.rules", rule("okapi"))
        self.put("bounce-classify/notes.txt", "no rules")
        self.put("bounce-classify/inside/c.rules", "wrong")
        self.assertEqual(self.judge(XDG_CONFIG_HOME=self.folder), "mine/zebra")
        self.assertNotEqual(self.judge("--no-config", XDG_CONFIG_HOME=self.folder), "mine/zebra")
        self.assertNotEqual(self.judge(XDG_CONFIG_HOME="."), "mine/zebra")
        self.assertNotEqual(self.judge(), "mine/zebra")

    def test_the_default_of_that_folder_is_in_the_home(self):
        self.put(".config/bounce-classify/a.rules", rule())
        self.assertEqual(self.judge(HOME=self.folder), "mine/zebra")
        self.assertNotEqual(self.judge(HOME=self.folder, XDG_CONFIG_HOME="/nowhere"), "mine/zebra")

    def test_a_variable_names_other_folders(self):
        self.put("a/a.rules", rule())
        self.put("b/b.rules", rule("okapi"))
        self.put("bounce-classify/c.rules", "wrong")
        both = f"{self.folder}/a:{self.folder}/b:{self.folder}/none"
        self.assertEqual(self.judge(BOUNCE_CLASSIFY_CONFIG=both, XDG_CONFIG_HOME=self.folder), "mine/zebra")
        self.assertNotEqual(self.judge(BOUNCE_CLASSIFY_CONFIG="", XDG_CONFIG_HOME=self.folder), "mine/zebra")

    def test_rules_with_errors_have_status_2(self):
        path = self.put("a.rules", "rule x\n")
        done = program.run("--reply", REPLY, env={**os.environ, "BOUNCE_CLASSIFY_CONFIG": str(self.folder)})
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"{path}:1:1: the rule has no reason".encode(), done.stderr)

    def test_a_file_that_is_named_as_well_is_read_once(self):
        path = self.put("a.rules", rule())
        folder = {**os.environ, "BOUNCE_CLASSIFY_CONFIG": str(self.folder)}
        for named in (path, self.folder, f"{self.folder}/./a.rules"):
            self.assertEqual(self.check_run("--check-rules", named, env=folder), "1 rule, no errors\n")
            listed = self.check_run("--list-rules", "--rules", named, env=folder)
            self.assertEqual(listed.count("\tmine/zebra\t"), 1)

    def test_files_are_checked_with_the_default_ones_but_counted_alone(self):
        self.put("config/a.rules", rule().replace("example 550 zebra", "example 550 gnu"))
        folder = {**os.environ, "BOUNCE_CLASSIFY_CONFIG": str(self.folder / "config")}
        path = self.put("b.rules", "override mine/zebra\n" + rule("okapi").partition("\n")[2])
        self.assertEqual(self.check_run("--check-rules", path, env=folder), "1 rule, 1 override, no errors\n")
        self.assertIn('"mine/zebra" is not the id of a rule', self.check_run("--check-rules", path, status=1))


class Checking(Case):
    def test_everything_is_counted(self):
        one = self.put("a.rules", rule() + "override no-such-user/user-unknown\ndialect zebra\nknow subject zebra\n")
        two = self.put("b.rules", rule("okapi") + "override mine/okapi\n" + rule("okapi").partition("okapi\n")[2])
        self.assertEqual(self.check_run("--check-rules", one, two), "2 rules, 2 overrides, 1 dialect, no errors\n")
        self.assertEqual(self.check_run("--check-rules", one, "--check-rules", two),
                         "2 rules, 2 overrides, 1 dialect, no errors\n")

    def warnings(self, text):
        path = self.put("x.rules", text)
        lines = self.check_run("--check-rules", path).splitlines()
        self.assertTrue(lines[-1].endswith(", no errors" + (f", {len(lines) - 1} warning" if len(lines) > 1 else "") +
                                           ("s" if len(lines) > 2 else "")), lines)
        return [line.removeprefix(f"{path}:") for line in lines[:-1]]

    def test_what_can_never_fire(self):
        """Each is a change to a good rule, and the place of the warning."""
        match = "match ^550 zebra (?:crossing|bridge)\nneed zebra\nneed {}\n"
        rows = [
            ("phrase zebra crossing", 'phrase "zebra crossing"', "5:8: warning: the quotes belong to the phrase"),
            ("phrase zebra", "phrase zebra.*closed\nphrase zebra", '5:13: warning: ".*" is not a gap in a phrase'),
            ("phrase zebra", "phrase zebra|okapi\nphrase zebra", '5:13: warning: "|" means nothing in a phrase'),
            ("phrase zebra", "phrase zebra \\w+ closed\nphrase zebra", "5:14: warning: a phrase is plain words"),
            ("phrase zebra", "scope host *.example.net\nphrase zebra", '5:12: warning: no host has a "*"'),
            ("phrase zebra", "scope code 550\nscope host a.example, b.example\nphrase zebra",
             "6:12: warning: the values of a scope are separated by spaces"),
            ("phrase zebra", "scope software postfixx\nphrase zebra", '5:16: warning: "postfixx" is the software of no'),
            ("phrase zebra crossing\n", match.format("okapi"), '7:6: warning: "okapi" has no word of the match'),
            ("example 550 zebra crossing closed", "example 550 user unknown",
             "7:1: warning: this example is decided by \"no-such-user/user-unknown\" (no-such-user.rules:"),
            ("example 550 zebra crossing", "example 550 nothing to see",
             "7:1: warning: this example is decided by no rule"),
            ("near 550 zebra without a crossing", "near 550 a zebra crossing",
             "8:1: warning: this near miss is decided by its rule"),
        ]
        self.assertEqual(self.warnings(rule()), [])
        self.assertEqual(self.warnings(rule().replace("phrase zebra crossing\n", match.format("crossing"))), [])
        for old, new, want in rows:
            with self.subTest(new):
                self.assertIn(old, rule())
                found = self.warnings(rule().replace(old, new))
                self.assertTrue(any(line.startswith(want) for line in found), found)

    def test_unused_classes(self):
        text = rule().replace("format 2\n", "").replace("phrase zebra crossing", "phrase {animal} crossing")
        outer, inner = "words animal\nword {striped}\n", "words striped\nword zebra\n"
        self.assertEqual(self.warnings(f"format 2\n{text}{outer}{inner}"), [])
        self.assertEqual(self.warnings(f"format 2\n{text}words animal\nword zebra\n{inner}"),
                         ['11:1: warning: "striped" is a class that no phrase and no other class names'])
        self.assertEqual(self.warnings(f"format 2\n{text}{outer}{inner}words never\nmarks not\nword zilch\n"), [])

    def test_dialects(self):
        dialect = "dialect zebra\nknow subject zebra\nblock /^<(?<address>[^>]+)>:$/\nline /^said: (?<diagnostic>.*)/\n"
        self.assertEqual(self.warnings(dialect), [])
        self.assertEqual(self.warnings(dialect.replace("?<address>", "?:")),
                         ["3:7: warning: a block without (?<address>...) names no recipient"])
        for white in (" ", "\\s+", "[ \\t]+", "(?:\\t", "\\h{2}"):
            with self.subTest(white):
                end = ")" if white.startswith("(") else ""
                found = self.warnings(dialect.replace("^said", f"^{white}{end}said"))
                self.assertEqual(found, ['4:6: warning: lines are compared without leading white space: '
                                         'there is none after the "^"'])
        self.assertEqual(self.warnings(dialect.replace("^said", "^\\s*said")), [])

    def test_warnings_are_no_errors_and_stop_nothing(self):
        path = self.put("x.rules", rule().replace("phrase zebra", "scope software none-such\nphrase zebra"))
        self.assertEqual(self.check_run("--rules", path, "--reply", "250 ok").splitlines()[0].split()[1], "none")


class Testing(Case):
    def test_examples_and_near_misses(self):
        path = self.put("a.rules", rule())
        self.assertEqual(self.check_run("--test-rules", path), "1 example and 1 near miss: none fails\n")
        path = self.put("b.rules", rule("okapi").replace("example 550 okapi", "example 550 gnu"))
        self.assertEqual(self.check_run("--test-rules", path, status=1).splitlines(),
                         [f"{path}:7:1: warning: this example is decided by no rule",
                          "1 example and 1 near miss: 1 fails"])

    def test_what_becomes_of_verdicts(self):
        path = self.put("a.rules", rule().replace("near", "example 550 5.1.1 user unknown here\nnear").replace(
            "phrase", "phrase user unknown\nphrase"))
        box = self.put("box.mbox", "".join(FROM + mail + "\n" for mail in (
            dsn("a@example.net"), dsn("b@example.net", "552 5.2.2 mailbox full", "5.2.2"),
            dsn("c@example.net", "550 5.0.0 zebra crossing", "5.0.0"), dsn("d@example.net"))))
        text = self.check_run("--test-rules", path, "--against", box)
        self.assertEqual(text.splitlines(), [
            "2 examples and 1 near miss: none fails",
            f"{box}:1: a@example.net: hard no-such-user -> soft policy (mine/zebra)",
            f"{box}:3: c@example.net: soft unknown -> soft policy (mine/zebra)",
            f"{box}:4: d@example.net: hard no-such-user -> soft policy (mine/zebra)",
            "3 of 4 verdicts change, in 4 messages",
            "      2  hard no-such-user -> soft policy",
            "      1  soft unknown -> soft policy"])
        self.assertIn("0 of 4 verdicts change", self.check_run("--rules", path, "--test-rules", self.put(
            "none.rules", rule("okapi")), "--against", box))

    def test_errors_are_reported_once(self):
        path = self.put("a.rules", "rule x\n")
        box = self.put("box.mbox", FROM + dsn())
        done = program.run("--test-rules", path, "--against", box)
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        self.assertNotIn(b"verdicts change", done.stdout)
        done = program.run("--test-rules", self.put("b.rules", rule()), "--against", self.folder / "none")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No such file", done.stderr)

    def test_options_without_effect_are_refused(self):
        path = self.put("a.rules", rule())
        for options in (["--against", path], ["--check-rules", path, "--against", path],
                        ["--test-rules", path, "--list-rules"], ["--list-rules", path]):
            self.assertEqual(program.run(*options).returncode, 2, options)


if __name__ == "__main__":
    program.main()
