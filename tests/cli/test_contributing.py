#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The five steps of CONTRIBUTING.md from an unknown bounce to a merged rule.

The commands are taken from the document. The first four run unchanged, on a copy of data/patterns. Of the fifth, which
builds everything, only embed_rules runs, which refuses wrong rules; and the tests that it names exist.
"""
import os
import pathlib
import re
import shutil
import subprocess

import program
from program import Case, FROM, dsn

WORDS = "550 5.7.1 the locker of joe.smith has evaporated"


def steps():
    """The command of each step."""
    text = (program.SOURCE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text[text.index("## From an unknown bounce"):text.index("## Where things go")]
    return re.findall(r"^\d\. .*?\n\n {8}(\S[^\n]*)\n", section, re.M | re.S)


class Contributing(Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(program.SOURCE_DIR / "data" / "patterns", self.folder / "data" / "patterns")
        shutil.copytree(program.SOURCE_DIR / "tools", self.folder / "tools")
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "bounce-classify").symlink_to(program.PROGRAM)
        self.put("bounce.eml", dsn("joe.smith@example.net", WORDS, "5.7.1"))
        self.put("inbox.mbox", FROM + dsn("ann@example.net", WORDS.replace("joe.smith", "ann"), "5.7.1") + "\n" + FROM +
                 dsn())

    def step(self, command, status=0):
        environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
        done = subprocess.run(command, shell=True, cwd=self.folder, capture_output=True, text=True, env=environment,
                              check=False)
        self.assertEqual(done.returncode, status, (command, done.stdout, done.stderr))
        return done.stdout

    def embed(self):
        """The first thing that the build does with the rules."""
        build = pathlib.Path(os.environ.get("BOUNCE_BINARY_DIR", pathlib.Path(program.PROGRAM).parents[1]))
        files = sorted(map(str, (self.folder / "data" / "patterns").rglob("*.rules")))
        done = subprocess.run([build / "libbounce" / "embed_rules", self.folder / "rules.c", *files],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def test_the_five_steps(self):
        undecided, draft, test, adopt, build = steps()
        self.assertIn("# 1 of them (100 %), the first one in bounce.eml", self.step(undecided))
        self.step(draft)
        drafted = (self.folder / "mine.rules").read_text(encoding="utf-8")
        self.assertIn("\nreason no-such-user\n", drafted)
        self.assertNotIn("joe", drafted)
        self.assertEqual(self.step(test).splitlines()[-3:],
                         ["inbox.mbox:1: ann@example.net: soft policy -> hard no-such-user (own/locker-evaporated)",
                          "1 of 2 verdicts change, in 2 messages", "      1  soft policy -> hard no-such-user"])
        self.assertEqual(self.step(adopt).split(": ")[1], "rule no-such-user/locker-evaporated\n")
        self.assertEqual(self.embed(), (0, ""))
        self.assertIn("no-such-user/locker-evaporated", (self.folder / "rules.c").read_text(encoding="utf-8"))
        names = re.search(r"ctest --preset release -R '([^']+)'", build)[1].split("|")
        tests = (program.SOURCE_DIR / "tests" / "CMakeLists.txt").read_text(encoding="utf-8")
        for name in names:
            self.assertRegex(tests, rf"bounce_add_test\({name}\b")

    def test_what_cannot_be_adopted(self):
        for text, want in (("format 2\nrule own/x\nwhy w\n", "has no reason"), ("rule own/x\nreason none-such\n", "there is no"),
                           ("rule own/user-unknown\nreason no-such-user\n", "there is a rule with this id"),
                           ("rule own/new-one\nreason policy\n\n" * 2, "two rules with this id"), ("rule\nreason policy\n", "has one id"),
                           ("dialect x\n", "only rules"), ("format 2\n", "has no rule")):
            self.put("mine.rules", text)
            done = subprocess.run(["tools/adopt-rule", "mine.rules"], cwd=self.folder, capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(want, done.stderr)
        self.assertEqual(self.embed(), (0, ""))


if __name__ == "__main__":
    program.main()
